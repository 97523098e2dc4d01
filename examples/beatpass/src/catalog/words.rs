//! The words that a track or an album is found by: folded in one way, whatever the database.
//!
//! Case and accents are taken away here, so that the three databases' full texts need not agree on
//! them. What is kept begins and ends with a blank, so that a whole word is `% night %`. An artist's
//! name is not among them: it is looked for in `users`, and stays true when it changes.

use adyton::db::Row;
use adyton::{Result, Tx};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::catalog::tracks;

/// Characters of one word: what is longer, nobody types.
const LONGEST: usize = 40;

/// Characters that the column of a track and of an album has room for.
const MOST_OF_TRACK: usize = 3000;
pub const MOST_OF_ALBUM: usize = 600;

/// The words of a text.
pub fn of(text: &str) -> Vec<String> {
    let plain = text.nfkd().filter(|c| !is_combining_mark(*c));
    let folded: String = plain.flat_map(char::to_lowercase).collect();
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect()
}

/// Texts as they are kept: whole words, as many as there is room for. Folding makes texts longer, for
/// one letter may stand for four words.
pub fn kept<'t>(texts: impl IntoIterator<Item = &'t str>, most: usize) -> String {
    let (mut kept, mut characters) = (String::from(" "), 1);
    for word in texts.into_iter().flat_map(of) {
        characters += word.chars().count() + 1;
        if characters > most {
            break;
        }
        kept.push_str(&word);
        kept.push(' ');
    }
    kept
}

/// Writes the words of tracks anew, in the transaction that changed what they are made of: their
/// own row, or the title of their album.
pub async fn refresh(tx: &mut Tx, tracks: &[i64]) -> Result<()> {
    for id in tracks {
        let sql = "SELECT tracks.title, tracks.genre, tracks.mood, tracks.tags, \
                          (SELECT albums.title FROM albums WHERE albums.id = tracks.album_id) AS album \
                   FROM tracks WHERE tracks.id = $1";
        if let Some(row) = tx.one(sql, &[(*id).into()]).await? {
            let words = of_track(&row)?;
            let update = "UPDATE tracks SET words = $1 WHERE id = $2";
            tx.run(update, &[words.into(), (*id).into()]).await?;
        }
    }
    Ok(())
}

fn of_track(row: &Row) -> Result<String> {
    let mut texts = vec![row.get::<String>("title")?];
    for column in ["genre", "mood", "album"] {
        texts.extend(row.get::<Option<String>>(column)?);
    }
    texts.extend(tracks::tags(row)?);
    Ok(kept(texts.iter().map(String::as_str), MOST_OF_TRACK))
}

#[cfg(test)]
mod tests {
    use super::{MOST_OF_ALBUM, kept, of};

    #[test]
    fn words_lose_case_accents_and_marks() {
        assert_eq!(of("Café del-MAR, 808s!"), ["cafe", "del", "mar", "808s"]);
        assert_eq!(of("%_'\"*:&|"), [""; 0]);
        assert_eq!(kept(["Night Drive", "Trap"], 18), " night drive trap ");
    }

    #[test]
    fn only_whole_words_are_kept_and_only_where_there_is_room() {
        assert_eq!(kept(["Night Drive", "Trap"], 17), " night drive ");
        let long = kept([&*"\u{fdfa}".repeat(255)], MOST_OF_ALBUM);
        assert!(long.chars().count() <= MOST_OF_ALBUM, "{long}");
        assert!(
            long.starts_with(" صلى الله ") && long.ends_with(' '),
            "{long}"
        );
    }
}
