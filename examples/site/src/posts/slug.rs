//! The word that names a post in addresses: `a-night-in-lisbon`.

/// Characters at most.
pub const LONGEST: usize = 160;

/// Whether a word can be a slug. One without a letter would be taken for a post's number.
pub fn is_one(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    word.bytes().all(is_part) && word.bytes().any(|byte| byte.is_ascii_lowercase())
}

/// The slug that a title gives, if it has letters for one.
pub fn of(title: &str) -> Option<String> {
    let title = title.to_lowercase();
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    slug.truncate(LONGEST);
    is_one(&slug).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::{is_one, of};

    #[test]
    fn a_title_gives_its_words() {
        let slug = of("  A Night in Lisbon, 2026! ");
        assert_eq!(slug.as_deref(), Some("a-night-in-lisbon-2026"));
        assert_eq!(of("2026"), None);
        assert_eq!(of("夜"), None);
        assert!(is_one("b2") && !is_one("2-3") && !is_one("B") && !is_one(""));
    }
}
