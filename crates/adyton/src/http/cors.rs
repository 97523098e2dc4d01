//! Which pages of other origins may read our answers: those of the stateful origins, with their
//! cookies. For all others nothing is said, and their browser keeps the answer from them.

use axum::body::Body;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use super::context::Context;
use super::origin;

/// What a script may read of an answer beside the simple headers.
const EXPOSED: &str = "Retry-After, X-Adyton-Code, X-Adyton-Reason, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset";

/// How long a browser may keep a preflight's answer, in seconds.
const KEPT: &str = "600";

/// What an answer depends on.
const VARY: &str = "Origin, Cookie, Authorization, Accept, Sec-Fetch-Site";

/// The origin that asked, if it is one of our front end's.
pub(super) fn allowed_origin(context: &Context, headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(header::ORIGIN)?;
    let origin = origin::of_header(value)?;
    context.is_ours(&origin, headers).then(|| value.clone())
}

/// The answer to a preflight; `None` for any other request. A foreign origin's preflight is
/// answered too, and allowed nothing.
pub(super) fn preflight(context: &Context, parts: &Parts) -> Option<Response> {
    let asked = parts.headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    if parts.method != Method::OPTIONS || !parts.headers.contains_key(header::ORIGIN) {
        return None;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    if let Some(origin) = allowed_origin(context, &parts.headers) {
        allow(headers, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, asked.clone());
        let names = context.config().http.cors_headers.join(", ");
        if let Ok(names) = HeaderValue::from_str(&names) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
        }
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static(KEPT),
        );
    }
    let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    headers.insert(header::VARY, HeaderValue::from_static(vary));
    Some(response)
}

/// Lets an origin read this answer, whatever it is: errors and empty answers too.
pub(super) fn allow(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    let yes = HeaderValue::from_static("true");
    headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED),
    );
}

/// Says what an answer depends on, beside what its handler said.
pub(super) fn vary(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static(VARY));
}

/// The headers of every answer of Adyton's own. OWASP ASVS 5.0, V3.2 and V3.4.
pub(super) fn harden(headers: &mut HeaderMap) {
    const HEADERS: [(HeaderName, &str); 5] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
        ),
    ];
    headers.reserve(HEADERS.len() + 4);
    for (name, value) in HEADERS {
        // A page with a form says for itself what it may do.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
}
