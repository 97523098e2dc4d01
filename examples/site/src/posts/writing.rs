//! The owner's posts: drafts among them, written, changed and taken away.

use adyton::db::{DbError, Listing};
use adyton::{Adyton, Auth, Error, Input, Invalid, Query, Reply, Result, Rule};
use axum::extract::State;
use utoipa::{IntoParams, ToSchema};

use super::{COLUMNS, FROM, Filters, Post, Status, Summary, find, listed, narrow, slug, tags};
use crate::id::Word;
use crate::openapi::shapes::{Found, Paged, Paging, Told};
use crate::page;

/// A post to be written.
#[derive(ToSchema)]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct PostInput {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    title: String,
    /// Made of the title where it is not given.
    #[schema(max_length = 160, pattern = "^([a-z0-9-]*[a-z][a-z0-9-]*)?$")]
    slug: Option<String>,
    #[schema(max_length = 500, pattern = "^[^\\u0000]*$")]
    excerpt: Option<String>,
    /// Markdown.
    #[schema(
        min_length = 1,
        max_length = 50000,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    body: String,
    #[schema(max_items = 8)]
    tags: Option<Vec<TagName>>,
    /// `published` unless it says otherwise.
    status: Option<Status>,
}

/// A tag's name.
#[derive(ToSchema)]
#[schema(pattern = "^[a-z0-9-]{1,40}$")]
#[expect(dead_code, reason = "read by a `Reader`; this describes it")]
pub struct TagName(String);

/// Which of the owner's posts a list is narrowed to.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; this describes it")]
pub struct OfStatus {
    /// `draft` or `published`.
    #[param(rename = "filter[status]", max_length = 255)]
    status: Option<String>,
}

/// A post as it was sent, found good.
struct Draft {
    title: String,
    slug: String,
    excerpt: Option<String>,
    body: String,
    tags: Vec<String>,
    status: Status,
}

/// All posts, drafts among them.
#[utoipa::path(get, path = "/admin/posts", tag = "admin", operation_id = "admin_posts",
    params(Paging, Filters, OfStatus), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of posts", body = Paged<Summary>)))]
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut posts = Listing::new(COLUMNS, FROM);
    narrow(&mut posts, &query, &["tag", "author", "q", "status"])?;
    listed(&adyton, &posts, &query).await
}

/// A post, draft or not.
#[utoipa::path(get, path = "/admin/posts/{post}", tag = "admin", operation_id = "admin_post",
    params(("post" = String, Path, description = "A number or a slug")),
    security(("token" = ["admin"])),
    responses((status = 200, description = "The post", body = Found<Post>)))]
pub async fn show(State(adyton): State<Adyton>, Word(post): Word) -> Result<Reply> {
    Ok(Reply::data(page::json(&find(&adyton, &post).await?)?))
}

/// Writes a post.
#[utoipa::path(post, path = "/admin/posts", tag = "admin", operation_id = "write_post",
    request_body = PostInput, security(("token" = ["admin"])),
    responses((status = 201, description = "It was written", body = Found<Post>)))]
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let draft = read(&input)?;
    let sql = "INSERT INTO posts (title, slug, excerpt, body, status, author_id, published_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        draft.title.into(),
        draft.slug.into(),
        draft.excerpt.into(),
        draft.body.into(),
        draft.status.name().into(),
        (&auth.user().id).into(),
        adyton.clock().now().into(),
    ];
    let mut tx = adyton.db().begin().await?;
    let id = tx.insert(sql, &values).await.map_err(taken)?;
    tags::replace(&mut tx, id, &draft.tags).await?;
    tx.commit().await?;
    let post = find(&adyton, &id.to_string()).await?;
    Ok(Reply::Created(page::json(&post)?, "posts.created"))
}

/// Puts another text in a post's place. A draft that is published now is dated now.
#[utoipa::path(put, path = "/admin/posts/{post}", tag = "admin", operation_id = "rewrite_post",
    params(("post" = String, Path, description = "A number or a slug")),
    request_body = PostInput, security(("token" = ["admin"])),
    responses((status = 200, description = "As it is now", body = Found<Post>)))]
pub async fn update(State(adyton): State<Adyton>, Word(post): Word, input: Input) -> Result<Reply> {
    let draft = read(&input)?;
    let id = find(&adyton, &post).await?.summary.id;
    // One statement decides what the date becomes, whatever another request does meanwhile.
    let sql = "UPDATE posts SET title = $1, slug = $2, excerpt = $3, body = $4, published_at = \
               CASE WHEN status = 'published' AND $5 = 'published' THEN published_at ELSE $6 END, \
               status = $7 WHERE id = $8";
    let values = [
        draft.title.into(),
        draft.slug.into(),
        draft.excerpt.into(),
        draft.body.into(),
        draft.status.name().into(),
        adyton.clock().now().into(),
        draft.status.name().into(),
        id.into(),
    ];
    let mut tx = adyton.db().begin().await?;
    tx.run(sql, &values).await.map_err(taken)?;
    tags::replace(&mut tx, id, &draft.tags).await?;
    tx.commit().await?;
    let post = find(&adyton, &id.to_string()).await?;
    Ok(Reply::data(page::json(&post)?))
}

/// Takes a post away, and all that was said of it.
#[utoipa::path(delete, path = "/admin/posts/{post}", tag = "admin", operation_id = "delete_post",
    params(("post" = String, Path, description = "A number or a slug")),
    security(("token" = ["admin"])),
    responses((status = 200, description = "It is gone", body = Told)))]
pub async fn destroy(State(adyton): State<Adyton>, Word(post): Word) -> Result<Reply> {
    let id = find(&adyton, &post).await?.summary.id;
    let mut tx = adyton.db().begin().await?;
    for sql in [
        "DELETE FROM post_tags WHERE post_id = $1",
        "DELETE FROM comments WHERE post_id = $1",
        "DELETE FROM posts WHERE id = $1",
    ] {
        tx.run(sql, &[id.into()]).await?;
    }
    tx.commit().await?;
    Ok(Reply::Message("posts.deleted"))
}

fn read(input: &Input) -> Result<Draft> {
    let mut read = input.reader();
    let title = read.text("title", 255);
    let given = read.optional_text("slug", slug::LONGEST);
    let excerpt = read.optional_text("excerpt", 500);
    let body = read.text("body", 50_000);
    let tags = read
        .list("tags", tags::MOST, tags::LONGEST)
        .unwrap_or_default();
    let status = read.optional_text("status", 16);
    if given.as_ref().is_some_and(|slug| !slug::is_one(slug)) {
        read.broken("slug", Rule::In);
    }
    let slug = given.or_else(|| slug::of(&title)).unwrap_or_default();
    if slug.is_empty() && !title.is_empty() {
        read.broken("slug", Rule::Required);
    }
    for (at, _) in tags
        .iter()
        .enumerate()
        .filter(|(_, tag)| !tags::is_one(tag))
    {
        read.broken(format!("tags.{at}"), Rule::In);
    }
    let status = status.map_or(Some(Status::Published), |name| Status::named(&name));
    if status.is_none() {
        read.broken("status", Rule::In);
    }
    read.finish()?;
    Ok(Draft {
        title,
        slug,
        excerpt,
        body,
        tags,
        status: status.unwrap_or(Status::Draft),
    })
}

/// The unique index decides whose slug it is.
fn taken(error: DbError) -> Error {
    match error {
        DbError::Taken => Invalid::field("slug", Rule::Unique).into(),
        error => error.into(),
    }
}
