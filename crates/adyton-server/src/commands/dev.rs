//! `adyton dev`: a server to try things with, from nothing.

use adyton::config::{Config, RegistrationMode};
use adyton::{Adyton, DevMailbox, RouteInfo, Secret, loopback_origins, start_log};
use clap::Args;

use super::serve;
use crate::output::{InWords as _, counted, print, say};
use crate::settings::{self, Place};
use crate::{demo, home, server, try_it};

/// A key and an SQLite file are made in ./.adyton/ and used again the next time. Refusals say why,
/// and every front end on this machine may log in with cookies. adyton.toml and the environment
/// still apply.
#[derive(Args)]
#[command(after_help = "Examples:
  adyton dev
  adyton dev --listen 127.0.0.1:9000
  adyton dev --database postgres://postgres@localhost/try")]
pub struct Arguments {
    /// The address and port to listen on; port 0 takes a free one [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
}

/// Runs the server until Ctrl-C.
pub async fn run(place: &Place, arguments: Arguments) -> anyhow::Result<()> {
    let mut config = settings(place, arguments.listen)?;
    start_log(&config.log);
    server::check(&config)?;
    let listener = server::bind(&config, "dev").await?;
    let address = server::reachable(listener.local_addr()?);
    // Mailed links lead here where no public address is set: port 0 is none to lead to.
    config.listen = address.to_string();
    if config.public_url.is_none() && address.ip().is_loopback() {
        // Passkeys belong to a name, not to a number.
        config.public_url = Some(format!("http://localhost:{}", address.port()));
    }
    // Without a mail server, mail is for whoever tries this out to read.
    let mailbox = config.mail.url.is_none().then(DevMailbox::new);
    let adyton = settings::open(config, |builder| match &mailbox {
        Some(mailbox) => builder.mailer(mailbox.clone()),
        None => builder,
    })
    .await?;
    settings::check_key(&adyton).await?;
    let applied = adyton.migrate().await.in_words(adyton.config())?;
    settings::check_key(&adyton).await?;
    if !applied.is_empty() {
        let steps = counted(applied.len() as u64, "step", "steps");
        say(&format!("The database is set up ({steps})."));
    }
    let demo = demo::password(&adyton).await?;
    let end = server::end();
    warn(adyton.config(), listener.local_addr()?.ip().is_loopback());
    print(&welcome(
        &adyton,
        &format!("http://{address}"),
        demo.as_ref(),
        mailbox.is_some(),
    ))?;
    let more = mailbox.map(|mailbox| mailbox.routes()).unwrap_or_default();
    let more = more.merge(try_it::routes(&adyton.route_table()));
    server::run(&adyton, listener, more, end).await
}

/// What is set, over what a newcomer needs.
fn settings(place: &Place, listen: Option<String>) -> anyhow::Result<Config> {
    let mut base = Config::default();
    base.debug = true;
    base.stateful.origins = loopback_origins();
    // So that the first minute has one step less; `verify_first` works here as well.
    base.registration.mode = RegistrationMode::Open;
    base.database.url = Some(home::database_url());
    for (name, page) in try_it::REDIRECTS {
        base.redirects.insert(name.to_owned(), page.to_owned());
    }
    let mut config = place.load(base, listen)?;
    if config.database.url.is_none() {
        config.database.url = Some(home::database_url());
    }
    if config.database.url == Some(home::database_url()) {
        home::make()?;
    }
    if config.key.is_none() {
        config.key = Some(home::key()?);
    }
    Ok(config)
}

/// What may surprise.
fn warn(config: &Config, is_loopback: bool) {
    if needs_https(config) {
        say(
            "warning: public_url is https, so plain requests are refused here; \
             ADYTON_PUBLIC_URL= takes it back for development",
        );
    }
    if !is_loopback {
        say("warning: other machines can reach this; `adyton dev` is for development only");
    }
}

fn needs_https(config: &Config) -> bool {
    config.http.require_https && serve::is_https(config)
}

/// What a newcomer sees.
fn welcome(adyton: &Adyton, url: &str, demo: Option<&Secret<String>>, has_mailbox: bool) -> String {
    let (config, routes) = (adyton.config(), adyton.route_table());
    let path = |name: &str| routes.iter().find(|route| route.name == name);
    let page = config.public_url.as_deref().unwrap_or(url);
    let mut opened = vec![
        (
            format!("{}{}", page.trim_end_matches('/'), try_it::PATH),
            "a page to try it with",
        ),
        (format!("{url}{}", server::UP), "is it alive?"),
    ];
    let pages = [
        (
            "sanctum.csrf-cookie",
            "a browser's first request: its CSRF cookie",
        ),
        ("user.show", "who is logged in? (401 until somebody is)"),
        ("me.show", "the same, by token"),
    ];
    for (name, words) in pages {
        opened.extend(path(name).map(|route| (format!("{url}{}", route.path), words)));
    }
    let mailbox = (
        format!("{url}{}", DevMailbox::PATH),
        "mail that would have been sent",
    );
    opened.extend(has_mailbox.then_some(mailbox));
    let width = opened.iter().map(|(address, _)| address.len()).max();
    let width = width.unwrap_or_default();
    let opened = opened.iter();
    let opened: String = opened
        .map(|(address, words)| format!("  {address:width$}   {words}\n"))
        .collect();
    let database = config.database.url_without_password().unwrap_or_default();
    let user = match demo {
        Some(password) => format!("{}, password {}", demo::ADDRESS, password.expose()),
        None => "none: this database has users of its own".to_owned(),
    };
    format!(
        "Adyton is running, for development only.\n\n{opened}\n  \
         Database   {database}\n  \
         Demo user  {user}\n  \
         Front end  {}\n\n\
         Try it:\n\n  {}\n\n\
         `adyton routes` lists every route. Ctrl-C ends the server.\n",
        front_ends(config),
        try_it(config, &routes, url, demo)
    )
}

fn front_ends(config: &Config) -> String {
    if config.stateful.origins == loopback_origins() {
        return "any on this machine, on any port: http://localhost:*".to_owned();
    }
    match config.stateful.origins.as_slice() {
        [] => "none: stateful.origins is empty".to_owned(),
        origins => origins.join(", "),
    }
}

/// One line that works as it is, every time.
fn try_it(
    config: &Config,
    routes: &[RouteInfo],
    url: &str,
    demo: Option<&Secret<String>>,
) -> String {
    let login = routes.iter().find(|route| route.name == "token.login");
    match (login, demo) {
        (Some(login), Some(password)) if !needs_https(config) => format!(
            "curl -s {url}{} -H 'Content-Type: application/json' \
             -d '{{\"email\":\"{}\",\"password\":\"{}\"}}'",
            login.path,
            demo::ADDRESS,
            password.expose()
        ),
        _ => format!("curl -s {url}{}", server::UP),
    }
}
