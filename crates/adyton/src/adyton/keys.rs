//! The keys of what is sealed, for hosts.

use super::Adyton;
use crate::error::Result;
use crate::rotation::{self, KeyRefusal, KeyRotation, KeyStatus};

impl Adyton {
    /// Whether the configured keys are this database's: to be asked at every start, after
    /// [`migrate`](Self::migrate). A database that belongs to no key yet belongs to the configured
    /// one from then on. `Program` and the binary do so by themselves.
    ///
    /// Without a key nothing is sealed, so a database that belongs to none is fine.
    ///
    /// # Errors
    /// What is wrong and how to mend it; the database was not touched.
    pub async fn check_key(&self) -> Result<(), KeyRefusal> {
        rotation::check(&self.context.core).await
    }

    /// Seals with the current key whatever is sealed with a previous one: what `adyton key rotate`
    /// does, for hosts with their own [`Users`](crate::Users). All processes on this database must
    /// have the current key before. It may be ended at any moment, and runs beside servers; run
    /// again, it goes on.
    ///
    /// # Errors
    /// As [`check_key`](Self::check_key). A value that cannot be opened is no error: it is in the
    /// answer, and the rest goes on.
    pub async fn rotate_keys(&self) -> Result<KeyRotation, KeyRefusal> {
        rotation::rotate(&self.context.core).await
    }

    /// How much is sealed with which key. It changes nothing.
    ///
    /// # Errors
    /// [`Error::KeyUnconfigured`](crate::Error::KeyUnconfigured); when the database cannot be read.
    pub async fn key_status(&self) -> Result<KeyStatus> {
        rotation::status(&self.context.core).await
    }
}
