//! What posts are about.

use std::collections::HashMap;

use adyton::db::Listing;
use adyton::{Adyton, Error, Query, Reply, Result, Tx};
use axum::extract::State;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::{IntoParams, ToSchema};

use crate::openapi::shapes::{Paged, Paging};
use crate::page;

/// Tags of one post.
pub const MOST: usize = 8;

/// Characters of one.
pub const LONGEST: usize = 40;

/// A tag, and how many published posts have it.
#[derive(Serialize, ToSchema)]
pub struct Tag {
    #[schema(pattern = "^[a-z0-9-]{1,40}$")]
    name: String,
    #[schema(minimum = 1)]
    posts_count: i64,
}

/// The order of the tags.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by `Query`; this describes it")]
pub struct Order {
    /// `name`, `posts_count`; a minus before one for downwards.
    #[param(
        pattern = "^(-?(name|posts_count)(,-?(name|posts_count))*)?$",
        max_length = 255,
        example = "-posts_count"
    )]
    sort: Option<String>,
}

/// The tags of published posts; in the order of their names, or of how many there are.
#[utoipa::path(get, path = "/tags", tag = "posts", operation_id = "tags", params(Paging, Order),
    responses((status = 200, description = "A page of tags", body = Paged<Tag>)))]
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let counted = "(SELECT post_tags.tag AS name, COUNT(*) AS posts_count \
         FROM post_tags JOIN posts ON posts.id = post_tags.post_id \
         WHERE posts.status = 'published' GROUP BY post_tags.tag) AS tags";
    let tags = Listing::new("name, posts_count", counted);
    let known = [("name", "name"), ("posts_count", "posts_count")];
    let order = query.sort(&known, "name")?;
    page::of(&adyton, &tags, &order, &query, |row| {
        Ok(Tag {
            name: row.get("name")?,
            posts_count: row.get("posts_count")?,
        })
    })
    .await
}

/// Whether a word can be a tag.
pub fn is_one(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !word.is_empty() && word.bytes().all(is_part)
}

/// The tags of these posts, by post.
pub async fn of(adyton: &Adyton, posts: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    if posts.is_empty() {
        return Ok(tags);
    }
    let marks = vec!["?"; posts.len()].join(", ");
    let mut found = Listing::new("post_id, tag", "post_tags");
    found.only(&format!("post_id IN ({marks})"), posts.iter().copied());
    let most = i64::try_from(posts.len() * MOST).map_err(Error::unexpected)?;
    for row in found.first(adyton.db(), "post_id, tag", most).await? {
        tags.entry(row.get("post_id")?)
            .or_default()
            .push(row.get("tag")?);
    }
    Ok(tags)
}

/// A page of posts with the tags of each: one query a page.
pub async fn beside(adyton: &Adyton, reply: Reply) -> Result<Reply> {
    let Reply::Page(mut page) = reply else {
        return Ok(reply);
    };
    let id = |post: &Json| post["id"].as_i64().unwrap_or_default();
    let posts: Vec<i64> = page.items.iter().map(id).collect();
    let mut tags = of(adyton, &posts).await?;
    for post in &mut page.items {
        post["tags"] = tags.remove(&id(post)).unwrap_or_default().into();
    }
    Ok(Reply::Page(page))
}

/// Gives a post these tags and no others.
pub async fn replace(tx: &mut Tx, post: i64, tags: &[String]) -> Result<()> {
    let sql = "DELETE FROM post_tags WHERE post_id = $1";
    tx.run(sql, &[post.into()]).await?;
    for tag in tags {
        let sql = "INSERT INTO post_tags (post_id, tag) VALUES ($1, $2)";
        tx.run(sql, &[post.into(), tag.into()]).await?;
    }
    Ok(())
}
