//! What an artist says of a track, and the rules for it.

use adyton::db::{Row, Value};
use adyton::{Reader, Result, Rule};

use crate::catalog::tracks;
use crate::money::purchases::LEAST;

/// Two thousand dollars.
const HIGHEST_PRICE: i64 = 200_000;

/// Tags of a track at most, and characters of one.
const TAGS: (usize, usize) = (20, 32);

/// Beats a minute.
const TEMPO: std::ops::RangeInclusive<i64> = 20..=400;

/// All that is said of a track.
#[derive(Clone, Debug)]
pub struct Fields {
    pub title: String,
    pub genre: Option<String>,
    pub mood: Option<String>,
    pub bpm: Option<i64>,
    pub key: Option<String>,
    pub tags: Vec<String>,
    pub description: Option<String>,
    pub price_cents: i64,
    pub album_id: Option<i64>,
    pub is_published: bool,
}

impl Fields {
    /// Of a track of which nothing is said yet.
    pub fn new() -> Self {
        Self {
            title: String::new(),
            genre: None,
            mood: None,
            bpm: None,
            key: None,
            tags: Vec::new(),
            description: None,
            price_cents: 0,
            album_id: None,
            is_published: true,
        }
    }

    /// Of a track that is there.
    pub fn of(row: &Row) -> Result<Self> {
        Ok(Self {
            title: row.get("title")?,
            genre: row.get("genre")?,
            mood: row.get("mood")?,
            bpm: row.get("bpm")?,
            key: row.get("musical_key")?,
            tags: tracks::tags(row)?,
            description: row.get("description")?,
            price_cents: row.get("price_cents")?,
            album_id: row.get("album_id")?,
            is_published: row.get("is_published")?,
        })
    }

    /// With what was sent. `is_whole` says that what was not sent is not there; otherwise it stays
    /// as it is. Nobody publishes by leaving something out, so that one stays always.
    pub fn read(mut self, mut read: Reader<'_>, is_whole: bool) -> Result<Self> {
        let is_asked = |read: &Reader<'_>, name: &str| is_whole || read.is_sent(name);
        if is_asked(&read, "title") {
            self.title = read.text("title", 255);
        }
        if is_asked(&read, "price_cents") {
            self.price_cents = read.integer("price_cents", 0..=HIGHEST_PRICE);
            // Less cannot be charged to a card.
            if (1..LEAST).contains(&self.price_cents) {
                read.broken("price_cents", Rule::MinNumber(LEAST));
            }
        }
        for (name, field, longest) in [
            ("genre", &mut self.genre, 64),
            ("mood", &mut self.mood, 64),
            ("key", &mut self.key, 32),
            ("description", &mut self.description, 4000),
        ] {
            if is_asked(&read, name) {
                *field = read.optional_text(name, longest);
            }
        }
        if is_asked(&read, "bpm") {
            self.bpm = tempo(&mut read);
        }
        if is_asked(&read, "tags") {
            let tags = read.list("tags", TAGS.0, TAGS.1);
            self.tags = tags.unwrap_or_default();
        }
        if is_asked(&read, "album_id") {
            self.album_id = read.optional_integer("album_id");
        }
        if read.is_sent("is_published") {
            self.is_published = read.boolean("is_published");
        }
        read.finish()?;
        Ok(self)
    }

    /// In the order of the columns that `changes.rs` writes.
    pub fn values(&self) -> Vec<Value> {
        let tags = serde_json::Value::from(self.tags.clone()).to_string();
        vec![
            (&self.title).into(),
            self.genre.clone().into(),
            self.mood.clone().into(),
            self.bpm.into(),
            self.key.clone().into(),
            tags.into(),
            self.description.clone().into(),
            self.price_cents.into(),
            self.album_id.into(),
            self.is_published.into(),
        ]
    }
}

fn tempo(read: &mut Reader<'_>) -> Option<i64> {
    let bpm = read.optional_integer("bpm")?;
    if bpm < *TEMPO.start() {
        read.broken("bpm", Rule::MinNumber(*TEMPO.start()));
    }
    if bpm > *TEMPO.end() {
        read.broken("bpm", Rule::MaxNumber(*TEMPO.end()));
    }
    Some(bpm)
}
