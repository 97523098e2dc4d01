//! A forgotten password: a link, if there is such a user, to the address that is stored.

use std::time::Duration;

use super::nothing;
use crate::audit::{self, By};
use crate::clock::earlier;
use crate::core::Core;
use crate::crypto::secret::random_id;
use crate::db::{DbError, Tx};
use crate::error::Result;
use crate::event::Event;
use crate::mailed_link;
use crate::outbox;
use crate::store::outbox::ClaimedRow;
use crate::store::reset_tokens;
use crate::user::User;
use crate::wire::Letter;

/// How long an address is left in peace after a link: Laravel's `auth.passwords.users.throttle`.
const PEACE: Duration = Duration::from_secs(60);

pub(super) async fn run(core: &Core, row: &ClaimedRow, email: &str) -> Result<()> {
    let user = core.users.find_by_login(email).await?;
    let Some(user) = user.filter(|user| !user.is_disabled()) else {
        return nothing(core, row).await;
    };
    let mut tx = core.db.begin().await?;
    let Some(link) = link(core, &mut tx, &user).await? else {
        drop(tx);
        return nothing(core, row).await;
    };
    let lifetime = core.config.links.password_reset_lifetime;
    let letter = Letter::ResetPassword {
        link,
        minutes: lifetime.as_secs().div_ceil(60),
    };
    let to = (user.email.as_str(), Some(&user.id));
    if outbox::exchange(core, &mut tx, row, to, letter).await? {
        audit::conclude(core, tx, By::System, &[requested(&user)]).await?;
    }
    Ok(())
}

/// What the log is told once a link is made.
pub(super) fn requested(user: &User) -> Event {
    Event::PasswordResetRequested {
        user: user.id.clone(),
    }
}

/// A new link that takes the place of an older one; none while the last is not a minute old. Then
/// nothing of the transaction may be committed: another process may have been faster.
pub(super) async fn link(core: &Core, tx: &mut Tx, user: &User) -> Result<Option<String>> {
    let (secret, now) = (random_id(), core.clock.now());
    if reset_tokens::is_pending(tx, &user.email, earlier(now, PEACE)).await? {
        return Ok(None);
    }
    let stored = mailed_link::stored(&secret);
    match reset_tokens::replace(tx, &user.email, &stored, now).await {
        Err(DbError::Taken) => return Ok(None),
        outcome => outcome?,
    }
    let own = format!(
        "{}?email={{email}}",
        mailed_link::path(core, "password.reset", "/reset-password/{token}")
    );
    let values = [("token", secret.as_str()), ("email", user.email.as_str())];
    let template = core.config.links.password_reset.as_deref();
    Ok(Some(mailed_link::address(core, template, &own, &values)))
}
