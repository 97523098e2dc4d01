//! `[session]`, `[remember]`, `[csrf]`, `[stateful]`: the cookie path.

use std::time::Duration;

use super::adapters::{at_least, checked};
use super::setting::Visit;
use super::values::{CsrfMode, SameSite};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const COOKIE: &str = "a cookie name: letters, digits, dots, _ and -";

/// `[session]`: the session behind a cookie.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Session {
    /// The cookie's name.
    pub cookie: String,
    /// How long a session lasts without a request.
    pub lifetime: Duration,
    /// How long a session lasts at most.
    pub absolute_lifetime: Duration,
    /// How many sessions one user may have; another one ends the longest idle.
    pub max_per_user: usize,
    /// Whether the cookie ends with the browser.
    pub expire_on_close: bool,
    /// When a browser sends the cookie along from another site.
    pub same_site: SameSite,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            cookie: "adyton_session".to_owned(),
            lifetime: Duration::from_secs(120 * 60),
            absolute_lifetime: 30 * DAY,
            max_per_user: 100,
            expire_on_close: false,
            same_site: SameSite::Lax,
        }
    }
}

impl Session {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting(
            "cookie",
            &mut checked(&mut self.cookie, is_cookie, COOKIE),
            "The cookie's name.",
        );
        let lifetime = &mut at_least(SECOND, &mut self.lifetime);
        v.setting(
            "lifetime",
            lifetime,
            "How long a session lasts without a request.",
        );
        let absolute = &mut at_least(SECOND, &mut self.absolute_lifetime);
        v.setting(
            "absolute_lifetime",
            absolute,
            "How long a session lasts at most.",
        );
        let help = "How many sessions one user may have; another one ends the longest idle.";
        let most = &mut at_least(1, &mut self.max_per_user);
        v.setting("max_per_user", most, help);
        let help = "Whether the cookie ends with the browser.";
        v.setting("expire_on_close", &mut self.expire_on_close, help);
        let help = "When a browser sends the cookie along from another site.";
        v.setting("same_site", &mut self.same_site, help);
    }
}

/// `[remember]`: staying logged in past the session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Remember {
    /// Whether a login may ask to be remembered.
    pub enabled: bool,
    /// The cookie's name.
    pub cookie: String,
    /// How long it is remembered.
    pub lifetime: Duration,
    /// How long a cookie that was just replaced still counts, for requests sent at once.
    pub grace: Duration,
}

impl Default for Remember {
    fn default() -> Self {
        Self {
            enabled: true,
            cookie: "adyton_remember".to_owned(),
            lifetime: 30 * DAY,
            grace: 60 * SECOND,
        }
    }
}

impl Remember {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting(
            "enabled",
            &mut self.enabled,
            "Whether a login may ask to be remembered.",
        );
        v.setting(
            "cookie",
            &mut checked(&mut self.cookie, is_cookie, COOKIE),
            "The cookie's name.",
        );
        let lifetime = &mut at_least(SECOND, &mut self.lifetime);
        v.setting("lifetime", lifetime, "How long it is remembered.");
        let help =
            "How long a cookie that was just replaced still counts, for requests sent at once.";
        v.setting("grace", &mut self.grace, help);
    }
}

/// `[csrf]`: the defence against requests forged by other sites.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Csrf {
    /// The cookie that carries the session's CSRF token to our own scripts.
    pub cookie: String,
    /// The domain of that cookie, for a front end on a sibling host; otherwise this host alone.
    pub domain: Option<String>,
    /// What shows that a request was not forged.
    pub mode: CsrfMode,
}

impl Default for Csrf {
    fn default() -> Self {
        Self {
            cookie: "XSRF-TOKEN".to_owned(),
            domain: None,
            mode: CsrfMode::Token,
        }
    }
}

impl Csrf {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The cookie that carries the session's CSRF token to our own scripts.";
        v.setting(
            "cookie",
            &mut checked(&mut self.cookie, is_cookie, COOKIE),
            help,
        );
        let domain = &mut checked(
            &mut self.domain,
            |domain| domain.as_deref().is_none_or(is_domain),
            "a domain such as example.com",
        );
        let help = "The domain of that cookie, for a front end on a sibling host.";
        v.setting("domain", domain, help);
        let help =
            "What shows that a request was not forged: the session's token, or as Laravel 13.";
        v.setting("mode", &mut self.mode, help);
    }
}

/// `[stateful]`: which front ends are our own, so that their cookies count.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stateful {
    /// The origins of our own front ends; `*` stands for a whole label or the port.
    pub origins: Vec<String>,
    /// The paths where a cookie counts only if the request names such an origin.
    pub require_origin: Vec<String>,
}

impl Default for Stateful {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            require_origin: vec!["/api/*".to_owned()],
        }
    }
}

impl Stateful {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The origins of our own front ends, for instance `https://*.example.com` or \
                    `http://localhost:*`; `*` stands for a whole label or the port.";
        v.setting("origins", &mut self.origins, help);
        let help = "The paths where a cookie counts only if the request names such an origin.";
        v.setting("require_origin", &mut self.require_origin, help);
    }
}

#[expect(clippy::ptr_arg, reason = "it is called with the setting's own type")]
fn is_cookie(name: &String) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    !domain.is_empty()
        && domain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}
