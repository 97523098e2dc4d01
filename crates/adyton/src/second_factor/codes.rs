//! Recovery codes: made with the second factor, shown, and spent one by one.
//!
//! They are sealed until they were shown after the factor was confirmed, so that whoever sets it up
//! may look as often as they like. That showing is the last: from then on there are only hashes,
//! and whoever reads the table and has the keys learns no code (NIST SP 800-63B-4, 3.1.2).

use serde_json::json;

use super::sealed::{Column, open, seal};
use crate::audit::{self, By};
use crate::config::Config;
use crate::core::Core;
use crate::crypto::recovery::{CodeShape, find_among};
use crate::crypto::recovery_set::RecoverySet;
use crate::crypto::seal::kid_of;
use crate::crypto::secret::Secret;
use crate::error::{BuildError, Error, Result};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Standing};
use crate::store::security;
use crate::user::{Changes, User, UserId};
use crate::wire::NoticeKind;

/// The codes that a user has left, as the row keeps them.
enum Kept {
    /// Not shown for the last time yet.
    Sealed(Vec<Secret<String>>),
    Hashed(RecoverySet),
}

/// A code that was found, and what is left without it.
#[derive(Debug)]
pub(super) struct FoundCode {
    /// The column as it was when the code was looked for.
    before: Secret<String>,
    after: Secret<String>,
    pub left: usize,
}

/// Whether recovery codes can be made as the settings want them.
///
/// # Errors
/// What the shape lacks.
pub(crate) fn check_settings(config: &Config) -> Result<(), BuildError> {
    let shape = config.two_factor.recovery_code_shape.parse::<CodeShape>();
    let wrong = |error| BuildError::new("two_factor.recovery_code_shape", error);
    shape.map(drop).map_err(wrong)
}

fn shape(core: &Core) -> CodeShape {
    let text = &core.config.two_factor.recovery_code_shape;
    text.parse().expect("the settings were checked")
}

/// A new set, as the row keeps it.
///
/// # Errors
/// [`Error::KeyUnconfigured`].
pub(super) fn make(core: &Core, user: &UserId) -> Result<Secret<String>> {
    let codes = shape(core).generate(core.config.two_factor.recovery_codes);
    sealed(core, user, &codes)
}

/// The codes, as often as they are asked for before the second factor is confirmed, and once
/// afterwards: then they are hashed, and of two requests at once one is shown them. There are none
/// to be shown from then on.
///
/// # Errors
/// [`Error::Busy`] when no thread can be had for the hashes: the codes can be asked for again.
/// [`Error::Unauthenticated`] when the caller's session was ended.
pub(crate) async fn show(
    core: &Core,
    who: &UserId,
    (by, caller): (By<'_>, Standing<'_>),
) -> Result<Vec<Secret<String>>> {
    let Some(user) = core.users.find(who).await? else {
        return Ok(Vec::new());
    };
    let (Some(Kept::Sealed(codes)), Some(before)) =
        (kept(core, &user)?, &user.two_factor_recovery_codes)
    else {
        return Ok(Vec::new());
    };
    if !user.has_second_factor(core.config.two_factor.confirm) {
        return Ok(codes);
    }
    let shape = shape(core);
    let hashing = core.hasher.hash_recovery_codes(codes.clone(), &shape);
    let hashed = Secret::new(hashing.await.map_err(|_| Error::Busy)?);
    security::epoch(&core.db, who).await?;
    let mut tx = core.db.begin().await?;
    revocation::refuse_if_ended(core, &mut tx, who, caller).await?;
    if !core
        .users
        .update(who, change(before, hashed), &mut tx)
        .await?
    {
        return Ok(Vec::new());
    }
    let shown = Event::RecoveryCodesShown { user: who.clone() };
    audit::conclude(core, tx, by, &[shown]).await?;
    core.freshness.changed(who);
    Ok(codes)
}

/// Makes new codes in place of the old ones, which no longer work.
///
/// # Errors
/// [`Error::Unauthenticated`] when the caller's session was ended.
pub(crate) async fn replace(
    core: &Core,
    user: &User,
    (by, caller): (By<'_>, Standing<'_>),
) -> Result<()> {
    let changes = Changes {
        two_factor_recovery_codes: Some(Some(make(core, &user.id)?)),
        ..Changes::default()
    };
    security::epoch(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    revocation::refuse_if_ended(core, &mut tx, &user.id, caller).await?;
    core.users.update(&user.id, changes, &mut tx).await?;
    notices::tell(core, &mut tx, user, NoticeKind::RecoveryCodesReplaced, by).await?;
    let replaced = Event::RecoveryCodesReplaced {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, by, &[replaced]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Looks for a typed code among those that are left.
pub(super) async fn find(
    core: &Core,
    user: &User,
    typed: &Secret<String>,
) -> Result<Option<FoundCode>> {
    let (Some(kept), Some(before)) = (kept(core, user)?, &user.two_factor_recovery_codes) else {
        return Ok(None);
    };
    let (after, left) = match kept {
        Kept::Sealed(mut codes) => {
            let Some(at) = find_among(&codes, typed) else {
                return Ok(None);
            };
            codes.remove(at);
            (sealed(core, &user.id, &codes)?, codes.len())
        }
        Kept::Hashed(set) => {
            let finding = core.hasher.find_recovery_code(typed.clone(), set.clone());
            let Some(at) = finding.await.map_err(|_| Error::Busy)? else {
                return Ok(None);
            };
            (Secret::new(set.without(at)), set.len() - 1)
        }
    };
    Ok(Some(FoundCode {
        before: before.clone(),
        after,
        left,
    }))
}

impl FoundCode {
    /// What spends it: one statement, which changes nothing when another request was faster.
    ///
    /// Deliberately not Fortify's way, which puts a new code in its place: a code that nobody was
    /// shown is no code, and a mail tells how many are left.
    pub(super) fn spend(&self) -> Changes {
        change(&self.before, self.after.clone())
    }
}

fn change(before: &Secret<String>, after: Secret<String>) -> Changes {
    Changes {
        two_factor_recovery_codes: Some(Some(after)),
        only_if_two_factor_recovery_codes: Some(before.clone()),
        ..Changes::default()
    }
}

fn sealed(core: &Core, user: &UserId, codes: &[Secret<String>]) -> Result<Secret<String>> {
    let codes: Vec<&str> = codes.iter().map(|code| code.expose().as_str()).collect();
    let text = Secret::new(json!(codes).to_string());
    seal(core, Column::Codes, user, text.expose())
}

fn kept(core: &Core, user: &User) -> Result<Option<Kept>> {
    let Some(column) = &user.two_factor_recovery_codes else {
        return Ok(None);
    };
    if kid_of(column.expose()).is_none() {
        let set = RecoverySet::parse(column.expose()).map_err(Error::unexpected)?;
        return Ok(Some(Kept::Hashed(set)));
    }
    let text = open(core, Column::Codes, &user.id, column)?;
    let codes: Vec<String> = serde_json::from_str(text.expose()).map_err(Error::unexpected)?;
    let codes = codes.into_iter().map(Secret::new).collect();
    Ok(Some(Kept::Sealed(codes)))
}
