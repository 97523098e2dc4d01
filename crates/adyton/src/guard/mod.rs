//! Door one: who is calling? The cookie's session, the bearer's token, or both.
//!
//! Every request that asks begins here, and nothing else decides who a caller is. What was
//! verified is kept in memory for a moment, so that a busy credential costs no database; what may
//! end one moves the counters of [`Freshness`](crate::freshness::Freshness), and this process asks
//! the database again at the very next request. Another process's change is seen when the moment
//! (`guard.memory`, one second by default) is over.
//!
//! Verifying writes nothing: when a credential was last used is noted and flushed in batches.

mod auth;
mod notes;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use tokio::sync::Notify;

pub use auth::Auth;
pub(crate) use auth::{Credential, SessionAuth};

use self::notes::Notes;
use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::{equal, sha256};
use crate::crypto::token_text::{self, TokenText};
use crate::error::{Result, Unauthenticated};
use crate::event::Via;
use crate::freshness::Before;
use crate::session::SessionId;
use crate::store::sessions::{self, SessionRow};
use crate::store::tokens::{self, TokenRow};
use crate::user::{User, UserId};

/// What came with a request, as far as it counts.
#[derive(Debug, Default)]
pub(crate) struct Presented<'a> {
    /// The session cookie, where the request's origin lets it count.
    pub session: Option<&'a SessionId>,
    /// The bearer token's text.
    pub bearer: Option<&'a str>,
}

/// A credential that was found good, as it is kept in memory.
#[derive(Debug)]
pub(crate) struct Verified {
    user: Arc<User>,
    credential: Credential,
    /// When the database said so, in milliseconds since 1970.
    checked_at: i64,
    /// The user's counter of changes then.
    counter: u64,
    /// When the credential was last seen, in seconds since 1970.
    seen_at: AtomicI64,
}

type Memory = Cache<[u8; 32], Arc<Verified>>;

/// Decides who is calling.
#[derive(Debug)]
pub(crate) struct Guard {
    core: Arc<Core>,
    sessions: Memory,
    tokens: Memory,
    notes: Notes,
}

impl Guard {
    /// A guard with an empty memory.
    pub(crate) fn new(core: Arc<Core>) -> Self {
        let capacity = core.config.guard.capacity;
        Self {
            core,
            sessions: Cache::new(capacity),
            tokens: Cache::new(capacity),
            notes: Notes::default(),
        }
    }

    /// Who is calling, by what was presented.
    ///
    /// Deliberately stricter than Sanctum: a request with a live session and a bearer token has
    /// the token's abilities only, must belong to one user, and is refused when the token is not
    /// good. Sanctum takes the session and lets it do everything.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] says why nobody is known; [`Error::Unavailable`] when the
    /// database cannot tell, which is never an answer about the caller.
    pub(crate) async fn identify(&self, presented: Presented<'_>) -> Result<Auth> {
        let session = match presented.session {
            Some(id) => Some(self.session(id).await?),
            None => None,
        };
        let Some(text) = presented.bearer else {
            return match session {
                Some(outcome) => self.auth(outcome?, None),
                None => Err(Unauthenticated::NoCredentials.into()),
            };
        };
        if !self.core.config.tokens.enabled {
            return match session {
                Some(outcome) => self.auth(outcome?, None),
                None => Err(Unauthenticated::TokensDisabled.into()),
            };
        }
        match (session, self.token(text).await?) {
            (Some(Ok(session)), Ok(token)) => self.auth(token, Some(session)),
            (Some(Ok(_)), Err(_)) => Err(Unauthenticated::TokenBesideSession.into()),
            (_, token) => self.auth(token?, None),
        }
    }

    /// Writes what was noted to the database. What cannot be written is kept for the next time.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.notes.flush(&self.core.db).await
    }

    /// When a session was last used, in seconds since 1970, if that is not written yet.
    pub(crate) fn session_seen(&self, id: &str) -> Option<i64> {
        self.notes.session_seen(id)
    }

    /// When a token was last used, in seconds since 1970, if that is not written yet.
    pub(crate) fn token_seen(&self, id: i64) -> Option<i64> {
        self.notes.token_seen(id)
    }

    /// Notified when there is more to flush than should wait for its turn.
    pub(crate) fn many_notes(&self) -> Arc<Notify> {
        self.notes.many()
    }

    fn auth(&self, verified: Arc<Verified>, beside: Option<Arc<Verified>>) -> Result<Auth> {
        if beside
            .as_ref()
            .is_some_and(|session| session.user.id != verified.user.id)
        {
            return Err(Unauthenticated::CredentialsDiffer.into());
        }
        let now = self.core.clock.now().timestamp();
        for seen in [Some(&verified), beside.as_ref()].into_iter().flatten() {
            // Once a second is as fine as the tables keep it.
            if seen.seen_at.swap(now, Ordering::Relaxed) < now {
                self.notes.note(&seen.credential, now);
            }
        }
        Ok(Auth::new(verified, beside))
    }

    async fn session(&self, id: &SessionId) -> Result<Result<Arc<Verified>, Unauthenticated>> {
        let key = sha256(id.expose().as_bytes());
        let verified = match self.recalled(&self.sessions, &key) {
            Some(verified) => verified,
            None => match self.read_session(id).await? {
                Ok((verified, is_current)) => {
                    if is_current {
                        self.sessions.insert(key, Arc::clone(&verified));
                    }
                    verified
                }
                Err(why) => return Ok(Err(why)),
            },
        };
        Ok(if self.session_is_over(&verified) {
            Err(Unauthenticated::SessionExpired)
        } else {
            Ok(verified)
        })
    }

    async fn read_session(
        &self,
        id: &SessionId,
    ) -> Result<Result<(Arc<Verified>, bool), Unauthenticated>> {
        let before = self.core.freshness.before();
        let Some(row) = sessions::find(&self.core.db, &id.stored()).await? else {
            return Ok(Err(Unauthenticated::SessionUnknown));
        };
        let seen_at = self
            .notes
            .session_seen(&row.id)
            .unwrap_or_default()
            .max(row.last_activity.timestamp());
        let SessionRow {
            id,
            user,
            via,
            browser,
            created_at,
            confirmed_at,
            ..
        } = row;
        let credential = Credential::Session(SessionAuth {
            id,
            via,
            browser,
            created_at,
            confirmed_at,
        });
        self.verified(before, &user, credential, seen_at).await
    }

    /// Idle too long, or older than any session may be.
    fn session_is_over(&self, verified: &Verified) -> bool {
        let (now, config) = (self.core.clock.now(), &self.core.config.session);
        let seen_at = DateTime::from_timestamp(verified.seen_at.load(Ordering::Relaxed), 0)
            .unwrap_or_default();
        match &verified.credential {
            Credential::Session(session) => {
                now > later(seen_at, config.lifetime)
                    || now > later(session.created_at, config.absolute_lifetime)
                    // Switching it off ends what it has opened: Keycloak once forgot that.
                    || (session.via == Some(Via::Remember) && !self.core.config.remember.enabled)
            }
            Credential::Token(_) => false,
        }
    }

    async fn token(&self, text: &str) -> Result<Result<Arc<Verified>, Unauthenticated>> {
        let key = sha256(text.as_bytes());
        let verified = match self.recalled(&self.tokens, &key) {
            Some(verified) => verified,
            None => match self.read_token(text).await? {
                Ok((verified, is_current)) => {
                    if is_current {
                        self.tokens.insert(key, Arc::clone(&verified));
                    }
                    verified
                }
                Err(why) => return Ok(Err(why)),
            },
        };
        Ok(if self.token_is_over(&verified) {
            Err(Unauthenticated::TokenExpired)
        } else {
            Ok(verified)
        })
    }

    async fn read_token(
        &self,
        text: &str,
    ) -> Result<Result<(Arc<Verified>, bool), Unauthenticated>> {
        let Some(parsed) = token_text::parse(text) else {
            return Ok(Err(Unauthenticated::TokenMalformed));
        };
        let before = self.core.freshness.before();
        let Some(row) = self.find_token(&parsed).await? else {
            return Ok(Err(Unauthenticated::TokenUnknown));
        };
        let (owner, seen_at) = (
            row.owner.clone(),
            row.last_used_at.map_or(0, |at| at.timestamp()),
        );
        self.verified(before, &owner, Credential::Token(row.into()), seen_at)
            .await
    }

    /// By its id, then by its secret in constant time; or by the secret's hash alone, as tokens
    /// without their id come.
    async fn find_token(&self, text: &TokenText<'_>) -> Result<Option<TokenRow>> {
        let config = &self.core.config.tokens;
        let secret = match text {
            TokenText::WithId { secret, .. } | TokenText::Bare(secret) => secret,
        };
        if !token_text::checksum_is_plausible(secret, &config.prefix) {
            return Ok(None);
        }
        let hash = token_text::stored_hash(secret);
        let found = match text {
            TokenText::WithId { id, .. } => match id.parse() {
                Ok(id) => tokens::find(&self.core.db, id).await?,
                Err(_) => None,
            },
            TokenText::Bare(_) => tokens::find_by_hash(&self.core.db, &hash).await?,
        };
        let is_ours = |row: &TokenRow| {
            equal(row.hash.as_bytes(), hash.as_bytes()) && row.owner_type == config.owner_type
        };
        Ok(found.filter(is_ours))
    }

    /// The configured age and the token's own date: the earlier one ends it. At the very second
    /// of its date a token is still good, as in Sanctum.
    fn token_is_over(&self, verified: &Verified) -> bool {
        let Credential::Token(token) = &verified.credential else {
            return false;
        };
        let now = self.core.clock.now();
        let too_old = match (self.core.config.tokens.expiration, token.created_at) {
            (Some(age), Some(created_at)) => later(created_at, age) <= now,
            // A row without a date of birth cannot be proved young enough.
            (Some(_), None) => true,
            (None, _) => false,
        };
        too_old
            || token
                .expires_at
                .is_some_and(|end| end.timestamp() < now.timestamp())
    }

    /// The owner, who must be there and enabled. Also tells whether what was read may be kept.
    async fn verified(
        &self,
        before: Before,
        owner: &UserId,
        credential: Credential,
        seen_at: i64,
    ) -> Result<Result<(Arc<Verified>, bool), Unauthenticated>> {
        let user = self
            .core
            .users
            .find(owner)
            .await?
            .filter(|user| !user.is_disabled());
        let Some(user) = user else {
            return Ok(Err(Unauthenticated::UserDisabled));
        };
        let counter = self.core.freshness.unchanged_since(before, owner);
        let verified = Verified {
            user: Arc::new(user),
            credential,
            checked_at: milliseconds(self.core.clock.now()),
            counter: counter.unwrap_or_default(),
            seen_at: AtomicI64::new(seen_at),
        };
        Ok(Ok((Arc::new(verified), counter.is_some())))
    }

    /// What is in memory and still to be trusted.
    fn recalled(&self, memory: &Memory, key: &[u8; 32]) -> Option<Arc<Verified>> {
        let verified = memory.get(key)?;
        let age = milliseconds(self.core.clock.now()) - verified.checked_at;
        let is_young = (0..i64::try_from(self.core.config.guard.memory.as_millis())
            .unwrap_or(i64::MAX))
            .contains(&age);
        let is_current = verified.counter == self.core.freshness.now(&verified.user.id);
        (is_young && is_current).then_some(verified)
    }
}

fn milliseconds(moment: DateTime<Utc>) -> i64 {
    moment.timestamp_millis()
}
