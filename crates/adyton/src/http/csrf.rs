//! Is an unsafe request our own front end's? The token that only its scripts can read says so.
//!
//! The token is `v1.NONCE.MAC`: an HMAC over the session's stored id and the nonce. It has no
//! power of its own: with another session it is worth nothing, and a cookie that somebody tossed
//! in from a sibling domain proves nothing. Any token of the same session is good, earlier ones
//! too. Laravel's is the session's `_token`, encrypted.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use http::HeaderMap;
use http::request::Parts;

use super::context::Context;
use super::stateful::{Sender, fetch_site, sender};
use crate::config::CsrfMode;
use crate::core::Core;
use crate::crypto::secret::{equal, hmac_sha256, random};
use crate::error::CsrfMismatch;
use crate::session::SessionId;

/// A new token for a session.
pub(crate) fn token(core: &Core, session: &SessionId) -> String {
    let nonce = BASE64URL.encode(random::<12>());
    let mac = mac(&core.csrf_keys[0], session, &nonce);
    format!("v1.{nonce}.{mac}")
}

/// Whether a token belongs to a session, under any of the keys.
pub(crate) fn belongs(core: &Core, session: &SessionId, token: &str) -> bool {
    let mut parts = token.split('.');
    let (Some("v1"), Some(nonce), Some(sent), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_made_by = |key| equal(mac(key, session, nonce).as_bytes(), sent.as_bytes());
    core.csrf_keys.iter().any(is_made_by)
}

fn mac(key: &[u8; 32], session: &SessionId, nonce: &str) -> String {
    BASE64URL.encode(hmac_sha256(
        key,
        &[session.stored().as_bytes(), nonce.as_bytes()],
    ))
}

/// Whether an unsafe request is taken as our own front end's. `in_form` is the field `_token` of
/// its form, if it is one.
///
/// Deliberately stricter than Laravel: what another site's page sends is refused even with a good
/// token, and so is what comes from an origin that is neither ours nor a stateful one. A stateful
/// origin on another site is no exception: browsers would not send it our cookies either.
pub(crate) fn check(
    context: &Context,
    parts: &Parts,
    session: Option<&SessionId>,
    in_form: Option<&str>,
) -> Result<(), CsrfMismatch> {
    let (site, sender) = (fetch_site(&parts.headers), sender(&parts.headers));
    if site == b"cross-site" {
        return Err(CsrfMismatch::CrossSite);
    }
    match &sender {
        Sender::Named(origin) if context.is_ours(origin, &parts.headers) => {}
        Sender::Named(origin) => return Err(CsrfMismatch::ForeignOrigin(origin.to_string())),
        Sender::Unreadable(text) => return Err(CsrfMismatch::ForeignOrigin(text.clone())),
        Sender::Unnamed if site == b"same-site" => return Err(CsrfMismatch::OriginMissing),
        Sender::Unnamed => {}
    }
    let is_same_origin = match &sender {
        Sender::Named(origin) => context.is_own(origin, &parts.headers),
        _ => false,
    };
    if context.config().csrf.mode == CsrfMode::Laravel13 && site == b"same-origin" && is_same_origin
    {
        return Ok(());
    }
    let Some(session) = session else {
        return Err(CsrfMismatch::NoSession);
    };
    let mut sent = in_headers(&parts.headers).chain(in_form).peekable();
    if sent.peek().is_none() {
        return Err(CsrfMismatch::TokenMissing);
    }
    // One is enough: a page may hold an older one beside the cookie's.
    match sent.any(|token| belongs(&context.core, session, token)) {
        true => Ok(()),
        false => Err(CsrfMismatch::TokenWrong),
    }
}

/// `X-XSRF-TOKEN`, as scripts send the cookie's value back, and `X-CSRF-TOKEN`.
fn in_headers(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let names = ["x-xsrf-token", "x-csrf-token"].into_iter();
    let values = names.filter_map(|name| headers.get(name)?.to_str().ok());
    values.filter(|value| !value.is_empty())
}
