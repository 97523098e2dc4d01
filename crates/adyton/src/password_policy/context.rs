//! Passwords made of what anybody knows: the address, the name, the product.

use super::About;
use crate::config::Config;
use crate::crypto::password::normalize;

/// The product whose users these are, where it has no other name.
const PRODUCT: &str = "adyton";

/// Digits of a number that nobody has in a password by chance, such as a telephone's.
const LONG_NUMBER: usize = 6;

/// Punctuation beyond ASCII's that keyboards have.
const PUNCTUATION: &str = "¡¿«»“”‘’„…–—·§€£°";

/// Whether a password, folded to lower case, is a known word: forwards or backwards, with nothing
/// but digits and punctuation added before or behind.
pub(super) fn is_made_of(folded: &str, words: &[String]) -> bool {
    words.iter().any(|word| {
        let reversed: String = word.chars().rev().collect();
        is_around(folded, word) || is_around(folded, &reversed)
    })
}

/// What is known of the user and the product, folded as the password is.
pub(super) fn words(config: &Config, about: &About<'_>) -> Vec<String> {
    let mut words = vec![PRODUCT.to_owned(), folded(about.email), folded(about.name)];
    if let Some((local, _)) = about.email.rsplit_once('@') {
        words.push(folded(local));
    }
    words.push(folded(about.name).split_whitespace().collect());
    words.extend(host_words(config));
    words.extend(
        config
            .passwords
            .context_words
            .iter()
            .map(|word| folded(word)),
    );
    let mut words: Vec<String> = words.iter().map(|word| word.trim().to_owned()).collect();
    // Around a single letter everything without letters would be refused, however long.
    words.retain(|word| word.chars().nth(1).is_some());
    words
}

/// The public host and what it is called: `app.example.com` and `example`. Labels as short as
/// `www` and `app` name no product, and the last one is everybody's.
fn host_words(config: &Config) -> Vec<String> {
    let Some(origin) = config.public_origin() else {
        return Vec::new();
    };
    let host = origin.split_once("://").map_or("", |(_, rest)| rest);
    let has_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let host = match host.rsplit_once(':') {
        Some((host, port)) if has_port(port) => host,
        _ => host,
    };
    let labels: Vec<&str> = host.split('.').collect();
    let named = labels.iter().rev().skip(1).filter(|label| label.len() > 3);
    let named = named.map(|label| (*label).to_owned());
    named.chain([host.to_owned()]).collect()
}

/// A text as it is compared: composed, in lower case.
pub(super) fn folded(text: &str) -> String {
    normalize(text).expose().to_lowercase()
}

/// Whether a text is a word, but for digits and punctuation around it. A short number, such as the
/// `12` of `12@example.com`, is in most long ones by chance: it counts only by itself.
fn is_around(text: &str, word: &str) -> bool {
    if word.chars().all(is_filler) && word.chars().count() < LONG_NUMBER {
        return text == word;
    }
    text.match_indices(word).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + word.len()..]);
        before.chars().chain(behind.chars()).all(is_filler)
    })
}

fn is_filler(c: char) -> bool {
    c.is_numeric() || c.is_whitespace() || c.is_ascii_punctuation() || PUNCTUATION.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: About<'_> = About {
        name: "Ana Íñigo Ruiz",
        email: "ana.ruiz@example.net",
        has_second_factor: false,
    };

    fn is_refused(password: &str) -> bool {
        let mut config = Config {
            public_url: Some("https://app.beatpass.example:8443".to_owned()),
            ..Config::default()
        };
        config.passwords.context_words = vec!["Marketplace".to_owned(), "a".to_owned()];
        is_made_of(&folded(password), &words(&config, &ANA))
    }

    #[test]
    fn what_is_known_is_no_password() {
        for password in [
            "ana.ruiz@example.net",
            "ANA.RUIZ@example.net",
            "ten.elpmaxe@ziur.ana",
            "ana.ruiz",
            "ziur.ana",
            "ana íñigo ruiz",
            "Ana I\u{301}n\u{303}igo Ruiz",
            "anaíñigoruiz",
            "adyton2026!!",
            "NOTYDA",
            "app.beatpass.example",
            "Beatpass",
            "ssaptaeb",
            "marketplace",
            "ecalptekram",
        ] {
            assert!(is_refused(password), "{password}");
            for added in [
                format!("{password}123456789"),
                format!("!!2026{password}"),
                format!("¡¿ 7{password} - 7…"),
            ] {
                assert!(is_refused(&added), "{added}");
            }
        }
    }

    #[test]
    fn a_short_number_of_the_address_is_in_other_numbers_by_chance() {
        let is_refused = |email, password| {
            let about = About { email, ..ANA };
            is_made_of(password, &words(&Config::default(), &about))
        };
        assert!(is_refused("1234@example.net", "1234"));
        assert!(is_refused("1234@example.net", "4321"));
        assert!(!is_refused("1234@example.net", "83920174651234837465"));
        assert!(is_refused("600123456@example.net", "600123456!!2026"));
    }

    #[test]
    fn a_password_may_have_a_known_word_inside() {
        for password in [
            "",
            "1234567890",
            "my ana.ruiz has wings",
            "beatpassword",
            "adyton and the oracle",
            "anna.ruiz",
            "app",
            "example",
            "a12345678901234",
            "ana.ruiz👩‍🚀🌋🐙🧲🪐",
        ] {
            assert!(!is_refused(password), "{password}");
        }
    }
}
