//! Does a session cookie count on this request?

use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use super::context::Context;
use super::origin::{self, Origin};
use super::path;
use crate::error::Unauthenticated;

/// The page that a request names as its sender.
#[derive(Debug)]
pub(crate) enum Sender {
    /// It names none.
    Unnamed,
    /// It names this one.
    Named(Origin),
    /// It names something that is no origin, such as `null`.
    Unreadable(String),
}

/// `Origin`, or `Referer` only where there is no `Origin`.
///
/// Deliberately stricter than Sanctum, where `Referer` wins.
pub(crate) fn sender(headers: &HeaderMap) -> Sender {
    let read = |value: &HeaderValue, origin: Option<Origin>| match origin {
        Some(origin) => Sender::Named(origin),
        None => Sender::Unreadable(String::from_utf8_lossy(value.as_bytes()).into_owned()),
    };
    if let Some(value) = headers.get(header::ORIGIN) {
        return read(value, origin::of_header(value));
    }
    match headers
        .get(header::REFERER)
        .filter(|value| !value.is_empty())
    {
        Some(value) => read(value, origin::of_referer(value)),
        None => Sender::Unnamed,
    }
}

/// What the browser says of the sender, in `Sec-Fetch-Site`.
pub(crate) fn fetch_site(headers: &HeaderMap) -> &[u8] {
    headers
        .get("sec-fetch-site")
        .map(HeaderValue::as_bytes)
        .unwrap_or_default()
}

/// Whether the session cookie of this request counts. `path` is the whole one.
///
/// It does for our own origin and the stateful ones. Without a named sender it does outside
/// `stateful.require_origin` (by default `/api/*`, Laravel's `api` routes): a program that keeps
/// cookies is no other site's page. A person who follows a link from another site is let in too,
/// as on Laravel's `web` routes: the other site sees nothing of the answer.
pub(crate) fn counts(context: &Context, path: &str, parts: &Parts) -> Result<(), Unauthenticated> {
    let asks_origin = path::is_listed(path, &context.config().stateful.require_origin);
    let follows_link = !asks_origin && is_navigation(parts);
    let site = fetch_site(&parts.headers);
    if site == b"cross-site" && !follows_link {
        return match sender(&parts.headers) {
            // Two hosts of our own may be two sites; then the settings decide, not the browser.
            Sender::Named(origin) if context.is_ours(&origin, &parts.headers) => Ok(()),
            Sender::Named(origin) => Err(Unauthenticated::OriginNotStateful(origin.to_string())),
            _ => Err(Unauthenticated::OriginNotStateful(
                "another site".to_owned(),
            )),
        };
    }
    match sender(&parts.headers) {
        Sender::Named(origin) if context.is_ours(&origin, &parts.headers) => Ok(()),
        Sender::Named(_) | Sender::Unreadable(_) if follows_link => Ok(()),
        Sender::Named(origin) => Err(Unauthenticated::OriginNotStateful(origin.to_string())),
        Sender::Unreadable(text) => Err(Unauthenticated::OriginNotStateful(text)),
        Sender::Unnamed if !asks_origin || site == b"same-origin" => Ok(()),
        Sender::Unnamed => Err(Unauthenticated::OriginMissing),
    }
}

/// A person loads a page: the browser says so, and nothing is changed by it.
fn is_navigation(parts: &Parts) -> bool {
    let says = |name: &str, value: &[u8]| {
        parts
            .headers
            .get(name)
            .is_some_and(|said| said.as_bytes() == value)
    };
    parts.method.is_safe()
        && says("sec-fetch-mode", b"navigate")
        && says("sec-fetch-dest", b"document")
}
