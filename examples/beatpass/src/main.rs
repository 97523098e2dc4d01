//! BeatPass: a marketplace for beats, a React app over cookie sessions.
//!
//! Here it is put together: the settings, the gates before the routes, the layer around everything.
//! The rooms beside this file are the product; `shop.rs` is what they share.

mod account;
mod admin;
mod catalog;
mod demo;
#[cfg(test)]
mod errors;
mod front_end;
mod id;
mod media;
mod money;
mod people;
mod shop;
mod sql;
mod studio;

use std::io::{self, Write as _};
use std::process::ExitCode;

use adyton::config::RegistrationMode;
use adyton::db::Migration;
use adyton::{Config, Program};
use axum::Router;

use crate::media::Media;
use crate::money::Payments;
use crate::shop::Shop;

const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "beatpass/0001_product",
        sql: include_str!("../migrations/0001_product.sql"),
    },
    Migration {
        name: "beatpass/0002_music",
        sql: include_str!("../migrations/0002_music.sql"),
    },
    Migration {
        name: "beatpass/0003_money_and_people",
        sql: include_str!("../migrations/0003_money_and_people.sql"),
    },
];

/// What makes this Adyton BeatPass. `adyton.toml`, variables and flags are laid over it.
fn settings() -> Config {
    let mut config = Config::default();
    config.app_name = "BeatPass".to_owned();
    config.database.url = Some("sqlite:beatpass.db".to_owned());
    // The document lets in at once whoever registers.
    config.registration.mode = RegistrationMode::Open;
    config.users.roles = ["member", "admin"].map(str::to_owned).to_vec();
    config.users.default_role = Some("member".to_owned());
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
        ("two-factor.login", "/sign-in?step=code"),
        ("password.update", "/sign-in?reset=1"),
    ];
    config.redirects = pages
        .map(|(place, page)| (place.to_owned(), page.to_owned()))
        .into();
    // A page of the front end asks half a dozen things at once.
    config.throttle.public.max = 240;
    config.passwords.min_length = 8;
    config.two_factor.message = true;
    config.two_factor.recovery_code_shape = "aaaa-aaaa-aaaa".to_owned();
    config
}

/// The product's routes. Both limits are announced on every answer but files; the second also asks
/// who is calling, and refuses strangers.
fn product(shop: &Shop) -> Router {
    let for_everybody = Router::new()
        .merge(catalog::for_everybody())
        .merge(money::for_everybody())
        .route_layer(shop.adyton.throttle("public"));
    let for_members = Router::new()
        .merge(account::for_members())
        .merge(catalog::for_members())
        .merge(money::for_members())
        .merge(people::for_members())
        .merge(studio::for_members())
        .route_layer(shop.adyton.throttle("me"));
    let for_admins = admin::for_admins()
        .route_layer(shop.adyton.require_role(&[admin::ROLE]))
        .route_layer(shop.adyton.throttle("admin"));
    for_everybody
        .merge(for_members)
        .merge(for_admins)
        .merge(money::for_stripe())
        .merge(catalog::for_players())
        .with_state(shop.clone())
}

/// Everything: the product at the paths of its front end and below `/api/v1`, Adyton's own routes
/// beside it, the front end's pages wherever nothing else is, Adyton's layer around it.
fn app(shop: &Shop) -> Router {
    Router::new()
        .nest("/api/v1", product(shop))
        .merge(product(shop))
        .merge(shop.payments.practice())
        .merge(shop.adyton.routes())
        .merge(front_end::routes(shop.payments.script()))
}

#[tokio::main]
async fn main() -> ExitCode {
    let read = || {
        let payments = money::Settings::from_environment(Program::is_demo())?;
        Ok::<_, String>((Media::from_environment()?, payments))
    };
    let (media, payments) = match read() {
        Ok(read) => read,
        Err(error) => {
            let _ = writeln!(io::stderr(), "beatpass: {error}");
            return ExitCode::FAILURE;
        }
    };
    if Program::is_demo() {
        front_end::build();
    }
    let files = media.clone();
    Program::new("beatpass", settings())
        .help(include_str!("help.txt"))
        .try_it(include_str!("try_it.txt"))
        .migrations(MIGRATIONS)
        .demo(demo::WORDS, |adyton| demo::fill(adyton, files))
        .run(
            |builder| builder,
            |adyton| {
                app(&Shop {
                    adyton: adyton.clone(),
                    media,
                    payments: Payments::new(adyton, payments),
                })
            },
        )
        .await
}
