//! `security_events` and `security_log`: what happened, for ever. Nothing here is updated or
//! deleted; each row's hash covers its own facts and the hash before it.

use super::Client;
use super::users::read_optional_id;
use crate::crypto::secret::{hex, sha256};
use crate::db::{Db, DbError, Listing, Row, Tx, Value, params};
use crate::user::UserId;

const COLUMNS: &str =
    "number, at, event, outcome, user_id, actor, ip_address, user_agent, facts, hash";

/// Without it nothing can be appended, and so nothing be done that must be recorded.
const END_IS_GONE: &str = "the table security_log has lost its row: restore it from a backup";

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct EventRow {
    /// From 1, without gaps.
    pub number: i64,
    /// RFC 3339, UTC.
    pub at: String,
    pub event: String,
    pub outcome: String,
    pub user: Option<UserId>,
    pub actor: String,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    /// JSON.
    pub facts: String,
    /// SHA-256 in lower-case hex.
    pub hash: String,
}

/// What is to be appended.
#[derive(Debug)]
pub(crate) struct NewEvent<'a> {
    pub at: String,
    pub event: &'a str,
    pub outcome: &'a str,
    pub user: Option<&'a UserId>,
    pub actor: &'a str,
    pub client: Option<&'a Client>,
    pub facts: String,
}

impl EventRow {
    /// The hash that the row should have after another's.
    pub(crate) fn expected_hash(&self, before: &str) -> String {
        let user = self.user.as_ref().map(ToString::to_string);
        let number = self.number.to_string();
        let parts = [
            Some(before),
            Some(&number),
            Some(&self.at),
            Some(&self.event),
            Some(&self.outcome),
            user.as_deref(),
            Some(&self.actor),
            self.address.as_deref(),
            self.user_agent.as_deref(),
            Some(&self.facts),
        ];
        hex(&sha256(&chained(&parts)))
    }
}

/// The parts, each with its length before it, so that none can be shifted into its neighbour.
fn chained(parts: &[Option<&str>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            Some(text) => {
                bytes.push(1);
                bytes.extend((text.len() as u64).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            None => bytes.push(0),
        }
    }
    bytes
}

/// Appends an event and tells its number and hash. Who appends holds the log's end until the
/// transaction ends: do it last.
pub(crate) async fn append(tx: &mut Tx, new: NewEvent<'_>) -> Result<(i64, String), DbError> {
    // A write first, so that the row is locked on every database.
    let sql = "UPDATE security_log SET length = length + 1 WHERE id = 1";
    tx.run(sql, &[]).await?;
    let sql = "SELECT length, hash FROM security_log WHERE id = 1";
    let end = tx.one(sql, &[]).await?;
    let (number, before) = match &end {
        Some(row) => (row.get("length")?, row.get::<String>("hash")?),
        None => return Err(DbError::Address(END_IS_GONE.to_owned())),
    };
    let mut row = EventRow {
        number,
        at: new.at,
        event: new.event.to_owned(),
        outcome: new.outcome.to_owned(),
        user: new.user.cloned(),
        actor: new.actor.to_owned(),
        address: new.client.map(|client| client.address.to_string()),
        user_agent: new.client.and_then(Client::user_agent_column),
        facts: new.facts,
        hash: String::new(),
    };
    row.hash = row.expected_hash(&before);
    insert(tx, &row).await?;
    let sql = "UPDATE security_log SET hash = $1 WHERE id = 1";
    tx.run(sql, params![row.hash.as_str()]).await?;
    Ok((number, row.hash))
}

async fn insert(tx: &mut Tx, row: &EventRow) -> Result<(), DbError> {
    let sql = "INSERT INTO security_events (number, at, event, outcome, user_id, actor, \
         ip_address, user_agent, facts, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    // Without a user the column's kind does not matter: it is NULL.
    let user = row.user.as_ref().map_or(Value::Integer(None), Value::from);
    let params = params![
        row.number,
        row.at.as_str(),
        row.event.as_str(),
        row.outcome.as_str(),
        user,
        row.actor.as_str(),
        row.address.as_deref(),
        row.user_agent.as_deref(),
        row.facts.as_str(),
        row.hash.as_str(),
    ];
    tx.run(sql, params).await?;
    Ok(())
}

/// The rows after a number, in order.
pub(crate) async fn after(db: &Db, number: i64, limit: i64) -> Result<Vec<EventRow>, DbError> {
    let sql =
        format!("SELECT {COLUMNS} FROM security_events WHERE number > $1 ORDER BY number LIMIT $2");
    let rows = db.all(&sql, params![number, limit]).await?;
    rows.iter().map(read).collect()
}

/// The last rows, the newest first.
pub(crate) async fn newest(db: &Db, limit: i64) -> Result<Vec<EventRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM security_events ORDER BY number DESC LIMIT $1");
    let rows = db.all(&sql, params![limit]).await?;
    rows.iter().map(read).collect()
}

/// A part of the rows of what was refused, the newest first, and how many there are in all.
pub(crate) async fn refused(
    db: &Db,
    (offset, limit): (i64, i64),
) -> Result<(Vec<EventRow>, u64), DbError> {
    let mut refused = Listing::new(COLUMNS, "security_events");
    refused.only("outcome = ?", ["refused"]);
    let bounds = [limit.into(), offset.into()];
    let (rows, total) = refused.page(db, "number DESC", bounds).await?;
    Ok((rows.iter().map(read).collect::<Result<_, _>>()?, total))
}

/// A part of a user's rows, the newest first, and how many there are in all.
pub(crate) async fn of_user(
    db: &Db,
    user: &UserId,
    (offset, limit): (i64, i64),
) -> Result<(Vec<EventRow>, u64), DbError> {
    let user = || Value::from(user);
    let sql = "SELECT COUNT(*) AS total FROM security_events WHERE user_id = $1";
    let total: i64 = match db.one(sql, &[user()]).await? {
        Some(row) => row.get("total")?,
        None => 0,
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM security_events WHERE user_id = $1 \
         ORDER BY number DESC LIMIT $2 OFFSET $3"
    );
    let rows = db.all(&sql, params![user(), limit, offset]).await?;
    let rows = rows.iter().map(read).collect::<Result<_, _>>()?;
    Ok((rows, u64::try_from(total).unwrap_or_default()))
}

/// What called itself how, the last times that a user got in.
pub(crate) async fn agents_of(
    db: &Db,
    user: &UserId,
    limit: i64,
) -> Result<Vec<Option<String>>, DbError> {
    let sql = "SELECT user_agent FROM security_events WHERE user_id = $1 AND actor = 'client' \
         AND event IN ('registered', 'logged_in', 'token_issued') ORDER BY number DESC LIMIT $2";
    let rows = db.all(sql, params![Value::from(user), limit]).await?;
    rows.iter().map(|row| row.get("user_agent")).collect()
}

/// How long the log says it is, and its last hash.
pub(crate) async fn end(db: &Db) -> Result<(i64, String), DbError> {
    let sql = "SELECT length, hash FROM security_log WHERE id = 1";
    match db.one(sql, &[]).await? {
        Some(row) => Ok((row.get("length")?, row.get("hash")?)),
        None => Err(DbError::Address(END_IS_GONE.to_owned())),
    }
}

fn read(row: &Row) -> Result<EventRow, DbError> {
    Ok(EventRow {
        number: row.get("number")?,
        at: row.get("at")?,
        event: row.get("event")?,
        outcome: row.get("outcome")?,
        user: read_optional_id(row, "user_id")?,
        actor: row.get("actor")?,
        address: row.get("ip_address")?,
        user_agent: row.get("user_agent")?,
        facts: row.get("facts")?,
        hash: row.get("hash")?,
    })
}
