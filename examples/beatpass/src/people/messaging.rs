//! Messages between two members.

use adyton::db::{DbError, Row};
use adyton::{Adyton, Auth, Error, Input, Invalid, Reply, Result, Rule, User, UserId, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

/// Conversations that a list shows at most.
const LISTED: i64 = 100;

/// Characters of one message.
const LONGEST: usize = 4000;

/// `GET /messaging/conversations`: each with its last message, the most recent first.
pub async fn index(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "SELECT c.id, partner.id AS partner_id, partner.name AS partner, \
                      m.sender_id, m.body, m.created_at \
               FROM conversations c \
               JOIN users partner \
                 ON partner.id IN (c.first_user_id, c.second_user_id) AND partner.id <> $1 \
               JOIN messages m ON m.id = \
                 (SELECT MAX(latest.id) FROM messages latest WHERE latest.conversation_id = c.id) \
               WHERE c.first_user_id = $2 OR c.second_user_id = $3 \
               ORDER BY m.id DESC LIMIT $4";
    let me = &auth.user().id;
    let values = [me.into(), me.into(), me.into(), LISTED.into()];
    let rows = adyton.db().all(sql, &values).await?;
    let conversations: Vec<Json> = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::data(json!({ "data": conversations })))
}

/// `POST /messaging/conversations`: writes to somebody, in the conversation that is there or in a
/// new one.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let partner = read.integer("user_id", 1..=i64::MAX);
    let body = read.text("body", LONGEST);
    read.finish()?;
    let partner = adyton.users().find(&UserId::Integer(partner)).await?;
    let partner = partner.filter(|user| !user.is_disabled() && user.id != auth.user().id);
    let partner = partner.ok_or_else(|| Invalid::field("user_id", Rule::In))?;
    let conversation = between(&adyton, auth.user(), &partner).await?;
    let sql = "INSERT INTO messages (conversation_id, sender_id, body, created_at) \
               VALUES ($1, $2, $3, $4)";
    let now = adyton.clock().now();
    let values = [
        conversation.into(),
        (&auth.user().id).into(),
        body.as_str().into(),
        now.into(),
    ];
    adyton.db().run(sql, &values).await?;
    let made = json!({
        "id": conversation,
        "with": { "id": partner.id, "name": partner.name },
        "last_message": { "from": auth.user().id, "body": body, "sent_at": timestamp(now) },
    });
    Ok(Reply::Created(made, "messages.created"))
}

/// The conversation of two people; whoever writes first opens it.
async fn between(adyton: &Adyton, one: &User, other: &User) -> Result<i64> {
    let (first, second) = match one.id < other.id {
        true => (&one.id, &other.id),
        false => (&other.id, &one.id),
    };
    let insert = "INSERT INTO conversations (first_user_id, second_user_id, created_at) \
                  VALUES ($1, $2, $3)";
    let values = [first.into(), second.into(), adyton.clock().now().into()];
    match adyton.db().insert(insert, &values).await {
        Ok(id) => Ok(id),
        Err(DbError::Taken) => {
            let sql =
                "SELECT id FROM conversations WHERE first_user_id = $1 AND second_user_id = $2";
            let row = adyton.db().one(sql, &values[..2]).await?;
            Ok(row.ok_or(Error::NotFound)?.get("id")?)
        }
        Err(error) => Err(error.into()),
    }
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "with": { "id": row.get::<i64>("partner_id")?, "name": row.get::<String>("partner")? },
        "last_message": {
            "from": row.get::<i64>("sender_id")?,
            "body": row.get::<String>("body")?,
            "sent_at": timestamp(row.get("created_at")?),
        },
    }))
}
