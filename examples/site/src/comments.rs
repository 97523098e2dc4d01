//! Comments of readers on posts.

use adyton::db::Row;
use adyton::{Adyton, Auth, Error, Input, Invalid, Reply, Result, Rule, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::posts;

/// Comments that a post shows at most.
const LISTED: i64 = 200;

/// `POST /api/v1/me/comments`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let post = read.integer("post_id", 1..=i64::MAX);
    let body = read.text("body", 4000);
    read.finish()?;
    match posts::find(&adyton, post).await {
        Ok(_) => {}
        Err(Error::NotFound) => return Err(Invalid::field("post_id", Rule::In).into()),
        Err(error) => return Err(error),
    }
    let now = adyton.clock().now();
    let sql = "INSERT INTO comments (post_id, user_id, body, created_at) VALUES ($1, $2, $3, $4)";
    let values = [
        post.into(),
        (&auth.user().id).into(),
        body.as_str().into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = json!({
        "id": id,
        "post_id": post,
        "author": auth.user().name,
        "body": body,
        "created_at": timestamp(now),
    });
    Ok(Reply::Created(made, "comments.created"))
}

/// What readers said of a post, the first first.
pub async fn of_post(adyton: &Adyton, post: i64) -> Result<Json> {
    let sql = "SELECT comments.id, users.name AS author, comments.body, comments.created_at \
               FROM comments JOIN users ON users.id = comments.user_id \
               WHERE comments.post_id = $1 ORDER BY comments.id LIMIT $2";
    let values = [post.into(), LISTED.into()];
    let rows = adyton.db().all(sql, &values).await?;
    let comments: Vec<Json> = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(comments.into())
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "author": row.get::<String>("author")?,
        "body": row.get::<String>("body")?,
        "created_at": timestamp(row.get("created_at")?),
    }))
}
