//! What happened, for the host's ears and for the log. Events never hold a secret.

use std::net::IpAddr;

use crate::user::UserId;

/// How somebody got in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Via {
    /// By address and password.
    Password,
    /// By registering.
    Registration,
    /// By the cookie of a remembered browser.
    Remember,
}

impl Via {
    /// The word that is kept in a session.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Password => "password",
            Via::Registration => "registration",
            Via::Remember => "remember",
        }
    }

    /// The way in that a session's word means.
    pub fn parse(word: &str) -> Option<Via> {
        [Via::Password, Via::Registration, Via::Remember]
            .into_iter()
            .find(|via| via.as_str() == word)
    }
}

/// Something that happened to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Somebody made an account.
    Registered {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    },
    /// A session was opened.
    LoggedIn {
        /// Whose.
        user: UserId,
        /// How.
        via: Via,
        /// From where.
        address: IpAddr,
    },
    /// An attempt failed; the user is named where one was aimed at.
    LoginFailed {
        /// At whom, if there is such a user.
        user: Option<UserId>,
        /// From where.
        address: IpAddr,
    },
    /// A session was ended by its user.
    LoggedOut {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    },
    /// A remembered browser's cookie came with another validator: it was copied. The browser is
    /// forgotten, and every session that it opened has ended.
    RememberCookieReused {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    },
    /// A token was issued.
    TokenIssued {
        /// Whose.
        user: UserId,
        /// The token's id.
        token: i64,
    },
    /// A token was revoked.
    TokenRevoked {
        /// Whose.
        user: UserId,
        /// The token's id.
        token: i64,
    },
    /// Sessions and remembered browsers of a user were ended by an operator.
    SessionsEnded {
        /// Whose.
        user: UserId,
    },
    /// A user was disabled by an operator.
    UserDisabled {
        /// Who.
        user: UserId,
    },
    /// A user was enabled again by an operator.
    UserEnabled {
        /// Who.
        user: UserId,
    },
    /// A user's role was set by an operator.
    RoleChanged {
        /// Who.
        user: UserId,
    },
    /// A user's password was set by an operator.
    PasswordChanged {
        /// Whose.
        user: UserId,
    },
    /// A known caller was refused by a gate of ability or role.
    AccessRefused {
        /// Who.
        user: UserId,
        /// The refusal's code.
        code: &'static str,
    },
}
