//! The named limits: how often, and counted by what.

use crate::config::{Limit, Throttle};

/// A named limit. The numbers are settings, `throttle.NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitName {
    Login,
    Register,
    ForgotPassword,
    ResetPassword,
    TwoFactor,
    Verification,
    Confirm,
    Social,
    Passkey,
    Me,
    Admin,
    Public,
}

impl LimitName {
    /// All of them.
    pub(crate) const ALL: [LimitName; 12] = [
        LimitName::Login,
        LimitName::Register,
        LimitName::ForgotPassword,
        LimitName::ResetPassword,
        LimitName::TwoFactor,
        LimitName::Verification,
        LimitName::Confirm,
        LimitName::Social,
        LimitName::Passkey,
        LimitName::Me,
        LimitName::Admin,
        LimitName::Public,
    ];

    /// The name, as in the settings.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            LimitName::Login => "login",
            LimitName::Register => "register",
            LimitName::ForgotPassword => "forgot_password",
            LimitName::ResetPassword => "reset_password",
            LimitName::TwoFactor => "two_factor",
            LimitName::Verification => "verification",
            LimitName::Confirm => "confirm",
            LimitName::Social => "social",
            LimitName::Passkey => "passkey",
            LimitName::Me => "me",
            LimitName::Admin => "admin",
            LimitName::Public => "public",
        }
    }

    /// The limit of a name.
    pub(crate) fn named(name: &str) -> Option<LimitName> {
        LimitName::ALL
            .into_iter()
            .find(|limit| limit.as_str() == name)
    }

    /// Counted by user where one is known; else, and for all others, by client address.
    pub(crate) fn is_per_user(self) -> bool {
        matches!(
            self,
            LimitName::Me | LimitName::Admin | LimitName::Verification | LimitName::Confirm
        )
    }

    /// The configured numbers.
    pub(crate) fn setting(self, config: &Throttle) -> Limit {
        match self {
            LimitName::Login => config.login,
            LimitName::Register => config.register,
            LimitName::ForgotPassword => config.forgot_password,
            LimitName::ResetPassword => config.reset_password,
            LimitName::TwoFactor => config.two_factor,
            LimitName::Verification => config.verification,
            LimitName::Confirm => config.confirm,
            LimitName::Social => config.social,
            LimitName::Passkey => config.passkey,
            LimitName::Me => config.me,
            LimitName::Admin => config.admin,
            LimitName::Public => config.public,
        }
    }
}
