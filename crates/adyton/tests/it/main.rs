//! Adyton from the outside: HTTP exchanges against a real database, one file a feature.

mod admin_users;
mod architecture;
mod current_user;
mod guard;
mod host;
mod input;
mod login;
mod registration;
mod store;
mod support;
mod throttle;
mod token_login;
mod tokens;
mod wire;
