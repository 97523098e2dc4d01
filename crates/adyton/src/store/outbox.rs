//! `mail_outbox`: what is to be sent, one row each, and which process has it in hand.
//!
//! Times are kept to the second, and cut: a row is due in the second that it was written in.

use chrono::{DateTime, Utc};

use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A letter whose facts are known.
    Letter,
    /// Work that a request left: mostly to find out who is to get a letter.
    Errand,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Letter => "letter",
            Kind::Errand => "errand",
        }
    }

    fn parse(word: &str) -> Option<Kind> {
        [Kind::Letter, Kind::Errand]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// How many rows are looked at for one that no other process takes first.
const CANDIDATES: i64 = 16;

const COLUMNS: &str = "id, kind, payload, attempts, expires_at, created_at";

/// A row that this process has in hand.
#[derive(Clone, Debug)]
pub(crate) struct ClaimedRow {
    pub id: i64,
    pub kind: Kind,
    /// Sealed: it holds links.
    pub payload: String,
    /// This attempt and those before it.
    pub attempts: u32,
    /// From when on it would be of no use any more.
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

/// A row that is to be made.
pub(crate) struct NewRow<'a> {
    pub kind: Kind,
    pub user: Option<&'a UserId>,
    pub payload: &'a str,
    pub expires_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// Makes a row that is due at once, and tells its id.
pub(crate) async fn insert(tx: &mut Tx, new: NewRow<'_>) -> Result<i64, DbError> {
    let (kind, payload, now) = (new.kind.as_str(), new.payload, new.now);
    // A NULL needs a kind on PostgreSQL, and a user's key is of either; so it is left out.
    let Some(user) = new.user else {
        let sql = "INSERT INTO mail_outbox (kind, payload, attempts, next_attempt_at, expires_at, \
             created_at) VALUES ($1, $2, 0, $3, $4, $5)";
        return tx
            .insert(sql, params![kind, payload, now, new.expires_at, now])
            .await;
    };
    let sql = "INSERT INTO mail_outbox (kind, user_id, payload, attempts, next_attempt_at, \
         expires_at, created_at) VALUES ($1, $2, $3, 0, $4, $5, $6)";
    let user = Value::from(user);
    tx.insert(sql, params![kind, user, payload, now, new.expires_at, now])
        .await
}

/// Takes a row that is due and in nobody's hands, and counts the attempt. Whoever took it and does
/// not come back loses it at `until`.
pub(crate) async fn claim(
    db: &Db,
    by: &str,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<ClaimedRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM mail_outbox WHERE kind IN ($1, $2) AND next_attempt_at <= $3 \
         AND (claimed_until IS NULL OR claimed_until <= $4) ORDER BY next_attempt_at, id LIMIT $5"
    );
    // No others: a newer version's rows are not ours to touch.
    let (letter, errand) = (Kind::Letter.as_str(), Kind::Errand.as_str());
    let due = db
        .all(&sql, params![letter, errand, now, now, CANDIDATES])
        .await?;
    for row in due {
        let mut row = read(&row)?;
        let sql = "UPDATE mail_outbox SET claimed_until = $1, claimed_by = $2, \
             attempts = attempts + 1 WHERE id = $3 AND next_attempt_at <= $4 \
             AND (claimed_until IS NULL OR claimed_until <= $5)";
        if db.run(sql, params![until, by, row.id, now, now]).await? == 1 {
            row.attempts += 1;
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Deletes a row that is done with, in whosever hands it is: what was sent is not sent again.
pub(crate) async fn delete(db: &Db, id: i64) -> Result<(), DbError> {
    db.run("DELETE FROM mail_outbox WHERE id = $1", params![id])
        .await?;
    Ok(())
}

/// Lays a row back for a later attempt, unless another process has it in hand by now.
pub(crate) async fn retry(
    db: &Db,
    id: i64,
    by: &str,
    error: &str,
    next_attempt_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let sql = "UPDATE mail_outbox SET claimed_until = NULL, claimed_by = NULL, last_error = $1, \
         next_attempt_at = $2 WHERE id = $3 AND claimed_by = $4";
    db.run(sql, params![error, next_attempt_at, id, by]).await?;
    Ok(())
}

/// Deletes a row that nobody will send, unless another process has it in hand by now: then `false`.
pub(crate) async fn give_up(db: &Db, id: i64, by: &str) -> Result<bool, DbError> {
    let sql = "DELETE FROM mail_outbox WHERE id = $1 AND claimed_by = $2";
    Ok(db.run(sql, params![id, by]).await? == 1)
}

/// Puts another row in the place of one, unless another process has that in hand by now: then
/// nothing is made, and there is no id.
pub(crate) async fn exchange(
    tx: &mut Tx,
    id: i64,
    by: &str,
    new: NewRow<'_>,
) -> Result<Option<i64>, DbError> {
    let sql = "DELETE FROM mail_outbox WHERE id = $1 AND claimed_by = $2";
    if tx.run(sql, params![id, by]).await? != 1 {
        return Ok(None);
    }
    insert(tx, new).await.map(Some)
}

fn read(row: &Row) -> Result<ClaimedRow, DbError> {
    let attempts: i64 = row.get("attempts")?;
    let kind: String = row.get("kind")?;
    Ok(ClaimedRow {
        id: row.get("id")?,
        kind: Kind::parse(&kind).unwrap_or(Kind::Letter),
        payload: row.get("payload")?,
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
        expires_at: row.get("expires_at")?,
        created_at: row.get::<Option<_>>("created_at")?.unwrap_or_default(),
    })
}
