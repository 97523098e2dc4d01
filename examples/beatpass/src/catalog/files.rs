//! The files of tracks and albums: to listen to, to look at, and to take home.

use adyton::db::Row;
use adyton::{Adyton, Auth, Error, Result};
use axum::extract::State;
use axum::response::Response;

use super::refusals::NOT_BOUGHT;
use super::{albums, tracks};
use crate::id::Id;
use crate::media::{Asked, Freshness, Media};

/// `GET /tracks/{track}/audio`, as players ask for it: part by part.
pub async fn audio(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Option<Auth>,
    Id(id): Id,
    asked: Asked,
) -> Result<Response> {
    let row = tracks::visible(&adyton, auth.as_ref(), id).await?;
    let key = key(&row, "audio_key")?;
    let freshness = freshness(tracks::is_for_all(&row)?);
    media.answer(&key, &asked, freshness, None).await
}

/// `GET /tracks/{track}/cover`
pub async fn cover(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Option<Auth>,
    Id(id): Id,
    asked: Asked,
) -> Result<Response> {
    let row = tracks::visible(&adyton, auth.as_ref(), id).await?;
    let key = key(&row, "cover_key")?;
    let freshness = freshness(tracks::is_for_all(&row)?);
    media.answer(&key, &asked, freshness, None).await
}

/// `GET /albums/{album}/cover`
pub async fn album_cover(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Option<Auth>,
    Id(id): Id,
    asked: Asked,
) -> Result<Response> {
    let row = albums::visible(&adyton, auth.as_ref(), id).await?;
    let key = key(&row, "cover_key")?;
    let freshness = freshness(albums::is_for_all(&row)?);
    media.answer(&key, &asked, freshness, None).await
}

/// `GET /tracks/{track}/download`: for its artist, and for whoever bought it, even when it is not
/// published any more, or its artist is gone.
pub async fn download(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    Id(id): Id,
    asked: Asked,
) -> Result<Response> {
    let row = tracks::find(&adyton, id).await?;
    if !tracks::is_by(&auth, &row)? && !tracks::is_bought(&adyton, &auth, id).await? {
        tracks::visible(&adyton, Some(&auth), id).await?;
        return Err(NOT_BOUGHT.into());
    }
    let (key, title) = (key(&row, "audio_key")?, row.get::<String>("title")?);
    let private = Freshness::Private;
    media.answer(&key, &asked, private, Some(&title)).await
}

fn key(row: &Row, column: &str) -> Result<String> {
    row.get::<Option<String>>(column)?.ok_or(Error::NotFound)
}

/// What not everybody may see is remembered by nobody who lies between.
fn freshness(is_for_all: bool) -> Freshness {
    match is_for_all {
        true => Freshness::Public,
        false => Freshness::Private,
    }
}
