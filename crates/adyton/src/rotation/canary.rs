//! The canary: one row that only the right key opens, looked at before anything else is done.

use super::place::{Place, Sealed};
use super::report::KeyRefusal;
use crate::core::Core;
use crate::crypto::seal::SealError;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::store::state;

/// Its row in `adyton_state`, and what is in it.
pub(super) const NAME: &str = "canary";

/// Two processes may be the first at once; whoever comes second reads.
const TRIES: usize = 2;

/// Whether the configured keys are this database's. Where it belongs to no key yet, it belongs to
/// the current one from now on; a key that ends with the process gets no database.
pub(crate) async fn check(core: &Core) -> Result<(), KeyRefusal> {
    for _ in 0..TRIES {
        if let Some(canary) = sealed(core).await? {
            return judged(core, &canary);
        }
        if !core.has_key() || !state::is_there(&core.db).await? {
            return Ok(());
        }
        let context = Place::Canary.context();
        let context: Vec<&str> = context.iter().map(String::as_str).collect();
        let sealer = core.sealer(Place::Canary.label())?;
        let text = sealer.seal(NAME.as_bytes(), &context);
        if state::insert(&core.db, NAME, &text).await? {
            return Ok(());
        }
    }
    Ok(())
}

/// The canary of this database, if it has one.
pub(super) async fn sealed(core: &Core) -> Result<Option<Sealed>> {
    if !state::is_there(&core.db).await? {
        return Ok(None);
    }
    let text = state::read(&core.db, NAME).await?;
    Ok(text.map(|text| Sealed {
        place: Place::Canary,
        text: Secret::new(text),
    }))
}

fn judged(core: &Core, canary: &Sealed) -> Result<(), KeyRefusal> {
    let text = canary.text.expose();
    let context = canary.place.context();
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let opened = core.keys.sealer(canary.place.label()).open(text, &context);
    match opened {
        Ok(opened) => {
            if !opened.is_current {
                tracing::warn!(
                    "some of the database may be sealed with a previous key: `adyton key rotate` \
                     moves it to the current one, once all servers have that"
                );
            }
            Ok(())
        }
        Err(SealError::UnknownKey { kid }) if !core.has_key() => {
            Err(KeyRefusal::Missing { sealed_with: kid })
        }
        Err(SealError::UnknownKey { kid }) => Err(KeyRefusal::Wrong {
            sealed_with: kid,
            configured: core.keys.ids(),
        }),
        Err(SealError::Malformed | SealError::Forged) => Err(KeyRefusal::Damaged),
    }
}
