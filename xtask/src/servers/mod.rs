//! Throw-away servers for the tests: on free ports, in a temporary folder, gone with the run.

mod account;
mod ground;
mod mariadb;
mod obtain;
mod packages;
mod postgres;
mod process;
mod program;
mod redis;
mod smtp;

use anyhow::Result;

use ground::Ground;

/// A server some tests need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
    Redis,
    Smtp,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
            Self::Redis => "Redis",
            Self::Smtp => "SMTP",
        }
    }
}

/// The servers of this run. Dropping it ends them and removes what they wrote.
#[derive(Default)]
pub(crate) struct Servers {
    ground: Option<Ground>,
    environment: Vec<(&'static str, String)>,
}

impl Servers {
    /// Starts a server and waits until it answers.
    pub(crate) fn start(&mut self, kind: Kind) -> Result<()> {
        let (variable, url) = match kind {
            Kind::Postgres => ("ADYTON_TEST_POSTGRES_URL", postgres::start(self.ground()?)?),
            Kind::Mariadb => ("ADYTON_TEST_MARIADB_URL", mariadb::start(self.ground()?)?),
            Kind::Redis => ("ADYTON_TEST_REDIS_URL", redis::start(self.ground()?)?),
            Kind::Smtp => {
                let (python, modules) = smtp::obtain()?;
                self.environment.push(("ADYTON_TEST_PYTHON", python));
                ("ADYTON_TEST_PYTHONPATH", modules)
            }
        };
        println!("    {variable}={url}");
        self.environment.push((variable, url));
        Ok(())
    }

    fn ground(&mut self) -> Result<&mut Ground> {
        Ok(match &mut self.ground {
            Some(ground) => ground,
            none => none.insert(Ground::prepare()?),
        })
    }

    /// What the tests have to know to reach them.
    pub(crate) fn environment(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.environment
            .iter()
            .map(|(variable, url)| (*variable, url.as_str()))
    }
}
