//! Members as Stripe's customers: made at the first payment, one a member and mode.

use adyton::db::DbError;
use adyton::{Adyton, Error, Result, UserId};

use super::payments::Payments;

/// The member's customer at Stripe. Stripe is told a number, and no name or address.
pub async fn of(adyton: &Adyton, payments: &Payments, member: &UserId) -> Result<String> {
    if let Some(known) = find(adyton, payments, member).await? {
        return Ok(known);
    }
    let description = format!("BeatPass member {member}");
    let stripe = payments.stripe()?;
    // Random, for another database may share the account at Stripe. Of two that are made at the
    // same time one is kept, and the other has no cards.
    let key = adyton::Secret::random(32);
    let made = stripe.make_customer(&description, key.expose()).await?;
    let sql = "INSERT INTO stripe_customers (user_id, is_live, customer, created_at) \
               VALUES ($1, $2, $3, $4)";
    let values = [
        member.into(),
        payments.is_live().into(),
        made.as_str().into(),
        adyton.clock().now().into(),
    ];
    match adyton.db().run(sql, &values).await {
        Ok(_) => Ok(made),
        Err(DbError::Taken) => find(adyton, payments, member).await?.ok_or(Error::NotFound),
        Err(error) => Err(error.into()),
    }
}

async fn find(adyton: &Adyton, payments: &Payments, member: &UserId) -> Result<Option<String>> {
    let sql = "SELECT customer FROM stripe_customers WHERE user_id = $1 AND is_live = $2";
    let values = [member.into(), payments.is_live().into()];
    let row = adyton.db().one(sql, &values).await?;
    Ok(row.map(|row| row.get("customer")).transpose()?)
}
