//! Remembered browsers: staying logged in past the session, by a cookie that changes at each use.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Given, open_session};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{Secret, equal, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::session::{RememberCookie, Session, SessionId};
use crate::store::remembered::{self, BrowserRow};
use crate::store::{Client, sessions};
use crate::user::User;

/// No browser keeps a cookie longer (RFC 6265bis, section 5.5).
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// Lets a remembered browser back in: a new session and a new validator. `None` when the cookie
/// is no good; then the answer takes it away.
///
/// A validator that was replaced less than `remember.grace` ago still opens a session: a browser
/// sends several requests at once. Any other one under a known selector was copied, for nobody
/// guesses a selector: the browser is forgotten, and every session that it opened ends.
pub(crate) async fn recall(
    core: &Core,
    session: &Session,
    cookie: &str,
    client: &Client,
) -> Result<Option<SessionId>> {
    let recalled = open_again(core, session, cookie, client).await?;
    if recalled.is_none() {
        session.expire_remember_cookie();
    }
    Ok(recalled)
}

async fn open_again(
    core: &Core,
    session: &Session,
    cookie: &str,
    client: &Client,
) -> Result<Option<SessionId>> {
    let Some((row, validator)) = find_browser(core, cookie).await? else {
        return Ok(None);
    };
    let user = core.users.find(&row.user).await?;
    let user = user.filter(|user| !user.is_disabled());
    let (Some(user), true) = (user, core.clock.now() <= row.expires_at) else {
        forget(core, cookie).await?;
        return Ok(None);
    };
    let is_current = equal(validator.as_bytes(), row.validator.as_bytes());
    if !is_current && !was_just_replaced(core, &row, &validator) {
        forget_copied(core, &row, client).await?;
        return Ok(None);
    }
    let mut tx = core.db.begin().await?;
    let Some(remember) = rotate(core, &mut tx, &row, cookie, is_current).await? else {
        return Ok(None);
    };
    let opened_by = (Via::Remember, Some(row.id));
    let opened = open_session(core, &mut tx, session, &user, opened_by, client).await?;
    tx.commit().await?;
    let id = opened.id.clone();
    let given = Given::Session { opened, remember };
    given.take_effect(core, session, &user, (Via::Remember, client));
    Ok(Some(id))
}

/// The row of a cookie's selector, and the stored form of its validator.
async fn find_browser(core: &Core, cookie: &str) -> Result<Option<(BrowserRow, String)>> {
    let parts = cookie.split_once('.');
    let Some((selector, validator)) = parts.filter(|_| core.config.remember.enabled) else {
        return Ok(None);
    };
    let row = remembered::find(&core.db, &stored(selector)).await?;
    Ok(row.map(|row| (row, stored(validator))))
}

fn was_just_replaced(core: &Core, row: &BrowserRow, validator: &str) -> bool {
    let is_early = core.clock.now() <= later(row.rotated_at, core.config.remember.grace);
    let previous = row.previous_validator.as_deref();
    is_early && previous.is_some_and(|known| equal(known.as_bytes(), validator.as_bytes()))
}

/// What the answer does with the cookie; `None` when the browser was forgotten meanwhile. Until
/// the transaction ends, nobody can forget it: else a password change could miss the session.
async fn rotate(
    core: &Core,
    tx: &mut Tx,
    row: &BrowserRow,
    cookie: &str,
    is_current: bool,
) -> Result<Option<RememberCookie>> {
    if is_current {
        let validator = random_id();
        if remembered::rotate(tx, row, &stored(&validator), remembered_until(core)).await? {
            let selector = cookie.split('.').next().unwrap_or_default();
            let cookie = Secret::new(format!("{selector}.{validator}"));
            return Ok(Some(RememberCookie::Set(cookie)));
        }
    }
    // Another request of this browser was first; its answer brings the new cookie.
    let is_held = remembered::hold(tx, row.id).await?;
    Ok(is_held.then_some(RememberCookie::Keep))
}

/// Two have the cookie, and which of them is the thief cannot be told.
async fn forget_copied(core: &Core, row: &BrowserRow, client: &Client) -> Result<()> {
    let mut tx = core.db.begin().await?;
    remembered::delete(&mut tx, row.id).await?;
    sessions::delete_of_browser(&mut tx, &row.user, row.id).await?;
    tx.commit().await?;
    core.freshness.changed(&row.user);
    core.tell(Event::RememberCookieReused {
        user: row.user.clone(),
        address: client.address,
    });
    Ok(())
}

/// Remembers this browser: its cookie, a selector and a validator, and the row's id.
pub(super) async fn remember_browser(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    client: &Client,
) -> Result<(RememberCookie, Option<i64>)> {
    let (selector, validator) = (random_id(), random_id());
    let keys = (&*stored(&selector), &*stored(&validator));
    let id = remembered::insert(tx, &user.id, keys, client, remembered_until(core)).await?;
    let cookie = Secret::new(format!("{selector}.{validator}"));
    Ok((RememberCookie::Set(cookie), Some(id)))
}

/// Forgets the browser of a cookie, whatever else the cookie says.
pub(super) async fn forget(core: &Core, cookie: &str) -> Result<()> {
    if let Some((selector, _)) = cookie.split_once('.') {
        remembered::delete_by_selector(&core.db, &stored(selector)).await?;
    }
    Ok(())
}

fn remembered_until(core: &Core) -> (DateTime<Utc>, DateTime<Utc>) {
    let now = core.clock.now();
    let lifetime = core.config.remember.lifetime.min(LONGEST);
    (now, later(now, lifetime))
}

fn stored(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}
