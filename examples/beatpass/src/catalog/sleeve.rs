//! How albums come, change and go: by their artist alone, and of their artist's tracks.

use adyton::{Adyton, Auth, Error, Input, Invalid, Reply, Result, Rule, Tx};
use axum::extract::{Request, State};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::albums::{self, MOST_TRACKS};
use super::{tracks, words};
use crate::id::Id;
use crate::media::{Media, Received, Role};

const ROLES: &[Role] = &[Role::Cover];

/// What an artist says of an album.
struct Wanted {
    title: String,
    description: Option<String>,
    /// All tracks that are to be on it; `None` leaves them as they are.
    tracks: Option<Vec<i64>>,
}

impl Wanted {
    fn read(input: &Input) -> Result<Self> {
        let mut read = input.reader();
        let wanted = Self {
            title: read.text("title", 255),
            description: read.optional_text("description", 4000),
            tracks: read.integers("track_ids", MOST_TRACKS),
        };
        read.finish()?;
        Ok(wanted)
    }
}

/// `POST /albums`: JSON, or a form with the file `cover`.
pub async fn store(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    request: Request,
) -> Result<Reply> {
    let sent = Received::read(&adyton, &media, request, ROLES).await?;
    let wanted = Wanted::read(&sent.input)?;
    let now = adyton.clock().now();
    let insert = "INSERT INTO albums (user_id, title, description, cover_key, words, created_at, \
                  updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        (&auth.user().id).into(),
        (&wanted.title).into(),
        wanted.description.clone().into(),
        sent.cover.as_ref().and_then(|file| file.key()).into(),
        words::kept([wanted.title.as_str()], words::MOST_OF_ALBUM).into(),
        now.into(),
        now.into(),
    ];
    let mut tx = adyton.db().begin().await?;
    let id = tx.insert(insert, &values).await?;
    hold(&mut tx, &auth, id, &wanted).await?;
    tx.commit().await?;
    sent.keep();
    let album = albums::told(&adyton, Some(&auth), id).await?;
    Ok(Reply::Created(album, "albums.created"))
}

/// `PUT /albums/{album}`. The cover and the tracks are left where none are sent.
pub async fn update(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    Id(id): Id,
    request: Request,
) -> Result<Reply> {
    check_own(&adyton, &auth, id).await?;
    let sent = Received::read(&adyton, &media, request, ROLES).await?;
    let wanted = Wanted::read(&sent.input)?;
    let now = adyton.clock().now();
    let mut tx = adyton.db().begin().await?;
    let before = locked(&mut tx, id, now).await?;
    let cover = sent.cover.as_ref().and_then(|file| file.key());
    let replaced = cover.as_ref().and(before.clone());
    let update = "UPDATE albums SET title = $1, description = $2, cover_key = $3, words = $4, \
                  updated_at = $5 WHERE id = $6";
    let values = [
        (&wanted.title).into(),
        wanted.description.clone().into(),
        cover.or(before).into(),
        words::kept([wanted.title.as_str()], words::MOST_OF_ALBUM).into(),
        now.into(),
        id.into(),
    ];
    tx.run(update, &values).await?;
    hold(&mut tx, &auth, id, &wanted).await?;
    tx.commit().await?;
    sent.keep();
    media.remove(replaced).await;
    let album = albums::told(&adyton, Some(&auth), id).await?;
    Ok(Reply::data(album))
}

/// `DELETE /albums/{album}`. Its tracks stay, on none.
pub async fn destroy(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    Id(id): Id,
) -> Result<Reply> {
    check_own(&adyton, &auth, id).await?;
    let mut tx = adyton.db().begin().await?;
    let cover = locked(&mut tx, id, adyton.clock().now()).await?;
    let held = held(&mut tx, id).await?;
    let release = "UPDATE tracks SET album_id = NULL WHERE album_id = $1";
    tx.run(release, &[id.into()]).await?;
    tx.run("DELETE FROM albums WHERE id = $1", &[id.into()])
        .await?;
    words::refresh(&mut tx, &held).await?;
    tx.commit().await?;
    media.remove(cover).await;
    // The front end parses every answer, so none is empty.
    Ok(Reply::data(json!({ "deleted": true })))
}

/// An album is its artist's alone. Asked before the files come: others need not send them.
async fn check_own(adyton: &Adyton, auth: &Auth, id: i64) -> Result<()> {
    let row = albums::visible(adyton, Some(auth), id).await?;
    match tracks::is_by(auth, &row)? {
        true => Ok(()),
        false => Err(Error::not_yours()),
    }
}

/// The cover of an album as it is now. Nobody else changes the album before the end of the
/// transaction.
async fn locked(tx: &mut Tx, id: i64, now: DateTime<Utc>) -> Result<Option<String>> {
    let lock = "UPDATE albums SET updated_at = $1 WHERE id = $2";
    tx.run(lock, &[now.into(), id.into()]).await?;
    let sql = "SELECT cover_key FROM albums WHERE id = $1";
    let row = tx.one(sql, &[id.into()]).await?;
    Ok(row.ok_or(Error::NotFound)?.get("cover_key")?)
}

/// Puts the wanted tracks on an album and takes the others off it. Each is its artist's own.
async fn hold(tx: &mut Tx, auth: &Auth, album: i64, wanted: &Wanted) -> Result<()> {
    let mut touched = held(tx, album).await?;
    if let Some(tracks) = &wanted.tracks {
        let release = "UPDATE tracks SET album_id = NULL WHERE album_id = $1";
        tx.run(release, &[album.into()]).await?;
        let mut invalid = Invalid::none();
        for (at, track) in tracks.iter().enumerate() {
            let take = "UPDATE tracks SET album_id = $1 WHERE id = $2 AND user_id = $3";
            let values = [album.into(), (*track).into(), (&auth.user().id).into()];
            if tx.run(take, &values).await? == 0 {
                invalid.add(format!("track_ids.{at}"), Rule::In);
            }
        }
        invalid.into_result()?;
        touched.extend(tracks);
    }
    words::refresh(tx, &touched).await
}

/// The tracks that are on an album.
async fn held(tx: &mut Tx, album: i64) -> Result<Vec<i64>> {
    let sql = "SELECT id FROM tracks WHERE album_id = $1";
    let rows = tx.all(sql, &[album.into()]).await?;
    Ok(rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?)
}
