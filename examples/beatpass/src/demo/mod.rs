//! A shop that looks as if people used it, for `--demo`: artists with tracks that can be heard and
//! seen, listeners, and a year of plays and sales. The same each time, counted back from today.

mod cover;
mod dice;
mod history;
mod listing;
mod people;
mod sound;

use adyton::chrono::{DateTime, Duration, Utc};
use adyton::{Adyton, Result};

use self::listing::{ALBUMS, Album, TRACKS, Track};
use crate::catalog::words;
use crate::media::{Media, Role, fresh_key};

/// What is told at the start.
pub const WORDS: &str = include_str!("../demo.txt");

/// A track of the demo as it came into the database.
struct Made {
    id: i64,
    artist: i64,
    price_cents: i64,
    released: DateTime<Utc>,
    /// How much it is liked, from 1.
    appeal: u64,
}

/// Fills an empty database.
///
/// # Errors
/// When the database or the place of the files cannot be written.
pub async fn fill(adyton: Adyton, media: Media) -> Result<()> {
    let now = adyton.clock().now();
    let people = people::make(&adyton, now).await?;
    let mut albums = Vec::new();
    for album in &ALBUMS {
        let cover = cover::drawn(album.title, album.genre);
        let cover = kept(&media, Role::Cover, "png", cover).await?;
        let artist = people.artists[album.artist];
        albums.push(insert_album(&adyton, album, artist, cover, now).await?);
    }
    let mut made = Vec::new();
    for (at, (track, files)) in TRACKS.iter().zip(files(&media).await?).enumerate() {
        // One came out every eleven days.
        let released = now - Duration::days((TRACKS.len() - at) as i64 * 11);
        let artist = people.artists[track.artist];
        let album = track.album.map(|album| albums[album]);
        made.push(Made {
            id: insert_track(&adyton, track, (artist, album), files, released).await?,
            artist,
            price_cents: track.price_cents,
            released,
            appeal: if track.artist == 0 {
                5
            } else {
                1 + at as u64 % 3
            },
        });
    }
    history::write(&adyton, &people, &made, now).await
}

async fn insert_album(
    adyton: &Adyton,
    album: &Album,
    artist: i64,
    cover: String,
    now: DateTime<Utc>,
) -> Result<i64> {
    let sql = "INSERT INTO albums (user_id, title, description, cover_key, words, created_at, \
               updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let released = now - Duration::days(album.days_ago);
    let values = [
        artist.into(),
        album.title.into(),
        album.description.into(),
        cover.into(),
        words::kept([album.title], words::MOST_OF_ALBUM).into(),
        released.into(),
        released.into(),
    ];
    Ok(adyton.db().insert(sql, &values).await?)
}

async fn insert_track(
    adyton: &Adyton,
    track: &Track,
    (artist, album): (i64, Option<i64>),
    files: Files,
    released: DateTime<Utc>,
) -> Result<i64> {
    let sql = "INSERT INTO tracks (user_id, title, genre, mood, bpm, musical_key, tags, \
               description, price_cents, album_id, audio_key, duration_seconds, cover_key, \
               created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    let tags = serde_json::Value::from(track.tags.split(' ').collect::<Vec<_>>());
    let (audio, seconds, cover) = files;
    let values = [
        artist.into(),
        track.title.into(),
        track.genre.name().into(),
        track.mood.into(),
        track.bpm.into(),
        track.key.into(),
        tags.to_string().into(),
        track.about().into(),
        track.price_cents.into(),
        album.into(),
        audio.into(),
        seconds.into(),
        cover.into(),
        released.into(),
        released.into(),
    ];
    Ok(adyton.db().insert(sql, &values).await?)
}

/// The recording, how many seconds it has, and the cover.
type Files = (String, i64, String);

/// The files of each track, made on all cores.
async fn files(media: &Media) -> Result<Vec<Files>> {
    let making: Vec<_> = TRACKS
        .iter()
        .map(|track| {
            tokio::task::spawn_blocking(|| {
                let (sound, seconds) = sound::played(track);
                (sound, seconds, cover::drawn(track.title, track.genre))
            })
        })
        .collect();
    let mut files = Vec::new();
    for made in making {
        let (sound, seconds, cover) = made.await.map_err(adyton::Error::unexpected)?;
        let audio = kept(media, Role::Audio, "wav", sound).await?;
        files.push((
            audio,
            seconds,
            kept(media, Role::Cover, "png", cover).await?,
        ));
    }
    Ok(files)
}

async fn kept(media: &Media, role: Role, extension: &str, bytes: Vec<u8>) -> Result<String> {
    let key = fresh_key(role, extension);
    media.put(&key, bytes).await?;
    Ok(key)
}
