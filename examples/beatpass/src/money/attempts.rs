//! Attempts to charge for a purchase. While one might still charge there is no other, so that two
//! tabs, two servers and a crash between them charge once.

use adyton::db::DbError;
use adyton::{Adyton, Error, Result, Secret};

use super::payments::Payments;
use super::purchase::Purchase;
use super::refusals::PAYMENTS_UNREACHABLE;
use super::stripe::{Intent, Trouble};

/// Attempts that one request looks at, each closed by somebody else meanwhile.
const ROUNDS: usize = 4;

/// A try to charge, and its intent at Stripe once that is known.
#[derive(Debug)]
pub struct Attempt {
    pub id: i64,
    pub key: String,
    pub intent: Option<String>,
}

/// The open attempt of a purchase, if there is one.
pub async fn open(adyton: &Adyton, purchase: i64) -> Result<Option<Attempt>> {
    let sql = "SELECT id, idempotency_key, intent FROM purchase_attempts \
               WHERE open_purchase_id = $1";
    let row = adyton.db().one(sql, &[purchase.into()]).await?;
    let attempt = row.map(|row| {
        Ok::<_, DbError>(Attempt {
            id: row.get("id")?,
            key: row.get("idempotency_key")?,
            intent: row.get("intent")?,
        })
    });
    Ok(attempt.transpose()?)
}

/// The attempt that may charge for a purchase, and its intent: those that there are, or new ones.
pub async fn ready(
    adyton: &Adyton,
    payments: &Payments,
    purchase: &Purchase,
) -> Result<(Attempt, Intent)> {
    let stripe = payments.stripe()?;
    for _ in 0..ROUNDS {
        let Some(attempt) = open(adyton, purchase.id).await? else {
            begin(adyton, purchase.id).await?;
            continue;
        };
        let Some(id) = &attempt.intent else {
            let made = stripe
                .make_intent(purchase.price_cents, purchase.id, &attempt.key)
                .await?;
            // Of two who made one the first to write it down counts; the other's charges nothing.
            keep(adyton, attempt.id, &made.id).await?;
            continue;
        };
        match stripe.intent(id).await {
            // The price fell meanwhile.
            Ok(intent) if is_outdated(&intent, purchase) => {
                stripe.cancel(id).await?;
                close(adyton, attempt.id).await?;
            }
            Ok(intent) if intent.status != "canceled" => return Ok((attempt, intent)),
            // What Stripe does not know, as after a change of keys, cannot charge either.
            Ok(_) | Err(Trouble::Missing) => close(adyton, attempt.id).await?,
            Err(other) => return Err(other.into()),
        }
    }
    Err(PAYMENTS_UNREACHABLE.into())
}

/// Whether an intent that has charged nothing would charge another amount.
fn is_outdated(intent: &Intent, purchase: &Purchase) -> bool {
    intent.amount != purchase.price_cents && intent.status.starts_with("requires_")
}

/// Ends an attempt whose intent was cancelled. Never before Stripe said so.
pub async fn close(adyton: &Adyton, attempt: i64) -> Result<()> {
    let sql = "UPDATE purchase_attempts SET open_purchase_id = NULL WHERE id = $1";
    adyton.db().run(sql, &[attempt.into()]).await?;
    Ok(())
}

/// The unique index lets one of those who begin at the same time do so.
async fn begin(adyton: &Adyton, purchase: i64) -> Result<()> {
    let sql = "INSERT INTO purchase_attempts \
               (purchase_id, open_purchase_id, idempotency_key, created_at) \
               VALUES ($1, $2, $3, $4)";
    // Random, for another database may share the account at Stripe.
    let key = Secret::random(32).expose().clone();
    let values = [
        purchase.into(),
        purchase.into(),
        key.into(),
        adyton.clock().now().into(),
    ];
    match adyton.db().run(sql, &values).await {
        Ok(_) | Err(DbError::Taken) => Ok(()),
        Err(error) => Err(Error::from(error)),
    }
}

async fn keep(adyton: &Adyton, attempt: i64, intent: &str) -> Result<()> {
    let sql = "UPDATE purchase_attempts SET intent = $1 WHERE id = $2 AND intent IS NULL";
    adyton
        .db()
        .run(sql, &[intent.into(), attempt.into()])
        .await?;
    Ok(())
}
