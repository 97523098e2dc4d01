//! Links that are mailed: a secret that works once, stored by its hash, written as an address.
//!
//! The address is built from the settings alone. A link that was built from a request's `Host`
//! would hand its secret to whoever sent that request.

use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{Secret, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::{Forbidden, Result};
use crate::store::links::{self, LinkRow, NewLink, Purpose};
use crate::user::UserId;

/// What stands in an address as it is (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a link is about.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct About<'a> {
    pub user: Option<&'a UserId>,
    /// The address that it is about.
    pub address: Option<&'a str>,
    /// What else its route needs, as text.
    pub payload: Option<&'a str>,
}

/// Makes a link that works once, in the transaction of what it belongs to, and tells its secret.
pub(crate) async fn make(
    core: &Core,
    tx: &mut Tx,
    purpose: Purpose,
    about: About<'_>,
    lifetime: Duration,
) -> Result<Secret<String>> {
    let (secret, now) = (random_id(), core.clock.now());
    let new = NewLink {
        id: &stored(&secret),
        purpose,
        user: about.user,
        address: about.address,
        payload: about.payload,
        now,
        expires_at: later(now, lifetime),
    };
    links::insert(tx, new).await?;
    Ok(Secret::new(secret))
}

/// The stored form of a link's secret: SHA-256 in lower-case hex.
pub(crate) fn stored(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}

/// An address: the configured template, or our own page at the public address. `{name}` in it is
/// replaced by each value, escaped.
pub(crate) fn address(
    core: &Core,
    template: Option<&str>,
    own_path: &str,
    values: &[(&str, &str)],
) -> String {
    let own = || format!("{}{own_path}", public_url(core));
    let template = template.map_or_else(own, str::to_owned);
    values.iter().fold(template, |text, (name, value)| {
        let escaped = utf8_percent_encode(value, ESCAPED).to_string();
        text.replace(&format!("{{{name}}}"), &escaped)
    })
}

/// The path of a page of our own, by its route's name: `[routes]` may have moved it.
pub(crate) fn path(core: &Core, route: &str, otherwise: &str) -> String {
    let moved = core.config.routes.get(route);
    moved.cloned().unwrap_or_else(|| otherwise.to_owned())
}

/// Where browsers reach us, without a slash at the end. In development, where it may not be set,
/// that is where we listen.
fn public_url(core: &Core) -> String {
    match &core.config.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!(
            "http://{}",
            core.config.listen.replace("0.0.0.0", "127.0.0.1")
        ),
    }
}

/// The link of a secret, for showing what it would do.
///
/// # Errors
/// [`Forbidden::LinkInvalid`] alike for one that never was, is used, is over or is for something
/// else.
pub(crate) async fn find(
    core: &Core,
    purpose: Purpose,
    secret: &Secret<String>,
) -> Result<LinkRow> {
    let (id, now) = (stored(secret.expose()), core.clock.now());
    let found = links::find(&core.db, &id, purpose, now).await?;
    found.ok_or_else(|| Forbidden::LinkInvalid.into())
}

/// Spends the link of a secret. Of two requests with one link, one gets it.
///
/// # Errors
/// As [`find`].
pub(crate) async fn spend(
    core: &Core,
    tx: &mut Tx,
    purpose: Purpose,
    secret: &Secret<String>,
) -> Result<LinkRow> {
    let (id, now) = (stored(secret.expose()), core.clock.now());
    let spent = links::spend(tx, &id, purpose, now).await?;
    spent.ok_or_else(|| Forbidden::LinkInvalid.into())
}
