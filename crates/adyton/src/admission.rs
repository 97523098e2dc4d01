//! Door two: who gets in? Every way in ends here, and nothing else makes anyone logged in.
//!
//! A password is checked at the same cost whether or not there is such a user, and a failure
//! takes a fixed time at least, so that neither answer nor time tells who exists. Whoever gets in
//! gets a new session id; what came before is worth nothing any more.

mod recall;

use std::time::Instant;

pub(crate) use self::recall::recall;
use self::recall::{forget, remember_browser};
use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::error::{Error, Result, Throttled};
use crate::event::{Event, Via};
use crate::session::{RememberCookie, Session, SessionId};
use crate::store::{Client, sessions, tokens};
use crate::throttle::{By, Key, Window};
use crate::token::{self, IssuedToken, NewToken};
use crate::user::{Changes, NewUser, User, UserId};

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
        (Some(user), Some(outdated)) if !user.is_disabled() => match (outdated, stored) {
            (true, Some(old)) => rehash(core, user, &credentials.password, old).await,
            _ => Ok(Ok(user)),
        },
        (found, _) => Ok(Err(found)),
    }
}

/// Writes the password's hash in today's form, unless it was changed meanwhile. When all threads
/// are busy the next login does it.
async fn rehash(
    core: &Core,
    user: User,
    password: &Secret<String>,
    old: String,
) -> Result<Result<User, Option<User>>> {
    let Ok(hash) = core.hasher.hash(password.clone()).await else {
        return Ok(Ok(user));
    };
    let changes = Changes {
        password: Some(Secret::new(hash.clone())),
        only_if_password: Some(Secret::new(old)),
        ..Changes::default()
    };
    core.users.update(&user.id, changes).await?;
    let Some(now) = core.users.find_by_login(&user.email).await? else {
        return Ok(Err(Some(user)));
    };
    let stored = now.password.as_ref().map(|hash| hash.expose().clone());
    if stored.as_ref() == Some(&hash) {
        return Ok(Ok(now));
    }
    // Another login was first with it, or the password is another one by now.
    let checked = core.hasher.check(password.clone(), stored).await;
    Ok(match checked.map_err(|_| Error::Busy)? {
        Checked::Match { .. } => Ok(now),
        Checked::Mismatch => Err(Some(now)),
    })
}

/// Lets a user in: a session in this browser, or a token.
///
/// # Errors
/// [`Error::WrongCredentials`] when the user was disabled or got another password since it was
/// checked.
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
    // Asked after the commit: who changes a password ends all sessions that are there by then, so
    // either they see this one, or this sees their change.
    if !is_unchanged(core, user).await? {
        given.withdraw(core, user).await?;
        return Err(Error::WrongCredentials);
    }
    Ok(given.take_effect(core, session, user, (via, client)))
}

/// Whether the user may still log in, by the same password.
async fn is_unchanged(core: &Core, user: &User) -> Result<bool> {
    let hash_of = |user: &User| user.password.as_ref().map(|hash| hash.expose().clone());
    let now = core.users.find_by_login(&user.email).await?;
    Ok(now.is_some_and(|now| !now.is_disabled() && hash_of(&now) == hash_of(user)))
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
        opened: Opened,
        remember: RememberCookie,
    },
    Token(IssuedToken),
}

/// A session that was opened in place of another.
struct Opened {
    id: SessionId,
    /// Whose session the browser had before. What is kept in memory of it is void now.
    before: Option<UserId>,
}

impl Given {
    /// Takes back what was written. Nobody was told of it, so nothing can have been done with it.
    async fn withdraw(self, core: &Core, user: &User) -> Result<()> {
        match self {
            Given::Session { opened, remember } => {
                if let Some(before) = &opened.before {
                    core.freshness.changed(before);
                }
                if let RememberCookie::Set(cookie) = &remember {
                    forget(core, cookie.expose()).await?;
                }
                sessions::delete(&core.db, &opened.id.stored()).await?;
            }
            Given::Token(issued) => {
                let owner_type = &core.config.tokens.owner_type;
                tokens::delete(&core.db, issued.token.id, owner_type, &user.id).await?;
            }
        }
        Ok(())
    }

    fn take_effect(
        self,
        core: &Core,
        session: &Session,
        user: &User,
        (via, client): (Via, &Client),
    ) -> Option<IssuedToken> {
        match self {
            Given::Session { opened, remember } => {
                if let Some(before) = &opened.before {
                    core.freshness.changed(before);
                }
                session.renew(opened.id, remember);
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
    let (remember, browser) = match remember {
        true => remember_browser(core, tx, user, client).await?,
        false => (RememberCookie::Keep, None),
    };
    let opened = open_session(core, tx, session, user, (via, browser), client).await?;
    Ok(Given::Session { opened, remember })
}

/// A new session in place of the one that came in: an id never survives a change of privilege.
async fn open_session(
    core: &Core,
    tx: &mut Tx,
    session: &Session,
    user: &User,
    opened_by: (Via, Option<i64>),
    client: &Client,
) -> Result<Opened> {
    let before = match session.incoming() {
        Some(old) => sessions::end_in(tx, &old.stored()).await?,
        None => None,
    };
    let id = SessionId::random();
    let (stored, now) = (id.stored(), core.clock.now());
    sessions::insert(tx, &stored, &user.id, opened_by, client, now).await?;
    Ok(Opened { id, before })
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
    if let Some(cookie) = remember_cookie {
        forget(core, cookie).await?;
    }
    core.freshness.changed(&user.id);
    session.renew(SessionId::random(), RememberCookie::Expire);
    core.tell(Event::LoggedOut {
        user: user.id.clone(),
        address: client.address,
    });
    Ok(())
}
