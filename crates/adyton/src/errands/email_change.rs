//! Another address for an account: a link that is mailed to it proves it, or, where somebody has
//! the address, a word that they do. Whoever asked is told neither.

use serde::{Deserialize, Serialize};

use super::nothing;
use crate::audit::{self, By};
use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::mailed_link::{self, About};
use crate::outbox;
use crate::store::links::{self, Purpose};
use crate::store::outbox::ClaimedRow;
use crate::store::security::{self, Epoch};
use crate::user::UserId;
use crate::wire::Letter;

/// Our own page where no front end's is configured.
const CONFIRM: &str = "/user/email/confirm/{token}";

/// Somebody wants another address for their account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Wish {
    pub user: UserId,
    /// In canonical form.
    pub address: String,
    /// As it was when it was asked for: what ends a user's credentials ends the wish too.
    pub epoch: Epoch,
    pub asker: Asker,
}

/// The session that asked. It alone goes on when the address is changed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Asker {
    /// The stored form of its id.
    pub session: Option<String>,
    /// The remembered browser that it was opened with or by.
    pub browser: Option<i64>,
}

impl Asker {
    /// As the link keeps it.
    fn to_payload(&self) -> String {
        serde_json::to_string(self).expect("an id and a number are plain data")
    }

    /// What the link kept; nobody, if it is not that.
    pub(crate) fn of_payload(payload: Option<&str>) -> Self {
        let read = payload.and_then(|payload| serde_json::from_str(payload).ok());
        read.unwrap_or_default()
    }
}

pub(super) async fn run(core: &Core, row: &ClaimedRow, wish: &Wish) -> Result<()> {
    let (to, now) = (wish.address.as_str(), core.clock.now());
    let found = core.users.find_by_login(to).await?;
    let is_taken = found.is_some_and(|found| found.id != wish.user);
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &wish.user, wish.epoch).await? {
        drop(tx);
        return nothing(core, row).await;
    }
    // The only wish of its user, whatever comes of it: an older link that went on only where the
    // address is somebody's would tell whoever asked that it is.
    links::delete_of_user(&mut tx, &wish.user, Purpose::EmailChange).await?;
    // Whoever had this address a moment ago may still take it back.
    let is_kept = links::is_kept_for_another(&mut tx, to, &wish.user, now).await?;
    let (letter, user) = match is_taken || is_kept {
        true => (Letter::AlreadyRegistered { reset_link: None }, None),
        false => (confirmation(core, &mut tx, wish).await?, Some(&wish.user)),
    };
    if outbox::exchange(core, &mut tx, row, (to, user), letter).await? {
        audit::conclude(core, tx, By::System, &[]).await?;
    }
    Ok(())
}

/// A link that keeps its own address, so no later wish makes it prove another.
async fn confirmation(core: &Core, tx: &mut Tx, wish: &Wish) -> Result<Letter> {
    let payload = wish.asker.to_payload();
    let about = About {
        user: Some(&wish.user),
        address: Some(&wish.address),
        payload: Some(&payload),
    };
    let config = &core.config.links;
    let lifetime = config.email_change_lifetime;
    let secret = mailed_link::make(core, tx, Purpose::EmailChange, about, lifetime).await?;
    let values = [("token", secret.expose().as_str())];
    let own = mailed_link::path(core, "email-change.show", CONFIRM);
    Ok(Letter::ConfirmNewEmail {
        link: mailed_link::address(core, config.email_change.as_deref(), &own, &values),
        minutes: lifetime.as_secs().div_ceil(60),
    })
}
