//! The newsletter: who wants it.

use adyton::db::{DbError, Listing};
use adyton::{Adyton, Auth, Query, Reply, Result, timestamp};
use axum::extract::State;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::openapi::shapes::{Found, Paged, Paging, Sort};
use crate::page;

/// Whether the newsletter is wanted.
#[derive(Serialize, ToSchema)]
pub struct Subscription {
    subscribed: bool,
}

/// Who wants the newsletter.
#[derive(Serialize, ToSchema)]
pub struct Subscriber {
    name: String,
    #[schema(format = Email)]
    email: String,
    #[schema(format = DateTime)]
    subscribed_at: String,
}

/// Which subscribers a list is narrowed to.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; this describes it")]
pub struct Filters {
    /// Only those with this text in their name or address.
    #[param(rename = "filter[q]", max_length = 255)]
    q: Option<String>,
}

/// Whether one is subscribed.
#[utoipa::path(get, path = "/me/newsletter", tag = "newsletter", operation_id = "my_newsletter",
    security(("token" = ["newsletter:manage"])),
    responses((status = 200, description = "Yes or no", body = Found<Subscription>)))]
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "SELECT id FROM newsletter_subscriptions WHERE user_id = $1";
    let found = adyton.db().one(sql, &[(&auth.user().id).into()]).await?;
    subscribed(found.is_some())
}

/// Subscribes.
#[utoipa::path(put, path = "/me/newsletter", tag = "newsletter", operation_id = "subscribe",
    security(("token" = ["newsletter:manage"])),
    responses((status = 200, description = "Yes", body = Found<Subscription>)))]
pub async fn subscribe(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "INSERT INTO newsletter_subscriptions (user_id, created_at) VALUES ($1, $2)";
    let values = [(&auth.user().id).into(), adyton.clock().now().into()];
    match adyton.db().run(sql, &values).await {
        // Subscribed already is subscribed.
        Ok(_) | Err(DbError::Taken) => subscribed(true),
        Err(error) => Err(error.into()),
    }
}

/// Unsubscribes.
#[utoipa::path(delete, path = "/me/newsletter", tag = "newsletter", operation_id = "unsubscribe",
    security(("token" = ["newsletter:manage"])),
    responses((status = 200, description = "No", body = Found<Subscription>)))]
pub async fn unsubscribe(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "DELETE FROM newsletter_subscriptions WHERE user_id = $1";
    adyton.db().run(sql, &[(&auth.user().id).into()]).await?;
    subscribed(false)
}

/// Everybody who wants it, the newest first. How many is the page's `total`.
#[utoipa::path(get, path = "/admin/newsletter", tag = "admin", operation_id = "subscribers",
    params(Paging, Sort, Filters), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of subscribers", body = Paged<Subscriber>)))]
pub async fn subscribers(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut all = Listing::new(
        "subscribed.id, users.name, users.email, subscribed.created_at",
        "newsletter_subscriptions subscribed JOIN users ON users.id = subscribed.user_id",
    );
    if let Some(text) = query.filters(&["q"])?.get("q") {
        let found = page::containing(text);
        all.only(
            "LOWER(users.name) LIKE ? ESCAPE '!' OR LOWER(users.email) LIKE ? ESCAPE '!'",
            [found.clone(), found],
        );
    }
    let known = [("created_at", "subscribed.created_at")];
    let order = query.sort(&known, "subscribed.id DESC")?;
    page::of(&adyton, &all, &order, &query, |row| {
        Ok(Subscriber {
            name: row.get("name")?,
            email: row.get("email")?,
            subscribed_at: timestamp(row.get("created_at")?),
        })
    })
    .await
}

fn subscribed(subscribed: bool) -> Result<Reply> {
    Ok(Reply::data(page::json(&Subscription { subscribed })?))
}
