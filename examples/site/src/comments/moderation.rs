//! The owner looks after what readers say: a comment is hidden, shown again, or taken away.

use adyton::db::Listing;
use adyton::{Adyton, Error, Input, Query, Reply, Result, Rule};
use axum::extract::State;
use utoipa::{IntoParams, ToSchema};

use super::{COLUMNS, Comment, FROM, Status, find, shown};
use crate::id::Id;
use crate::openapi::shapes::{Found, Paged, Paging, Sort, Told};
use crate::page;

/// What is to become of a comment.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct Judgement {
    status: Status,
}

/// Which comments a list is narrowed to.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; this describes them")]
pub struct Filters {
    /// `approved` or `hidden`.
    #[param(rename = "filter[status]", max_length = 255)]
    status: Option<String>,
    /// Only comments of the author of this name.
    #[param(rename = "filter[author]", max_length = 255)]
    author: Option<String>,
    /// Only comments with this text.
    #[param(rename = "filter[q]", max_length = 255)]
    q: Option<String>,
}

/// All comments, the newest first.
#[utoipa::path(get, path = "/admin/comments", tag = "admin", operation_id = "admin_comments",
    params(Paging, Sort, Filters), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of comments", body = Paged<Comment>)))]
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut comments = Listing::new(COLUMNS, FROM);
    let filters = query.filters(&["status", "author", "q"])?;
    if let Some(status) = filters.get("status") {
        comments.only("comments.status = ?", [status]);
    }
    if let Some(author) = filters.get("author") {
        comments.only("users.name = ?", [author]);
    }
    if let Some(text) = filters.get("q") {
        let found = page::containing(text);
        comments.only("LOWER(comments.body) LIKE ? ESCAPE '!'", [found]);
    }
    let known = [("created_at", "comments.created_at")];
    let order = query.sort(&known, "comments.id DESC")?;
    page::of(&adyton, &comments, &order, &query, shown).await
}

/// Hides a comment, or shows it again.
#[utoipa::path(put, path = "/admin/comments/{comment_id}", tag = "admin",
    operation_id = "moderate_comment",
    params(("comment_id" = i64, Path, minimum = 1)),
    request_body = Judgement, security(("token" = ["admin"])),
    responses((status = 200, description = "As it is now", body = Found<Comment>)))]
pub async fn update(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let status = read.text("status", 16);
    if !status.is_empty() && !["approved", "hidden"].contains(&status.as_str()) {
        read.broken("status", Rule::In);
    }
    read.finish()?;
    let sql = "UPDATE comments SET status = $1 WHERE id = $2";
    adyton.db().run(sql, &[status.into(), id.into()]).await?;
    Ok(Reply::data(page::json(&find(&adyton, id).await?)?))
}

/// Takes a comment away.
#[utoipa::path(delete, path = "/admin/comments/{comment_id}", tag = "admin",
    operation_id = "remove_comment",
    params(("comment_id" = i64, Path, minimum = 1)), security(("token" = ["admin"])),
    responses((status = 200, description = "It is gone", body = Told)))]
pub async fn destroy(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let sql = "DELETE FROM comments WHERE id = $1";
    match adyton.db().run(sql, &[id.into()]).await? {
        0 => Err(Error::NotFound),
        _ => Ok(Reply::Message("comments.deleted")),
    }
}
