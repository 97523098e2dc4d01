//! Trusted browsers: not asked for the second factor for a while, because their user said so after
//! proving it there.
//!
//! Trust is a row, and not in the cookie alone: it can be ended. It belongs to the epoch in which it
//! was given, so that whatever changes what proves a user ends it, a new second factor above all. It
//! proves nothing by itself: the first factor comes first, and proving once more who one is never
//! asks it. Fortify knows nothing of the kind.

use super::{Grant, Proven};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{Secret, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::Result;
use crate::store::{Client, trusted_browsers};

/// Browsers that one user may trust; the oldest go.
const MOST: i64 = 20;

/// Whether a browser says that it is trusted, where that may count. A program with a token is no
/// browser.
pub(super) fn is_claimed(core: &Core, client: &Client, grant: &Grant) -> bool {
    let is_browser = !matches!(grant, Grant::Token(_));
    core.config.two_factor.trusted_browsers && is_browser && client.trusted.is_some()
}

/// Whether it is, of this user and in this epoch, which the transaction holds.
pub(super) async fn is_trusted(
    core: &Core,
    tx: &mut Tx,
    proven: &Proven,
    client: &Client,
) -> Result<bool> {
    let Some(cookie) = &client.trusted else {
        return Ok(false);
    };
    let whose = (&proven.user.id, proven.epoch);
    let (secret, now) = (stored(cookie.expose()), core.clock.now());
    Ok(trusted_browsers::mark_used(tx, whose, &secret, now).await?)
}

/// Trusts a browser from now on: what its cookie is to hold. The transaction holds the epoch.
pub(super) async fn trust(
    core: &Core,
    tx: &mut Tx,
    proven: &Proven,
    client: &Client,
) -> Result<Secret<String>> {
    let user = &proven.user.id;
    // It has one cookie, so what it had before is of no use any more.
    if let Some(before) = &client.trusted {
        trusted_browsers::delete_by_secret(tx, user, &stored(before.expose())).await?;
    }
    trusted_browsers::evict(tx, user, MOST - 1).await?;
    let (secret, now) = (random_id(), core.clock.now());
    let until = later(now, core.config.two_factor.trusted_browser_lifetime);
    let (whose, key) = ((user, proven.epoch), stored(&secret));
    trusted_browsers::insert(tx, whose, &key, client, (now, until)).await?;
    Ok(Secret::new(secret))
}

/// The stored form of a cookie: SHA-256 in lower-case hex.
fn stored(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}
