//! BeanQuick: a Spanish-speaking store over bearer tokens, for a mobile app and a web shop.
//!
//! What makes it BeanQuick on the wire is `dialect.rs`, what a user of it is `customers.rs`.

mod customers;
mod dialect;
mod empresas;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use adyton::config::{Config, LogFormat, Sources};
use adyton::db::{ConnectOptions, Migration};
use adyton::{Adyton, Clock, Db, Keys, UsersTable};
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

use crate::customers::Customers;

const HELP: &str = include_str!("help.txt");
const TRY_IT: &str = include_str!("try_it.txt");

const MIGRATIONS: &[Migration] = &[Migration {
    name: "beanquick/0001_empresas",
    sql: include_str!("../migrations/0001_empresas.sql"),
}];

/// What makes this Adyton BeanQuick. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:beanquick.db".to_owned());
    config.users.roles = ["cliente", "empresa", "admin"].map(str::to_owned).to_vec();
    // Whoever registers is a cliente; other roles are given by an operator, never by a request.
    config.users.default_role = Some("cliente".to_owned());
    config.tokens.login_abilities = vec!["*".to_owned()];
    for (route, path) in [
        ("token.login", "/api/login"),
        ("token.register", "/api/register"),
        ("token.logout", "/api/logout"),
        ("user.show", "/api/user"),
    ] {
        config.routes.insert(route.to_owned(), path.to_owned());
    }
    config.features = [
        "token-login",
        "registration",
        "logout",
        "current-user",
        // The web shop may log in by cookie, behind CSRF tokens.
        "csrf-cookie",
        "login",
    ]
    .map(str::to_owned)
    .to_vec();
    config.wire.envelope = Vec::new();
    config.passwords.min_length = 8;
    config
}

/// The product's routes, by role.
fn product(adyton: &Adyton) -> Router {
    let for_empresas = Router::new()
        .route("/api/empresa", get(empresas::show).post(empresas::store))
        .route_layer(adyton.require_role(&["empresa"]));
    let for_admins = Router::new()
        .route("/api/admin/empresas", get(empresas::index))
        .route_layer(adyton.require_role(&["admin"]));
    for_empresas.merge(for_admins).with_state(adyton.clone())
}

fn app(adyton: &Adyton) -> Router {
    product(adyton).merge(adyton.routes()).layer(adyton.layer())
}

async fn run(sources: &Sources) -> Result<(), Box<dyn Error>> {
    let mut config = Config::load(settings(), sources)?;
    log_to_stderr(&config)?;
    if config.key.is_none() {
        config.key = Some(Keys::kept_in(".adyton/key")?);
    }
    // In development every page on this machine is our front end.
    if config.public_url.is_none() && config.stateful.origins.is_empty() {
        config.stateful.origins = adyton::loopback_origins();
    }
    let refusals = config.unsafe_for_production();
    if let (true, Some(refusal)) = (config.public_url.is_some(), refusals.first()) {
        return Err(format!("{}: {}; {}", refusal.key, refusal.problem, refusal.mend).into());
    }
    let url = config.database.url.clone().unwrap_or_default();
    let db = Db::connect(&url, ConnectOptions::from(&config.database)).await?;
    let users = UsersTable::new(db.clone(), Clock::system(), config.users.fields.clone());
    let adyton = Adyton::builder(db.clone())
        .config(config)
        .users(Customers::new(users, db))
        .dialect(dialect::beanquick())
        .build()?;
    adyton.migrate().await?;
    adyton.migrate_host(MIGRATIONS).await?;
    let listen = &adyton.config().listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = format!("http://{}", listener.local_addr()?);
    eprintln!("BeanQuick listens on {address}\n");
    eprintln!("{}", TRY_IT.replace("ADDRESS", &address));
    adyton::serve(&adyton, listener, app(&adyton), adyton::ctrl_c()).await?;
    Ok(())
}

fn log_to_stderr(config: &Config) -> Result<(), Box<dyn Error>> {
    let level: LevelFilter = config.log.level.as_str().parse()?;
    let log = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    match config.log.format {
        LogFormat::Json => log.json().init(),
        _ => log.init(),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|word| word == "--help" || word == "-h")
    {
        let _ = io::stdout().write_all(HELP.as_bytes());
        return ExitCode::SUCCESS;
    }
    let outcome = match Sources::from_process().with_arguments(arguments) {
        Ok(sources) => run(&sources).await,
        Err(error) => Err(format!("{error}; see `beanquick --help`").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beanquick: {error}");
            ExitCode::FAILURE
        }
    }
}
