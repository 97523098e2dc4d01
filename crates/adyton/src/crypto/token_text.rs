//! The text of a personal access token: made, read and stored as Sanctum does it.
//!
//! On the wire a token is `<row id>|<secret>`, where the secret is a prefix, forty random
//! characters and a checksum over those forty. The database holds the SHA-256 of the secret
//! (Sanctum 4, `HasApiTokens::generateTokenString` and `PersonalAccessToken::findToken`).

use super::secret::{hex, random_alphanumeric, sha256};

/// How many random characters carry a token: 238 bits.
const ENTROPY_LENGTH: usize = 40;

/// How many hexadecimal digits a CRC-32 takes.
const CHECKSUM_LENGTH: usize = 8;

/// The longest bearer text worth reading. Sanctum has no limit; its longest tokens, those from
/// before 2.6.0, have 80 characters after the id.
const MAX_BEARER_BYTES: usize = 512;

/// The most digits a row id has: those of the largest unsigned 64-bit number.
const MAX_ID_DIGITS: usize = 20;

/// A fresh token secret: the prefix, forty random characters and their checksum.
///
/// Sanctum: `sanctum.token_prefix`, `Str::random(40)`, `hash('crc32b', …)`. The checksum covers
/// the forty characters only, so that a secret scanner needs no knowledge of the prefix.
pub fn generate(prefix: &str) -> String {
    let entropy = random_alphanumeric(ENTROPY_LENGTH);
    let checksum = checksum_of(&entropy);
    format!("{prefix}{entropy}{checksum}")
}

/// What the database holds: lowercase hexadecimal SHA-256 of the whole secret, its prefix and
/// checksum included, its row id not (Sanctum's `hash('sha256', $plainTextToken)`).
pub fn stored_hash(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}

/// A bearer text that has the shape of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TokenText<'a> {
    /// `id|secret`: find the row by its id, then compare the hash of the secret with it.
    WithId {
        /// One to twenty digits; it may still be more than a column holds.
        id: &'a str,
        /// What [`stored_hash`] is computed from.
        secret: &'a str,
    },
    /// Only a secret: find the row by its hash. Tokens from before Sanctum 2.3.0 look like this,
    /// and so do those of applications that show their users the part after the bar.
    Bare(&'a str),
}

/// Redacted: the id is no secret, the rest is.
impl std::fmt::Debug for TokenText<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::WithId { id, .. } => write!(formatter, "WithId({id}|[redacted])"),
            Self::Bare(_) => formatter.write_str("Bare([redacted])"),
        }
    }
}

/// Reads a bearer text, or answers `None` when it cannot be a token.
///
/// These are the rules of Sanctum 4, `Guard::isValidBearerToken`, for a token model with an
/// integer key: everything up to the first `|` is digits and the rest is not empty, where PHP
/// counts the text `0` as empty; without `|` any text that is not empty will do.
///
/// Deliberately stricter than Sanctum: at most 512 bytes, at most twenty digits, and visible
/// ASCII only. No token ever issued breaks these, and what does would only cost a query.
pub fn parse(bearer: &str) -> Option<TokenText<'_>> {
    let is_readable =
        bearer.len() <= MAX_BEARER_BYTES && bearer.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_readable {
        return None;
    }
    match bearer.split_once('|') {
        Some((id, secret)) => {
            (is_row_id(id) && !is_empty_in_php(secret)).then_some(TokenText::WithId { id, secret })
        }
        None => (!is_empty_in_php(bearer)).then_some(TokenText::Bare(bearer)),
    }
}

/// Whether a secret is worth a query, judged by its checksum alone.
///
/// Only a secret that begins with a configured prefix claims to be of our making, so only that
/// one is judged; the answer for all others, and without a prefix, is yes. Sanctum never looks at
/// the checksum, and its tokens from before 3.2.6 have none, so "no" here must read to the caller
/// exactly like "no such token". Do not ask when the application makes prefixed tokens by its
/// own `generateTokenString`.
pub fn checksum_is_plausible(secret: &str, prefix: &str) -> bool {
    if prefix.is_empty() {
        return true;
    }
    let Some(body) = secret.strip_prefix(prefix) else {
        return true;
    };
    body.len() == ENTROPY_LENGTH + CHECKSUM_LENGTH
        && body
            .split_at_checked(ENTROPY_LENGTH)
            .is_some_and(|(entropy, checksum)| checksum_of(entropy) == checksum)
}

/// PHP's `hash('crc32b', …)`: the CRC-32 of zlib and IEEE 802.3, most significant digit first.
fn checksum_of(entropy: &str) -> String {
    format!("{:08x}", crc32fast::hash(entropy.as_bytes()))
}

fn is_row_id(text: &str) -> bool {
    (1..=MAX_ID_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// PHP's `empty()` for a text: nothing at all, or the single character zero.
fn is_empty_in_php(text: &str) -> bool {
    text.is_empty() || text == "0"
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The forty characters every published vector is made from, and their checksum.
    const ENTROPY: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN";
    const SECRET: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN8d0bba66";

    #[test]
    fn the_checksum_is_phps_crc32b() {
        assert_eq!(checksum_of(ENTROPY), "8d0bba66");
        let small = "0000000000000000000000000000000000000356";
        assert_eq!(checksum_of(small), "006d54a7", "leading zeros are kept");
    }

    #[test]
    fn the_stored_hash_is_sanctums() {
        assert_eq!(
            stored_hash(SECRET),
            "bb745b5454a4550147866ee6829a7cb2ff4a982cf06993a5efa33dd57d030a5a"
        );
        assert_eq!(
            stored_hash(&format!("app_{SECRET}")),
            "2d94d61e485c9df78894a7d409389de4720e1ff1d3f3469bad2a94255d3860df"
        );
        assert_eq!(
            stored_hash("test"),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        );
    }

    #[test]
    fn a_generated_secret_has_sanctums_shape() {
        for prefix in ["", "app_", "adp_"] {
            let secret = generate(prefix);
            assert_eq!(secret.len(), prefix.len() + 48);
            let body = secret.strip_prefix(prefix).expect("the prefix comes first");
            let (entropy, checksum) = body.split_at(40);
            assert!(entropy.bytes().all(|byte| byte.is_ascii_alphanumeric()));
            assert_eq!(checksum, checksum_of(entropy));
            assert!(checksum_is_plausible(&secret, prefix));
            assert_ne!(secret, generate(prefix));
        }
    }

    #[test]
    fn a_token_is_split_at_its_first_bar() {
        let wire = format!("1|{SECRET}");
        assert_eq!(
            parse(&wire),
            Some(TokenText::WithId {
                id: "1",
                secret: SECRET
            })
        );
        assert_eq!(
            parse("7|a|b"),
            Some(TokenText::WithId {
                id: "7",
                secret: "a|b"
            })
        );
        assert_eq!(
            parse("7|00"),
            Some(TokenText::WithId {
                id: "7",
                secret: "00"
            })
        );
        let longest = "18446744073709551615";
        let wire = format!("{longest}|x");
        assert_eq!(
            parse(&wire),
            Some(TokenText::WithId {
                id: longest,
                secret: "x"
            })
        );
    }

    #[test]
    fn a_text_without_a_bar_is_a_bare_secret() {
        assert_eq!(parse("test"), Some(TokenText::Bare("test")));
        assert_eq!(parse(SECRET), Some(TokenText::Bare(SECRET)));
        let old = "x".repeat(80);
        assert_eq!(parse(&old), Some(TokenText::Bare(&old)));
    }

    #[test]
    fn what_sanctum_refuses_is_refused() {
        for text in [
            "", "0", "|", "1|", "1|0", "|abc", "a|abc", "-1|abc", "+1|abc", "1.0|abc",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_no_token_looks_like_is_refused() {
        let texts = [
            " 1|abc",
            "1 |abc",
            "1|a b",
            "1|abc\n",
            "1|ab\0c",
            "1|\u{e9}",
            "\u{661}|abc",
            "1\t|a",
            "123456789012345678901|abc",
        ];
        for text in texts {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse(&"x".repeat(513)), None);
        assert!(parse(&"x".repeat(512)).is_some());
    }

    #[test]
    fn a_wrong_checksum_is_implausible_only_behind_our_prefix() {
        assert!(checksum_is_plausible(&format!("app_{SECRET}"), "app_"));
        assert!(!checksum_is_plausible(
            &format!("app_{ENTROPY}8d0bba67"),
            "app_"
        ));
        assert!(!checksum_is_plausible(
            &format!("app_{ENTROPY}8D0BBA66"),
            "app_"
        ));
        assert!(!checksum_is_plausible(&format!("app_{ENTROPY}"), "app_"));
        assert!(!checksum_is_plausible("app_", "app_"));
        assert!(!checksum_is_plausible(
            &format!("app_{}", "é".repeat(24)),
            "app_"
        ));
        assert!(!checksum_is_plausible(
            &format!("app_x{}", "é".repeat(23)),
            "app_"
        ));
        assert!(
            checksum_is_plausible(SECRET, "app_"),
            "issued before the prefix was set"
        );
        assert!(checksum_is_plausible("anything", ""));
    }

    #[test]
    fn a_token_text_prints_no_secret() {
        assert_eq!(
            format!("{:?}", parse("12|hunter2")),
            "Some(WithId(12|[redacted]))"
        );
        assert_eq!(format!("{:?}", parse("hunter2")), "Some(Bare([redacted]))");
    }
}
