//! The ways in.

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
    /// By a provider's word: Google's, or a company's own.
    Social,
    /// By a passkey.
    Passkey,
}

impl Via {
    /// The word that is kept in a session.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Password => "password",
            Via::Registration => "registration",
            Via::Remember => "remember",
            Via::Social => "social",
            Via::Passkey => "passkey",
        }
    }

    /// The way in that a session's word means.
    pub fn parse(word: &str) -> Option<Via> {
        let all = [
            Via::Password,
            Via::Registration,
            Via::Remember,
            Via::Social,
            Via::Passkey,
        ];
        all.into_iter().find(|via| via.as_str() == word)
    }
}
