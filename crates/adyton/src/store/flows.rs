//! `spent_flows`: what a browser carried between two requests, once it was taken.

use chrono::{DateTime, Utc};

use crate::db::{Db, DbError, params};

/// Takes a flow: `false` when it was taken before. Of two requests that bring it, one takes it.
pub(crate) async fn take(db: &Db, id: &str, expires_at: DateTime<Utc>) -> Result<bool, DbError> {
    let sql = "INSERT INTO spent_flows (id, expires_at) VALUES ($1, $2)";
    match db.run(sql, params![id, expires_at]).await {
        Ok(_) => Ok(true),
        Err(DbError::Taken) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Deletes those whose time is over, and tells how many: by then nobody takes them anyway.
pub(crate) async fn prune(db: &Db, now: DateTime<Utc>) -> Result<u64, DbError> {
    let sql = "DELETE FROM spent_flows WHERE expires_at <= $1";
    db.run(sql, params![now]).await
}
