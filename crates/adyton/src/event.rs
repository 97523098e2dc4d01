//! What happened, for the security log, the host's ears and the log. Events never hold a secret.

mod fact;
mod via;

use std::net::IpAddr;

use serde_json::{Value as Json, json};

use self::fact::{Fact as _, Whom as _, fact};
pub use self::via::Via;
use crate::user::UserId;

macro_rules! events {
    ($($(#[$doc:meta])+ $name:ident($word:literal, $outcome:ident) {
        $($(#[$field_doc:meta])+ $field:ident: $kind:ty),* $(,)?
    })*) => {
        /// Something that happened to an account.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Event {
            $($(#[$doc])+ $name { $($(#[$field_doc])+ $field: $kind),* },)*
        }

        impl Event {
            /// The names of all events, as the security log keeps them.
            pub const NAMES: &'static [&'static str] = &[$($word),*];

            /// The name that the security log keeps.
            pub fn name(&self) -> &'static str {
                match self { $(Event::$name { .. } => $word,)* }
            }

            /// How it ended.
            pub fn outcome(&self) -> Outcome {
                match self { $(Event::$name { .. } => Outcome::$outcome,)* }
            }

            /// Whom it happened to, where somebody was aimed at.
            pub fn user(&self) -> Option<&UserId> {
                match self { $(Event::$name { user, .. } => user.whom(),)* }
            }

            /// What else is known, but for the user and the address.
            pub fn facts(&self) -> Json {
                match self {
                    $(Event::$name { $($field),* } => {
                        let mut facts = json!({});
                        $(fact(&mut facts, stringify!($field), $field.fact());)*
                        facts
                    })*
                }
            }
        }
    };
}

/// How something ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl Outcome {
    /// The word that the security log keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Refused => "refused",
        }
    }
}

events! {
    /// Somebody made an account.
    Registered("registered", Done) {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    }
    /// A session was opened.
    LoggedIn("logged_in", Done) {
        /// Whose.
        user: UserId,
        /// How.
        via: Via,
        /// From where.
        address: IpAddr,
    }
    /// An attempt failed; the user is named where one was aimed at.
    LoginFailed("login_failed", Refused) {
        /// At whom, if there is such a user.
        user: Option<UserId>,
        /// From where.
        address: IpAddr,
    }
    /// The first factor was right; a second one is asked.
    TwoFactorChallenged("two_factor_challenged", Done) {
        /// Whom.
        user: UserId,
        /// How the first was proved.
        via: Via,
        /// From where.
        address: IpAddr,
    }
    /// The second factor was wrong, used before, or out of time.
    TwoFactorFailed("two_factor_failed", Refused) {
        /// Whose.
        user: UserId,
        /// Why: `wrong`, `replayed`, `drifted`, `locked`.
        why: &'static str,
        /// From where.
        address: IpAddr,
    }
    /// A second factor was begun and is not asked for yet.
    TwoFactorPrepared("two_factor_prepared", Done) {
        /// Whose.
        user: UserId,
    }
    /// A second factor was proved to work: it is asked for from now on.
    TwoFactorEnabled("two_factor_enabled", Done) {
        /// Whose.
        user: UserId,
    }
    /// The second factor is gone.
    TwoFactorDisabled("two_factor_disabled", Done) {
        /// Whose.
        user: UserId,
    }
    /// New recovery codes took the place of the old ones.
    RecoveryCodesReplaced("recovery_codes_replaced", Done) {
        /// Whose.
        user: UserId,
    }
    /// The recovery codes were shown, for the only time.
    RecoveryCodesShown("recovery_codes_shown", Done) {
        /// Whose.
        user: UserId,
    }
    /// A recovery code was spent.
    RecoveryCodeUsed("recovery_code_used", Done) {
        /// Whose.
        user: UserId,
        /// How many are left.
        left: usize,
        /// From where.
        address: IpAddr,
    }
    /// A user proved once more who they are.
    Confirmed("confirmed", Done) {
        /// Who.
        user: UserId,
        /// By what: `password`, `code`, `recovery_code`, `passkey`, `social`.
        by: &'static str,
        /// From where.
        address: IpAddr,
    }
    /// A user did not prove who they are.
    ConfirmationFailed("confirmation_failed", Refused) {
        /// Who.
        user: UserId,
        /// From where.
        address: IpAddr,
    }
    /// A session was ended by its user.
    LoggedOut("logged_out", Done) {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    }
    /// A remembered browser's cookie came with another validator: it was copied. The browser is
    /// forgotten, and every session that it opened has ended.
    RememberCookieReused("remember_cookie_reused", Refused) {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    }
    /// A token was issued.
    TokenIssued("token_issued", Done) {
        /// Whose.
        user: UserId,
        /// The token's id.
        token: i64,
    }
    /// A token was revoked.
    TokenRevoked("token_revoked", Done) {
        /// Whose.
        user: UserId,
        /// The token's id.
        token: i64,
    }
    /// One session, or one remembered browser, was ended by its user from elsewhere.
    SessionEnded("session_ended", Done) {
        /// Whose.
        user: UserId,
    }
    /// All other sessions and remembered browsers were ended by their user.
    OtherSessionsEnded("other_sessions_ended", Done) {
        /// Whose.
        user: UserId,
    }
    /// Sessions and remembered browsers of a user were ended by an operator.
    SessionsEnded("sessions_ended", Done) {
        /// Whose.
        user: UserId,
    }
    /// A user was disabled by an operator.
    UserDisabled("user_disabled", Done) {
        /// Who.
        user: UserId,
    }
    /// A user was enabled again by an operator.
    UserEnabled("user_enabled", Done) {
        /// Who.
        user: UserId,
    }
    /// A user was made by an operator.
    UserCreated("user_created", Done) {
        /// Who.
        user: UserId,
    }
    /// An account was deleted, by its user or by an operator.
    UserDeleted("user_deleted", Done) {
        /// Who it was.
        user: UserId,
    }
    /// A user's role was set by an operator.
    RoleChanged("role_changed", Done) {
        /// Who.
        user: UserId,
    }
    /// A user's password was changed, by its user or by an operator.
    PasswordChanged("password_changed", Done) {
        /// Whose.
        user: UserId,
    }
    /// A link to set a new password was mailed.
    PasswordResetRequested("password_reset_requested", Done) {
        /// To whom.
        user: UserId,
    }
    /// A forgotten password was replaced by a new one.
    PasswordReset("password_reset", Done) {
        /// Whose.
        user: UserId,
        /// From where.
        address: IpAddr,
    }
    /// A link to set a new password was no good.
    PasswordResetFailed("password_reset_failed", Refused) {
        /// At whom, if there is such a user.
        user: Option<UserId>,
        /// From where.
        address: IpAddr,
    }
    /// An address was proved to be its user's.
    EmailVerified("email_verified", Done) {
        /// Whose.
        user: UserId,
    }
    /// A user asked for another address, which is still to be proved.
    EmailChangeRequested("email_change_requested", Done) {
        /// Whose.
        user: UserId,
    }
    /// A user's address is another one.
    EmailChanged("email_changed", Done) {
        /// Whose.
        user: UserId,
    }
    /// A change of address was undone from the old one.
    EmailRestored("email_restored", Done) {
        /// Whose.
        user: UserId,
    }
    /// A user's name or other fields were changed.
    ProfileUpdated("profile_updated", Done) {
        /// Whose.
        user: UserId,
    }
    /// A user told from a mailed notice that it was not them: every credential has ended.
    Disowned("disowned", Done) {
        /// Who.
        user: UserId,
    }
    /// Somebody at a provider was linked to a user.
    SocialLinked("social_linked", Done) {
        /// To whom.
        user: UserId,
        /// The provider's name in the settings.
        provider: String,
    }
    /// A link with somebody at a provider was ended by its user.
    SocialUnlinked("social_unlinked", Done) {
        /// Whose.
        user: UserId,
        /// The provider's name in the settings.
        provider: String,
    }
    /// Somebody came back from a provider and was not let in, or was not linked.
    SocialFailed("social_failed", Refused) {
        /// Whose account it would have been, if that was known.
        user: Option<UserId>,
        /// The provider's name in the settings.
        provider: String,
        /// The refusal's code.
        code: &'static str,
        /// From where.
        address: IpAddr,
    }
    /// An account whose address nobody had proved went to whom a provider vouches for: everything
    /// that its first holder had set up is gone.
    AccountReclaimed("account_reclaimed", Done) {
        /// Which account.
        user: UserId,
        /// The provider's name in the settings.
        provider: String,
    }
    /// A passkey was added.
    PasskeyAdded("passkey_added", Done) {
        /// Whose.
        user: UserId,
        /// The passkey's id.
        passkey: i64,
    }
    /// A passkey was removed.
    PasskeyRemoved("passkey_removed", Done) {
        /// Whose.
        user: UserId,
        /// The passkey's id.
        passkey: i64,
    }
    /// A passkey was not accepted.
    PasskeyFailed("passkey_failed", Refused) {
        /// Whose, if it was known.
        user: Option<UserId>,
        /// From where.
        address: IpAddr,
    }
    /// A browser is not asked for the second factor for a while.
    BrowserTrusted("browser_trusted", Done) {
        /// By whom.
        user: UserId,
    }
    /// A code to log in from a browser that is not known was mailed.
    LoginCodeRequested("login_code_requested", Done) {
        /// To whom.
        user: UserId,
    }
    /// A known caller was refused by a gate of ability, role or the like.
    AccessRefused("access_refused", Refused) {
        /// Who.
        user: UserId,
        /// The refusal's code.
        code: &'static str,
    }
}
