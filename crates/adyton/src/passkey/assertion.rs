//! A passkey signs what it is asked: to get in, or to confirm who one is.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::relying_party::relying_party;
use super::source::Source;
use super::{Begun, answer};
use crate::core::Core;
use crate::crypto::secret::equal;
use crate::error::{Error, Result};
use crate::flow;
use crate::store::passkeys::{self, PasskeyRow, Use};
use crate::user::UserId;
use crate::validate::{Invalid, PasskeyRefusal};

/// The two flows: what was sealed for one does not open the other.
const LOGIN: &str = "passkey.login";
const CONFIRM: &str = "passkey.confirm";

/// Where an authenticator writes its flags, and the one that says whether the passkey may be on
/// several devices.
const FLAGS: usize = 32;
const BACKUP_ELIGIBLE: u8 = 0b1000;

/// Who is asked.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'a> {
    /// Whoever has a passkey.
    Anybody,
    /// This user, who is logged in.
    User(&'a UserId),
}

/// What is sealed.
#[derive(Deserialize, Serialize)]
struct Pending {
    user: Option<UserId>,
    state: DiscoverableAuthentication,
}

/// A passkey signed what was asked.
#[derive(Debug)]
pub(crate) struct Verified {
    pub user: UserId,
    /// To be written down in the transaction in which it counts.
    pub used: Use,
}

/// It did not.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Whose passkey it is.
    pub user: Option<UserId>,
    pub why: PasskeyRefusal,
}

impl From<PasskeyRefusal> for Refused {
    fn from(why: PasskeyRefusal) -> Self {
        Self { user: None, why }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Invalid::from(refused.why).into()
    }
}

/// Asks whoever has a passkey. Nothing is read or written: it tells nobody who exists.
///
/// # Errors
/// [`Error::PasskeysUnconfigured`].
pub(crate) fn begin_login(core: &Core) -> Result<Begun> {
    begin(core, LOGIN, None, None)
}

/// Asks a user for one of theirs.
///
/// # Errors
/// [`PasskeyRefusal::Unknown`] of a user who has none; [`Error::PasskeysUnconfigured`].
pub(crate) async fn begin_confirmation(core: &Core, user: &UserId) -> Result<Begun> {
    let rows = passkeys::of_user(&core.db, user).await?;
    if rows.is_empty() {
        return Err(Invalid::from(PasskeyRefusal::Unknown).into());
    }
    let allowed = rows.iter().map(described).collect();
    begin(core, CONFIRM, Some(user), Some(allowed))
}

fn begin(
    core: &Core,
    way: &'static str,
    user: Option<&UserId>,
    allowed: Option<Json>,
) -> Result<Begun> {
    let (asked, state) = relying_party(core)?
        .start_discoverable_authentication()
        .map_err(Error::unexpected)?;
    let mut options = serde_json::to_value(asked.public_key).map_err(Error::unexpected)?;
    // The list is in what the browser is told, not in what is sealed: it may be long, and whose
    // the passkey is, its row says.
    if let Some(fields) = options.as_object_mut() {
        fields.remove("allowCredentials");
        fields.extend(allowed.map(|allowed| ("allowCredentials".to_owned(), allowed)));
    }
    let user = user.cloned();
    let sealed = flow::seal(core, way, Pending { user, state });
    Ok(Begun { options, sealed })
}

/// A passkey as a browser finds it.
pub(super) fn described(row: &PasskeyRow) -> Json {
    let mut described = json!({ "type": "public-key", "id": row.credential_id });
    let source = Source::read(&row.credential);
    if let Some(transports) = source.as_ref().map(Source::transports)
        && transports.as_array().is_some_and(|known| !known.is_empty())
    {
        described["transports"] = transports.clone();
    }
    described
}

/// Looks at an answer. What was asked is taken by it, whatever comes of it.
///
/// # Errors
/// When the database refuses; [`Error::PasskeysUnconfigured`].
pub(crate) async fn verify(
    core: &Core,
    asked: Asked<'_>,
    (brought, credential): (Option<&str>, Option<&Json>),
) -> Result<std::result::Result<Verified, Refused>> {
    let (way, user) = match asked {
        Asked::Anybody => (LOGIN, None),
        Asked::User(user) => (CONFIRM, Some(user)),
    };
    let pending: Option<Pending> = flow::take(core, way, brought).await?;
    let answer = match answer::assertion(credential) {
        Ok(answer) => answer,
        Err(why) => return Ok(Err(why.into())),
    };
    let Some(pending) = pending.filter(|pending| pending.user.as_ref() == user) else {
        return Ok(Err(PasskeyRefusal::LoginExpired.into()));
    };
    let id = credential.and_then(|credential| credential["id"].as_str());
    let row = passkeys::find(&core.db, id.unwrap_or_default()).await?;
    // Another user's passkey is as unknown as one that nobody has.
    let row = row.filter(|row| user.is_none_or(|user| row.user == *user));
    let Some(row) = row else {
        let (user, why) = (user.cloned(), PasskeyRefusal::Unknown);
        return Ok(Err(Refused { user, why }));
    };
    Ok(
        check(core, &row, &answer, pending.state)?.ok_or_else(|| Refused {
            user: Some(row.user.clone()),
            why: PasskeyRefusal::NotVerified,
        }),
    )
}

/// Whether the passkey of a row signed what was asked; why not is for the log alone.
fn check(
    core: &Core,
    row: &PasskeyRow,
    answer: &PublicKeyCredential,
    state: DiscoverableAuthentication,
) -> Result<Option<Verified>> {
    let party = relying_party(core)?;
    let Some(source) = Source::read(&row.credential).filter(|kept| kept.id == answer.raw_id) else {
        tracing::error!(passkey = row.id, "a passkey's row cannot be read");
        return Ok(None);
    };
    if let Some(why) = foreign(answer, &source) {
        tracing::debug!(passkey = row.id, why, "a passkey was not verified");
        return Ok(None);
    }
    let flags = answer.response.authenticator_data.get(FLAGS);
    let is_eligible = flags.is_some_and(|flags| flags & BACKUP_ELIGIBLE != 0);
    let credential = source.credential(is_eligible);
    match party.finish_discoverable_authentication_v2(answer, state, &credential) {
        Ok(result) => Ok(Some(Verified {
            user: row.user.clone(),
            used: Use {
                id: row.id,
                before: row.credential.clone(),
                after: source.used(&result),
            },
        })),
        Err(why) => {
            tracing::debug!(passkey = row.id, %why, "a passkey was not verified");
            Ok(None)
        }
    }
}

/// What the library does not look at: whose handle came, and in whose frame the user answered.
fn foreign(answer: &PublicKeyCredential, source: &Source) -> Option<&'static str> {
    let handle = answer.response.user_handle.as_deref();
    if handle.is_some_and(|handle| !equal(handle, &source.user_handle)) {
        return Some("it came with another user's handle");
    }
    is_cross_origin(&answer.response.client_data_json).then_some("a frame of another site asked")
}

/// Whether a page of ours asked from within another site's, whose user may not know whom they
/// answer. The library looks at this where a passkey is made, not where it is used.
fn is_cross_origin(client_data: &[u8]) -> bool {
    let read: Option<Json> = serde_json::from_slice(client_data).ok();
    read.is_some_and(|said| said["crossOrigin"] == true)
}
