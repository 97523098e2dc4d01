//! `trusted_browsers`: who is not asked for the second factor for a while. Only the SHA-256 of the
//! cookie is stored.

use chrono::{DateTime, Utc};

use super::Client;
use super::security::Epoch;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

/// Rows that are deleted at once at most: there are more than one only where the limit was higher.
const EVICTED: i64 = 1000;

/// A browser as its user is shown it.
#[derive(Clone, Debug)]
pub(crate) struct TrustedBrowser {
    pub id: i64,
    /// The stored form of what its cookie holds.
    pub secret: String,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub expires_at: DateTime<Utc>,
}

/// Trusts a browser while this epoch is the user's. `secret` is the stored form.
pub(crate) async fn insert(
    tx: &mut Tx,
    (user, epoch): (&UserId, Epoch),
    secret: &str,
    client: &Client,
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<i64, DbError> {
    let sql = "INSERT INTO trusted_browsers (user_id, secret, epoch, ip_address, user_agent, \
         last_used_at, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let (address, agent) = (client.address.to_string(), client.user_agent_column());
    let params = params![
        Value::from(user),
        secret,
        epoch.number(),
        address,
        agent,
        now,
        now,
        expires_at
    ];
    tx.insert(sql, params).await
}

/// Uses the trust in a browser: `false` when there is none, it has ended, or it is of another user
/// or epoch.
pub(crate) async fn mark_used(
    tx: &mut Tx,
    (user, epoch): (&UserId, Epoch),
    secret: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "UPDATE trusted_browsers SET last_used_at = $1 \
         WHERE secret = $2 AND user_id = $3 AND epoch = $4 AND expires_at > $5";
    let params = params![now, secret, Value::from(user), epoch.number(), now];
    Ok(tx.run(sql, params).await? == 1)
}

/// A user's browsers that are trusted in this epoch, the latest used first.
pub(crate) async fn of_user(
    db: &Db,
    (user, epoch): (&UserId, Epoch),
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<TrustedBrowser>, DbError> {
    let sql = "SELECT id, secret, ip_address, user_agent, created_at, last_used_at, expires_at \
         FROM trusted_browsers WHERE user_id = $1 AND epoch = $2 AND expires_at > $3 \
         ORDER BY id DESC LIMIT $4";
    let params = params![Value::from(user), epoch.number(), now, limit];
    let rows = db.all(sql, params).await?;
    let known = |row: &Row| {
        Ok(TrustedBrowser {
            id: row.get("id")?,
            secret: row.get("secret")?,
            address: row.get("ip_address")?,
            user_agent: row.get("user_agent")?,
            created_at: row.get("created_at")?,
            last_used_at: row.get("last_used_at")?,
            expires_at: row.get("expires_at")?,
        })
    };
    rows.iter().map(known).collect()
}

/// Ends the trust in one browser of a user; `false` when they have no such.
pub(crate) async fn delete(tx: &mut Tx, user: &UserId, id: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM trusted_browsers WHERE id = $1 AND user_id = $2";
    Ok(tx.run(sql, params![id, Value::from(user)]).await? == 1)
}

/// Ends the trust in the browser of a user that has this secret, if they have such.
pub(crate) async fn delete_by_secret(
    tx: &mut Tx,
    user: &UserId,
    secret: &str,
) -> Result<(), DbError> {
    let sql = "DELETE FROM trusted_browsers WHERE secret = $1 AND user_id = $2";
    tx.run(sql, params![secret, Value::from(user)]).await?;
    Ok(())
}

/// Ends the trust in a user's oldest browsers, so that no more than `most` are left.
pub(crate) async fn evict(tx: &mut Tx, user: &UserId, most: i64) -> Result<(), DbError> {
    let sql = "SELECT id FROM trusted_browsers WHERE user_id = $1 \
         ORDER BY id DESC LIMIT $2 OFFSET $3";
    for row in tx
        .all(sql, params![Value::from(user), EVICTED, most])
        .await?
    {
        delete(tx, user, row.get("id")?).await?;
    }
    Ok(())
}

/// Ends the trust in all browsers of a user.
pub(crate) async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    let sql = "DELETE FROM trusted_browsers WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await
}

/// Deletes those whose time is over, and tells how many.
pub(crate) async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64, DbError> {
    let sql = "DELETE FROM trusted_browsers WHERE expires_at <= $1";
    db.run(sql, params![now]).await
}
