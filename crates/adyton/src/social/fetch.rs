//! How providers are asked: with little patience, without following, and not for more than fits.

use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap};
use http::{Method, Request, Response, StatusCode};
use url::Url;

use crate::outbound::{self, told};

/// What the libraries ask and are answered.
pub(super) type Asked = Request<Vec<u8>>;
pub(super) type Answered = Response<Vec<u8>>;

/// How long a browser waits for all that one request of its makes us ask.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Profiles and keys have a few kilobytes.
const LONGEST: usize = 512 * 1024;

/// Why there is no answer to read. None of these says what was sent.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unanswered {
    /// No TLS, no name, no connection, or one that ended.
    #[error("{url} cannot be asked: {why}")]
    Unreachable { url: String, why: String },
    /// Whoever follows takes a secret to where it does not belong.
    #[error("{url} answered {status}, and providers are not followed elsewhere")]
    Redirected { url: String, status: StatusCode },
    /// The provider is broken.
    #[error("{url} answered {status}")]
    Failed { url: String, status: StatusCode },
    /// A page, most often.
    #[error("{url} answered {kind:?} and not JSON")]
    NotJson { url: String, kind: String },
    /// No provider has so much to say.
    #[error("{url} answered more than {LONGEST} bytes")]
    TooLong { url: String },
}

/// Asks once. Answers of 4xx are the caller's to read, and how long it takes is the caller's to end.
pub(super) async fn ask(asked: Asked) -> Result<Answered, Unanswered> {
    // A query may hold a proof that is made of a token.
    let uri = asked.uri().to_string();
    let url = uri.split('?').next().unwrap_or_default().to_owned();
    let unreachable = |why: String| Unanswered::Unreachable {
        url: url.clone(),
        why,
    };
    let client = outbound::client().map_err(unreachable)?;
    let (parts, body) = asked.into_parts();
    let request = client.request(parts.method, uri).headers(parts.headers);
    let answer = request.body(body).send().await;
    let mut answer = answer.map_err(|error| unreachable(told(error)))?;
    let status = answer.status();
    if status.is_redirection() {
        return Err(Unanswered::Redirected { url, status });
    }
    if status.is_server_error() {
        return Err(Unanswered::Failed { url, status });
    }
    if let Some(kind) = foreign_kind(answer.headers()) {
        return Err(Unanswered::NotJson { url, kind });
    }
    let headers = answer.headers().clone();
    let mut body = Vec::new();
    while let Some(chunk) = answer
        .chunk()
        .await
        .map_err(|error| unreachable(told(error)))?
    {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Err(Unanswered::TooLong { url });
        }
    }
    let mut answered = Response::new(body);
    *answered.status_mut() = status;
    *answered.headers_mut() = headers;
    Ok(answered)
}

/// What an answer is in the place of JSON, or of a signed token.
fn foreign_kind(headers: &HeaderMap) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE)?;
    let kind = kind.to_str().unwrap_or("an unreadable type");
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    let is_ours =
        essence.ends_with("/json") || essence.ends_with("+json") || essence.ends_with("/jwt");
    (!is_ours).then_some(essence)
}

/// A profile is read with an access token. `None` when the token has what no header can hold.
pub(super) fn with_token(url: &Url, token: &str) -> Option<Asked> {
    let mut value = http::HeaderValue::from_str(&format!("Bearer {token}")).ok()?;
    value.set_sensitive(true);
    Request::builder()
        .method(Method::GET)
        .uri(url.as_str())
        .header(http::header::AUTHORIZATION, value)
        .header(http::header::ACCEPT, "application/json")
        .body(Vec::new())
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_failed_is_told_without_the_query() {
        let url = Url::parse("http://127.0.0.1:1/me?appsecret_proof=abc").expect("an address");
        let asked = with_token(&url, "a-token").expect("a request");
        let error = ask(asked).await.expect_err("nothing listens there");
        let told = format!("{error} {error:?}");
        assert!(told.contains("http://127.0.0.1:1/me"), "{told}");
        assert!(!told.contains("abc") && !told.contains("a-token"), "{told}");
    }

    #[test]
    fn a_token_with_a_line_break_is_no_header() {
        let url = Url::parse("https://example.com/me").expect("an address");
        assert!(with_token(&url, "a\r\nx: y").is_none());
    }

    #[test]
    fn json_goes_by_several_names() {
        let kind = |kind: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, kind.parse().expect("a value"));
            foreign_kind(&headers)
        };
        assert_eq!(kind("application/json; charset=UTF-8"), None);
        assert_eq!(kind("application/jwk-set+json"), None);
        assert_eq!(kind("application/jwt"), None);
        assert_eq!(
            kind("text/html; charset=utf-8").as_deref(),
            Some("text/html")
        );
        assert_eq!(foreign_kind(&HeaderMap::new()), None);
    }
}
