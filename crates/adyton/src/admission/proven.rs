//! Who has proved the first factor, and by what.

use crate::core::Core;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::store::links::{self, Purpose};
use crate::store::security::{self, Epoch};
use crate::store::{passkeys, social_accounts};
use crate::user::{User, UserId};

/// A user who has proved the first factor, as they were then.
#[derive(Debug)]
pub(crate) struct Proven {
    pub user: User,
    /// Read before the user was: while it is still the same, nothing that was checked has changed.
    pub epoch: Epoch,
    /// What is used up by letting them in.
    pub by: Evidence,
}

/// What proved a user, where it must be there still at the moment they get in.
#[derive(Debug)]
pub(crate) enum Evidence {
    /// Nothing but what the epoch guards, such as a password.
    Known,
    /// A link with somebody at a provider, by its row.
    SocialAccount(i64),
    /// A passkey, and its counter.
    Passkey(passkeys::Use),
    /// A password that was looked at because of a mailed code, by the code's stored id.
    LoginCode(String),
}

/// A user as they are now, and the epoch that was before.
pub(crate) async fn prove(core: &Core, id: &UserId) -> Result<Option<Proven>> {
    let epoch = security::epoch(&core.db, id).await?;
    let user = core.users.find(id).await?;
    let by = Evidence::Known;
    Ok(user.map(|user| Proven { user, epoch, by }))
}

/// Nothing that proves the user has changed, and nothing does before the transaction ends: who
/// changes it ends all sessions that are there by then. A link, a passkey or a code is there still.
pub(super) async fn hold(core: &Core, tx: &mut Tx, proven: &Proven) -> Result<()> {
    let (user, now) = (&proven.user.id, core.clock.now());
    let is_held = security::hold(tx, user, proven.epoch).await?
        && match &proven.by {
            Evidence::Known => true,
            Evidence::SocialAccount(id) => social_accounts::mark_used(tx, (*id, user), now).await?,
            Evidence::Passkey(used) => passkeys::mark_used(tx, used, now).await?,
            Evidence::LoginCode(id) => {
                let spent = links::spend(tx, id, Purpose::LoginCode, now).await?;
                spent.is_some()
            }
        };
    match is_held {
        true => Ok(()),
        false => Err(Error::WrongCredentials),
    }
}
