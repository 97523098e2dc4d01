//! The Site: posts for everybody, an account for readers, an API for its owner. Three audiences, one
//! token model.
//!
//! Adyton is in this file only; the other files are the product.

mod comments;
mod id;
mod newsletter;
mod posts;
mod tickets;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use adyton::config::{Config, LogFormat, Sources};
use adyton::db::{ConnectOptions, Migration};
use adyton::{Adyton, Db, Dialect, Envelope, Keys, Overlay};
use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

const HELP: &str = include_str!("help.txt");
const TRY_IT: &str = include_str!("try_it.txt");

const MIGRATIONS: &[Migration] = &[Migration {
    name: "site/0001_product",
    sql: include_str!("../migrations/0001_product.sql"),
}];

/// What makes this Adyton the Site's. `adyton.toml`, variables and flags are laid over it. The
/// limits of its document and `["user"]` for a login are Adyton's defaults.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:site.db".to_owned());
    let own = [
        "user",
        "comments:write",
        "tickets:write",
        "newsletter:manage",
    ];
    config.tokens.grantable = own.map(str::to_owned).to_vec();
    // No request ever gives it: the owner does, on the server's command line.
    config.tokens.reserved = vec!["admin".to_owned()];
    config.features = [
        "token-login",
        "registration",
        "logout",
        "current-user",
        "tokens",
        "admin-users",
    ]
    .map(str::to_owned)
    .to_vec();
    // The envelope is spoken everywhere, with sentences of the Site's own: see `words`.
    config.wire.envelope = Vec::new();
    config.passwords.min_length = 8;
    config
}

fn words() -> impl Dialect {
    Overlay::new(Envelope)
        .text("posts.created", "Post published")
        .text("comments.created", "Comment posted")
        .text("tickets.created", "Ticket opened")
}

/// The product's routes; the address of each tells its audience.
fn product(adyton: &Adyton) -> Router {
    let may = |ability: &str| adyton.require_ability(ability);
    let for_everybody = Router::new()
        .route("/posts", get(posts::index))
        .route("/posts/{post}", get(posts::show))
        .route_layer(adyton.throttle("public"));
    let for_users = Router::new()
        .route(
            "/me/comments",
            post(comments::store).route_layer(may("comments:write")),
        )
        .route(
            "/me/tickets",
            post(tickets::store)
                .get(tickets::index)
                .route_layer(may("tickets:write")),
        )
        .route(
            "/me/newsletter",
            get(newsletter::show)
                .put(newsletter::subscribe)
                .delete(newsletter::unsubscribe)
                .route_layer(may("newsletter:manage")),
        )
        .route_layer(adyton.throttle("me"));
    let for_the_owner = Router::new()
        .route("/admin/posts", post(posts::store).route_layer(may("admin")))
        .route_layer(adyton.throttle("admin"));
    let all = for_everybody.merge(for_users).merge(for_the_owner);
    Router::new()
        .nest("/api/v1", all)
        .with_state(adyton.clone())
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
    let refusals = config.unsafe_for_production();
    if let (true, Some(refusal)) = (config.public_url.is_some(), refusals.first()) {
        return Err(format!("{}: {}; {}", refusal.key, refusal.problem, refusal.mend).into());
    }
    let url = config.database.url.clone().unwrap_or_default();
    let db = Db::connect(&url, ConnectOptions::from(&config.database)).await?;
    let adyton = Adyton::builder(db)
        .config(config)
        .dialect(words())
        .build()?;
    adyton.migrate().await?;
    adyton.migrate_host(MIGRATIONS).await?;
    let listen = &adyton.config().listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
    let address = format!("http://{}", listener.local_addr()?);
    eprintln!("The Site listens on {address}\n");
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
        Err(error) => Err(format!("{error}; see `site --help`").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("site: {error}");
            ExitCode::FAILURE
        }
    }
}
