//! The secret that a mailed link brings back in its path.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;

use crate::crypto::secret::Secret;
use crate::error::{Error, Forbidden};

/// The one placeholder of a mailed link's path. What is no text is as wrong as any other secret.
pub(crate) struct LinkSecret(pub Secret<String>);

impl<S: Send + Sync> FromRequestParts<S> for LinkSecret {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let found = Path::<String>::from_request_parts(parts, state).await;
        let Path(secret) = found.map_err(|_| Forbidden::LinkInvalid)?;
        Ok(Self(Secret::new(secret)))
    }
}
