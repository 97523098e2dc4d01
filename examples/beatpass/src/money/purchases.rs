//! Purchases: begun here; the payment itself comes with Stripe.

use adyton::db::{DbError, Row};
use adyton::{Adyton, Auth, Error, Invalid, Reply, Result, Rule, User, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::catalog::tracks;
use crate::id::Id;

pub const PAID: &str = "paid";
const PENDING: &str = "pending";

/// Purchases that a list shows at most.
const LISTED: i64 = 100;

/// `POST /tracks/{track}/purchase/initiate`. Whoever asks twice gets the purchase they began.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, Id(track): Id) -> Result<Reply> {
    let found = tracks::find(&adyton, track).await?;
    if auth.user().id == found.get::<i64>("user_id")?.into() {
        return Err(Invalid::field("track", Rule::In).into());
    }
    let sql = "INSERT INTO purchases (user_id, track_id, price_cents, status, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        (&auth.user().id).into(),
        track.into(),
        found.get::<i64>("price_cents")?.into(),
        PENDING.into(),
        adyton.clock().now().into(),
    ];
    let is_new = match adyton.db().run(sql, &values).await {
        Ok(_) => true,
        Err(DbError::Taken) => false,
        Err(error) => return Err(error.into()),
    };
    let purchase = find(&adyton, auth.user(), track).await?;
    let purchase = purchase.ok_or(Error::NotFound)?;
    if purchase.get::<String>("status")? == PAID {
        return Err(Invalid::field("track", Rule::Unique).into());
    }
    match is_new {
        true => Ok(Reply::Created(shown(&purchase)?, "purchases.created")),
        false => Ok(Reply::data(shown(&purchase)?)),
    }
}

/// `GET /purchases`, the newest first.
pub async fn index(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = format!("{SELECT} WHERE purchases.user_id = $1 ORDER BY purchases.id DESC LIMIT $2");
    let values = [(&auth.user().id).into(), LISTED.into()];
    let rows = adyton.db().all(&sql, &values).await?;
    let purchases: Vec<Json> = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::data(json!({ "data": purchases })))
}

/// A person's purchase of a track.
pub async fn find(adyton: &Adyton, user: &User, track: i64) -> Result<Option<Row>> {
    let sql = format!("{SELECT} WHERE purchases.user_id = $1 AND purchases.track_id = $2");
    let values = [(&user.id).into(), track.into()];
    Ok(adyton.db().one(&sql, &values).await?)
}

const SELECT: &str = "SELECT purchases.id, purchases.track_id, tracks.title, \
     purchases.price_cents, purchases.status, purchases.created_at \
     FROM purchases JOIN tracks ON tracks.id = purchases.track_id";

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "track": { "id": row.get::<i64>("track_id")?, "title": row.get::<String>("title")? },
        "price_cents": row.get::<i64>("price_cents")?,
        "status": row.get::<String>("status")?,
        "created_at": timestamp(row.get("created_at")?),
    }))
}
