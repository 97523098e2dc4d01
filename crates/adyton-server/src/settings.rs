//! Where a command's settings come from: flags over the environment over the file over the
//! defaults, by the same rules for every command.

use std::path::{Path, PathBuf};

use adyton::config::{Config, LogLevel, Sources};
use adyton::db::{ConnectOptions, DbError};
use adyton::{Adyton, Builder, Db, Keys};
use anyhow::{Context as _, anyhow, bail};
use clap::Args;

use crate::home;
use crate::output::{InWords as _, Wrong, say};

/// Flags that every command takes.
#[derive(Args, Clone)]
pub struct Place {
    /// The database; better by ADYTON_DATABASE_URL if it holds a password, which others on this
    /// machine can see in a flag
    #[arg(
        long,
        global = true,
        value_name = "URL",
        help_heading = "Options of every command"
    )]
    database: Option<String>,
    /// The file with the settings [default: $ADYTON_CONFIG, or ./adyton.toml]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Options of every command"
    )]
    config: Option<PathBuf>,
}

impl Place {
    /// The settings, laid over a command's own defaults.
    pub fn load(&self, base: Config, listen: Option<String>) -> anyhow::Result<Config> {
        Ok(Config::load(base, &self.sources(listen))?)
    }

    /// Where the settings come from.
    pub fn sources(&self, listen: Option<String>) -> Sources {
        let mut sources = Sources::from_process();
        if let Some(file) = &self.config {
            sources.file = Some(file.clone());
        }
        if let Some(url) = &self.database {
            let flag = ("database.url", url.clone(), "--database");
            sources.flags.push(flag);
        }
        if let Some(listen) = listen {
            sources.flags.push(("listen", listen, "--listen"));
        }
        sources
    }

    /// The settings of a command that administers a database. Where none is set it is the one that
    /// `adyton dev` made here.
    pub fn for_operator(&self) -> anyhow::Result<Config> {
        let mut base = Config::default();
        // What an operator does, the operator knows: only trouble is worth a line.
        base.log.level = LogLevel::Warn;
        let mut config = self.load(base, None)?;
        if config.database.url.is_none() {
            if !Path::new(home::DATABASE).exists() {
                let try_this = "set ADYTON_DATABASE_URL, for instance to sqlite://adyton.db or \
                    postgres://user:password@host/name, or use --database; `adyton dev` makes one \
                    of its own";
                bail!(Wrong(format!("no database is set: {try_this}")));
            }
            say(&format!(
                "(the database of `adyton dev`: {})",
                home::DATABASE
            ));
            config.database.url = Some(home::database_url());
        }
        Ok(config)
    }

    /// The Adyton that a command administers, its tables up to date.
    pub async fn open(&self) -> anyhow::Result<Adyton> {
        // What is to be mailed, the server mails: this ends before a mail server has answered.
        let adyton = open_existing(self.for_operator()?, Builder::without_courier).await?;
        let pending = adyton.pending_migrations().await;
        if !pending.in_words(adyton.config())?.is_empty() {
            bail!("the database's tables are not up to date: run `adyton migrate` first");
        }
        Ok(adyton)
    }
}

/// Opens a database that must be there: a wrong path must not make an empty file.
pub async fn open_existing(
    config: Config,
    bring: impl FnOnce(Builder) -> Builder,
) -> anyhow::Result<Adyton> {
    let url = config.database.url.as_deref().unwrap_or_default();
    if let Some(file) = sqlite_file(url).filter(|file| !file.exists()) {
        bail!(
            "there is no database file {}; `adyton migrate` makes it",
            file.display()
        );
    }
    open(config, bring).await
}

/// Opens the database and builds an Adyton on it, with what a command brings.
pub async fn open(
    mut config: Config,
    bring: impl FnOnce(Builder) -> Builder,
) -> anyhow::Result<Adyton> {
    config.check()?;
    if config.key.is_none() {
        // Nothing that outlives the command is signed by it; and no mail is sealed by it, which no
        // server could open.
        config.key = Some(Keys::generate().into());
        config.mail.url = None;
    }
    let Some(url) = config.database.url.clone() else {
        bail!(Wrong("no database is set".to_owned()));
    };
    let options = ConnectOptions {
        max_connections: config.database.max_connections,
        acquire_timeout: config.database.acquire_timeout,
    };
    let db = Db::connect(&url, options).await;
    let db = db.map_err(|error| unreachable(error, &config))?;
    Ok(bring(Adyton::builder(db).config(config)).build()?)
}

/// Its address without the password, and what to look at.
fn unreachable(error: DbError, config: &Config) -> anyhow::Error {
    let shown = config.database.url_without_password().unwrap_or_default();
    match error {
        DbError::Address(_) => anyhow::Error::new(error).context("database.url"),
        error => {
            let hint = "is it running, and is the address right?";
            anyhow!("the database {shown} cannot be opened; {hint}\n  {error}")
        }
    }
}

/// The file of an SQLite address that can be read without decoding.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    (!path.is_empty() && !path.contains('%')).then(|| PathBuf::from(path))
}

/// Ends what the command opened, so that SQLite tidies its files.
pub async fn close(adyton: &Adyton) -> anyhow::Result<()> {
    let flushed = adyton.flush().await.in_words(adyton.config());
    adyton.db().close().await;
    flushed.context("what was noted could not be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_an_sqlite_address_is_found() {
        let file = |url: &str| sqlite_file(url).map(|path| path.display().to_string());
        assert_eq!(file("sqlite://a/b.db?mode=rwc").as_deref(), Some("a/b.db"));
        assert_eq!(file("sqlite:///a/b.db").as_deref(), Some("/a/b.db"));
        assert_eq!(file("sqlite:b.db").as_deref(), Some("b.db"));
        for other in ["postgres://h/b", "sqlite:", "sqlite://a%20b.db"] {
            assert_eq!(file(other), None, "{other}");
        }
    }
}
