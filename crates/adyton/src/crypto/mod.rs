//! Secrets, keys, password hashes and token text: the room that knows no HTTP, no SQL and no configuration.

pub(crate) mod es256;
pub mod hasher;
mod kept_key;
pub mod keys;
pub mod mailed_code;
mod memory;
pub mod params;
pub mod password;
pub mod qr;
pub mod recovery;
pub mod recovery_set;
pub mod seal;
pub mod secret;
mod stored;
pub mod token_text;
pub mod totp;
