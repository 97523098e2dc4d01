//! Why a code was not exchanged, told without what was sent or answered: either may hold a secret.

use std::fmt::Display;

use oauth2::{ErrorResponse, ErrorResponseType, RequestTokenError, StandardErrorResponse};
use serde::Deserialize;

use super::fetch::Unanswered;

/// A provider's own short word, in an answer that says 200 nevertheless.
#[derive(Deserialize)]
struct Refusal {
    error: String,
}

/// One line for the developer.
pub(super) fn refused<T>(error: RequestTokenError<Unanswered, StandardErrorResponse<T>>) -> String
where
    T: ErrorResponseType + Display + 'static,
    StandardErrorResponse<T>: ErrorResponse,
{
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            format!("the code was refused with error={}", refusal.error())
        }
        RequestTokenError::Request(error) => error.to_string(),
        RequestTokenError::Parse(error, body) => match serde_json::from_slice::<Refusal>(&body) {
            Ok(refusal) => format!("the code was refused with error={}", refusal.error),
            Err(_) => format!("the answer to the code cannot be read, at {}", error.path()),
        },
        RequestTokenError::Other(why) => format!("the answer to the code cannot be read: {why}"),
    }
}
