//! Search, for everybody: the full text of each database for tracks, names where they stand.
//!
//! Every word must be found, in any order; the last one by its beginning, as it may not be typed to
//! its end. What was typed never reaches a query's own syntax: only folded letters and digits do.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Db, Invalid, Query, Reply, Result, Rule};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::{albums, artists, tracks, words};

/// Results of each kind at most.
const LISTED: i64 = 20;

/// Words that count; nobody means the ninth.
pub const WORDS: usize = 8;

/// Letters that MariaDB's full text needs for a word, unless it is configured otherwise.
const SHORTEST_INDEXED: usize = 3;

/// Words that MariaDB's full text leaves out.
const LEFT_OUT: [&str; 18] = [
    "about", "are", "com", "for", "from", "how", "that", "the", "this", "und", "was", "what",
    "when", "where", "who", "will", "with", "www",
];

/// `GET /search?q=night`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let Some(wanted) = query.text("q")? else {
        return Err(Invalid::field("q", Rule::Required).into());
    };
    let mut wanted = words::of(&wanted);
    wanted.truncate(WORDS);
    if wanted.is_empty() {
        return Ok(Reply::data(
            json!({ "tracks": [], "artists": [], "albums": [], "total": 0 }),
        ));
    }
    let (tracks, tracks_total) = found_tracks(&adyton, &wanted).await?;
    let (artists, artists_total) = found_artists(&adyton, &wanted).await?;
    let (albums, albums_total) = found_albums(&adyton, &wanted).await?;
    Ok(Reply::data(json!({
        "tracks": tracks,
        "artists": artists,
        "albums": albums,
        "total": tracks_total + artists_total + albums_total,
    })))
}

async fn found_tracks(adyton: &Adyton, wanted: &[String]) -> Result<(Vec<Json>, u64)> {
    let mut found = Listing::new(tracks::COLUMNS, tracks::FROM);
    found.only(tracks::PUBLIC, tracks::NOTHING);
    for (at, word) in wanted.iter().enumerate() {
        let (text, value) = in_text(adyton.db(), word, at + 1 == wanted.len());
        or_by_name(&mut found, &text, value, word);
    }
    let order = "tracks.plays DESC, tracks.id DESC";
    let (rows, total) = first(adyton, &found, order).await?;
    Ok((
        rows.iter().map(tracks::shown).collect::<Result<_>>()?,
        total,
    ))
}

async fn found_artists(adyton: &Adyton, wanted: &[String]) -> Result<(Vec<Json>, u64)> {
    let mut found = Listing::new(artists::columns(adyton), "users");
    found.only(artists::PUBLIC, tracks::NOTHING);
    for word in wanted {
        let patterns = name_patterns(word);
        found.only(&name_condition(patterns.len()), patterns);
    }
    let (rows, total) = first(adyton, &found, "users.id").await?;
    let short = |row: &Row| -> Result<Json> {
        Ok(json!({
            "id": row.get::<i64>("id")?,
            "name": row.get::<String>("name")?,
            "followers": row.get::<i64>("followers")?,
            "tracks_count": row.get::<i64>("tracks_count")?,
        }))
    };
    Ok((rows.iter().map(short).collect::<Result<_>>()?, total))
}

async fn found_albums(adyton: &Adyton, wanted: &[String]) -> Result<(Vec<Json>, u64)> {
    let mut found = albums::public(adyton);
    for (at, word) in wanted.iter().enumerate() {
        let pattern = pattern(word, at + 1 == wanted.len());
        or_by_name(&mut found, "albums.words LIKE ?", pattern, word);
    }
    let (rows, total) = first(adyton, &found, "albums.id DESC").await?;
    Ok((
        rows.iter().map(albums::shown).collect::<Result<_>>()?,
        total,
    ))
}

/// How a word is looked for in the tracks' words: by which condition, and of what value.
fn in_text(db: &Db, word: &str, is_begun: bool) -> (String, String) {
    let star = if is_begun { "*" } else { "" };
    match db.kind() {
        "SQLite" => (
            "tracks.id IN (SELECT rowid FROM track_words WHERE track_words MATCH ?)".to_owned(),
            format!("\"{word}\"{star}"),
        ),
        "PostgreSQL" => (
            "tracks.id IN (SELECT found.id FROM tracks found \
             WHERE to_tsvector('simple', found.words) @@ to_tsquery('simple', ?))"
                .to_owned(),
            format!("{word}{}", if is_begun { ":*" } else { "" }),
        ),
        // Its index knows no short words and leaves some out: those are read from the column.
        _ if word.chars().count() < SHORTEST_INDEXED || LEFT_OUT.contains(&word) => {
            ("tracks.words LIKE ?".to_owned(), pattern(word, is_begun))
        }
        _ => (
            "tracks.id IN (SELECT found.id FROM tracks found \
             WHERE MATCH (found.words) AGAINST (? IN BOOLEAN MODE))"
                .to_owned(),
            format!("+{word}{star}"),
        ),
    }
}

/// The word among words as they are kept, whole or by its beginning.
fn pattern(word: &str, is_begun: bool) -> String {
    format!("% {word}{}%", if is_begun { "" } else { " " })
}

/// Those of which a condition holds, or whose artist has the word in their name.
fn or_by_name(found: &mut Listing, condition: &str, value: String, word: &str) {
    let patterns = name_patterns(word);
    let names = name_condition(patterns.len());
    let condition =
        format!("{condition} OR users.id IN (SELECT users.id FROM users WHERE {names})");
    found.only(&condition, std::iter::once(value).chain(patterns));
}

/// The ways in which a text may be written, as a database's `LOWER` leaves them: SQLite's leaves
/// letters beyond ASCII as they are.
pub fn spellings(text: &str) -> [String; 4] {
    let lower = text.to_lowercase();
    let mut letters = lower.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let capital = first.chain(letters).collect();
    [text.to_owned(), text.to_uppercase(), capital, lower].map(|text| text.to_ascii_lowercase())
}

/// A word anywhere in a name, in the ways it may be written there.
pub fn name_patterns(word: &str) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for spelling in spellings(word) {
        let spelling = spelling.replace('!', "!!");
        let spelling = spelling.replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{spelling}%");
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    patterns
}

/// The condition that so many patterns stand in.
pub fn name_condition(patterns: usize) -> String {
    vec!["LOWER(users.name) LIKE ? ESCAPE '!'"; patterns].join(" OR ")
}

async fn first(adyton: &Adyton, found: &Listing, order: &str) -> Result<(Vec<Row>, u64)> {
    let bounds = [LISTED.into(), 0_i64.into()];
    Ok(found.page(adyton.db(), order, bounds).await?)
}
