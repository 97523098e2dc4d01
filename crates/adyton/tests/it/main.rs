//! Adyton from the outside: HTTP exchanges against a real database, one file a feature.

mod cookies;
mod cors;
mod csrf;
mod csrf_cookie;
mod guard;
mod login;
mod remember;
mod stateful;
mod support;
