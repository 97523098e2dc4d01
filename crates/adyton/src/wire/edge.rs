//! Values in a response, on their way to the edge where they are put into words.

use axum::body::Body;
use axum::response::{IntoResponse, Response};

use super::Reply;
use crate::error::Error;

/// What happened, carried in the response's extensions.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// All went well.
    Reply(Reply),
    /// It was refused, or it failed.
    Error(Error),
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        carrying(Outcome::Reply(self))
    }
}

/// A host's handler may return Adyton's errors: they are worded as Adyton's own, by
/// [`Adyton::layer`](crate::Adyton::layer).
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = carrying(Outcome::Error(self));
        *response.status_mut() = status;
        response
    }
}

fn carrying(outcome: Outcome) -> Response {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(outcome);
    response
}
