//! How the secret and the codes are kept in the table: sealed for their own row and column.

use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::crypto::totp::TotpSecret;
use crate::error::{Error, Result};
use crate::user::{User, UserId};

/// What the key is for.
const LABEL: &str = "two_factor";

/// A sealed column of `users`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Secret,
    Codes,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Column::Secret => "two_factor_secret",
            Column::Codes => "two_factor_recovery_codes",
        }
    }
}

/// As a row keeps it: copied into another user's row, it does not open.
///
/// # Errors
/// [`Error::KeyUnconfigured`].
pub(super) fn seal(
    core: &Core,
    column: Column,
    user: &UserId,
    plain: &str,
) -> Result<Secret<String>> {
    let id = user.to_string();
    let place = ["users", column.name(), &id];
    Ok(Secret::new(
        core.sealer(LABEL)?.seal(plain.as_bytes(), &place),
    ))
}

/// What a row keeps.
///
/// # Errors
/// [`Error::Unexpected`] when it cannot be opened: then nobody is let in by it.
pub(super) fn open(
    core: &Core,
    column: Column,
    user: &UserId,
    sealed: &Secret<String>,
) -> Result<Secret<String>> {
    let id = user.to_string();
    let place = ["users", column.name(), &id];
    let opened = core.sealer(LABEL)?.open(sealed.expose(), &place);
    let opened = opened.and_then(|opened| opened.text());
    opened.map_err(Error::unexpected)
}

/// A user's secret, confirmed or not.
///
/// # Errors
/// As [`open`].
pub(super) fn secret_of(core: &Core, user: &User) -> Result<Option<TotpSecret>> {
    let Some(sealed) = &user.two_factor_secret else {
        return Ok(None);
    };
    let text = open(core, Column::Secret, &user.id, sealed)?;
    let secret = TotpSecret::parse(text.expose()).map_err(Error::unexpected)?;
    Ok(Some(secret))
}
