//! The master keys of an installation, and the single-purpose keys derived from them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hkdf::Hkdf;
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use super::secret::{Secret, random};

/// What precedes the key, as in Laravel's `APP_KEY=base64:…`.
const PREFIX: &str = "base64:";

/// Set before every label, so that a key shared with another product derives different keys here.
/// Changing it invalidates everything ever signed: the `v1` is there for that day.
const CONTEXT: &[u8] = b"adyton:v1:";

/// The current master key and those before it.
///
/// New values are made with the current key; old ones are still recognised with the previous
/// keys, as Laravel does with `APP_PREVIOUS_KEYS` (since Laravel 11).
#[derive(Clone)]
pub struct Keys {
    current: Secret<[u8; 32]>,
    previous: Vec<Secret<[u8; 32]>>,
}

impl Keys {
    /// Reads keys written as `base64:` and the standard base64 (RFC 4648 §4) of 32 bytes.
    ///
    /// Blanks around a key are ignored, and so are empty previous keys: both are what is left of
    /// a newline in a file and of a trailing comma in a list (Laravel filters the latter too).
    ///
    /// # Errors
    ///
    /// When a key is missing or is not of that form; the error never repeats any part of it.
    pub fn parse(current: &str, previous: &[String]) -> Result<Self, KeyError> {
        let current = parse_one(current).map_err(|problem| KeyError {
            position: 0,
            problem,
        })?;
        let mut older = Vec::with_capacity(previous.len());
        for (index, text) in previous.iter().enumerate() {
            match parse_one(text) {
                Ok(key) => older.push(key),
                Err(KeyProblem::Missing) => {}
                Err(problem) => {
                    return Err(KeyError {
                        position: index + 1,
                        problem,
                    });
                }
            }
        }
        Ok(Self {
            current,
            previous: older,
        })
    }

    /// The text of a fresh key, ready for [`Keys::parse`] and for Laravel's `APP_KEY`.
    pub fn generate() -> String {
        let key = Zeroizing::new(random::<32>());
        format!("{PREFIX}{}", STANDARD.encode(key.as_slice()))
    }

    /// The key for one purpose, from the current master key: HKDF-SHA-256 (RFC 5869).
    ///
    /// The label is the purpose (`"csrf"`, `"link"`). A key never serves two purposes, so that no
    /// value made for one place can be presented in another.
    pub fn derive(&self, label: &'static str) -> [u8; 32] {
        derive_from(&self.current, label)
    }

    /// The keys for one purpose, current first: make with the first, recognise with any.
    pub fn derive_all(&self, label: &'static str) -> Vec<[u8; 32]> {
        std::iter::once(&self.current)
            .chain(&self.previous)
            .map(|key| derive_from(key, label))
            .collect()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Keys")
            .field("current", &self.current)
            .field("previous", &self.previous.len())
            .finish()
    }
}

fn derive_from(key: &Secret<[u8; 32]>, label: &'static str) -> [u8; 32] {
    let mut derived = [0; 32];
    // No salt: the master key is already uniform (RFC 5869 §3.3).
    Hkdf::<Sha256>::new(None, key.expose())
        .expand_multi_info(&[CONTEXT, label.as_bytes()], &mut derived)
        .expect("32 bytes are fewer than HKDF can give");
    derived
}

fn parse_one(text: &str) -> Result<Secret<[u8; 32]>, KeyProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(KeyProblem::Missing);
    }
    let encoded = text.strip_prefix(PREFIX).ok_or(KeyProblem::NoPrefix)?;
    // The decoder's own error quotes the offending byte of the key, so it is not passed on.
    let bytes = STANDARD
        .decode(encoded)
        .map_err(|_| KeyProblem::NotBase64)?;
    let bytes = Zeroizing::new(bytes);
    <[u8; 32]>::try_from(bytes.as_slice())
        .map(Secret::new)
        .map_err(|_| KeyProblem::WrongLength { found: bytes.len() })
}

/// A key that cannot be used: which one, and why. It carries nothing of the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} {problem}; `adyton key generate` makes a good one", name_of(*position))]
pub struct KeyError {
    /// 0 for the current key, 1 for the first previous one, and so on.
    pub position: usize,
    /// What is wrong with it.
    pub problem: KeyProblem,
}

/// What can be wrong with a key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyProblem {
    /// There is none.
    #[error("is missing")]
    Missing,
    /// The text does not begin as Laravel's `APP_KEY` does.
    #[error("must begin with `base64:`")]
    NoPrefix,
    /// What follows `base64:` does not decode.
    #[error("is not valid base64 after `base64:`")]
    NotBase64,
    /// It decodes, but not to 32 bytes. Laravel's AES-128 keys have 16.
    #[error("must hold exactly 32 bytes and holds {found}")]
    WrongLength {
        /// How many bytes there were.
        found: usize,
    },
}

fn name_of(position: usize) -> String {
    match position {
        0 => "the key".to_owned(),
        _ => format!("previous key number {position}"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::secret::hex;
    use super::*;

    /// The bytes 0 to 31.
    const COUNTING: &str = "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn a_generated_key_can_be_parsed_and_no_two_are_alike() {
        let text = Keys::generate();
        assert!(text.starts_with("base64:"));
        assert_eq!(text.len(), 51);
        Keys::parse(&text, &[]).expect("our own keys are good");
        assert_ne!(text, Keys::generate());
    }

    #[test]
    fn a_derived_key_agrees_with_an_independent_computation() {
        let keys = Keys::parse(COUNTING, &[]).expect("a good key");
        assert_eq!(
            hex(&keys.derive("csrf")),
            "8b2c3e3b0510335245840f2cedbc83f10b50f09ebd9e2b6b7dde8845deb3677e"
        );
    }

    #[test]
    fn every_label_derives_its_own_key() {
        let keys = Keys::parse(COUNTING, &[]).expect("a good key");
        assert_ne!(keys.derive("csrf"), keys.derive("link"));
        assert_eq!(keys.derive("link"), keys.derive("link"));
    }

    #[test]
    fn previous_keys_come_after_the_current_one() {
        let old = Keys::generate();
        let keys = Keys::parse(COUNTING, std::slice::from_ref(&old)).expect("good keys");
        let alone = Keys::parse(&old, &[]).expect("a good key");
        assert_eq!(
            keys.derive_all("link"),
            [keys.derive("link"), alone.derive("link")]
        );
    }

    #[test]
    fn blanks_and_empty_previous_keys_are_ignored() {
        let blanks = [String::new(), "  ".to_owned()];
        let keys = Keys::parse(&format!(" {COUNTING}\n"), &blanks).expect("a good key");
        assert_eq!(keys.derive_all("link").len(), 1);
    }

    #[test]
    fn a_bad_key_is_explained_without_being_repeated() {
        let cases = [
            ("", "the key is missing"),
            ("   ", "the key is missing"),
            (
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "must begin with `base64:`",
            ),
            ("base64:AAEC*wQF", "is not valid base64"),
            ("base64:", "exactly 32 bytes and holds 0"),
            (
                "base64:AAECAwQFBgcICQoLDA0ODw==",
                "exactly 32 bytes and holds 16",
            ),
        ];
        for (text, expected) in cases {
            let error = Keys::parse(text, &[]).expect_err(text);
            let said = format!("{error} {error:?}");
            assert!(said.contains(expected), "{said}");
            assert!(said.contains("`adyton key generate`"), "{said}");
            assert!(!said.contains("AAEC"), "{said}");
        }
    }

    #[test]
    fn a_bad_previous_key_is_named_by_its_position() {
        let previous = [Keys::generate(), "base64:AAEC".to_owned()];
        let error = Keys::parse(COUNTING, &previous).expect_err("the second is short");
        assert_eq!(
            error.to_string(),
            "previous key number 2 must hold exactly 32 bytes and holds 3; \
             `adyton key generate` makes a good one"
        );
    }

    #[test]
    fn keys_print_nothing_of_themselves() {
        let keys = Keys::parse(COUNTING, &[Keys::generate()]).expect("good keys");
        assert_eq!(
            format!("{keys:?}"),
            "Keys { current: [redacted], previous: 1 }"
        );
    }
}
