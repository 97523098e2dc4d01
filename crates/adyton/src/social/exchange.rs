//! Why a code was not exchanged, told without what was sent or answered: either may hold a secret.

use oauth2::{ErrorResponse, ErrorResponseType, RequestTokenError, StandardErrorResponse};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::fetch::Unanswered;

/// The longest name of an error.
const LONGEST: usize = 64;

/// What providers say in their own ways: GitHub with 200, Facebook in an object.
#[derive(Deserialize)]
struct Refusal {
    error: Json,
}

/// One line for the developer.
pub(super) fn refused<T>(error: RequestTokenError<Unanswered, StandardErrorResponse<T>>) -> String
where
    T: ErrorResponseType + Serialize + 'static,
    StandardErrorResponse<T>: ErrorResponse,
{
    match error {
        RequestTokenError::ServerResponse(refusal) => {
            let word = serde_json::to_value(refusal.error()).unwrap_or_default();
            with(name(&word))
        }
        RequestTokenError::Request(error) => error.to_string(),
        RequestTokenError::Parse(error, body) => match serde_json::from_slice::<Refusal>(&body) {
            Ok(refusal) => with(name(&refusal.error)),
            // The path within the answer is lost where there may be an ID token in it.
            Err(_) if error.path().iter().next().is_none() => {
                "the answer to the code, or an ID token in it, cannot be read".to_owned()
            }
            Err(_) => format!("the answer to the code cannot be read, at {}", error.path()),
        },
        RequestTokenError::Other(why) => format!("the answer to the code cannot be read: {why}"),
    }
}

fn with(name: Option<&str>) -> String {
    let name = name.unwrap_or("(no name)");
    format!("the code was refused with error={name}")
}

/// An error's name, such as `invalid_grant` or Facebook's `OAuthException`. A sentence might quote
/// what was sent.
fn name(error: &Json) -> Option<&str> {
    let name = error.as_str().or_else(|| error["type"].as_str())?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (name.len() <= LONGEST && name.bytes().all(is_letter)).then_some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_error_is_told_by_its_name_alone() {
        assert_eq!(name(&json!("invalid_grant")), Some("invalid_grant"));
        let facebook = json!({ "message": "Code a-code is used", "type": "OAuthException" });
        assert_eq!(name(&facebook), Some("OAuthException"));
        assert_eq!(name(&json!("Code a-code is used")), None);
        assert_eq!(name(&json!("a".repeat(65))), None);
        assert_eq!(name(&json!(7)), None);
    }
}
