//! What a route asks before its handler: HTTPS where the public address is that, who is calling,
//! what they may do, how often.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as Task, Poll};

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use tower::{Layer, Service};

use super::caller::{Caller, CsrfProved, brings_bearer};
use super::context::Context;
use super::csrf;
use super::input::Input;
use crate::audit::{self, By};
use crate::error::{Error, Forbidden, Result, Throttled};
use crate::event::Event;
use crate::guard::Auth;
use crate::limit::LimitName;
use crate::throttle::{By as CountedBy, Key, Remaining, Window};

/// A route's name, on its way to the edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation(pub &'static str);

/// Whom a route is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Browsers with cookies: Laravel's `web` group. An unsafe request must bring a CSRF token.
    Browsers,
    /// Programs with tokens, and our front end's scripts: Laravel's `api` group.
    #[default]
    Programs,
}

/// What a gate asks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asks {
    /// One of Adyton's own routes: its name, and whom it is for.
    pub own: Option<(&'static str, Audience)>,
    pub guest: bool,
    pub auth: bool,
    /// A session, and no token.
    pub session: bool,
    /// A user whose address is proved.
    pub verified: bool,
    /// A session whose user has proved of late once more who they are.
    pub confirmed: bool,
    /// Any one of these, if there are some.
    pub abilities: Vec<String>,
    /// Any one of these, if there are some.
    pub roles: Vec<String>,
    pub limit: Option<LimitName>,
}

/// A gate before a route, from [`Adyton::require_auth`](crate::Adyton::require_auth) and its
/// like: `.route_layer(…)`.
#[derive(Clone)]
pub struct Gate {
    context: Arc<Context>,
    asks: Arc<Asks>,
}

impl Gate {
    pub(crate) fn new(context: &Arc<Context>, asks: Asks) -> Self {
        Self {
            context: Arc::clone(context),
            asks: Arc::new(asks),
        }
    }

    /// Lets a request through, or says why not. What was counted is told on the answer, whichever
    /// it is.
    async fn check(
        &self,
        parts: &mut Parts,
        body: Body,
        counted: &mut Option<Remaining>,
    ) -> Result<Body> {
        let asks = &self.asks;
        if !self.context.is_secure_enough(parts) {
            return Err(Forbidden::HttpsRequired.into());
        }
        let mut body = Some(body);
        if let Some((_, audience)) = asks.own {
            self.check_own(audience, parts, &mut body).await?;
        }
        if asks.guest && is_logged_in(parts).await {
            return Err(Error::AlreadyAuthenticated);
        }
        let auth = match asks.auth {
            true => Some(Caller::in_request(parts).auth(parts).await?),
            false => None,
        };
        // Counted before power is asked, as Laravel does: those who may not are limited too.
        *counted = self.count(parts, auth.as_ref())?;
        if let Some(auth) = &auth {
            self.check_standing(auth, parts).await?;
        }
        if asks.own.is_some()
            && !parts.method.is_safe()
            && parts.extensions.get::<Input>().is_none()
        {
            read_input(parts, &mut body).await?;
        }
        Ok(body.unwrap_or_default())
    }

    /// For a browser's route the proof that it is our front end's.
    async fn check_own(
        &self,
        audience: Audience,
        parts: &mut Parts,
        body: &mut Option<Body>,
    ) -> Result<()> {
        if audience == Audience::Programs || parts.method.is_safe() {
            return Ok(());
        }
        let caller = Caller::in_request(parts);
        // A good token proves that it is no other site's page: no browser sends it on its own.
        if brings_bearer(&self.context, parts)
            && caller
                .auth(parts)
                .await
                .is_ok_and(|auth| auth.token().is_some())
        {
            return Ok(());
        }
        // Nothing that another site's page could make use of; the answer will be 401.
        if self.asks.auth && !caller.brings_cookie(parts) {
            return Ok(());
        }
        let in_header = csrf::check(&self.context, parts, caller.session.incoming(), None);
        if in_header.is_err() {
            if parts.extensions.get::<Input>().is_none() {
                read_input(parts, body).await?;
            }
            let in_form = parts.extensions.get::<Input>().and_then(Input::csrf_token);
            csrf::check(&self.context, parts, caller.session.incoming(), in_form)?;
        }
        parts.extensions.insert(CsrfProved);
        Ok(())
    }

    /// What a known caller may do, and whether they proved enough. What is refused for good is
    /// recorded.
    async fn check_standing(&self, auth: &Auth, parts: &Parts) -> Result<()> {
        let outcome = self.check_power(auth);
        if let Err(error @ Error::Forbidden(_)) = &outcome {
            let (user, code) = (auth.user().id.clone(), error.code());
            let client = self.context.client(parts);
            let refused = Event::AccessRefused { user, code };
            audit::record(&self.context.core, By::Client(&client), refused).await?;
        }
        outcome
    }

    fn check_power(&self, auth: &Auth) -> Result<()> {
        let (asks, config) = (&self.asks, self.context.config());
        if !asks.abilities.is_empty() {
            auth.require_any_ability(&asks.abilities, &config.tokens.reserved)?;
        }
        if !asks.roles.is_empty() {
            let roles: Vec<&str> = asks.roles.iter().map(String::as_str).collect();
            auth.require_role(&roles)?;
        }
        let session = auth.session_alone();
        if (asks.session || asks.confirmed) && session.is_none() {
            return Err(Forbidden::SessionRequired.into());
        }
        if asks.verified && !auth.user().has_verified_email() {
            return Err(Forbidden::EmailUnverified.into());
        }
        let now = self.context.core.clock.now();
        let is_confirmed =
            session.is_some_and(|session| session.is_confirmed(now, config.confirm.lifetime));
        if asks.confirmed && !is_confirmed {
            return Err(Error::Unconfirmed);
        }
        Ok(())
    }

    /// Counts this request against the route's limit: a user's own, or the address's.
    fn count(&self, parts: &Parts, auth: Option<&Auth>) -> Result<Option<Remaining>> {
        let (Some(limit), true) = (self.asks.limit, self.context.config().throttle.enabled) else {
            return Ok(None);
        };
        let by = match auth {
            Some(auth) if limit.is_per_user() => CountedBy::User(auth.user().id.to_string()),
            _ => CountedBy::Address(self.context.address(parts)),
        };
        let setting = limit.setting(&self.context.config().throttle);
        let window = Window {
            max: setting.max,
            length: setting.window,
        };
        let core = &self.context.core;
        match core
            .throttle
            .hit(&Key::new(limit.as_str(), by), window, core.clock.now())
        {
            Ok(remaining) => Ok(Some(remaining)),
            Err(refused) => {
                let (max, wait, end) = (refused.limit, refused.retry_after, refused.resets_at);
                Err(Error::Throttled(Throttled::new(
                    limit.as_str(),
                    max,
                    wait,
                    end,
                )))
            }
        }
    }

    fn sign(&self, response: &mut Response, remaining: Option<Remaining>) {
        if let Some((operation, _)) = self.asks.own {
            response.extensions_mut().insert(Operation(operation));
        }
        if let Some(remaining) = remaining {
            let headers = response.headers_mut();
            headers.insert("x-ratelimit-limit", remaining.limit.into());
            headers.insert("x-ratelimit-remaining", remaining.remaining.into());
        }
    }
}

/// Whether a session came. As in Laravel, whose `guest` asks the session alone, a token is none.
async fn is_logged_in(parts: &Parts) -> bool {
    let auth = Caller::in_request(parts).auth(parts).await;
    auth.is_ok_and(|auth| auth.session_id().is_some())
}

async fn read_input(parts: &mut Parts, body: &mut Option<Body>) -> Result<()> {
    let input = Input::of(parts, body.take().unwrap_or_default()).await?;
    parts.extensions.insert(input);
    Ok(())
}

impl<S> Layer<S> for Gate {
    type Service = Gated<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Gated {
            gate: self.clone(),
            inner,
        }
    }
}

/// A route behind a gate.
#[derive(Clone)]
pub struct Gated<S> {
    gate: Gate,
    inner: S,
}

impl<S> Service<Request> for Gated<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, task: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let (gate, clone) = (self.gate.clone(), self.inner.clone());
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let mut counted = None;
            let mut response = match gate.check(&mut parts, body, &mut counted).await {
                Ok(body) => {
                    let request = Request::from_parts(parts, body);
                    inner.call(request).await?.into_response()
                }
                Err(error) => error.into_response(),
            };
            gate.sign(&mut response, counted);
            Ok(response)
        })
    }
}
