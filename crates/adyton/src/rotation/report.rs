//! What is told of keys: to an operator, and to a host that does it by itself.

use std::collections::BTreeMap;

use crate::db::DbError;
use crate::error::Error;

/// Why the configured keys are refused. Nothing in the database was changed then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRefusal {
    /// The database belongs to a key, and none is configured.
    #[error(
        "this database is sealed with the key {sealed_with}, and no key is configured: set ADYTON_KEY \
         (setting: key) to that key; the database was not touched"
    )]
    Missing {
        /// The id of the key that it takes.
        sealed_with: String,
    },
    /// The database belongs to another key.
    #[error(
        "this database is sealed with the key {sealed_with}, and configured is {}: if you changed \
         the key, put the old one into ADYTON_PREVIOUS_KEYS (setting: previous_keys) until \
         `adyton key rotate` is done; if not, ADYTON_KEY (setting: key) or the database is another \
         installation's; the database was not touched",
        configured.join(", ")
    )]
    Wrong {
        /// The id of the key that it takes.
        sealed_with: String,
        /// The ids of the configured keys, the current one first.
        configured: Vec<String>,
    },
    /// The row that tells whose the database is was changed.
    #[error(
        "the row `canary` of the table adyton_state was changed and cannot be opened: take the row \
         from a backup; or delete it, if the key is surely the right one, and it is made anew; the \
         database was not touched"
    )]
    Damaged,
    /// The database, or the host's users, cannot be read or written.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<DbError> for KeyRefusal {
    fn from(error: DbError) -> Self {
        KeyRefusal::Failed(error.into())
    }
}

/// What a rotation did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeyRotation {
    /// Values that were sealed with a previous key, and are now with the current one.
    pub resealed: u64,
    /// Values that were sealed with the current key before.
    pub current: u64,
    /// Values that could not be opened. They are as they were.
    pub unopened: Vec<UnopenedRow>,
}

/// A value that no configured key opens: where it is, and why. Nothing of what it holds.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnopenedRow {
    /// Its table.
    pub table: &'static str,
    /// Its column.
    pub column: &'static str,
    /// Its row.
    pub id: String,
    /// Why it cannot be opened.
    pub problem: String,
}

/// What is sealed with which key. Keys are told by their ids, which tell nothing of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct KeyStatus {
    /// The id of the configured key.
    pub current: String,
    /// The ids of the configured previous keys, in their order.
    pub previous: Vec<String>,
    /// The id of the key that the database itself belongs to: a server without it does not start.
    pub canary: Option<String>,
    /// How many values are sealed with each key. Of a key that is not configured it is what the
    /// values say; all others were opened.
    pub values: BTreeMap<String, u64>,
    /// Values that are not sealed, or were changed.
    pub unopened: Vec<UnopenedRow>,
}

impl KeyStatus {
    pub(super) fn of(current: String, previous: Vec<String>) -> Self {
        Self {
            current,
            previous,
            canary: None,
            values: BTreeMap::new(),
            unopened: Vec::new(),
        }
    }

    pub(super) fn count(&mut self, key: &str) {
        *self.values.entry(key.to_owned()).or_default() += 1;
    }

    /// The ids that values are sealed with and that no configured key has: those are lost, unless
    /// the key is found.
    pub fn missing(&self) -> Vec<&str> {
        let all = self.values.keys().chain(&self.canary);
        let mut missing: Vec<&str> = all
            .map(String::as_str)
            .filter(|key| *key != self.current && !self.previous.iter().any(|known| known == key))
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    /// Whether nothing needs this key any more, so that it can be taken out of the settings.
    pub fn can_be_dropped(&self, key: &str) -> bool {
        key != self.current && !self.values.contains_key(key) && self.canary.as_deref() != Some(key)
    }
}
