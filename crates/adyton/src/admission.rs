//! Door two: who gets in? Every way in ends here, and nothing else makes anyone logged in.
//!
//! A password is checked at the same cost whether or not there is such a user, and a failure
//! takes a fixed time at least, so that neither answer nor time tells who exists. Whoever gets in
//! gets a new session id; what came before is worth nothing any more.

use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::{Secret, equal, hex, random_id, sha256};
use crate::db::Tx;
use crate::error::{Error, Result, Throttled};
use crate::event::{Event, Via};
use crate::session::{RememberCookie, Session, SessionId};
use crate::store::remembered::{self, BrowserRow};
use crate::store::{Client, sessions};
use crate::throttle::{By, Key, Window};
use crate::token::{self, IssuedToken, NewToken};
use crate::user::{Changes, NewUser, User};

/// What a login request brings, the address in canonical form.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub login: String,
    pub password: Secret<String>,
}

/// What somebody who gets in is given.
#[derive(Debug)]
pub(crate) enum Grant {
    /// A session, and a remembered browser if asked.
    Session { remember: bool },
    /// A token.
    Token(NewToken),
}

/// The user whom address and password prove.
///
/// # Errors
/// [`Error::WrongCredentials`] alike for a wrong password, an unknown and a disabled user;
/// [`Error::Throttled`] after too many failures of this account, known or not; [`Error::Busy`]
/// when no thread can be had for the hash.
pub(crate) async fn with_password(
    core: &Core,
    credentials: &Credentials,
    client: &Client,
) -> Result<User> {
    let begun = Instant::now();
    let account = Key::new("account", By::Account(credentials.login.clone()));
    reserve_attempt(core, &account)?;
    let outcome = check_password(core, credentials).await;
    match &outcome {
        Ok(Ok(_)) => core.throttle.clear(&account),
        Ok(Err(_)) => {}
        // It was never found out whether the password is right.
        Err(_) => core.throttle.refund(&account),
    }
    match outcome? {
        Ok(user) => Ok(user),
        Err(known) => {
            let user = known.map(|user| user.id);
            core.tell(Event::LoginFailed {
                user,
                address: client.address,
            });
            // Imported hashes cost other amounts than our own: a floor covers them all.
            let floor = core.config.hashing.failure_floor;
            tokio::time::sleep(floor.saturating_sub(begun.elapsed())).await;
            Err(Error::WrongCredentials)
        }
    }
}

/// Counts the attempt before the hash is computed, so that parallel guesses cannot all pass.
fn reserve_attempt(core: &Core, account: &Key) -> Result<()> {
    let throttle = &core.config.throttle;
    if !throttle.enabled {
        return Ok(());
    }
    let window = Window {
        max: throttle.account.max,
        length: throttle.account.window,
    };
    match core.throttle.hit(account, window, core.clock.now()) {
        Ok(_) => Ok(()),
        Err(refused) => Err(Error::Throttled(Throttled::new(
            "account",
            refused.limit,
            refused.retry_after,
            refused.resets_at,
        ))),
    }
}

/// The user, or whoever the failure was aimed at.
async fn check_password(
    core: &Core,
    credentials: &Credentials,
) -> Result<Result<User, Option<User>>> {
    let found = core.users.find_by_login(&credentials.login).await?;
    let stored = found.as_ref().and_then(|user| user.password.as_ref());
    let stored = stored.map(|hash| hash.expose().clone());
    let checked = core
        .hasher
        .check(credentials.password.clone(), stored.clone())
        .await;
    let is_right = match checked.map_err(|_| Error::Busy)? {
        Checked::Match { outdated } => Some(outdated),
        Checked::Mismatch => None,
    };
    match (found, is_right) {
        (Some(user), Some(outdated)) if !user.is_disabled() => {
            if let (true, Some(old)) = (outdated, stored) {
                rehash(core, &user, &credentials.password, old).await?;
            }
            Ok(Ok(user))
        }
        (found, _) => Ok(Err(found)),
    }
}

/// Writes the password's hash in today's form, unless it was changed meanwhile. When all threads
/// are busy the next login does it.
async fn rehash(core: &Core, user: &User, password: &Secret<String>, old: String) -> Result<()> {
    let Ok(hash) = core.hasher.hash(password.clone()).await else {
        return Ok(());
    };
    let changes = Changes {
        password: Some(Secret::new(hash)),
        only_if_password: Some(Secret::new(old)),
        ..Changes::default()
    };
    core.users.update(&user.id, changes).await
}

/// Lets a user in: a session in this browser, or a token.
pub(crate) async fn admit(
    core: &Core,
    session: &Session,
    user: &User,
    (via, client): (Via, &Client),
    grant: Grant,
) -> Result<Option<IssuedToken>> {
    let mut tx = core.db.begin().await?;
    let given = give(core, &mut tx, session, user, (via, client), grant).await?;
    tx.commit().await?;
    Ok(given.take_effect(core, session, user, (via, client)))
}

/// Makes a user and lets them in, in one transaction: either all of it is there, or nothing.
///
/// # Errors
/// [`Error::Invalid`] when somebody has this address.
pub(crate) async fn enrol(
    core: &Core,
    session: &Session,
    new: NewUser,
    client: &Client,
    grant: Grant,
) -> Result<(User, Option<IssuedToken>)> {
    let mut tx = core.db.begin().await?;
    let user = core.users.create(new, &mut tx).await?;
    let from = (Via::Registration, client);
    let given = give(core, &mut tx, session, &user, from, grant).await?;
    tx.commit().await?;
    core.tell(Event::Registered {
        user: user.id.clone(),
        address: client.address,
    });
    let token = given.take_effect(core, session, &user, from);
    Ok((user, token))
}

/// What was written and is to be told once it is lasting.
enum Given {
    Session {
        id: SessionId,
        remember: RememberCookie,
    },
    Token(IssuedToken),
}

impl Given {
    fn take_effect(
        self,
        core: &Core,
        session: &Session,
        user: &User,
        (via, client): (Via, &Client),
    ) -> Option<IssuedToken> {
        match self {
            Given::Session { id, remember } => {
                if session.incoming().is_some() {
                    core.freshness.changed(&user.id);
                }
                session.renew(id, remember);
                core.tell(Event::LoggedIn {
                    user: user.id.clone(),
                    via,
                    address: client.address,
                });
                None
            }
            Given::Token(issued) => {
                core.tell(Event::TokenIssued {
                    user: user.id.clone(),
                    token: issued.token.id,
                });
                Some(issued)
            }
        }
    }
}

async fn give(
    core: &Core,
    tx: &mut Tx,
    session: &Session,
    user: &User,
    (via, client): (Via, &Client),
    grant: Grant,
) -> Result<Given> {
    let remember = match grant {
        Grant::Token(new) => return Ok(Given::Token(token::issue_in(core, tx, user, new).await?)),
        Grant::Session { remember } => remember && core.config.remember.enabled,
    };
    let id = open_session(core, tx, session, user, (via, client)).await?;
    let remember = match remember {
        true => RememberCookie::Set(remember_browser(core, tx, user, client).await?),
        false => RememberCookie::Keep,
    };
    Ok(Given::Session { id, remember })
}

/// A new session in place of the one that came in: an id never survives a change of privilege.
async fn open_session(
    core: &Core,
    tx: &mut Tx,
    session: &Session,
    user: &User,
    (via, client): (Via, &Client),
) -> Result<SessionId> {
    if let Some(old) = session.incoming() {
        sessions::delete_in(tx, &old.stored()).await?;
    }
    let id = SessionId::random();
    sessions::insert(tx, &id.stored(), &user.id, via, client, core.clock.now()).await?;
    Ok(id)
}

/// Remembers this browser and gives its cookie: a selector and a validator.
async fn remember_browser(
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

fn stored(secret: &str) -> String {
    hex(&sha256(secret.as_bytes()))
}

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
    let id = open_session(core, &mut tx, session, &user, from).await?;
    tx.commit().await?;
    Given::Session {
        id: id.clone(),
        remember,
    }
    .take_effect(core, session, &user, from);
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

/// Ends the session of a browser and forgets the browser; the answer gives it a fresh, empty one.
pub(crate) async fn leave(
    core: &Core,
    session: &Session,
    user: &User,
    (session_id, remember_cookie): (&str, Option<&str>),
    client: &Client,
) -> Result<()> {
    sessions::delete(&core.db, session_id).await?;
    if let Some((selector, _)) = remember_cookie.and_then(|cookie| cookie.split_once('.')) {
        remembered::delete_by_selector(&core.db, &stored(selector)).await?;
    }
    core.freshness.changed(&user.id);
    session.renew(SessionId::random(), RememberCookie::Expire);
    core.tell(Event::LoggedOut {
        user: user.id.clone(),
        address: client.address,
    });
    Ok(())
}
