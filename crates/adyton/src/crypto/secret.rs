//! Values nobody may print, and the few primitives everything secret is made of and compared with.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, Zeroizing};

/// Something that must not reach a log or an answer.
///
/// It has no `Display`, no `Serialize` and no `==`, its `Debug` says `[redacted]`, and its memory
/// is wiped when it is dropped. Two are compared in constant time, never by `==`.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes the value into custody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// Lends the value out. Search for this word to find every place that sees a secret.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl Secret<String> {
    /// Random letters and digits, each worth almost six bits: a password for somebody who is to
    /// be given one.
    pub fn random(len: usize) -> Self {
        Self(random_alphanumeric(len))
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl From<String> for Secret<String> {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

/// `N` random bytes from the operating system.
///
/// # Panics
///
/// When the operating system has no randomness to give: every secret made after that would be
/// guessable, so stopping is the only safe answer.
#[allow(
    clippy::disallowed_methods,
    reason = "the one place that asks the operating system"
)]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system must be able to give random bytes");
    bytes
}

/// Where a library draws random bytes by itself, for a signature.
pub(crate) fn source() -> ring::rand::SystemRandom {
    ring::rand::SystemRandom::new()
}

/// `len` random characters, each of `A-Za-z0-9` equally likely: Laravel's `Str::random`.
pub fn random_alphanumeric(len: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut text = String::with_capacity(len);
    while text.len() < len {
        let bytes = Zeroizing::new(random::<64>());
        // Six bits make 0..=63. Folding 62 and 63 back would favour two letters; they are dropped.
        let letters = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 0x3f)));
        text.extend(letters.take(len - text.len()).copied().map(char::from));
    }
    text
}

/// 256 random bits as 43 characters of unpadded base64url (RFC 4648 §5): session ids, link tokens.
pub fn random_id() -> String {
    URL_SAFE_NO_PAD.encode(random::<32>())
}

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lowercase hexadecimal, as PHP's `bin2hex` writes it.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 0x0f)]));
    }
    text
}

/// HMAC-SHA-256 (RFC 2104) over several parts, each preceded by its length as a little-endian `u64`.
///
/// The lengths keep `["ab", "c"]` and `["a", "bc"]` apart; plain concatenation would let whoever
/// chooses one part shift bytes into its neighbour. One consequence: this is *not* the HMAC of
/// the joined text, so it cannot check a signature Laravel made.
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Whether two byte strings are the same, in a time that depends on their length only.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        let secret = Secret::from("hunter2");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        assert_eq!(
            format!("{:#?}", Some(secret.clone()))
                .matches("hunter2")
                .count(),
            0
        );
        assert_eq!(secret.expose(), "hunter2");
        assert_eq!(Secret::new([7_u8; 4]).expose(), &[7; 4]);
    }

    #[test]
    fn random_bytes_differ_from_call_to_call() {
        let drawn: HashSet<[u8; 16]> = (0..64).map(|_| random::<16>()).collect();
        assert_eq!(drawn.len(), 64);
    }

    #[test]
    fn random_alphanumeric_has_the_asked_length_and_alphabet() {
        for len in [0, 1, 40, 63, 64, 65, 1000] {
            let text = random_alphanumeric(len);
            assert_eq!(text.len(), len);
            assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn random_alphanumeric_favours_no_character() {
        let text = random_alphanumeric(62 * 2000);
        let mut counts = [0_i32; 128];
        for byte in text.bytes() {
            counts[usize::from(byte)] += 1;
        }
        // The standard deviation is 45; a folded alphabet would show twice 2000 somewhere.
        let seen: Vec<i32> = counts.into_iter().filter(|count| *count > 0).collect();
        assert_eq!(seen.len(), 62);
        assert!(
            seen.iter().all(|count| (count - 2000).abs() < 450),
            "{seen:?}"
        );
    }

    #[test]
    fn a_random_id_is_43_url_safe_characters() {
        let id = random_id();
        assert_eq!(id.len(), 43);
        assert!(
            id.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        );
        assert_ne!(id, random_id());
    }

    #[test]
    fn sha256_and_hex_agree_with_the_published_vector() {
        assert_eq!(
            hex(&sha256(b"test")),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
        );
        assert_eq!(hex(&[]), "");
        assert_eq!(hex(&[0x00, 0x0f, 0xff]), "000fff");
    }

    #[test]
    fn hmac_agrees_with_an_independent_computation() {
        assert_eq!(
            hex(&hmac_sha256(b"key", &[b"ab", b"c"])),
            "8c568fcbf2953946832018520a5eb5a6a63fe007671cf14e924b528f355076d0"
        );
    }

    #[test]
    fn hmac_keeps_neighbouring_parts_apart() {
        let apart = hmac_sha256(b"key", &[b"ab", b"c"]);
        assert_ne!(apart, hmac_sha256(b"key", &[b"a", b"bc"]));
        assert_ne!(apart, hmac_sha256(b"key", &[b"abc"]));
        assert_ne!(apart, hmac_sha256(b"key", &[b"ab", b"c", b""]));
        assert_ne!(apart, hmac_sha256(b"other", &[b"ab", b"c"]));
    }

    #[test]
    fn equal_compares_content_and_length() {
        assert!(equal(b"", b""));
        assert!(equal(b"abc", b"abc"));
        assert!(!equal(b"abc", b"abd"));
        assert!(!equal(b"abc", b"ab"));
    }
}
