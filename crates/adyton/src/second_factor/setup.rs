//! Setting a second factor up, confirming that it works, and taking it away.

use super::codes;
use super::guess::{EXPLAINED_DRIFT, reserve};
use super::sealed::{Column, seal, secret_of};
use crate::audit::By;
use crate::core::Core;
use crate::crypto::qr;
use crate::crypto::secret::Secret;
use crate::crypto::totp::{self, STEP_SECONDS, TotpSecret};
use crate::db::Tx;
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Keep};
use crate::store::Client;
use crate::store::security::{self, Epoch};
use crate::user::{Changes, User, UserId};
use crate::validate::{CodeRefusal, Invalid, Rule};
use crate::wire::NoticeKind;

/// A change whose transaction is still open: the session that asked for it may take part.
#[must_use = "the transaction is undone unless it is concluded"]
pub(crate) struct Change {
    pub tx: Tx,
    pub event: Event,
    /// Whether it changed what proves the user: then the session gets another id.
    pub is_of_credentials: bool,
}

/// Makes a secret and recovery codes. `None` when there is a secret already, as in Fortify, unless
/// another one is forced.
///
/// # Errors
/// [`Error::Invalid`] where a factor that is asked for already is to be replaced by force.
pub(crate) async fn begin_setup(
    core: &Core,
    who: &UserId,
    keep: Keep<'_>,
    is_forced: bool,
    client: &Client,
) -> Result<Option<Change>> {
    let (user, epoch) = read(core, who).await?;
    if user.two_factor_secret.is_some() && !is_forced {
        return Ok(None);
    }
    // Fortify overwrites it, and whoever then loses the way stands without a factor that works.
    // Here the old one is taken away first, which is told by mail and ends all other sessions.
    if is_active(core, &user) {
        return Err(Invalid::field("force", Rule::In).into());
    }
    let changes = new_secret(core, &user)?;
    let mut tx = open(core, &user, epoch).await?;
    // Without a confirmation it is asked for from now on.
    let is_of_credentials = !core.config.two_factor.confirm;
    if is_of_credentials {
        end_all_else(core, &mut tx, &user, keep).await?;
        let enabled = NoticeKind::TwoFactorEnabled;
        notices::tell(core, &mut tx, &user, enabled, By::Client(client)).await?;
    }
    if !core.users.update(who, changes, &mut tx).await? {
        return Ok(None);
    }
    let event = match is_of_credentials {
        true => Event::TwoFactorEnabled { user: user.id },
        false => Event::TwoFactorPrepared { user: user.id },
    };
    Ok(Some(Change {
        tx,
        event,
        is_of_credentials,
    }))
}

/// A secret and codes in place of those that are there, if no other request replaces them first.
fn new_secret(core: &Core, user: &User) -> Result<Changes> {
    let secret = TotpSecret::generate().to_base32();
    let secret = seal(core, Column::Secret, &user.id, secret.expose())?;
    Ok(Changes {
        two_factor_secret: Some(Some(secret)),
        only_if_two_factor_secret: Some(user.two_factor_secret.clone()),
        two_factor_recovery_codes: Some(Some(codes::make(core, &user.id)?)),
        two_factor_confirmed_at: Some(None),
        ..Changes::default()
    })
}

/// Takes a code as the proof that the app has the secret: the factor is asked for from now on, and
/// what was proved without it has ended.
///
/// # Errors
/// [`Error::Invalid`] for a code that is not right, [`Error::Throttled`] after too many of them.
pub(crate) async fn confirm_setup(
    core: &Core,
    who: &UserId,
    keep: Keep<'_>,
    code: Option<&Secret<String>>,
    client: &Client,
) -> Result<Change> {
    let (user, epoch) = read(core, who).await?;
    let (Some(secret), Some(code)) = (secret_of(core, &user)?, code) else {
        return Err(refused(CodeRefusal::Wrong));
    };
    reserve(core, &user).await?;
    let step = step_of(core, &secret, code).map_err(refused)?;
    let mut tx = open(core, &user, epoch).await?;
    end_all_else(core, &mut tx, &user, keep).await?;
    if !security::take_step(&mut tx, who, step).await? {
        return Err(refused(CodeRefusal::Replayed));
    }
    let changes = Changes {
        two_factor_confirmed_at: Some(Some(core.clock.now())),
        only_if_two_factor_secret: Some(user.two_factor_secret.clone()),
        ..Changes::default()
    };
    if !core.users.update(who, changes, &mut tx).await? {
        return Err(refused(CodeRefusal::Wrong));
    }
    let enabled = NoticeKind::TwoFactorEnabled;
    notices::tell(core, &mut tx, &user, enabled, By::Client(client)).await?;
    Ok(Change {
        tx,
        event: Event::TwoFactorEnabled { user: user.id },
        is_of_credentials: true,
    })
}

/// The step of a right code. A wrong one is explained without burning it: who asks is shown the
/// secret itself.
fn step_of(core: &Core, secret: &TotpSecret, code: &Secret<String>) -> Result<i64, CodeRefusal> {
    let now = core.clock.now().timestamp();
    let window = u8::try_from(core.config.two_factor.window).unwrap_or(u8::MAX);
    if let Some(step) = totp::check(secret, code.expose(), now, window) {
        return Ok(step as i64);
    }
    match totp::drift(secret, code.expose(), now, EXPLAINED_DRIFT) {
        Some(steps) => Err(CodeRefusal::Drifted(steps * STEP_SECONDS as i64)),
        None => Err(CodeRefusal::Wrong),
    }
}

/// Takes the second factor away, with its recovery codes. `None` when there is nothing to take.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn disable(
    core: &Core,
    who: &UserId,
    keep: Keep<'_>,
    client: &Client,
) -> Result<Option<Change>> {
    let (user, epoch) = read(core, who).await?;
    let is_nothing_there = user.two_factor_secret.is_none()
        && user.two_factor_recovery_codes.is_none()
        && user.two_factor_confirmed_at.is_none();
    if is_nothing_there {
        return Ok(None);
    }
    let mut tx = open(core, &user, epoch).await?;
    // Who gives up in the middle of setting it up has changed nothing that proves them.
    let is_of_credentials = is_active(core, &user);
    if is_of_credentials {
        end_all_else(core, &mut tx, &user, keep).await?;
    }
    let changes = Changes {
        two_factor_secret: Some(None),
        two_factor_recovery_codes: Some(None),
        two_factor_confirmed_at: Some(None),
        ..Changes::default()
    };
    core.users.update(who, changes, &mut tx).await?;
    if is_of_credentials {
        let disabled = NoticeKind::TwoFactorDisabled;
        notices::tell(core, &mut tx, &user, disabled, By::Client(client)).await?;
    }
    Ok(Some(Change {
        tx,
        event: Event::TwoFactorDisabled { user: user.id },
        is_of_credentials,
    }))
}

/// The secret in base32, for apps that read no picture.
///
/// # Errors
/// When it cannot be opened.
pub(crate) fn secret_key(core: &Core, user: &User) -> Result<Option<Secret<String>>> {
    Ok(secret_of(core, user)?.map(|secret| secret.to_base32()))
}

/// The address that an authenticator app reads.
///
/// # Errors
/// When the secret cannot be opened.
pub(crate) fn address(core: &Core, user: &User) -> Result<Option<Secret<String>>> {
    let of = |secret| totp::provisioning_url(&core.config.app_name, &user.email, &secret);
    Ok(secret_of(core, user)?.map(of))
}

/// An address as a QR code, in SVG.
///
/// # Errors
/// When it does not fit into one.
pub(crate) fn picture(address: &Secret<String>) -> Result<Secret<String>> {
    qr::svg(address.expose()).map_err(Error::unexpected)
}

fn is_active(core: &Core, user: &User) -> bool {
    user.has_second_factor(core.config.two_factor.confirm)
}

/// The user as they are now, whatever a guard remembers, and the epoch that was before.
async fn read(core: &Core, who: &UserId) -> Result<(User, Epoch)> {
    let epoch = security::epoch(&core.db, who).await?;
    let user = core.users.find(who).await?;
    let user = user.ok_or(Unauthenticated::UserDisabled)?;
    Ok((user, epoch))
}

/// A transaction in which nothing has changed, or changes, of what proves the user but by it.
async fn open(core: &Core, user: &User, epoch: Epoch) -> Result<Tx> {
    let mut tx = core.db.begin().await?;
    match security::hold(&mut tx, &user.id, epoch).await? {
        true => Ok(tx),
        // Another change was first, and it has ended this session or given it another id.
        false => Err(Unauthenticated::SessionUnknown.into()),
    }
}

/// What was proved under the old rules has ended, wrong guesses included.
async fn end_all_else(core: &Core, tx: &mut Tx, user: &User, keep: Keep<'_>) -> Result<()> {
    revocation::end(core, tx, user, keep).await?;
    security::forget_guesses(tx, &user.id).await?;
    Ok(())
}

fn refused(why: CodeRefusal) -> Error {
    Invalid::field("code", Rule::TwoFactorCode(why)).into()
}
