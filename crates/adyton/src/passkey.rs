//! Passkeys: WebAuthn's two ceremonies, and what is kept of them.
//!
//! A ceremony is two requests. The first says what is to be signed, and the browser carries what
//! was asked back, sealed; the second brings the answer, which counts once. The user's device
//! verifies who they are, always: a passkey is two factors in one.
//!
//! What a passkey proves is decided here; who gets in by it, and whose session it confirms, is
//! `admission`'s.

mod answer;
mod assertion;
mod keep;
mod registration;
mod relying_party;
mod source;

use serde_json::Value as Json;

pub(crate) use self::assertion::{
    Asked, Refused, Verified, begin_confirmation, begin_login, verify,
};
pub(crate) use self::keep::{Asker, add, list, remove, rename};
pub(crate) use self::registration::begin as begin_registration;
pub(crate) use self::relying_party::check_settings;
use crate::crypto::secret::Secret;

/// What a browser is asked, and what it carries until it answers.
pub(crate) struct Begun {
    /// The options, as `PublicKeyCredential` reads them from JSON.
    pub options: Json,
    /// What was asked, sealed.
    pub sealed: Secret<String>,
}
