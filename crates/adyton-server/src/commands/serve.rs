//! `adyton serve`: the server for strangers. What is unsafe is refused before it starts.

use adyton::Adyton;
use adyton::config::Config;
use adyton::start_log;
use anyhow::bail;
use axum::Router;
use clap::Args;

use crate::output::{InWords as _, Wrong, say};
use crate::server;
use crate::settings::{self, Place};

/// Refuses to start without a key, a database and an https public address, with debug on, or with
/// tables that are not up to date; it says what to set.
#[derive(Args)]
#[command(after_help = "Examples:
  export ADYTON_KEY=\"$(adyton key generate)\"       # once; keep it
  export ADYTON_DATABASE_URL=postgres://user:password@host/name
  export ADYTON_PUBLIC_URL=https://app.example.com
  export ADYTON_HTTP_TRUSTED_PROXIES=127.0.0.1     # the proxy that ends TLS
  adyton serve --migrate")]
pub struct Arguments {
    /// The address and port to listen on [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Bring the tables up to date first
    #[arg(long)]
    migrate: bool,
}

/// A setting to mend: its key, what is wrong with it, what to do.
pub struct Flaw {
    /// The setting's key.
    pub key: &'static str,
    problem: String,
    mend: String,
}

/// Runs the server until it is told to end.
pub async fn run(place: &Place, arguments: Arguments) -> anyhow::Result<()> {
    let config = place.load(Config::default(), arguments.listen)?;
    start_log(&config.log);
    server::check(&config)?;
    refuse(&config)?;
    warn(&config);
    let listener = server::bind(&config, "serve").await?;
    let adyton = match arguments.migrate {
        true => settings::open(config, |builder| builder).await?,
        false => settings::open_existing(config, |builder| builder).await?,
    };
    migrate(&adyton, arguments.migrate).await?;
    let (address, public_url) = (listener.local_addr()?, &adyton.config().public_url);
    let public_url = public_url.as_deref().unwrap_or_default();
    let end = server::end();
    tracing::info!(%address, public_url, "listening");
    server::run(&adyton, listener, Router::new(), end).await
}

/// What may be meant.
fn warn(config: &Config) {
    for warning in config.warnings() {
        let (key, problem, mend) = (warning.key, &warning.problem, &warning.mend);
        tracing::warn!(setting = key, mend, "{problem}");
    }
    // This server does not end TLS, and so cannot know.
    if is_https(config) && !config.http.require_https {
        tracing::warn!(
            setting = "http.require_https",
            mend = "set ADYTON_HTTP_REQUIRE_HTTPS=true",
            "passwords are taken over plain HTTP too"
        );
    }
}

/// Everything that keeps `adyton serve` from starting with these settings.
pub fn flaws(config: &Config) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = config
        .unsafe_for_production()
        .into_iter()
        .map(|refusal| Flaw {
            key: refusal.key,
            problem: refusal.problem,
            mend: refusal.mend,
        })
        .collect();
    if config.database.url.is_none() {
        flaws.push(Flaw {
            key: "database.url",
            problem: "there is no database".to_owned(),
            mend: "set ADYTON_DATABASE_URL, for instance to postgres://user:password@host/name"
                .to_owned(),
        });
    }
    flaws
}

/// Whether browsers are to reach this by https.
pub fn is_https(config: &Config) -> bool {
    let origin = config.public_origin();
    origin.is_some_and(|origin| origin.starts_with("https://"))
}

fn refuse(config: &Config) -> anyhow::Result<()> {
    let flaws = flaws(config);
    if flaws.is_empty() {
        return Ok(());
    }
    let told: String = flaws
        .iter()
        .map(|flaw| {
            let (key, problem, mend) = (flaw.key, &flaw.problem, &flaw.mend);
            format!("\n\n  {key} ({}): {problem}\n    {mend}", variable(key))
        })
        .collect();
    bail!(Wrong(format!(
        "`adyton serve` does not start with these settings{told}\n\n`adyton dev` needs none of them, for trying things out"
    )))
}

fn variable(key: &str) -> String {
    format!("ADYTON_{}", key.to_uppercase().replace('.', "_"))
}

/// Brings the tables up to date, or insists that somebody does.
async fn migrate(adyton: &Adyton, is_wanted: bool) -> anyhow::Result<()> {
    let config = adyton.config();
    if is_wanted {
        for step in adyton.migrate().await.in_words(config)? {
            tracing::info!(step, "migrated");
        }
        return Ok(());
    }
    let pending = adyton.pending_migrations().await.in_words(config)?;
    if !pending.is_empty() {
        say(&format!("The database lacks: {}", pending.join(", ")));
        bail!(
            "the database's tables are not up to date: run `adyton migrate`, or start with --migrate"
        );
    }
    Ok(())
}
