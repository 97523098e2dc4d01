//! Whoever sent a request, asked lazily: a route that does not ask costs no query.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::header;
use http::request::Parts;
use tokio::sync::OnceCell;

use super::context::Context;
use super::cookies::{self, Found};
use super::{csrf, stateful};
use crate::admission::{self, Recalled};
use crate::crypto::token_text;
use crate::error::{CsrfMismatch, Error, Forbidden, Result, Unauthenticated};
use crate::guard::{Auth, Presented};
use crate::session::{Kept, Session, SessionId};

/// Left in a request by the gate that proved it to be our own front end's, perhaps by a form.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CsrfProved;

/// Put into every request by the layer. Clones are the same caller.
#[derive(Clone)]
pub(crate) struct Caller {
    pub context: Arc<Context>,
    /// The request's whole path: a router that is nested in another sees only its end.
    pub path: Arc<str>,
    pub session: Session,
    identified: Arc<OnceCell<Result<Auth>>>,
}

impl Caller {
    /// The caller of a request that was just opened.
    pub(crate) fn of(context: &Arc<Context>, parts: &Parts) -> Self {
        let incoming = match cookies::find(&parts.headers, &context.session_cookie) {
            Found::One(value) => SessionId::parse(value),
            _ => None,
        };
        Self {
            context: Arc::clone(context),
            path: parts.uri.path().into(),
            session: Session::of(incoming),
            identified: Arc::default(),
        }
    }

    /// The caller that the layer put into the request.
    pub(crate) fn in_request(parts: &Parts) -> Self {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller
            .expect("`.layer(adyton.layer())` must be around every route that asks who is calling")
    }

    /// Who is calling; asked once a request.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with the reason; [`Error::CsrfMismatch`] where a session comes
    /// with an unsafe request that is not proved to be our own front end's.
    pub(crate) async fn auth(&self, parts: &Parts) -> Result<Auth> {
        self.identified
            .get_or_init(|| self.identify(parts))
            .await
            .clone()
    }

    /// Whether a cookie came that could prove who is calling.
    pub(crate) fn brings_cookie(&self, parts: &Parts) -> bool {
        self.session.incoming().is_some() || remember_cookie(&self.context, parts).is_some()
    }

    async fn identify(&self, parts: &Parts) -> Result<Auth> {
        if !self.context.is_secure_enough(parts) {
            return Err(Forbidden::HttpsRequired.into());
        }
        let (bearer, malformed) = match bearer(parts) {
            Ok(bearer) => (bearer, None),
            // As in Sanctum, what is no token is as good as absent: a session beside it counts.
            Err(why) => (None, Some(why)),
        };
        let session = match self.counted_session(parts) {
            Ok(session) => session,
            // A cookie that does not count says nothing about a token beside it.
            Err(_) if bearer.is_some() && self.context.config().tokens.enabled => None,
            Err(why) => return Err(why.into()),
        };
        let presented = Presented { session, bearer };
        let outcome = self.context.guard.identify(presented).await;
        if is_by_session(&outcome) {
            self.check_csrf(parts)?;
        }
        match outcome {
            Err(Error::Unauthenticated(why)) if can_be_recalled(&why) => {
                self.recall(parts, malformed.unwrap_or(why)).await
            }
            outcome => outcome,
        }
    }

    /// The session cookie, if it came once and counts here.
    fn counted_session(&self, parts: &Parts) -> Result<Option<&SessionId>, Unauthenticated> {
        let found = cookies::find(&parts.headers, &self.context.session_cookie);
        if matches!(found, Found::Duplicate) {
            return Err(Unauthenticated::CookieDuplicate);
        }
        match self.session.incoming() {
            Some(id) => stateful::counts(&self.context, &self.path, parts).map(|()| Some(id)),
            None => Ok(None),
        }
    }

    /// A session that comes with an unsafe request must prove where it comes from.
    fn check_csrf(&self, parts: &Parts) -> Result<(), CsrfMismatch> {
        if parts.method.is_safe() || parts.extensions.get::<CsrfProved>().is_some() {
            return Ok(());
        }
        csrf::check(&self.context, parts, self.session.incoming(), None)
    }

    /// Lets a remembered browser back in, where its cookie counts as a session's would.
    async fn recall(&self, parts: &Parts, why: Unauthenticated) -> Result<Auth> {
        let Some(cookie) = remember_cookie(&self.context, parts) else {
            return Err(why.into());
        };
        stateful::counts(&self.context, &self.path, parts)?;
        self.check_csrf(parts)?;
        let client = self.context.client(parts);
        match admission::recall(&self.context.core, &self.session, cookie, &client).await? {
            Recalled::In(id) => {
                let presented = Presented {
                    session: Some(&id),
                    bearer: None,
                };
                self.context.guard.identify(presented).await
            }
            Recalled::Challenged => Err(Unauthenticated::TwoFactorRequired.into()),
            Recalled::Nobody => Err(why.into()),
        }
    }
}

/// The remember cookie's value.
pub(crate) fn remember_cookie<'a>(context: &Context, parts: &'a Parts) -> Option<&'a str> {
    context.brought(Kept::Remember, parts)
}

/// Only what a session alone proved: a bearer token is not sent by a browser on its own.
fn is_by_session(outcome: &Result<Auth>) -> bool {
    matches!(outcome, Ok(auth) if auth.token().is_none())
}

/// Nobody was proved to be somebody else, or to be refused.
fn can_be_recalled(why: &Unauthenticated) -> bool {
    use Unauthenticated::{NoCredentials, SessionExpired, SessionUnknown, TokensDisabled};
    // A token that is not looked at is as good as absent.
    matches!(
        why,
        NoCredentials | SessionUnknown | SessionExpired | TokensDisabled
    )
}

/// The bearer token of `Authorization: Bearer TOKEN`: one header, the scheme in any case, one
/// space. A header of another scheme is not ours to read. RFC 6750, section 2.1.
///
/// Deliberately stricter than Laravel, which takes what follows the last `Bearer ` anywhere in
/// the header and cuts it at a comma.
fn bearer(parts: &Parts) -> Result<Option<&str>, Unauthenticated> {
    let mut headers = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), second) = (headers.next(), headers.next()) else {
        return Ok(None);
    };
    let bytes = value.as_bytes();
    let Some((scheme, token)) = bytes.split_at_checked(7) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return Ok(None);
    }
    let is_one_token = second.is_none()
        && !token.is_empty()
        && token
            .iter()
            .all(|byte| byte.is_ascii_graphic() && *byte != b',');
    match std::str::from_utf8(token) {
        Ok(token) if is_one_token && token_text::parse(token).is_some() => Ok(Some(token)),
        _ => Err(Unauthenticated::TokenMalformed),
    }
}

/// Whether a request brings a bearer token that is to be looked at, good or not.
pub(crate) fn brings_bearer(context: &Context, parts: &Parts) -> bool {
    context.config().tokens.enabled && matches!(bearer(parts), Ok(Some(_)))
}

impl<S: Send + Sync> FromRequestParts<S> for Auth {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Caller::in_request(parts).auth(parts).await
    }
}

/// Nobody known is no refusal here; a request that is not ours, or a database that cannot tell,
/// is.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Auth {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        match Caller::in_request(parts).auth(parts).await {
            Ok(auth) => Ok(Some(auth)),
            Err(Error::Unauthenticated(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Caller::in_request(parts))
    }
}
