//! The settings: every one has a default, a key in `adyton.toml`, a variable and a sentence.
//!
//! Flags win over the environment (`ADYTON_<SECTION>_<KEY>`), the environment over `adyton.toml`,
//! the file over the defaults. Each section lists its settings once, in `visit`; that one walk
//! applies all sources, knows which keys exist and prints the reference page.

mod account;
mod adapters;
mod arguments;
mod browser;
mod duration;
mod file;
mod known;
mod load;
pub(crate) mod mail;
mod nearest;
mod passwords;
mod production;
mod reference;
mod setting;
mod sources;
mod tokens;
mod transport;
mod users;
mod values;
mod ways_in;
mod words;

use std::collections::BTreeMap;

use crate::crypto::secret::Secret;

pub use account::{Confirm, Links, TwoFactor};
pub use arguments::ArgumentError;
pub use browser::{Csrf, Remember, Session, Stateful};
pub use duration::parse as parse_duration;
pub use load::ConfigErrors;
pub use mail::Mail;
pub use passwords::Passwords;
pub use production::Refusal;
pub use reference::reference;
pub use sources::Sources;
pub use tokens::{Guard, Throttle, Tokens};
pub use transport::{Http, Log, Routes, Wire};
pub use users::{Database, Field, Hashing, Registration, Users};
pub use values::{
    BreachCheck, CsrfMode, FieldKind, IdKind, Limit, Locale, LogFormat, LogLevel, RegistrationMode,
    SameSite, SocialKind,
};
pub use ways_in::{Passkeys, Provider};

use adapters::checked;
use setting::Visit;
use transport::{RedirectEntries, RouteEntries};
use ways_in::ProviderEntries;

/// All settings.
///
/// ```
/// use adyton::config::{Config, Sources};
///
/// let mut base = Config::default();
/// base.listen = "127.0.0.1:9000".to_owned();
/// let config = Config::load(base, &Sources::default())?;
/// assert_eq!(config.listen, "127.0.0.1:9000");
/// # Ok::<(), adyton::config::ConfigErrors>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    /// The address and port to listen on, for instance `127.0.0.1:8000`.
    pub listen: String,
    /// The address browsers reach us by, for instance `https://app.example.com`.
    pub public_url: Option<String>,
    /// The key that binds CSRF tokens to their sessions.
    pub key: Option<Secret<String>>,
    /// Keys used before, newest first: they still read, they no longer write.
    pub previous_keys: Vec<Secret<String>>,
    /// Whether answers may describe what went wrong inside.
    pub debug: bool,
    /// The language of our sentences.
    pub locale: Locale,
    /// What the product calls itself, in mails and in authenticator apps.
    pub app_name: String,
    /// The features that are on; empty means all.
    pub features: Vec<String>,
    /// `[database]`
    pub database: Database,
    /// `[users]`
    pub users: Users,
    /// `[registration]`
    pub registration: Registration,
    /// `[passwords]`
    pub passwords: Passwords,
    /// `[hashing]`
    pub hashing: Hashing,
    /// `[session]`
    pub session: Session,
    /// `[remember]`
    pub remember: Remember,
    /// `[csrf]`
    pub csrf: Csrf,
    /// `[stateful]`
    pub stateful: Stateful,
    /// `[two_factor]`
    pub two_factor: TwoFactor,
    /// `[social]`: providers by which users get in, by name.
    pub social: BTreeMap<String, Provider>,
    /// `[passkeys]`
    pub passkeys: Passkeys,
    /// `[confirm]`
    pub confirm: Confirm,
    /// `[links]`
    pub links: Links,
    /// `[tokens]`
    pub tokens: Tokens,
    /// `[throttle]`
    pub throttle: Throttle,
    /// `[guard]`
    pub guard: Guard,
    /// `[mail]`
    pub mail: Mail,
    /// `[http]`
    pub http: Http,
    /// `[wire]`
    pub wire: Wire,
    /// `[routes]`: other paths for routes, by route name.
    pub routes: Routes,
    /// `[redirects]`: where a form post is sent on, by route name.
    pub redirects: Routes,
    /// `[log]`
    pub log: Log,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8000".to_owned(),
            public_url: None,
            key: None,
            previous_keys: Vec::new(),
            debug: false,
            locale: Locale::En,
            app_name: "Adyton".to_owned(),
            features: Vec::new(),
            database: Database::default(),
            users: Users::default(),
            registration: Registration::default(),
            passwords: Passwords::default(),
            hashing: Hashing::default(),
            session: Session::default(),
            remember: Remember::default(),
            csrf: Csrf::default(),
            stateful: Stateful::default(),
            two_factor: TwoFactor::default(),
            social: BTreeMap::new(),
            passkeys: Passkeys::default(),
            confirm: Confirm::default(),
            links: Links::default(),
            tokens: Tokens::default(),
            throttle: Throttle::default(),
            guard: Guard::default(),
            mail: Mail::default(),
            http: Http::default(),
            wire: Wire::default(),
            routes: Routes::new(),
            redirects: Routes::new(),
            log: Log::default(),
        }
    }
}

impl Config {
    /// The scheme, host and port of `public_url`, in lower case and without a default port.
    pub fn public_origin(&self) -> Option<String> {
        self.public_url.as_deref().and_then(production::origin)
    }

    /// Whether a feature is on.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.is_empty() || self.features.iter().any(|on| on == name)
    }

    fn visit(&mut self, v: &mut dyn Visit) {
        self.visit_top(v);
        let routes = &mut RouteEntries(&mut self.routes);
        v.entries("routes", routes, transport::ROUTES);
        let redirects = &mut RedirectEntries(&mut self.redirects);
        v.entries("redirects", redirects, transport::REDIRECTS);
        let social = &mut ProviderEntries(&mut self.social);
        v.entries("social", social, ways_in::SOCIAL);
        v.section("database", "Where everything is kept.");
        self.database.visit(v);
        v.section("users", "What a user is.");
        self.users.visit(v);
        v.section("registration", "Who may register.");
        self.registration.visit(v);
        v.section("passwords", "What a new password must be.");
        self.passwords.visit(v);
        v.section("hashing", "What checking a password costs: Argon2id.");
        self.hashing.visit(v);
        self.visit_browser(v);
        self.visit_account(v);
        self.visit_tokens(v);
        v.section("mail", "How mail leaves.");
        self.mail.visit(v);
        v.section("http", "The server's edge.");
        self.http.visit(v);
        v.section("wire", "How answers are worded.");
        self.wire.visit(v);
        v.section("log", "What is written to standard error.");
        self.log.visit(v);
    }

    fn visit_browser(&mut self, v: &mut dyn Visit) {
        v.section("session", "The session behind a cookie.");
        self.session.visit(v);
        v.section("remember", "Staying logged in past the session.");
        self.remember.visit(v);
        v.section(
            "csrf",
            "The defence against requests forged by other sites.",
        );
        self.csrf.visit(v);
        v.section(
            "stateful",
            "Which front ends are our own, so that their cookies count.",
        );
        self.stateful.visit(v);
    }

    fn visit_account(&mut self, v: &mut dyn Visit) {
        v.section("two_factor", "The second factor.");
        self.two_factor.visit(v);
        v.section("passkeys", "Passkeys: WebAuthn.");
        self.passkeys.visit(v);
        v.section(
            "confirm",
            "Proving once more who one is, before sensitive changes.",
        );
        self.confirm.visit(v);
        v.section("links", "Where mailed links lead, and how long they live.");
        self.links.visit(v);
    }

    fn visit_tokens(&mut self, v: &mut dyn Visit) {
        v.section("tokens", "Personal access tokens.");
        self.tokens.visit(v);
        v.section(
            "throttle",
            "How often something may be tried: requests / window.",
        );
        self.throttle.visit(v);
        v.section(
            "guard",
            "What is remembered between two requests of one caller.",
        );
        self.guard.visit(v);
    }

    fn visit_top(&mut self, v: &mut dyn Visit) {
        let listen = &mut checked(
            &mut self.listen,
            is_listen,
            "an address such as 127.0.0.1:8000",
        );
        v.setting("listen", listen, "The address and port to listen on.");
        let public_url = &mut checked(
            &mut self.public_url,
            |url| {
                url.as_deref()
                    .is_none_or(|url| production::origin(url).is_some())
            },
            "an address such as https://app.example.com",
        );
        v.setting(
            "public_url",
            public_url,
            "The address browsers reach us by.",
        );
        v.setting(
            "key",
            &mut self.key,
            "The key that seals second factors and waiting mail, and binds CSRF tokens to their sessions.",
        );
        let previous = "Keys used before, newest first: they still read, they no longer write.";
        v.setting("previous_keys", &mut self.previous_keys, previous);
        let help = "Whether answers may describe what went wrong inside.";
        v.setting("debug", &mut self.debug, help);
        v.setting("locale", &mut self.locale, "The language of our sentences.");
        let app_name = &mut checked(&mut self.app_name, |name| mail::is_name(name), mail::NAME);
        let help = "What the product calls itself, in mails and in authenticator apps.";
        v.setting("app_name", app_name, help);
        v.setting(
            "features",
            &mut self.features,
            "The features that are on; empty means all.",
        );
    }
}

#[expect(clippy::ptr_arg, reason = "it is called with the setting's own type")]
fn is_listen(listen: &String) -> bool {
    listen
        .rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}
