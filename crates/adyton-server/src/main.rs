//! `adyton`: a server over the library, and the command line that administers what it keeps.

mod commands;
mod demo;
mod home;
mod output;
mod reference;
mod server;
mod settings;
mod try_it;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use commands::{audit, config, dev, key, migrate, routes, serve, session, token, user};
use settings::Place;

/// Exits with 0 when it is done, 1 when it failed or was refused, 2 for wrong use or settings.
#[derive(Parser)]
#[command(
    name = "adyton",
    version,
    about = "First-party authentication: the server and its command line",
    after_help = "Examples:
  adyton dev                              # try it: no configuration needed
  adyton user create --name Ana --email ana@example.com --verified
  adyton token issue --user ana@example.com --name my-integration --ability admin
  adyton serve                            # in production

Results go to standard output, words to standard error.
Exit codes: 0 done, 1 failed or refused, 2 wrong use or settings."
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a server for development, with nothing configured
    Dev(dev::Arguments),
    /// Start a server for production; unsafe settings are refused
    Serve(serve::Arguments),
    /// Make and change the database's tables
    Migrate(migrate::Arguments),
    /// List the routes that the server answers
    Routes(routes::Arguments),
    /// Make the key of an installation, and change it for another
    #[command(subcommand)]
    Key(key::Action),
    /// Make, show and change users
    #[command(subcommand)]
    User(user::Action),
    /// Issue, list, revoke and prune personal access tokens
    #[command(subcommand)]
    Token(token::Action),
    /// List, end and prune sessions
    #[command(subcommand)]
    Session(session::Action),
    /// List, verify and export the security log
    #[command(subcommand)]
    Audit(audit::Action),
    /// Check the settings, or print all there are
    #[command(subcommand)]
    Config(config::Action),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::say(&format!("error: {}", output::described(&error)));
            ExitCode::from(output::exit_code(&error))
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        let place = &cli.place;
        match cli.command {
            Command::Dev(arguments) => dev::run(place, arguments).await,
            Command::Serve(arguments) => serve::run(place, arguments).await,
            Command::Migrate(arguments) => migrate::run(place, arguments).await,
            Command::Routes(arguments) => routes::run(place, &arguments),
            Command::Key(action) => key::run(place, action).await,
            Command::User(action) => user::run(place, action).await,
            Command::Token(action) => token::run(place, action).await,
            Command::Session(action) => session::run(place, action).await,
            Command::Audit(action) => audit::run(place, action).await,
            Command::Config(action) => config::run(place, &action),
        }
    });
    // Looking up a mail server's name cannot be taken back, and may take half a minute.
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}
