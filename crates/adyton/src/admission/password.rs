//! A password, looked at in the lane that is its own.

use super::lanes::{self, Attempt, Trying};
use super::{Floor, Proven, prove};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::Secret;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::store::Client;
use crate::user::{Changes, UserId};

/// What a login request brings, the address in canonical form.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub login: String,
    pub password: Secret<String>,
    /// What was typed as a code that we mailed. It lets nobody in: it opens a lane.
    pub code: Option<Secret<String>>,
}

/// The user whom address and password prove.
///
/// # Errors
/// [`Error::WrongCredentials`] alike for a wrong password, an unknown and a disabled user;
/// [`Error::Throttled`] and [`Error::LoginCodeRequired`] after too many failures of this account,
/// known or not; [`Error::Busy`] when no thread can be had for the hash.
pub(crate) async fn with_password(
    core: &Core,
    credentials: &Credentials,
    client: &Client,
) -> Result<Proven> {
    let floor = Floor::begin();
    // First, because a browser is known by one user only. The floor covers what that takes.
    let found = core.users.find_by_login(&credentials.login).await?;
    let id = found.as_ref().map(|user| &user.id);
    let trying = Trying {
        login: &credentials.login,
        user: id,
        code: credentials.code.as_ref(),
        client,
    };
    let attempt = match lanes::enter(core, &trying).await {
        Ok(attempt) => attempt,
        Err(error) => {
            floor.wait(core).await;
            return Err(error);
        }
    };
    match look(core, credentials, id, &attempt).await? {
        Ok(proven) => Ok(Proven {
            by: attempt.evidence(),
            ..proven
        }),
        Err(known) => {
            let failed = Event::LoginFailed {
                user: known,
                address: client.address,
            };
            audit::record(core, By::Client(client), failed).await?;
            floor.wait_times(core, attempt.slowness()).await;
            Err(Error::WrongCredentials)
        }
    }
}

/// Looks at the password, and tells the lane how it went.
async fn look(
    core: &Core,
    credentials: &Credentials,
    user: Option<&UserId>,
    attempt: &Attempt,
) -> Result<Result<Proven, Option<UserId>>> {
    let outcome = check_password(core, credentials, user).await;
    match &outcome {
        Ok(Ok(_)) => attempt.succeeded(core),
        Ok(Err(_)) => {}
        Err(_) => attempt.refund(core),
    }
    outcome
}

/// The user, or whoever the failure was aimed at.
async fn check_password(
    core: &Core,
    credentials: &Credentials,
    user: Option<&UserId>,
) -> Result<Result<Proven, Option<UserId>>> {
    let found = match user {
        // The epoch first, and then the user once more: what is checked is not older than it.
        Some(id) => prove(core, id).await?,
        None => None,
    };
    let stored = found.as_ref().and_then(|found| found.user.password.clone());
    let stored = stored.map(|hash| hash.expose().clone());
    let checked = core
        .hasher
        .check(credentials.password.clone(), stored.clone())
        .await;
    let is_right = match checked.map_err(|_| Error::Busy)? {
        Checked::Match { outdated } => Some(outdated),
        Checked::Mismatch => None,
    };
    match (found, is_right) {
        (Some(proven), Some(outdated)) if !proven.user.is_disabled() => {
            if let (true, Some(old)) = (outdated, stored) {
                rehash(core, &proven.user.id, &credentials.password, old).await?;
            }
            Ok(Ok(proven))
        }
        (found, _) => Ok(Err(found.map(|found| found.user.id))),
    }
}

/// Writes the password's hash in today's form, unless it was changed meanwhile. When all threads
/// are busy the next login does it.
async fn rehash(core: &Core, id: &UserId, password: &Secret<String>, old: String) -> Result<()> {
    let Ok(hash) = core.hasher.hash(password.clone()).await else {
        return Ok(());
    };
    let changes = Changes {
        password: Some(Secret::new(hash)),
        only_if_password: Some(Secret::new(old)),
        ..Changes::default()
    };
    let mut tx = core.db.begin().await?;
    core.users.update(id, changes, &mut tx).await?;
    tx.commit().await?;
    Ok(())
}
