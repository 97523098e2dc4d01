//! Paying back, by the administration, once.

use adyton::{Adyton, Error, Result};
use chrono::TimeDelta;

use super::payments::Payments;
use super::purchase::{self, PAID, Purchase, REFUNDED};
use super::refusals::{NOT_CHARGED, NOT_REFUNDABLE};
use super::stripe::Stripe;
use super::{attempts, settle};

/// Seconds after which a refund that nobody saw the end of may be asked for again.
const PATIENCE: i64 = 60;

/// Pays a purchase back through Stripe. Whoever asks again later gets it as it is.
pub async fn refund(adyton: &Adyton, payments: &Payments, id: i64) -> Result<Purchase> {
    let found = || async { purchase::by_id(adyton, id).await?.ok_or(Error::NotFound) };
    let purchase = found().await?;
    match purchase.status.as_str() {
        REFUNDED => return Ok(purchase),
        PAID if claim(adyton, id).await? => {}
        _ => return Err(NOT_REFUNDABLE.into()),
    }
    if purchase.price_cents > 0 {
        let paid_back = pay_back(adyton, payments.stripe(), &purchase).await;
        if paid_back.is_err() {
            release(adyton, id).await?;
        }
        paid_back?;
    }
    settle::refunded(adyton, id).await?;
    found().await
}

async fn pay_back(adyton: &Adyton, stripe: Result<&Stripe>, purchase: &Purchase) -> Result<()> {
    let stripe = stripe?;
    let attempt = attempts::open(adyton, purchase.id)
        .await?
        .ok_or(NOT_CHARGED)?;
    let intent = attempt.intent.ok_or(NOT_CHARGED)?;
    // An earlier request may have got that far, and its answer may be lost.
    if !stripe.is_refunded(&intent, purchase.price_cents).await? {
        stripe
            .refund(&intent, &format!("{}-refund", attempt.key))
            .await?;
    }
    Ok(())
}

/// One request at a time: of two, the row count tells who pays back.
async fn claim(adyton: &Adyton, purchase: i64) -> Result<bool> {
    let sql = "UPDATE purchases SET refund_begun_at = $1 WHERE id = $2 AND status = $3 \
               AND (refund_begun_at IS NULL OR refund_begun_at < $4)";
    let now = adyton.clock().now();
    let values = [
        now.into(),
        purchase.into(),
        PAID.into(),
        (now - TimeDelta::seconds(PATIENCE)).into(),
    ];
    Ok(adyton.db().run(sql, &values).await? == 1)
}

async fn release(adyton: &Adyton, purchase: i64) -> Result<()> {
    let sql = "UPDATE purchases SET refund_begun_at = NULL WHERE id = $1 AND status = $2";
    adyton
        .db()
        .run(sql, &[purchase.into(), PAID.into()])
        .await?;
    Ok(())
}
