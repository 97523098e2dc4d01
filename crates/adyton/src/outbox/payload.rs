//! What a row of the outbox holds, and how it is kept from whoever reads the table: it has links.

use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::error::Result;
use crate::store::outbox::Kind;
use crate::wire::Letter;

/// What the key is for.
pub(crate) const LABEL: &str = "outbox";

/// Where a row of a kind is sealed for. Not for one row: its number is not known before it is made.
pub(crate) fn place(kind: &str) -> [&str; 2] {
    ["mail_outbox", kind]
}

/// A letter on its way.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payload {
    pub to: String,
    /// Made once, so that a mail which is sent twice is known to be one.
    pub message_id: String,
    pub letter: Letter,
}

impl Payload {
    /// As a row of this kind keeps it.
    ///
    /// # Errors
    /// [`Error::KeyUnconfigured`](crate::Error::KeyUnconfigured).
    pub(crate) fn sealed(&self, core: &Core, kind: Kind) -> Result<String> {
        let plain = serde_json::to_vec(self).expect("facts can always be written as JSON");
        Ok(core.sealer(LABEL)?.seal(&plain, &place(kind.as_str())))
    }

    /// What a row keeps.
    ///
    /// # Errors
    /// Why it cannot be read, for the log.
    pub(crate) fn opened(core: &Core, kind: Kind, sealed: &str) -> Result<Self, String> {
        let sealer = core.sealer(LABEL).map_err(|error| error.to_string())?;
        let opened = sealer.open(sealed, &place(kind.as_str()));
        let opened = opened.map_err(|error| error.to_string())?;
        // The parser's own error would quote what it read.
        serde_json::from_slice(opened.plain.expose())
            .map_err(|_| "what it holds is no letter".to_owned())
    }
}
