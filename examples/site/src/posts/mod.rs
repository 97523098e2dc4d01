//! Posts: everybody reads those that are published.

pub mod slug;
pub mod tags;
pub mod writing;

use adyton::db::{Listing, Row};
use adyton::{Adyton, Error, Query, Reply, Result, timestamp};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::comments::{self, Comment};
use crate::id::Word;
use crate::openapi::shapes::{Found, Paged, Paging};
use crate::page::{self, NONE};

/// Comments that stand with a post; all are at `/posts/{post}/comments`.
const COMMENTS_SHOWN: i64 = 15;

const FROM: &str = "posts LEFT JOIN users ON users.id = posts.author_id";
const COLUMNS: &str = "posts.id, posts.slug, posts.title, posts.excerpt, posts.body, posts.status, \
     posts.published_at, users.name AS author, \
     (SELECT COUNT(*) FROM comments WHERE comments.post_id = posts.id \
     AND comments.status = 'approved') AS comments_count";

/// A post in a list.
#[derive(Serialize, ToSchema)]
pub struct Summary {
    #[schema(minimum = 1)]
    pub id: i64,
    /// What names it in addresses.
    pub slug: String,
    pub title: String,
    pub excerpt: Option<String>,
    pub tags: Vec<String>,
    /// Who wrote it; null once they are gone.
    pub author: Option<String>,
    #[schema(minimum = 0)]
    pub comments_count: i64,
    pub status: Status,
    /// Null for a draft.
    #[schema(format = DateTime)]
    pub published_at: Option<String>,
}

/// A whole post.
#[derive(Serialize, ToSchema)]
pub struct Post {
    #[serde(flatten)]
    pub summary: Summary,
    /// Markdown.
    pub body: String,
    /// The first comments.
    pub comments: Vec<Comment>,
}

/// Whether everybody may read it.
#[derive(Clone, Copy, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PostStatus)]
pub enum Status {
    Draft,
    Published,
}

impl Status {
    pub const ALL: [(&'static str, Status); 2] =
        [("draft", Status::Draft), ("published", Status::Published)];

    pub fn named(name: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, status)| *status)
    }

    pub fn name(self) -> &'static str {
        match self {
            Status::Draft => "draft",
            Status::Published => "published",
        }
    }
}

/// What a list of posts is narrowed by.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by name; this describes them")]
pub struct Filters {
    /// `published_at`, `title`, `comments_count`; a minus before one for downwards.
    #[param(
        pattern = "^(-?(published_at|title|comments_count)(,-?(published_at|title|comments_count))*)?$",
        max_length = 255,
        example = "-published_at"
    )]
    sort: Option<String>,
    /// Only posts with this tag.
    #[param(rename = "filter[tag]", max_length = 255)]
    tag: Option<String>,
    /// Only posts of the author of this name.
    #[param(rename = "filter[author]", max_length = 255)]
    author: Option<String>,
    /// Only posts with this text in their title or body.
    #[param(rename = "filter[q]", max_length = 255)]
    q: Option<String>,
}

/// Published posts, the newest first.
#[utoipa::path(get, path = "/posts", tag = "posts", operation_id = "posts", params(Paging, Filters),
    responses((status = 200, description = "A page of posts", body = Paged<Summary>)))]
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut posts = Listing::new(COLUMNS, FROM);
    posts.only("posts.status = 'published'", NONE);
    narrow(&mut posts, &query, &["tag", "author", "q"])?;
    listed(&adyton, &posts, &query).await
}

/// A post by its number or its slug, with the first comments.
#[utoipa::path(get, path = "/posts/{post}", tag = "posts", operation_id = "post",
    params(("post" = String, Path, description = "A number or a slug", example = "compost-an-apology")),
    responses((status = 200, description = "The post", body = Found<Post>)))]
pub async fn show(State(adyton): State<Adyton>, Word(post): Word) -> Result<Reply> {
    let post = published(&adyton, &post).await?;
    Ok(Reply::data(page::json(&post)?))
}

/// A page of a list of posts, in the order that the query asks for.
pub async fn listed(adyton: &Adyton, posts: &Listing, query: &Query) -> Result<Reply> {
    let known = [
        ("published_at", "posts.published_at"),
        ("title", "posts.title"),
        ("comments_count", "comments_count"),
    ];
    let order = query.sort(&known, "posts.published_at DESC, posts.id DESC")?;
    let reply = page::of(adyton, posts, &order, query, |row| summary(row, Vec::new())).await?;
    tags::beside(adyton, reply).await
}

/// Narrows a list to what the query's filters let through.
pub fn narrow(posts: &mut Listing, query: &Query, known: &[&str]) -> Result<()> {
    let filters = query.filters(known)?;
    if let Some(tag) = filters.get("tag") {
        let tagged = "SELECT 1 FROM post_tags WHERE post_tags.post_id = posts.id";
        posts.only(
            &format!("EXISTS ({tagged} AND post_tags.tag = ?)"),
            [tag.to_lowercase()],
        );
    }
    if let Some(author) = filters.get("author") {
        posts.only("users.name = ?", [author]);
    }
    if let Some(status) = filters.get("status") {
        posts.only("posts.status = ?", [status]);
    }
    if let Some(text) = filters.get("q") {
        let found = page::containing(text);
        posts.only(
            "LOWER(posts.title) LIKE ? ESCAPE '!' OR LOWER(posts.body) LIKE ? ESCAPE '!'",
            [found.clone(), found],
        );
    }
    Ok(())
}

/// A post that everybody may read. A draft is not found: that it is there tells already.
pub async fn published(adyton: &Adyton, post: &str) -> Result<Post> {
    let post = find(adyton, post).await?;
    match post.summary.status {
        Status::Published => Ok(post),
        Status::Draft => Err(Error::NotFound),
    }
}

/// A post by its number or its slug. No slug is a number: see `slug::is_one`.
pub async fn find(adyton: &Adyton, post: &str) -> Result<Post> {
    let mut found = Listing::new(COLUMNS, FROM);
    match post.parse::<i64>() {
        Ok(id) => found.only("posts.id = ?", [id]),
        Err(_) => found.only("posts.slug = ?", [post]),
    };
    let rows = found.first(adyton.db(), "posts.id", 1).await?;
    let row = rows.first().ok_or(Error::NotFound)?;
    let id = row.get("id")?;
    let tags = tags::of(adyton, &[id]).await?.remove(&id);
    Ok(Post {
        summary: summary(row, tags.unwrap_or_default())?,
        body: row.get("body")?,
        comments: comments::first_of(adyton, id, COMMENTS_SHOWN).await?,
    })
}

fn summary(row: &Row, tags: Vec<String>) -> Result<Summary> {
    let status = Status::named(&row.get::<String>("status")?).unwrap_or(Status::Draft);
    let published_at: DateTime<Utc> = row.get("published_at")?;
    Ok(Summary {
        id: row.get("id")?,
        slug: row.get::<Option<String>>("slug")?.unwrap_or_default(),
        title: row.get("title")?,
        excerpt: row.get("excerpt")?,
        tags,
        author: row.get("author")?,
        comments_count: row.get("comments_count")?,
        status,
        published_at: (status == Status::Published).then(|| timestamp(published_at)),
    })
}
