//! BeanQuick: a Spanish-speaking store over bearer tokens, for a mobile app and a web shop.
//!
//! What makes it BeanQuick on the wire is `dialect.rs`, what a user of it is `users.rs`, and who may
//! ask for what is `routes.rs`.

mod admin;
mod catalogo;
mod demo;
mod dialect;
mod empresa;
mod fields;
mod id;
mod pedidos;
mod refusals;
mod routes;
mod search;
mod users;

use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Adyton, Config, Program};
use axum::Router;

use crate::users::{CLIENTE, People, ROLES};

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "beanquick/0001_empresas",
        sql: include_str!("../migrations/0001_empresas.sql"),
    },
    Migration {
        name: "beanquick/0002_tienda",
        sql: include_str!("../migrations/0002_tienda.sql"),
    },
];

/// What makes this Adyton BeanQuick. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:beanquick.db".to_owned());
    // The document lets in at once whoever registers.
    config.registration.mode = RegistrationMode::Open;
    config.users.roles = ROLES.map(str::to_owned).to_vec();
    // Whoever registers is a cliente; other roles are given by an operator, never by a request.
    config.users.default_role = Some(CLIENTE.to_owned());
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
    // The document's sentences are English; an app that asks for Spanish gets it.
    config.wire.accept_language = true;
    config.passwords.min_length = 8;
    config
}

fn app(adyton: &Adyton) -> Router {
    routes::store(adyton).merge(adyton.routes())
}

#[tokio::main]
async fn main() -> ExitCode {
    Program::new("beanquick", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .demo(include_str!("demo/demo.txt"), demo::fill)
        .run(
            |builder| {
                let users = People::new(builder.users_table(), builder.db().clone());
                builder.users(users).dialect(dialect::beanquick())
            },
            app,
        )
        .await
}
