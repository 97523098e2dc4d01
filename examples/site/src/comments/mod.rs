//! Comments of readers on posts: written, mended for a while, taken back.

pub mod moderation;

use std::time::Duration;

use adyton::db::{Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Invalid, Query, Reply, Result, Rule, timestamp};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::id::{Id, Word};
use crate::openapi::shapes::{Found, Paged, Paging, Sort, Told};
use crate::page::{self, NONE};
use crate::posts;

/// How long a comment can be changed: later, others have answered it.
const EDITABLE: Duration = Duration::from_secs(15 * 60);

const LONGEST: usize = 4000;
const FROM: &str = "comments LEFT JOIN users ON users.id = comments.user_id";
const COLUMNS: &str = "comments.id, comments.post_id, users.name AS author, comments.body, \
     comments.status, comments.created_at, comments.edited_at";

/// A comment.
#[derive(Serialize, ToSchema)]
pub struct Comment {
    #[schema(minimum = 1)]
    id: i64,
    #[schema(minimum = 1)]
    post_id: i64,
    /// Who wrote it; null once they are gone.
    author: Option<String>,
    body: String,
    status: Status,
    #[schema(format = DateTime)]
    created_at: String,
    /// Null while it is as it was written.
    #[schema(format = DateTime)]
    edited_at: Option<String>,
}

/// Whether everybody may read it.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CommentStatus)]
pub enum Status {
    Approved,
    Hidden,
}

/// A comment to be written.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct CommentInput {
    #[schema(minimum = 1)]
    post_id: i64,
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    body: String,
}

/// Another text for a comment.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct CommentChange {
    #[schema(
        min_length = 1,
        max_length = 4000,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    body: String,
}

/// What readers said of a post, the first first.
#[utoipa::path(get, path = "/posts/{post}/comments", tag = "posts", operation_id = "post_comments",
    params(("post" = String, Path, description = "A number or a slug", example = "compost-an-apology"), Paging, Sort),
    responses((status = 200, description = "A page of comments", body = Paged<Comment>)))]
pub async fn of_post(
    State(adyton): State<Adyton>,
    Word(post): Word,
    query: Query,
) -> Result<Reply> {
    let post = posts::published(&adyton, &post).await?.summary.id;
    let order = query.sort(&[("created_at", "comments.created_at")], "comments.id")?;
    page::of(&adyton, &approved(post), &order, &query, shown).await
}

/// One's own comments, the newest first.
#[utoipa::path(get, path = "/me/comments", tag = "comments", operation_id = "my_comments",
    params(Paging, Sort), security(("token" = ["comments:write"])),
    responses((status = 200, description = "A page of comments", body = Paged<Comment>)))]
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut comments = Listing::new(COLUMNS, FROM);
    comments.only("comments.user_id = ?", [&auth.user().id]);
    let known = [("created_at", "comments.created_at")];
    let order = query.sort(&known, "comments.id DESC")?;
    page::of(&adyton, &comments, &order, &query, shown).await
}

/// Says something of a post.
#[utoipa::path(post, path = "/me/comments", tag = "comments", operation_id = "write_comment",
    request_body = CommentInput, security(("token" = ["comments:write"])),
    responses((status = 201, description = "It was written", body = Found<Comment>)))]
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let post = read.integer("post_id", 1..=i64::MAX);
    let body = read.text("body", LONGEST);
    read.finish()?;
    match posts::published(&adyton, &post.to_string()).await {
        Ok(_) => {}
        Err(Error::NotFound) => return Err(Invalid::field("post_id", Rule::In).into()),
        Err(error) => return Err(error),
    }
    let sql = "INSERT INTO comments (post_id, user_id, body, created_at) VALUES ($1, $2, $3, $4)";
    let values = [
        post.into(),
        (&auth.user().id).into(),
        body.into(),
        adyton.clock().now().into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = page::json(&find(&adyton, id).await?)?;
    Ok(Reply::Created(made, "comments.created"))
}

/// Mends one's own comment, in the first fifteen minutes.
#[utoipa::path(put, path = "/me/comments/{comment_id}", tag = "comments",
    operation_id = "change_comment",
    params(("comment_id" = i64, Path, minimum = 1)),
    request_body = CommentChange, security(("token" = ["comments:write"])),
    responses((status = 200, description = "As it is now", body = Found<Comment>)))]
pub async fn update(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let body = read.text("body", LONGEST);
    read.finish()?;
    let now = adyton.clock().now();
    let sql = "UPDATE comments SET body = $1, edited_at = $2 \
               WHERE id = $3 AND user_id = $4 AND created_at > $5";
    let values = [
        body.into(),
        now.into(),
        id.into(),
        (&auth.user().id).into(),
        (now - EDITABLE).into(),
    ];
    let changed = adyton.db().run(sql, &values).await?;
    let comment = find(&adyton, id).await?;
    match changed {
        // Somebody else's, or old: either way it is no longer this reader's to change.
        0 => Err(Error::not_yours()),
        _ => Ok(Reply::data(page::json(&comment)?)),
    }
}

/// Takes one's own comment back.
#[utoipa::path(delete, path = "/me/comments/{comment_id}", tag = "comments",
    operation_id = "delete_comment",
    params(("comment_id" = i64, Path, minimum = 1)), security(("token" = ["comments:write"])),
    responses((status = 200, description = "It is gone", body = Told)))]
pub async fn destroy(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let sql = "DELETE FROM comments WHERE id = $1 AND user_id = $2";
    let values = [id.into(), (&auth.user().id).into()];
    if adyton.db().run(sql, &values).await? == 0 {
        find(&adyton, id).await?;
        return Err(Error::not_yours());
    }
    Ok(Reply::Message("comments.deleted"))
}

/// The first that readers said of a post.
pub async fn first_of(adyton: &Adyton, post: i64, most: i64) -> Result<Vec<Comment>> {
    let comments = approved(post);
    let rows = comments.first(adyton.db(), "comments.id", most).await?;
    rows.iter().map(shown).collect()
}

fn approved(post: i64) -> Listing {
    let mut comments = Listing::new(COLUMNS, FROM);
    comments.only("comments.post_id = ?", [post]);
    comments.only("comments.status = 'approved'", NONE);
    comments
}

async fn find(adyton: &Adyton, id: i64) -> Result<Comment> {
    let mut found = Listing::new(COLUMNS, FROM);
    found.only("comments.id = ?", [id]);
    let rows = found.first(adyton.db(), "comments.id", 1).await?;
    shown(rows.first().ok_or(Error::NotFound)?)
}

fn shown(row: &Row) -> Result<Comment> {
    let edited_at: Option<DateTime<Utc>> = row.get("edited_at")?;
    Ok(Comment {
        id: row.get("id")?,
        post_id: row.get("post_id")?,
        author: row.get("author")?,
        body: row.get("body")?,
        status: match row.get::<String>("status")?.as_str() {
            "approved" => Status::Approved,
            _ => Status::Hidden,
        },
        created_at: timestamp(row.get("created_at")?),
        edited_at: edited_at.map(timestamp),
    })
}
