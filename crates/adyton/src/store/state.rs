//! `adyton_state`: what Adyton notes of the database itself, by name.

use crate::db::{Db, DbError, params};

/// Whether the table is there: it is looked for before the tables are brought up to date, too.
pub(crate) async fn is_there(db: &Db) -> Result<bool, DbError> {
    db.begin().await?.has_column("adyton_state", "name").await
}

/// What is noted under a name.
pub(crate) async fn read(db: &Db, name: &str) -> Result<Option<String>, DbError> {
    let sql = "SELECT value FROM adyton_state WHERE name = $1";
    let row = db.one(sql, params![name]).await?;
    row.map(|row| row.get("value")).transpose()
}

/// Notes something. `false` when another process was first.
pub(crate) async fn insert(db: &Db, name: &str, value: &str) -> Result<bool, DbError> {
    let sql = "INSERT INTO adyton_state (name, value) VALUES ($1, $2)";
    match db.run(sql, params![name, value]).await {
        Ok(_) => Ok(true),
        Err(DbError::Taken) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Notes something else, unless another process did: then `false`.
pub(crate) async fn exchange(db: &Db, name: &str, old: &str, new: &str) -> Result<bool, DbError> {
    let sql = "UPDATE adyton_state SET value = $1 WHERE name = $2 AND value = $3";
    Ok(db.run(sql, params![new, name, old]).await? == 1)
}
