//! What people look for: `cafe` finds «Café».

use adyton::db::Listing;

/// A text as searches look into it: small letters, and no accents. No database does so for all
/// letters of Spanish, so it is kept beside the texts.
pub fn folded(texts: &[&str]) -> String {
    let plain = |letter| match letter {
        'á' | 'à' => 'a',
        'é' | 'è' => 'e',
        'í' | 'ï' => 'i',
        'ó' | 'ò' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        'ç' => 'c',
        other => other,
    };
    let small = texts.join(" ").to_lowercase();
    small.chars().map(plain).collect()
}

/// Words that are looked for at most: each is a pass over the rows.
const MOST_WORDS: usize = 8;

/// Only rows in whose column every one of the words stands.
pub fn only(listing: &mut Listing, column: &str, words: &str) {
    for word in folded(&[words]).split_whitespace().take(MOST_WORDS) {
        listing.only(&format!("{column} LIKE ? ESCAPE '!'"), [pattern(word)]);
    }
}

/// The text anywhere in another, its own `%` and `_` taken literally.
pub fn pattern(text: &str) -> String {
    let escaped = text.replace('!', "!!").replace('%', "!%");
    format!("%{}%", escaped.replace('_', "!_"))
}

#[cfg(test)]
mod tests {
    use super::{folded, pattern};

    #[test]
    fn accents_and_capitals_make_no_difference() {
        assert_eq!(folded(&["CAFÉ", "Piña y Plátano"]), "cafe pina y platano");
        assert_eq!(pattern("100%_!"), "%100!%!_!!%");
    }
}
