//! The Site in numbers, for its owner.

use adyton::{Adyton, Error, Reply, Result};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::openapi::shapes::Found;
use crate::page;

/// How much there is of everything.
#[derive(Serialize, ToSchema)]
pub struct Stats {
    #[schema(minimum = 0)]
    users: i64,
    #[schema(minimum = 0)]
    posts_published: i64,
    #[schema(minimum = 0)]
    posts_drafts: i64,
    #[schema(minimum = 0)]
    comments_approved: i64,
    #[schema(minimum = 0)]
    comments_hidden: i64,
    #[schema(minimum = 0)]
    tickets_open: i64,
    #[schema(minimum = 0)]
    tickets_answered: i64,
    #[schema(minimum = 0)]
    tickets_closed: i64,
    #[schema(minimum = 0)]
    subscribers: i64,
}

const COUNTED: &str = "SELECT (SELECT COUNT(*) FROM users) AS users, \
     (SELECT COUNT(*) FROM posts WHERE status = 'published') AS posts_published, \
     (SELECT COUNT(*) FROM posts WHERE status = 'draft') AS posts_drafts, \
     (SELECT COUNT(*) FROM comments WHERE status = 'approved') AS comments_approved, \
     (SELECT COUNT(*) FROM comments WHERE status = 'hidden') AS comments_hidden, \
     (SELECT COUNT(*) FROM tickets WHERE status = 'open') AS tickets_open, \
     (SELECT COUNT(*) FROM tickets WHERE status = 'answered') AS tickets_answered, \
     (SELECT COUNT(*) FROM tickets WHERE status = 'closed') AS tickets_closed, \
     (SELECT COUNT(*) FROM newsletter_subscriptions) AS subscribers";

/// How much there is of everything.
#[utoipa::path(get, path = "/admin/stats", tag = "admin", operation_id = "stats",
    security(("token" = ["admin"])),
    responses((status = 200, description = "The numbers", body = Found<Stats>)))]
pub async fn show(State(adyton): State<Adyton>) -> Result<Reply> {
    let row = adyton.db().one(COUNTED, &[]).await?;
    let row = row.ok_or(Error::NotFound)?;
    let stats = Stats {
        users: row.get("users")?,
        posts_published: row.get("posts_published")?,
        posts_drafts: row.get("posts_drafts")?,
        comments_approved: row.get("comments_approved")?,
        comments_hidden: row.get("comments_hidden")?,
        tickets_open: row.get("tickets_open")?,
        tickets_answered: row.get("tickets_answered")?,
        tickets_closed: row.get("tickets_closed")?,
        subscribers: row.get("subscribers")?,
    };
    Ok(Reply::data(page::json(&stats)?))
}
