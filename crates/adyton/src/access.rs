//! Everything by which a user is logged in somewhere, as one list: sessions, remembered browsers
//! and tokens, and the browsers that are trusted. Each can be ended from it.
//!
//! What the list calls a session is the key of its row, the SHA-256 of what its cookie holds. It
//! may leave the server: nobody finds 256 random bits by their hash, and no request is let in by
//! it.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::device::Device;
use crate::error::{Error, Result};
use crate::event::{Event, Via};
use crate::mailed_link;
use crate::store::remembered::KnownBrowser;
use crate::store::sessions::SessionRow;
use crate::store::trusted_browsers::{self, TrustedBrowser};
use crate::store::{remembered, security, sessions};
use crate::token::{self, Token};
use crate::user::{UserId, timestamp};

/// Entries of one kind that the list shows at most.
const LISTED: i64 = 100;

/// Sessions among which one is looked for.
const SEARCHED: i64 = 1000;

/// One entry's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// A session, by its stored id.
    Session(String),
    /// A remembered browser.
    Browser(i64),
    /// A token.
    Token(i64),
    /// A browser that is trusted not to be asked for the second factor.
    Trusted(i64),
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Session(id) => write!(f, "session-{id}"),
            Key::Browser(id) => write!(f, "browser-{id}"),
            Key::Token(id) => write!(f, "token-{id}"),
            Key::Trusted(id) => write!(f, "trusted-{id}"),
        }
    }
}

impl FromStr for Key {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let number = |id: &str| id.parse().map_err(|_| Error::NotFound);
        match text.split_once('-') {
            Some(("session", id)) => Ok(Key::Session(id.to_owned())),
            Some(("browser", id)) => Ok(Key::Browser(number(id)?)),
            Some(("token", id)) => Ok(Key::Token(number(id)?)),
            Some(("trusted", id)) => Ok(Key::Trusted(number(id)?)),
            _ => Err(Error::NotFound),
        }
    }
}

/// What the list is read for: the caller, and what the guard knows and has not written yet.
pub(crate) struct Asker<'a> {
    pub user: &'a UserId,
    /// The session that came, by its stored id.
    pub session: Option<&'a str>,
    /// The token that came.
    pub token: Option<i64>,
    /// The cookie of a trusted browser that came.
    pub trusted: Option<&'a str>,
    /// When a session was last used, in seconds since 1970, if that is in memory only.
    pub session_seen: &'a (dyn Fn(&str) -> Option<i64> + Sync),
    /// The same of a token.
    pub token_seen: &'a (dyn Fn(i64) -> Option<i64> + Sync),
}

/// An entry of the list.
struct Entry {
    key: Key,
    address: Option<String>,
    user_agent: Option<String>,
    name: Option<String>,
    via: Option<Via>,
    is_current: bool,
    is_remembered: bool,
    created_at: Option<DateTime<Utc>>,
    last_active: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
}

impl Entry {
    fn to_json(&self) -> Json {
        let device = Device::of(self.user_agent.as_deref());
        let kind = match self.key {
            Key::Session(_) => "session",
            Key::Browser(_) => "browser",
            Key::Token(_) => "token",
            Key::Trusted(_) => "trusted",
        };
        json!({
            "id": self.key.to_string(),
            "type": kind,
            "agent": {
                "is_desktop": device.is_desktop,
                "platform": device.platform,
                "browser": device.browser,
            },
            "device": device.names(),
            "name": self.name,
            "ip_address": self.address,
            "is_current_device": self.is_current,
            "remembered": self.is_remembered,
            "via": self.via.map(Via::as_str),
            "created_at": self.created_at.map(timestamp),
            "last_active": self.last_active.map(timestamp),
            "expires_at": self.expires_at.map(timestamp),
        })
    }
}

/// What is alive of a user, the latest used first.
pub(crate) async fn list(core: &Core, asker: &Asker<'_>) -> Result<Vec<Json>> {
    let browsers = match core.config.remember.enabled {
        true => remembered::of_user(&core.db, asker.user, core.clock.now(), LISTED).await?,
        false => Vec::new(),
    };
    let rows = sessions::of_user(&core.db, asker.user, LISTED).await?;
    let mut entries = of_sessions(core, asker, rows, &browsers);
    let shown: HashSet<Option<i64>> = entries.iter().map(|(_, browser)| *browser).collect();
    let mut listed: Vec<Entry> = entries.drain(..).map(|(entry, _)| entry).collect();
    let others = browsers
        .into_iter()
        .filter(|browser| !shown.contains(&Some(browser.id)));
    listed.extend(others.map(of_browser));
    if core.config.two_factor.trusted_browsers {
        listed.extend(trusted(core, asker).await?);
    }
    if core.config.tokens.enabled {
        let tokens = token::list(core, asker.user).await?;
        let alive = tokens
            .into_iter()
            .filter_map(|token| of_token(core, asker, token));
        listed.extend(alive.take(usize::try_from(LISTED).unwrap_or_default()));
    }
    listed.sort_by_key(|entry| Reverse((entry.last_active.or(entry.created_at), entry.is_current)));
    Ok(listed.iter().map(Entry::to_json).collect())
}

/// The sessions that are alive, each with its remembered browser. Of several that one browser has
/// at once, for it sends several requests when it comes back, the caller's or the latest stands
/// for all.
fn of_sessions(
    core: &Core,
    asker: &Asker<'_>,
    mut rows: Vec<SessionRow>,
    browsers: &[KnownBrowser],
) -> Vec<(Entry, Option<i64>)> {
    let is_current = |row: &SessionRow| asker.session == Some(row.id.as_str());
    rows.sort_by_key(|row| !is_current(row));
    let (mut entries, mut seen) = (Vec::new(), HashSet::new());
    for row in rows {
        let browser = row
            .browser
            .and_then(|id| browsers.iter().find(|known| known.id == id));
        let Some(entry) = of_session(core, asker, &row, browser) else {
            continue;
        };
        let browser = browser.map(|known| known.id);
        if browser.is_none_or(|id| seen.insert(id)) {
            entries.push((entry, browser));
        }
    }
    entries
}

fn of_session(
    core: &Core,
    asker: &Asker<'_>,
    row: &SessionRow,
    browser: Option<&KnownBrowser>,
) -> Option<Entry> {
    let (now, config) = (core.clock.now(), &core.config.session);
    let noted = (asker.session_seen)(&row.id).and_then(|at| DateTime::from_timestamp(at, 0));
    let last_active = noted.map_or(row.last_activity, |noted| noted.max(row.last_activity));
    let end =
        later(last_active, config.lifetime).min(later(row.created_at, config.absolute_lifetime));
    let is_off = row.via == Some(Via::Remember) && !core.config.remember.enabled;
    (now <= end && !is_off).then(|| Entry {
        key: Key::Session(row.id.clone()),
        address: row.address.clone(),
        user_agent: row.user_agent.clone(),
        name: None,
        via: row.via,
        is_current: asker.session == Some(row.id.as_str()),
        is_remembered: browser.is_some(),
        created_at: Some(row.created_at),
        last_active: Some(last_active),
        expires_at: Some(browser.map_or(end, |known| known.expires_at.max(end))),
    })
}

fn of_browser(browser: KnownBrowser) -> Entry {
    Entry {
        key: Key::Browser(browser.id),
        address: browser.address,
        user_agent: browser.user_agent,
        name: None,
        via: Some(Via::Remember),
        is_current: false,
        is_remembered: true,
        created_at: Some(browser.created_at),
        last_active: Some(browser.rotated_at),
        expires_at: Some(browser.expires_at),
    }
}

/// The browsers that are trusted now: in the epoch that is the user's.
async fn trusted(core: &Core, asker: &Asker<'_>) -> Result<Vec<Entry>> {
    let epoch = security::epoch(&core.db, asker.user).await?;
    let (whose, now) = ((asker.user, epoch), core.clock.now());
    let rows = trusted_browsers::of_user(&core.db, whose, now, LISTED).await?;
    let own = asker.trusted.map(mailed_link::stored);
    let of_row = |row: TrustedBrowser| Entry {
        key: Key::Trusted(row.id),
        address: row.address,
        user_agent: row.user_agent,
        name: None,
        via: None,
        is_current: own.as_ref() == Some(&row.secret),
        is_remembered: false,
        created_at: Some(row.created_at),
        last_active: row.last_used_at,
        expires_at: Some(row.expires_at),
    };
    Ok(rows.into_iter().map(of_row).collect())
}

fn of_token(core: &Core, asker: &Asker<'_>, token: Token) -> Option<Entry> {
    let by_age = core.config.tokens.expiration.map(|age| {
        // A row without a date of birth cannot be proved young enough.
        let made = token.created_at.unwrap_or(DateTime::UNIX_EPOCH);
        later(made, age)
    });
    let end = [token.expires_at, by_age].into_iter().flatten().min();
    let noted = (asker.token_seen)(token.id).and_then(|at| DateTime::from_timestamp(at, 0));
    end.is_none_or(|end| core.clock.now() <= end)
        .then(|| Entry {
            key: Key::Token(token.id),
            address: None,
            user_agent: None,
            name: Some(token.name),
            via: None,
            is_current: asker.token == Some(token.id),
            is_remembered: false,
            created_at: token.created_at,
            last_active: noted.max(token.last_used_at),
            expires_at: end,
        })
}

/// Ends one entry of a user's list. With a session goes its remembered browser, and with that all
/// sessions that it has.
///
/// # Errors
/// [`Error::NotFound`] when the user has no such entry.
pub(crate) async fn end(core: &Core, user: &UserId, key: &Key, by: By<'_>) -> Result<()> {
    let (session, browser) = match key {
        Key::Token(id) => return token::revoke(core, user, *id, by).await,
        Key::Trusted(id) => return end_trust(core, user, *id, by).await,
        Key::Browser(id) => (None, Some(*id)),
        Key::Session(id) => {
            // Read before the transaction: a snapshot that began here would hide sessions that
            // the browser opens until it is forgotten.
            let rows = sessions::of_user(&core.db, user, SEARCHED).await?;
            let row = rows.into_iter().find(|row| row.id == *id);
            let row = row.ok_or(Error::NotFound)?;
            (Some(row.id), row.browser)
        }
    };
    let mut tx = core.db.begin().await?;
    // First the browser, as everybody does who ends both: two never wait for each other in a circle.
    let mut found = false;
    if let Some(browser) = browser {
        found |= remembered::delete_own(&mut tx, user, browser).await?;
        if found {
            sessions::delete_of_browser(&mut tx, user, browser).await?;
        }
    }
    if let Some(session) = session {
        found |= sessions::delete_own(&mut tx, user, &session).await?;
    }
    if !found {
        return Err(Error::NotFound);
    }
    let ended = Event::SessionEnded { user: user.clone() };
    audit::conclude(core, tx, by, &[ended]).await?;
    core.freshness.changed(user);
    Ok(())
}

/// The browser is asked for the second factor again; sessions that it has go on.
async fn end_trust(core: &Core, user: &UserId, id: i64, by: By<'_>) -> Result<()> {
    let mut tx = core.db.begin().await?;
    if !trusted_browsers::delete(&mut tx, user, id).await? {
        return Err(Error::NotFound);
    }
    let ended = Event::SessionEnded { user: user.clone() };
    audit::conclude(core, tx, by, &[ended]).await
}
