//! The second step: the first factor is proved, and nobody is in before the second one is.
//!
//! A challenge is no session. Its row is found by the SHA-256 of a cookie, or of a secret that a
//! token's client holds, and says what is to be given once the second factor is proved.

use serde::{Deserialize, Serialize};

use super::recall::forget_in;
use super::{Admission, Given, Grant, Proven, become_nobody, give, hold, prove, trusted};
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::event::{Event, Via};
use crate::notices;
use crate::second_factor::{self, Answer, Occasion, Proof};
use crate::session::{CookieChange, Kept, Session, SessionId};
use crate::store::challenges::ChallengeRow;
use crate::store::{Client, challenges, remembered, security, sessions};
use crate::token::{Abilities, IssuedToken, NewToken};
use crate::user::User;
use crate::validate::CodeRefusal;
use crate::wire::NoticeKind;

/// A [`Grant`] that waits, as the table keeps it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Wish {
    Session {
        remember: bool,
    },
    Remembered {
        browser: i64,
    },
    Token {
        name: String,
        abilities: Vec<String>,
        expires_at: Option<chrono::DateTime<chrono::Utc>>,
    },
}

impl From<Grant> for Wish {
    fn from(grant: Grant) -> Self {
        match grant {
            Grant::Session { remember } => Wish::Session { remember },
            Grant::Remembered { browser } => Wish::Remembered { browser },
            Grant::Token(new) => Wish::Token {
                name: new.name,
                abilities: new.abilities.as_slice().to_vec(),
                expires_at: new.expires_at,
            },
        }
    }
}

impl From<Wish> for Grant {
    fn from(wish: Wish) -> Self {
        match wish {
            Wish::Session { remember } => Grant::Session { remember },
            Wish::Remembered { browser } => Grant::Remembered { browser },
            Wish::Token {
                name,
                abilities,
                expires_at,
            } => {
                let mut new = NewToken::new(name, Abilities::new(abilities));
                new.expires_at = expires_at;
                Grant::Token(new)
            }
        }
    }
}

/// Asks for the second factor: of this browser, whose session id changes, or of whoever sends the
/// secret back that is told.
///
/// # Errors
/// As [`admit`](super::admit).
pub(super) async fn open(
    core: &Core,
    session: &Session,
    proven: &Proven,
    (via, client): (Via, &Client),
    grant: Grant,
) -> Result<Admission> {
    let secret = SessionId::random();
    let is_for_browser = !matches!(grant, Grant::Token(_));
    let wish = serde_json::to_string(&Wish::from(grant)).expect("a wish is plain data");
    let now = core.clock.now();
    let until = later(now, core.config.two_factor.challenge_lifetime);
    let user = &proven.user.id;
    let mut tx = core.db.begin().await?;
    hold(core, &mut tx, proven).await?;
    let mut ended = None;
    if let (true, Some(old)) = (is_for_browser, session.incoming()) {
        ended = sessions::end_in(&mut tx, &old.stored()).await?;
        challenges::delete(&mut tx, &old.stored()).await?;
    }
    let key = secret.stored();
    challenges::insert(&mut tx, &key, user, (via, &wish), (now, until)).await?;
    let challenged = Event::TwoFactorChallenged {
        user: user.clone(),
        via,
        address: client.address,
    };
    audit::conclude(core, tx, By::Client(client), &[challenged]).await?;
    if let Some(before) = ended {
        core.freshness.changed(&before);
    }
    if is_for_browser {
        session.renew(secret, CookieChange::Keep);
        return Ok(Admission::Challenged(None));
    }
    let secret = Secret::from(secret.expose());
    Ok(Admission::Challenged(Some(secret)))
}

/// How often an answer is looked at when another recovery code of the same user is spent at the
/// same moment.
const ROUNDS: usize = 4;

/// Which challenge is answered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Challenge<'a> {
    /// That of the browser, by its session cookie; and whether it is to be trusted from now on.
    OfBrowser { trust: bool },
    /// That of a token's client, by the secret that it was given.
    Of(&'a Secret<String>),
}

/// Lets in whoever answers a challenge: what was asked for in the first place is given now.
///
/// # Errors
/// [`Error::Invalid`] for an answer that is not right, and where nobody is being asked;
/// [`Error::Throttled`] after too many guesses at this account, whatever the challenge.
pub(crate) async fn answer(
    core: &Core,
    session: &Session,
    challenge: Challenge<'_>,
    answer: &Answer,
    client: &Client,
) -> Result<(User, Option<IssuedToken>)> {
    let nobody_is_asked = || second_factor::refusal(answer, CodeRefusal::Wrong);
    let mut is_counted = false;
    for _ in 0..ROUNDS {
        let asked = find(core, session, challenge).await?;
        let (row, grant, proven) = asked.ok_or_else(nobody_is_asked)?;
        if answer.code.is_none() && answer.recovery_code.is_none() {
            return Err(nobody_is_asked());
        }
        if !is_counted {
            second_factor::reserve(core, &proven.user).await?;
            is_counted = true;
        }
        let occasion = (Occasion::Login, client);
        let proof = second_factor::examine(core, &proven.user, answer, occasion).await?;
        let pending = Pending {
            row: &row,
            proven: &proven,
            trust: matches!(challenge, Challenge::OfBrowser { trust: true }),
        };
        match complete(core, session, (pending, grant), &proof, client).await? {
            Completed::In(issued) => return Ok((proven.user, issued)),
            Completed::Over => return Err(nobody_is_asked()),
            // Then it is looked at again: it may have been another recovery code.
            Completed::TakenByAnother => {}
        }
    }
    Err(nobody_is_asked())
}

/// A challenge that is open, what is to be given, and whom it asks, as they are now.
async fn find(
    core: &Core,
    session: &Session,
    challenge: Challenge<'_>,
) -> Result<Option<(ChallengeRow, Grant, Proven)>> {
    let id = match challenge {
        Challenge::OfBrowser { .. } => session.incoming().cloned(),
        Challenge::Of(secret) => SessionId::parse(secret.expose().as_bytes()),
    };
    let Some(id) = id else {
        return Ok(None);
    };
    let found = challenges::find(&core.db, &id.stored(), core.clock.now()).await?;
    let Some(row) = found else {
        return Ok(None);
    };
    let wish: Wish = serde_json::from_str(&row.wish).map_err(Error::unexpected)?;
    // A secret that is shown to a program is no cookie, and the other way about.
    let is_for_browser = !matches!(wish, Wish::Token { .. });
    if is_for_browser != matches!(challenge, Challenge::OfBrowser { .. }) {
        return Ok(None);
    }
    let proven = prove(core, &row.user).await?;
    let is_asked =
        |proven: &Proven| !proven.user.is_disabled() && core.asks_second_factor(&proven.user);
    Ok(proven
        .filter(is_asked)
        .map(|proven| (row, wish.into(), proven)))
}

/// A challenge that was answered rightly.
struct Pending<'a> {
    row: &'a ChallengeRow,
    proven: &'a Proven,
    /// Whether the browser is to be trusted from now on.
    trust: bool,
}

/// How the last step ended.
enum Completed {
    In(Option<IssuedToken>),
    /// The challenge was answered or ended meanwhile.
    Over,
    /// What was right was taken by another request.
    TakenByAnother,
}

/// All of it in one transaction: the challenge is gone, the code is taken and somebody is in, or
/// nothing happened.
async fn complete(
    core: &Core,
    session: &Session,
    (pending, grant): (Pending<'_>, Grant),
    proof: &Proof,
    client: &Client,
) -> Result<Completed> {
    let (row, proven) = (pending.row, pending.proven);
    let (user, via) = (&proven.user, row.via.unwrap_or(Via::Password));
    let is_new_device = notices::is_new_device(core, &user.id, client).await?;
    let mut tx = core.db.begin().await?;
    let is_open = security::hold(&mut tx, &user.id, proven.epoch).await?
        && challenges::delete(&mut tx, &row.id).await?;
    if !is_open {
        return Ok(Completed::Over);
    }
    let Some(mut events) = second_factor::spend(core, &mut tx, user, proof, client).await? else {
        return Ok(Completed::TakenByAnother);
    };
    let grant = still_there(&mut tx, grant).await?;
    let given: Given = give(core, &mut tx, session, user, (via, client), grant).await?;
    let by = By::Client(client);
    if is_new_device {
        notices::tell(core, &mut tx, user, NoticeKind::NewDevice, by).await?;
    }
    events.push(given.event(user, (via, client)));
    let mut trusted = None;
    if pending.trust {
        trusted = Some(trusted::trust(core, &mut tx, proven, client).await?);
        let user = user.id.clone();
        events.push(Event::BrowserTrusted { user });
    }
    audit::conclude(core, tx, by, &events).await?;
    core.freshness.changed(&user.id);
    if let Some(cookie) = trusted {
        session.change(Kept::Trusted, CookieChange::Set(cookie));
    }
    let whose = (&user.id, client);
    Ok(Completed::In(given.take_effect(core, session, whose)))
}

/// A browser that was forgotten while its user looked for a code is let in, but not remembered.
async fn still_there(tx: &mut Tx, grant: Grant) -> Result<Grant> {
    Ok(match grant {
        Grant::Remembered { browser } if !remembered::hold(tx, browser).await? => {
            Grant::Session { remember: false }
        }
        grant => grant,
    })
}

/// Ends the challenge of a browser whose user logs out before answering it, and forgets the
/// browser. `false` when it was not being asked.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn give_up(
    core: &Core,
    session: &Session,
    remember_cookie: Option<&str>,
) -> Result<bool> {
    // One that was opened by this very request goes by the id that its answer would have set.
    let opened_now = session.outgoing().new_id;
    let ids = [session.incoming().cloned(), opened_now];
    let mut tx = core.db.begin().await?;
    // First the browser, as everybody does who ends both; undone where nobody is asked.
    if let Some(cookie) = remember_cookie {
        forget_in(&mut tx, cookie).await?;
    }
    let mut was_asked = false;
    for id in ids.into_iter().flatten() {
        was_asked |= challenges::delete(&mut tx, &id.stored()).await?;
    }
    if !was_asked {
        return Ok(false);
    }
    tx.commit().await?;
    become_nobody(session);
    Ok(true)
}
