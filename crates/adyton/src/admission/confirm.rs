//! Proving once more who one is, in a session that is there already.
//!
//! What was proved belongs to one session: it gets a new id with the moment in it, and no other
//! session of the user gains by it. Guesses are counted with those at the login, for a stolen
//! session must not be the way to try passwords without end.

use super::{Proven, prove, renew_in, reserve_attempt};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::Secret;
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::session::Session;
use crate::store::{Client, security};
use crate::throttle::{By as CountedBy, Key};
use crate::user::{User, UserId};
use crate::validate::{Invalid, Rule};

/// Confirms a session by the password of its user.
///
/// # Errors
/// [`Rule::PasswordWrong`] for another password or none; [`Error::Throttled`] after too many
/// failures of this account; [`Error::Unauthenticated`] when the session was ended meanwhile.
pub(crate) async fn confirm(
    core: &Core,
    session: &Session,
    (user, session_id): (&User, &str),
    password: Option<&Secret<String>>,
    client: &Client,
) -> Result<()> {
    let proven = with_own_password(core, user, password, client).await?;
    let proven = proven.ok_or_else(|| Invalid::field("password", Rule::PasswordWrong))?;
    let mut tx = core.db.begin().await?;
    // Whatever moves the epoch ends this session, or has given it another id.
    if !security::hold(&mut tx, &user.id, proven.epoch).await? {
        return Err(Unauthenticated::SessionUnknown.into());
    }
    let renewed = renew_in(core, &mut tx, session_id, true).await?;
    let renewed = renewed.ok_or(Unauthenticated::SessionUnknown)?;
    let confirmed = Event::Confirmed {
        user: user.id.clone(),
        by: "password",
        address: client.address,
    };
    audit::conclude(core, tx, By::Client(client), &[confirmed]).await?;
    renewed.take_effect(core, session, &user.id);
    Ok(())
}

/// A caller as they are now, if this is their password; `None` if it is not, which is counted and
/// recorded. No password is as wrong as another.
///
/// # Errors
/// [`Error::Throttled`] after too many failures of this account; [`Error::Busy`] when no thread
/// can be had for the hash.
pub(crate) async fn with_own_password(
    core: &Core,
    user: &User,
    password: Option<&Secret<String>>,
    client: &Client,
) -> Result<Option<Proven>> {
    let account = Key::new("account", CountedBy::Account(user.email.clone()));
    reserve_attempt(core, &account)?;
    let outcome = check(core, &user.id, password).await;
    match &outcome {
        Ok(Some(_)) => core.throttle.clear(&account),
        Ok(None) => {
            let failed = Event::ConfirmationFailed {
                user: user.id.clone(),
                address: client.address,
            };
            audit::record(core, By::Client(client), failed).await?;
        }
        // It was never found out whether the password is right.
        Err(_) => core.throttle.refund(&account),
    }
    outcome
}

async fn check(
    core: &Core,
    id: &UserId,
    password: Option<&Secret<String>>,
) -> Result<Option<Proven>> {
    let Some(password) = password.filter(|password| !password.expose().is_empty()) else {
        return Ok(None);
    };
    // Asked anew: what the guard knows may be a moment old.
    let Some(proven) = prove(core, id).await? else {
        return Ok(None);
    };
    let stored = proven.user.password.as_ref();
    let stored = stored.map(|hash| hash.expose().clone());
    let checked = core.hasher.check(password.clone(), stored).await;
    let is_right = matches!(checked.map_err(|_| Error::Busy)?, Checked::Match { .. });
    Ok((is_right && !proven.user.is_disabled()).then_some(proven))
}
