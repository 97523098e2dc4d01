//! `users`: Laravel's table, with a role, a mark for disabled users and the host's own columns.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound as _, Utc};
use serde_json::Value as Json;

use crate::clock::Clock;
use crate::config::{Field, FieldKind};
use crate::crypto::secret::Secret;
use crate::db::{Db, DbError, Row, Tx, Value, params};
use crate::error::{Error, Result};
use crate::user::{Changes, NewUser, User, UserId, UserQuery, Users};
use crate::validate::{Invalid, Rule};

const COLUMNS: &str = "id, name, email, email_verified_at, password, two_factor_secret, \
     two_factor_recovery_codes, two_factor_confirmed_at, role, disabled_at, created_at, updated_at";

/// Laravel's `users` table with the fields of `[users.fields]` as further columns. A host whose
/// users are almost that wraps it in its own [`Users`].
#[derive(Clone, Debug)]
pub struct UsersTable {
    db: Db,
    clock: Clock,
    fields: Vec<(String, Field)>,
    columns: String,
}

impl UsersTable {
    /// The table in a database. The fields' names are columns and were checked by the settings.
    pub fn new(db: Db, clock: Clock, fields: impl IntoIterator<Item = (String, Field)>) -> Self {
        let fields: Vec<_> = fields.into_iter().collect();
        let columns = fields.iter().fold(COLUMNS.to_owned(), |all, (name, _)| {
            all + ", " + &db.quoted(name)
        });
        Self {
            db,
            clock,
            fields,
            columns,
        }
    }

    /// The configured fields that the table has no column for.
    pub(crate) async fn missing_columns(&self) -> Result<Vec<String>> {
        let mut tx = self.db.begin().await?;
        let mut missing = Vec::new();
        for (name, _) in &self.fields {
            if !tx.has_column("users", name).await? {
                missing.push(name.clone());
            }
        }
        Ok(missing)
    }

    /// Adds the columns of the configured fields that the table does not have. Several processes
    /// may do so at a time.
    pub(crate) async fn add_missing_columns(&self) -> Result<Vec<String>> {
        let mut tx = self.db.begin().await?;
        tx.lock_migrations().await?;
        let outcome = self.add_columns(&mut tx).await;
        tx.unlock_migrations().await?;
        let added = outcome?;
        tx.commit().await?;
        Ok(added)
    }

    async fn add_columns(&self, tx: &mut Tx) -> Result<Vec<String>, DbError> {
        let mut added = Vec::new();
        for (name, field) in &self.fields {
            if !tx.has_column("users", name).await? {
                let (column, kind) = (self.db.quoted(name), column_type(field));
                tx.run(
                    &format!("ALTER TABLE users ADD COLUMN {column} {kind} NULL"),
                    &[],
                )
                .await?;
                added.push(name.clone());
            }
        }
        Ok(added)
    }

    fn read(&self, row: &Row) -> Result<User, DbError> {
        let mut user = User::new(
            read_id(row, "id")?,
            row.get::<String>("name")?,
            row.get::<String>("email")?,
        );
        user.email_verified_at = row.get("email_verified_at")?;
        user.password = row
            .get::<Option<String>>("password")?
            .filter(|hash| !hash.is_empty())
            .map(Secret::new);
        let sealed = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Secret::new);
        user.two_factor_secret = sealed(row.get("two_factor_secret")?);
        user.two_factor_recovery_codes = sealed(row.get("two_factor_recovery_codes")?);
        user.two_factor_confirmed_at = row.get("two_factor_confirmed_at")?;
        user.role = row.get("role")?;
        user.disabled_at = row.get("disabled_at")?;
        user.created_at = row.get("created_at")?;
        user.updated_at = row.get("updated_at")?;
        for (name, field) in self.fields.iter().filter(|(_, field)| field.shown) {
            user.fields
                .insert(name.clone(), read_field(row, name, field)?);
        }
        Ok(user)
    }

    /// As it will be read from now on.
    fn created(&self, id: i64, mut new: NewUser, now: DateTime<Utc>) -> User {
        let mut user = User::new(id, new.name, new.email);
        user.email_verified_at = new.email_verified_at;
        user.password = new.password;
        user.role = new.role;
        user.created_at = Some(now);
        user.updated_at = Some(now);
        for (name, _) in self.fields.iter().filter(|(_, field)| field.shown) {
            let value = new.fields.remove(name).unwrap_or_default();
            user.fields.insert(name.clone(), value);
        }
        user
    }

    fn read_all(&self, rows: &[Row]) -> Result<Vec<User>, DbError> {
        rows.iter().map(|row| self.read(row)).collect()
    }
}

#[async_trait]
impl Users for UsersTable {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        let sql = format!("SELECT {} FROM users WHERE id = $1", self.columns);
        let row = self.db.one(&sql, &[id.into()]).await?;
        Ok(row.map(|row| self.read(&row)).transpose()?)
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        let sql = format!("SELECT {} FROM users WHERE email = $1", self.columns);
        let row = self.db.one(&sql, params![login]).await?;
        Ok(row.map(|row| self.read(&row)).transpose()?)
    }

    async fn create(&self, mut new: NewUser, tx: &mut Tx) -> Result<User> {
        // To the second, as the columns keep them.
        let now = self.clock.now().trunc_subsecs(0);
        new.email_verified_at = new.email_verified_at.map(|at| at.trunc_subsecs(0));
        let hash = new
            .password
            .as_ref()
            .map(|hash| hash.expose().clone())
            .unwrap_or_default();
        let mut values = params![
            new.name.as_str(),
            new.email.as_str(),
            new.email_verified_at,
            hash,
            new.role.clone(),
            now,
            now
        ]
        .to_vec();
        let mut columns =
            "name, email, email_verified_at, password, role, created_at, updated_at".to_owned();
        for (name, field) in self
            .fields
            .iter()
            .filter(|(name, _)| new.fields.contains_key(name))
        {
            columns = columns + ", " + &self.db.quoted(name);
            values.push(bound(&new.fields[name], field));
        }
        let places: Vec<String> = (1..=values.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "INSERT INTO users ({columns}) VALUES ({})",
            places.join(", ")
        );
        let id = tx.insert(&sql, &values).await.map_err(taken)?;
        Ok(self.created(id, new, now))
    }

    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool> {
        let mut statement = Statement::default();
        statement.set("updated_at", self.clock.now().into());
        statement.set_all(&changes);
        for (name, field) in &self.fields {
            if let Some(value) = changes.fields.get(name) {
                statement.set(&self.db.quoted(name), bound(value, field));
            }
        }
        let (sql, values) = statement.update_of(id, &changes);
        Ok(tx.run(&sql, &values).await.map_err(taken)? > 0)
    }

    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool> {
        let sql = "DELETE FROM users WHERE id = $1";
        Ok(tx.run(sql, &[id.into()]).await? > 0)
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        let (matching, mut values) = matching(query.search.as_deref());
        let total = self
            .db
            .one(
                &format!("SELECT COUNT(*) AS total FROM users{matching}"),
                &values,
            )
            .await?;
        let total: i64 = total
            .map(|row| row.get("total"))
            .transpose()?
            .unwrap_or_default();
        let at = values.len();
        values.push(limit(query.limit));
        values.push(limit(query.offset));
        let sql = format!(
            "SELECT {} FROM users{matching} ORDER BY id LIMIT ${} OFFSET ${}",
            self.columns,
            at + 1,
            at + 2
        );
        let users = self.read_all(&self.db.all(&sql, &values).await?)?;
        Ok((users, u64::try_from(total).unwrap_or_default()))
    }
}

/// An `UPDATE` of one user that is being put together.
#[derive(Default)]
struct Statement {
    sets: Vec<String>,
    values: Vec<Value>,
}

impl Statement {
    fn set(&mut self, column: &str, value: Value) {
        self.values.push(value);
        self.sets.push(format!("{column} = ${}", self.values.len()));
    }

    /// The columns that every table of users has.
    fn set_all(&mut self, changes: &Changes) {
        let text = |secret: &Secret<String>| Value::from(secret.expose().as_str());
        let sealed =
            |secret: &Option<Secret<String>>| secret.as_ref().map_or(Value::Text(None), text);
        let columns = [
            ("name", changes.name.as_deref().map(Value::from)),
            ("email", changes.email.as_deref().map(Value::from)),
            (
                "email_verified_at",
                changes.email_verified_at.map(Value::from),
            ),
            ("password", changes.password.as_ref().map(text)),
            (
                "two_factor_secret",
                changes.two_factor_secret.as_ref().map(sealed),
            ),
            (
                "two_factor_recovery_codes",
                changes.two_factor_recovery_codes.as_ref().map(sealed),
            ),
            (
                "two_factor_confirmed_at",
                changes.two_factor_confirmed_at.map(Value::from),
            ),
            ("role", changes.role.clone().map(Value::from)),
            ("disabled_at", changes.disabled_at.map(Value::from)),
        ];
        for (column, value) in columns {
            if let Some(value) = value {
                self.set(column, value);
            }
        }
    }

    /// The whole of it, with what must still hold.
    fn update_of(mut self, id: &UserId, changes: &Changes) -> (String, Vec<Value>) {
        self.values.push(id.into());
        let sets = self.sets.join(", ");
        let mut sql = format!("UPDATE users SET {sets} WHERE id = ${}", self.values.len());
        let secret = changes.only_if_two_factor_secret.as_ref();
        let conditions = [
            ("password", changes.only_if_password.as_ref()),
            ("two_factor_secret", secret.and_then(Option::as_ref)),
            (
                "two_factor_recovery_codes",
                changes.only_if_two_factor_recovery_codes.as_ref(),
            ),
        ];
        for (column, expected) in conditions {
            if let Some(expected) = expected {
                self.values.push(expected.expose().as_str().into());
                sql += &format!(" AND {column} = ${}", self.values.len());
            }
        }
        if matches!(secret, Some(None)) {
            sql += " AND (two_factor_secret IS NULL OR two_factor_secret = '')";
        }
        (sql, self.values)
    }
}

/// A key that is a number or a text.
pub(crate) fn read_id(row: &Row, column: &str) -> Result<UserId, DbError> {
    match row.get::<i64>(column) {
        Ok(id) => Ok(UserId::Integer(id)),
        Err(_) => Ok(UserId::Text(row.get(column)?)),
    }
}

/// A key that is a number or a text, or none.
pub(crate) fn read_optional_id(row: &Row, column: &str) -> Result<Option<UserId>, DbError> {
    match row.get::<Option<i64>>(column) {
        Ok(id) => Ok(id.map(UserId::Integer)),
        Err(_) => Ok(row.get::<Option<String>>(column)?.map(UserId::Text)),
    }
}

fn matching(search: Option<&str>) -> (&'static str, Vec<Value>) {
    let Some(search) = search else {
        return ("", Vec::new());
    };
    let escaped: String = search.chars().flat_map(escaped).collect();
    let pattern = format!("%{escaped}%");
    // Both sides by the database's own LOWER: SQLite's knows ASCII only, Rust's all letters.
    let sql =
        " WHERE LOWER(name) LIKE LOWER($1) ESCAPE '!' OR LOWER(email) LIKE LOWER($2) ESCAPE '!'";
    (sql, vec![pattern.as_str().into(), pattern.into()])
}

fn escaped(character: char) -> impl Iterator<Item = char> {
    let escape = matches!(character, '%' | '_' | '!').then_some('!');
    escape.into_iter().chain([character])
}

fn limit(number: u64) -> Value {
    Value::Integer(Some(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn taken(error: DbError) -> Error {
    match error {
        DbError::Taken => Invalid::field("email", Rule::Unique).into(),
        error => error.into(),
    }
}

fn column_type(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text => "varchar(255)",
        FieldKind::Integer => "bigint",
        FieldKind::Boolean => "boolean",
    }
}

fn read_field(row: &Row, name: &str, field: &Field) -> Result<Json, DbError> {
    Ok(match field.kind {
        FieldKind::Text => row.get::<Option<String>>(name)?.into(),
        FieldKind::Integer => row.get::<Option<i64>>(name)?.into(),
        FieldKind::Boolean => row.get::<Option<bool>>(name)?.into(),
    })
}

fn bound(value: &Json, field: &Field) -> Value {
    match field.kind {
        FieldKind::Text => value.as_str().into(),
        FieldKind::Integer => value.as_i64().into(),
        FieldKind::Boolean => Value::Bool(value.as_bool()),
    }
}
