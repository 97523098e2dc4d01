//! The session of one request: what came in the cookies, and what the answer is to set.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::crypto::secret::{Secret, hex, random_id, sha256};

/// Characters of a session's id and of its like: 32 random bytes in base64url.
const ID_CHARACTERS: usize = 43;

/// A random value that only its owner's cookie holds; the database keeps its SHA-256.
#[derive(Clone, Debug)]
pub(crate) struct SessionId(Secret<String>);

impl SessionId {
    /// A new one.
    pub(crate) fn random() -> Self {
        Self(Secret::new(random_id()))
    }

    /// What a cookie holds, if it has the form of one of ours.
    pub(crate) fn parse(cookie: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(cookie).ok()?;
        let is_ours = text.len() == ID_CHARACTERS
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        is_ours.then(|| Self(Secret::new(text.to_owned())))
    }

    /// The cookie's value.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What the database keeps: SHA-256 in lower-case hex.
    pub(crate) fn stored(&self) -> String {
        hex(&sha256(self.expose().as_bytes()))
    }
}

/// Cookies of ours beside the session's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Of a remembered browser.
    Remember,
    /// Of a browser that is not asked for the second factor for a while.
    Trusted,
    /// Of a browser that somebody has logged in from.
    Device,
    /// What a way through a provider needs until it is back, sealed.
    SocialFlow,
    /// What a passkey's ceremony needs until it is answered, sealed.
    PasskeyFlow,
}

impl Kept {
    /// All of them.
    pub(crate) const ALL: [Kept; 5] = [
        Kept::Remember,
        Kept::Trusted,
        Kept::Device,
        Kept::SocialFlow,
        Kept::PasskeyFlow,
    ];
}

/// What the answer is to do with a cookie.
#[derive(Clone, Debug)]
pub(crate) enum CookieChange {
    /// Leave it.
    Keep,
    /// Set it to this value.
    Set(Secret<String>),
    /// Take it away.
    Expire,
}

/// What the answer's cookies are to say.
#[derive(Debug)]
struct State {
    /// The id that the answer sets, if it sets one.
    new_id: Option<SessionId>,
    /// By the order of [`Kept::ALL`].
    kept: [CookieChange; Kept::ALL.len()],
    /// Whether the answer is to set a CSRF token though the id stays.
    wants_csrf_cookie: bool,
}

/// The cookies of an answer.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// The session's new id.
    pub new_id: Option<SessionId>,
    /// The id that a new CSRF token belongs to.
    pub csrf_of: Option<SessionId>,
    /// The others that change.
    pub kept: Vec<(Kept, CookieChange)>,
}

/// The session of one request. Clones are the same session.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    incoming: Option<SessionId>,
    state: Arc<Mutex<State>>,
}

impl Session {
    /// The session of a request that brought this id, or none.
    pub(crate) fn of(incoming: Option<SessionId>) -> Self {
        let state = State {
            new_id: None,
            kept: Kept::ALL.map(|_| CookieChange::Keep),
            wants_csrf_cookie: false,
        };
        Self {
            incoming,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// The id that came in.
    pub(crate) fn incoming(&self) -> Option<&SessionId> {
        self.incoming.as_ref()
    }

    /// From now on the browser has another id: at every change of privilege.
    pub(crate) fn renew(&self, id: SessionId, remember: CookieChange) {
        let mut state = self.lock();
        state.new_id = Some(id);
        // A cookie that was found to be no good on the way here still goes.
        if !matches!(remember, CookieChange::Keep) {
            state.kept[Kept::Remember as usize] = remember;
        }
    }

    /// The answer does this with a cookie.
    pub(crate) fn change(&self, cookie: Kept, change: CookieChange) {
        self.lock().kept[cookie as usize] = change;
    }

    /// The answer sets a CSRF token, and an id for it to belong to where there is none.
    pub(crate) fn want_csrf_cookie(&self) {
        let mut state = self.lock();
        state.wants_csrf_cookie = true;
        if self.incoming.is_none() && state.new_id.is_none() {
            state.new_id = Some(SessionId::random());
        }
    }

    /// What the answer's cookies are to say.
    pub(crate) fn outgoing(&self) -> Outgoing {
        let state = self.lock();
        let csrf_of = match &state.new_id {
            Some(id) => Some(id.clone()),
            None if state.wants_csrf_cookie => self.incoming.clone(),
            None => None,
        };
        let changes = Kept::ALL.into_iter().zip(state.kept.iter().cloned());
        Outgoing {
            new_id: state.new_id.clone(),
            csrf_of,
            kept: changes
                .filter(|(_, change)| !matches!(change, CookieChange::Keep))
                .collect(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing is done under the lock that could leave it half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_our_form_are_taken() {
        assert!(SessionId::parse(SessionId::random().expose().as_bytes()).is_some());
        for bad in [
            "",
            "short",
            &"a".repeat(44),
            &"%".repeat(43),
            &"é".repeat(43),
        ] {
            assert!(SessionId::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_id_is_not_printed() {
        let id = SessionId::random();
        assert!(!format!("{id:?}").contains(id.expose()));
    }
}
