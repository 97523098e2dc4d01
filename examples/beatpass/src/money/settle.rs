//! How a purchase comes to stand: by what Stripe says of its intent, whoever asked first. Each change
//! names the states that it may come from, so nothing is settled twice and `paid` stays.

use adyton::db::Value;
use adyton::{Adyton, Refusal, Result, Tx};
use chrono::{DateTime, Utc};

use super::payments::Payments;
use super::purchase::{FAILED, PAID, PENDING, PROCESSING, Purchase, REFUNDED};
use super::refusals::{CARD_DECLINED, EVENT_MISMATCH};
use super::stripe::{CURRENCY, Intent, PaymentError};

/// Writes down what an intent says of its purchase.
pub async fn by_intent(
    adyton: &Adyton,
    payments: &Payments,
    purchase: &Purchase,
    intent: &Intent,
) -> Result<()> {
    check(payments, purchase.price_cents, intent)?;
    let mut tx = adyton.db().begin().await?;
    note(&mut tx, purchase.id, intent, adyton.clock().now()).await?;
    Ok(tx.commit().await?)
}

/// The same within a transaction.
pub async fn note(tx: &mut Tx, purchase: i64, intent: &Intent, now: DateTime<Utc>) -> Result<()> {
    match intent.status.as_str() {
        "succeeded" => paid(tx, purchase, now).await,
        "requires_action" | "processing" => processing(tx, purchase).await,
        _ => match &intent.last_payment_error {
            Some(error) => failed(tx, purchase, error.refusal()).await,
            None => waiting(tx, purchase).await,
        },
    }
}

/// Nothing is being charged: the member may try again.
async fn waiting(tx: &mut Tx, purchase: i64) -> Result<()> {
    let sql = "UPDATE purchases SET status = $1 WHERE id = $2 AND status = $3";
    let values = [PENDING.into(), purchase.into(), PROCESSING.into()];
    tx.run(sql, &values).await?;
    Ok(())
}

/// An intent that is not for this purchase settles nothing.
///
/// # Errors
/// 422: amount, currency or mode differ.
pub fn check(payments: &Payments, price_cents: i64, intent: &Intent) -> Result<()> {
    let is_right = intent.amount == price_cents
        && intent.currency.eq_ignore_ascii_case(CURRENCY)
        && intent.livemode == payments.is_live();
    if is_right {
        return Ok(());
    }
    tracing::error!(
        intent = intent.id,
        "a payment is not what its purchase asks for"
    );
    Err(EVENT_MISMATCH.into())
}

/// It is paid, however often that is heard.
pub async fn paid(tx: &mut Tx, purchase: i64, now: DateTime<Utc>) -> Result<()> {
    let sql = "UPDATE purchases SET status = $1, paid_at = $2, failure = NULL \
               WHERE id = $3 AND status IN ($4, $5, $6)";
    let values = [
        PAID.into(),
        now.into(),
        purchase.into(),
        PENDING.into(),
        PROCESSING.into(),
        FAILED.into(),
    ];
    tx.run(sql, &values).await?;
    Ok(())
}

/// The card was refused. What is paid, stays paid: an event may come late.
pub async fn failed(tx: &mut Tx, purchase: i64, why: Refusal) -> Result<()> {
    let sql = "UPDATE purchases SET status = $1, failure = $2 \
               WHERE id = $3 AND status IN ($4, $5, $6)";
    let values = [
        FAILED.into(),
        why.code.into(),
        purchase.into(),
        PENDING.into(),
        PROCESSING.into(),
        FAILED.into(),
    ];
    tx.run(sql, &values).await?;
    Ok(())
}

/// All of it was paid back.
pub async fn refunded(adyton: &Adyton, purchase: i64) -> Result<()> {
    let sql = "UPDATE purchases SET status = $1 WHERE id = $2 AND status = $3";
    let values = [REFUNDED.into(), purchase.into(), PAID.into()];
    adyton.db().run(sql, &values).await?;
    Ok(())
}

/// What an intent's failure is told as.
pub fn why(error: Option<&PaymentError>) -> Refusal {
    error.map_or(CARD_DECLINED, PaymentError::refusal)
}

/// Marks a purchase that is about to be charged. `false` when there is none that could be.
pub async fn begun(adyton: &Adyton, purchase: i64) -> Result<bool> {
    let (sql, values) = to_processing(purchase);
    Ok(adyton.db().run(sql, &values).await? == 1)
}

async fn processing(tx: &mut Tx, purchase: i64) -> Result<()> {
    let (sql, values) = to_processing(purchase);
    tx.run(sql, &values).await?;
    Ok(())
}

fn to_processing(purchase: i64) -> (&'static str, [Value; 5]) {
    let sql = "UPDATE purchases SET status = $1, failure = NULL \
               WHERE id = $2 AND status IN ($3, $4, $5)";
    let values = [
        PROCESSING.into(),
        purchase.into(),
        PENDING.into(),
        PROCESSING.into(),
        FAILED.into(),
    ];
    (sql, values)
}
