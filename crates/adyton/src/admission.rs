//! Door two: who gets in? Every way in ends here, and nothing else makes anyone logged in.
//!
//! A password is checked at the same cost whether or not there is such a user, and a failure
//! takes a fixed time at least, so that neither answer nor time tells who exists. Whoever gets in
//! gets a new session id; what came before is worth nothing any more.

mod challenge;
mod confirm;
mod enrol;
mod known;
mod lanes;
mod others;
mod passkey;
mod password;
mod proven;
mod recall;
pub(crate) mod social;
mod trusted;

use std::time::Instant;

pub(crate) use self::challenge::{Challenge, answer, give_up};
pub(crate) use self::confirm::{
    Confirming, confirm, confirm_by_second_factor, proven_anew, with_own_password,
};
pub(crate) use self::enrol::{create, enrol};
pub(crate) use self::lanes::forget_attempts;
pub(crate) use self::others::end_others;
pub(crate) use self::passkey::{confirm_by_passkey, not_held, with_passkey};
pub(crate) use self::password::{Credentials, with_password};
use self::proven::hold;
pub(crate) use self::proven::{Evidence, Proven, prove};
pub(crate) use self::recall::{Recalled, recall};
use self::recall::{forget_in, remember_browser};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::notices;
use crate::session::{CookieChange, Session, SessionId};
use crate::store::{Client, sessions};
use crate::token::{self, IssuedToken, NewToken};
use crate::user::{User, UserId};
use crate::wire::NoticeKind;

/// What somebody who gets in is given.
#[derive(Debug)]
pub(crate) enum Grant {
    /// A session, and a remembered browser if asked.
    Session { remember: bool },
    /// A session for a browser that is remembered already.
    Remembered { browser: i64 },
    /// A token.
    Token(NewToken),
}

/// How a way in ended.
#[derive(Debug)]
pub(crate) enum Admission {
    /// They are in: by a session, or by this token.
    In(Option<IssuedToken>),
    /// A second factor is asked: of the browser whose cookie was renewed, or of whoever sends this
    /// secret back.
    Challenged(Option<Secret<String>>),
}

/// What a refusal takes at least, so that its time does not tell why.
pub(crate) struct Floor(Instant);

impl Floor {
    pub(crate) fn begin() -> Self {
        Self(Instant::now())
    }

    /// Imported hashes cost other amounts than our own: a floor covers them all.
    pub(crate) async fn wait(self, core: &Core) {
        self.wait_times(core, 1).await;
    }

    /// So many times as long.
    async fn wait_times(self, core: &Core, times: u32) {
        let floor = core.config.hashing.failure_floor.saturating_mul(times);
        tokio::time::sleep(floor.saturating_sub(self.0.elapsed())).await;
    }
}

/// Lets a user in: a session in this browser, or a token. Who has a second factor is asked for it
/// first, whatever the way in, unless this browser is trusted not to be asked.
///
/// # Errors
/// [`Error::WrongCredentials`] when the user's credentials changed since they were checked.
pub(crate) async fn admit(
    core: &Core,
    session: &Session,
    proven: &Proven,
    from: (Via, &Client),
    grant: Grant,
) -> Result<Admission> {
    let counts_as_both = from.0 == Via::Passkey && core.config.passkeys.counts_as_two_factors;
    let asks_second = core.asks_second_factor(&proven.user) && !counts_as_both;
    if asks_second && !trusted::is_claimed(core, from.1, &grant) {
        return challenge::open(core, session, proven, from, grant).await;
    }
    let is_new_device = notices::is_new_device(core, &proven.user.id, from.1).await?;
    let mut tx = core.db.begin().await?;
    hold(core, &mut tx, proven).await?;
    if asks_second && !trusted::is_trusted(core, &mut tx, proven, from.1).await? {
        drop(tx);
        return challenge::open(core, session, proven, from, grant).await;
    }
    let given = give(core, &mut tx, session, &proven.user, from, grant).await?;
    if is_new_device {
        let by = By::Client(from.1);
        notices::tell(core, &mut tx, &proven.user, NoticeKind::NewDevice, by).await?;
    }
    let event = given.event(&proven.user, from);
    audit::conclude(core, tx, By::Client(from.1), &[event]).await?;
    let whose = (&proven.user.id, from.1);
    Ok(Admission::In(given.take_effect(core, session, whose)))
}

/// What was written and takes effect once it is lasting.
enum Given {
    Session {
        opened: Opened,
        remember: CookieChange,
    },
    Token(IssuedToken),
}

/// A session that was opened in place of another.
struct Opened {
    id: SessionId,
    /// Those whose sessions ended for it: what is kept in memory of them is void now.
    ended: Vec<UserId>,
}

impl Given {
    fn event(&self, user: &User, (via, client): (Via, &Client)) -> Event {
        let (user, address) = (user.id.clone(), client.address);
        match self {
            Given::Session { .. } => Event::LoggedIn { user, via, address },
            Given::Token(issued) => Event::TokenIssued {
                user,
                token: issued.token.id,
            },
        }
    }

    /// The answer sets the cookies, that of a known browser too: nobody who has not got in all the
    /// way is known.
    fn take_effect(
        self,
        core: &Core,
        session: &Session,
        (user, client): (&UserId, &Client),
    ) -> Option<IssuedToken> {
        match self {
            Given::Session { opened, remember } => {
                for user in &opened.ended {
                    core.freshness.changed(user);
                }
                session.renew(opened.id, remember);
                known::remember(core, session, user, client.device.as_ref());
                None
            }
            Given::Token(issued) => Some(issued),
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
    let (remember, browser) = match grant {
        Grant::Token(new) => return Ok(Given::Token(token::issue_in(core, tx, user, new).await?)),
        Grant::Session { remember: true } if core.config.remember.enabled => {
            remember_browser(core, tx, user, client).await?
        }
        Grant::Session { .. } => (CookieChange::Keep, None),
        Grant::Remembered { browser } => (CookieChange::Keep, Some(browser)),
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
    let mut ended: Vec<UserId> = before.into_iter().collect();
    let id = SessionId::random();
    let (stored, now) = (id.stored(), core.clock.now());
    // Before the new one is there: among many of one second it might be taken for the oldest.
    let others = i64::try_from(core.config.session.max_per_user).unwrap_or(i64::MAX) - 1;
    if sessions::evict(tx, &user.id, others).await? > 0 {
        ended.push(user.id.clone());
    }
    sessions::insert(tx, &stored, &user.id, opened_by, client, now).await?;
    Ok(Opened { id, ended })
}

/// Gives a session another id, because its user proved something once more: `false` when it was
/// ended meanwhile. Whoever commits calls [`Renewed::take_effect`].
pub(crate) async fn renew_in(
    core: &Core,
    tx: &mut Tx,
    session_id: &str,
    confirms: bool,
) -> Result<Option<Renewed>> {
    let id = SessionId::random();
    let confirmed_at = confirms.then(|| core.clock.now());
    let renewed = sessions::renew(tx, (session_id, &id.stored()), confirmed_at).await?;
    Ok(renewed.then_some(Renewed(id)))
}

/// A session's new id.
pub(crate) struct Renewed(SessionId);

impl Renewed {
    /// The browser is told; what is kept in memory of the user is void.
    pub(crate) fn take_effect(self, core: &Core, session: &Session, user: &UserId) {
        core.freshness.changed(user);
        session.renew(self.0, CookieChange::Keep);
    }
}

/// Ends the session of a browser and forgets the browser; the answer gives it a fresh, empty one.
pub(crate) async fn leave(
    core: &Core,
    session: &Session,
    user: &User,
    (session_id, remember_cookie): (&str, Option<&str>),
    client: &Client,
) -> Result<()> {
    let mut tx = core.db.begin().await?;
    // First the browser, as everybody does who ends both: two never wait for each other in a circle.
    if let Some(cookie) = remember_cookie {
        forget_in(&mut tx, cookie).await?;
    }
    sessions::end_in(&mut tx, session_id).await?;
    let left = Event::LoggedOut {
        user: user.id.clone(),
        address: client.address,
    };
    audit::conclude(core, tx, By::Client(client), &[left]).await?;
    core.freshness.changed(&user.id);
    become_nobody(session);
    Ok(())
}

/// The browser has no session of anybody any more: it gets a fresh, empty one.
pub(crate) fn become_nobody(session: &Session) {
    session.renew(SessionId::random(), CookieChange::Expire);
}
