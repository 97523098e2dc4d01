//! The number of a row in a path, such as `{producto}`.

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
