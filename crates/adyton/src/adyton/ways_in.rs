//! By what users get in, for hosts.

use super::Adyton;
use crate::error::Result;
use crate::operator::{self, Forget, WaysIn};
use crate::user::User;

impl Adyton {
    /// By what a user gets in: a password, a second factor, passkeys, providers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn ways_in(&self, user: &User) -> Result<WaysIn> {
        operator::ways_in(&self.context.core, user).await
    }

    /// Takes ways in away and ends the user's sessions: for somebody who lost a phone. They are told
    /// by mail. Their tokens stay.
    ///
    /// # Errors
    /// When the database refuses; then nothing was taken away.
    pub async fn forget_ways_in(&self, user: &User, what: Forget) -> Result<()> {
        operator::forget(&self.context.core, user, what).await
    }
}
