//! `user_security`: one row a user, for what must not be decided twice: the epoch of their
//! credentials, and the second factor's last step and guesses.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::db::{Db, DbError, Tx, Value, params};
use crate::user::UserId;

/// The number that every change of a user's credentials moves. Whoever checks a credential reads
/// it first, and lets in only while it is still the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Epoch(i64);

impl Epoch {
    /// As a column of another table keeps it.
    pub(crate) fn number(self) -> i64 {
        self.0
    }
}

/// Guesses at a second factor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Guesses {
    /// When the window began, in seconds since 1970.
    pub since: i64,
    /// Wrong ones in a row, whatever the window.
    pub failures: i64,
}

/// A user's epoch. Makes the row of a user who has none yet, such as an adopted one.
pub(crate) async fn epoch(db: &Db, user: &UserId) -> Result<Epoch, DbError> {
    if let Some(epoch) = read_epoch(db, user).await? {
        return Ok(epoch);
    }
    let mut tx = db.begin().await?;
    match insert(&mut tx, user).await {
        Ok(()) => tx.commit().await?,
        // Another request was faster.
        Err(DbError::Taken) => drop(tx),
        Err(error) => return Err(error),
    }
    Ok(read_epoch(db, user).await?.unwrap_or(Epoch(0)))
}

/// Makes the row of a user who has none yet, inside a transaction.
pub(crate) async fn make_sure(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "SELECT epoch FROM user_security WHERE user_id = $1";
    match tx.one(sql, params![Value::from(user)]).await? {
        Some(_) => Ok(()),
        None => insert(tx, user).await,
    }
}

async fn read_epoch(db: &Db, user: &UserId) -> Result<Option<Epoch>, DbError> {
    let sql = "SELECT epoch FROM user_security WHERE user_id = $1";
    let row = db.one(sql, params![Value::from(user)]).await?;
    row.map(|row| row.get("epoch").map(Epoch)).transpose()
}

/// Makes the row of a new user.
pub(crate) async fn insert(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "INSERT INTO user_security (user_id, epoch, two_factor_step, two_factor_tries, \
         two_factor_tries_since, two_factor_failures, two_factor_burned_step) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let zero = 0_i64;
    tx.run(
        sql,
        params![Value::from(user), zero, zero, zero, zero, zero, zero],
    )
    .await?;
    Ok(())
}

/// Whether the epoch is still this one; if so, nobody moves it before the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, user: &UserId, epoch: Epoch) -> Result<bool, DbError> {
    // A write, so that the row is locked on every database.
    let sql = "UPDATE user_security SET epoch = epoch WHERE user_id = $1 AND epoch = $2";
    Ok(tx.run(sql, params![Value::from(user), epoch.0]).await? == 1)
}

/// Locks a user's row, which must be there, until the transaction ends: nobody ends a credential
/// of theirs meanwhile.
pub(crate) async fn lock(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    // A write, so that the row is locked on every database.
    let sql = "UPDATE user_security SET epoch = epoch WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    Ok(())
}

/// Moves the epoch: what was checked before lets nobody in any more.
pub(crate) async fn advance(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "UPDATE user_security SET epoch = epoch + 1 WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    Ok(())
}

/// Takes a step of the user's second factor: `false` when it, or a later one, was used already.
/// One statement decides, so that of two requests with one code one is refused.
pub(crate) async fn take_step(tx: &mut Tx, user: &UserId, step: i64) -> Result<bool, DbError> {
    let sql = "UPDATE user_security SET two_factor_step = $1 \
         WHERE user_id = $2 AND two_factor_step < $3 AND two_factor_burned_step <> $4";
    let params = params![step, Value::from(user), step, step];
    Ok(tx.run(sql, params).await? == 1)
}

/// The last step that was used; 0 for none.
pub(crate) async fn last_step(db: &Db, user: &UserId) -> Result<i64, DbError> {
    let sql = "SELECT two_factor_step FROM user_security WHERE user_id = $1";
    let row = db.one(sql, params![Value::from(user)]).await?;
    row.map_or(Ok(0), |row| row.get("two_factor_step"))
}

/// Burns a step that is to come, whose code is about to be given away by explaining it: it counts
/// no more. `false` when another one is burned that is still to come, from `oldest` on: there is
/// room for one, and none may be let go before its time is over.
pub(crate) async fn burn_step(
    tx: &mut Tx,
    user: &UserId,
    (step, oldest): (i64, i64),
) -> Result<bool, DbError> {
    let sql = "UPDATE user_security SET two_factor_burned_step = $1 WHERE user_id = $2 \
         AND (two_factor_burned_step < $3 OR two_factor_burned_step = $4)";
    let params = params![step, Value::from(user), oldest, step];
    Ok(tx.run(sql, params).await? == 1)
}

/// Reserves a guess before it is checked, so that parallel ones cannot all pass: `false` when the
/// window is full. A window that begins later than one could end was begun by a clock that has been
/// set back since: waiting for it could take years, so it is over too.
pub(crate) async fn reserve_guess(
    db: &Db,
    user: &UserId,
    (max, since, end): (i64, DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    if is_there_room(db, user, (max, since)).await? {
        return Ok(true);
    }
    let sql = "UPDATE user_security SET two_factor_tries = 1, two_factor_tries_since = $1 \
         WHERE user_id = $2 AND (two_factor_tries_since <= $3 OR two_factor_tries_since > $4)";
    let bounds = [now, since, end].map(|moment| moment.timestamp());
    let params = params![bounds[0], Value::from(user), bounds[1], bounds[2]];
    if db.run(sql, params).await? == 1 {
        return Ok(true);
    }
    // Another request may have begun the window between the two statements.
    is_there_room(db, user, (max, since)).await
}

async fn is_there_room(
    db: &Db,
    user: &UserId,
    (max, since): (i64, DateTime<Utc>),
) -> Result<bool, DbError> {
    let sql = "UPDATE user_security SET two_factor_tries = two_factor_tries + 1 \
         WHERE user_id = $1 AND two_factor_tries < $2 AND two_factor_tries_since > $3";
    let params = params![Value::from(user), max, since.timestamp()];
    Ok(db.run(sql, params).await? == 1)
}

/// Counts a wrong guess, and tells how many there were in a row.
pub(crate) async fn count_failure(tx: &mut Tx, user: &UserId) -> Result<i64, DbError> {
    let sql = "UPDATE user_security SET two_factor_failures = two_factor_failures + 1 \
         WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    // The row is locked from here on: nobody else is told this number.
    let sql = "SELECT two_factor_failures FROM user_security WHERE user_id = $1";
    let row = tx.one(sql, params![Value::from(user)]).await?;
    row.map_or(Ok(0), |row| row.get("two_factor_failures"))
}

/// Forgets the guesses: one was right.
pub(crate) async fn forget_guesses(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "UPDATE user_security SET two_factor_tries = 0, two_factor_failures = 0 \
         WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    Ok(())
}

/// The guesses so far.
pub(crate) async fn guesses(db: &Db, user: &UserId) -> Result<Guesses, DbError> {
    let sql = "SELECT two_factor_tries_since, two_factor_failures \
         FROM user_security WHERE user_id = $1";
    let Some(row) = db.one(sql, params![Value::from(user)]).await? else {
        return Ok(Guesses {
            since: 0,
            failures: 0,
        });
    };
    Ok(Guesses {
        since: row.get("two_factor_tries_since")?,
        failures: row.get("two_factor_failures")?,
    })
}

/// Deletes the row of a user who is gone.
pub(crate) async fn delete(tx: &mut Tx, user: &UserId) -> Result<(), DbError> {
    let sql = "DELETE FROM user_security WHERE user_id = $1";
    tx.run(sql, params![Value::from(user)]).await?;
    Ok(())
}
