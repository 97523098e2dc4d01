//! Assembling an Adyton from a database, settings and what the host brings.

use std::fmt;
use std::sync::Arc;

use crate::adyton::Adyton;
use crate::clock::Clock;
use crate::config::mail::{URLS, server};
use crate::config::{Config, IdKind, Locale};
use crate::core::{Core, Listener};
use crate::crypto::keys::Keys;
use crate::crypto::password::{Hasher, Params};
use crate::db::Db;
use crate::error::BuildError;
use crate::event::Event;
use crate::freshness::Freshness;
use crate::http::context::{Context, Speech};
use crate::http::origin::OriginPattern;
use crate::mail::{Mailer, Post, Smtp};
use crate::passkey;
use crate::password_policy;
use crate::route_table;
use crate::second_factor;
use crate::social::Providers;
use crate::store::users::UsersTable;
use crate::throttle::Throttle;
use crate::user::Users;
use crate::wire::{Dialect, Envelope, Laravel, Texts};

/// Puts an [`Adyton`] together: from [`Adyton::builder`].
pub struct Builder {
    db: Db,
    config: Config,
    users: Option<Arc<dyn Users>>,
    dialect: Arc<dyn Dialect>,
    by_path: Vec<(Vec<String>, Arc<dyn Dialect>)>,
    clock: Clock,
    listeners: Vec<Listener>,
    mailer: Option<Arc<dyn Mailer>>,
    has_courier: bool,
}

impl Builder {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            config: Config::default(),
            users: None,
            dialect: Arc::new(Laravel),
            by_path: Vec::new(),
            clock: Clock::system(),
            listeners: Vec::new(),
            mailer: None,
            has_courier: true,
        }
    }

    /// With these settings.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// With the host's own users in place of Laravel's `users` table.
    #[must_use]
    pub fn users(mut self, users: impl Users) -> Self {
        self.users = Some(Arc::new(users));
        self
    }

    /// Laravel's `users` table with the configured fields: for a host's own users that wrap it.
    pub fn users_table(&self) -> UsersTable {
        let fields = self.config.users.fields.clone();
        UsersTable::new(self.db.clone(), self.clock.clone(), fields)
    }

    /// The database that it is built on.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Speaking this dialect wherever no other is set; Laravel's by default.
    #[must_use]
    pub fn dialect(mut self, dialect: impl Dialect) -> Self {
        self.dialect = Arc::new(dialect);
        self
    }

    /// Speaking this dialect below some paths, such as `/api/v2/*`. What is set first wins, and
    /// all of these before `wire.envelope`.
    #[must_use]
    pub fn dialect_at(mut self, path: &str, dialect: impl Dialect) -> Self {
        self.by_path
            .push((vec![path.to_owned()], Arc::new(dialect)));
        self
    }

    /// With a clock that a test can move.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Tells a listener what happens. It runs in the request: hand on what takes time.
    #[must_use]
    pub fn on_event(mut self, listener: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.listeners.push(Box::new(listener));
        self
    }

    /// With the host's own way to send mail, in place of the SMTP server that `mail.url` names.
    #[must_use]
    pub fn mailer(mut self, mailer: impl Mailer) -> Self {
        self.mailer = Some(Arc::new(mailer));
        self
    }

    /// Whether the host brought a way to send mail, or the settings name one.
    #[cfg(feature = "program")]
    pub(crate) fn has_mailer(&self) -> bool {
        self.mailer.is_some() || self.config.mail.url.is_some()
    }

    /// Whether browsers reach it by HTTPS.
    #[cfg(feature = "program")]
    pub(crate) fn is_https(&self) -> bool {
        let origin = self.config.public_origin();
        origin.is_some_and(|origin| origin.starts_with("https://"))
    }

    /// Without a courier: mail is written to the outbox, and sent by another process on the same
    /// database, or by [`Adyton::deliver_mail`]. For programs that end soon.
    #[must_use]
    pub fn without_courier(mut self) -> Self {
        self.has_courier = false;
        self
    }

    /// Builds it. Inside a Tokio runtime: what was noted in memory is flushed by a task of its
    /// own. Neither migrates nor asks the database.
    ///
    /// # Errors
    /// A setting that is wrong: a key that cannot be read, a stateful origin that is none, an
    /// unknown route or feature, two routes on one path.
    pub fn build(self) -> Result<Adyton, BuildError> {
        let keys = keys(&self.config)?;
        let hasher = hasher(&self.config)?;
        let mailer = match self.mailer {
            Some(mailer) => Some(mailer),
            None => smtp(&self.config)?.map(|smtp| Arc::new(smtp) as Arc<dyn Mailer>),
        };
        warn_of_what_is_not_kept(&self.config, mailer.is_some());
        route_table::check(&self.config)?;
        password_policy::check(&self.config)?;
        second_factor::check_settings(&self.config)?;
        passkey::check_settings(&self.config)?;
        let providers = Providers::new(&self.config)?;
        check_user_ids(&self.config, self.users.is_some())?;
        let fields = self.config.users.fields.clone();
        let table = UsersTable::new(self.db.clone(), self.clock.clone(), fields);
        let own_table = self.users.is_none().then(|| table.clone());
        let users = self.users.unwrap_or_else(|| Arc::new(table));
        let speech = speech(&self.config, self.by_path, self.dialect);
        let core = Core {
            db: self.db,
            users,
            clock: self.clock,
            hasher,
            throttle: Throttle::new(self.config.throttle.capacity),
            freshness: Freshness::default(),
            csrf_keys: Core::csrf_keys_of(&keys),
            listeners: self.listeners,
            keys,
            post: Post::new(mailer),
            providers,
            config: self.config,
        };
        let context = Context::new(Arc::new(core), speech);
        let context = context.map_err(|error| BuildError::new("stateful.origins", error))?;
        Ok(Adyton::of(Arc::new(context), own_table, self.has_courier))
    }
}

impl Config {
    /// Whether an Adyton could be built with these settings, without a database to build it on.
    ///
    /// # Errors
    /// As [`Builder::build`].
    pub fn check(&self) -> Result<(), BuildError> {
        if self.key.is_some() || !self.previous_keys.is_empty() {
            keys(self)?;
        }
        params(self)?;
        smtp(self)?;
        route_table::check(self)?;
        password_policy::check(self)?;
        second_factor::check_settings(self)?;
        passkey::check_settings(self)?;
        Providers::new(self)?;
        let unreadable = |text: &String| text.parse::<OriginPattern>().err();
        match self.stateful.origins.iter().find_map(unreadable) {
            Some(error) => Err(BuildError::new("stateful.origins", error)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("config", &self.config)
            .field("db", &self.db)
            .finish_non_exhaustive()
    }
}

/// Without a key, what must be sealed to be kept is refused rather than lost at the next start.
fn warn_of_what_is_not_kept(config: &Config, has_mailer: bool) {
    if config.key.is_none() && has_mailer {
        tracing::warn!(
            setting = "key",
            "no key is configured: no mail is sent, since what waits to be sent is sealed"
        );
    }
}

/// The configured keys. Without one, a key for the life of this process: CSRF tokens end with it,
/// and nothing lasting is sealed with it.
fn keys(config: &Config) -> Result<Keys, BuildError> {
    let previous: Vec<String> = config
        .previous_keys
        .iter()
        .map(|key| key.expose().clone())
        .collect();
    let current = match &config.key {
        Some(key) => key.expose().clone(),
        None => {
            tracing::warn!(
                "no key is configured: one is made for this process; see `adyton key generate`"
            );
            Keys::generate()
        }
    };
    Keys::parse(&current, &previous).map_err(|error| {
        BuildError::new(
            if error.position == 0 {
                "key"
            } else {
                "previous_keys"
            },
            error,
        )
    })
}

fn params(config: &Config) -> Result<Params, BuildError> {
    let params = Params {
        memory_kib: config.hashing.memory_kib,
        iterations: config.hashing.iterations,
        parallelism: config.hashing.parallelism,
    };
    let checked = params.validate();
    checked.map_err(|error| BuildError::new("hashing", error))?;
    Ok(params)
}

fn hasher(config: &Config) -> Result<Hasher, BuildError> {
    let (hashing, params) = (&config.hashing, params(config)?);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = if hashing.threads == 0 {
        cores
    } else {
        hashing.threads
    };
    Ok(Hasher::new(params, threads, hashing.queue, hashing.wait))
}

/// The mailer that the settings name, if they name one.
fn smtp(config: &Config) -> Result<Option<Smtp>, BuildError> {
    let Some(url) = &config.mail.url else {
        return Ok(None);
    };
    let server = server(url);
    let server = server.ok_or_else(|| BuildError::new("mail.url", format!("expected {URLS}")))?;
    let from = config.mail_sender();
    let from = from.ok_or_else(|| BuildError::new("mail.from", "is no address"))?;
    let smtp = Smtp::new(server, &from, config.mail.timeout);
    let smtp = smtp.map_err(|problem| BuildError::new("mail.url", problem))?;
    Ok(Some(smtp))
}

fn speech(
    config: &Config,
    mut by_path: Vec<(Vec<String>, Arc<dyn Dialect>)>,
    otherwise: Arc<dyn Dialect>,
) -> Speech {
    by_path.push((config.wire.envelope.clone(), Arc::new(Envelope)));
    let texts = Texts::new(match config.locale {
        Locale::Es => Locale::Es,
        _ => Locale::En,
    });
    Speech {
        by_path,
        otherwise,
        texts: Arc::new(texts),
        names: Arc::default(),
        home: config.wire.home.as_str().into(),
        redirects: Arc::new(config.redirects.clone()),
    }
}

/// Laravel's `users` table has numbers for keys: texts are for a host's own users.
fn check_user_ids(config: &Config, has_own_users: bool) -> Result<(), BuildError> {
    if config.users.id == IdKind::Text && !has_own_users {
        let problem =
            "`text` is for a host that brings its own users; the `users` table has numbers";
        return Err(BuildError::new("users.id", problem));
    }
    Ok(())
}

/// Every origin on this machine, on any port, as `stateful.origins` takes them: in development all
/// of them are our own front end's.
pub fn loopback_origins() -> Vec<String> {
    OriginPattern::loopback()
        .iter()
        .map(ToString::to_string)
        .collect()
}
