//! `two_factor_challenges`: who has proved the first factor and not yet the second.

use chrono::{DateTime, Utc};

use super::users::read_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::event::Via;
use crate::user::UserId;

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct ChallengeRow {
    /// SHA-256 of the secret that its client holds, in lower-case hex.
    pub id: String,
    pub user: UserId,
    pub via: Option<Via>,
    /// What is to be given once the second factor is proved, as JSON.
    pub wish: String,
}

/// Opens a challenge.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: &str,
    user: &UserId,
    (via, wish): (Via, &str),
    (now, expires_at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbError> {
    let sql = "INSERT INTO two_factor_challenges (id, user_id, via, wish, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    let user = Value::from(user);
    tx.run(sql, params![id, user, via.as_str(), wish, now, expires_at])
        .await?;
    Ok(())
}

/// The challenge of a key, if its time is not over.
pub(crate) async fn find(
    db: &Db,
    id: &str,
    now: DateTime<Utc>,
) -> Result<Option<ChallengeRow>, DbError> {
    let sql = "SELECT id, user_id, via, wish FROM two_factor_challenges \
         WHERE id = $1 AND expires_at > $2";
    db.one(sql, params![id, now])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Ends a challenge; whether it was there. Of two requests that answer it, one finds it.
pub(crate) async fn delete(tx: &mut Tx, id: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM two_factor_challenges WHERE id = $1";
    Ok(tx.run(sql, params![id]).await? == 1)
}

/// Ends all challenges of a user.
pub(crate) async fn delete_of_user(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM two_factor_challenges WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    Ok(())
}

/// Deletes those whose time is over, and tells how many.
pub(crate) async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64, DbError> {
    let sql = "DELETE FROM two_factor_challenges WHERE expires_at <= $1";
    db.run(sql, params![now]).await
}

fn read(row: &Row) -> Result<ChallengeRow, DbError> {
    let via: String = row.get("via")?;
    Ok(ChallengeRow {
        id: row.get("id")?,
        user: read_id(row, "user_id")?,
        via: Via::parse(&via),
        wish: row.get("wish")?,
    })
}
