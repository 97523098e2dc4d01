//! Lanes: in which limit an attempt at a password counts.
//!
//! One limit for all would let whoever fails often enough at an account keep its owner out. So
//! strangers share a lane, a browser that the user has logged in from has its own, and so has
//! somebody who is logged in. When the strangers' lane is full, a mailed code opens one beside it. A
//! failure in one lane takes nothing from another, and neither does a success give anything back.

use super::{Evidence, known};
use crate::config::Limit;
use crate::core::Core;
use crate::crypto::mailed_code::MailedCode;
use crate::crypto::secret::Secret;
use crate::error::{Error, Result, Throttled};
use crate::mailed_link;
use crate::store::Client;
use crate::store::links::{self, LinkRow, Purpose};
use crate::throttle::{By as CountedBy, Key, Window};
use crate::user::{User, UserId};

/// The slowest answer, in floors: 8 seconds where the floor is half a second.
const SLOWEST: u32 = 16;

/// How often an attempt is taken from a code while others of it are taken at the same moment.
const ROUNDS: usize = 8;

/// Who tries a password: the account as it was entered, and its user if there is one.
pub(super) struct Trying<'a> {
    pub login: &'a str,
    pub user: Option<&'a UserId>,
    /// What was typed as a mailed code.
    pub code: Option<&'a Secret<String>>,
    pub client: &'a Client,
}

/// An attempt that was counted before the password is looked at, so that parallel guesses cannot
/// all pass.
pub(super) struct Attempt {
    lane: Lane,
    /// What a failure takes, in floors.
    slowness: u32,
}

enum Lane {
    /// A window in memory.
    Counted(Key),
    /// A mailed code, which counts its attempts itself; by its stored id.
    Code(String),
    /// Nothing is limited.
    Free,
}

/// Counts an attempt in the lane that is its own.
///
/// The same work is done for every account, so that no time tells which of them exist.
///
/// # Errors
/// [`Error::Throttled`] when the lane of a known browser is full. When the strangers' is,
/// [`Error::LoginCodeRequired`] where a code can be mailed.
pub(super) async fn enter(core: &Core, trying: &Trying<'_>) -> Result<Attempt> {
    let throttle = &core.config.throttle;
    if !throttle.enabled {
        return Ok(Attempt::at_the_floor(Lane::Free));
    }
    let browser = known::browser_of(core, trying.user, trying.client.device.as_ref());
    if let Some(code) = take_from_code(core, trying).await? {
        return Ok(Attempt::at_the_floor(Lane::Code(code)));
    }
    if let Some(browser) = browser {
        let key = Key::new("known_browser", CountedBy::Browser(browser.text()));
        reserve(core, "known_browser", &key, throttle.known_browser).map_err(Error::Throttled)?;
        return Ok(Attempt::at_the_floor(Lane::Counted(key)));
    }
    let key = strangers(trying.login);
    match reserve(core, "account", &key, throttle.account) {
        Ok(count) => Ok(Attempt {
            lane: Lane::Counted(key),
            slowness: 1_u32
                .checked_shl(count - 1)
                .map_or(SLOWEST, |n| n.min(SLOWEST)),
        }),
        Err(full) if core.has_mailer() && core.config.has_feature("login-code") => {
            Err(Error::LoginCodeRequired(full))
        }
        Err(full) => Err(Error::Throttled(full)),
    }
}

/// Counts an attempt of somebody who is logged in at their own password: apart from those at the
/// login, so that strangers do not keep them from securing their account.
///
/// # Errors
/// [`Error::Throttled`] when the lane is full.
pub(super) fn enter_own(core: &Core, user: &User) -> Result<Attempt> {
    let throttle = &core.config.throttle;
    if !throttle.enabled {
        return Ok(Attempt::at_the_floor(Lane::Free));
    }
    let key = Key::new("own_password", CountedBy::User(user.id.to_string()));
    reserve(core, "account", &key, throttle.account).map_err(Error::Throttled)?;
    Ok(Attempt::at_the_floor(Lane::Counted(key)))
}

/// Forgets the failures of strangers at an account whose password is another one now.
pub(crate) fn forget_attempts(core: &Core, login: &str) {
    core.throttle.clear(&strangers(login));
}

fn strangers(login: &str) -> Key {
    Key::new("account", CountedBy::Account(login.to_owned()))
}

impl Attempt {
    fn at_the_floor(lane: Lane) -> Self {
        Self { lane, slowness: 1 }
    }

    /// The password was right: failures in this lane are forgotten, and in no other. A login on a
    /// known browser gives a guesser elsewhere no new tries.
    pub(super) fn succeeded(&self, core: &Core) {
        if let Lane::Counted(key) = &self.lane {
            core.throttle.clear(key);
        }
    }

    /// It was never found out whether the password is right.
    pub(super) fn refund(&self, core: &Core) {
        if let Lane::Counted(key) = &self.lane {
            core.throttle.refund(key);
        }
    }

    /// How many floors a failure takes: the more there were of strangers, the longer.
    pub(super) fn slowness(&self) -> u32 {
        self.slowness
    }

    /// What is used up by whoever gets in by a right password.
    pub(super) fn evidence(self) -> Evidence {
        match self.lane {
            Lane::Code(id) => Evidence::LoginCode(id),
            Lane::Counted(_) | Lane::Free => Evidence::Known,
        }
    }
}

/// Which attempt of the window this is, from 1.
fn reserve(core: &Core, name: &'static str, key: &Key, limit: Limit) -> Result<u32, Throttled> {
    let window = Window {
        max: limit.max,
        length: limit.window,
    };
    match core.throttle.hit(key, window, core.clock.now()) {
        Ok(left) => Ok(left.limit - left.remaining),
        Err(full) => {
            let (max, wait, end) = (full.limit, full.retry_after, full.resets_at);
            Err(Throttled::new(name, max, wait, end))
        }
    }
}

/// Takes one of the attempts of the code that was typed: its stored id, if it is this user's and
/// there was one left.
async fn take_from_code(core: &Core, trying: &Trying<'_>) -> Result<Option<String>> {
    let typed = trying.code.and_then(|code| MailedCode::read(code.expose()));
    let Some(id) = typed.map(|code| mailed_link::stored(code.expose())) else {
        return Ok(None);
    };
    for _ in 0..ROUNDS {
        let found = links::find(&core.db, &id, Purpose::LoginCode, core.clock.now()).await?;
        let Some(link) = found.filter(|link| link.user.as_ref() == trying.user) else {
            return Ok(None);
        };
        match take_one(core, &link).await? {
            Some(true) => return Ok(Some(link.id)),
            // Another attempt was counted meanwhile.
            Some(false) => {}
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// `None` when none is left, `false` when another request was faster.
async fn take_one(core: &Core, link: &LinkRow) -> Result<Option<bool>> {
    let written = link.payload.as_deref().unwrap_or_default();
    let Some(left) = written
        .parse::<u32>()
        .ok()
        .and_then(|left| left.checked_sub(1))
    else {
        return Ok(None);
    };
    let change = (written, &*left.to_string());
    Ok(Some(links::replace_payload(&core.db, link, change).await?))
}
