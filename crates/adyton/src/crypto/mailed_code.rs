//! Codes that are mailed and typed by hand: groups of letters and digits that nobody mistakes for
//! each other.
//!
//! 80 random bits, more than the 64 that NIST SP 800-63B-4 §3.1.2 asks of a code by which an account
//! is recovered.

use super::secret::{Secret, random};

/// 32 letters and digits, five bits each, without I, L, O and U: Crockford's base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters and digits of a code.
const LENGTH: usize = 16;

/// So many stand together.
const GROUP: usize = 4;

/// A code, without what only helps the eye.
pub struct MailedCode(Secret<String>);

impl MailedCode {
    /// A new one.
    pub fn random() -> Self {
        let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
        Self(Secret::new(random::<LENGTH>().iter().map(letter).collect()))
    }

    /// What somebody typed, if it has the form of a code: case, blanks and hyphens do not matter,
    /// and letters that look like digits are those digits.
    pub fn read(typed: &str) -> Option<Self> {
        let mut code = String::new();
        let is_separator = |letter: &char| letter.is_whitespace() || *letter == '-';
        for letter in typed.chars().filter(|letter| !is_separator(letter)) {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                letter => letter,
            };
            let is_known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
            if !is_known || code.len() == LENGTH {
                return None;
            }
            code.push(letter);
        }
        (code.len() == LENGTH).then(|| Self(Secret::new(code)))
    }

    /// The bare code: what is hashed.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// As it is mailed: `7K3D-9QXA-M2TR-04HB`.
    pub fn shown(&self) -> Secret<String> {
        let letters: Vec<char> = self.expose().chars().collect();
        let groups: Vec<String> = letters.chunks(GROUP).map(String::from_iter).collect();
        Secret::new(groups.join("-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        let code = MailedCode::random();
        let shown = code.shown();
        assert_eq!(shown.expose().len(), 19);
        let small = shown.expose().to_lowercase().replace('-', " ");
        for typed in [shown.expose(), &format!(" {small}\t"), code.expose()] {
            let read = MailedCode::read(typed).expect("our own code");
            assert_eq!(read.expose(), code.expose());
        }
        let read = MailedCode::read("o0oO-iIlL-0123-abcd").expect("look-alikes");
        assert_eq!(read.expose(), "000011110123ABCD");
    }

    #[test]
    fn what_is_no_code_is_none() {
        let long = "0".repeat(17);
        for typed in [
            "",
            "-",
            "0123",
            "0123-4567-89AB-CDEU",
            "0123456789ABCDEé",
            &long,
        ] {
            assert!(MailedCode::read(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn no_two_codes_are_alike() {
        assert_ne!(MailedCode::random().expose(), MailedCode::random().expose());
    }
}
