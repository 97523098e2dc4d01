//! `adyton user`: make, show and change users.

mod delete;
mod forget;

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use adyton::{Adyton, Secret, User, UserDraft, UserQuery, timestamp};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::{find, noticed};
use crate::output::{
    Format, InWords as _, Wrong, card, counted, harmless, moment, print, print_json, say, table,
};
use crate::settings::{self, Place};

/// What is read from standard input at most.
const PASSWORD_BYTES: u64 = 64 * 1024;

/// What can be done with users. WHO is an e-mail address or an id.
#[derive(Subcommand)]
pub enum Action {
    /// Make a user
    #[command(after_help = "Examples:
  adyton user create --name Ana --email ana@example.com
  pass show ana | adyton user create --name Ana --email ana@example.com \\
      --role cliente --verified --password-stdin

Where users.roles names roles, a role must be one of them: ADYTON_USERS_ROLES=cliente,admin")]
    Create(Create),
    /// Show a user
    #[command(after_help = "Examples:
  adyton user show ana@example.com
  adyton user show 7 --json")]
    Show(Who),
    /// List users
    #[command(after_help = "Examples:
  adyton user list
  adyton user list --search example.com --page 2 --per-page 50 --json")]
    List(List),
    /// Refuse a user everywhere and end their sessions
    #[command(after_help = "Example:
  adyton user disable ana@example.com")]
    Disable(Who),
    /// Let a disabled user in again
    #[command(after_help = "Example:
  adyton user enable ana@example.com")]
    Enable(Who),
    /// Delete a user and everything that lets them in; the security log stays
    #[command(after_help = "Examples:
  adyton user delete ana@example.com            # asks first
  adyton user delete ana@example.com --yes")]
    Delete(delete::Delete),
    /// Take a user's second factor, passkeys or providers away and end their sessions
    #[command(after_help = "Example:
  adyton user forget ana@example.com --second-factor    # she lost her phone")]
    Forget(forget::Forget),
    /// Give a user a role, or take it away
    #[command(after_help = "Examples:
  ADYTON_USERS_ROLES=cliente,admin adyton user role ana@example.com admin
  adyton user role ana@example.com --none")]
    Role(Role),
    /// Give a user a password and end their sessions
    #[command(after_help = "Example:
  pass show ana | adyton user password ana@example.com --password-stdin")]
    Password(Password),
}

/// A new user.
#[derive(Args)]
pub struct Create {
    /// What the person is called
    #[arg(long)]
    name: String,
    /// The address that the person logs in with
    #[arg(long)]
    email: String,
    /// One of the setting users.roles, where that names any
    #[arg(long)]
    role: Option<String>,
    /// Take the address as proved
    #[arg(long)]
    verified: bool,
    /// Read the password from standard input; without it the user cannot log in by password
    #[arg(long)]
    password_stdin: bool,
    #[command(flatten)]
    format: Format,
}

/// One user.
#[derive(Args)]
pub struct Who {
    /// An e-mail address or an id
    who: String,
    #[command(flatten)]
    format: Format,
}

/// Some users.
#[derive(Args)]
pub struct List {
    /// Only those whose name or address contains this
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
    /// Which page
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    page: u64,
    /// How many on a page
    #[arg(long, value_name = "NUMBER", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=1000))]
    per_page: u64,
    #[command(flatten)]
    format: Format,
}

/// A user's role.
#[derive(Args)]
pub struct Role {
    /// An e-mail address or an id
    who: String,
    /// One of the setting users.roles, where that names any
    #[arg(required_unless_present = "none", conflicts_with = "none")]
    role: Option<String>,
    /// Take the role away
    #[arg(long)]
    none: bool,
    #[command(flatten)]
    format: Format,
}

/// A user's password.
#[derive(Args)]
pub struct Password {
    /// An e-mail address or an id
    who: String,
    /// Read the password from standard input: arguments can be seen by others
    #[arg(long, required = true)]
    password_stdin: bool,
    #[command(flatten)]
    format: Format,
}

/// Makes, shows or changes.
pub async fn run(place: &Place, action: Action) -> anyhow::Result<()> {
    let adyton = place.open().await?;
    let done = match action {
        Action::Create(arguments) => create(&adyton, arguments).await,
        Action::Show(one) => {
            let user = find(&adyton, &one.who).await?;
            show(&adyton, &user, one.format).await
        }
        Action::List(arguments) => list(&adyton, arguments).await,
        Action::Disable(one) => disable(&adyton, &one).await,
        Action::Enable(one) => enable(&adyton, &one).await,
        Action::Delete(arguments) => delete::run(&adyton, arguments).await,
        Action::Forget(arguments) => forget::run(&adyton, arguments).await,
        Action::Role(arguments) => role(&adyton, arguments).await,
        Action::Password(arguments) => password(&adyton, arguments).await,
    };
    done.and(settings::close(&adyton).await)
}

async fn create(adyton: &Adyton, arguments: Create) -> anyhow::Result<()> {
    let mut draft = UserDraft::new(arguments.name, arguments.email);
    draft.role = arguments.role;
    draft.verified = arguments.verified;
    if arguments.password_stdin {
        draft.password = Some(password_from_stdin()?);
    }
    let user = adyton.create_user(draft).await.in_words(adyton.config())?;
    say(&format!("User {} is made.", user.id));
    if user.password.is_none() {
        let email = harmless(&user.email);
        say(&format!(
            "Without a password nobody logs in by one: adyton user password {email} --password-stdin"
        ));
    }
    show(adyton, &user, arguments.format).await
}

async fn list(adyton: &Adyton, arguments: List) -> anyhow::Result<()> {
    let (page, per_page) = (arguments.page, arguments.per_page);
    let mut query = UserQuery::first(per_page);
    query.offset = (page - 1).saturating_mul(per_page);
    query.search = arguments.search;
    let listed = adyton.users().list(&query).await;
    let (users, total) = listed.in_words(adyton.config())?;
    let last_page = total.div_ceil(per_page).max(1);
    if arguments.format.json {
        let data: Vec<Json> = users.iter().map(|user| in_json(adyton, user)).collect();
        return print_json(&json!({
            "data": data,
            "current_page": page,
            "per_page": per_page,
            "last_page": last_page,
            "total": total,
        }));
    }
    if !users.is_empty() {
        let headings = ["ID", "EMAIL", "NAME", "ROLE", "STATE", "CREATED"];
        print(&table(&headings, users.iter().map(row).collect()))?;
    }
    let users = counted(total, "user", "users");
    say(&format!("Page {page} of {last_page}; {users} in all."));
    Ok(())
}

fn row(user: &User) -> Vec<String> {
    vec![
        user.id.to_string(),
        user.email.clone(),
        user.name.clone(),
        user.role.clone().unwrap_or_default(),
        state(user).to_owned(),
        moment(user.created_at, ""),
    ]
}

fn state(user: &User) -> &'static str {
    match (user.is_disabled(), user.has_verified_email()) {
        (true, _) => "disabled",
        (false, true) => "verified",
        (false, false) => "unverified",
    }
}

async fn disable(adyton: &Adyton, one: &Who) -> anyhow::Result<()> {
    let user = find(adyton, &one.who).await?;
    match user.disabled_at {
        Some(since) => say(&format!(
            "{} is disabled already, since {}.",
            harmless(&user.email),
            moment(Some(since), "")
        )),
        None => {
            adyton.disable_user(&user).await.in_words(adyton.config())?;
            let told = "is disabled: sessions are ended, tokens are refused";
            changed(adyton, &user, told);
        }
    }
    only_json(adyton, &user, one.format).await
}

async fn enable(adyton: &Adyton, one: &Who) -> anyhow::Result<()> {
    let user = find(adyton, &one.who).await?;
    if user.is_disabled() {
        adyton.enable_user(&user).await.in_words(adyton.config())?;
        changed(adyton, &user, "is enabled: tokens are taken again");
    } else {
        say(&format!("{} is not disabled.", harmless(&user.email)));
    }
    only_json(adyton, &user, one.format).await
}

async fn role(adyton: &Adyton, arguments: Role) -> anyhow::Result<()> {
    let user = find(adyton, &arguments.who).await?;
    let told = match &arguments.role {
        Some(role) => format!("has the role {role}"),
        None => "has no role".to_owned(),
    };
    let set = adyton.set_role(&user, arguments.role).await;
    set.in_words(adyton.config())?;
    changed(adyton, &user, &told);
    only_json(adyton, &user, arguments.format).await
}

async fn password(adyton: &Adyton, arguments: Password) -> anyhow::Result<()> {
    let user = find(adyton, &arguments.who).await?;
    let set = adyton.set_password(&user, password_from_stdin()?).await;
    set.in_words(adyton.config())?;
    changed(
        adyton,
        &user,
        "has a new password: sessions are ended, tokens stay",
    );
    only_json(adyton, &user, arguments.format).await
}

fn changed(adyton: &Adyton, user: &User, what: &str) {
    say(&format!(
        "{} {what}. {}",
        harmless(&user.email),
        noticed(adyton)
    ));
}

/// The user as it is now, for those who asked for JSON.
async fn only_json(adyton: &Adyton, user: &User, format: Format) -> anyhow::Result<()> {
    if !format.json {
        return Ok(());
    }
    let user = find(adyton, &user.id.to_string()).await?;
    print_json(&in_json(adyton, &user))
}

async fn show(adyton: &Adyton, user: &User, format: Format) -> anyhow::Result<()> {
    let ways = adyton.ways_in(user).await.in_words(adyton.config())?;
    if format.json {
        let mut told = in_json(adyton, user);
        told["ways_in"] = forget::in_json(&ways);
        return print_json(&told);
    }
    let mut lines = vec![
        ("id", user.id.to_string()),
        ("name", user.name.clone()),
        ("email", user.email.clone()),
        ("verified", moment(user.email_verified_at, "no")),
        (
            "role",
            user.role.clone().unwrap_or_else(|| "none".to_owned()),
        ),
        ("password", yes_or_none(ways.password)),
        ("second factor", yes_or_none(ways.second_factor)),
        ("passkeys", listed(&ways.passkeys)),
        ("providers", listed(&ways.providers)),
        ("disabled", moment(user.disabled_at, "no")),
    ];
    let own = user.fields.iter();
    lines.extend(own.map(|(name, value)| (name.as_str(), plain(value))));
    lines.push(("created", moment(user.created_at, "unknown")));
    print(&card(&lines))
}

fn yes_or_none(is_there: bool) -> String {
    if is_there { "yes" } else { "none" }.to_owned()
}

fn listed(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => harmless(&names.join(", ")),
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => "none".to_owned(),
        other => other.to_string(),
    }
}

fn in_json(adyton: &Adyton, user: &User) -> Json {
    let mut fields = adyton.users().present(user);
    fields.insert("role".to_owned(), json!(user.role));
    let disabled_at = user.disabled_at.map(timestamp);
    fields.insert("disabled_at".to_owned(), json!(disabled_at));
    Json::Object(fields)
}

/// All of standard input without its last line's end; at a terminal, a line.
fn password_from_stdin() -> anyhow::Result<Secret<String>> {
    let mut stdin = io::stdin().lock();
    let mut text = String::new();
    let read = if stdin.is_terminal() {
        say("Type the password (it stays visible) and press Enter:");
        stdin.read_line(&mut text)
    } else {
        stdin.take(PASSWORD_BYTES).read_to_string(&mut text)
    };
    let password: Secret<String> = text.into();
    read.context("the password cannot be read from standard input")?;
    let entered = password.expose();
    let entered = entered.strip_suffix('\n').unwrap_or(entered);
    let entered = entered.strip_suffix('\r').unwrap_or(entered);
    if entered.is_empty() {
        bail!(Wrong(
            "no password came on standard input: pipe one in, or leave out --password-stdin"
                .to_owned()
        ));
    }
    Ok(entered.into())
}
