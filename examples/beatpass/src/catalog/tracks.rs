//! Tracks as they are shown: everybody may browse those that are published, and their artist sees
//! the others too.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Auth, Error, Invalid, Query, Reply, Result, Rule, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::search::spellings;
use crate::id::Id;
use crate::media;
use crate::money::purchases;

/// What [`shown`] and [`is_for_all`] need of [`FROM`]. Nobody is there who is disabled or gone.
pub const COLUMNS: &str = "tracks.id, tracks.user_id, \
     COALESCE(users.name, 'Somebody who left') AS artist, \
     CASE WHEN users.disabled_at IS NULL THEN users.id END AS present_artist_id, tracks.title, \
     tracks.genre, tracks.mood, tracks.bpm, tracks.musical_key, tracks.tags, tracks.description, \
     tracks.price_cents, tracks.duration_seconds, tracks.plays, tracks.is_published, \
     tracks.album_id, (SELECT albums.title FROM albums WHERE albums.id = tracks.album_id) AS album, \
     tracks.audio_key, tracks.cover_key, tracks.created_at, tracks.updated_at";

/// A track that was sold outlives its artist's account.
pub const FROM: &str = "tracks LEFT JOIN users ON users.id = tracks.user_id";

/// What everybody may see.
pub const PUBLIC: &str = "tracks.is_published = TRUE AND users.id IS NOT NULL \
     AND users.disabled_at IS NULL";

pub const NEWEST: &str = "tracks.created_at DESC, tracks.id DESC";

/// What a condition is given that asks for nothing.
pub const NOTHING: [Value; 0] = [];

/// `GET /tracks`
pub async fn index(
    State(adyton): State<Adyton>,
    auth: Option<Auth>,
    query: Query,
) -> Result<Reply> {
    let mut tracks = Listing::new(COLUMNS, FROM);
    tracks.only(PUBLIC, NOTHING);
    listed(&adyton, auth.as_ref(), tracks, &query).await
}

/// `GET /me/tracks`: one's own, unpublished ones too.
pub async fn mine(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut tracks = Listing::new(COLUMNS, FROM);
    tracks.only("tracks.user_id = ?", [&auth.user().id]);
    listed(&adyton, Some(&auth), tracks, &query).await
}

/// `GET /tracks/{track}`; a member also sees whether it is theirs, made or bought.
pub async fn show(State(adyton): State<Adyton>, auth: Option<Auth>, Id(id): Id) -> Result<Reply> {
    let row = visible(&adyton, auth.as_ref(), id).await?;
    let mut track = shown_to(auth.as_ref(), &row)?;
    if let Some(auth) = auth {
        let purchase = purchases::find(&adyton, auth.user(), id).await?;
        let status: Option<String> = purchase.map(|row| row.get("status")).transpose()?;
        let (is_mine, is_bought) = (
            is_by(&auth, &row)?,
            status.as_deref() == Some(purchases::PAID),
        );
        let has_file = row.get::<Option<String>>("audio_key")?.is_some();
        let download =
            (has_file && (is_mine || is_bought)).then(|| format!("/tracks/{id}/download"));
        track["purchased"] = is_bought.into();
        track["purchase_status"] = status.into();
        track["is_mine"] = is_mine.into();
        track["download_url"] = download.into();
    }
    Ok(Reply::data(track))
}

/// A track, whoever may see it.
pub async fn find(adyton: &Adyton, id: i64) -> Result<Row> {
    let sql = format!("SELECT {COLUMNS} FROM {FROM} WHERE tracks.id = $1");
    let found = adyton.db().one(&sql, &[id.into()]).await?;
    found.ok_or(Error::NotFound)
}

/// A track that whoever asks may see. One that is not for all is there for its artist, and for whoever
/// bought it.
pub async fn visible(adyton: &Adyton, auth: Option<&Auth>, id: i64) -> Result<Row> {
    let row = find(adyton, id).await?;
    let is_mine = auth.map(|auth| is_by(auth, &row)).transpose()?;
    if is_for_all(&row)? || is_mine == Some(true) {
        return Ok(row);
    }
    match auth {
        Some(auth) if is_bought(adyton, auth, id).await? => Ok(row),
        _ => Err(Error::NotFound),
    }
}

/// Whether everybody may see and buy it: it is published, by somebody in good standing.
pub fn is_for_all(row: &Row) -> Result<bool> {
    let artist: Option<i64> = row.get("present_artist_id")?;
    Ok(artist.is_some() && row.get("is_published")?)
}

/// Whether this member paid for it.
pub async fn is_bought(adyton: &Adyton, auth: &Auth, id: i64) -> Result<bool> {
    let purchase = purchases::find(adyton, auth.user(), id).await?;
    let status: Option<String> = purchase.map(|row| row.get("status")).transpose()?;
    Ok(status.as_deref() == Some(purchases::PAID))
}

/// Whether it is this member's track.
pub fn is_by(auth: &Auth, row: &Row) -> Result<bool> {
    Ok(auth.user().id == row.get::<i64>("user_id")?.into())
}

/// A track as everybody sees it.
pub fn shown(row: &Row) -> Result<Json> {
    let (id, album) = (row.get::<i64>("id")?, row.get::<Option<String>>("album")?);
    let album_id: Option<i64> = row.get("album_id")?;
    Ok(json!({
        "id": id,
        "title": row.get::<String>("title")?,
        "genre": row.get::<Option<String>>("genre")?,
        "mood": row.get::<Option<String>>("mood")?,
        "bpm": row.get::<Option<i64>>("bpm")?,
        "key": row.get::<Option<String>>("musical_key")?,
        "tags": tags(row)?,
        "description": row.get::<Option<String>>("description")?,
        "price_cents": row.get::<i64>("price_cents")?,
        "duration_seconds": row.get::<Option<i64>>("duration_seconds")?,
        "plays": row.get::<i64>("plays")?,
        "artist": { "id": row.get::<i64>("user_id")?, "name": row.get::<String>("artist")? },
        "album": album.map(|title| json!({ "id": album_id, "title": title })),
        "cover_url": url(row, "cover_key", &format!("/tracks/{id}/cover"))?,
        "audio_url": url(row, "audio_key", &format!("/tracks/{id}/audio"))?,
        "created_at": timestamp(row.get("created_at")?),
        "updated_at": timestamp(row.get("updated_at")?),
    }))
}

/// A track as this caller sees it: its artist is told whether others see it.
pub fn shown_to(auth: Option<&Auth>, row: &Row) -> Result<Json> {
    let mut track = shown(row)?;
    if let Some(auth) = auth
        && is_by(auth, row)?
    {
        track["is_published"] = row.get::<bool>("is_published")?.into();
    }
    Ok(track)
}

/// The tags of a row.
pub fn tags(row: &Row) -> Result<Vec<String>> {
    let kept: Option<String> = row.get("tags")?;
    let kept = kept.unwrap_or_else(|| "[]".to_owned());
    serde_json::from_str(&kept).map_err(Error::unexpected)
}

/// The address of a file, if there is one.
pub fn url(row: &Row, column: &str, path: &str) -> Result<Option<String>> {
    let key: Option<String> = row.get(column)?;
    Ok(key.map(|key| format!("{path}?v={}", media::version(&key))))
}

async fn listed(
    adyton: &Adyton,
    auth: Option<&Auth>,
    mut tracks: Listing,
    query: &Query,
) -> Result<Reply> {
    let order = query.sort(
        &[
            ("created_at", "tracks.created_at"),
            ("price", "tracks.price_cents"),
            ("title", "tracks.title"),
            ("plays", "tracks.plays"),
            ("bpm", "tracks.bpm"),
        ],
        NEWEST,
    )?;
    narrow(&mut tracks, query)?;
    let paging = query.paging()?;
    let (rows, total) = tracks.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(|row| shown_to(auth, row));
    let shown = shown.collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// Only what the filters ask for.
fn narrow(tracks: &mut Listing, query: &Query) -> Result<()> {
    const WORDS: [(&str, &str); 3] = [
        ("genre", "LOWER(tracks.genre) IN (?, ?, ?, ?)"),
        ("mood", "LOWER(tracks.mood) IN (?, ?, ?, ?)"),
        ("key", "LOWER(tracks.musical_key) IN (?, ?, ?, ?)"),
    ];
    const NUMBERS: [(&str, &str); 6] = [
        ("artist", "tracks.user_id = ?"),
        ("album", "tracks.album_id = ?"),
        ("min_price", "tracks.price_cents >= ?"),
        ("max_price", "tracks.price_cents <= ?"),
        ("min_bpm", "tracks.bpm >= ?"),
        ("max_bpm", "tracks.bpm <= ?"),
    ];
    let known: Vec<&str> = WORDS
        .iter()
        .chain(&NUMBERS)
        .map(|(name, _)| *name)
        .collect();
    let filters = query.filters(&known)?;
    for (name, condition) in WORDS {
        if let Some(text) = filters.get(name) {
            tracks.only(condition, spellings(text));
        }
    }
    let mut invalid = Invalid::none();
    for (name, condition) in NUMBERS {
        match filters.get(name).map(|text| text.parse::<i64>()) {
            Some(Ok(number)) => drop(tracks.only(condition, [number])),
            Some(Err(_)) => invalid.add(format!("filter.{name}"), Rule::Integer),
            None => {}
        }
    }
    Ok(invalid.into_result()?)
}
