//! Paying: the browser sends the card to Stripe and its name to us, and we charge it.

use adyton::{Adyton, Auth, Input, Invalid, Reply, Result, Rule};
use axum::extract::State;
use serde_json::json;

use super::payments::Payments;
use super::purchase::{PAID, PROCESSING, Purchase, REFUNDED};
use super::purchases::{bought, for_sale};
use super::refusals::{PAYMENTS_UNREACHABLE, PURCHASE_REFUNDED};
use super::stripe::{Intent, Trouble};
use super::{attempts, customers, settle};
use crate::id::Id;

/// `POST /tracks/{track}/purchase/confirm`. A second click, a second tab and a lost answer find the
/// purchase as the first left it: one intent charges once.
pub async fn store(
    State(adyton): State<Adyton>,
    State(payments): State<Payments>,
    auth: Auth,
    Id(track): Id,
    input: Input,
) -> Result<Reply> {
    let method = named(&input)?;
    let purchase = bought(&adyton, &auth.user().id, track).await?;
    match purchase.status.as_str() {
        PAID => return Ok(told(&purchase, None)),
        REFUNDED => return Err(PURCHASE_REFUNDED.into()),
        PROCESSING => {}
        _ => {
            for_sale(&adyton, auth.user().id.clone(), track).await?;
        }
    }
    let customer = customers::of(&adyton, &payments, &auth.user().id).await?;
    // From here on the track cannot be deleted, nor is it charged for when it is gone already.
    if !settle::begun(&adyton, purchase.id).await? {
        let purchase = bought(&adyton, &auth.user().id, track).await?;
        return Ok(told(&purchase, None));
    }
    let outcome = pay(&adyton, &payments, &purchase, (&customer, &method)).await;
    if let Err(Trouble::Declined(why)) = &outcome {
        let mut tx = adyton.db().begin().await?;
        settle::failed(&mut tx, purchase.id, *why).await?;
        tx.commit().await?;
    } else if let Ok(intent) = &outcome {
        settle::by_intent(&adyton, &payments, &purchase, intent).await?;
    }
    // Another request may have paid meanwhile, whatever became of this one.
    let purchase = bought(&adyton, &auth.user().id, track).await?;
    match (purchase.status.as_str(), outcome) {
        (PAID, _) => Ok(told(&purchase, None)),
        (_, Ok(intent)) => answer(&purchase, &intent),
        (_, Err(trouble)) => Err(trouble.into()),
    }
}

/// `POST /tracks/{track}/purchase/refresh`: how it stands at Stripe, after the bank asked its
/// customer, or after an answer was lost.
pub async fn refresh(
    State(adyton): State<Adyton>,
    State(payments): State<Payments>,
    auth: Auth,
    Id(track): Id,
) -> Result<Reply> {
    let purchase = bought(&adyton, &auth.user().id, track).await?;
    let attempt = attempts::open(&adyton, purchase.id).await?;
    let is_settled = matches!(purchase.status.as_str(), PAID | REFUNDED);
    let Some(intent) = attempt
        .and_then(|attempt| attempt.intent)
        .filter(|_| !is_settled)
    else {
        return Ok(Reply::data(purchase.shown()));
    };
    let intent = payments.stripe()?.intent(&intent).await?;
    settle::by_intent(&adyton, &payments, &purchase, &intent).await?;
    let purchase = bought(&adyton, &auth.user().id, track).await?;
    Ok(Reply::data(purchase.shown()))
}

/// Charges the card, if nothing has yet. What Stripe says of the intent afterwards counts, and not
/// how the call ended.
async fn pay(
    adyton: &Adyton,
    payments: &Payments,
    purchase: &Purchase,
    (customer, method): (&str, &str),
) -> Result<Intent, Trouble> {
    let stripe = payments.stripe().map_err(unclear)?;
    let ready = || attempts::ready(adyton, payments, purchase);
    let (mut attempt, mut intent) = ready().await.map_err(unclear)?;
    if is_over(&intent, method) {
        if stripe.cancel(&intent.id).await.is_err() {
            // It was too late to cancel: see how it ended. A second click may have cancelled it.
            let ended = stripe.intent(&intent.id).await?;
            if ended.status != "canceled" {
                return Ok(ended);
            }
        }
        attempts::close(adyton, attempt.id).await.map_err(unclear)?;
        (attempt, intent) = ready().await.map_err(unclear)?;
    }
    if matches!(
        intent.status.as_str(),
        "succeeded" | "processing" | "requires_action"
    ) {
        return Ok(intent);
    }
    stripe.attach(method, customer).await?;
    let key = &attempt.key;
    match stripe.charge(&intent.id, (customer, method), key).await {
        Ok(intent) => Ok(intent),
        Err(declined @ Trouble::Declined(_)) => Err(declined),
        Err(trouble) => {
            tracing::warn!(?trouble, "a charge ended without a clear answer");
            stripe.intent(&intent.id).await
        }
    }
}

/// Whether an intent was tried and failed, or waits for the owner of another card: a new card gets
/// a new intent.
fn is_over(intent: &Intent, method: &str) -> bool {
    match intent.status.as_str() {
        "requires_payment_method" => intent.last_payment_error.is_some(),
        "requires_action" => intent.payment_method.as_deref() != Some(method),
        _ => false,
    }
}

fn answer(purchase: &Purchase, intent: &Intent) -> Result<Reply> {
    match intent.status.as_str() {
        "requires_action" => Ok(told(purchase, intent.client_secret.as_deref())),
        "succeeded" | "processing" => Ok(told(purchase, None)),
        "requires_payment_method" => Err(settle::why(intent.last_payment_error.as_ref()).into()),
        _ => Err(PAYMENTS_UNREACHABLE.into()),
    }
}

fn told(purchase: &Purchase, secret: Option<&str>) -> Reply {
    Reply::data(json!({
        "purchase": purchase.shown(),
        "requires_action": secret.is_some(),
        "client_secret": secret,
    }))
}

/// The card that was sent. Its name becomes a part of an address at Stripe.
fn named(input: &Input) -> Result<String> {
    let mut read = input.reader();
    let method = read.text("payment_method", 255);
    read.finish()?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    match method.starts_with("pm_") && method.bytes().all(known) {
        true => Ok(method),
        false => Err(Invalid::field("payment_method", Rule::In).into()),
    }
}

fn unclear(error: adyton::Error) -> Trouble {
    Trouble::Unclear(error.to_string())
}
