//! What producers offer to a beat request: one offer each.

use adyton::db::{DbError, Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Reply, Result, UserId, timestamp};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::beat_requests::{HIGHEST, OPEN, find, is_mine};
use super::refusals::{OFFERED_ALREADY, OWN_REQUEST, REQUEST_CLOSED, TRACK_NOT_YOURS};
use crate::id::Id;

/// Offers that a request shows at most.
const LISTED: i64 = 200;

const COLUMNS: &str = "o.id, o.user_id, users.name AS member, o.track_id, tracks.title, \
     o.price_cents, o.message, o.created_at";

/// An offer outlives the track that it names.
const FROM: &str = "beat_offers o JOIN users ON users.id = o.user_id \
     LEFT JOIN tracks ON tracks.id = o.track_id";

/// `POST /beat-requests/{beat_request}/offers`
pub async fn store(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(request): Id,
    input: Input,
) -> Result<Reply> {
    let row = find(&adyton, request).await?;
    let mut read = input.reader();
    let track = read.optional_integer("track_id");
    let price = read.integer("price_cents", 0..=HIGHEST);
    let message = read.text("message", 4000);
    read.finish()?;
    check_request(&row, &auth, adyton.clock().now())?;
    if let Some(track) = track {
        check(&adyton, &auth, track).await?;
    }
    let sql = "INSERT INTO beat_offers \
               (beat_request_id, user_id, track_id, price_cents, message, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        request.into(),
        (&auth.user().id).into(),
        track.into(),
        price.into(),
        message.into(),
        adyton.clock().now().into(),
    ];
    match adyton.db().run(sql, &values).await {
        Ok(_) => {}
        Err(DbError::Taken) => return Err(OFFERED_ALREADY.into()),
        Err(error) => return Err(error.into()),
    }
    let made = of(&adyton, request, Some(&auth.user().id)).await?;
    let made = made.into_iter().next().ok_or(Error::NotFound)?;
    Ok(Reply::Created(made, "beat_offers.created"))
}

/// The offers to a request, the newest first: all, or one producer's.
pub async fn of(adyton: &Adyton, request: i64, producer: Option<&UserId>) -> Result<Vec<Json>> {
    let mut offers = Listing::new(COLUMNS, FROM);
    offers.only("o.beat_request_id = ?", [request]);
    if let Some(producer) = producer {
        offers.only("o.user_id = ?", [producer]);
    }
    let rows = offers.first(adyton.db(), "o.id DESC", LISTED).await?;
    rows.iter().map(shown).collect()
}

/// Nobody offers to themselves, or to a request that is over.
fn check_request(row: &Row, auth: &Auth, now: DateTime<Utc>) -> Result<()> {
    if is_mine(row, auth)? {
        return Err(OWN_REQUEST.into());
    }
    let deadline: Option<DateTime<Utc>> = row.get("deadline")?;
    let is_late = deadline.is_some_and(|deadline| deadline <= now);
    match !is_late && row.get::<String>("status")? == OPEN {
        true => Ok(()),
        false => Err(REQUEST_CLOSED.into()),
    }
}

/// Only what is one's own can be offered, and looked at by who asked.
async fn check(adyton: &Adyton, auth: &Auth, track: i64) -> Result<()> {
    let sql = "SELECT id FROM tracks WHERE id = $1 AND user_id = $2 AND is_published = TRUE";
    let values = [track.into(), (&auth.user().id).into()];
    match adyton.db().one(sql, &values).await? {
        Some(_) => Ok(()),
        None => Err(TRACK_NOT_YOURS.into()),
    }
}

fn shown(row: &Row) -> Result<Json> {
    let (track, title) = (
        row.get::<Option<i64>>("track_id")?,
        row.get::<Option<String>>("title")?,
    );
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "member": { "id": row.get::<i64>("user_id")?, "name": row.get::<String>("member")? },
        "track": title.map(|title| json!({ "id": track, "title": title })),
        "price_cents": row.get::<i64>("price_cents")?,
        "message": row.get::<String>("message")?,
        "created_at": timestamp(row.get("created_at")?),
    }))
}
