//! Getting in, or confirming who one is, by a passkey.

use serde_json::Value as Json;

use super::confirm::{Confirming, begin, complete};
use super::{Evidence, Proven, prove};
use crate::audit::{self, By};
use crate::core::Core;
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::passkey::{self, Asked, Refused, Verified};
use crate::store::{Client, passkeys};
use crate::user::UserId;
use crate::validate::{Invalid, PasskeyRefusal};

/// The user whom a passkey proves, by what the browser brought of the question, and its answer.
///
/// # Errors
/// [`Error::Invalid`] with why it does not: a disabled user is as unknown as any.
pub(crate) async fn with_passkey(
    core: &Core,
    answer: (Option<&str>, Option<&Json>),
    client: &Client,
) -> Result<Proven> {
    let verified = match passkey::verify(core, Asked::Anybody, answer).await? {
        Ok(verified) => verified,
        Err(refused) => return refuse(core, refused, client).await,
    };
    let Verified { user, used } = verified;
    match prove(core, &user)
        .await?
        .filter(|proven| !proven.user.is_disabled())
    {
        Some(proven) => Ok(Proven {
            by: Evidence::Passkey(used),
            ..proven
        }),
        None => refuse(core, unknown(user), client).await,
    }
}

/// What was proved did not hold until the moment at which it was to count: the passkey was removed,
/// or another request used it.
pub(crate) fn not_held(error: Error) -> Error {
    match error {
        Error::WrongCredentials => Invalid::from(PasskeyRefusal::NotVerified).into(),
        error => error,
    }
}

/// Confirms a session by a passkey of its user.
///
/// # Errors
/// [`Error::Invalid`] with why it does not; [`Error::Unauthenticated`] when the session was ended
/// meanwhile.
pub(crate) async fn confirm_by_passkey(
    core: &Core,
    asked: &Confirming<'_>,
    answer: (Option<&str>, Option<&Json>),
) -> Result<()> {
    let of_user = Asked::User(&asked.user.id);
    let used = match passkey::verify(core, of_user, answer).await? {
        Ok(verified) => verified.used,
        Err(refused) => return refuse(core, refused, asked.client).await,
    };
    let proven = prove(core, &asked.user.id).await?;
    let proven = proven.ok_or(Unauthenticated::UserDisabled)?;
    let mut tx = begin(core, &proven).await?;
    if !passkeys::mark_used(&mut tx, &used, core.clock.now()).await? {
        return Err(Invalid::from(PasskeyRefusal::NotVerified).into());
    }
    complete(core, tx, asked, "passkey", Vec::new()).await
}

fn unknown(user: UserId) -> Refused {
    Refused {
        user: Some(user),
        why: PasskeyRefusal::Unknown,
    }
}

/// Writes down that a passkey was tried in vain. What brought none, or answered no question of
/// ours, was no try.
async fn refuse<T>(core: &Core, refused: Refused, client: &Client) -> Result<T> {
    if !matches!(
        refused.why,
        PasskeyRefusal::Format | PasskeyRefusal::LoginExpired
    ) {
        let failed = Event::PasskeyFailed {
            user: refused.user.clone(),
            address: client.address,
        };
        audit::record(core, By::Client(client), failed).await?;
    }
    Err(refused.into())
}
