//! What may be bound to a statement, and what may be read from a row.

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use sqlx::{Column as _, Row as _, TypeInfo as _};

/// A bound parameter. Absent values keep their kind, so that PostgreSQL sees a typed NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number, or NULL.
    Integer(Option<i64>),
    /// A text, or NULL.
    Text(Option<String>),
    /// Bytes, or NULL.
    Bytes(Option<Vec<u8>>),
    /// Yes or no, or NULL.
    Bool(Option<bool>),
    /// A moment in UTC, kept to the second as Laravel's `timestamp(0)` columns do, or NULL.
    Time(Option<DateTime<Utc>>),
}

macro_rules! values {
    ($($from:ty => |$value:ident| $made:expr;)*) => {
        $(impl From<$from> for Value { fn from($value: $from) -> Self { $made } })*
    };
}
values! {
    i64 => |v| Value::Integer(Some(v));
    Option<i64> => |v| Value::Integer(v);
    &str => |v| Value::Text(Some(v.to_owned()));
    String => |v| Value::Text(Some(v));
    &String => |v| Value::Text(Some(v.clone()));
    Option<String> => |v| Value::Text(v);
    Option<&str> => |v| Value::Text(v.map(str::to_owned));
    Vec<u8> => |v| Value::Bytes(Some(v));
    bool => |v| Value::Bool(Some(v));
    DateTime<Utc> => |v| Value::Time(Some(v.trunc_subsecs(0)));
    Option<DateTime<Utc>> => |v| Value::Time(v.map(|time| time.trunc_subsecs(0)));
}

type SqliteRow = sqlx::sqlite::SqliteRow;
type PgRow = sqlx::postgres::PgRow;
type MySqlRow = sqlx::mysql::MySqlRow;

/// A type that a column can be read as, whatever the database.
pub trait Column: Sized {
    /// Reads it from SQLite.
    ///
    /// # Errors
    /// When there is no such column or it holds another type.
    fn sqlite(row: &SqliteRow, name: &str) -> sqlx::Result<Self>;
    /// Reads it from PostgreSQL.
    ///
    /// # Errors
    /// As [`sqlite`](Column::sqlite).
    fn postgres(row: &PgRow, name: &str) -> sqlx::Result<Self>;
    /// Reads it from MySQL or MariaDB.
    ///
    /// # Errors
    /// As [`sqlite`](Column::sqlite).
    fn mysql(row: &MySqlRow, name: &str) -> sqlx::Result<Self>;
}

macro_rules! plain_columns {
    ($($kind:ty),*) => {
        $(impl Column for $kind {
            fn sqlite(row: &SqliteRow, name: &str) -> sqlx::Result<Self> { row.try_get(name) }
            fn postgres(row: &PgRow, name: &str) -> sqlx::Result<Self> { row.try_get(name) }
            fn mysql(row: &MySqlRow, name: &str) -> sqlx::Result<Self> { row.try_get(name) }
        })*
    };
}
plain_columns!(Option<String>, Option<Vec<u8>>, Option<bool>);

impl Column for Option<i64> {
    fn sqlite(row: &SqliteRow, name: &str) -> sqlx::Result<Self> {
        row.try_get(name)
    }

    /// Laravel's `integer` is 32 bits wide there, its ids 64.
    fn postgres(row: &PgRow, name: &str) -> sqlx::Result<Self> {
        row.try_get(name).or_else(|_| {
            row.try_get::<Option<i32>, _>(name)
                .map(|v| v.map(i64::from))
        })
    }

    /// Laravel's MySQL ids are BIGINT UNSIGNED, and a `SUM` of whole numbers is a DECIMAL, which
    /// travels as its digits.
    fn mysql(row: &MySqlRow, name: &str) -> sqlx::Result<Self> {
        if row.try_column(name)?.type_info().name() == "DECIMAL" {
            let digits = row.try_get_unchecked::<Option<String>, _>(name)?;
            return read_by(digits, |digits| digits.parse::<i64>());
        }
        row.try_get(name)
            .or_else(|_| read_by(row.try_get::<Option<u64>, _>(name)?, i64::try_from))
    }
}

/// A value that came as something else.
fn read_by<T, E>(
    value: Option<T>,
    read: impl FnOnce(T) -> Result<i64, E>,
) -> sqlx::Result<Option<i64>>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let value = value.map(read).transpose();
    value.map_err(|error| sqlx::Error::Decode(error.into()))
}

impl Column for Option<DateTime<Utc>> {
    fn sqlite(row: &SqliteRow, name: &str) -> sqlx::Result<Self> {
        row.try_get::<Option<NaiveDateTime>, _>(name)
            .map(|v| v.map(|naive| naive.and_utc()))
    }

    fn postgres(row: &PgRow, name: &str) -> sqlx::Result<Self> {
        row.try_get::<Option<NaiveDateTime>, _>(name)
            .map(|v| v.map(|naive| naive.and_utc()))
            .or_else(|_| row.try_get(name))
    }

    /// Laravel's times are TIMESTAMP there; some hosts changed them to DATETIME.
    fn mysql(row: &MySqlRow, name: &str) -> sqlx::Result<Self> {
        row.try_get(name).or_else(|_| {
            row.try_get::<Option<NaiveDateTime>, _>(name)
                .map(|v| v.map(|naive| naive.and_utc()))
        })
    }
}

macro_rules! required_columns {
    ($($kind:ty),*) => {
        $(impl Column for $kind {
            fn sqlite(row: &SqliteRow, name: &str) -> sqlx::Result<Self> {
                present(<Option<$kind>>::sqlite(row, name)?, name)
            }
            fn postgres(row: &PgRow, name: &str) -> sqlx::Result<Self> {
                present(<Option<$kind>>::postgres(row, name)?, name)
            }
            fn mysql(row: &MySqlRow, name: &str) -> sqlx::Result<Self> {
                present(<Option<$kind>>::mysql(row, name)?, name)
            }
        })*
    };
}
required_columns!(i64, String, Vec<u8>, bool, DateTime<Utc>);

fn present<T>(value: Option<T>, name: &str) -> sqlx::Result<T> {
    value.ok_or_else(|| sqlx::Error::ColumnDecode {
        index: name.to_owned(),
        source: Box::new(sqlx::error::UnexpectedNullError),
    })
}
