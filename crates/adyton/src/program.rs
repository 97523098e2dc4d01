//! A host's whole program: settings, log, key, database, tables and the server, for hosts that do
//! not care to do it themselves. Cargo feature `program`.

mod demo;
mod log;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;

use axum::Router;
use tokio::net::TcpListener;

use self::demo::Demo;
pub use self::log::start_log;
use crate::adyton::Adyton;
use crate::builder::{Builder, loopback_origins};
use crate::config::{Config, Sources};
use crate::crypto::keys::Keys;
use crate::db::{ConnectOptions, Db, Migration};
use crate::mail::DevMailbox;
use crate::serve::{ctrl_c, serve};

/// Where a host that was given no key keeps one.
const KEY_FILE: &str = ".adyton/key";

/// The help of a host that has none of its own.
const HELP: &str = "\
Usage: NAME [--listen ADDRESS] [--database URL]

  --listen ADDRESS   where to listen (ADYTON_LISTEN)
  --database URL     where everything is kept (ADYTON_DATABASE_URL): sqlite:, postgres: or mysql:

Every other setting is ADYTON_<SECTION>_<KEY>, or stands in adyton.toml.
";

/// A program that serves a host. Its settings are those that the host compiled in, under
/// `adyton.toml`, the environment and the flags `--listen` and `--database`.
///
/// ```no_run
/// use adyton::{Program, axum::Router};
///
/// #[tokio::main]
/// async fn main() -> std::process::ExitCode {
///     let settings = adyton::Config::default();
///     Program::new("shop", settings)
///         .run(|builder| builder, |adyton| Router::new().merge(adyton.routes()))
///         .await
/// }
/// ```
#[derive(Debug)]
pub struct Program {
    name: &'static str,
    settings: Config,
    help: &'static str,
    try_it: &'static str,
    migrations: &'static [Migration],
    demo: Option<Demo>,
}

impl Program {
    /// A program with a name and the settings that make it what it is.
    pub fn new(name: &'static str, settings: Config) -> Self {
        Self {
            name,
            settings,
            help: "",
            try_it: "",
            migrations: &[],
            demo: None,
        }
    }

    /// What `--help` prints.
    #[must_use]
    pub fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// What is printed at the start; `ADDRESS` in it stands for the server's.
    #[must_use]
    pub fn try_it(mut self, try_it: &'static str) -> Self {
        self.try_it = try_it;
        self
    }

    /// The host's own tables, beside Adyton's.
    #[must_use]
    pub fn migrations(mut self, migrations: &'static [Migration]) -> Self {
        self.migrations = migrations;
        self
    }

    /// What the flag `--demo` fills an empty database with, and what is printed then in place of
    /// [`try_it`](Program::try_it). It has known passwords, so a `public_url` refuses it, and a
    /// database with users is left as it is.
    #[must_use]
    pub fn demo<F>(
        mut self,
        words: &'static str,
        seed: impl FnOnce(Adyton) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = crate::error::Result<()>> + Send + 'static,
    {
        self.demo = Some(Demo::new(words, seed));
        self
    }

    /// Whether this process was started with `--demo`, for a host that does more than fill tables.
    #[must_use]
    pub fn is_demo() -> bool {
        std::env::args().skip(1).any(|word| word == demo::FLAG)
    }

    /// Runs until Ctrl-C. `bring` adds what the host brings; `app` is all its routes, Adyton's
    /// among them. Adyton's layer is put around them here.
    ///
    /// Without a `public_url` it is a program for this machine, by the name `localhost`: every page
    /// on it is the front end's, a key is made and kept in `./.adyton/key`, and mail is kept at `/_dev/mail` unless
    /// there is a way to send it. With one, settings that are unsafe in production are refused.
    pub async fn run(
        self,
        bring: impl FnOnce(Builder) -> Builder,
        app: impl FnOnce(&Adyton) -> Router,
    ) -> ExitCode {
        let mut arguments: Vec<String> = std::env::args().skip(1).collect();
        if self.demo.is_some() {
            arguments.retain(|word| word != demo::FLAG);
        }
        if arguments
            .iter()
            .any(|word| word == "--help" || word == "-h")
        {
            let help = match self.help {
                "" => HELP.replace("NAME", self.name),
                help => help.to_owned(),
            };
            let _ = io::stdout().write_all(help.as_bytes());
            return ExitCode::SUCCESS;
        }
        let name = self.name;
        let outcome = match Sources::from_process().with_arguments(arguments) {
            Ok(sources) => self.serve(&sources, bring, app).await,
            Err(error) => Err(format!("{error}; see `{name} --help`").into()),
        };
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                say(&format!("{name}: {error}"));
                ExitCode::FAILURE
            }
        }
    }

    async fn serve(
        self,
        sources: &Sources,
        bring: impl FnOnce(Builder) -> Builder,
        app: impl FnOnce(&Adyton) -> Router,
    ) -> Result<(), Box<dyn Error>> {
        let mut config = complete(Config::load(self.settings, sources)?)?;
        let demo = self.demo.filter(|_| Self::is_demo());
        if let Some(demo) = &demo {
            demo.check(&config)?;
        }
        // Whoever asks for a demo is to read its words, not what was logged of every row.
        let log = config.log.clone();
        if demo.is_none() {
            start_log(&log);
        }
        let listener = bind(&mut config).await?;
        let url = config.database.url.clone().unwrap_or_default();
        let db = Db::connect(&url, ConnectOptions::from(&config.database)).await?;
        let (builder, mailbox) = with_mailbox(bring(Adyton::builder(db).config(config)));
        let adyton = builder.build()?;
        make_tables(&adyton, self.migrations).await?;
        let end = ctrl_c();
        let address = format!("http://{}", listener.local_addr()?);
        say(&format!("{} listens on {address}", self.name));
        match demo {
            Some(demo) => {
                say_all(&demo.fill(&adyton).await?);
                start_log(&log);
            }
            None => say_all(&self.try_it.replace("ADDRESS", &address)),
        }
        let mut router = app(&adyton);
        if let Some(mailbox) = mailbox {
            say(&format!("Mail is kept at {address}{}", DevMailbox::PATH));
            router = router.merge(mailbox.routes());
        }
        Ok(serve(&adyton, listener, router.layer(adyton.layer()), end).await?)
    }
}

/// What a host has to say at the start, if anything.
fn say_all(words: &str) {
    if !words.is_empty() {
        say(&format!("\n{words}"));
    }
}

/// Adyton's tables and the host's, where they are not there.
async fn make_tables(adyton: &Adyton, migrations: &[Migration]) -> Result<(), Box<dyn Error>> {
    // Before, so that another installation's database stays as it is; after, for a new one.
    adyton.check_key().await?;
    adyton.migrate().await?;
    adyton.check_key().await?;
    adyton.migrate_host(migrations).await?;
    Ok(())
}

/// Takes the address that is set, and writes down which one that came to be: mailed links and
/// providers lead back to it where no public address is set, and passkeys belong to its name.
async fn bind(config: &mut Config) -> Result<TcpListener, Box<dyn Error>> {
    let listen = &config.listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| {
        format!("cannot listen on {listen}: {error}; choose another address by --listen")
    })?;
    let address = listener.local_addr()?;
    config.listen = address.to_string();
    if config.public_url.is_none() && address.ip().is_loopback() {
        config.public_url = Some(format!("http://localhost:{}", address.port()));
    }
    Ok(listener)
}

/// The settings with what this machine gives, or all that production must not have.
fn complete(mut config: Config) -> Result<Config, Box<dyn Error>> {
    if config.public_url.is_some() {
        let refusals = config.unsafe_for_production();
        let lines = refusals.iter().map(|refusal| {
            let (key, problem, mend) = (refusal.key, &refusal.problem, &refusal.mend);
            format!("\n  {key}: {problem}; {mend}")
        });
        return match lines.collect::<String>() {
            none if none.is_empty() => Ok(config),
            all => Err(format!("these settings are unsafe in production{all}").into()),
        };
    }
    if config.key.is_none() {
        let kept = Keys::kept_in(KEY_FILE);
        config.key = Some(kept.map_err(|error| format!("{KEY_FILE}: {error}"))?);
    }
    if config.stateful.origins.is_empty() {
        config.stateful.origins = loopback_origins();
    }
    Ok(config)
}

/// With a mailbox for development, where mail cannot be sent and strangers cannot reach us.
fn with_mailbox(builder: Builder) -> (Builder, Option<DevMailbox>) {
    if builder.has_mailer() {
        return (builder, None);
    }
    if builder.is_https() {
        tracing::warn!(
            setting = "mail.url",
            "no mail is sent: there is no mail server"
        );
        return (builder, None);
    }
    let mailbox = DevMailbox::new();
    (builder.mailer(mailbox.clone()), Some(mailbox))
}

/// Words go to standard error; that nobody reads them is no reason to end.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}
