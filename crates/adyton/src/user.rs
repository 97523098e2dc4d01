//! The person who logs in, as a value, and the trait by which a host brings its own.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use crate::crypto::secret::Secret;
use crate::db;
use crate::db::Tx;
use crate::error::Result;

/// Named values of a user as JSON: what the host added to its users, or what it shows of them.
pub type Fields = Map<String, Json>;

/// A user's key: a number as Laravel's `bigint` ids, or a text as its UUIDs and ULIDs. In JSON it
/// keeps its kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub enum UserId {
    /// A `bigint` key.
    Integer(i64),
    /// A UUID, ULID or other text key.
    Text(String),
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UserId::Integer(id) => id.fmt(f),
            UserId::Text(id) => id.fmt(f),
        }
    }
}

impl Serialize for UserId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            UserId::Integer(id) => serializer.serialize_i64(*id),
            UserId::Text(id) => serializer.serialize_str(id),
        }
    }
}

impl From<i64> for UserId {
    fn from(id: i64) -> Self {
        UserId::Integer(id)
    }
}

impl From<&UserId> for db::Value {
    fn from(id: &UserId) -> Self {
        match id {
            UserId::Integer(id) => db::Value::Integer(Some(*id)),
            UserId::Text(id) => db::Value::Text(Some(id.clone())),
        }
    }
}

/// A user as Adyton sees it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct User {
    /// The key.
    pub id: UserId,
    /// What the person is called.
    pub name: String,
    /// What the person logs in with, in canonical form.
    pub email: String,
    /// When the address was proved to be the person's.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// The password's hash; `None` for a user without a password.
    pub password: Option<Secret<String>>,
    /// The second factor's secret, sealed.
    pub two_factor_secret: Option<Secret<String>>,
    /// The recovery codes: sealed until they were shown, hashed from then on.
    pub two_factor_recovery_codes: Option<Secret<String>>,
    /// When the second factor was proved to work.
    pub two_factor_confirmed_at: Option<DateTime<Utc>>,
    /// One of the configured roles.
    pub role: Option<String>,
    /// Since when this user is refused; `None` for a user in good standing.
    pub disabled_at: Option<DateTime<Utc>>,
    /// When the row was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When the row was last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// What the host keeps beside: the configured fields, or whatever its own [`Users`] adds.
    pub fields: Fields,
}

impl User {
    /// A user with only what every user has.
    pub fn new(id: impl Into<UserId>, name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            email: email.into(),
            email_verified_at: None,
            password: None,
            two_factor_secret: None,
            two_factor_recovery_codes: None,
            two_factor_confirmed_at: None,
            role: None,
            disabled_at: None,
            created_at: None,
            updated_at: None,
            fields: Fields::new(),
        }
    }

    /// Whether the user is refused everywhere.
    pub fn is_disabled(&self) -> bool {
        self.disabled_at.is_some()
    }

    /// Whether there is a password at all: an empty column, as of somebody who came by way of a
    /// provider, is none.
    pub fn has_password(&self) -> bool {
        let hash = self.password.as_ref();
        hash.is_some_and(|hash| !hash.expose().is_empty())
    }

    /// Whether logging in takes a second factor: a secret is there, and was proved to work where
    /// `must_be_confirmed` (the setting `two_factor.confirm`).
    pub fn has_second_factor(&self, must_be_confirmed: bool) -> bool {
        self.two_factor_secret.is_some()
            && (self.two_factor_confirmed_at.is_some() || !must_be_confirmed)
    }

    /// Whether the address was proved to be the person's.
    pub fn has_verified_email(&self) -> bool {
        self.email_verified_at.is_some()
    }

    /// The columns that Laravel's own `GET /api/user` shows, the role of those who have one, and
    /// the host's fields. Never a hash, a secret or a remember token.
    pub fn public_fields(&self) -> Fields {
        let mut shown = Fields::new();
        shown.insert("id".into(), json!(self.id));
        shown.insert("name".into(), json!(self.name));
        shown.insert("email".into(), json!(self.email));
        shown.insert(
            "email_verified_at".into(),
            json!(self.email_verified_at.map(timestamp)),
        );
        if let Some(role) = &self.role {
            shown.insert("role".into(), json!(role));
        }
        shown.extend(self.fields.clone());
        shown.insert("created_at".into(), json!(self.created_at.map(timestamp)));
        shown.insert("updated_at".into(), json!(self.updated_at.map(timestamp)));
        shown
    }
}

/// A moment as Laravel writes it in JSON: UTC with six digits, `2025-01-31T12:00:00.000000Z`.
pub fn timestamp(moment: DateTime<Utc>) -> String {
    // By hand: it stands twice in every answer about a user, and reading a pattern costs more
    // than writing the digits.
    let (date, time) = (moment.date_naive(), moment.time());
    let (year, month, day) = (date.year(), date.month(), date.day());
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    let micros = time.nanosecond() / 1_000 % 1_000_000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z")
}

/// What a new user begins with.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct NewUser {
    /// What the person is called.
    pub name: String,
    /// The address in canonical form.
    pub email: String,
    /// The password's hash.
    pub password: Option<Secret<String>>,
    /// One of the configured roles.
    pub role: Option<String>,
    /// When the address was proved, if it was.
    pub email_verified_at: Option<DateTime<Utc>>,
    /// The configured fields that were given.
    pub fields: Fields,
}

impl NewUser {
    /// A user with a name, an address and nothing else yet.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            ..Self::default()
        }
    }
}

/// What is to change of a user; `None` leaves a thing as it is.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Changes {
    /// What the person is called from now on.
    pub name: Option<String>,
    /// The new address, in canonical form.
    pub email: Option<String>,
    /// Since when the address is proved, or that it no longer is.
    pub email_verified_at: Option<Option<DateTime<Utc>>>,
    /// The new password hash.
    pub password: Option<Secret<String>>,
    /// Change only while the password's hash is still this one: a rehash at login must not undo a
    /// change of password that happened meanwhile.
    pub only_if_password: Option<Secret<String>>,
    /// The second factor's new secret, sealed, or none.
    pub two_factor_secret: Option<Option<Secret<String>>>,
    /// Change only while the secret is still this one, or while there is still none.
    pub only_if_two_factor_secret: Option<Option<Secret<String>>>,
    /// The new recovery codes, sealed or hashed, or none.
    pub two_factor_recovery_codes: Option<Option<Secret<String>>>,
    /// Change only while the recovery codes are still these: of two requests that spend one code,
    /// one finds others.
    pub only_if_two_factor_recovery_codes: Option<Secret<String>>,
    /// Since when the second factor is known to work, or that it is not.
    pub two_factor_confirmed_at: Option<Option<DateTime<Utc>>>,
    /// The new role, or none.
    pub role: Option<Option<String>>,
    /// Disabled since then, or enabled again.
    pub disabled_at: Option<Option<DateTime<Utc>>>,
    /// The configured fields that change, by name.
    pub fields: Fields,
}

/// A part of the users, in the order of their keys.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserQuery {
    /// Only those whose name or address contains this text, whatever its case.
    pub search: Option<String>,
    /// How many to pass over.
    pub offset: u64,
    /// How many at most.
    pub limit: u64,
}

impl UserQuery {
    /// The first users, up to a number.
    pub fn first(limit: u64) -> Self {
        Self {
            search: None,
            offset: 0,
            limit,
        }
    }
}

/// Where users are kept. Adyton's own [`UsersTable`](crate::UsersTable) keeps them in Laravel's
/// `users` table; a host with its own table, ORM or service implements this, or wraps that.
#[async_trait]
pub trait Users: Send + Sync + 'static {
    /// The user with a key.
    ///
    /// # Errors
    /// When the store cannot be read; never for "there is none".
    async fn find(&self, id: &UserId) -> Result<Option<User>>;

    /// The user who logs in with an address, given in canonical form, with the password's hash.
    /// A login asks twice: before the password is checked, and before anybody is let in.
    ///
    /// # Errors
    /// As [`find`](Users::find).
    async fn find_by_login(&self, login: &str) -> Result<Option<User>>;

    /// Makes a user, in the transaction that also holds what belongs to it.
    ///
    /// # Errors
    /// [`Rule::Unique`](crate::Rule) of `email`, as `Invalid::field("email", Rule::Unique).into()`,
    /// when somebody has this address.
    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User>;

    /// Changes a user, in the transaction that also holds what belongs to the change. `false` when
    /// nothing happened: there is no such user, or one of the `only_if` no longer holds. The
    /// condition and the change must be one statement.
    ///
    /// # Errors
    /// [`Rule::Unique`](crate::Rule) of `email` when somebody else has the new address; when the
    /// store cannot be written.
    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool>;

    /// Deletes a user, in the transaction that ends all that belongs to them. `false` when there
    /// is none.
    ///
    /// # Errors
    /// When the store cannot be written.
    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool>;

    /// A part of the users, and how many there are in all.
    ///
    /// # Errors
    /// As [`find`](Users::find).
    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)>;

    /// What the world may see of a user.
    fn present(&self, user: &User) -> Fields {
        user.public_fields()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_keeps_its_kind_in_json() {
        assert_eq!(
            serde_json::to_string(&UserId::Integer(8)).expect("serialises"),
            "8"
        );
        assert_eq!(
            serde_json::to_string(&UserId::Text("8".into())).expect("serialises"),
            "\"8\""
        );
    }

    #[test]
    fn no_hash_is_shown_or_printed() {
        let mut user = User::new(1, "Ana", "ana@example.com");
        user.password = Some(Secret::new("$argon2id$secret".to_owned()));
        assert!(
            !serde_json::to_string(&user.public_fields())
                .expect("serialises")
                .contains("argon2")
        );
        assert!(!format!("{user:?}").contains("argon2"));
    }

    #[test]
    fn times_are_written_as_laravel_does() {
        let moment = DateTime::from_timestamp(1_738_324_800, 0).expect("a valid time");
        assert_eq!(timestamp(moment), "2025-01-31T12:00:00.000000Z");
    }
}
