//! `cargo xtask test`: the tests on one database or on all three, with the servers they need.

use crate::chromium;
use crate::clients;
use crate::journeys;
use crate::localstripe;
use crate::schemathesis;
use crate::servers::{Kind, Servers};
use crate::shell::{self, cargo};
use crate::steps::Steps;
use crate::web;

/// A database Adyton runs on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Database {
    const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];

    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }
}

/// What to test, and the words for the test binaries themselves.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    database: Option<Database>,
    test_arguments: Vec<String>,
}

impl Options {
    pub(crate) fn parse(arguments: &[String]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--" {
                options.test_arguments = rest.cloned().collect();
                break;
            }
            let name = match argument.split_once('=') {
                Some(("--database", name)) => name,
                None if argument == "--database" => rest.next().map_or("", String::as_str),
                _ => return Err(misplaced(argument)),
            };
            let database = Database::ALL
                .into_iter()
                .find(|database| database.name() == name);
            options.database = Some(database.ok_or_else(|| {
                format!("--database takes sqlite, postgres or mariadb, and was given `{name}`")
            })?);
        }
        Ok(options)
    }

    fn databases(&self) -> Vec<Database> {
        self.database
            .map_or(Database::ALL.to_vec(), |database| vec![database])
    }

    /// Once, on SQLite, which is what its demo runs on; a filter picks tests in Rust.
    fn walks_journeys(&self) -> bool {
        self.databases().contains(&Database::Sqlite) && self.test_arguments.is_empty()
    }

    /// SQLite alone is the quick part: it starts no server, Redis neither.
    fn servers(&self) -> &'static [Kind] {
        match self.database {
            Some(Database::Sqlite) => &[],
            Some(Database::Postgres) => &[Kind::Postgres, Kind::Redis, Kind::Smtp],
            Some(Database::Mariadb) => &[Kind::Mariadb, Kind::Redis, Kind::Smtp],
            None => &[Kind::Postgres, Kind::Mariadb, Kind::Redis, Kind::Smtp],
        }
    }
}

fn misplaced(argument: &str) -> String {
    format!(
        "`test` does not know `{argument}`; words for the tests go after `--`: \
         cargo xtask test -- {argument}"
    )
}

/// Runs the tests; how it went is in `steps`.
pub(crate) fn run(options: &Options, steps: &mut Steps) {
    // None when a server is missing: every missing one is named, and no test is run for nothing.
    let Some(servers) = start(options.servers(), steps) else {
        return;
    };
    clients::install(steps);
    chromium::install(steps);
    let is_built = options.walks_journeys() && web::build_if_possible(steps);
    localstripe::install(steps);
    schemathesis::install(steps);
    for database in options.databases() {
        let what = format!("tests on {}", database.name());
        steps.run(&what, || test_on(database, options, &servers));
    }
    if is_built {
        journeys::walk_if_possible(&[], steps);
    }
}

/// The whole of it, for `ci`: `None` when something failed.
pub(crate) fn everything(steps: &mut Steps) -> Option<()> {
    run(&Options::default(), steps);
    steps.all_passed().then_some(())
}

fn start(kinds: &[Kind], steps: &mut Steps) -> Option<Servers> {
    let mut servers = Servers::default();
    let mut are_all_up = true;
    for kind in kinds {
        let started = steps.run(&format!("start {}", kind.name()), || servers.start(*kind));
        are_all_up &= started.is_some();
    }
    are_all_up.then_some(servers)
}

fn test_on(database: Database, options: &Options, servers: &Servers) -> anyhow::Result<()> {
    // Always a choice out of the whole workspace, never `-p one`: with another set of packages
    // cargo unites their features differently and builds sqlx and axum a second time.
    let selection: &[&str] = match database {
        Database::Sqlite => &["test", "--workspace", "--no-fail-fast"],
        // The doc tests and xtask's own have nothing to learn from another database.
        _ => &[
            "test",
            "--workspace",
            "--exclude",
            "xtask",
            "--tests",
            "--no-fail-fast",
        ],
    };
    let mut command = cargo(selection);
    if !options.test_arguments.is_empty() {
        command.arg("--").args(&options.test_arguments);
    }
    command
        .env("ADYTON_TEST_DATABASE", database.name())
        .envs(servers.environment())
        .envs(localstripe::installed().map(|folder| (localstripe::VARIABLE, folder)));
    shell::run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        let arguments: Vec<String> = line.split_whitespace().map(Into::into).collect();
        Options::parse(&arguments)
    }

    #[test]
    fn without_a_database_everything_is_tested() {
        let options = parse("").expect("nothing is needed");
        assert_eq!(options.databases(), Database::ALL);
        assert_eq!(options.servers().len(), 4);
    }

    #[test]
    fn sqlite_starts_no_server() {
        let options = parse("--database sqlite").expect("a database we have");
        assert_eq!(options.databases(), [Database::Sqlite]);
        assert!(options.servers().is_empty());
    }

    #[test]
    fn journeys_are_walked_once_and_not_for_a_filter() {
        for (line, walks) in [
            ("", true),
            ("--database sqlite", true),
            ("--database postgres", false),
            ("--database sqlite -- login", false),
        ] {
            assert_eq!(
                parse(line).map(|options| options.walks_journeys()),
                Ok(walks)
            );
        }
    }

    #[test]
    fn what_follows_two_dashes_is_for_the_tests() {
        let options = parse("--database=mariadb -- login --database x").expect("all are known");
        assert_eq!(options.database, Some(Database::Mariadb));
        assert_eq!(options.test_arguments, ["login", "--database", "x"]);
    }

    #[test]
    fn a_wrong_word_is_refused_and_the_right_ones_are_said() {
        for line in ["--database oracle", "--database", "--database="] {
            let reason = parse(line).expect_err(line);
            assert!(reason.contains("sqlite, postgres or mariadb"), "{reason}");
        }
        let reason = parse("login").expect_err("a filter goes after the dashes");
        assert!(reason.contains("cargo xtask test -- login"), "{reason}");
    }
}
