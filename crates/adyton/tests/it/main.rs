//! Adyton from the outside: HTTP exchanges against a real database, one file a feature.

mod admin_users;
mod guard;
mod host;
mod input;
mod login;
mod registration;
mod support;
mod throttle;
mod token_login;
mod tokens;
