//! What a row of the outbox holds, and how it is kept from whoever reads the table: it has links.

use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::wire::Letter;

/// A letter on its way.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub to: String,
    /// Made once, so that a mail which is sent twice is known to be one.
    pub message_id: String,
    pub letter: Letter,
}

impl Payload {
    /// As the row keeps it.
    pub(crate) fn sealed(&self, _core: &Core) -> String {
        serde_json::to_string(self).expect("facts can always be written as JSON")
    }

    /// What a row keeps.
    ///
    /// # Errors
    /// Why it cannot be read, for the log.
    pub(crate) fn opened(_core: &Core, sealed: &str) -> Result<Self, String> {
        serde_json::from_str(sealed).map_err(|_| "its payload cannot be read".to_owned())
    }
}
