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
    pub(crate) fn as_str(self) -> &'static str {
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

/// A part of the rows that hold something sealed, in the order of their ids: id, kind, payload.
pub(crate) async fn sealed_after(
    db: &Db,
    id: i64,
    limit: i64,
) -> Result<Vec<(i64, String, String)>, DbError> {
    let sql = "SELECT id, kind, payload FROM mail_outbox WHERE id > $1 ORDER BY id LIMIT $2";
    let rows = db.all(sql, params![id, limit]).await?;
    let read = |row: &Row| Ok((row.get("id")?, row.get("kind")?, row.get("payload")?));
    rows.iter().map(read).collect()
}

/// What a row holds, if it is still there.
pub(crate) async fn payload(db: &Db, id: i64) -> Result<Option<String>, DbError> {
    let sql = "SELECT payload FROM mail_outbox WHERE id = $1";
    let row = db.one(sql, params![id]).await?;
    row.map(|row| row.get("payload")).transpose()
}

/// Seals a row's payload anew, unless it holds another one by now, or is gone: then `false`.
pub(crate) async fn reseal(db: &Db, id: i64, old: &str, new: &str) -> Result<bool, DbError> {
    let sql = "UPDATE mail_outbox SET payload = $1 WHERE id = $2 AND payload = $3";
    Ok(db.run(sql, params![new, id, old]).await? == 1)
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

#[cfg(test)]
mod tests {
    use adyton_testing::TestDatabase;
    use chrono::TimeDelta;

    use super::*;
    use crate::db::ConnectOptions;
    use crate::store::migrations::STEPS;

    /// A database with the tables in it, and a moment with a fraction of a second.
    async fn ground() -> (TestDatabase, Db, DateTime<Utc>) {
        let database = TestDatabase::fresh().await;
        let db = Db::connect(&database.url, ConnectOptions::default()).await;
        let db = db.expect("a database");
        let now = DateTime::from_timestamp(1_795_273_200, 900_000_000).expect("a date");
        let words = [("{user}", "{ref}")];
        db.migrate(STEPS, &words, now).await.expect("tables");
        (database, db, now)
    }

    async fn written(db: &Db, payload: &str, now: DateTime<Utc>) -> i64 {
        let mut tx = db.begin().await.expect("a transaction");
        let user = UserId::Integer(7);
        let new = NewRow {
            kind: Kind::Letter,
            user: Some(&user),
            payload,
            expires_at: Some(now + TimeDelta::hours(1)),
            now,
        };
        let id = insert(&mut tx, new).await.expect("inserted");
        tx.commit().await.expect("committed");
        id
    }

    async fn taken(db: &Db, by: &str, now: DateTime<Utc>) -> Option<ClaimedRow> {
        let until = now + TimeDelta::seconds(40);
        let claimed = claim(db, by, (now, until)).await;
        claimed.expect("claimed or not")
    }

    #[tokio::test]
    async fn a_row_is_due_in_the_second_that_it_was_written_in() {
        let (_database, db, now) = ground().await;
        let id = written(&db, "one", now).await;
        let row = taken(&db, "a", now).await.expect("due");
        assert_eq!((row.id, row.payload.as_str(), row.attempts), (id, "one", 1));
        assert_eq!(row.created_at.timestamp(), now.timestamp());
        let end = row.expires_at.map(|end| end - row.created_at);
        assert_eq!(end, Some(TimeDelta::hours(1)));
    }

    #[tokio::test]
    async fn a_row_in_a_process_hands_is_nobody_elses_until_its_time_is_over() {
        let (_database, db, now) = ground().await;
        let id = written(&db, "one", now).await;
        taken(&db, "a", now).await.expect("due");
        assert!(taken(&db, "b", now).await.is_none());
        assert!(taken(&db, "a", now).await.is_none());
        let later = now + TimeDelta::seconds(41);
        let row = taken(&db, "b", later).await.expect("out of its hands");
        assert_eq!(row.attempts, 2);
        // The first comes back too late to lay it back or to give it up.
        retry(&db, id, "a", "late", now).await.expect("no error");
        assert!(!give_up(&db, id, "a").await.expect("no error"));
        assert!(taken(&db, "c", later).await.is_none());
        retry(&db, id, "b", "why", later + TimeDelta::seconds(10))
            .await
            .expect("laid back");
        assert!(taken(&db, "c", later).await.is_none(), "not due");
        let later = later + TimeDelta::seconds(11);
        assert_eq!(taken(&db, "c", later).await.expect("due").attempts, 3);
        assert!(give_up(&db, id, "c").await.expect("no error"));
    }

    #[tokio::test]
    async fn a_row_is_exchanged_by_whoever_has_it_in_hand_and_once() {
        let (_database, db, now) = ground().await;
        let id = written(&db, "one", now).await;
        taken(&db, "a", now).await.expect("due");
        for (by, is_made) in [("b", false), ("a", true), ("a", false)] {
            let mut tx = db.begin().await.expect("a transaction");
            let new = NewRow {
                kind: Kind::Letter,
                user: None,
                payload: "two",
                expires_at: None,
                now,
            };
            let made = exchange(&mut tx, id, by, new).await.expect("no error");
            tx.commit().await.expect("committed");
            assert_eq!(made.is_some(), is_made, "{by}");
        }
        let row = taken(&db, "b", now).await.expect("the other one");
        assert_eq!((row.payload.as_str(), row.attempts), ("two", 1));
        assert_eq!(row.expires_at, None);
        delete(&db, row.id).await.expect("deleted");
        assert!(taken(&db, "b", now + TimeDelta::days(1)).await.is_none());
    }

    #[tokio::test]
    async fn what_waited_longest_is_taken_first() {
        let (_database, db, now) = ground().await;
        for (payload, ago) in [("young", 0), ("old", 60), ("middle", 30)] {
            written(&db, payload, now - TimeDelta::seconds(ago)).await;
        }
        let mut order = Vec::new();
        while let Some(row) = taken(&db, "a", now).await {
            order.push(row.payload);
        }
        assert_eq!(order, ["old", "middle", "young"]);
    }
}
