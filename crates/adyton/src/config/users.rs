//! `[database]`, `[users]`, `[registration]`, `[hashing]`: who there is, and where.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::adapters::{Concealed, at_least, checked};
use super::setting::{Entries, Visit};
use super::values::{FieldKind, IdKind, RegistrationMode};

/// `[database]`: where everything is kept.
#[derive(Clone)]
#[non_exhaustive]
pub struct Database {
    /// The database, for instance `sqlite:adyton.db` or `postgres://user:password@host/name`.
    pub url: Option<String>,
    /// How many connections may be open at once.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            max_connections: 10,
            acquire_timeout: Duration::from_secs(5),
        }
    }
}

impl Database {
    /// The address without the user, the password and the parameters, fit for a log.
    pub fn url_without_password(&self) -> Option<String> {
        let url = self.url.as_deref()?;
        let (scheme, rest) = url.split_once(':')?;
        // The last `@`, because a password may hold one, and `/` and `?` too.
        let shown = rest
            .rsplit_once('@')
            .map_or_else(|| rest.to_owned(), |(_, at)| format!("//…@{at}"));
        let shown = shown
            .split_once('?')
            .map_or(shown.as_str(), |(before, _)| before);
        Some(format!("{scheme}:{shown}"))
    }

    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The database: `sqlite:adyton.db`, `postgres://user:password@host/name` or \
                    `mysql://user:password@host/name`.";
        v.setting("url", &mut Concealed(&mut self.url), help);
        let help = "How many connections may be open at once.";
        v.setting(
            "max_connections",
            &mut at_least(1, &mut self.max_connections),
            help,
        );
        let timeout = &mut at_least(Duration::from_millis(1), &mut self.acquire_timeout);
        v.setting(
            "acquire_timeout",
            timeout,
            "How long a request waits for a free connection.",
        );
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("url", &self.url_without_password())
            .field("max_connections", &self.max_connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish()
    }
}

/// `[users]`: what a user is.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Users {
    /// What a user's id is.
    pub id: IdKind,
    /// The roles there are.
    pub roles: Vec<String>,
    /// The role of somebody who registers.
    pub default_role: Option<String>,
    /// Further columns of the users' table, by name.
    pub fields: BTreeMap<String, Field>,
}

impl Users {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting("id", &mut self.id, "What a user's id is.");
        v.setting(
            "roles",
            &mut self.roles,
            "The roles there are; while there are none, an operator may give any.",
        );
        v.setting(
            "default_role",
            &mut self.default_role,
            "The role of somebody who registers.",
        );
        let help = "Further columns of the users' table: one table for each, by its name.";
        v.entries("fields", &mut FieldEntries(&mut self.fields), help);
    }
}

/// `[users.fields.<name>]`: a further column of the users' table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// What it holds; the key is `type`.
    pub kind: FieldKind,
    /// Whether a registration must bring it.
    pub required: bool,
    /// The longest text it takes, in characters.
    pub max: usize,
    /// Whether a registration may bring it.
    pub registrable: bool,
    /// Whether it is shown to its user.
    pub shown: bool,
}

impl Field {
    /// A field that may be registered and is shown, of at most 255 characters if it is a text.
    pub fn new(kind: FieldKind) -> Self {
        Self {
            kind,
            required: false,
            max: 255,
            registrable: true,
            shown: true,
        }
    }

    fn visit(&mut self, v: &mut dyn Visit) {
        v.setting("type", &mut self.kind, "What it holds.");
        v.setting(
            "required",
            &mut self.required,
            "Whether a registration must bring it.",
        );
        let max = |max: &usize| (1..=255).contains(max);
        let max = &mut checked(&mut self.max, max, "a whole number from 1 to 255");
        v.setting("max", max, "The longest text it takes, in characters.");
        v.setting(
            "registrable",
            &mut self.registrable,
            "Whether a registration may bring it.",
        );
        v.setting("shown", &mut self.shown, "Whether it is shown to its user.");
    }
}

impl Default for Field {
    fn default() -> Self {
        Self::new(FieldKind::Text)
    }
}

/// Columns that are in the users' table anyway, and the form fields that are never columns.
const TAKEN: [&str; 15] = [
    "id",
    "name",
    "email",
    "email_verified_at",
    "password",
    "password_confirmation",
    "current_password",
    "remember",
    "remember_token",
    "role",
    "disabled_at",
    "created_at",
    "updated_at",
    "device_name",
    "abilities",
];

/// The name becomes a column, so it is checked here as SQL, not quoted there.
pub(super) fn is_field_name(name: &str) -> bool {
    let shape = |at, byte: u8| {
        byte.is_ascii_lowercase() || byte == b'_' || (at > 0 && byte.is_ascii_digit())
    };
    !name.is_empty()
        && name.len() <= 63
        && name.bytes().enumerate().all(|(at, byte)| shape(at, byte))
        && !TAKEN.contains(&name)
}

struct FieldEntries<'a>(&'a mut BTreeMap<String, Field>);

impl Entries for FieldEntries<'_> {
    fn refusal(&self, name: &str) -> Option<&'static str> {
        let taken = TAKEN.contains(&name);
        let problem = if taken {
            "is the name of a column or a form field that Adyton has already"
        } else {
            "is no column name; expected small letters, digits and _, not starting with a digit"
        };
        (!is_field_name(name)).then_some(problem)
    }

    fn visit(&mut self, name: &str, v: &mut dyn Visit) {
        self.0.entry(name.to_owned()).or_default().visit(v);
    }
}

/// `[registration]`: who may register.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Registration {
    /// Who may register.
    pub mode: RegistrationMode,
}

impl Registration {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting(
            "mode",
            &mut self.mode,
            "Who may register: anybody who opens a mailed link, anybody at once, or nobody.",
        );
    }
}

/// `[hashing]`: what checking a password costs.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Hashing {
    /// Argon2id's memory, in KiB.
    pub memory_kib: u32,
    /// Argon2id's passes over the memory.
    pub iterations: u32,
    /// Argon2id's lanes.
    pub parallelism: u32,
    /// How many passwords are hashed at once; 0 is one for each core.
    pub threads: usize,
    /// How many requests may wait for a thread.
    pub queue: usize,
    /// How long a request waits for a thread.
    pub wait: Duration,
    /// How long a failed login takes at least.
    pub failure_floor: Duration,
}

impl Default for Hashing {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
            threads: 0,
            queue: 64,
            wait: Duration::from_secs(2),
            failure_floor: Duration::from_millis(500),
        }
    }
}

impl Hashing {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        // Eight KiB a lane is Argon2's own minimum.
        v.setting(
            "memory_kib",
            &mut at_least(8, &mut self.memory_kib),
            "Argon2id's memory, in KiB.",
        );
        let iterations = &mut at_least(1, &mut self.iterations);
        v.setting(
            "iterations",
            iterations,
            "Argon2id's passes over the memory.",
        );
        v.setting(
            "parallelism",
            &mut at_least(1, &mut self.parallelism),
            "Argon2id's lanes.",
        );
        let help = "How many passwords are hashed at once; 0 is one for each core.";
        v.setting("threads", &mut self.threads, help);
        v.setting(
            "queue",
            &mut self.queue,
            "How many requests may wait for a thread.",
        );
        v.setting(
            "wait",
            &mut self.wait,
            "How long a request waits for a thread.",
        );
        let help = "How long a failed login takes at least.";
        v.setting("failure_floor", &mut self.failure_floor, help);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_address_is_shown_without_user_and_password() {
        let shown = |url: &str| {
            Database {
                url: Some(url.to_owned()),
                ..Database::default()
            }
            .url_without_password()
        };
        for url in [
            "postgres://ana:hunter2@db.example.com:5432/app",
            "postgres://ana:hun@ter/2?x@db.example.com:5432/app?sslmode=require",
            "postgres://ana@db.example.com:5432/app?password=hunter2",
        ] {
            assert_eq!(
                shown(url).as_deref(),
                Some("postgres://…@db.example.com:5432/app")
            );
        }
        assert_eq!(
            shown("sqlite:data/adyton.db?mode=rwc").as_deref(),
            Some("sqlite:data/adyton.db")
        );
        let database = Database {
            url: Some("mysql://a:hunter2@h/x".to_owned()),
            ..Database::default()
        };
        assert!(!format!("{database:?}").contains("hunter2"));
    }

    #[test]
    fn a_field_name_is_a_column_and_nothing_else() {
        assert!(is_field_name("phone") && is_field_name("_x1"));
        for name in [
            "",
            "1st",
            "Phone",
            "a-b",
            "a b",
            "a;drop",
            "email",
            "año",
            &"a".repeat(64),
        ] {
            assert!(!is_field_name(name), "{name}");
        }
    }
}
