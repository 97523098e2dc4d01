//! A caller who is known.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Verified;
use crate::clock::later;
use crate::error::{Error, Forbidden, Result};
use crate::event::Via;
use crate::revocation::Standing;
use crate::token::Token;
use crate::user::User;

/// By what a caller is known.
#[derive(Debug)]
pub(crate) enum Credential {
    /// A session.
    Session(SessionAuth),
    /// A personal access token.
    Token(Token),
}

/// A session that somebody is logged in by.
#[derive(Debug)]
pub(crate) struct SessionAuth {
    /// The stored form of its id.
    pub id: String,
    /// How it was opened.
    pub via: Option<Via>,
    /// The remembered browser that it was opened with or by.
    pub browser: Option<i64>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// When its user last proved once more who they are.
    pub confirmed_at: Option<DateTime<Utc>>,
}

impl SessionAuth {
    /// Whether its user proved of late once more who they are.
    pub(crate) fn is_confirmed(&self, now: DateTime<Utc>, lifetime: Duration) -> bool {
        let until = self.confirmed_at.map(|moment| later(moment, lifetime));
        until.is_some_and(|until| now <= until)
    }
}

/// A caller who is known: the user, and how they proved it. An extractor; `Option<Auth>` is for
/// routes that answer everybody and say more to those who are known.
#[derive(Clone, Debug)]
pub struct Auth {
    verified: Arc<Verified>,
    /// The session that came beside a token.
    session: Option<Arc<Verified>>,
}

impl Auth {
    pub(super) fn new(verified: Arc<Verified>, session: Option<Arc<Verified>>) -> Self {
        Self { verified, session }
    }

    /// Who is calling.
    pub fn user(&self) -> &User {
        &self.verified.user
    }

    /// The token that came, if one did.
    pub fn token(&self) -> Option<&Token> {
        match &self.verified.credential {
            Credential::Token(token) => Some(token),
            Credential::Session(_) => None,
        }
    }

    /// How the session was opened, for a caller who came by a session alone.
    pub fn via(&self) -> Option<Via> {
        match &self.verified.credential {
            Credential::Session(session) => session.via,
            Credential::Token(_) => None,
        }
    }

    /// The session that came, and no token beside it.
    pub(crate) fn session_alone(&self) -> Option<&SessionAuth> {
        match &self.verified.credential {
            Credential::Session(session) => Some(session),
            Credential::Token(_) => None,
        }
    }

    /// By what the caller is known: the token, or the session where there is none.
    pub(crate) fn standing(&self) -> Standing<'_> {
        match &self.verified.credential {
            Credential::Session(session) => Standing::Session(&session.id),
            Credential::Token(token) => Standing::Token(token.id),
        }
    }

    /// The stored form of the session's id, alone or beside a token.
    pub(crate) fn session_id(&self) -> Option<&str> {
        let both = [Some(&self.verified), self.session.as_ref()];
        both.into_iter()
            .flatten()
            .find_map(|verified| match &verified.credential {
                Credential::Session(session) => Some(session.id.as_str()),
                Credential::Token(_) => None,
            })
    }

    /// Whether the caller may do this. A session may do everything but what is reserved; a token
    /// what it was issued for.
    ///
    /// Deliberately stricter than Sanctum, whose session passes every check: see
    /// [`Abilities::can`](crate::Abilities::can).
    pub(crate) fn can(&self, ability: &str, reserved: &[String]) -> bool {
        match &self.verified.credential {
            Credential::Token(token) => token.abilities.can(ability, reserved),
            Credential::Session(_) => !reserved.iter().any(|name| name == ability),
        }
    }

    /// One of these abilities.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with what is missing.
    pub(crate) fn require_any_ability(&self, needed: &[String], reserved: &[String]) -> Result<()> {
        if needed.iter().any(|ability| self.can(ability, reserved)) {
            return Ok(());
        }
        let needed = needed.to_vec();
        Err(Error::Forbidden(match self.token() {
            Some(_) => Forbidden::MissingAbility { needed },
            None => Forbidden::SessionLacksAbility { needed },
        }))
    }

    /// One of these roles.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with what is missing.
    pub fn require_role(&self, needed: &[&str]) -> Result<()> {
        match self.user().role.as_deref() {
            Some(role) if needed.contains(&role) => Ok(()),
            _ => {
                let needed = needed.iter().map(|role| (*role).to_owned()).collect();
                Err(Error::Forbidden(Forbidden::MissingRole { needed }))
            }
        }
    }
}
