//! The Site: posts for everybody, an account for readers, an API for its owner. Three audiences, one
//! token model.
//!
//! Adyton is in this file only; the other files are the product.

mod comments;
mod id;
mod newsletter;
mod posts;
mod tickets;

use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Adyton, Config, Dialect, Envelope, Overlay, Program};
use axum::Router;
use axum::routing::{get, post};

const MIGRATIONS: &[Migration] = &[Migration {
    name: "site/0001_product",
    sql: include_str!("../migrations/0001_product.sql"),
}];

/// What makes this Adyton the Site's. `adyton.toml`, variables and flags are laid over it. The
/// limits of its document and `["user"]` for a login are Adyton's defaults.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:site.db".to_owned());
    // The document lets in at once whoever registers.
    config.registration.mode = RegistrationMode::Open;
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
        "password-reset",
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
    product(adyton).merge(adyton.routes())
}

#[tokio::main]
async fn main() -> ExitCode {
    Program::new("site", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .run(|builder| builder.dialect(words()), app)
        .await
}
