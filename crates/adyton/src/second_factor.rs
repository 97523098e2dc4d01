//! The second factor: a secret that an authenticator app shares with us, and recovery codes for
//! whoever lost the app.
//!
//! It belongs to the account, whatever the way in. The secret is sealed before it goes into the
//! table; recovery codes are sealed until they were shown, and hashed from then on. What must not
//! be decided twice is decided by one statement: which step of the clock was used last, which codes
//! are left, how many guesses there were.

mod codes;
mod guess;
mod sealed;
mod setup;

pub(crate) use self::codes::{check_settings, replace, show};
pub(crate) use self::guess::{Answer, Occasion, Proof, examine, refusal, reserve, spend};
pub(crate) use self::setup::{
    Change, address, begin_setup, confirm_setup, disable, picture, secret_key,
};
