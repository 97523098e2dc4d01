//! What Adyton does: one file a feature, each behind its table of routes. None knows another.

mod account_deletion;
mod activity;
mod admin_users;
mod browser_sessions;
mod csrf_cookie;
mod current_user;
mod email_change;
mod email_verification;
mod login;
mod login_code;
mod logout;
mod not_me;
mod passkey_login;
mod passkeys;
mod password_confirmation;
mod password_reset;
mod password_update;
mod profile;
mod recovery_codes;
mod registration;
mod social_accounts;
mod social_login;
mod token_login;
mod tokens;
mod two_factor;
mod two_factor_challenge;

use crate::config::Config;
use crate::http::route::Feature;

/// Every feature, with the routes that the settings leave it.
pub(crate) fn all(config: &Config) -> Vec<Feature> {
    vec![
        csrf_cookie::feature(),
        login::feature(),
        login_code::feature(config),
        logout::feature(config),
        registration::feature(config),
        email_verification::feature(),
        password_reset::feature(config),
        current_user::feature(config),
        password_confirmation::feature(),
        browser_sessions::feature(),
        account_deletion::feature(),
        activity::feature(),
        password_update::feature(),
        profile::feature(),
        email_change::feature(),
        not_me::feature(),
        token_login::feature(config),
        tokens::feature(config),
        two_factor::feature(config),
        recovery_codes::feature(),
        two_factor_challenge::feature(config),
        social_login::feature(config),
        social_accounts::feature(config),
        passkey_login::feature(),
        passkeys::feature(config),
        admin_users::feature(config),
    ]
}
