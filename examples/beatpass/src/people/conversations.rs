//! Conversations of two members: each with its last message, and what of it is not read yet.

use adyton::db::{DbError, Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result, User, UserId, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::messages;
use super::refusals::RECIPIENT_UNKNOWN;

/// Who is called so whose account is gone: what they wrote stays to be read.
const WHO_LEFT: &str = "Somebody who left";

/// Messages of others after the last one that this member has read.
const UNREAD: &str = "FROM messages WHERE messages.sender_id <> mine.id \
     AND messages.conversation_id = c.id AND messages.id > COALESCE((SELECT r.message_id \
     FROM conversation_reads r WHERE r.conversation_id = c.id AND r.user_id = mine.id), 0)";

/// A conversation, the member who looks at it, the other one, and the last message.
const FROM: &str = "conversations c \
     JOIN users mine ON mine.id IN (c.first_user_id, c.second_user_id) \
     LEFT JOIN users partner \
       ON partner.id IN (c.first_user_id, c.second_user_id) AND partner.id <> mine.id \
     JOIN messages m ON m.id = \
       (SELECT MAX(latest.id) FROM messages latest WHERE latest.conversation_id = c.id)";

/// `GET /messaging/conversations`, that of the last message first.
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let columns = format!(
        "c.id, CASE WHEN c.first_user_id = mine.id THEN c.second_user_id ELSE c.first_user_id END \
         AS partner_id, COALESCE(partner.name, '{WHO_LEFT}') AS partner, m.sender_id, m.body, \
         m.created_at, (SELECT COUNT(*) {UNREAD}) AS unread"
    );
    let mut conversations = Listing::new(columns, FROM);
    conversations.only("mine.id = ?", [&auth.user().id]);
    let (rows, total) = conversations
        .page(adyton.db(), "m.id DESC", paging.bounds())
        .await?;
    let items = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(items, total)))
}

/// `GET /messaging/unread`
pub async fn unread(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let sql = "SELECT COUNT(*) AS unread FROM messages m \
               JOIN conversations c ON c.id = m.conversation_id \
               LEFT JOIN conversation_reads r \
                 ON r.conversation_id = c.id AND r.user_id = $1 \
               WHERE (c.first_user_id = $2 OR c.second_user_id = $3) AND m.sender_id <> $4 \
                 AND m.id > COALESCE(r.message_id, 0)";
    let me = &auth.user().id;
    let row = adyton
        .db()
        .one(sql, &[me.into(), me.into(), me.into(), me.into()])
        .await?;
    let unread: i64 = row.ok_or(Error::NotFound)?.get("unread")?;
    Ok(Reply::data(json!({ "unread": unread })))
}

/// `POST /messaging/conversations`: writes to somebody, in the conversation that is there or in a
/// new one.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let partner = read.integer("user_id", 1..=i64::MAX);
    let body = read.text("body", messages::LONGEST);
    read.finish()?;
    let partner = adyton.users().find(&UserId::Integer(partner)).await?;
    let partner = partner.filter(|user| !user.is_disabled() && user.id != auth.user().id);
    let partner = partner.ok_or(RECIPIENT_UNKNOWN)?;
    let conversation = between(&adyton, auth.user(), &partner).await?;
    let (_, now) = messages::send(&adyton, conversation, auth.user(), &body).await?;
    let made = json!({
        "id": conversation,
        "with": { "id": partner.id, "name": partner.name },
        "last_message": { "from": auth.user().id, "body": body, "sent_at": timestamp(now) },
        "unread": 0,
    });
    Ok(Reply::Created(made, "messages.created"))
}

/// The other one of a conversation: a number, and the member unless their account is gone.
pub struct Partner {
    pub id: UserId,
    pub member: Option<User>,
}

impl Partner {
    pub fn name(&self) -> &str {
        let member = self.member.as_ref();
        member.map_or(WHO_LEFT, |member| &member.name)
    }

    /// Whether somebody is there to read what is written to them.
    pub fn is_there(&self) -> bool {
        let member = self.member.as_ref();
        member.is_some_and(|member| !member.is_disabled())
    }
}

/// The other one of a conversation that this member is part of; for all others it is not there.
pub async fn partner(adyton: &Adyton, me: &User, conversation: i64) -> Result<Partner> {
    let sql = "SELECT first_user_id, second_user_id FROM conversations WHERE id = $1";
    let row = adyton.db().one(sql, &[conversation.into()]).await?;
    let row = row.ok_or(Error::NotFound)?;
    let two = [row.get::<i64>("first_user_id")?, row.get("second_user_id")?].map(UserId::from);
    if !two.contains(&me.id) {
        return Err(Error::NotFound);
    }
    let other = two.into_iter().find(|id| *id != me.id);
    let id = other.ok_or(Error::NotFound)?;
    let member = adyton.users().find(&id).await?;
    Ok(Partner { id, member })
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
        "unread": row.get::<i64>("unread")?,
    }))
}
