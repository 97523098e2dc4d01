//! Proving once more who one is, in a session that is there already.
//!
//! What was proved belongs to one session: it gets a new id with the moment in it, and no other
//! session of the user gains by it. Guesses are counted, for a stolen session must not be the way to
//! try passwords without end, and apart from those of strangers at the login.

use super::{Proven, lanes, prove, renew_in};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::second_factor::{self, Answer, Occasion};
use crate::session::Session;
use crate::store::{Client, security};
use crate::user::{User, UserId};
use crate::validate::{CodeRefusal, Invalid, Rule};

/// How often an answer is looked at when another recovery code of the same user is spent at the
/// same moment.
const ROUNDS: usize = 4;

/// A session that its user wants confirmed, and from where.
pub(crate) struct Confirming<'a> {
    pub session: &'a Session,
    /// By its stored id.
    pub session_id: &'a str,
    pub user: &'a User,
    pub client: &'a Client,
}

/// Confirms a session by the password of its user.
///
/// # Errors
/// [`Rule::PasswordWrong`] for another password or none; [`Error::Throttled`] after too many
/// failures of this account; [`Error::Unauthenticated`] when the session was ended meanwhile.
pub(crate) async fn confirm(
    core: &Core,
    asked: &Confirming<'_>,
    password: Option<&Secret<String>>,
) -> Result<()> {
    let proven = with_own_password(core, asked.user, password, asked.client).await?;
    let proven = proven.ok_or_else(|| Invalid::field("password", Rule::PasswordWrong))?;
    let tx = begin(core, &proven).await?;
    complete(core, tx, asked, "password", Vec::new()).await
}

/// Confirms a session by the second factor of its user.
///
/// # Errors
/// [`Error::Invalid`] for an answer that is not right, and of a user who has no second factor;
/// [`Error::Throttled`] after too many guesses; [`Error::Unauthenticated`] as [`confirm`].
pub(crate) async fn confirm_by_second_factor(
    core: &Core,
    asked: &Confirming<'_>,
    answer: &Answer,
) -> Result<()> {
    let refusal = || second_factor::refusal(answer, CodeRefusal::Wrong);
    let mut is_counted = false;
    for _ in 0..ROUNDS {
        let proven = prove(core, &asked.user.id).await?;
        let proven = proven.filter(|proven| core.asks_second_factor(&proven.user));
        let proven = proven.ok_or_else(refusal)?;
        if !is_counted {
            second_factor::reserve(core, &proven.user).await?;
            is_counted = true;
        }
        let occasion = (Occasion::Confirmation, asked.client);
        let proof = second_factor::examine(core, &proven.user, answer, occasion).await?;
        let mut tx = begin(core, &proven).await?;
        let spent = second_factor::spend(core, &mut tx, &proven.user, &proof, asked.client).await?;
        // Taken by another request: it may have been another recovery code.
        let Some(events) = spent else {
            continue;
        };
        return complete(core, tx, asked, proof.by(), events).await;
    }
    Err(refusal())
}

/// A transaction in which what was proved holds. Whatever moves the epoch ends the session that
/// asks, or has given it another id.
pub(super) async fn begin(core: &Core, proven: &Proven) -> Result<Tx> {
    let mut tx = core.db.begin().await?;
    match security::hold(&mut tx, &proven.user.id, proven.epoch).await? {
        true => Ok(tx),
        false => Err(Unauthenticated::SessionUnknown.into()),
    }
}

/// The session has another id with the moment in it, or was ended meanwhile and nothing happened.
pub(super) async fn complete(
    core: &Core,
    mut tx: Tx,
    asked: &Confirming<'_>,
    by: &'static str,
    mut events: Vec<Event>,
) -> Result<()> {
    let (user, client) = (asked.user.id.clone(), asked.client);
    let renewed = renew_in(core, &mut tx, asked.session_id, true).await?;
    let renewed = renewed.ok_or(Unauthenticated::SessionUnknown)?;
    let address = client.address;
    events.push(Event::Confirmed { user, by, address });
    audit::conclude(core, tx, By::Client(client), &events).await?;
    renewed.take_effect(core, asked.session, &asked.user.id);
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
    let attempt = lanes::enter_own(core, user)?;
    let outcome = check(core, &user.id, password).await;
    match &outcome {
        Ok(Some(_)) => attempt.succeeded(core),
        Ok(None) => {
            let failed = Event::ConfirmationFailed {
                user: user.id.clone(),
                address: client.address,
            };
            audit::record(core, By::Client(client), failed).await?;
        }
        // It was never found out whether the password is right.
        Err(_) => attempt.refund(core),
    }
    outcome
}

/// A caller who proved of late, or proves now by their password, once more who they are. A password
/// that is sent is looked at in any case.
///
/// # Errors
/// [`Rule::PasswordIncorrect`] as Jetstream has it, and those of [`with_own_password`].
pub(crate) async fn proven_anew(
    core: &Core,
    (user, is_confirmed): (&User, bool),
    password: Option<&Secret<String>>,
    client: &Client,
) -> Result<Proven> {
    if password.is_none() && is_confirmed {
        let proven = prove(core, &user.id).await?;
        return proven.ok_or_else(|| Unauthenticated::UserDisabled.into());
    }
    let proven = with_own_password(core, user, password, client).await?;
    proven.ok_or_else(|| Invalid::field("password", Rule::PasswordIncorrect).into())
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
