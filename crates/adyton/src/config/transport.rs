//! `[http]`, `[wire]`, `[routes]`, `[log]`: the edge of the server.

use std::collections::BTreeMap;
use std::time::Duration;

use ipnet::IpNet;

use super::adapters::{Bytes, at_least, checked};
use super::production;
use super::setting::{Entries, Visit};
use super::values::{LogFormat, LogLevel};

/// `[http]`: the server's edge.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Http {
    /// The networks whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The largest body, in bytes.
    pub body_limit: usize,
    /// How long a request may take to send its body.
    pub body_timeout: Duration,
    /// The headers that a front end on another origin may send.
    pub cors_headers: Vec<String>,
    /// How long requests may go on when the server stops.
    pub shutdown_timeout: Duration,
    /// Whether plain HTTP is refused where `public_url` is https. Off only for a host that ends
    /// TLS in its own process.
    pub require_https: bool,
    /// The `Strict-Transport-Security` header of every answer where `public_url` is https; none
    /// sends none.
    pub hsts: Option<String>,
}

impl Default for Http {
    fn default() -> Self {
        let headers = [
            "accept",
            "authorization",
            "content-type",
            "x-csrf-token",
            "x-requested-with",
            "x-xsrf-token",
        ];
        Self {
            trusted_proxies: Vec::new(),
            body_limit: 65_536,
            body_timeout: Duration::from_secs(30),
            cors_headers: headers.map(str::to_owned).to_vec(),
            shutdown_timeout: Duration::from_secs(30),
            require_https: true,
            hsts: Some("max-age=63072000; includeSubDomains".to_owned()),
        }
    }
}

impl Http {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The networks whose `X-Forwarded-*` headers are believed.";
        v.setting("trusted_proxies", &mut self.trusted_proxies, help);
        v.setting(
            "body_limit",
            &mut Bytes(&mut self.body_limit),
            "The largest body.",
        );
        let timeout = &mut at_least(Duration::from_millis(1), &mut self.body_timeout);
        let help = "How long a request may take to send its body.";
        v.setting("body_timeout", timeout, help);
        let names = |names: &Vec<String>| {
            names
                .iter()
                .all(|name| http::HeaderName::from_bytes(name.as_bytes()).is_ok())
        };
        let headers = &mut checked(&mut self.cors_headers, names, "a list of header names");
        let help = "The headers that a front end on another origin may send.";
        v.setting("cors_headers", headers, help);
        let help = "How long requests may go on when the server stops.";
        v.setting("shutdown_timeout", &mut self.shutdown_timeout, help);
        let help = "Whether plain HTTP is refused where `public_url` is https; off only for a host that ends TLS in its own process.";
        v.setting("require_https", &mut self.require_https, help);
        let is_header = |hsts: &Option<String>| {
            hsts.as_ref()
                .is_none_or(|text| http::HeaderValue::from_str(text).is_ok())
        };
        let hsts = &mut checked(&mut self.hsts, is_header, "the value of a header");
        let help = "The `Strict-Transport-Security` header of every answer where `public_url` is https; empty sends none.";
        v.setting("hsts", hsts, help);
    }
}

/// `[wire]`: how answers are worded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Wire {
    /// The paths answered in the envelope dialect.
    pub envelope: Vec<String>,
    /// Whether a JSON request always gets a JSON body, never an empty 204.
    pub json_bodies: bool,
    /// Whether a script that is logged in is sent on from a route for guests, as Laravel does.
    pub guest_redirect: bool,
    /// Whether a request's `Accept-Language` chooses among the languages there are.
    pub accept_language: bool,
    /// Where a form post is sent after login: a path, or an address.
    pub home: String,
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            envelope: vec!["/api/v1/*".to_owned()],
            json_bodies: false,
            guest_redirect: false,
            accept_language: false,
            home: "/home".to_owned(),
        }
    }
}

impl Wire {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The paths answered in the envelope dialect.";
        v.setting("envelope", &mut self.envelope, help);
        let help = "Whether a JSON request always gets a JSON body, never an empty 204.";
        v.setting("json_bodies", &mut self.json_bodies, help);
        let help = "Whether a script that is logged in is sent on from a route for guests, as \
                    Laravel does; a 409 otherwise.";
        v.setting("guest_redirect", &mut self.guest_redirect, help);
        let help = "Whether a request's `Accept-Language` chooses the language of its answer; \
                    `locale` is for those that name none we have.";
        v.setting("accept_language", &mut self.accept_language, help);
        let home = &mut checked(&mut self.home, |home: &String| is_page(home), PAGE);
        v.setting("home", home, "Where a form post is sent after login.");
    }
}

/// `[routes]`: other paths for routes, by route name.
pub type Routes = BTreeMap<String, String>;

pub(super) const ROUTES: &str = "Other paths for routes: `\"token.login\" = \"/api/login\"`.";

pub(super) const REDIRECTS: &str = "Where a form post, or a browser that is back from a provider, \
     is sent on, by route name: `\"logout\" = \"/bye\"`; also `\"social.failed\"`, and \
     `\"two-factor.login\"` for the page where a code is typed.";

pub(super) struct RouteEntries<'a>(pub(super) &'a mut Routes);

impl Entries for RouteEntries<'_> {
    fn refusal(&self, _name: &str) -> Option<&'static str> {
        None
    }

    fn visit(&mut self, name: &str, v: &mut dyn Visit) {
        let path = self
            .0
            .entry(name.to_owned())
            .or_insert_with(|| "/".to_owned());
        // Without quotes, TOML reads `token.login` as a table in a table.
        const EXPECTS: &str = "a path such as /api/login, and the route's name in quotes";
        let is_path = |path: &String| is_path(path);
        v.setting("", &mut checked(path, is_path, EXPECTS), "Its path.");
    }
}

/// `[redirects]`: one page a route.
pub(super) struct RedirectEntries<'a>(pub(super) &'a mut Routes);

impl Entries for RedirectEntries<'_> {
    fn refusal(&self, _name: &str) -> Option<&'static str> {
        None
    }

    fn visit(&mut self, name: &str, v: &mut dyn Visit) {
        let page = self.0.entry(name.to_owned());
        let page = page.or_insert_with(|| "/".to_owned());
        const EXPECTS: &str = "a path such as /home, or an address, and the route's name in quotes";
        let is_page = |page: &String| is_page(page);
        v.setting("", &mut checked(page, is_page, EXPECTS), "Its page.");
    }
}

const PAGE: &str = "a path such as /home, or an address";

/// A page of ours, or of a front end that lives elsewhere.
fn is_page(page: &str) -> bool {
    let is_address =
        || production::origin(page).is_some() && page.bytes().all(|byte| byte.is_ascii_graphic());
    is_path(page) || is_address()
}

/// One slash, not two: `//example.com` is another host.
fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// `[log]`: what is written to standard error.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Log {
    /// How a line looks.
    pub format: LogFormat,
    /// The least important line that is still written.
    pub level: LogLevel,
}

impl Log {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting("format", &mut self.format, "How a line looks.");
        v.setting(
            "level",
            &mut self.level,
            "The least important line that is still written.",
        );
    }
}
