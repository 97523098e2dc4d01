//! `social_accounts`: who at a provider is which user. Found by the SHA-256 of provider, issuer and
//! subject, never by an address.

use chrono::{DateTime, Utc};

use super::users::read_id;
use crate::crypto::secret::{hex, sha256};
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

const COLUMNS: &str =
    "id, user_id, provider, issuer, subject, email, name, last_used_at, created_at";

/// Somebody at a provider: OpenID Connect's pair of issuer and subject, and our provider's name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity<'a> {
    pub provider: &'a str,
    pub issuer: &'a str,
    pub subject: &'a str,
}

impl Identity<'_> {
    /// The column that is unique: no part can flow over into the next, for none holds a NUL.
    fn stored(self) -> String {
        let text = [self.provider, self.issuer, self.subject].join("\0");
        hex(&sha256(text.as_bytes()))
    }
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct SocialAccountRow {
    pub id: i64,
    pub user: UserId,
    pub provider: String,
    /// The address that the provider told when it was linked.
    pub email: Option<String>,
    pub name: Option<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// Links somebody at a provider to a user, and tells the row's id.
///
/// # Errors
/// [`DbError::Taken`] when they are linked already, to whomever.
pub(crate) async fn insert(
    tx: &mut Tx,
    user: &UserId,
    who: Identity<'_>,
    (email, name): (Option<&str>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<i64, DbError> {
    let sql = "INSERT INTO social_accounts (user_id, provider, identity, issuer, subject, email, \
         name, last_used_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let identity = who.stored();
    let params = params![
        Value::from(user),
        who.provider,
        identity,
        who.issuer,
        who.subject,
        email,
        name,
        now,
        now
    ];
    tx.insert(sql, params).await
}

/// Whoever somebody at a provider is linked to.
pub(crate) async fn find(db: &Db, who: Identity<'_>) -> Result<Option<SocialAccountRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM social_accounts WHERE identity = $1");
    let row = db.one(&sql, params![who.stored()]).await?;
    row.as_ref().map(read).transpose()
}

/// All of a user, the oldest first.
pub(crate) async fn of_user(db: &Db, user: &UserId) -> Result<Vec<SocialAccountRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM social_accounts WHERE user_id = $1 ORDER BY id");
    let rows = db.all(&sql, params![Value::from(user)]).await?;
    rows.iter().map(read).collect()
}

/// The same inside a transaction.
pub(crate) async fn of_user_in(
    tx: &mut Tx,
    user: &UserId,
) -> Result<Vec<SocialAccountRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM social_accounts WHERE user_id = $1 ORDER BY id");
    let rows = tx.all(&sql, params![Value::from(user)]).await?;
    rows.iter().map(read).collect()
}

/// Notes that a link let its user in; `false` when it is gone.
pub(crate) async fn mark_used(
    tx: &mut Tx,
    (id, user): (i64, &UserId),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "UPDATE social_accounts SET last_used_at = $1 WHERE id = $2 AND user_id = $3";
    Ok(tx.run(sql, params![now, id, Value::from(user)]).await? == 1)
}

/// Unlinks one of a user; `false` when they have no such.
pub(crate) async fn delete(tx: &mut Tx, user: &UserId, id: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM social_accounts WHERE id = $1 AND user_id = $2";
    Ok(tx.run(sql, params![id, Value::from(user)]).await? == 1)
}

/// Unlinks all of a user.
pub(crate) async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<u64, DbError> {
    let sql = "DELETE FROM social_accounts WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await
}

fn read(row: &Row) -> Result<SocialAccountRow, DbError> {
    Ok(SocialAccountRow {
        id: row.get("id")?,
        user: read_id(row, "user_id")?,
        provider: row.get("provider")?,
        email: row.get("email")?,
        name: row.get("name")?,
        last_used_at: row.get("last_used_at")?,
        created_at: row.get("created_at")?,
    })
}
