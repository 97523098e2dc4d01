//! Adyton from the outside: HTTP exchanges against a real database, one file a feature.

mod guard;
mod login;
mod support;
