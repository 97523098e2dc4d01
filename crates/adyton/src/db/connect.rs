//! Opening a database by its address.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Db, DbError};

/// How large the pool is and how long a caller waits for a connection.
#[derive(Clone, Copy, Debug)]
pub struct ConnectOptions {
    /// Connections at most.
    pub max_connections: u32,
    /// How long a caller waits for one before it is told that the database is not available.
    pub acquire_timeout: Duration,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            max_connections: 10,
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

impl From<&crate::config::Database> for ConnectOptions {
    fn from(config: &crate::config::Database) -> Self {
        Self {
            max_connections: config.max_connections,
            acquire_timeout: config.acquire_timeout,
        }
    }
}

/// How long SQLite waits for another writer.
const BUSY: Duration = Duration::from_secs(5);

/// PostgreSQL's own level. InnoDB's, REPEATABLE READ, locks the gap where a deleted row might have
/// been: two users who ask for a new password at a time would be each other's deadlock. All that
/// is decided here is decided by one statement's row count, which needs no more than this.
const READ_COMMITTED: &str = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

impl Db {
    /// Connects by address: `sqlite://path/to/file.db` (made when missing), `postgres://…` or
    /// `mysql://…` (MariaDB too).
    ///
    /// # Errors
    /// [`DbError::Address`] when the address names none of them, [`DbError::Unavailable`] when
    /// nobody answers there.
    pub async fn connect(address: &str, options: ConnectOptions) -> Result<Db, DbError> {
        let scheme = address.split(':').next().unwrap_or_default();
        match scheme {
            "sqlite" => sqlite(address, options).await,
            "postgres" | "postgresql" => postgres(address, options).await,
            "mysql" | "mariadb" => mysql(address, options).await,
            _ => Err(DbError::Address(format!(
                "a database address begins with sqlite://, postgres:// or mysql://, not with `{scheme}:`"
            ))),
        }
    }
}

async fn sqlite(address: &str, options: ConnectOptions) -> Result<Db, DbError> {
    if address.contains(":memory:") {
        let problem =
            "two connections to :memory: would be two databases; give a file: sqlite://app.db";
        return Err(DbError::Address(problem.to_owned()));
    }
    let connect = SqliteConnectOptions::from_str(address)
        .map_err(unreadable)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut, not only a crash of the process.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .foreign_keys(true);
    let pool = SqlitePoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        // A file does not go away like a server; asking costs a thread hop on every query.
        .test_before_acquire(false);
    Ok(Db::Sqlite(pool.connect_with(connect).await?))
}

async fn postgres(address: &str, options: ConnectOptions) -> Result<Db, DbError> {
    let connect = PgConnectOptions::from_str(address).map_err(unreadable)?;
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout);
    Ok(Db::Postgres(pool.connect_with(connect).await?))
}

async fn mysql(address: &str, options: ConnectOptions) -> Result<Db, DbError> {
    let connect = MySqlConnectOptions::from_str(address).map_err(unreadable)?;
    let pool = MySqlPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(READ_COMMITTED).await?;
                Ok(())
            })
        });
    Ok(Db::MySql(pool.connect_with(connect).await?))
}

/// Says what is wrong without the address: it may hold a password.
fn unreadable(error: sqlx::Error) -> DbError {
    DbError::Address(format!("the database address cannot be read: {error}"))
}
