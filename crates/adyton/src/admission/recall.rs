//! Remembered browsers: staying logged in past the session, by a cookie that changes at each use.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Given, Grant, Proven, challenge, open_session, prove, trusted};
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{Secret, equal, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::session::{CookieChange, Kept, Session, SessionId};
use crate::store::remembered::{self, BrowserRow};
use crate::store::{Client, challenges, security, sessions};
use crate::user::User;

/// No browser keeps a cookie longer (RFC 6265bis, section 5.5).
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// How the return of a remembered browser ended.
#[derive(Debug)]
pub(crate) enum Recalled {
    /// It has this session.
    In(SessionId),
    /// Its user has a second factor, which is asked first.
    Challenged,
    /// Its cookie is no good; the answer takes it away.
    Nobody,
}

/// Lets a remembered browser back in: a new session and a new validator.
///
/// A validator that was replaced less than `remember.grace` ago still opens a session: a browser
/// sends several requests at once. Any other one under a known selector was copied, for nobody
/// guesses a selector: the browser is forgotten, and every session that it opened ends.
///
/// Deliberately stricter than Laravel, whose remember cookie passes the second factor by: a
/// browser that is remembered has proved one factor (`two_factor.trust_remembered_browsers`). Its
/// user may have it trusted besides.
pub(crate) async fn recall(
    core: &Core,
    session: &Session,
    cookie: &str,
    client: &Client,
) -> Result<Recalled> {
    let recalled = open_again(core, session, cookie, client).await?;
    if matches!(recalled, Recalled::Nobody) {
        session.change(Kept::Remember, CookieChange::Expire);
    }
    Ok(recalled)
}

async fn open_again(
    core: &Core,
    session: &Session,
    cookie: &str,
    client: &Client,
) -> Result<Recalled> {
    let Some((row, validator)) = find_browser(core, cookie).await? else {
        return Ok(Recalled::Nobody);
    };
    let proven = prove(core, &row.user).await?;
    let proven = proven.filter(|proven| !proven.user.is_disabled());
    let (Some(proven), true) = (proven, core.clock.now() <= row.expires_at) else {
        forget(core, cookie).await?;
        return Ok(Recalled::Nobody);
    };
    let is_current = equal(validator.as_bytes(), row.validator.as_bytes());
    if !is_current && !was_just_replaced(core, &row, &validator) {
        forget_copied(core, &row, client).await?;
        return Ok(Recalled::Nobody);
    }
    let are_all_trusted = core.config.two_factor.trust_remembered_browsers;
    let asks_second = core.asks_second_factor(&proven.user) && !are_all_trusted;
    let grant = Grant::Remembered { browser: row.id };
    if asks_second && !trusted::is_claimed(core, client, &grant) {
        return ask_second_factor(core, session, &proven, grant, client).await;
    }
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &row.user, proven.epoch).await? {
        return Ok(Recalled::Nobody);
    }
    if asks_second && !trusted::is_trusted(core, &mut tx, &proven, client).await? {
        drop(tx);
        return ask_second_factor(core, session, &proven, grant, client).await;
    }
    let back = (&row, cookie, is_current);
    reopen(core, tx, session, back, (&proven.user, client)).await
}

/// Its new session and its new cookie, in a transaction that holds the epoch.
async fn reopen(
    core: &Core,
    mut tx: Tx,
    session: &Session,
    (row, cookie, is_current): (&BrowserRow, &str, bool),
    (user, client): (&User, &Client),
) -> Result<Recalled> {
    let Some(remember) = rotate(core, &mut tx, row, cookie, is_current).await? else {
        return Ok(Recalled::Nobody);
    };
    let opened_by = (Via::Remember, Some(row.id));
    let opened = open_session(core, &mut tx, session, user, opened_by, client).await?;
    let id = opened.id.clone();
    let given = Given::Session { opened, remember };
    let event = given.event(user, (Via::Remember, client));
    audit::conclude(core, tx, By::Client(client), &[event]).await?;
    given.take_effect(core, session, (&user.id, client));
    Ok(Recalled::In(id))
}

/// Opens a challenge, unless this browser has been asked already: it sends several requests before
/// its user has typed a code.
async fn ask_second_factor(
    core: &Core,
    session: &Session,
    proven: &Proven,
    grant: Grant,
    client: &Client,
) -> Result<Recalled> {
    let now = core.clock.now();
    if let Some(id) = session.incoming() {
        let asked = challenges::find(&core.db, &id.stored(), now).await?;
        if asked.is_some_and(|asked| asked.user == proven.user.id) {
            return Ok(Recalled::Challenged);
        }
    }
    challenge::open(core, session, proven, (Via::Remember, client), grant).await?;
    Ok(Recalled::Challenged)
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
) -> Result<Option<CookieChange>> {
    if is_current {
        let validator = random_id();
        if remembered::rotate(tx, row, &stored(&validator), remembered_until(core)).await? {
            let selector = cookie.split('.').next().unwrap_or_default();
            let cookie = Secret::new(format!("{selector}.{validator}"));
            return Ok(Some(CookieChange::Set(cookie)));
        }
    }
    // Another request of this browser was first; its answer brings the new cookie.
    let is_held = remembered::hold(tx, row.id).await?;
    Ok(is_held.then_some(CookieChange::Keep))
}

/// Two have the cookie, and which of them is the thief cannot be told.
async fn forget_copied(core: &Core, row: &BrowserRow, client: &Client) -> Result<()> {
    let mut tx = core.db.begin().await?;
    remembered::delete(&mut tx, row.id).await?;
    sessions::delete_of_browser(&mut tx, &row.user, row.id).await?;
    let reused = Event::RememberCookieReused {
        user: row.user.clone(),
        address: client.address,
    };
    audit::conclude(core, tx, By::Client(client), &[reused]).await?;
    core.freshness.changed(&row.user);
    Ok(())
}

/// Remembers this browser: its cookie, a selector and a validator, and the row's id.
pub(super) async fn remember_browser(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    client: &Client,
) -> Result<(CookieChange, Option<i64>)> {
    let (selector, validator) = (random_id(), random_id());
    let keys = (&*stored(&selector), &*stored(&validator));
    let id = remembered::insert(tx, &user.id, keys, client, remembered_until(core)).await?;
    let cookie = Secret::new(format!("{selector}.{validator}"));
    Ok((CookieChange::Set(cookie), Some(id)))
}

/// Forgets the browser of a cookie, whatever else the cookie says.
async fn forget(core: &Core, cookie: &str) -> Result<()> {
    let mut tx = core.db.begin().await?;
    forget_in(&mut tx, cookie).await?;
    tx.commit().await?;
    Ok(())
}

/// The same inside a transaction.
pub(super) async fn forget_in(tx: &mut Tx, cookie: &str) -> Result<()> {
    if let Some((selector, _)) = cookie.split_once('.') {
        remembered::delete_by_selector(tx, &stored(selector)).await?;
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
