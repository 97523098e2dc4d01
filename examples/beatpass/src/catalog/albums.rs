//! Albums as they are shown: what they cost and hold is what their published tracks cost and are.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Auth, Error, Query, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::tracks::{self, NOTHING};
use crate::id::Id;
use crate::sql::sum;

/// Tracks of an album at most.
pub const MOST_TRACKS: usize = 100;

const FROM: &str = "albums JOIN users ON users.id = albums.user_id";

const TRACKS: &str = "tracks WHERE tracks.album_id = albums.id AND tracks.is_published = TRUE";

/// `GET /albums`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let order = query.sort(
        &[
            ("created_at", "albums.created_at"),
            ("title", "albums.title"),
        ],
        "albums.created_at DESC, albums.id DESC",
    )?;
    let filters = query.filters(&["artist"])?;
    let mut albums = public(&adyton);
    if let Some(artist) = filters.get("artist") {
        // What is no number is nobody.
        albums.only("albums.user_id = ?", [artist.parse::<i64>().unwrap_or(-1)]);
    }
    let paging = query.paging()?;
    let (rows, total) = albums.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `GET /me/albums`: one's own, those too of which nothing is published, the newest first.
pub async fn mine(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut albums = Listing::new(columns(&adyton), FROM);
    albums.only("albums.user_id = ?", [&auth.user().id]);
    let paging = query.paging()?;
    let order = "albums.created_at DESC, albums.id DESC";
    let (rows, total) = albums.page(adyton.db(), order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `GET /albums/{album}`, with its tracks in their order.
pub async fn show(State(adyton): State<Adyton>, auth: Option<Auth>, Id(id): Id) -> Result<Reply> {
    told(&adyton, auth.as_ref(), id).await.map(Reply::Data)
}

/// An album with its tracks, as this caller sees them.
pub async fn told(adyton: &Adyton, auth: Option<&Auth>, id: i64) -> Result<Json> {
    let row = visible(adyton, auth, id).await?;
    let is_mine = auth.map(|auth| tracks::is_by(auth, &row)).transpose()?;
    let mut held = Listing::new(tracks::COLUMNS, tracks::FROM);
    held.only("tracks.album_id = ?", [id]);
    if is_mine != Some(true) {
        held.only(tracks::PUBLIC, NOTHING);
    }
    let most = i64::try_from(MOST_TRACKS).unwrap_or(i64::MAX);
    let rows = held.first(adyton.db(), "tracks.id", most).await?;
    let mut album = shown(&row)?;
    let held = rows.iter().map(|row| tracks::shown_to(auth, row));
    album["tracks"] = held.collect::<Result<Vec<Json>>>()?.into();
    Ok(album)
}

/// All albums of which something is published.
pub fn public(adyton: &Adyton) -> Listing {
    let mut albums = Listing::new(columns(adyton), FROM);
    let condition = format!("users.disabled_at IS NULL AND EXISTS (SELECT 1 FROM {TRACKS})");
    albums.only(&condition, NOTHING);
    albums
}

/// An artist's albums, the newest first.
pub async fn of_artist(adyton: &Adyton, artist: i64, most: i64) -> Result<Vec<Json>> {
    let mut albums = public(adyton);
    albums.only("albums.user_id = ?", [artist]);
    let rows = albums.first(adyton.db(), "albums.id DESC", most).await?;
    rows.iter().map(shown).collect()
}

/// An album that whoever asks may see: for others, one of which nothing is published is not there.
pub async fn visible(adyton: &Adyton, auth: Option<&Auth>, id: i64) -> Result<Row> {
    let row = find(adyton, id).await?;
    let is_mine = auth.map(|auth| tracks::is_by(auth, &row)).transpose()?;
    match is_for_all(&row)? || is_mine == Some(true) {
        true => Ok(row),
        false => Err(Error::NotFound),
    }
}

/// Whether something of an album is published.
pub fn is_for_all(row: &Row) -> Result<bool> {
    Ok(row.get::<i64>("tracks_count")? > 0)
}

/// An album of somebody in good standing.
async fn find(adyton: &Adyton, id: i64) -> Result<Row> {
    let sql = format!(
        "SELECT {} FROM {FROM} WHERE albums.id = $1 AND users.disabled_at IS NULL",
        columns(adyton)
    );
    let found = adyton.db().one(&sql, &[id.into()]).await?;
    found.ok_or(Error::NotFound)
}

pub fn shown(row: &Row) -> Result<Json> {
    let id: i64 = row.get("id")?;
    Ok(json!({
        "id": id,
        "title": row.get::<String>("title")?,
        "description": row.get::<Option<String>>("description")?,
        "cover_url": tracks::url(row, "cover_key", &format!("/albums/{id}/cover"))?,
        "price_cents": row.get::<i64>("price_cents")?,
        "tracks_count": row.get::<i64>("tracks_count")?,
        "artist": { "id": row.get::<i64>("user_id")?, "name": row.get::<String>("artist")? },
        "created_at": timestamp(row.get("created_at")?),
    }))
}

fn columns(adyton: &Adyton) -> String {
    let price = sum(adyton.db(), "tracks.price_cents");
    format!(
        "albums.id, albums.user_id, users.name AS artist, albums.title, albums.description, \
         albums.cover_key, albums.created_at, \
         (SELECT {price} FROM {TRACKS}) AS price_cents, \
         (SELECT COUNT(*) FROM {TRACKS}) AS tracks_count"
    )
}
