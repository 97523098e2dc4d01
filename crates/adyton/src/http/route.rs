//! How Adyton's own routes are declared and mounted.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;

use super::context::Context;
use super::gate::{Asks, Audience, Gate};
use super::method_override::MethodOverride;
use crate::error::Error;
use crate::limit::LimitName;

/// The state of Adyton's handlers.
pub(crate) type Shared = Arc<Context>;

/// One unit of behaviour: a name and its routes.
pub(crate) struct Feature {
    pub name: &'static str,
    pub routes: Vec<Route>,
}

impl Feature {
    /// A feature without routes yet.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            routes: Vec::new(),
        }
    }

    /// With one more route.
    pub(crate) fn route(mut self, route: Route) -> Self {
        self.routes.push(route);
        self
    }
}

/// One route: its name is a contract, its path is data.
pub(crate) struct Route {
    pub name: &'static str,
    pub method: Method,
    pub path: String,
    pub asks: Asks,
    audience: Audience,
    handler: MethodRouter<Shared>,
}

impl Route {
    fn new<H, T>(name: &'static str, method: Method, path: &str, handler: H) -> Self
    where
        H: Handler<T, Shared>,
        T: 'static,
    {
        let filter =
            MethodFilter::try_from(method.clone()).expect("routes have HTTP's own methods");
        Self {
            name,
            method,
            path: path.to_owned(),
            asks: Asks::default(),
            audience: Audience::default(),
            handler: on(filter, handler),
        }
    }

    /// For browsers with cookies.
    pub(crate) fn web(mut self) -> Self {
        self.audience = Audience::Browsers;
        self
    }

    /// For those who are not logged in.
    pub(crate) fn guest(mut self) -> Self {
        self.asks.guest = true;
        self
    }

    /// For those who are known.
    pub(crate) fn auth(mut self) -> Self {
        self.asks.auth = true;
        self
    }

    /// For those who are known, and for those of whom a second factor is still asked: the handler
    /// refuses all others.
    pub(crate) fn auth_or_halfway(mut self) -> Self {
        self.asks.halfway = true;
        self.auth()
    }

    /// For those who are known by a session, not by a token.
    pub(crate) fn session(mut self) -> Self {
        self.asks.auth = true;
        self.asks.session = true;
        self
    }

    /// For those who have proved of late once more who they are.
    pub(crate) fn confirmed(mut self) -> Self {
        self.asks.confirmed = true;
        self.session()
    }

    /// For those whose address is proved to be theirs.
    pub(crate) fn verified(mut self) -> Self {
        self.asks.auth = true;
        self.asks.verified = true;
        self
    }

    /// For those who are known and may do this.
    pub(crate) fn ability(mut self, ability: &str) -> Self {
        self.asks.auth = true;
        self.asks.abilities.push(ability.to_owned());
        self
    }

    /// No more often than this.
    pub(crate) fn limited(mut self, limit: LimitName) -> Self {
        self.asks.limit = Some(limit);
        self
    }

    /// What the route asks, in the words of the glossary.
    pub(crate) fn gates(&self) -> Vec<String> {
        let mut gates = Vec::new();
        if self.audience == Audience::Browsers && !self.method.is_safe() {
            gates.push("csrf".to_owned());
        }
        if self.asks.guest {
            gates.push("guest".to_owned());
        }
        if self.asks.auth {
            gates.push("auth".to_owned());
        }
        let others = [
            (self.asks.session, "session"),
            (self.asks.verified, "verified"),
            (self.asks.confirmed, "confirmed"),
        ];
        let asked = others.into_iter().filter(|(asked, _)| *asked);
        gates.extend(asked.map(|(_, name)| name.to_owned()));
        gates.extend(
            self.asks
                .abilities
                .iter()
                .map(|ability| format!("ability:{ability}")),
        );
        gates
    }
}

/// A `GET` route.
pub(crate) fn get<H, T>(name: &'static str, path: &str, handler: H) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    Route::new(name, Method::GET, path, handler)
}

/// A `POST` route.
pub(crate) fn post<H, T>(name: &'static str, path: &str, handler: H) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    Route::new(name, Method::POST, path, handler)
}

/// A `PUT` route.
pub(crate) fn put<H, T>(name: &'static str, path: &str, handler: H) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    Route::new(name, Method::PUT, path, handler)
}

/// A `DELETE` route.
pub(crate) fn delete<H, T>(name: &'static str, path: &str, handler: H) -> Route
where
    H: Handler<T, Shared>,
    T: 'static,
{
    Route::new(name, Method::DELETE, path, handler)
}

/// A router of these routes. What a path has no method for is a 405 that names those it has, as
/// Laravel's does.
pub(crate) fn mount(context: &Shared, routes: impl IntoIterator<Item = Route>) -> Router {
    // The router's `Allow` names them in the order in which they came; so does the sentence.
    let mut routes: Vec<Route> = routes.into_iter().collect();
    routes.sort_by(|one, other| one.method.as_str().cmp(other.method.as_str()));
    let mut by_path: BTreeMap<String, (MethodRouter<Shared>, Vec<Method>)> = BTreeMap::new();
    for route in routes {
        let asks = Asks {
            own: Some((route.name, route.audience)),
            ..route.asks
        };
        // Not `layer`, which would also stand before the 405 of other methods.
        let gated = route.handler.route_layer(Gate::new(context, asks));
        let (methods, mut named) = by_path.remove(&route.path).unwrap_or_default();
        named.push(route.method);
        by_path.insert(route.path, (methods.merge(gated), named));
    }
    by_path
        .into_iter()
        .fold(Router::new(), |router, (path, (methods, named))| {
            let allowed = allowed(&named);
            let refused = async move || Error::MethodNotAllowed { allowed };
            let methods = methods.fallback(refused).with_state(Arc::clone(context));
            match named
                .iter()
                .all(|method| [Method::GET, Method::POST].contains(method))
            {
                true => router.route(&path, methods),
                false => router.route_service(&path, MethodOverride::new(methods)),
            }
        })
}

/// These methods as in an `Allow` header: with `GET` comes `HEAD`.
fn allowed(methods: &[Method]) -> String {
    let mut names: Vec<&str> = methods.iter().map(Method::as_str).collect();
    if names.contains(&"GET") {
        names.push("HEAD");
    }
    names.sort_unstable();
    names.join(",")
}
