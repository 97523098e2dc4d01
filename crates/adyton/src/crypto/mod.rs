//! Secrets, keys, password hashes and token text: the room that knows no HTTP, no SQL and no configuration.

pub mod hasher;
mod kept_key;
pub mod keys;
mod memory;
pub mod params;
pub mod password;
#[allow(dead_code, reason = "its callers land with the second factor")]
pub mod qr;
#[allow(dead_code, reason = "its callers land with the second factor")]
pub mod recovery;
#[allow(dead_code, reason = "its callers land with the second factor")]
pub mod recovery_set;
#[allow(dead_code, reason = "its callers land with the second factor")]
pub mod seal;
pub mod secret;
mod stored;
pub mod token_text;
#[allow(dead_code, reason = "its callers land with the second factor")]
pub mod totp;
