//! The named limits: how often, and counted by what.

use crate::config::{Limit, Throttle};

/// A named limit. The numbers are settings, `throttle.NAME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LimitName {
    Login,
    Register,
    ForgotPassword,
    Me,
    Admin,
    Public,
}

impl LimitName {
    /// All of them.
    pub(crate) const ALL: [LimitName; 6] = [
        LimitName::Login,
        LimitName::Register,
        LimitName::ForgotPassword,
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
        matches!(self, LimitName::Me | LimitName::Admin)
    }

    /// The configured numbers.
    pub(crate) fn setting(self, config: &Throttle) -> Limit {
        match self {
            LimitName::Login => config.login,
            LimitName::Register => config.register,
            LimitName::ForgotPassword => config.forgot_password,
            LimitName::Me => config.me,
            LimitName::Admin => config.admin,
            LimitName::Public => config.public,
        }
    }
}
