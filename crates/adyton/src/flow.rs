//! What a browser carries sealed between two requests of one way in: where a provider is to send it
//! back to, which challenge a passkey is to sign.
//!
//! It is in a cookie and nowhere else, so that a stranger's first request writes no row. What comes
//! back is good once: taking it writes down that it was taken.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{Secret, random_id};
use crate::error::Result;
use crate::store::flows;

/// How long there is between the two requests.
pub(crate) const LIFETIME: Duration = Duration::from_secs(600);

/// The purpose of the key that seals.
const LABEL: &str = "flow";

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    id: String,
    until: DateTime<Utc>,
    content: T,
}

/// Seals something for one way in, for [`LIFETIME`]. What another way in sealed does not open here.
pub(crate) fn seal<T: Serialize>(core: &Core, way: &'static str, content: T) -> Secret<String> {
    let sealed = Sealed {
        id: random_id(),
        until: later(core.clock.now(), LIFETIME),
        content,
    };
    let plain = serde_json::to_vec(&sealed).expect("a flow is plain data");
    // The key of this process will do where none is configured: it lasts ten minutes.
    Secret::new(core.keys.sealer(LABEL).seal(&plain, &[way]))
}

/// Takes what was sealed for this way in: `None` when it was not, its time is over, or it was taken
/// before. Of two requests that bring it, one takes it.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn take<T: DeserializeOwned>(
    core: &Core,
    way: &'static str,
    sealed: Option<&str>,
) -> Result<Option<T>> {
    let Some(opened) = sealed.and_then(|text| core.keys.sealer(LABEL).open(text, &[way]).ok())
    else {
        return Ok(None);
    };
    let Ok(flow) = serde_json::from_slice::<Sealed<T>>(opened.plain.expose()) else {
        return Ok(None);
    };
    let is_alive = core.clock.now() < flow.until;
    if !is_alive || !flows::take(&core.db, &flow.id, flow.until).await? {
        return Ok(None);
    }
    Ok(Some(flow.content))
}
