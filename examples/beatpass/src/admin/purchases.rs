//! `/admin/purchases`: what was bought, and paying it back.

use adyton::{Adyton, Query, Reply, Result};
use axum::extract::State;

use crate::id::Id;
use crate::money::purchase::{self, Purchase};
use crate::money::{Payments, purchases, refund};

/// `GET /admin/purchases`, the newest first.
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    purchases::page(
        &adyton,
        purchase::listing(),
        &query,
        Purchase::shown_to_admin,
    )
    .await
}

/// `POST /admin/purchases/{purchase}/refund`: all of it, once.
pub async fn refund(
    State(adyton): State<Adyton>,
    State(payments): State<Payments>,
    Id(id): Id,
) -> Result<Reply> {
    let purchase = refund::refund(&adyton, &payments, id).await?;
    Ok(Reply::data(purchase.shown_to_admin()))
}
