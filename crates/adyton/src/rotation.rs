//! Sealed values under another key: checked at the start, moved to the current key, counted.
//!
//! The canary is the last to be moved. Until then a server without the old key does not start, so
//! nobody can drop that key while something needs it. See docs/decisions/0016.

mod canary;
mod place;
mod report;
mod walk;

pub(crate) use self::canary::check;
pub use self::report::{KeyRefusal, KeyRotation, KeyStatus, UnopenedRow};

use self::place::Sealed;
use self::walk::Walk;
use crate::core::Core;
use crate::crypto::seal::{SealError, kid_of};
use crate::error::{Error, Result};

/// How often a value is looked at again that somebody else writes at the same time.
const TRIES: usize = 5;

/// What became of one value.
enum Outcome {
    Resealed,
    Current,
    /// Deleted meanwhile, or in need of no key any more.
    Gone,
    Unopened(SealError),
    /// Somebody wrote it again and again.
    Restless,
}

/// Seals with the current key whatever was sealed with a previous one: value by value, each by a
/// compare-and-swap, so that it may be killed at any moment and runs beside servers.
pub(crate) async fn rotate(core: &Core) -> Result<KeyRotation, KeyRefusal> {
    if !core.has_key() {
        return Err(Error::KeyUnconfigured.into());
    }
    check(core).await?;
    let (mut done, mut walk) = (KeyRotation::default(), Walk::default());
    let mut is_whole = true;
    while let Some(page) = walk.next(core).await? {
        for sealed in page {
            let place = sealed.place.clone();
            match reseal(core, sealed).await? {
                Outcome::Resealed => done.resealed += 1,
                Outcome::Current => done.current += 1,
                Outcome::Gone => {}
                Outcome::Unopened(error) => done.unopened.push(place.unopened(error.to_string())),
                Outcome::Restless => {
                    is_whole = false;
                    let problem = "is being written by others: rotate again";
                    done.unopened.push(place.unopened(problem.to_owned()));
                }
            }
        }
    }
    if is_whole && let Some(canary) = canary::sealed(core).await? {
        reseal(core, canary).await?;
    }
    Ok(done)
}

async fn reseal(core: &Core, sealed: Sealed) -> Result<Outcome> {
    let Sealed { place, mut text } = sealed;
    let (sealer, context) = (core.sealer(place.label())?, place.context());
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    for _ in 0..TRIES {
        let opened = match sealer.open(text.expose(), &context) {
            Ok(opened) if opened.is_current => return Ok(Outcome::Current),
            Ok(opened) => opened,
            Err(error) => return Ok(Outcome::Unopened(error)),
        };
        let new = sealer.seal(opened.plain.expose(), &context);
        if place.exchange(core, &text, new).await? {
            return Ok(Outcome::Resealed);
        }
        match place.read(core).await? {
            Some(now) => text = now,
            None => return Ok(Outcome::Gone),
        }
    }
    Ok(Outcome::Restless)
}

/// Counts the sealed values by key, and changes nothing.
pub(crate) async fn status(core: &Core) -> Result<KeyStatus> {
    if !core.has_key() {
        return Err(Error::KeyUnconfigured);
    }
    let mut ids = core.keys.ids().into_iter();
    let current = ids.next().unwrap_or_default();
    let mut status = KeyStatus::of(current, ids.collect());
    let mut walk = Walk::default();
    while let Some(page) = walk.next(core).await? {
        for sealed in page {
            match opened_by(core, &sealed)? {
                Ok(key) => status.count(&key),
                Err(SealError::UnknownKey { kid }) => status.count(&kid),
                Err(error) => status
                    .unopened
                    .push(sealed.place.unopened(error.to_string())),
            }
        }
    }
    if let Some(canary) = canary::sealed(core).await? {
        status.canary = match opened_by(core, &canary)? {
            Ok(key) => Some(key),
            Err(SealError::UnknownKey { kid }) => Some(kid),
            Err(error) => {
                let row = canary.place.unopened(error.to_string());
                status.unopened.push(row);
                None
            }
        };
    }
    Ok(status)
}

/// The id of the key that opens it.
fn opened_by(core: &Core, sealed: &Sealed) -> Result<Result<String, SealError>> {
    let context = sealed.place.context();
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let text = sealed.text.expose();
    let opened = core.sealer(sealed.place.label())?.open(text, &context);
    Ok(opened.map(|_| kid_of(text).unwrap_or_default().to_owned()))
}
