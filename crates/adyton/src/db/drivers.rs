//! The only place where the three databases differ: placeholders, learning a new id, how a
//! transaction begins, how times are bound, and the words of the migration text.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;

use super::{Column, DbError, Value};

macro_rules! drivers {
    ($($module:ident $name:ident $row:path, $lend:ident;)*) => {
        /// A pool of connections to one of the three databases. Cloning it is cheap.
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum Db { $(#[doc = concat!("A pool of sqlx's ", stringify!($name), " driver.")] $name(sqlx::Pool<sqlx::$name>)),* }

        /// A transaction: what it did is undone unless [`Tx::commit`] returns.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum Tx { $(#[doc = concat!("A transaction of sqlx's ", stringify!($name), " driver.")] $name(sqlx::Transaction<'static, sqlx::$name>)),* }

        /// A row that was read.
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum Row { $(#[doc = concat!("A row of sqlx's ", stringify!($name), " driver.")] $name($row)),* }

        $(impl From<sqlx::Pool<sqlx::$name>> for Db {
            fn from(pool: sqlx::Pool<sqlx::$name>) -> Self { Db::$name(pool) }
        })*

        impl Row {
            /// Reads a column by its name.
            ///
            /// # Errors
            /// When there is no such column, or it holds another type.
            pub fn get<T: Column>(&self, name: &str) -> Result<T, DbError> {
                match self { $(Row::$name(row) => Ok(T::$module(row, name)?)),* }
            }
        }

        impl Db {
            /// Every row that a query finds.
            ///
            /// # Errors
            /// [`DbError::Unavailable`] when the database cannot answer now; others for a fault.
            pub async fn all(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
                match self { $(Db::$name(pool) => $module::all(pool, sql, params).await),* }
            }

            /// Runs a statement and tells how many rows it touched.
            ///
            /// # Errors
            /// As [`Db::all`], and [`DbError::Taken`] for a second row with a unique value.
            pub async fn run(&self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
                match self { $(Db::$name(pool) => Ok($module::run(pool, sql, params).await?.rows_affected())),* }
            }

            /// Waits for connections to end and closes the pool.
            pub async fn close(&self) {
                match self { $(Db::$name(pool) => pool.close().await),* }
            }
        }

        impl Tx {
            /// Every row that a query finds, inside the transaction.
            ///
            /// # Errors
            /// As [`Db::all`].
            pub async fn all(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
                match self { $(Tx::$name(tx) => $module::all(&mut **tx, sql, params).await),* }
            }

            /// Runs a statement inside the transaction and tells how many rows it touched.
            ///
            /// # Errors
            /// As [`Db::run`].
            pub async fn run(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
                match self { $(Tx::$name(tx) => Ok($module::run(&mut **tx, sql, params).await?.rows_affected())),* }
            }

            /// Makes the transaction lasting.
            ///
            /// # Errors
            /// When the database refuses; then nothing of it happened.
            pub async fn commit(self) -> Result<(), DbError> {
                match self { $(Tx::$name(tx) => Ok(tx.commit().await?)),* }
            }

            $(#[doc = concat!("The driver's own transaction, when the database is ", stringify!($name), ": for a host's rows beside ours.")]
            pub fn $lend(&mut self) -> Option<&mut sqlx::Transaction<'static, sqlx::$name>> {
                match self { Tx::$name(tx) => Some(tx), _ => None }
            })*
        }

        $(mod $module {
            use super::*;

            fn query<'q>(sql: &str, params: &'q [Value]) -> sqlx::query::Query<'q, sqlx::$name, <sqlx::$name as sqlx::Database>::Arguments> {
                let text = statement(stringify!($module), sql).into_owned();
                let mut query = sqlx::query(AssertSqlSafe(text));
                for param in params {
                    query = match param {
                        Value::Integer(value) => query.bind(*value),
                        Value::Text(value) => query.bind(value.as_deref()),
                        Value::Bytes(value) => query.bind(value.as_deref()),
                        Value::Bool(value) => query.bind(*value),
                        Value::Time(value) => bind_time!($module, query, value),
                    };
                }
                query
            }

            pub(super) async fn all<'e>(on: impl sqlx::Executor<'e, Database = sqlx::$name>, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
                Ok(query(sql, params).fetch_all(on).await?.into_iter().map(Row::$name).collect())
            }

            pub(super) async fn run<'e>(on: impl sqlx::Executor<'e, Database = sqlx::$name>, sql: &str, params: &[Value]) -> Result<<sqlx::$name as sqlx::Database>::QueryResult, DbError> {
                Ok(query(sql, params).execute(on).await?)
            }
        })*
    };
}

/// MySQL's locks are the whole server's, so the database is in the name; one has 64 characters.
const MYSQL_LOCK: &str = "SHA1(CONCAT('adyton_migrations.', DATABASE()))";

/// SQLite has no type for a time: Laravel keeps the text `YYYY-MM-DD HH:MM:SS`, and so do we.
/// PostgreSQL's `timestamp(0)` is without a zone, MySQL's TIMESTAMP is a moment.
macro_rules! bind_time {
    (sqlite, $query:ident, $value:ident) => {
        $query.bind($value.map(|time| time.format("%Y-%m-%d %H:%M:%S").to_string()))
    };
    (postgres, $query:ident, $value:ident) => {
        $query.bind($value.map(|time| time.naive_utc()))
    };
    (mysql, $query:ident, $value:ident) => {
        $query.bind(*$value)
    };
}

drivers! {
    sqlite Sqlite sqlx::sqlite::SqliteRow, sqlite;
    postgres Postgres sqlx::postgres::PgRow, postgres;
    mysql MySql sqlx::mysql::MySqlRow, mysql;
}

impl Db {
    /// The first row that a query finds.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn one(&self, sql: &str, params: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// Inserts a row into a table whose key is `id`, and tells the new id.
    ///
    /// # Errors
    /// As [`Db::run`].
    pub async fn insert(&self, sql: &str, params: &[Value]) -> Result<i64, DbError> {
        match self {
            Db::MySql(pool) => Ok(signed(
                mysql::run(pool, sql, params).await?.last_insert_id(),
            )),
            _ => new_id(self.all(&returning_id(sql), params).await?),
        }
    }

    /// Begins a transaction. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`):
    /// taking it later, after a read, fails instead of waiting.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when no connection, or no lock, is to be had in time.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
            Db::MySql(pool) => Tx::MySql(pool.begin().await?),
        })
    }

    /// The first moment that its time columns do not keep: MySQL's TIMESTAMP counts seconds in 32
    /// bits, the others write years of four digits.
    pub(crate) fn end_of_time(&self) -> DateTime<Utc> {
        let unix = match self {
            Db::MySql(_) => 2_147_472_000,
            _ => 253_402_214_400,
        };
        DateTime::from_timestamp(unix, 0).expect("both are dates")
    }

    /// A column's name in quotes, so that it may be one of SQL's own words. SQLite takes what stands
    /// in double quotes and is no column for a text, so it gets MySQL's quotes.
    pub(crate) fn quoted(&self, column: &str) -> String {
        match self {
            Db::Postgres(_) => format!("\"{column}\""),
            _ => format!("`{column}`"),
        }
    }

    /// The database's name for people: `SQLite`, `PostgreSQL` or `MySQL`.
    pub fn kind(&self) -> &'static str {
        match self {
            Db::Sqlite(_) => "SQLite",
            Db::Postgres(_) => "PostgreSQL",
            Db::MySql(_) => "MySQL",
        }
    }
}

impl Tx {
    /// The database's name for people, as [`Db::kind`].
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Tx::Sqlite(_) => "SQLite",
            Tx::Postgres(_) => "PostgreSQL",
            Tx::MySql(_) => "MySQL",
        }
    }

    /// The first row that a query finds, inside the transaction.
    ///
    /// # Errors
    /// As [`Db::all`].
    pub async fn one(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// Inserts a row inside the transaction and tells the new id.
    ///
    /// # Errors
    /// As [`Db::run`].
    pub async fn insert(&mut self, sql: &str, params: &[Value]) -> Result<i64, DbError> {
        match self {
            Tx::MySql(tx) => Ok(signed(
                mysql::run(&mut **tx, sql, params).await?.last_insert_id(),
            )),
            _ => new_id(self.all(&returning_id(sql), params).await?),
        }
    }

    /// Keeps other processes out while the tables are changed, until this transaction ends.
    pub(crate) async fn lock_migrations(&mut self) -> Result<(), DbError> {
        match self {
            // The write lock is held since `BEGIN IMMEDIATE`.
            Tx::Sqlite(_) => {}
            Tx::Postgres(_) => {
                self.all(
                    "SELECT 1 AS locked FROM pg_advisory_xact_lock(4713061)",
                    &[],
                )
                .await?;
            }
            Tx::MySql(_) => {
                let sql = format!("SELECT GET_LOCK({MYSQL_LOCK}, 60) AS locked");
                let row = self.one(&sql, &[]).await?;
                let locked = row
                    .map(|row| row.get::<Option<i64>>("locked"))
                    .transpose()?;
                if locked.flatten() != Some(1) {
                    let late = "another process has been changing the tables for a minute";
                    let late = std::io::Error::new(std::io::ErrorKind::TimedOut, late);
                    return Err(DbError::Unavailable(sqlx::Error::Io(late)));
                }
            }
        }
        Ok(())
    }

    /// MySQL's lock belongs to the connection, not to the transaction.
    pub(crate) async fn unlock_migrations(&mut self) -> Result<(), DbError> {
        if let Tx::MySql(_) = self {
            let sql = format!("SELECT RELEASE_LOCK({MYSQL_LOCK}) AS released");
            self.all(&sql, &[]).await?;
        }
        Ok(())
    }
}

fn returning_id(sql: &str) -> String {
    format!("{sql} RETURNING id")
}

fn new_id(rows: Vec<Row>) -> Result<i64, DbError> {
    rows.first()
        .ok_or_else(|| DbError::from(sqlx::Error::RowNotFound))?
        .get("id")
}

fn signed(id: u64) -> i64 {
    i64::try_from(id).expect("a table with more than 2^63 rows does not exist")
}

/// `$1` is understood by SQLite and PostgreSQL; MySQL wants `?`.
fn statement<'a>(driver: &str, sql: &'a str) -> Cow<'a, str> {
    if driver != "mysql" || !sql.contains('$') {
        return Cow::Borrowed(sql);
    }
    let mut parts = sql.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('?');
        text.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::statement;

    #[test]
    fn placeholders_become_question_marks_for_mysql_only() {
        let sql = "UPDATE t SET a = $1 WHERE b = $2 AND c > $10";
        assert_eq!(
            statement("mysql", sql),
            "UPDATE t SET a = ? WHERE b = ? AND c > ?"
        );
        assert_eq!(statement("sqlite", sql), sql);
        assert_eq!(statement("postgres", sql), sql);
    }
}
