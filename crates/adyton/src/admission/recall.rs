//! Remembered browsers: staying logged in past the session, by a cookie that changes at each use.

use chrono::{DateTime, Utc};

use super::{Given, open_session};
use crate::core::Core;
use crate::crypto::secret::{Secret, equal, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::session::{RememberCookie, Session, SessionId};
use crate::store::Client;
use crate::store::remembered::{self, BrowserRow};
use crate::user::User;

/// Lets a remembered browser back in: a new session and a new validator. `None` when the cookie
/// is no good; then the answer takes it away.
///
/// A validator that was replaced less than `remember.grace` ago still opens a session: a browser
/// sends several requests at once. One that comes later was copied, and the browser is forgotten.
pub(crate) async fn recall(
    core: &Core,
    session: &Session,
    cookie: &str,
    client: &Client,
) -> Result<Option<SessionId>> {
    let Some((row, validator)) = find_browser(core, cookie).await? else {
        session.expire_remember_cookie();
        return Ok(None);
    };
    let user = core
        .users
        .find(&row.user)
        .await?
        .filter(|user| !user.is_disabled());
    let (Some(user), true) = (user, core.clock.now() <= row.expires_at) else {
        remembered::delete(&core.db, row.id).await?;
        session.expire_remember_cookie();
        return Ok(None);
    };
    let is_current = equal(validator.as_bytes(), row.validator.as_bytes());
    let previous = row.previous_validator.as_deref().unwrap_or_default();
    let is_late = core.clock.now() > row.rotated_at + core.config.remember.grace;
    if !is_current && (is_late || !equal(validator.as_bytes(), previous.as_bytes())) {
        forget_copied(core, session, &row, previous == validator, client).await?;
        return Ok(None);
    }
    let from = (Via::Remember, client);
    let mut tx = core.db.begin().await?;
    let selector = cookie.split('.').next().unwrap_or_default();
    let remember = rotate(core, &mut tx, &row, selector, is_current).await?;
    let opened = open_session(core, &mut tx, session, &user, from).await?;
    tx.commit().await?;
    let id = opened.id.clone();
    Given::Session { opened, remember }.take_effect(core, session, &user, from);
    Ok(Some(id))
}

/// The row of a cookie's selector, and the stored form of its validator.
async fn find_browser(core: &Core, cookie: &str) -> Result<Option<(BrowserRow, String)>> {
    let Some((selector, validator)) = cookie
        .split_once('.')
        .filter(|_| core.config.remember.enabled)
    else {
        return Ok(None);
    };
    let row = remembered::find(&core.db, &stored(selector)).await?;
    Ok(row.map(|row| (row, stored(validator))))
}

async fn rotate(
    core: &Core,
    tx: &mut Tx,
    row: &BrowserRow,
    selector: &str,
    is_current: bool,
) -> Result<RememberCookie> {
    if !is_current {
        return Ok(RememberCookie::Keep);
    }
    let validator = random_id();
    if !remembered::rotate(tx, row, &stored(&validator), remembered_until(core)).await? {
        // Another request of this browser was first; its answer brings the new cookie.
        return Ok(RememberCookie::Keep);
    }
    Ok(RememberCookie::Set(Secret::new(format!(
        "{selector}.{validator}"
    ))))
}

/// A wrong validator is somebody's guess and changes nothing; an old one was copied.
async fn forget_copied(
    core: &Core,
    session: &Session,
    row: &BrowserRow,
    was_copied: bool,
    client: &Client,
) -> Result<()> {
    session.expire_remember_cookie();
    if was_copied {
        remembered::delete(&core.db, row.id).await?;
        core.tell(Event::RememberCookieReused {
            user: row.user.clone(),
            address: client.address,
        });
    }
    Ok(())
}

/// Remembers this browser and gives its cookie: a selector and a validator.
pub(super) async fn remember_browser(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    client: &Client,
) -> Result<Secret<String>> {
    let (selector, validator) = (random_id(), random_id());
    let keys = (&*stored(&selector), &*stored(&validator));
    remembered::insert(tx, &user.id, keys, client, remembered_until(core)).await?;
    Ok(Secret::new(format!("{selector}.{validator}")))
}

fn remembered_until(core: &Core) -> (DateTime<Utc>, DateTime<Utc>) {
    let now = core.clock.now();
    (now, now + core.config.remember.lifetime)
}

pub(super) fn stored(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}
