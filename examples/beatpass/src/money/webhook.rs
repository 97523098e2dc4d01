//! `POST /stripe/webhook`: what Stripe tells by itself. It needs no session and no CSRF token; its
//! signature proves it.

use adyton::db::DbError;
use adyton::{Adyton, Error, Malformed, Reply, Result};
use axum::body::{self, Bytes};
use axum::extract::{Request, State};
use miniserde::Deserialize;
use serde_json::json;

use super::payments::Payments;
use super::refusals::{EVENT_UNREADABLE, SIGNATURE_WRONG};
use super::stripe::Intent;
use super::{settle, signature};

/// Bytes of an event. Stripe's have a few thousand.
pub const LARGEST: usize = 256 * 1024;

/// Which event it is.
#[derive(Deserialize)]
struct Event {
    id: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What an event about a payment says besides.
#[derive(Deserialize)]
struct About {
    data: Object,
}

#[derive(Deserialize)]
struct Object {
    object: Intent,
}

/// Each event is taken in once, in the transaction that settles its purchase. One that we have no
/// use for is thanked for too, or Stripe would send it for days.
pub async fn store(
    State(adyton): State<Adyton>,
    State(payments): State<Payments>,
    request: Request,
) -> Result<Reply> {
    let header = request.headers().get("stripe-signature");
    let header = header.and_then(|value| value.to_str().ok());
    let header = header.unwrap_or_default().to_owned();
    let body = received(&adyton, request).await?;
    let now = adyton.clock().now();
    if !signature::is_good(payments.webhook_secret()?, &header, &body, now.timestamp()) {
        return Err(SIGNATURE_WRONG.into());
    }
    let text = std::str::from_utf8(&body).map_err(|_| EVENT_UNREADABLE)?;
    let event: Event = miniserde::json::from_str(text).map_err(|_| EVENT_UNREADABLE)?;
    let thanks = Reply::data(json!({ "received": true }));
    if !matches!(
        event.kind.as_str(),
        "payment_intent.succeeded" | "payment_intent.processing" | "payment_intent.payment_failed"
    ) {
        return Ok(thanks);
    }
    let about: About = miniserde::json::from_str(text).map_err(|_| EVENT_UNREADABLE)?;
    take_in(&adyton, &payments, &event, &about.data.object).await?;
    Ok(thanks)
}

/// The whole body, whose sender nobody knows yet: no larger and no slower than an event is.
async fn received(adyton: &Adyton, request: Request) -> Result<Bytes> {
    let patience = adyton.config().http.body_timeout;
    let body = body::to_bytes(request.into_body(), LARGEST);
    match tokio::time::timeout(patience, body).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(Error::TooLarge { limit: LARGEST }),
        Err(_) => Err(Malformed::Body.into()),
    }
}

async fn take_in(
    adyton: &Adyton,
    payments: &Payments,
    event: &Event,
    intent: &Intent,
) -> Result<()> {
    let mut tx = adyton.db().begin().await?;
    let sql = "SELECT purchases.id, purchases.price_cents, purchase_attempts.open_purchase_id \
               FROM purchase_attempts JOIN purchases \
                 ON purchases.id = purchase_attempts.purchase_id \
               WHERE purchase_attempts.intent = $1";
    let Some(row) = tx.one(sql, &[intent.id.as_str().into()]).await? else {
        // Another shop of the same account, or an intent that lost a race and charges nothing.
        return Ok(());
    };
    settle::check(payments, row.get("price_cents")?, intent)?;
    let sql = "INSERT INTO stripe_events (event, received_at) VALUES ($1, $2)";
    let now = adyton.clock().now();
    match tx.run(sql, &[event.id.as_str().into(), now.into()]).await {
        Ok(_) => {}
        Err(DbError::Taken) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    // A failure of an attempt that another one has followed is no news.
    let is_open = row.get::<Option<i64>>("open_purchase_id")?.is_some();
    if is_open || intent.status == "succeeded" {
        settle::note(&mut tx, row.get("id")?, intent, now).await?;
    }
    Ok(tx.commit().await?)
}
