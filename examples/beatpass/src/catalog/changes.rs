//! How tracks come, change and go: by their artist alone.

use adyton::db::{Row, Value};
use adyton::{Adyton, Auth, Error, Invalid, Reply, Result, Rule, Tx};
use axum::extract::{Request, State};
use axum::http::Method;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::fields::Fields;
use super::refusals::TRACK_SOLD;
use super::{tracks, words};
use crate::id::Id;
use crate::media::{Media, Received, Role};

const INSERT: &str = "INSERT INTO tracks (title, genre, mood, bpm, musical_key, tags, description, \
     price_cents, album_id, is_published, audio_key, duration_seconds, cover_key, user_id, \
     created_at, updated_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";

const ROLES: &[Role] = &[Role::Audio, Role::Cover];

const UPDATE: &str = "UPDATE tracks SET title = $1, genre = $2, mood = $3, bpm = $4, \
     musical_key = $5, tags = $6, description = $7, price_cents = $8, album_id = $9, \
     is_published = $10, audio_key = $11, duration_seconds = $12, cover_key = $13, \
     updated_at = $14 WHERE id = $15";

/// `POST /tracks`: JSON, or a form with the files `audio` and `cover`.
pub async fn store(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    request: Request,
) -> Result<Reply> {
    let sent = Received::read(&adyton, &media, request, ROLES).await?;
    let fields = Fields::new().read(sent.input.reader(), true)?;
    let now = adyton.clock().now();
    let mut values = fields.values();
    values.extend([
        sent.audio.as_ref().and_then(|file| file.key()).into(),
        sent.audio.as_ref().and_then(|file| file.seconds).into(),
        sent.cover.as_ref().and_then(|file| file.key()).into(),
        (&auth.user().id).into(),
        now.into(),
        now.into(),
    ]);
    let mut tx = adyton.db().begin().await?;
    check_album(&mut tx, &auth, &fields).await?;
    let id = tx.insert(INSERT, &values).await?;
    words::refresh(&mut tx, &[id]).await?;
    tx.commit().await?;
    sent.keep();
    let row = tracks::find(&adyton, id).await?;
    let track = tracks::shown_to(Some(&auth), &row)?;
    Ok(Reply::Created(track, "tracks.created"))
}

/// `PUT /tracks/{track}`, or `PATCH`, which leaves what is not sent. Files are left either way.
pub async fn update(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    Id(id): Id,
    request: Request,
) -> Result<Reply> {
    check_own(&adyton, &auth, id).await?;
    let is_whole = request.method() == Method::PUT;
    let sent = Received::read(&adyton, &media, request, ROLES).await?;
    let now = adyton.clock().now();
    let mut tx = adyton.db().begin().await?;
    let before = locked(&mut tx, id, now).await?;
    let fields = Fields::of(&before)?.read(sent.input.reader(), is_whole)?;
    check_album(&mut tx, &auth, &fields).await?;
    let mut values = fields.values();
    let (files, replaced) = files_after(&before, &sent)?;
    values.extend(files);
    values.extend([now.into(), id.into()]);
    tx.run(UPDATE, &values).await?;
    words::refresh(&mut tx, &[id]).await?;
    tx.commit().await?;
    sent.keep();
    media.remove(replaced).await;
    let row = tracks::find(&adyton, id).await?;
    Ok(Reply::data(tracks::shown_to(Some(&auth), &row)?))
}

/// `DELETE /tracks/{track}`. Whoever bought it may fetch it for ever, so then it stays. A purchase
/// that never reached Stripe is forgotten with it.
pub async fn destroy(
    State(adyton): State<Adyton>,
    State(media): State<Media>,
    auth: Auth,
    Id(id): Id,
) -> Result<Reply> {
    check_own(&adyton, &auth, id).await?;
    let mut tx = adyton.db().begin().await?;
    let before = locked(&mut tx, id, adyton.clock().now()).await?;
    forget_unpaid(&mut tx, id).await?;
    // One statement looks and deletes: a purchase that has begun may be paid at any moment.
    let delete = "DELETE FROM tracks WHERE id = $1 AND NOT EXISTS \
                  (SELECT 1 FROM purchases WHERE purchases.track_id = tracks.id)";
    if tx.run(delete, &[id.into()]).await? == 0 {
        return Err(TRACK_SOLD.into());
    }
    tx.run("DELETE FROM plays WHERE track_id = $1", &[id.into()])
        .await?;
    tx.commit().await?;
    let files: [Option<String>; 2] = [before.get("audio_key")?, before.get("cover_key")?];
    media.remove(files.into_iter().flatten()).await;
    // The front end parses every answer, so none is empty.
    Ok(Reply::data(json!({ "deleted": true })))
}

/// The recording, its length and the cover as they will be, and the files that are not needed then.
fn files_after(before: &Row, sent: &Received) -> Result<([Value; 3], Vec<String>)> {
    let (audio, cover): (Option<String>, Option<String>) =
        (before.get("audio_key")?, before.get("cover_key")?);
    let new_audio = sent.audio.as_ref().and_then(|file| file.key());
    let new_cover = sent.cover.as_ref().and_then(|file| file.key());
    let replaced = [
        new_audio.as_ref().and(audio.clone()),
        new_cover.as_ref().and(cover.clone()),
    ];
    let seconds: Option<i64> = match &sent.audio {
        Some(file) => file.seconds,
        None => before.get("duration_seconds")?,
    };
    let after = [
        new_audio.or(audio).into(),
        seconds.into(),
        new_cover.or(cover).into(),
    ];
    Ok((after, replaced.into_iter().flatten().collect()))
}

/// Removes the purchases of a track that nobody can be charged for. Each is looked at again by the
/// statement that deletes it, as a confirmation may come between.
async fn forget_unpaid(tx: &mut Tx, track: i64) -> Result<()> {
    let purchases = "SELECT id FROM purchases WHERE track_id = $1 \
                     AND status IN ('failed', 'pending')";
    let forget = "DELETE FROM purchases WHERE id = $1 AND (status = 'failed' \
                  OR (status = 'pending' AND NOT EXISTS (SELECT 1 FROM purchase_attempts charge \
                  WHERE charge.open_purchase_id = purchases.id AND charge.intent IS NOT NULL)))";
    for row in tx.all(purchases, &[track.into()]).await? {
        let id: i64 = row.get("id")?;
        if tx.run(forget, &[id.into()]).await? > 0 {
            let attempts = "DELETE FROM purchase_attempts WHERE purchase_id = $1";
            tx.run(attempts, &[id.into()]).await?;
        }
    }
    Ok(())
}

/// A track is its artist's alone. Asked before the files come: others need not send them.
async fn check_own(adyton: &Adyton, auth: &Auth, id: i64) -> Result<()> {
    let row = tracks::visible(adyton, Some(auth), id).await?;
    match tracks::is_by(auth, &row)? {
        true => Ok(()),
        false => Err(Error::not_yours()),
    }
}

/// A track as it is now, which nobody else changes before the end of the transaction. What was read
/// before an upload may be minutes old.
async fn locked(tx: &mut Tx, id: i64, now: DateTime<Utc>) -> Result<Row> {
    let lock = "UPDATE tracks SET updated_at = $1 WHERE id = $2";
    tx.run(lock, &[now.into(), id.into()]).await?;
    let sql = format!(
        "SELECT {} FROM {} WHERE tracks.id = $1",
        tracks::COLUMNS,
        tracks::FROM
    );
    tx.one(&sql, &[id.into()]).await?.ok_or(Error::NotFound)
}

/// An album is its artist's: nobody puts a track on somebody else's.
async fn check_album(tx: &mut Tx, auth: &Auth, fields: &Fields) -> Result<()> {
    let Some(album) = fields.album_id else {
        return Ok(());
    };
    let sql = "SELECT id FROM albums WHERE id = $1 AND user_id = $2";
    let values = [album.into(), (&auth.user().id).into()];
    match tx.one(sql, &values).await? {
        Some(_) => Ok(()),
        None => Err(Invalid::field("album_id", Rule::In).into()),
    }
}
