//! Support tickets: each reader opens and sees their own.

use adyton::db::Row;
use adyton::{Adyton, Auth, Error, Input, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

const OPEN: &str = "open";
const COLUMNS: &str = "id, subject, body, status, created_at";

/// Tickets that a list shows at most.
const LISTED: i64 = 100;

/// `GET /api/v1/me/tickets`
pub async fn index(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = format!("SELECT {COLUMNS} FROM tickets WHERE user_id = $1 ORDER BY id DESC LIMIT $2");
    let values = [(&auth.user().id).into(), LISTED.into()];
    let rows = adyton.db().all(&sql, &values).await?;
    let tickets: Vec<Json> = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::data(tickets))
}

/// `POST /api/v1/me/tickets`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let subject = read.text("subject", 255);
    let body = read.text("body", 10_000);
    read.finish()?;
    let sql = "INSERT INTO tickets (user_id, subject, body, status, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let values = [
        (&auth.user().id).into(),
        subject.into(),
        body.into(),
        OPEN.into(),
        adyton.clock().now().into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let sql = format!("SELECT {COLUMNS} FROM tickets WHERE id = $1");
    let row = adyton.db().one(&sql, &[id.into()]).await?;
    let made = shown(&row.ok_or(Error::NotFound)?)?;
    Ok(Reply::Created(made, "tickets.created"))
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "subject": row.get::<String>("subject")?,
        "body": row.get::<String>("body")?,
        "status": row.get::<String>("status")?,
        "created_at": timestamp(row.get("created_at")?),
    }))
}
