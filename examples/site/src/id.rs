//! The number of a row in a path, such as `{ticket_id}`.

use adyton::{Error, Result};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

/// What is no number names no row: 404, worded like every other error.
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Id(id)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// A word in a path, such as a post's number or slug. What is not UTF-8 names nothing.
pub struct Word(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Word {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match Path::<String>::from_request_parts(parts, state).await {
            // PostgreSQL takes no NUL in a text.
            Ok(Path(word)) if !word.contains('\0') => Ok(Word(word)),
            _ => Err(Error::NotFound),
        }
    }
}
