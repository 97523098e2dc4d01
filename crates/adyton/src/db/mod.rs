//! The seam over sqlx's three drivers: one SQL text, SQLite, PostgreSQL and MySQL or MariaDB.
//!
//! SQL is written with `$1 …`, parameters in order and once each. What differs between the
//! databases is in `drivers.rs` and `dialect.rs` and nowhere else. A host that lends its pool keeps
//! it: nothing is set on a lent connection.

mod connect;
mod dialect;
mod drivers;
mod listing;
mod migrate;
mod value;

pub use connect::ConnectOptions;
pub use drivers::{Db, Row, Tx};
pub use listing::Listing;
pub use migrate::Migration;
pub use value::{Column, Value};

use crate::error::Error;

/// What a database operation failed with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// The address names no database we know, or cannot be read.
    #[error("{0}")]
    Address(String),
    /// A row with this unique value exists.
    #[error("a row with this unique value exists")]
    Taken,
    /// The database cannot be reached, is locked, read-only or out of connections: try again.
    #[error("the database is not available: {0}")]
    Unavailable(sqlx::Error),
    /// Anything else: a fault in a statement, a column of a type we do not read.
    #[error(transparent)]
    Other(sqlx::Error),
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        if let Some(refused) = error.as_database_error() {
            if refused.is_unique_violation() {
                return DbError::Taken;
            }
            return match refused.code().as_deref().is_some_and(is_passing_trouble) {
                true => DbError::Unavailable(error),
                false => DbError::Other(error),
            };
        }
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => DbError::Unavailable(error),
            _ => DbError::Other(error),
        }
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => Error::unavailable(error),
            _ => Error::unexpected(error),
        }
    }
}

/// Codes that say "not now" rather than "never": SQLite's busy, locked, read-only, I/O and full
/// (with their extended forms), PostgreSQL's connection, resource, operator and read-only classes,
/// MySQL's lock waits, deadlocks, too many connections and read-only.
fn is_passing_trouble(code: &str) -> bool {
    let sqlite = code
        .parse::<u32>()
        .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 8 | 10 | 13));
    let postgres = ["08", "53", "57", "40"]
        .iter()
        .any(|class| code.len() == 5 && code.starts_with(class))
        || matches!(code, "25006" | "55P03");
    // sqlx reports MySQL's SQLSTATE: 40001 deadlock, 08004 too many connections, HY000 the rest.
    (sqlite && code.len() < 5) || postgres
}

/// The parameters of one statement: `params![user_id, now, "name"]`.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::db::Value::from($value)),*] };
}
pub(crate) use params;
