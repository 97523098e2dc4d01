//! BeanQuick: a Spanish-speaking store over bearer tokens, for a mobile app and a web shop.
//!
//! What makes it BeanQuick on the wire is `dialect.rs`, what a user of it is `customers.rs`.

mod customers;
mod dialect;
mod empresas;

use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Adyton, Config, Program};
use axum::Router;
use axum::routing::get;

use crate::customers::Customers;

const MIGRATIONS: &[Migration] = &[Migration {
    name: "beanquick/0001_empresas",
    sql: include_str!("../migrations/0001_empresas.sql"),
}];

/// What makes this Adyton BeanQuick. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.database.url = Some("sqlite:beanquick.db".to_owned());
    // The document lets in at once whoever registers.
    config.registration.mode = RegistrationMode::Open;
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
    product(adyton).merge(adyton.routes())
}

#[tokio::main]
async fn main() -> ExitCode {
    Program::new("beanquick", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .run(
            |builder| {
                let users = Customers::new(builder.users_table(), builder.db().clone());
                builder.users(users).dialect(dialect::beanquick())
            },
            app,
        )
        .await
}
