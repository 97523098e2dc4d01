//! Origins as a setting writes them, with wildcards.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;

use super::{Origin, default_port, parse_host, parse_port, split_port, split_scheme};

/// Origins that a setting allows: `https://app.example.com`, `http://localhost:*`,
/// `https://*.example.com`, or as in Laravel's `SANCTUM_STATEFUL_DOMAINS` a bare `localhost:3000`,
/// which means http and https.
///
/// A `*` is a whole label at the beginning of the host and stands for exactly one, or it is the
/// port and stands for any. Without a port, the scheme's own is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPattern {
    /// `None` for http and https.
    scheme: Option<String>,
    /// How many labels stand before `host`, whatever they are.
    wildcards: usize,
    host: String,
    port: Port,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Port {
    Any,
    Default,
    Exactly(u16),
}

impl OriginPattern {
    /// What a server on somebody's own computer may trust: http and https on `localhost`,
    /// `*.localhost`, `127.0.0.1` and `[::1]`, each with any port.
    pub fn loopback() -> Vec<Self> {
        ["localhost:*", "*.localhost:*", "127.0.0.1:*", "[::1]:*"]
            .map(|text| text.parse().expect("these four are patterns"))
            .to_vec()
    }

    pub(super) fn includes(&self, origin: &Origin) -> bool {
        let mut host = Some(origin.host.as_str());
        for _ in 0..self.wildcards {
            host = host
                .and_then(|host| host.split_once('.'))
                .map(|(_, rest)| rest);
        }
        let schemes = ["http", "https"].into_iter().chain(self.scheme.as_deref());
        host == Some(self.host.as_str())
            && schemes
                .filter(|scheme| self.scheme.as_deref().is_none_or(|own| own == *scheme))
                .filter(|scheme| origin.scheme.as_deref().is_none_or(|own| own == *scheme))
                .any(|scheme| self.port.includes(origin.port, default_port(scheme)))
    }
}

impl Port {
    fn includes(self, port: Option<u16>, default: Option<u16>) -> bool {
        match self {
            Port::Any => true,
            Port::Default => port.or(default) == default,
            Port::Exactly(own) => port.or(default) == Some(own),
        }
    }
}

impl FromStr for OriginPattern {
    type Err = OriginPatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why| OriginPatternError {
            entered: text.to_owned(),
            why,
        };
        let trimmed = text.trim_matches(' ');
        let (scheme, authority) = split_scheme(trimmed).ok_or_else(|| refuse(NOT_A_SCHEME))?;
        if let Some(why) = excess(authority) {
            return Err(refuse(why));
        }
        // Laravel's default list has a bare `::1`.
        let bare = authority
            .parse::<Ipv6Addr>()
            .map(|address| format!("[{address}]"));
        let authority = bare.as_deref().unwrap_or(authority);
        let (mut host, port) = split_port(authority).ok_or_else(|| refuse(NOT_A_PORT))?;
        let port = match port {
            None => Port::Default,
            Some("*") => Port::Any,
            Some(port) => Port::Exactly(parse_port(port).ok_or_else(|| refuse(NOT_A_PORT))?),
        };
        let mut wildcards = 0;
        while let Some(rest) = host.strip_prefix("*.") {
            (host, wildcards) = (rest, wildcards + 1);
        }
        if host.contains('*') {
            return Err(refuse(NOT_A_WILDCARD));
        }
        let host = parse_host(host).ok_or_else(|| refuse(NOT_A_HOST))?;
        if wildcards > 0 && (host.starts_with('[') || ends_in_a_number(&host)) {
            return Err(refuse(NOT_A_WILDCARD));
        }
        Ok(Self {
            scheme,
            wildcards,
            host,
            port,
        })
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        write!(f, "{}{}", "*.".repeat(self.wildcards), self.host)?;
        match self.port {
            Port::Any => f.write_str(":*"),
            Port::Default => Ok(()),
            Port::Exactly(port) => write!(f, ":{port}"),
        }
    }
}

/// A setting that names no origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginPatternError {
    entered: String,
    why: &'static str,
}

const NOT_A_SCHEME: &str = "what stands before :// is no scheme";
const HAS_A_PATH: &str = "an origin ends after the host and port, without a slash, path or query";
const HAS_A_USER: &str = "an origin has no user or password";
const NOT_A_PORT: &str = "a port is a number from 1 to 65535 or *";
const NOT_A_WILDCARD: &str = "a * stands for one whole label at the beginning of a host name";
const NOT_A_HOST: &str = "a host is a name in ASCII (xn--… for other letters) without a dot at its end, or an IP address";

impl fmt::Display for OriginPatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entered, why } = self;
        write!(
            f,
            "{entered:?} is not an origin: {why}; allowed are https://app.example.com, \
             https://*.example.com, http://localhost:*, localhost:3000"
        )
    }
}

impl std::error::Error for OriginPatternError {}

/// What an address may have and an origin has not.
fn excess(authority: &str) -> Option<&'static str> {
    if authority.contains(['/', '?', '#', '\\']) {
        return Some(HAS_A_PATH);
    }
    authority.contains('@').then_some(HAS_A_USER)
}

/// As an IPv4 address does, and no host name (URL standard, "ends in a number").
fn ends_in_a_number(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::super::of_referer;
    use super::*;

    fn patterns(list: &[&str]) -> Vec<OriginPattern> {
        list.iter()
            .map(|text| text.parse().expect("a pattern"))
            .collect()
    }

    #[track_caller]
    fn assert_matches(pattern: &str, matching: &[&str], others: &[&str]) {
        let patterns = patterns(&[pattern]);
        let is_ours = |text: &&str| {
            let value = HeaderValue::from_str(text).expect("a header value");
            of_referer(&value).is_some_and(|origin| origin.matches(&patterns))
        };
        for origin in matching {
            assert!(is_ours(origin), "{origin} should match {pattern}");
        }
        for origin in others {
            assert!(!is_ours(origin), "{origin} should not match {pattern}");
        }
    }

    #[test]
    fn a_pattern_with_a_scheme_is_exact() {
        assert_matches(
            "https://App.Example.com",
            &[
                "https://app.example.com",
                "https://app.example.com/",
                "https://app.example.com:443/login?next=//evil.com#x",
                "HTTPS://APP.EXAMPLE.COM",
                "app.example.com",
                "app.example.com:443",
            ],
            &[
                "http://app.example.com",
                "https://app.example.com:8443",
                "http://app.example.com:443",
                "app.example.com:80",
                "https://app.example.com.",
                "https://app.example.com.evil",
                "https://app.example.com.evil/app.example.com/",
                "https://evil.com/https://app.example.com/",
                "https://evil.com?https://app.example.com",
                "https://app.example.com@evil.com/",
                "https://evil.com#@app.example.com",
                "https://app.example.com:x@evil.com/",
                "https://evil.com\\.app.example.com",
                "https://notapp.example.com",
                "https://example.com",
                "https://app.example.com:",
                "https://app.example.com:+443",
                "https://app%2eexample.com",
                "https:///app.example.com",
                "//app.example.com",
                "capacitor://app.example.com",
            ],
        );
    }

    #[test]
    fn a_wildcard_is_exactly_one_label() {
        assert_matches(
            "https://*.example.com",
            &[
                "https://a.example.com",
                "https://A.example.com:443/x",
                "a.example.com",
            ],
            &[
                "https://example.com",
                "https://a.b.example.com",
                "https://.example.com",
                "https://aexample.com",
                "https://evil.com/x.example.com/",
                "https://a.example.com.evil",
                "https://a.example.com.",
                "https://*.example.com",
                "http://a.example.com",
            ],
        );
        let others = ["https://a.example.com", "https://a.b.c.example.com"];
        assert_matches(
            "https://*.*.example.com",
            &["https://a.b.example.com"],
            &others,
        );
    }

    #[test]
    fn a_bare_host_means_http_and_https_on_just_that_port() {
        assert_matches(
            "localhost:3000",
            &[
                "http://localhost:3000",
                "https://localhost:3000/x",
                "localhost:3000",
            ],
            &[
                "http://localhost",
                "http://localhost:30000",
                "localhost",
                "ionic://localhost:3000",
            ],
        );
        assert_matches(
            " localhost ",
            &[
                "http://localhost",
                "https://localhost:443",
                "http://localhost:80",
                "localhost:80",
            ],
            &[
                "http://localhost:443",
                "https://localhost:80",
                "http://localhost:3000",
            ],
        );
        let others = [
            "http://[::2]",
            "http://::1",
            "http://[::1]x",
            "http://[::1]:1",
        ];
        assert_matches(
            "::1",
            &["http://[::1]", "https://[0:0:0:0:0:0:0:1]:443", "[::1]"],
            &others,
        );
    }

    #[test]
    fn any_port_and_other_schemes_can_be_allowed() {
        let any = ["http://localhost", "http://localhost:3000", "localhost:1"];
        assert_matches(
            "http://localhost:*",
            &any,
            &["https://localhost:3000", "http://localhosts"],
        );
        assert_matches(
            "https://a.example:8443",
            &["https://a.example:8443"],
            &["https://a.example"],
        );
        assert_matches(
            "capacitor://localhost",
            &["capacitor://localhost"],
            &["http://localhost"],
        );
    }

    #[test]
    fn a_server_on_ones_own_computer_trusts_loopback() {
        let is_ours =
            |text| Origin::parse(text).is_some_and(|it| it.matches(&OriginPattern::loopback()));
        for origin in [
            "http://localhost:5173",
            "https://app.localhost",
            "http://127.0.0.1:8000",
        ] {
            assert!(is_ours(origin), "{origin}");
        }
        assert!(is_ours("http://[::1]:3000"));
        for origin in [
            "http://127.0.0.2",
            "http://localhost.evil.com",
            "http://a.b.localhost",
        ] {
            assert!(!is_ours(origin), "{origin}");
        }
    }

    #[test]
    fn a_setting_that_is_no_origin_is_refused_with_examples() {
        for (text, why) in [
            ("https://example.com/", HAS_A_PATH),
            ("https://example.com?x", HAS_A_PATH),
            ("example.com/app", HAS_A_PATH),
            ("https://user@example.com", HAS_A_USER),
            ("https://example.com.", NOT_A_HOST),
            ("https://exämple.com", NOT_A_HOST),
            ("https://", NOT_A_HOST),
            ("", NOT_A_HOST),
            ("null", NOT_A_HOST),
            ("a..b", NOT_A_HOST),
            ("://a", NOT_A_SCHEME),
            ("1http://a", NOT_A_SCHEME),
            ("*://a", NOT_A_SCHEME),
            ("a:0", NOT_A_PORT),
            ("a:65536", NOT_A_PORT),
            ("a:+1", NOT_A_PORT),
            ("a:", NOT_A_PORT),
            ("a:1:2", NOT_A_PORT),
            ("*", NOT_A_WILDCARD),
            ("https://a*.example.com", NOT_A_WILDCARD),
            ("https://a.*.example.com", NOT_A_WILDCARD),
            ("https://*.0.0.1", NOT_A_WILDCARD),
            ("https://*.127.0.0.1", NOT_A_WILDCARD),
            ("https://*.[::1]", NOT_A_WILDCARD),
        ] {
            let error = text.parse::<OriginPattern>().expect_err(text);
            assert_eq!(error.why, why, "{text}");
            assert!(
                error
                    .to_string()
                    .contains("allowed are https://app.example.com")
            );
        }
    }

    #[test]
    fn a_pattern_prints_as_it_is_written() {
        for text in [
            "https://*.*.example.com:8443",
            "http://localhost:*",
            "a.example",
            "[::1]:80",
        ] {
            assert_eq!(patterns(&[text])[0].to_string(), text);
        }
    }
}
