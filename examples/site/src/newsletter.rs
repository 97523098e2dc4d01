//! The newsletter: who wants it.

use adyton::db::DbError;
use adyton::{Adyton, Auth, Reply, Result};
use axum::extract::State;
use serde_json::json;

/// `GET /api/v1/me/newsletter`
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "SELECT id FROM newsletter_subscriptions WHERE user_id = $1";
    let found = adyton.db().one(sql, &[(&auth.user().id).into()]).await?;
    Ok(subscribed(found.is_some()))
}

/// `PUT /api/v1/me/newsletter`
pub async fn subscribe(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "INSERT INTO newsletter_subscriptions (user_id, created_at) VALUES ($1, $2)";
    let values = [(&auth.user().id).into(), adyton.clock().now().into()];
    match adyton.db().run(sql, &values).await {
        // Subscribed already is subscribed.
        Ok(_) | Err(DbError::Taken) => Ok(subscribed(true)),
        Err(error) => Err(error.into()),
    }
}

/// `DELETE /api/v1/me/newsletter`
pub async fn unsubscribe(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "DELETE FROM newsletter_subscriptions WHERE user_id = $1";
    adyton.db().run(sql, &[(&auth.user().id).into()]).await?;
    Ok(subscribed(false))
}

fn subscribed(is: bool) -> Reply {
    Reply::data(json!({ "subscribed": is }))
}
