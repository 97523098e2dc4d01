//! Where sealed values are: how each is found again, what it was sealed for, how it is exchanged.

use super::canary;
use super::report::UnopenedRow;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::outbox;
use crate::store::{outbox as mail, state};
use crate::user::{Changes, UserId};

/// What the key of the second factor's columns is for.
const TWO_FACTOR: &str = "two_factor";

/// A value that is sealed in the database.
pub(super) struct Sealed {
    pub place: Place,
    pub text: Secret<String>,
}

/// One value of one row.
#[derive(Clone)]
pub(super) enum Place {
    Secret(UserId),
    RecoveryCodes(UserId),
    Mail { id: i64, kind: String },
    Canary,
}

impl Place {
    fn table_and_column(&self) -> (&'static str, &'static str) {
        match self {
            Place::Secret(_) => ("users", "two_factor_secret"),
            Place::RecoveryCodes(_) => ("users", "two_factor_recovery_codes"),
            Place::Mail { .. } => ("mail_outbox", "payload"),
            Place::Canary => ("adyton_state", "value"),
        }
    }

    fn id(&self) -> String {
        match self {
            Place::Secret(user) | Place::RecoveryCodes(user) => user.to_string(),
            Place::Mail { id, .. } => id.to_string(),
            Place::Canary => canary::NAME.to_owned(),
        }
    }

    /// What the key is for.
    pub(super) fn label(&self) -> &'static str {
        match self {
            Place::Secret(_) | Place::RecoveryCodes(_) => TWO_FACTOR,
            Place::Mail { .. } => outbox::LABEL,
            Place::Canary => canary::NAME,
        }
    }

    /// What it is sealed for.
    pub(super) fn context(&self) -> Vec<String> {
        if let Place::Mail { kind, .. } = self {
            return outbox::place(kind).map(str::to_owned).to_vec();
        }
        let (table, column) = self.table_and_column();
        vec![table.to_owned(), column.to_owned(), self.id()]
    }

    /// As it is told: never what it holds.
    pub(super) fn unopened(&self, problem: String) -> UnopenedRow {
        let (table, column) = self.table_and_column();
        UnopenedRow {
            table,
            column,
            id: self.id(),
            problem,
        }
    }

    /// Puts another text in its place. `false` when it is not what it was, or gone.
    pub(super) async fn exchange(
        &self,
        core: &Core,
        old: &Secret<String>,
        new: String,
    ) -> Result<bool> {
        let mut changes = Changes::default();
        let user = match self {
            Place::Mail { id, .. } => {
                return Ok(mail::reseal(&core.db, *id, old.expose(), &new).await?);
            }
            Place::Canary => {
                let (db, name) = (&core.db, canary::NAME);
                return Ok(state::exchange(db, name, old.expose(), &new).await?);
            }
            Place::Secret(user) => {
                changes.two_factor_secret = Some(Some(Secret::new(new)));
                changes.only_if_two_factor_secret = Some(Some(old.clone()));
                user
            }
            Place::RecoveryCodes(user) => {
                changes.two_factor_recovery_codes = Some(Some(Secret::new(new)));
                changes.only_if_two_factor_recovery_codes = Some(old.clone());
                user
            }
        };
        let mut tx = core.db.begin().await?;
        let is_done = core.users.update(user, changes, &mut tx).await?;
        tx.commit().await?;
        // Only so that nobody compares with the old text: whoever is logged in stays so.
        core.freshness.changed(user);
        Ok(is_done)
    }

    /// What is there now, if it is sealed.
    pub(super) async fn read(&self, core: &Core) -> Result<Option<Secret<String>>> {
        let text = match self {
            Place::Mail { id, .. } => mail::payload(&core.db, *id).await?.map(Secret::new),
            Place::Canary => state::read(&core.db, canary::NAME).await?.map(Secret::new),
            Place::Secret(user) => {
                let user = core.users.find(user).await?;
                user.and_then(|user| user.two_factor_secret)
            }
            Place::RecoveryCodes(user) => {
                let user = core.users.find(user).await?;
                user.and_then(|user| user.two_factor_recovery_codes)
            }
        };
        Ok(text.filter(is_sealed))
    }
}

/// Recovery codes that were shown once are kept as hashes, a JSON object: they need no key.
pub(super) fn is_sealed(text: &Secret<String>) -> bool {
    !text.expose().starts_with('{')
}
