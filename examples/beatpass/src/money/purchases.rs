//! `/purchases`, and how one is begun.

use adyton::db::{DbError, Row};
use adyton::{Adyton, Auth, Error, Invalid, Page, Query, Reply, Result, Rule, User, UserId};
use axum::extract::State;
use serde_json::Value as Json;

use super::payments::Payments;
pub use super::purchase::PAID;
use super::purchase::{self, FAILED, PENDING, Purchase, REFUNDED, STATUSES};
use super::refusals::{ALREADY_BOUGHT, NOT_FOR_SALE, OWN_TRACK, PRICE_TOO_LOW, PURCHASE_REFUNDED};
use super::{attempts, settle};
use crate::catalog::tracks;
use crate::id::Id;

/// The least that Stripe charges in US dollars, in cents.
pub const LEAST: i64 = 50;

const SORTS: [(&str, &str); 2] = [
    ("created_at", "purchases.created_at"),
    ("price", "purchases.price_cents"),
];

/// `POST /tracks/{track}/purchase/initiate`. Whoever asks twice gets the purchase they began.
pub async fn store(
    State(adyton): State<Adyton>,
    State(payments): State<Payments>,
    auth: Auth,
    Id(track): Id,
) -> Result<Reply> {
    let (price, me) = (
        for_sale(&adyton, auth.user().id.clone(), track).await?,
        &auth.user().id,
    );
    let is_free = price == 0;
    if !is_free {
        payments.stripe()?;
    }
    let is_new = begin(&adyton, me, track, price).await?;
    if !is_new {
        follow_down(&adyton, me, track, price).await?;
    }
    let mut purchase = bought(&adyton, me, track).await?;
    match purchase.status.as_str() {
        PAID => return Err(ALREADY_BOUGHT.into()),
        REFUNDED => return Err(PURCHASE_REFUNDED.into()),
        _ => {}
    }
    let mut secret = None;
    if purchase.price_cents == 0 {
        let mut tx = adyton.db().begin().await?;
        settle::paid(&mut tx, purchase.id, adyton.clock().now()).await?;
        tx.commit().await?;
        purchase = bought(&adyton, me, track).await?;
    } else {
        let (_, intent) = attempts::ready(&adyton, &payments, &purchase).await?;
        secret = intent.client_secret;
    }
    let mut shown = purchase.shown();
    shown["client_secret"] = secret.into();
    match is_new {
        true => Ok(Reply::Created(shown, "purchases.created")),
        false => Ok(Reply::data(shown)),
    }
}

/// `GET /purchases`, the newest first.
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut own = purchase::listing();
    own.only("purchases.user_id = ?", [&auth.user().id]);
    page(&adyton, own, &query, Purchase::shown).await
}

/// `GET /purchases/{purchase}`
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let found = purchase::own(&adyton, &auth.user().id, id).await?;
    Ok(Reply::data(found.ok_or(Error::NotFound)?.shown()))
}

/// A page of purchases as the query asks for it.
pub async fn page(
    adyton: &Adyton,
    mut purchases: adyton::db::Listing,
    query: &Query,
    shown: fn(&Purchase) -> Json,
) -> Result<Reply> {
    let paging = query.paging()?;
    let order = query.sort(&SORTS, "purchases.id DESC")?;
    if let Some(status) = query.filters(&["status"])?.get("status") {
        if !STATUSES.contains(&status.as_str()) {
            return Err(Invalid::field("filter", Rule::In).into());
        }
        purchases.only("purchases.status = ?", [status]);
    }
    let (rows, total) = purchases.page(adyton.db(), &order, paging.bounds()).await?;
    let read = |row| Ok(shown(&Purchase::read(row)?));
    let items = rows.iter().map(read).collect::<Result<_>>()?;
    Ok(Reply::Page(Page::new(
        items,
        paging.page,
        paging.per_page,
        total,
    )))
}

/// A member's purchase of a track, which must be there.
pub async fn bought(adyton: &Adyton, member: &UserId, track: i64) -> Result<Purchase> {
    let purchase = purchase::of(adyton, member, track).await?;
    purchase.ok_or(Error::NotFound)
}

/// A member's purchase of a track, if there is one: its number and status.
pub async fn find(adyton: &Adyton, member: &User, track: i64) -> Result<Option<Row>> {
    let sql = "SELECT id, status FROM purchases WHERE user_id = $1 AND track_id = $2";
    let values = [(&member.id).into(), track.into()];
    Ok(adyton.db().one(sql, &values).await?)
}

/// A price that fell since a purchase was begun is the one to pay; one that rose is not.
async fn follow_down(adyton: &Adyton, member: &UserId, track: i64, price: i64) -> Result<()> {
    let sql = "UPDATE purchases SET price_cents = $1 \
               WHERE user_id = $2 AND track_id = $3 AND price_cents > $4 AND status IN ($5, $6)";
    let values = [
        price.into(),
        member.into(),
        track.into(),
        price.into(),
        PENDING.into(),
        FAILED.into(),
    ];
    adyton.db().run(sql, &values).await?;
    Ok(())
}

/// What a member would pay for a track.
pub(super) async fn for_sale(adyton: &Adyton, member: UserId, track: i64) -> Result<i64> {
    let found = tracks::find(adyton, track).await?;
    if member == found.get::<i64>("user_id")?.into() {
        return Err(OWN_TRACK.into());
    }
    if !tracks::is_for_all(&found)? {
        return Err(NOT_FOR_SALE.into());
    }
    match found.get::<i64>("price_cents")? {
        price if (1..LEAST).contains(&price) => Err(PRICE_TOO_LOW.into()),
        price => Ok(price),
    }
}

/// Whether there was none before: the unique index decides.
async fn begin(adyton: &Adyton, member: &UserId, track: i64, price: i64) -> Result<bool> {
    let sql = "INSERT INTO purchases (user_id, track_id, price_cents, status, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        member.into(),
        track.into(),
        price.into(),
        PENDING.into(),
        adyton.clock().now().into(),
    ];
    match adyton.db().run(sql, &values).await {
        Ok(_) => Ok(true),
        Err(DbError::Taken) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
