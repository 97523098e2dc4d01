//! What the three databases call things: types in a migration's text, and their own catalogues.

use super::{DbError, Tx};

impl Tx {
    /// Whether a table has a column; any column at all when `column` is empty.
    pub(crate) async fn has_column(&mut self, table: &str, column: &str) -> Result<bool, DbError> {
        let sql = match self {
            Tx::Sqlite(_) => "SELECT name FROM pragma_table_info($1) WHERE $2 IN ('', name)",
            // The catalogue itself: its views look at every column of every schema.
            Tx::Postgres(_) => {
                "SELECT a.attname::text AS name FROM pg_catalog.pg_class c \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
                 WHERE c.relname = $1 AND n.nspname = current_schema() AND a.attnum > 0 \
                 AND NOT a.attisdropped AND $2 IN ('', a.attname)"
            }
            Tx::MySql(_) => {
                "SELECT column_name AS name FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name = $1 AND $2 IN ('', column_name)"
            }
        };
        Ok(self
            .one(sql, &[table.into(), column.into()])
            .await?
            .is_some())
    }

    /// Whether a column is of the database's own kind of JSON. MariaDB's is a text by another name.
    pub(crate) async fn is_json(&mut self, table: &str, column: &str) -> Result<bool, DbError> {
        let sql = match self {
            Tx::Sqlite(_) => return Ok(false),
            Tx::Postgres(_) => {
                "SELECT t.typname::text AS kind FROM pg_catalog.pg_class c \
                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                 JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
                 JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
                 WHERE c.relname = $1 AND n.nspname = current_schema() AND a.attname = $2"
            }
            Tx::MySql(_) => {
                "SELECT data_type AS kind FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name = $1 AND column_name = $2"
            }
        };
        let row = self.one(sql, &[table.into(), column.into()]).await?;
        let kind: Option<String> = row.map(|row| row.get("kind")).transpose()?;
        Ok(kind.is_some_and(|kind| kind.starts_with("json")))
    }

    /// The words that stand for a type in the migration text, each with this database's own type:
    /// the very types Laravel's schema builder makes.
    pub(super) fn words(&self) -> [(&'static str, &'static str); 10] {
        let types = match self {
            Tx::Sqlite(_) => [
                "integer PRIMARY KEY AUTOINCREMENT NOT NULL",
                "integer",
                "integer",
                "datetime",
                "boolean",
                "blob",
                "text",
                "",
                "",
                "",
            ],
            Tx::Postgres(_) => [
                "bigserial PRIMARY KEY",
                "bigint",
                "integer",
                "timestamp(0) without time zone",
                "boolean",
                "bytea",
                "text",
                "",
                "ALTER COLUMN",
                "TYPE text",
            ],
            Tx::MySql(_) => [
                "bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY",
                "bigint unsigned",
                "int",
                "timestamp",
                "tinyint(1)",
                "blob",
                "longtext",
                "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                "MODIFY",
                "longtext NOT NULL",
            ],
        };
        let names = [
            "{id}",
            "{ref}",
            "{int}",
            "{time}",
            "{bool}",
            "{bytes}",
            "{longtext}",
            "{charset}",
            "{change}",
            "{to_longtext}",
        ];
        std::array::from_fn(|at| (names[at], types[at]))
    }
}
