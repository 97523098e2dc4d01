//! `passkeys`: Fortify's table. A row's `credential` is what its WebAuthn library keeps, as JSON.

use chrono::{DateTime, Utc};

use super::users::read_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

const COLUMNS: &str = "id, user_id, name, credential_id, credential, last_used_at, created_at";

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyRow {
    pub id: i64,
    pub user: UserId,
    pub name: String,
    /// The credential's id in unpadded base64url.
    pub credential_id: String,
    /// What verifies it, as JSON.
    pub credential: String,
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
}

/// What a passkey's use is to change in its row.
#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub id: i64,
    /// The credential as it was read: another use since makes this one void.
    pub before: String,
    /// The credential with the new counter.
    pub after: String,
}

/// Keeps a passkey and tells its id.
///
/// # Errors
/// [`DbError::Taken`] when somebody has this credential.
pub(crate) async fn insert(
    tx: &mut Tx,
    user: &UserId,
    (name, credential_id, credential): (&str, &str, &str),
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO passkeys (user_id, name, credential_id, credential, created_at, \
         updated_at) VALUES ($1, $2, $3, $4, $5, $6)";
    let params = params![Value::from(user), name, credential_id, credential, now, now];
    tx.insert(sql, params).await
}

/// The passkey of a credential's id, which is compared exactly, whatever the collation.
pub(crate) async fn find(db: &Db, credential_id: &str) -> Result<Option<PasskeyRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE credential_id = $1");
    let row = db.one(&sql, params![credential_id]).await?;
    let row = row.as_ref().map(read).transpose()?;
    Ok(row.filter(|row| row.credential_id == credential_id))
}

/// The passkey of a row.
pub(crate) async fn by_id(db: &Db, id: i64) -> Result<Option<PasskeyRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE id = $1");
    let row = db.one(&sql, params![id]).await?;
    row.as_ref().map(read).transpose()
}

/// All of a user, the oldest first.
pub(crate) async fn of_user(db: &Db, user: &UserId) -> Result<Vec<PasskeyRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY id");
    let rows = db.all(&sql, params![Value::from(user)]).await?;
    rows.iter().map(read).collect()
}

/// The ids of a user's passkeys, inside a transaction.
pub(crate) async fn ids_in(tx: &mut Tx, user: &UserId) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT id FROM passkeys WHERE user_id = $1";
    let rows = tx.all(sql, params![Value::from(user)]).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// Notes a use, with the credential's new counter: `false` when the passkey is gone, or was used by
/// another request since it was read.
pub(crate) async fn mark_used(
    tx: &mut Tx,
    used: &Use,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "UPDATE passkeys SET credential = $1, last_used_at = $2, updated_at = $3 \
         WHERE id = $4 AND credential = $5";
    let params = params![&*used.after, now, now, used.id, &*used.before];
    Ok(tx.run(sql, params).await? == 1)
}

/// Gives one of a user another name; `false` when they have no such.
pub(crate) async fn rename(
    db: &Db,
    (user, id): (&UserId, i64),
    name: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "UPDATE passkeys SET name = $1, updated_at = $2 WHERE id = $3 AND user_id = $4";
    let params = params![name, now, id, Value::from(user)];
    Ok(db.run(sql, params).await? == 1)
}

/// Removes one of a user; `false` when they have no such.
pub(crate) async fn delete(tx: &mut Tx, user: &UserId, id: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM passkeys WHERE id = $1 AND user_id = $2";
    Ok(tx.run(sql, params![id, Value::from(user)]).await? == 1)
}

/// Removes those of a user that were made before then, or nobody knows when.
pub(crate) async fn delete_older(
    tx: &mut Tx,
    user: &UserId,
    then: DateTime<Utc>,
) -> Result<u64, DbError> {
    let sql = "DELETE FROM passkeys WHERE user_id = $1 AND (created_at IS NULL OR created_at < $2)";
    tx.run(sql, params![Value::from(user), then]).await
}

/// Removes all of a user.
pub(crate) async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    let sql = "DELETE FROM passkeys WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await
}

fn read(row: &Row) -> Result<PasskeyRow, DbError> {
    Ok(PasskeyRow {
        id: row.get("id")?,
        user: read_id(row, "user_id")?,
        name: row.get("name")?,
        credential_id: row.get("credential_id")?,
        credential: row.get("credential")?,
        last_used_at: row.get("last_used_at")?,
        created_at: row.get("created_at")?,
    })
}
