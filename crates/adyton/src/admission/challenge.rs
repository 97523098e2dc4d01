//! The second step: the first factor is proved, and nobody is in before the second one is.
//!
//! A challenge is no session. Its row is found by the SHA-256 of a cookie, or of a secret that a
//! token's client holds, and says what is to be given once the second factor is proved.

use serde::{Deserialize, Serialize};

use super::{Grant, Proven, hold};
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::session::{RememberCookie, Session, SessionId};
use crate::store::{Client, challenges, sessions};
use crate::token::{Abilities, NewToken};

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
/// secret back that is returned.
///
/// # Errors
/// As [`admit`](super::admit).
pub(super) async fn open(
    core: &Core,
    session: &Session,
    proven: &Proven,
    (via, client): (Via, &Client),
    grant: Grant,
) -> Result<Option<Secret<String>>> {
    let secret = SessionId::random();
    let is_for_browser = !matches!(grant, Grant::Token(_));
    let wish = serde_json::to_string(&Wish::from(grant)).expect("a wish is plain data");
    let now = core.clock.now();
    let until = later(now, core.config.two_factor.challenge_lifetime);
    let user = &proven.user.id;
    let mut tx = core.db.begin().await?;
    hold(&mut tx, proven).await?;
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
        session.renew(secret, RememberCookie::Keep);
        return Ok(None);
    }
    Ok(Some(Secret::from(secret.expose())))
}
