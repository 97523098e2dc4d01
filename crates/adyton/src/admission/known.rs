//! Known browsers: where a user has logged in before, by a cookie that opens nothing.
//!
//! It only chooses which limit an attempt counts in, so that whoever guesses at an account from
//! elsewhere does not keep its owner out. The cookie is a list of entries, one a user. An entry is a
//! random id, the moment and a MAC over both and the user: whose it is can only be asked of a user
//! who is named, so the cookie tells nobody who uses the browser. Nothing of it is stored.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::core::Core;
use crate::crypto::secret::{Secret, equal, hex, hmac_sha256, random};
use crate::session::{CookieChange, Kept, Session};
use crate::user::UserId;

/// The purpose of the key that the MAC takes.
const LABEL: &str = "device";

/// Users of one browser that are known; the one whose login is the oldest goes first.
const USERS: usize = 5;

const ID: usize = 16;
const ISSUED_AT: usize = 8;
const MAC: usize = 32;
const ENTRY: usize = ID + ISSUED_AT + MAC;

/// Seconds by which the clocks of two machines may differ.
const SKEW: i64 = 60;

/// What a browser is called in the one entry that is a user's.
#[derive(Clone)]
pub(super) struct BrowserId([u8; ID]);

impl BrowserId {
    /// As a limit counts it.
    pub(super) fn text(&self) -> String {
        hex(&self.0)
    }
}

/// The id of a browser that this user has logged in from. Who asks for nobody in particular has the
/// same work done: no time tells whether there is such a user.
pub(super) fn browser_of(
    core: &Core,
    user: Option<&UserId>,
    cookie: Option<&Secret<String>>,
) -> Option<BrowserId> {
    let entries = cookie.map(|cookie| entries(cookie.expose()))?;
    let keys = core.keys.derive_all(LABEL);
    let name = user.map(UserId::to_string).unwrap_or_default();
    let mut found = None;
    for entry in &entries {
        if found.is_none() && is_of(core, &keys, &name, entry) {
            found = Some(entry);
        }
    }
    let id = found.filter(|_| user.is_some())?.first_chunk::<ID>()?;
    Some(BrowserId(*id))
}

/// Makes the browser of a session known for a user who has just got in.
pub(super) fn remember(
    core: &Core,
    session: &Session,
    user: &UserId,
    cookie: Option<&Secret<String>>,
) {
    if !core.config.throttle.enabled {
        return;
    }
    let brought = cookie.map(|cookie| entries(cookie.expose()));
    let (keys, name) = (core.keys.derive_all(LABEL), user.to_string());
    let (own, others): (Vec<_>, Vec<_>) = brought
        .unwrap_or_default()
        .into_iter()
        .partition(|entry| is_of(core, &keys, &name, entry));
    // The same id as before, so that failures of this browser stay counted.
    let id = own.first().and_then(|entry| entry.first_chunk::<ID>());
    let id = id.copied().unwrap_or_else(random);
    let issued_at = core.clock.now().timestamp().to_be_bytes();
    let mac = hmac_sha256(&keys[0], &[name.as_bytes(), &id, &issued_at]);
    let fresh = [id.as_slice(), &issued_at, &mac].concat();
    let kept = std::iter::once(fresh).chain(others).take(USERS);
    let written: Vec<String> = kept.map(|entry| URL_SAFE_NO_PAD.encode(entry)).collect();
    let cookie = Secret::new(written.join("."));
    session.change(Kept::Device, CookieChange::Set(cookie));
}

/// What has the form of an entry; of a cookie that was altered, what is left of it.
fn entries(cookie: &str) -> Vec<Vec<u8>> {
    let read = |text| URL_SAFE_NO_PAD.decode(text).ok();
    let all = cookie.split('.').take(USERS).filter_map(read);
    all.filter(|entry| entry.len() == ENTRY).collect()
}

/// Whether we made an entry for this user, and of late.
fn is_of(core: &Core, keys: &[[u8; 32]], user: &str, entry: &[u8]) -> bool {
    let Some((id, rest)) = entry.split_at_checked(ID) else {
        return false;
    };
    let Some((issued_at, mac)) = rest.split_first_chunk::<ISSUED_AT>() else {
        return false;
    };
    let mut is_ours = false;
    for key in keys {
        is_ours |= equal(&hmac_sha256(key, &[user.as_bytes(), id, issued_at]), mac);
    }
    // A forged entry may hold any number.
    let issued_at = i64::from_be_bytes(*issued_at);
    let age = core.clock.now().timestamp().saturating_sub(issued_at);
    let lifetime = core.config.throttle.known_browser_lifetime.as_secs();
    is_ours && (-SKEW..i64::try_from(lifetime).unwrap_or(i64::MAX)).contains(&age)
}
