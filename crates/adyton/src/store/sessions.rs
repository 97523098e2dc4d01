//! `sessions`: Laravel's table. The key is the SHA-256 of the cookie's value, in lower-case hex;
//! Laravel keeps the value itself, so whoever reads its table can be anybody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::Client;
use super::users::read_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::event::Via;
use crate::user::UserId;

const COLUMNS: &str = "id, user_id, ip_address, user_agent, payload, last_activity";

/// Sessions that one login ends at most, should a limit have been lowered.
const EVICTED: i64 = 1000;

/// A row of somebody who is logged in.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub id: String,
    pub user: UserId,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub via: Option<Via>,
    /// The remembered browser that it was opened with or by.
    pub browser: Option<i64>,
    pub created_at: DateTime<Utc>,
    /// When its user last proved once more who they are.
    pub confirmed_at: Option<DateTime<Utc>>,
    pub last_activity: DateTime<Utc>,
}

/// Opens a session.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: &str,
    user: &UserId,
    (via, browser): (Via, Option<i64>),
    client: &Client,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql = "INSERT INTO sessions (id, user_id, ip_address, user_agent, payload, last_activity) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    // As Laravel 13 writes it with `session.serialization = json`: base64 of the attributes.
    let ours = json!({ "via": via.as_str(), "browser": browser, "created_at": now.timestamp() });
    let attributes = json!({ "adyton": ours });
    let payload = BASE64.encode(attributes.to_string());
    let (address, agent) = (client.address.to_string(), client.user_agent_column());
    tx.run(
        sql,
        params![
            id,
            Value::from(user),
            address,
            agent,
            payload,
            now.timestamp()
        ],
    )
    .await?;
    Ok(())
}

/// The session with a key, if somebody is logged in by it.
pub(crate) async fn find(db: &Db, id: &str) -> Result<Option<SessionRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE id = $1 AND user_id IS NOT NULL");
    let row = db.one(&sql, params![id]).await?;
    Ok(row.as_ref().map(read).transpose()?.flatten())
}

/// A user's sessions, the most recently used first.
pub(crate) async fn of_user(
    db: &Db,
    user: &UserId,
    limit: i64,
) -> Result<Vec<SessionRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM sessions WHERE user_id = $1 ORDER BY last_activity DESC LIMIT $2"
    );
    let rows = db.all(&sql, params![Value::from(user), limit]).await?;
    rows.iter()
        .filter_map(|row| read(row).transpose())
        .collect()
}

/// Whether a session of a user is still there.
pub(crate) async fn is_open(tx: &mut Tx, user: &UserId, id: &str) -> Result<bool, DbError> {
    let sql = "SELECT id FROM sessions WHERE id = $1 AND user_id = $2";
    Ok(tx.one(sql, params![id, Value::from(user)]).await?.is_some())
}

/// Ends a session inside a transaction, and tells whose it was, if somebody was logged in by it.
pub(crate) async fn end_in(tx: &mut Tx, id: &str) -> Result<Option<UserId>, DbError> {
    let sql = "SELECT user_id FROM sessions WHERE id = $1 AND user_id IS NOT NULL";
    let found = tx.all(sql, params![id]).await?;
    tx.run("DELETE FROM sessions WHERE id = $1", params![id])
        .await?;
    found.first().map(|row| read_id(row, "user_id")).transpose()
}

/// Ends all sessions of a user, but for one that is kept, and tells how many there were.
pub(crate) async fn delete_of_user(
    tx: &mut Tx,
    user: &UserId,
    kept: Option<&str>,
) -> Result<u64, DbError> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    let kept = kept.unwrap_or_default();
    tx.run(sql, params![Value::from(user), kept]).await
}

/// Ends one session of a user; whether there was one.
pub(crate) async fn delete_own(tx: &mut Tx, user: &UserId, id: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM sessions WHERE id = $1 AND user_id = $2";
    Ok(tx.run(sql, params![id, Value::from(user)]).await? > 0)
}

/// Gives a session another key and notes what its user confirmed: `false` when it was ended
/// meanwhile, so that nothing brings it back.
pub(crate) async fn renew(
    tx: &mut Tx,
    (old, new): (&str, &str),
    confirmed_at: Option<DateTime<Utc>>,
) -> Result<bool, DbError> {
    let found = tx
        .one("SELECT payload FROM sessions WHERE id = $1", params![old])
        .await?;
    let payload: Option<String> = found.map(|row| row.get("payload")).transpose()?;
    let Some(mut all) = payload.as_deref().and_then(attributes) else {
        return Ok(false);
    };
    if let Some(moment) = confirmed_at {
        all["adyton"]["confirmed_at"] = moment.timestamp().into();
    }
    let payload = BASE64.encode(all.to_string());
    let sql = "UPDATE sessions SET id = $1, payload = $2 WHERE id = $3";
    Ok(tx.run(sql, params![new, payload, old]).await? == 1)
}

/// Ends the longest idle sessions of a user, so that no more than `most` are left.
pub(crate) async fn evict(tx: &mut Tx, user: &UserId, most: i64) -> Result<u64, DbError> {
    let sql = "SELECT id FROM sessions WHERE user_id = $1 \
         ORDER BY last_activity DESC LIMIT $2 OFFSET $3";
    let params = params![Value::from(user), EVICTED, most];
    let mut evicted = 0;
    for row in tx.all(sql, params).await? {
        let id: String = row.get("id")?;
        evicted += tx
            .run("DELETE FROM sessions WHERE id = $1", params![id])
            .await?;
    }
    Ok(evicted)
}

/// Ends the sessions that were opened with or by a remembered browser.
pub(crate) async fn delete_of_browser(
    tx: &mut Tx,
    user: &UserId,
    browser: i64,
) -> Result<(), DbError> {
    let sql = format!("SELECT {COLUMNS} FROM sessions WHERE user_id = $1");
    for row in tx.all(&sql, params![Value::from(user)]).await? {
        if let Some(session) = read(&row)?.filter(|session| session.browser == Some(browser)) {
            let id = session.id.as_str();
            tx.run("DELETE FROM sessions WHERE id = $1", params![id])
                .await?;
        }
    }
    Ok(())
}

/// Writes when a session was last used, if that is news and the session is still there.
pub(crate) async fn touch(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<(), DbError> {
    let sql = "UPDATE sessions SET last_activity = $1 WHERE id = $2 AND last_activity < $3";
    tx.run(sql, params![at.timestamp(), id, at.timestamp()])
        .await?;
    Ok(())
}

/// Deletes sessions that were last used at `idle_since` or before, and tells how many.
pub(crate) async fn prune(db: &Db, idle_since: DateTime<Utc>) -> Result<u64, DbError> {
    db.run(
        "DELETE FROM sessions WHERE last_activity <= $1",
        params![idle_since.timestamp()],
    )
    .await
}

/// `None` for a row that Adyton did not write: what Laravel's own sessions hold is not ours.
fn read(row: &Row) -> Result<Option<SessionRow>, DbError> {
    let payload: String = row.get("payload")?;
    let Some(ours) = attributes(&payload).and_then(|mut all| all.get_mut("adyton").map(Json::take))
    else {
        return Ok(None);
    };
    let Some(created_at) = ours["created_at"]
        .as_i64()
        .and_then(|unix| DateTime::from_timestamp(unix, 0))
    else {
        return Ok(None);
    };
    let last_activity =
        DateTime::from_timestamp(row.get("last_activity")?, 0).unwrap_or(created_at);
    Ok(Some(SessionRow {
        id: row.get("id")?,
        user: read_id(row, "user_id")?,
        address: row.get("ip_address")?,
        user_agent: row.get("user_agent")?,
        via: ours["via"].as_str().and_then(Via::parse),
        browser: ours["browser"].as_i64(),
        created_at,
        confirmed_at: ours["confirmed_at"]
            .as_i64()
            .and_then(|unix| DateTime::from_timestamp(unix, 0)),
        last_activity,
    }))
}

fn attributes(payload: &str) -> Option<Json> {
    serde_json::from_slice(&BASE64.decode(payload).ok()?).ok()
}
