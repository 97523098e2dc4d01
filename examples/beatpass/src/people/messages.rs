//! The messages of a conversation. Whoever reads the newest has read all.

use adyton::db::{DbError, Listing, Row};
use adyton::{Adyton, Auth, Input, Query, Reply, Result, User, UserId, timestamp};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::conversations;
use super::refusals::RECIPIENT_UNKNOWN;
use crate::id::Id;

/// Characters of one message.
pub const LONGEST: usize = 4000;

/// `GET /messaging/conversations/{conversation}`, the newest message first.
pub async fn index(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(conversation): Id,
    query: Query,
) -> Result<Reply> {
    let paging = query.paging()?;
    let partner = conversations::partner(&adyton, auth.user(), conversation).await?;
    let mut messages = Listing::new("id, sender_id, body, created_at", "messages");
    messages.only("conversation_id = ?", [conversation]);
    let (rows, total) = messages
        .page(adyton.db(), "id DESC", paging.bounds())
        .await?;
    if let Some(newest) = rows.first() {
        mark_read(&adyton, conversation, &auth.user().id, newest.get("id")?).await?;
    }
    let items: Vec<Json> = rows.iter().map(shown).collect::<Result<_>>()?;
    let page = paging.page_of(items, total);
    Ok(Reply::data(json!({
        "id": conversation,
        "with": { "id": partner.id, "name": partner.name() },
        "messages": page.to_json(),
    })))
}

/// `POST /messaging/conversations/{conversation}/messages`
pub async fn store(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(conversation): Id,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let body = read.text("body", LONGEST);
    read.finish()?;
    let partner = conversations::partner(&adyton, auth.user(), conversation).await?;
    if !partner.is_there() {
        return Err(RECIPIENT_UNKNOWN.into());
    }
    let (id, now) = send(&adyton, conversation, auth.user(), &body).await?;
    let made = json!({
        "id": id, "from": auth.user().id, "body": body, "sent_at": timestamp(now),
    });
    Ok(Reply::Created(made, "messages.created"))
}

/// Writes a message down, and tells its number and time.
pub async fn send(
    adyton: &Adyton,
    conversation: i64,
    from: &User,
    body: &str,
) -> Result<(i64, DateTime<Utc>)> {
    let sql = "INSERT INTO messages (conversation_id, sender_id, body, created_at) \
               VALUES ($1, $2, $3, $4)";
    let now = adyton.clock().now();
    let values = [
        conversation.into(),
        (&from.id).into(),
        body.into(),
        now.into(),
    ];
    Ok((adyton.db().insert(sql, &values).await?, now))
}

/// Reading never goes back: an older page leaves the mark where it is.
async fn mark_read(
    adyton: &Adyton,
    conversation: i64,
    reader: &UserId,
    message: i64,
) -> Result<()> {
    let values = [conversation.into(), reader.into(), message.into()];
    let insert = "INSERT INTO conversation_reads (conversation_id, user_id, message_id) \
                  VALUES ($1, $2, $3)";
    match adyton.db().run(insert, &values).await {
        Ok(_) => return Ok(()),
        Err(DbError::Taken) => {}
        Err(error) => return Err(error.into()),
    }
    let sql = "UPDATE conversation_reads SET message_id = $1 \
               WHERE conversation_id = $2 AND user_id = $3 AND message_id < $4";
    let values = [
        message.into(),
        conversation.into(),
        reader.into(),
        message.into(),
    ];
    adyton.db().run(sql, &values).await?;
    Ok(())
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "from": row.get::<i64>("sender_id")?,
        "body": row.get::<String>("body")?,
        "sent_at": timestamp(row.get("created_at")?),
    }))
}
