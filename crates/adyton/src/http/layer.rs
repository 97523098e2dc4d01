//! The layer around everything: it opens the request, and at the end puts the answer's value into
//! words and its cookies into headers.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use http_body::Body as _;
use tower::{Layer, Service};

use super::caller::Caller;
use super::context::Context;
use super::cookies::{SameSite, SetCookie};
use super::gate::Operation;
use super::origin::Origin;
use super::{accept, cors, csrf, language};
use crate::config;
use crate::error::{Error, Unauthenticated};
use crate::session::{CookieChange, Kept, Session};
use crate::wire::{Ask, Manners, Outcome, Reply, Texts, explain};

/// Adyton around a router: `.layer(adyton.layer())`, outermost.
#[derive(Clone)]
pub struct AdytonLayer {
    context: Arc<Context>,
}

impl AdytonLayer {
    pub(crate) fn new(context: Arc<Context>) -> Self {
        Self { context }
    }
}

impl<S> Layer<S> for AdytonLayer {
    type Service = AdytonService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        AdytonService {
            context: Arc::clone(&self.context),
            inner,
        }
    }
}

/// A router with Adyton around it.
#[derive(Clone)]
pub struct AdytonService<S> {
    context: Arc<Context>,
    inner: S,
}

impl<S> Service<Request> for AdytonService<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let context = Arc::clone(&self.context);
        let clone = self.inner.clone();
        // The clone may not be ready; the one that was asked is.
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let (mut parts, body) = request.into_parts();
        if let Some(response) = cors::preflight(&context, &parts) {
            return Box::pin(std::future::ready(Ok(response)));
        }
        let caller = Caller::of(&context, &parts);
        let (session, asked) = (caller.session.clone(), Asked::of(&context, &parts));
        parts.extensions.insert(caller);
        let answering = inner.call(Request::from_parts(parts, body));
        Box::pin(async move { Ok(finish(&context, &asked, &session, answering.await?)) })
    }
}

/// What wording needs to know of a request that is gone by then.
struct Asked {
    method: Method,
    uri: Uri,
    manners: Manners,
    texts: Arc<Texts>,
    back: Option<String>,
    cors_origin: Option<HeaderValue>,
}

impl Asked {
    fn of(context: &Context, parts: &Parts) -> Self {
        Self {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            manners: manners(&parts.headers),
            texts: language::chosen(context, &parts.headers),
            back: back(context, &parts.headers),
            cors_origin: cors::allowed_origin(context, &parts.headers),
        }
    }

    fn ask(&self, context: &Context, operation: Option<&'static str>) -> Ask {
        Ask {
            operation,
            method: self.method.clone(),
            path: self.uri.path().to_owned(),
            debug: context.config().debug,
            json_bodies: context.config().wire.json_bodies,
            guest_redirect: context.config().wire.guest_redirect,
            two_factor_message: context.config().two_factor.message,
            redirects: Arc::clone(&context.speech.redirects),
            back: self.back.clone(),
            home: Arc::clone(&context.speech.home),
            names: Arc::clone(&context.speech.names),
            manners: self.manners,
            texts: Arc::clone(&self.texts),
        }
    }
}

/// The page that a request came from, if it is one of ours: no other is ever sent to.
fn back(context: &Context, headers: &HeaderMap) -> Option<String> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    let origin = Origin::parse(referer).filter(|_| referer.starts_with("http"))?;
    context
        .is_ours(&origin, headers)
        .then(|| referer.to_owned())
}

fn manners(headers: &HeaderMap) -> Manners {
    let sends_json = accept::sends_json(headers);
    let sends_form = !sends_json
        && headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
            let kind = kind.as_bytes();
            [
                &b"application/x-www-form-urlencoded"[..],
                b"multipart/form-data",
            ]
            .iter()
            .any(|form| {
                kind.get(..form.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(form))
            })
        });
    Manners {
        wants_json: accept::wants_json(headers),
        expects_json: accept::expects_json(headers),
        sends_json,
        sends_form,
        names_html: accept::names_html(headers),
    }
}

fn finish(context: &Context, asked: &Asked, session: &Session, mut response: Response) -> Response {
    let operation = response
        .extensions_mut()
        .remove::<Operation>()
        .map(|operation| operation.0);
    if let Some(outcome) = response
        .extensions_mut()
        .remove::<Outcome>()
        .or_else(|| unworded(&response))
    {
        response = worded(context, &asked.ask(context, operation), &outcome, response);
    }
    if set_cookies(context, session, response.headers_mut()) {
        // Whatever a host said of its page: a cache would hand one visitor's cookie to the next.
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    cors::vary(response.headers_mut());
    if context.config().wire.accept_language {
        language::vary(response.headers_mut());
    }
    if let Some(origin) = &asked.cors_origin {
        cors::allow(response.headers_mut(), origin.clone());
    }
    if let (true, Some(hsts)) = (context.secure, &context.hsts) {
        let headers = response.headers_mut();
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
    response
}

/// The router's own 404 and 405 have no words: those of the dialect serve.
fn unworded(response: &Response) -> Option<Outcome> {
    let is_empty = response.body().size_hint().exact() == Some(0)
        && !response.headers().contains_key(header::CONTENT_TYPE);
    match response.status() {
        StatusCode::NOT_FOUND if is_empty => Some(Outcome::Error(Error::RouteNotFound)),
        StatusCode::METHOD_NOT_ALLOWED if is_empty => {
            // axum writes `Allow` outside of its own layers: there it is not here yet.
            let allowed = response
                .headers()
                .get(header::ALLOW)
                .and_then(|value| value.to_str().ok());
            let allowed = allowed.unwrap_or_default().to_owned();
            Some(Outcome::Error(Error::MethodNotAllowed { allowed }))
        }
        _ => None,
    }
}

/// The dialect's answer, with the headers that the handler and its gates set.
fn worded(context: &Context, ask: &Ask, outcome: &Outcome, unworded: Response) -> Response {
    let dialect = context.speech.at(&ask.path);
    let mut response = match outcome {
        Outcome::Reply(reply) => dialect.reply(reply, ask),
        Outcome::Error(error) => dialect.error(error, ask),
    };
    let (old, _) = unworded.into_parts();
    response.extensions_mut().extend(old.extensions);
    for (name, value) in &old.headers {
        if name != header::CONTENT_LENGTH && name != header::CONTENT_TYPE {
            response.headers_mut().append(name, value.clone());
        }
    }
    if ask.operation == Some("social.callback") {
        // A code and its state are in this address, and no other page is to learn of them.
        let policy = HeaderValue::from_static("no-referrer");
        response
            .headers_mut()
            .insert(header::REFERRER_POLICY, policy);
    }
    cors::harden(response.headers_mut());
    match outcome {
        Outcome::Error(error) => mark(context, error, ask, response.headers_mut()),
        Outcome::Reply(reply) => {
            if let Some(error) = refused_on_a_page(reply) {
                mark(context, &error, ask, response.headers_mut());
            }
        }
    }
    response
}

/// A form that is shown once more with what is wrong with it is a refusal like any other.
fn refused_on_a_page(reply: &Reply) -> Option<Error> {
    match reply {
        Reply::Landing(landing) => landing.invalid.clone().map(Error::Invalid),
        _ => None,
    }
}

/// Nothing is refused without a findable reason: a stable code on the answer, the reason on the
/// log, and in development on the answer too.
fn mark(context: &Context, error: &Error, ask: &Ask, headers: &mut HeaderMap) {
    // Which of a token's checks failed is for the log; an answer would tell a thief.
    let code = match error {
        // Whoever holds a remembered browser's cookie is to know that a code is all it takes.
        Error::Unauthenticated(Unauthenticated::TwoFactorRequired) => error.code(),
        Error::Unauthenticated(_) if !context.config().debug => "UNAUTHENTICATED",
        error => error.code(),
    };
    headers.insert("x-adyton-code", HeaderValue::from_static(code));
    let reason = explain(error);
    let reason = reason.as_deref();
    // The path of a mailed link holds its secret: of our own routes the name is logged.
    let at = ask.operation.unwrap_or(&ask.path);
    match error {
        Error::Unexpected(why) => tracing::error!(at, error = ?why, "unexpected failure"),
        Error::Unavailable(why) => tracing::error!(at, error = %why, "unavailable"),
        error => {
            let (method, code) = (ask.method.as_str(), error.code());
            tracing::info!(method, at, code, reason, "refused");
        }
    }
    if let (true, Some(Ok(reason))) = (context.config().debug, reason.map(HeaderValue::from_str)) {
        headers.insert("x-adyton-reason", reason);
    }
    status_headers(error, headers);
}

/// What the status asks for beside its words: Laravel's headers of a 429, how long to wait for a
/// 503. The methods of a 405 (RFC 9110, section 15.5.6) are written by the router, outside of this
/// layer: it alone knows those that a host has at a path of ours.
fn status_headers(error: &Error, headers: &mut HeaderMap) {
    match error {
        Error::Throttled(throttled) | Error::LoginCodeRequired(throttled) => {
            headers.insert("x-ratelimit-limit", throttled.max.into());
            headers.insert("x-ratelimit-remaining", HeaderValue::from_static("0"));
            headers.insert(header::RETRY_AFTER, throttled.retry_after.as_secs().into());
            headers.insert("x-ratelimit-reset", throttled.resets_at.timestamp().into());
        }
        Error::Busy | Error::Unavailable(_) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        _ => {}
    }
}

/// Sets the cookies that the answer is to bring, and tells whether there are any.
fn set_cookies(context: &Context, session: &Session, headers: &mut HeaderMap) -> bool {
    let outgoing = session.outgoing();
    let (config, now) = (context.config(), context.core.clock.now());
    let lasting = (!config.session.expire_on_close).then_some(config.session.absolute_lifetime);
    let mut set = |cookie: HeaderValue| headers.append(header::SET_COOKIE, cookie);
    if let Some(id) = &outgoing.csrf_of {
        let token = csrf::token(&context.core, id);
        let domain = config.csrf.domain.as_deref();
        let readable = hidden(context, &context.csrf_cookie, &token, lasting);
        set(SetCookie {
            domain,
            http_only: false,
            ..readable
        }
        .header(now));
    }
    if let Some(id) = &outgoing.new_id {
        set(hidden(context, &context.session_cookie, id.expose(), lasting).header(now));
    }
    for (kept, change) in &outgoing.kept {
        let (name, same_site) = (context.kept_cookie(*kept), kept_same_site(context, *kept));
        let (value, max_age) = match change {
            CookieChange::Set(value) => {
                (value.expose().as_str(), Some(context.kept_lifetime(*kept)))
            }
            _ => ("", None),
        };
        let cookie = SetCookie {
            same_site,
            ..hidden(context, name, value, max_age)
        };
        set(match change {
            CookieChange::Set(_) => cookie.header(now),
            _ => cookie.expired(now),
        });
    }
    outgoing.csrf_of.is_some() || outgoing.new_id.is_some() || !outgoing.kept.is_empty()
}

/// Whoever comes back from a provider comes from another site, whatever `session.same_site` says.
fn kept_same_site(context: &Context, kept: Kept) -> SameSite {
    match kept {
        Kept::SocialFlow => SameSite::Lax,
        Kept::Device => SameSite::Strict,
        _ => own_same_site(context),
    }
}

fn own_same_site(context: &Context) -> SameSite {
    match context.config().session.same_site {
        config::SameSite::Strict => SameSite::Strict,
        _ => SameSite::Lax,
    }
}

/// A cookie of ours that no script reads.
fn hidden<'a>(
    context: &Context,
    name: &'a str,
    value: &'a str,
    max_age: Option<Duration>,
) -> SetCookie<'a> {
    SetCookie {
        name,
        value,
        max_age,
        domain: None,
        http_only: true,
        secure: context.secure,
        same_site: own_same_site(context),
    }
}
