//! Adyton from the outside: HTTP exchanges against a real database, one file a feature.

mod admin_users;
mod architecture;
mod clients;
mod cookies;
mod cors;
mod csrf;
mod csrf_cookie;
mod current_user;
mod guard;
mod host;
mod host_input;
mod input;
mod login;
mod logout;
mod mail;
mod password_policy;
mod registration;
mod remember;
mod sessions;
mod stateful;
mod store;
mod support;
mod throttle;
mod token_login;
mod tokens;
mod wire;
