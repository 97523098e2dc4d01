//! What the three databases say differently.

use adyton::Db;

/// The sum of a column as a whole number. MariaDB's `SUM` is a decimal, PostgreSQL's a `numeric`.
pub fn sum(db: &Db, column: &str) -> String {
    let whole = match db.kind() {
        "PostgreSQL" => "bigint",
        _ => "signed",
    };
    format!("CAST(COALESCE(SUM({column}), 0) AS {whole})")
}

/// The day of a moment, as `2026-11-01`.
pub fn day(db: &Db, column: &str) -> String {
    match db.kind() {
        "SQLite" => format!("SUBSTR({column}, 1, 10)"),
        "PostgreSQL" => format!("TO_CHAR({column}, 'YYYY-MM-DD')"),
        _ => format!("DATE_FORMAT({column}, '%Y-%m-%d')"),
    }
}
