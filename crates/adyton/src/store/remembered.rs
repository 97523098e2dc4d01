//! `remembered_browsers`: who stays logged in past the session, one browser a row.
//!
//! The cookie is a selector, which finds the row, and a validator, of which only the SHA-256 is
//! stored and which changes at each use.

use chrono::{DateTime, Utc};

use super::Client;
use super::users::read_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct BrowserRow {
    pub id: i64,
    pub user: UserId,
    pub validator: String,
    pub previous_validator: Option<String>,
    pub rotated_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// A browser as its user is shown it.
#[derive(Clone, Debug)]
pub(crate) struct KnownBrowser {
    pub id: i64,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When it last came back.
    pub rotated_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Remembers a browser and tells its id. `selector` and `validator` are the stored forms.
pub(crate) async fn insert(
    tx: &mut Tx,
    user: &UserId,
    (selector, validator): (&str, &str),
    client: &Client,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, DbError> {
    let sql = "INSERT INTO remembered_browsers (user_id, selector, validator, rotated_at, \
         ip_address, user_agent, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (address, agent) = (client.address.to_string(), client.user_agent_column());
    let params = params![
        Value::from(user),
        selector,
        validator,
        now,
        address,
        agent,
        now,
        expires_at
    ];
    tx.insert(sql, params).await
}

/// The row of a selector.
pub(crate) async fn find(db: &Db, selector: &str) -> Result<Option<BrowserRow>, DbError> {
    let sql = "SELECT id, user_id, validator, previous_validator, rotated_at, expires_at \
         FROM remembered_browsers WHERE selector = $1";
    db.one(sql, params![selector])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A user's browsers whose time is not over, the latest used first.
pub(crate) async fn of_user(
    db: &Db,
    user: &UserId,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<KnownBrowser>, DbError> {
    let sql = "SELECT id, ip_address, user_agent, created_at, rotated_at, expires_at \
         FROM remembered_browsers WHERE user_id = $1 AND expires_at >= $2 \
         ORDER BY rotated_at DESC LIMIT $3";
    let rows = db.all(sql, params![Value::from(user), now, limit]).await?;
    let known = |row: &Row| {
        Ok(KnownBrowser {
            id: row.get("id")?,
            address: row.get("ip_address")?,
            user_agent: row.get("user_agent")?,
            created_at: row.get("created_at")?,
            rotated_at: row.get("rotated_at")?,
            expires_at: row.get("expires_at")?,
        })
    };
    rows.iter().map(known).collect()
}

/// Gives a browser a new validator, unless another request did so first: then `false`.
pub(crate) async fn rotate(
    tx: &mut Tx,
    row: &BrowserRow,
    validator: &str,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<bool, DbError> {
    let sql = "UPDATE remembered_browsers SET previous_validator = $1, validator = $2, \
         rotated_at = $3, expires_at = $4 WHERE id = $5 AND validator = $6";
    let old = row.validator.as_str();
    Ok(tx
        .run(sql, params![old, validator, now, expires_at, row.id, old])
        .await?
        == 1)
}

/// Whether the browser is still remembered; if so, nobody forgets it before the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, id: i64) -> Result<bool, DbError> {
    // A write, so that the row is locked on every database.
    let sql = "UPDATE remembered_browsers SET rotated_at = rotated_at WHERE id = $1";
    Ok(tx.run(sql, params![id]).await? == 1)
}

/// Forgets a browser.
pub(crate) async fn delete(tx: &mut Tx, id: i64) -> Result<(), DbError> {
    tx.run("DELETE FROM remembered_browsers WHERE id = $1", params![id])
        .await?;
    Ok(())
}

/// Forgets a browser of a user; whether there was one.
pub(crate) async fn delete_own(tx: &mut Tx, user: &UserId, id: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM remembered_browsers WHERE id = $1 AND user_id = $2";
    Ok(tx.run(sql, params![id, Value::from(user)]).await? > 0)
}

/// Forgets the browser of a selector.
pub(crate) async fn delete_by_selector(tx: &mut Tx, selector: &str) -> Result<(), DbError> {
    tx.run(
        "DELETE FROM remembered_browsers WHERE selector = $1",
        params![selector],
    )
    .await?;
    Ok(())
}

/// Forgets all browsers of a user, but for one that is kept, and tells how many there were.
pub(crate) async fn delete_of_user(
    tx: &mut Tx,
    user: &UserId,
    kept: Option<i64>,
) -> Result<u64, DbError> {
    let sql = "DELETE FROM remembered_browsers WHERE user_id = $1 AND id <> $2";
    // No row has the key 0.
    let kept = kept.unwrap_or_default();
    tx.run(sql, params![Value::from(user), kept]).await
}

/// Forgets those whose time is over, and tells how many.
pub(crate) async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64, DbError> {
    db.run(
        "DELETE FROM remembered_browsers WHERE expires_at < $1",
        params![now],
    )
    .await
}

fn read(row: &Row) -> Result<BrowserRow, DbError> {
    Ok(BrowserRow {
        id: row.get("id")?,
        user: read_id(row, "user_id")?,
        validator: row.get("validator")?,
        previous_validator: row.get("previous_validator")?,
        rotated_at: row.get("rotated_at")?,
        expires_at: row.get("expires_at")?,
    })
}
