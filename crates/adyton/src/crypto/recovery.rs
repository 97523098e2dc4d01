//! Recovery codes: what they look like, how they are made, and how a typed one is read.
//!
//! They are the look-up secrets of NIST SP 800-63B-4 §3.1.2: each is worth one login for somebody
//! who lost the phone. How they are kept is told in [`super::recovery_set`].

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::secret::{Secret, equal, random};

/// The fewest bits a code may be worth. Guessing is limited as it is for passwords, and the hash
/// makes a leaked table costly; NIST's floor for a code is 20 bits, and 64 for one that recovers an
/// account alone. Here it takes a password too.
pub const LEAST_BITS: u32 = 48;

/// The most characters a shape may have.
pub const LONGEST_SHAPE: usize = 64;

/// The longest text worth reading as a code, in bytes: the longest shape, with as many blanks.
pub const LONGEST_CANDIDATE: usize = 128;

const ANY: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SMALL: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const DIGIT: &[u8] = b"0123456789";

/// What a recovery code looks like, read from a setting's text.
///
/// In it `X` stands for a letter of either case or a digit, `a` for a small letter and `9` for a
/// digit; hyphens and blanks stand for themselves, and only help the eye.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeShape(String);

/// A text is no shape of recovery codes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CodeShapeError {
    /// It holds something that stands for nothing.
    #[error(
        "a recovery code's shape takes `X` for a letter or digit, `a` for a small letter, `9` for \
         a digit, hyphens and blanks, and not {found:?}"
    )]
    Unknown {
        /// The first such character.
        found: char,
    },
    /// It is longer than [`LONGEST_SHAPE`].
    #[error("a recovery code's shape takes at most {LONGEST_SHAPE} characters and has {found}")]
    TooLong {
        /// How many characters it has.
        found: usize,
    },
    /// Its codes could be guessed.
    #[error(
        "a recovery code's shape takes at least {LEAST_BITS} bits and has {found}: an `X` is worth \
         almost 6, an `a` 4.7, a `9` 3.3, as in `XXXXXXXXXX-XXXXXXXXXX` or `aaaa-aaaa-aaaa`"
    )]
    TooWeak {
        /// How many whole bits a code would be worth.
        found: u32,
    },
}

impl FromStr for CodeShape {
    type Err = CodeShapeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown =
            |letter: &char| !matches!(letter, '-' | ' ') && alphabet_of(*letter).is_none();
        if let Some(found) = text.chars().find(unknown) {
            return Err(CodeShapeError::Unknown { found });
        }
        if text.len() > LONGEST_SHAPE {
            return Err(CodeShapeError::TooLong { found: text.len() });
        }
        let shape = Self(text.to_owned());
        match shape.bits() {
            found if found < LEAST_BITS => Err(CodeShapeError::TooWeak { found }),
            _ => Ok(shape),
        }
    }
}

impl Default for CodeShape {
    /// Fortify's: ten letters and digits twice, 119 bits.
    fn default() -> Self {
        Self("XXXXXXXXXX-XXXXXXXXXX".to_owned())
    }
}

/// The text that it was read from.
impl fmt::Display for CodeShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for CodeShape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CodeShape({:?})", self.0)
    }
}

impl CodeShape {
    /// How many whole bits a code is worth.
    pub fn bits(&self) -> u32 {
        let alphabets = self.0.chars().filter_map(alphabet_of);
        let bits: f64 = alphabets.map(|letters| (letters.len() as f64).log2()).sum();
        bits as u32
    }

    /// Whether a code may be typed in capitals as well, because it has none of its own.
    pub fn is_folded(&self) -> bool {
        !self.0.contains('X')
    }

    /// So many fresh codes, no two of them alike, each character of its kind equally likely.
    pub fn generate(&self, count: usize) -> Vec<Secret<String>> {
        let mut codes: Vec<Secret<String>> = Vec::with_capacity(count);
        while codes.len() < count {
            let code = self.draw();
            let is_new = |other: &Secret<String>| {
                !equal(other.expose().as_bytes(), code.expose().as_bytes())
            };
            if codes.iter().all(is_new) {
                codes.push(code);
            }
        }
        codes
    }

    fn draw(&self) -> Secret<String> {
        let mut code = String::with_capacity(self.0.len());
        for place in self.0.chars() {
            code.push(alphabet_of(place).map_or(place, draw_from));
        }
        Secret::new(code)
    }
}

/// The place of a typed code among codes that are there in the clear, after comparing it with every
/// one of them. It may be in capitals where none of them has one.
pub fn find_among(codes: &[Secret<String>], typed: &Secret<String>) -> Option<usize> {
    let has_capital = |code: &Secret<String>| code.expose().bytes().any(|b| b.is_ascii_uppercase());
    let is_folded = !codes.iter().any(has_capital);
    let typed = normalize(typed.expose(), is_folded)?;
    let mut found = None;
    for (index, code) in codes.iter().enumerate() {
        let code = normalize(code.expose(), is_folded);
        if code.is_some_and(|code| equal(code.expose().as_bytes(), typed.expose().as_bytes())) {
            found = Some(index);
        }
    }
    found
}

/// What a place in a shape may become; nothing where it stands for itself.
fn alphabet_of(place: char) -> Option<&'static [u8]> {
    match place {
        'X' => Some(ANY),
        'a' => Some(SMALL),
        '9' => Some(DIGIT),
        _ => None,
    }
}

/// One character of an alphabet, each equally likely.
fn draw_from(alphabet: &[u8]) -> char {
    // 256 is no multiple of any of the lengths. What is beyond the last whole multiple is drawn
    // again: folding it back would favour the first letters.
    let usable = 256 / alphabet.len() * alphabet.len();
    loop {
        let [byte] = random::<1>();
        let drawn = usize::from(byte);
        if drawn < usable {
            return char::from(alphabet[drawn % alphabet.len()]);
        }
    }
}

/// What a typed code is compared as: ASCII letters and digits only, folded to small letters where
/// the shape has no capitals. Fortify compares the text as it is, and a blank too many is refused.
///
/// `None` for what can be no code: nothing left, over 128 bytes, or a NUL in it.
pub(super) fn normalize(candidate: &str, is_folded: bool) -> Option<Secret<String>> {
    if candidate.len() > LONGEST_CANDIDATE || candidate.contains('\0') {
        return None;
    }
    let mut code = String::with_capacity(candidate.len());
    code.extend(candidate.chars().filter(char::is_ascii_alphanumeric));
    if is_folded {
        code.make_ascii_lowercase();
    }
    let code = Secret::new(code);
    (!code.expose().is_empty()).then_some(code)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn shape(text: &str) -> CodeShape {
        text.parse().expect(text)
    }

    fn normalized(candidate: &str, is_folded: bool) -> Option<String> {
        normalize(candidate, is_folded).map(|code| code.expose().clone())
    }

    #[test]
    fn the_known_shapes_are_worth_their_bits() {
        for (text, bits) in [
            ("XXXXXXXXXX-XXXXXXXXXX", 119),
            ("aaaa-aaaa-aaaa", 56),
            ("99999 99999 99999", 49),
            ("XXX-aaa-999-XXX", 59),
            ("XXXXXXXXX", 53),
        ] {
            assert_eq!(shape(text).bits(), bits, "{text}");
            assert_eq!(shape(text).to_string(), text);
        }
        assert_eq!(CodeShape::default(), shape("XXXXXXXXXX-XXXXXXXXXX"));
    }

    #[test]
    fn a_shape_whose_codes_could_be_guessed_is_refused() {
        for (text, found) in [
            ("", 0),
            ("-", 0),
            ("999999", 19),
            ("XXXXXXXX", 47),
            ("aaaaa-aaaaa", 47),
            ("99999999999999", 46),
            (&"-".repeat(64), 0),
        ] {
            let error = text.parse::<CodeShape>().expect_err(text);
            assert_eq!(error, CodeShapeError::TooWeak { found }, "{text}");
            let said = error.to_string();
            assert!(said.contains("at least 48 bits"), "{said}");
            assert!(said.contains("`aaaa-aaaa-aaaa`"), "{said}");
        }
    }

    #[test]
    fn a_shape_with_something_else_in_it_is_refused() {
        for (text, found) in [
            ("xxxxxxxxxx-xxxxxxxxxx", 'x'),
            ("AAAA-AAAA-AAAA", 'A'),
            ("aaaa_aaaa_aaaa", '_'),
            ("aaaa-aaaa-aaaa\n", '\n'),
            ("aaaa-aaaa-aaaa\0", '\0'),
            ("aaaa\u{2013}aaaa\u{2013}aaaa", '\u{2013}'),
            ("aaaa-aaaa-aaa8", '8'),
        ] {
            let error = text.parse::<CodeShape>().expect_err(text);
            assert_eq!(error, CodeShapeError::Unknown { found }, "{text:?}");
            assert!(error.to_string().contains("takes `X`"), "{error}");
        }
    }

    #[test]
    fn a_shape_has_at_most_64_characters() {
        assert!("X".repeat(64).parse::<CodeShape>().is_ok());
        let error = "X".repeat(65).parse::<CodeShape>().expect_err("too long");
        assert_eq!(error, CodeShapeError::TooLong { found: 65 });
        assert!(error.to_string().contains("at most 64"), "{error}");
    }

    #[test]
    fn codes_have_their_shape_and_differ() {
        for text in [
            "XXXXXXXXXX-XXXXXXXXXX",
            "aaaa-aaaa-aaaa",
            "9999 9999 9999 a9-X",
        ] {
            let codes = shape(text).generate(50);
            let distinct: HashSet<&str> = codes.iter().map(|code| code.expose().as_str()).collect();
            assert_eq!(distinct.len(), 50);
            for code in distinct {
                assert_eq!(code.len(), text.len());
                for (place, letter) in text.bytes().zip(code.bytes()) {
                    let fits = match place {
                        b'X' => letter.is_ascii_alphanumeric(),
                        b'a' => letter.is_ascii_lowercase(),
                        b'9' => letter.is_ascii_digit(),
                        other => letter == other,
                    };
                    assert!(fits, "{code} for {text}");
                }
            }
        }
        assert!(CodeShape::default().generate(0).is_empty());
    }

    #[test]
    fn a_code_is_drawn_again_when_it_is_there_already() {
        // Ten codes there are, and ten are wanted.
        let codes = CodeShape("9".to_owned()).generate(10);
        let distinct: HashSet<&str> = codes.iter().map(|code| code.expose().as_str()).collect();
        assert_eq!(distinct.len(), 10);
    }

    #[test]
    fn no_character_is_favoured() {
        for alphabet in [ANY, SMALL, DIGIT] {
            let mut counts = [0_i32; 128];
            for _ in 0..alphabet.len() * 2000 {
                counts[draw_from(alphabet) as usize] += 1;
            }
            // The standard deviation is 45; folding would give eight of the 62 another 400.
            for letter in alphabet {
                let count = counts[usize::from(*letter)];
                assert!(
                    (count - 2000).abs() < 300,
                    "{} {count}",
                    char::from(*letter)
                );
            }
        }
    }

    #[test]
    fn a_candidate_is_its_letters_and_digits() {
        for (candidate, expected) in [
            ("abcd-efgh-ijkl", "abcdefghijkl"),
            (" abcd efgh\tijkl\r\n", "abcdefghijkl"),
            ("abcd\u{2013}efgh\u{a0}ijkl", "abcdefghijkl"),
            ("ABCD-efgh-IJKL", "abcdefghijkl"),
            ("\u{ff11}a1\u{212a}", "a1"),
        ] {
            assert_eq!(
                normalized(candidate, true).as_deref(),
                Some(expected),
                "{candidate:?}"
            );
        }
        let kept = normalized("AAAAAAAAAA-bbbbbbbbbb", false);
        assert_eq!(
            kept.as_deref(),
            Some("AAAAAAAAAAbbbbbbbbbb"),
            "capitals count here"
        );
    }

    #[test]
    fn a_code_is_found_among_those_in_the_clear() {
        let codes = |texts: [&str; 2]| texts.map(Secret::from).to_vec();
        let found = |codes: &[_], typed: &str| find_among(codes, &Secret::from(typed));
        let small = codes(["abcd-efgh-ijkl", "mnop-qrst-uvwx"]);
        assert_eq!(found(&small, "mnop-qrst-uvwx"), Some(1));
        assert_eq!(found(&small, " ABCD efghIJKL "), Some(0));
        let mixed = codes(["AAAAAAAAAA-bbbbbbbbbb", "aaaaaaaaaa-bbbbbbbbbb"]);
        assert_eq!(found(&mixed, "aaaaaaaaaabbbbbbbbbb"), Some(1));
        for none in ["", "-", "abcd-efgh-ijk", "abcd-efgh-ijkll", "\0"] {
            assert_eq!(found(&small, none), None, "{none:?}");
        }
        assert_eq!(found(&[], "abcd-efgh-ijkl"), None);
    }

    #[test]
    fn what_can_be_no_code_is_none() {
        let long = "a".repeat(129);
        let many = "\u{e9}".repeat(64);
        for candidate in [
            "",
            " ",
            "-",
            "----",
            "\0",
            "abcd\0efgh",
            "\u{e9}\u{df}",
            &long,
            &many,
        ] {
            for is_folded in [true, false] {
                assert_eq!(normalized(candidate, is_folded), None, "{candidate:?}");
            }
        }
        assert!(normalized(&long[..128], true).is_some());
    }

    #[test]
    fn only_a_shape_without_capitals_is_folded() {
        assert!(shape("aaaa-aaaa-aaaa").is_folded());
        assert!(shape("99999 99999 99999").is_folded());
        assert!(!CodeShape::default().is_folded());
        assert!(!shape("aaaa-aaaa-aaaa-X").is_folded());
    }
}
