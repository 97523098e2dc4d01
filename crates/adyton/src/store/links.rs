//! `one_time_links`: links that were mailed. Only the SHA-256 of the secret in a link is stored,
//! and one statement spends it.

use chrono::{DateTime, Utc};

use super::users::read_optional_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

const COLUMNS: &str = "id, user_id, address, payload";

/// What a link is for. A link of one purpose is nothing at another's route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Proves the address that an account has.
    EmailVerification,
    /// Makes the account that somebody asked for.
    Registration,
    /// Proves the address that an account is to have.
    EmailChange,
    /// Gives an account its former address back.
    EmailUndo,
    /// "This wasn't me": ends every credential.
    NotMe,
    /// A code that opens a lane of its own for a password.
    LoginCode,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Purpose::EmailVerification => "email_verification",
            Purpose::Registration => "registration",
            Purpose::EmailChange => "email_change",
            Purpose::EmailUndo => "email_undo",
            Purpose::NotMe => "not_me",
            Purpose::LoginCode => "login_code",
        }
    }
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct LinkRow {
    pub id: String,
    pub user: Option<UserId>,
    /// The address that the link is about.
    pub address: Option<String>,
    pub payload: Option<String>,
}

/// A row that is to be made.
#[derive(Debug)]
pub(crate) struct NewLink<'a> {
    /// The stored form of the link's secret.
    pub id: &'a str,
    pub purpose: Purpose,
    pub user: Option<&'a UserId>,
    pub address: Option<&'a str>,
    pub payload: Option<&'a str>,
    pub now: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Makes a row.
pub(crate) async fn insert(tx: &mut Tx, new: NewLink<'_>) -> Result<(), DbError> {
    let sql = "INSERT INTO one_time_links (id, purpose, user_id, address, payload, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    // Without a user the column's kind does not matter: it is NULL.
    let user = new.user.map_or(Value::Integer(None), Value::from);
    let (purpose, address, payload) = (new.purpose.as_str(), new.address, new.payload);
    tx.run(
        sql,
        params![
            new.id,
            purpose,
            user,
            address,
            payload,
            new.now,
            new.expires_at
        ],
    )
    .await?;
    Ok(())
}

/// A link that is alive, for showing what it would do.
pub(crate) async fn find(
    db: &Db,
    id: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<LinkRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM one_time_links WHERE id = $1 AND purpose = $2 AND expires_at > $3"
    );
    let row = db.one(&sql, params![id, purpose.as_str(), now]).await?;
    row.as_ref().map(read).transpose()
}

/// Spends a link: what it was, if it was alive. Of two requests with one link, one gets it.
pub(crate) async fn spend(
    tx: &mut Tx,
    id: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<Option<LinkRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM one_time_links WHERE id = $1 AND purpose = $2 AND expires_at > $3"
    );
    let found = tx.one(&sql, params![id, purpose.as_str(), now]).await?;
    let sql = "DELETE FROM one_time_links WHERE id = $1 AND purpose = $2 AND expires_at > $3";
    let spent = tx.run(sql, params![id, purpose.as_str(), now]).await? == 1;
    found.as_ref().filter(|_| spent).map(read).transpose()
}

/// Deletes a user's links of one purpose.
pub(crate) async fn delete_of_user(
    tx: &mut Tx,
    user: &UserId,
    purpose: Purpose,
) -> Result<(), DbError> {
    let sql = "DELETE FROM one_time_links WHERE user_id = $1 AND purpose = $2";
    tx.run(sql, params![Value::from(user), purpose.as_str()])
        .await?;
    Ok(())
}

/// Deletes the links about an address of one purpose.
pub(crate) async fn delete_of_address(
    tx: &mut Tx,
    address: &str,
    purpose: Purpose,
) -> Result<(), DbError> {
    let sql = "DELETE FROM one_time_links WHERE address = $1 AND purpose = $2";
    tx.run(sql, params![address, purpose.as_str()]).await?;
    Ok(())
}

/// Whether a link of this purpose about an address is alive.
pub(crate) async fn is_alive_for(
    tx: &mut Tx,
    address: &str,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql =
        "SELECT id FROM one_time_links WHERE address = $1 AND purpose = $2 AND expires_at > $3";
    let row = tx.one(sql, params![address, purpose.as_str(), now]).await?;
    Ok(row.is_some())
}

/// A user's links of one purpose.
pub(crate) async fn of_user(
    tx: &mut Tx,
    user: &UserId,
    purpose: Purpose,
) -> Result<Vec<LinkRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM one_time_links WHERE user_id = $1 AND purpose = $2");
    let rows = tx
        .all(&sql, params![Value::from(user), purpose.as_str()])
        .await?;
    rows.iter().map(read).collect()
}

/// How many links of this purpose a user has that are alive.
pub(crate) async fn count_alive(
    tx: &mut Tx,
    user: &UserId,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Result<usize, DbError> {
    let sql =
        "SELECT id FROM one_time_links WHERE user_id = $1 AND purpose = $2 AND expires_at > $3";
    let params = params![Value::from(user), purpose.as_str(), now];
    Ok(tx.all(sql, params).await?.len())
}

/// Writes another payload in the place of the one that was read: `false` when a link is gone, or
/// somebody else was faster.
pub(crate) async fn replace_payload(
    db: &Db,
    link: &LinkRow,
    (old, new): (&str, &str),
) -> Result<bool, DbError> {
    let sql = "UPDATE one_time_links SET payload = $1 WHERE id = $2 AND payload = $3";
    Ok(db.run(sql, params![new, link.id.as_str(), old]).await? == 1)
}

/// Deletes a link, whatever it is for.
pub(crate) async fn delete(tx: &mut Tx, id: &str) -> Result<(), DbError> {
    tx.run("DELETE FROM one_time_links WHERE id = $1", params![id])
        .await?;
    Ok(())
}

/// Whether another user has a way back to this address, whose time is not over.
pub(crate) async fn is_kept_for_another(
    tx: &mut Tx,
    address: &str,
    user: &UserId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let sql = "SELECT id FROM one_time_links \
         WHERE address = $1 AND purpose = $2 AND expires_at > $3 AND user_id <> $4";
    let purpose = Purpose::EmailUndo.as_str();
    let params = params![address, purpose, now, Value::from(user)];
    Ok(!tx.all(sql, params).await?.is_empty())
}

/// Deletes those whose time is over, and tells how many.
pub(crate) async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64, DbError> {
    let sql = "DELETE FROM one_time_links WHERE expires_at <= $1";
    db.run(sql, params![now]).await
}

fn read(row: &Row) -> Result<LinkRow, DbError> {
    Ok(LinkRow {
        id: row.get("id")?,
        user: read_optional_id(row, "user_id")?,
        address: row.get("address")?,
        payload: row.get("payload")?,
    })
}
