//! What a row of the outbox holds, and how it is kept from whoever reads the table: it has links.

use serde::{Deserialize, Serialize};

use crate::core::Core;
use crate::wire::Letter;

/// What the key is for.
const LABEL: &str = "outbox";

/// Where it is sealed for. Not for one row: its number is not known before it is made.
const PLACE: [&str; 2] = ["mail_outbox", "letter"];

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
    pub(crate) fn sealed(&self, core: &Core) -> String {
        let plain = serde_json::to_vec(self).expect("facts can always be written as JSON");
        core.keys.sealer(LABEL).seal(&plain, &PLACE)
    }

    /// What a row keeps.
    ///
    /// # Errors
    /// Why it cannot be read, for the log.
    pub(crate) fn opened(core: &Core, sealed: &str) -> Result<Self, String> {
        let opened = core.keys.sealer(LABEL).open(sealed, &PLACE);
        let opened = opened.map_err(|error| error.to_string())?;
        // The parser's own error would quote what it read.
        serde_json::from_slice(opened.plain.expose())
            .map_err(|_| "what it holds is no letter".to_owned())
    }
}
