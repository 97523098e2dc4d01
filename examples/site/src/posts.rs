//! Posts: everybody reads them, the owner's programs publish them.

use adyton::db::Row;
use adyton::{Adyton, Error, Input, Page, Query, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::comments;
use crate::id::Id;

/// `GET /api/v1/posts`, the newest first.
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let sql = "SELECT id, title, body, published_at FROM posts ORDER BY id DESC LIMIT $1 OFFSET $2";
    let rows = adyton.db().all(sql, &paging.bounds()).await?;
    let posts = rows.iter().map(shown).collect::<Result<_>>()?;
    let total = adyton
        .db()
        .one("SELECT COUNT(*) AS total FROM posts", &[])
        .await?;
    let total: i64 = total.ok_or(Error::NotFound)?.get("total")?;
    let page = Page::new(posts, paging.page, paging.per_page, total.unsigned_abs());
    Ok(Reply::Page(page))
}

/// `GET /api/v1/posts/{post}`, with what readers said.
pub async fn show(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let mut post = find(&adyton, id).await?;
    post["comments"] = comments::of_post(&adyton, id).await?;
    Ok(Reply::data(post))
}

/// `POST /api/v1/admin/posts`
pub async fn store(State(adyton): State<Adyton>, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let title = read.text("title", 255);
    let body = read.text("body", 50_000);
    read.finish()?;
    let sql = "INSERT INTO posts (title, body, published_at) VALUES ($1, $2, $3)";
    let values = [title.into(), body.into(), adyton.clock().now().into()];
    let id = adyton.db().insert(sql, &values).await?;
    Ok(Reply::Created(find(&adyton, id).await?, "posts.created"))
}

pub async fn find(adyton: &Adyton, id: i64) -> Result<Json> {
    let sql = "SELECT id, title, body, published_at FROM posts WHERE id = $1";
    let row = adyton.db().one(sql, &[id.into()]).await?;
    shown(&row.ok_or(Error::NotFound)?)
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "title": row.get::<String>("title")?,
        "body": row.get::<String>("body")?,
        "published_at": timestamp(row.get("published_at")?),
    }))
}
