//! What a user agent says of itself, as facts for a list of sessions or a mail: the browser and
//! what it runs on. Nothing is decided by it, because anybody may send anything.

/// What a request came from, as far as its `User-Agent` tells. The names are proper names, the
/// same in every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    /// A desktop or a laptop, in contrast to a telephone, a tablet, or a program.
    pub is_desktop: bool,
    /// The operating system.
    pub platform: Option<&'static str>,
    /// The browser, or the program.
    pub browser: Option<&'static str>,
}

impl Device {
    /// Both names, as a list or a mail shows them: `Firefox, Windows`.
    pub(crate) fn names(&self) -> Option<String> {
        let names: Vec<&str> = [self.browser, self.platform]
            .into_iter()
            .flatten()
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Bytes of a user agent that are looked at. Browsers send some two hundred.
const READ: usize = 1024;

/// Of platforms the first that fits, because the later words stand in the earlier ones' texts too:
/// Android's say `Linux`, a telephone's of Apple says `like Mac OS X`. With each, whether it is a
/// desktop's.
const PLATFORMS: [(&str, &str, bool); 15] = [
    ("Windows Phone", "Windows", false),
    ("Android", "Android", false),
    ("iPad", "iPadOS", false),
    ("iPhone", "iOS", false),
    ("iPod", "iOS", false),
    ("CrOS", "ChromeOS", true),
    ("Windows", "Windows", true),
    ("Macintosh", "macOS", true),
    ("Mac OS X", "macOS", true),
    ("Mac_PowerPC", "macOS", true),
    ("macOS", "macOS", true),
    ("Linux", "Linux", true),
    ("X11", "Linux", true),
    // As programs name what they run on.
    ("Ubuntu", "Linux", true),
    ("iOS", "iOS", false),
];

/// Of browsers the first that fits: each newer one names the older ones, to be served as they are.
const BROWSERS: [(&str, &str); 35] = [
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edge/", "Edge"),
    ("OPR/", "Opera"),
    ("OPT/", "Opera"),
    ("OPiOS/", "Opera"),
    ("Opera Mini/", "Opera"),
    ("Opera", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("YaBrowser/", "Yandex Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("UCBrowser/", "UC Browser"),
    ("FxiOS/", "Firefox"),
    ("Focus/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("MSIE ", "Internet Explorer"),
    ("Trident/", "Internet Explorer"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("Wget/", "Wget"),
    ("axios/", "axios"),
    ("PostmanRuntime/", "Postman"),
    ("insomnia/", "Insomnia"),
    ("python-requests/", "python-requests"),
    ("python-httpx/", "HTTPX"),
    ("Dart/", "Dart"),
    ("okhttp/", "okhttp"),
    ("Go-http-client/", "Go"),
];

impl Device {
    /// What a user agent tells.
    pub(crate) fn of(user_agent: Option<&str>) -> Self {
        let text = user_agent.map_or("", beginning);
        let platform = PLATFORMS.iter().find(|(word, ..)| has_word(text, word));
        let browser = BROWSERS.iter().find(|(word, _)| has_word(text, word));
        Self {
            is_desktop: platform.is_some_and(|(_, _, is_desktop)| *is_desktop),
            platform: platform.map(|(_, name, _)| *name),
            browser: browser.map(|(_, name)| *name),
        }
    }
}

/// As much of a text as is read.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}

/// Whether a text has a word at a word's beginning: `Edg/`, but not in `Knowledg/`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts as programs send them, with what they are.
    const SENT: [(&str, Option<&str>, Option<&str>, bool); 36] = [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            Some("Windows"),
            Some("Chrome"),
            true,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
            Some("Windows"),
            Some("Firefox"),
            true,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.70",
            Some("Windows"),
            Some("Edge"),
            true,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/64.0.3282.140 Safari/537.36 Edge/18.17763",
            Some("Windows"),
            Some("Edge"),
            true,
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 OPR/115.0.0.0",
            Some("Windows"),
            Some("Opera"),
            true,
        ),
        (
            "Opera/9.80 (Windows NT 6.1; WOW64) Presto/2.12.388 Version/12.18",
            Some("Windows"),
            Some("Opera"),
            true,
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
            Some("Windows"),
            Some("Internet Explorer"),
            true,
        ),
        (
            "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0)",
            Some("Windows"),
            Some("Internet Explorer"),
            true,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
            Some("macOS"),
            Some("Safari"),
            true,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            Some("macOS"),
            Some("Chrome"),
            true,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0",
            Some("macOS"),
            Some("Firefox"),
            true,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15 Ddg/17.6",
            Some("macOS"),
            Some("DuckDuckGo"),
            true,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            Some("Linux"),
            Some("Chrome"),
            true,
        ),
        (
            "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            Some("Linux"),
            Some("Firefox"),
            true,
        ),
        (
            "Mozilla/5.0 (X11; FreeBSD amd64; rv:120.0) Gecko/20100101 Firefox/120.0",
            Some("Linux"),
            Some("Firefox"),
            true,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Ubuntu Chromium/80.0.3987.87 Chrome/80.0.3987.87 Safari/537.36",
            Some("Linux"),
            Some("Chromium"),
            true,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            Some("ChromeOS"),
            Some("Chrome"),
            true,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            Some("Android"),
            Some("Chrome"),
            false,
        ),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0",
            Some("Android"),
            Some("Firefox"),
            false,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36",
            Some("Android"),
            Some("Samsung Internet"),
            false,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0",
            Some("Android"),
            Some("Edge"),
            false,
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0",
            Some("Android"),
            Some("Opera"),
            false,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            Some("iOS"),
            Some("Safari"),
            false,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1",
            Some("iOS"),
            Some("Chrome"),
            false,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15",
            Some("iOS"),
            Some("Firefox"),
            false,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 EdgiOS/131.0.2903.68 Mobile/15E148 Safari/604.1",
            Some("iOS"),
            Some("Edge"),
            false,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1",
            Some("iPadOS"),
            Some("Safari"),
            false,
        ),
        (
            "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0.2743.116 Mobile Safari/537.36 Edge/15.15063",
            Some("Windows"),
            Some("Edge"),
            false,
        ),
        ("curl/8.5.0", None, Some("curl"), false),
        ("axios/1.7.9", None, Some("axios"), false),
        ("PostmanRuntime/7.43.0", None, Some("Postman"), false),
        (
            "python-requests/2.32.3",
            None,
            Some("python-requests"),
            false,
        ),
        ("Dart/3.5 (dart:io)", None, Some("Dart"), false),
        ("okhttp/4.12.0", None, Some("okhttp"), false),
        ("Go-http-client/1.1", None, Some("Go"), false),
        // A program of Apple's systems, that does not say of which.
        (
            "BeatPass/12 CFNetwork/1568.200.51 Darwin/24.1.0",
            None,
            None,
            false,
        ),
    ];

    #[test]
    fn browsers_and_programs_are_known_by_name() {
        for (text, platform, browser, is_desktop) in SENT {
            let expected = Device {
                is_desktop,
                platform,
                browser,
            };
            assert_eq!(Device::of(Some(text)), expected, "{text}");
        }
    }

    fn is_nobody(user_agent: Option<&str>) -> bool {
        let nobody = Device {
            is_desktop: false,
            platform: None,
            browser: None,
        };
        Device::of(user_agent) == nobody
    }

    #[test]
    fn nothing_and_rubbish_are_nobody() {
        assert!(is_nobody(None));
        for text in [
            "",
            " ",
            "Mozilla/5.0",
            "\u{0}\u{1}\u{7f}",
            "🦊",
            "Knowledg/1",
        ] {
            assert!(is_nobody(Some(text)), "{text:?}");
        }
    }

    #[test]
    fn a_long_text_is_read_at_its_beginning_alone() {
        let long = "é".repeat(10_000);
        assert!(is_nobody(Some(&long)));
        assert!(is_nobody(Some(&format!("{long} Firefox/133.0 (Windows)"))));
        // Cut in the middle of a letter.
        assert!(is_nobody(Some(&format!("a{long}"))));
        let device = Device::of(Some(&format!("curl/8.5.0 {}", "(Linux".repeat(2_000))));
        assert_eq!(
            (device.platform, device.browser),
            (Some("Linux"), Some("curl"))
        );
    }
}
