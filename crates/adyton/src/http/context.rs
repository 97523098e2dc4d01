//! What the HTTP rooms stand on: the core, the guard, the dialects and what the settings come
//! down to for a request.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, header};

use super::cookies::Found;
use super::origin::{Origin, OriginPattern, OriginPatternError};
use super::{address, cookies, path};
use crate::config::Config;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::flow;
use crate::guard::Guard;
use crate::session::Kept;
use crate::store::Client;
use crate::wire::{Dialect, Texts};

/// One for a running Adyton.
pub(crate) struct Context {
    pub core: Arc<Core>,
    pub guard: Guard,
    pub speech: Speech,
    /// Origins whose pages are our own front end.
    pub stateful: Vec<OriginPattern>,
    /// Our own origin; `None` where no public address is configured.
    pub own_origin: Option<Origin>,
    /// Whether the public address is HTTPS.
    pub secure: bool,
    pub session_cookie: String,
    /// By the order of [`Kept::ALL`].
    kept_cookies: [String; Kept::ALL.len()],
    pub csrf_cookie: String,
    /// What `Strict-Transport-Security` says.
    pub hsts: Option<HeaderValue>,
}

/// How answers are worded.
pub(crate) struct Speech {
    /// Dialects by path; the first that lists a path speaks there.
    pub by_path: Vec<(Vec<String>, Arc<dyn Dialect>)>,
    /// The dialect of all other paths.
    pub otherwise: Arc<dyn Dialect>,
    pub texts: Arc<Texts>,
    /// No other names for fields: what an overlay adds its own to.
    pub names: Arc<HashMap<String, String>>,
    pub home: Arc<str>,
    pub redirects: Arc<BTreeMap<String, String>>,
}

impl Speech {
    /// The dialect that speaks at a path.
    pub(crate) fn at(&self, path: &str) -> &Arc<dyn Dialect> {
        let listed = self
            .by_path
            .iter()
            .find(|(paths, _)| path::is_listed(path, paths));
        listed.map_or(&self.otherwise, |(_, dialect)| dialect)
    }
}

impl Context {
    /// The context of a core.
    ///
    /// # Errors
    /// When a stateful origin in the settings cannot be read.
    pub(crate) fn new(core: Arc<Core>, speech: Speech) -> Result<Self, OriginPatternError> {
        let config = &core.config;
        let stateful = config
            .stateful
            .origins
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()?;
        let secure = core.is_https();
        Ok(Self {
            stateful,
            own_origin: config
                .public_origin()
                .and_then(|origin| Origin::parse(&origin)),
            secure,
            session_cookie: cookies::host_prefixed(&config.session.cookie, secure),
            kept_cookies: Kept::ALL.map(|kept| {
                let name = match kept {
                    Kept::Remember => &config.remember.cookie,
                    Kept::Trusted => "adyton_trusted",
                    Kept::Device => "adyton_device",
                    Kept::SocialFlow => "adyton_social",
                    Kept::PasskeyFlow => "adyton_passkey",
                };
                cookies::host_prefixed(name, secure)
            }),
            csrf_cookie: config.csrf.cookie.clone(),
            hsts: config
                .http
                .hsts
                .as_deref()
                .and_then(|text| text.parse().ok()),
            guard: Guard::new(Arc::clone(&core)),
            core,
            speech,
        })
    }

    /// The settings.
    pub(crate) fn config(&self) -> &Config {
        &self.core.config
    }

    /// Whether this is our own origin: the configured one, else the one the request is sent to.
    pub(crate) fn is_own(&self, origin: &Origin, headers: &HeaderMap) -> bool {
        match &self.own_origin {
            Some(own) => own == origin,
            None => {
                let host = headers
                    .get(header::HOST)
                    .and_then(|host| host.to_str().ok());
                host.is_some_and(|host| origin.is_at(host))
            }
        }
    }

    /// Our own origin, or one of our front end.
    pub(crate) fn is_ours(&self, origin: &Origin, headers: &HeaderMap) -> bool {
        self.is_own(origin, headers) || origin.matches(&self.stateful)
    }

    /// Where a request came from.
    pub(crate) fn client(&self, parts: &Parts) -> Client {
        let address = self.address(parts);
        let agent = parts.headers.get(header::USER_AGENT);
        Client {
            address,
            user_agent: agent
                .map(|agent| String::from_utf8_lossy(agent.as_bytes()).replace('\0', "")),
            trusted: self.brought(Kept::Trusted, parts).map(Secret::from),
            device: self.brought(Kept::Device, parts).map(Secret::from),
        }
    }

    /// The name of a cookie beside the session's own.
    pub(crate) fn kept_cookie(&self, kept: Kept) -> &str {
        &self.kept_cookies[kept as usize]
    }

    /// How long a browser keeps it.
    pub(crate) fn kept_lifetime(&self, kept: Kept) -> Duration {
        let config = self.config();
        match kept {
            Kept::Remember => config.remember.lifetime,
            Kept::Trusted => config.two_factor.trusted_browser_lifetime,
            Kept::Device => config.throttle.known_browser_lifetime,
            Kept::SocialFlow | Kept::PasskeyFlow => flow::LIFETIME,
        }
    }

    /// What a request brings in such a cookie, if it came once and is text.
    pub(crate) fn brought<'a>(&self, kept: Kept, parts: &'a Parts) -> Option<&'a str> {
        match cookies::find(&parts.headers, self.kept_cookie(kept)) {
            Found::One(value) => std::str::from_utf8(value).ok(),
            _ => None,
        }
    }

    /// Where a browser goes on after a route of this name: as `[redirects]` says, else home.
    pub(crate) fn goes_on(&self, operation: &str) -> String {
        let configured = self.speech.redirects.get(operation);
        configured.map_or_else(|| self.speech.home.to_string(), String::clone)
    }

    /// The client's address, through trusted proxies only.
    pub(crate) fn address(&self, parts: &Parts) -> IpAddr {
        address::client_address(
            peer(parts),
            &parts.headers,
            &self.config().http.trusted_proxies,
        )
    }

    /// Whether the request came as the public address asks: over HTTPS where that is HTTPS.
    pub(crate) fn is_secure_enough(&self, parts: &Parts) -> bool {
        let trusted = &self.config().http.trusted_proxies;
        !self.secure
            || !self.config().http.require_https
            || address::is_https(peer(parts), &parts.headers, trusted, false)
    }
}

/// The other end of the connection. A host that serves the router without
/// `into_make_service_with_connect_info` hides it: all clients are then one.
fn peer(parts: &Parts) -> IpAddr {
    let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}
