//! BeatPass: a marketplace for beats, a React app over cookie sessions.
//!
//! Adyton is in this file only: the settings, the gates before the routes, the layer around
//! everything. The other files are the product.

mod artists;
mod beat_requests;
mod dashboard;
mod front_end;
mod id;
mod messaging;
mod purchases;
mod search;
mod tracks;

use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Adyton, Config, Program};
use axum::Router;
use axum::routing::{get, post, put};

const MIGRATIONS: &[Migration] = &[Migration {
    name: "beatpass/0001_product",
    sql: include_str!("../migrations/0001_product.sql"),
}];

/// What makes this Adyton BeatPass. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:beatpass.db".to_owned());
    // The document lets in at once whoever registers.
    config.registration.mode = RegistrationMode::Open;
    config.session.cookie = "beatpass_session".to_owned();
    // First-party only: a bearer token authenticates nothing.
    config.tokens.enabled = false;
    // The front end's apiPost() parses every answer, so none is empty.
    config.wire.json_bodies = true;
    config.wire.envelope = Vec::new();
    // Where Adyton's own pages, and browsers that are back from a provider, lead on: our front end.
    config.wire.home = "/".to_owned();
    let pages = [
        ("social.failed", "/sign-in"),
        ("two-factor.login", "/sign-in"),
    ];
    config.redirects = pages
        .map(|(place, page)| (place.to_owned(), page.to_owned()))
        .into();
    config.passwords.min_length = 8;
    config.two_factor.message = true;
    config.two_factor.recovery_code_shape = "aaaa-aaaa-aaaa".to_owned();
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
/// beside it, the front end's pages wherever nothing else is, Adyton's layer around it.
fn app(adyton: &Adyton) -> Router {
    Router::new()
        .nest("/api/v1", product(adyton))
        .merge(product(adyton))
        .merge(adyton.routes())
        .merge(front_end::routes(&payment_script()))
}

/// Where the front end's pages load the payment script from.
fn payment_script() -> String {
    let configured = std::env::var("BEATPASS_STRIPE_SCRIPT");
    configured.unwrap_or_else(|_| "https://js.stripe.com/v3/".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    if Program::is_demo() {
        front_end::build();
    }
    Program::new("beatpass", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .run(|builder| builder, app)
        .await
}
