//! BeatPass: a marketplace for beats, a React app over cookie sessions.
//!
//! Adyton is in this file only: the settings, the gates before the routes, the layer around
//! everything. The other files are the product.

mod artists;
mod beat_requests;
mod dashboard;
mod id;
mod messaging;
mod purchases;
mod search;
mod tracks;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use adyton::config::{Config, LogFormat, Sources};
use adyton::db::{ConnectOptions, Migration};
use adyton::{Adyton, Db, Keys};
use axum::Router;
use axum::routing::{get, post, put};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

const HELP: &str = include_str!("help.txt");
const TRY_IT: &str = include_str!("try_it.txt");

const MIGRATIONS: &[Migration] = &[Migration {
    name: "beatpass/0001_product",
    sql: include_str!("../migrations/0001_product.sql"),
}];

/// What makes this Adyton BeatPass. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:beatpass.db".to_owned());
    config.session.cookie = "beatpass_session".to_owned();
    // First-party only: a bearer token authenticates nothing.
    config.tokens.enabled = false;
    // The front end's apiPost() parses every answer, so none is empty.
    config.wire.json_bodies = true;
    config.wire.envelope = Vec::new();
    config.passwords.min_length = 8;
    config
}

/// The product's routes. Both limits are announced on every answer; the second also asks who is
/// calling, and refuses strangers.
fn product(adyton: &Adyton) -> Router {
    let for_everybody = Router::new()
        .route("/tracks", get(tracks::index))
        .route("/tracks/{track}", get(tracks::show))
        .route("/artists/{artist}", get(artists::show))
        .route("/search", get(search::index))
        .route_layer(adyton.throttle("public"));
    let for_members = Router::new()
        .route("/tracks", post(tracks::store))
        .route("/tracks/{track}", put(tracks::update).patch(tracks::update))
        .route("/tracks/{track}/purchase/initiate", post(purchases::store))
        .route("/purchases", get(purchases::index))
        .route(
            "/artists/{artist}/follow",
            put(artists::follow).delete(artists::unfollow),
        )
        .route(
            "/messaging/conversations",
            get(messaging::index).post(messaging::store),
        )
        .route("/beat-requests", post(beat_requests::store))
        .route("/producer-intelligence/dashboard", get(dashboard::show))
        .route_layer(adyton.throttle("me"));
    for_everybody.merge(for_members).with_state(adyton.clone())
}

/// Everything: the product at the paths of its front end and below `/api/v1`, Adyton's own routes
/// beside it, Adyton's layer around it.
fn app(adyton: &Adyton) -> Router {
    Router::new()
        .nest("/api/v1", product(adyton))
        .merge(product(adyton))
        .merge(adyton.routes())
        .layer(adyton.layer())
}

async fn run(sources: &Sources) -> Result<(), Box<dyn Error>> {
    let mut config = Config::load(settings(), sources)?;
    log_to_stderr(&config)?;
    if config.key.is_none() {
        config.key = Some(Keys::kept_in(".adyton/key")?);
    }
    // In development every page on this machine is our front end, Vite's on port 5173 first.
    if config.public_url.is_none() && config.stateful.origins.is_empty() {
        config.stateful.origins = adyton::loopback_origins();
    }
    let refusals = config.unsafe_for_production();
    if let (true, Some(refusal)) = (config.public_url.is_some(), refusals.first()) {
        return Err(format!("{}: {}; {}", refusal.key, refusal.problem, refusal.mend).into());
    }
    let url = config.database.url.clone().unwrap_or_default();
    let db = Db::connect(&url, ConnectOptions::from(&config.database)).await?;
    let adyton = Adyton::builder(db).config(config).build()?;
    adyton.migrate().await?;
    adyton.migrate_host(MIGRATIONS).await?;
    let listen = &adyton.config().listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = format!("http://{}", listener.local_addr()?);
    eprintln!("BeatPass listens on {address}\n");
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
        Err(error) => Err(format!("{error}; see `beatpass --help`").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beatpass: {error}");
            ExitCode::FAILURE
        }
    }
}
