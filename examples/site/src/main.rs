//! The Site: posts for everybody, an account for readers, an API for its owner. Three audiences, one
//! token model.
//!
//! This file says what makes this Adyton the Site's, and `routes.rs` who may come where; the other
//! files are the product.

mod comments;
mod demo;
mod id;
mod newsletter;
mod openapi;
mod page;
mod posts;
mod profile;
mod routes;
mod stats;
mod tickets;

use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Config, Dialect, Envelope, Overlay, Program};

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "site/0001_product",
        sql: include_str!("../migrations/0001_product.sql"),
    },
    Migration {
        name: "site/0002_whole_product",
        sql: include_str!("../migrations/0002_whole_product.sql"),
    },
];

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
        .text("posts.deleted", "Post deleted")
        .text("comments.created", "Comment posted")
        .text("comments.deleted", "Comment deleted")
        .text("tickets.created", "Ticket opened")
        .text("tickets.replied", "Reply sent")
}

#[tokio::main]
async fn main() -> ExitCode {
    Program::new("site", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .demo(include_str!("demo/words.txt"), demo::fill)
        .run(|builder| builder.dialect(words()), routes::all)
        .await
}
