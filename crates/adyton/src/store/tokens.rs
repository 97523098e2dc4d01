//! `personal_access_tokens`: Sanctum's table. Only the SHA-256 of a secret is stored.

use chrono::{DateTime, Utc};

use super::users::read_id;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::user::UserId;

const COLUMNS: &str = "id, tokenable_type, tokenable_id, name, token, abilities, last_used_at, expires_at, created_at";

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct TokenRow {
    pub id: i64,
    pub owner_type: String,
    pub owner: UserId,
    pub name: String,
    /// SHA-256 of the secret, in lower-case hex.
    pub hash: String,
    pub abilities: Vec<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
}

/// A row that is to be made.
pub(crate) struct NewRow<'a> {
    pub owner_type: &'a str,
    pub owner: &'a UserId,
    pub name: &'a str,
    pub hash: &'a str,
    pub abilities: &'a [String],
    pub expires_at: Option<DateTime<Utc>>,
    pub now: DateTime<Utc>,
}

/// Makes a row and tells its id.
pub(crate) async fn insert(tx: &mut Tx, new: NewRow<'_>) -> Result<i64, DbError> {
    let sql = "INSERT INTO personal_access_tokens \
         (tokenable_type, tokenable_id, name, token, abilities, expires_at, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let abilities = serde_json::Value::from(new.abilities.to_vec()).to_string();
    let owner = Value::from(new.owner);
    let params = params![
        new.owner_type,
        owner,
        new.name,
        new.hash,
        abilities,
        new.expires_at,
        new.now,
        new.now
    ];
    tx.insert(sql, params).await
}

/// The row with a key.
pub(crate) async fn find(db: &Db, id: i64) -> Result<Option<TokenRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM personal_access_tokens WHERE id = $1");
    db.one(&sql, params![id])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// Whether a token of a user is still there.
pub(crate) async fn is_there(
    tx: &mut Tx,
    id: i64,
    owner_type: &str,
    owner: &UserId,
) -> Result<bool, DbError> {
    let sql = "SELECT id FROM personal_access_tokens \
         WHERE id = $1 AND tokenable_type = $2 AND tokenable_id = $3";
    let params = params![id, owner_type, Value::from(owner)];
    Ok(tx.one(sql, params).await?.is_some())
}

/// The row of a secret, for tokens that come without their id.
pub(crate) async fn find_by_hash(db: &Db, hash: &str) -> Result<Option<TokenRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM personal_access_tokens WHERE token = $1");
    db.one(&sql, params![hash])
        .await?
        .as_ref()
        .map(read)
        .transpose()
}

/// A user's tokens, the newest first.
pub(crate) async fn of_owner(
    db: &Db,
    owner_type: &str,
    owner: &UserId,
    limit: i64,
) -> Result<Vec<TokenRow>, DbError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM personal_access_tokens \
         WHERE tokenable_type = $1 AND tokenable_id = $2 ORDER BY id DESC LIMIT $3"
    );
    let rows = db
        .all(&sql, params![owner_type, Value::from(owner), limit])
        .await?;
    rows.iter().map(read).collect()
}

/// Deletes all tokens of a user and tells how many there were.
pub(crate) async fn delete_of_owner(
    tx: &mut Tx,
    owner_type: &str,
    owner: &UserId,
) -> Result<u64, DbError> {
    let sql = "DELETE FROM personal_access_tokens WHERE tokenable_type = $1 AND tokenable_id = $2";
    tx.run(sql, params![owner_type, Value::from(owner)]).await
}

/// Deletes a user's token; whether there was one.
pub(crate) async fn delete(
    tx: &mut Tx,
    id: i64,
    owner_type: &str,
    owner: &UserId,
) -> Result<bool, DbError> {
    let sql = "DELETE FROM personal_access_tokens \
         WHERE id = $1 AND tokenable_type = $2 AND tokenable_id = $3";
    Ok(tx
        .run(sql, params![id, owner_type, Value::from(owner)])
        .await?
        > 0)
}

/// Writes when a token was last used, if that is news. Laravel moves `updated_at` along.
pub(crate) async fn touch(tx: &mut Tx, id: i64, at: DateTime<Utc>) -> Result<(), DbError> {
    let sql = "UPDATE personal_access_tokens SET last_used_at = $1, updated_at = $2 \
         WHERE id = $3 AND (last_used_at IS NULL OR last_used_at < $4)";
    tx.run(sql, params![at, at, id, at]).await?;
    Ok(())
}

/// Deletes tokens whose own date passed before `expired_before`, and, where tokens have an age
/// limit, those made before `created_before`. Tells how many.
pub(crate) async fn prune(
    db: &Db,
    expired_before: DateTime<Utc>,
    created_before: Option<DateTime<Utc>>,
) -> Result<u64, DbError> {
    let by_date = "DELETE FROM personal_access_tokens WHERE expires_at < $1";
    let mut pruned = db.run(by_date, params![expired_before]).await?;
    if let Some(moment) = created_before {
        let by_age = "DELETE FROM personal_access_tokens WHERE created_at < $1";
        pruned += db.run(by_age, params![moment]).await?;
    }
    Ok(pruned)
}

fn read(row: &Row) -> Result<TokenRow, DbError> {
    let abilities: Option<String> = row.get("abilities")?;
    Ok(TokenRow {
        id: row.get("id")?,
        owner_type: row.get("tokenable_type")?,
        owner: read_id(row, "tokenable_id")?,
        name: row.get("name")?,
        hash: row.get("token")?,
        // NULL is a type error in Laravel, and text that is no list would be: no abilities.
        abilities: abilities
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
        last_used_at: row.get("last_used_at")?,
        expires_at: row.get("expires_at")?,
        created_at: row.get("created_at")?,
    })
}
