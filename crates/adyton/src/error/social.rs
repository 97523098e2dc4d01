//! Why nobody gets in by way of a provider.

/// Why somebody who came back from a provider is not let in, or not linked.
///
/// Each is a 403, a broken provider too: it is not ours to say that a server failed, and a page that
/// reloads by itself at a 5xx would send its user round in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocialRefusal {
    /// Nothing that was begun in this browser goes with what came back: it was begun elsewhere, too
    /// long ago, with another provider, or has been used.
    StateInvalid,
    /// The provider says that its user, or it itself, said no.
    Denied {
        /// The provider's own word for it, such as `access_denied`.
        error: String,
    },
    /// The provider did not answer, or not in a way that proves anything.
    ProviderFailed {
        /// Which check failed, for the developer.
        why: String,
    },
    /// The provider told no address, and an account has one.
    EmailMissing,
    /// The provider does not vouch for the address, and without that no account is made.
    EmailUnverified,
    /// There is an account with this address, whose owner links it in its settings.
    AccountExists,
    /// Somebody else's account is linked to this person at the provider.
    LinkedElsewhere,
    /// It was begun by a user who is not logged in any more, or proves another person.
    UserChanged,
}

impl SocialRefusal {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::StateInvalid => "SOCIAL_STATE_INVALID",
            Self::Denied { .. } => "SOCIAL_DENIED",
            Self::ProviderFailed { .. } => "SOCIAL_PROVIDER_FAILED",
            Self::EmailMissing => "SOCIAL_EMAIL_MISSING",
            Self::EmailUnverified => "SOCIAL_EMAIL_UNVERIFIED",
            Self::AccountExists => "SOCIAL_ACCOUNT_EXISTS",
            Self::LinkedElsewhere => "SOCIAL_LINKED_ELSEWHERE",
            Self::UserChanged => "SOCIAL_USER_CHANGED",
        }
    }
}
