//! A user's device makes a passkey.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use webauthn_rs::prelude::{PasskeyRegistration, Uuid};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::assertion::described;
use super::relying_party::relying_party;
use super::source::{Attested, Source};
use super::{Begun, answer};
use crate::core::Core;
use crate::crypto::secret::random;
use crate::error::{Error, Result};
use crate::flow;
use crate::store::passkeys::{self, PasskeyRow};
use crate::user::{User, UserId};
use crate::validate::{Invalid, PasskeyRefusal};

const REGISTER: &str = "passkey.register";

/// Characters of a credential's id in base64url: Laravel's `varchar(255)`.
const LONGEST_ID: usize = 255;

/// What is sealed.
#[derive(Deserialize, Serialize)]
struct Pending {
    user: UserId,
    /// In base64url.
    handle: String,
    state: PasskeyRegistration,
}

/// A passkey to be kept.
pub(super) struct Made {
    /// Its credential's id in base64url.
    pub credential_id: String,
    /// What verifies it, as JSON.
    pub credential: String,
}

/// Asks a user's device for a passkey that it has not made yet.
///
/// # Errors
/// [`PasskeyRefusal::TooMany`]; [`Error::PasskeysUnconfigured`].
pub(crate) async fn begin(core: &Core, user: &User) -> Result<Begun> {
    let rows = passkeys::of_user(&core.db, &user.id).await?;
    refuse_too_many(core, rows.len())?;
    // The library wants a UUID and seals none of it: the handle is put in its place below, and no
    // list is sealed, which could be longer than a cookie.
    let (mut asked, state) = relying_party(core)?
        .start_passkey_registration(Uuid::nil(), &user.email, &user.name, None)
        .map_err(Error::unexpected)?;
    let handle = handle_of(&rows);
    asked.public_key.user.id.clone_from(&handle);
    if let Some(selection) = &mut asked.public_key.authenticator_selection {
        // So that a login need not ask who it is.
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    let mut options = serde_json::to_value(asked.public_key).map_err(Error::unexpected)?;
    options["excludeCredentials"] = rows.iter().map(described).collect();
    let pending = Pending {
        user: user.id.clone(),
        handle: BASE64URL.encode(handle),
        state,
    };
    let sealed = flow::seal(core, REGISTER, pending);
    Ok(Begun { options, sealed })
}

/// That of the user's other passkeys, so that a device has one account of them; else a random one,
/// which tells nothing.
fn handle_of(rows: &[PasskeyRow]) -> Vec<u8> {
    let known = rows.iter().find_map(|row| Source::read(&row.credential));
    let known = known.map(|source| source.user_handle);
    let fits = |handle: &Vec<u8>| (1..=64).contains(&handle.len());
    known
        .filter(fits)
        .unwrap_or_else(|| random::<32>().to_vec())
}

/// Refuses one more than the settings let a user have.
pub(super) fn refuse_too_many(core: &Core, there: usize) -> Result<()> {
    let max = core.config.passkeys.max_per_user;
    match there < max {
        true => Ok(()),
        false => Err(Invalid::from(PasskeyRefusal::TooMany(max)).into()),
    }
}

/// Looks at an answer. What was asked is taken by it, whatever comes of it.
///
/// # Errors
/// [`Error::Invalid`] for an answer that no passkey can be made of; [`Error::PasskeysUnconfigured`].
pub(super) async fn verify(
    core: &Core,
    user: &UserId,
    (brought, credential): (Option<&str>, Option<&Json>),
) -> Result<Made> {
    let pending: Option<Pending> = flow::take(core, REGISTER, brought).await?;
    let (answer, transports) = answer::registration(credential).map_err(Invalid::from)?;
    let pending = pending.filter(|pending| pending.user == *user);
    let pending = pending.ok_or(Invalid::from(PasskeyRefusal::RegistrationExpired))?;
    let party = relying_party(core)?;
    let refused = || Invalid::from(PasskeyRefusal::NotRegistered);
    let verified = party.finish_passkey_registration(&answer, &pending.state);
    let verified = verified.map_err(|why| {
        tracing::debug!(%why, "a passkey was not registered");
        refused()
    })?;
    let attested = Attested::read(&answer.response.attestation_object).ok_or_else(refused)?;
    let handle = BASE64URL.decode(&pending.handle).map_err(|_| refused())?;
    let credential_id = BASE64URL.encode(verified.cred_id());
    // What a browser says is its id must be what was attested: it is what the user logs in by.
    if credential_id != answer.id || credential_id.len() > LONGEST_ID {
        return Err(refused().into());
    }
    let kept = (handle.as_slice(), transports.as_slice());
    let credential = Source::text_of(&attested, &verified.into(), kept);
    Ok(Made {
        credential_id,
        credential,
    })
}
