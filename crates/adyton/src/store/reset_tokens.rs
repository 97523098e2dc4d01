//! `password_reset_tokens`: Laravel's table, one pending reset an address. The token is kept as
//! its SHA-256: it has 256 random bits, so Laravel's slow hash of it would protect nothing more.

use chrono::{DateTime, Utc};

use crate::db::{Db, DbError, Tx, params};

/// Makes this the only pending reset of an address.
pub(crate) async fn replace(
    tx: &mut Tx,
    email: &str,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    delete(tx, email).await?;
    let sql = "INSERT INTO password_reset_tokens (email, token, created_at) VALUES ($1, $2, $3)";
    tx.run(sql, params![email, token, now]).await?;
    Ok(())
}

/// Whether an address has a pending reset that was made after `since`.
pub(crate) async fn is_pending(
    tx: &mut Tx,
    email: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "SELECT email FROM password_reset_tokens WHERE email = $1 AND created_at > $2";
    Ok(tx.one(sql, params![email, since]).await?.is_some())
}

/// Whether a token is an address's pending one, made after `since`.
pub(crate) async fn is_alive(
    db: &Db,
    email: &str,
    token: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "SELECT email FROM password_reset_tokens \
         WHERE email = $1 AND token = $2 AND created_at > $3";
    Ok(db.one(sql, params![email, token, since]).await?.is_some())
}

/// Spends a token; whether it was the address's pending one, made after `since`. Of two requests
/// with one token, one finds it.
pub(crate) async fn spend(
    tx: &mut Tx,
    email: &str,
    token: &str,
    since: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM password_reset_tokens \
         WHERE email = $1 AND token = $2 AND created_at > $3";
    Ok(tx.run(sql, params![email, token, since]).await? == 1)
}

/// Deletes an address's pending reset.
pub(crate) async fn delete(tx: &mut Tx, email: &str) -> Result<(), DbError> {
    let sql = "DELETE FROM password_reset_tokens WHERE email = $1";
    tx.run(sql, params![email]).await?;
    Ok(())
}

/// Deletes those made at `until` or before, and tells how many.
pub(crate) async fn prune(db: &Db, until: DateTime<Utc>) -> Result<u64, DbError> {
    let sql = "DELETE FROM password_reset_tokens WHERE created_at <= $1";
    db.run(sql, params![until]).await
}
