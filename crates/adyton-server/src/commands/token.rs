//! `adyton token`: personal access tokens, any ability included.

use std::time::Duration;

use adyton::config::parse_duration;
use adyton::{Abilities, Adyton, Error, IssuedToken, NewToken, Token, User, timestamp};
use anyhow::bail;
use chrono::{DateTime, NaiveDate, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::{find, noticed};
use crate::output::{
    Format, InWords as _, Wrong, counted, hand_over, harmless, moment, print, print_json, say,
    table,
};
use crate::settings::{self, Place};

/// What can be done with tokens.
#[derive(Subcommand)]
pub enum Action {
    /// Issue a token and print it, this once, alone, on standard output
    #[command(after_help = "Examples:
  adyton token issue --user owner@example.com --name my-integration --ability admin
  adyton token issue --user 7 --name backup --ability posts:read --ability posts:write --expires 90d
  TOKEN=\"$(adyton token issue --user owner@example.com --name ci --ability '*')\"

The ability * stands for all but the reserved ones (setting tokens.reserved, by default admin).")]
    Issue(Issue),
    /// List a user's tokens, the newest first
    #[command(after_help = "Example:
  adyton token list --user ana@example.com --json")]
    List(List),
    /// Revoke a token
    #[command(after_help = "Example:
  adyton token revoke 12       # the number before the token's |")]
    Revoke(Revoke),
    /// Delete tokens that ended some time ago
    #[command(after_help = "Example:
  adyton token prune --hours 24")]
    Prune(Prune),
}

/// A new token.
#[derive(Args)]
pub struct Issue {
    /// Its owner: an e-mail address or an id
    #[arg(long, value_name = "WHO")]
    user: String,
    /// What it is called
    #[arg(long)]
    name: String,
    /// What it may do; may be given more than once
    #[arg(long = "ability", value_name = "ABILITY", required = true, value_parser = NonEmptyStringValueParser::new())]
    abilities: Vec<String>,
    /// When it ends: after a time such as 90d or 12h, or at 2030-12-31 or 2030-12-31T12:00:00Z
    #[arg(long, value_name = "WHEN", value_parser = end)]
    expires: Option<End>,
    #[command(flatten)]
    format: Format,
}

/// When a token ends.
#[derive(Clone, Copy)]
pub enum End {
    /// So long from now.
    After(Duration),
    /// Then.
    At(DateTime<Utc>),
}

/// A user's tokens.
#[derive(Args)]
pub struct List {
    /// Their owner: an e-mail address or an id
    #[arg(long, value_name = "WHO")]
    user: String,
    #[command(flatten)]
    format: Format,
}

/// One token.
#[derive(Args)]
pub struct Revoke {
    /// Its id: the number before the |
    id: i64,
    #[command(flatten)]
    format: Format,
}

/// Old tokens.
#[derive(Args)]
pub struct Prune {
    /// How long ago they ended, at least
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u64).range(..=876_000))]
    hours: u64,
    #[command(flatten)]
    format: Format,
}

/// Issues, lists or revokes.
pub async fn run(place: &Place, action: Action) -> anyhow::Result<()> {
    let adyton = place.open().await?;
    let done = match action {
        Action::Issue(arguments) => issue(&adyton, arguments).await,
        Action::List(arguments) => list(&adyton, arguments).await,
        Action::Revoke(arguments) => revoke(&adyton, arguments).await,
        Action::Prune(arguments) => prune(&adyton, arguments).await,
    };
    done.and(settings::close(&adyton).await)
}

async fn issue(adyton: &Adyton, arguments: Issue) -> anyhow::Result<()> {
    let owner = find(adyton, &arguments.user).await?;
    let mut new = NewToken::new(arguments.name, Abilities::new(arguments.abilities));
    new.expires_at = match arguments.expires {
        Some(End::After(time)) => Some(adyton.clock().now() + time),
        Some(End::At(moment)) => Some(moment),
        None => None,
    };
    let issued = adyton.issue_token(&owner, new).await;
    let issued = issued.in_words(adyton.config())?;
    let text = match arguments.format.json {
        true => format!("{:#}", with_text(&issued)),
        false => issued.plain_text.expose().clone(),
    };
    if let Err(error) = hand_over(&text) {
        let id = issued.token.id;
        bail!("the token could not be printed ({error}); revoke it: adyton token revoke {id}");
    }
    tell(adyton, &owner, &issued.token);
    Ok(())
}

/// What was issued, in words.
fn tell(adyton: &Adyton, owner: &User, token: &Token) {
    let (name, email) = (harmless(&token.name), harmless(&owner.email));
    let abilities = harmless(&token.abilities.as_slice().join(", "));
    let id = token.id;
    say(&format!(
        "Token {id} ({name}) of {email} may: {abilities}. {}. It is shown this once.",
        end_in_words(adyton, token)
    ));
    if owner.is_disabled() {
        say(&format!(
            "warning: {email} is disabled, so the token is refused until `adyton user enable {email}`"
        ));
    }
    if !adyton.config().tokens.enabled {
        say("warning: tokens are switched off (setting: tokens.enabled)");
    }
}

fn end_in_words(adyton: &Adyton, token: &Token) -> String {
    let of_age = adyton.config().tokens.expiration.zip(token.created_at);
    let of_age = of_age.map(|(age, created)| created + age);
    match [token.expires_at, of_age].into_iter().flatten().min() {
        Some(end) => format!("It ends at {}", moment(Some(end), "")),
        None => "It does not end by itself".to_owned(),
    }
}

fn with_text(issued: &IssuedToken) -> Json {
    let mut shown = issued.token.to_json();
    shown["token"] = issued.plain_text.expose().as_str().into();
    shown
}

async fn list(adyton: &Adyton, arguments: List) -> anyhow::Result<()> {
    let owner = find(adyton, &arguments.user).await?;
    let tokens = adyton.tokens_of(&owner.id).await;
    let tokens = tokens.in_words(adyton.config())?;
    if arguments.format.json {
        return print_json(&tokens.iter().map(Token::to_json).collect());
    }
    if !tokens.is_empty() {
        let headings = ["ID", "NAME", "ABILITIES", "LAST USED", "ENDS", "CREATED"];
        print(&table(&headings, tokens.iter().map(row).collect()))?;
    }
    let number = counted(tokens.len() as u64, "token", "tokens");
    say(&format!("{number} of {}.", harmless(&owner.email)));
    Ok(())
}

fn row(token: &Token) -> Vec<String> {
    vec![
        token.id.to_string(),
        token.name.clone(),
        token.abilities.as_slice().join(", "),
        moment(token.last_used_at, "never"),
        moment(token.expires_at, "never"),
        moment(token.created_at, ""),
    ]
}

async fn revoke(adyton: &Adyton, arguments: Revoke) -> anyhow::Result<()> {
    let id = arguments.id;
    match adyton.revoke_token(id).await {
        Err(Error::NotFound) => {
            bail!("there is no token {id}; `adyton token list --user WHO` shows a user's")
        }
        done => done.in_words(adyton.config())?,
    }
    say(&format!("Token {id} is revoked. {}", noticed(adyton)));
    match arguments.format.json {
        true => print_json(&json!({ "revoked": id })),
        false => Ok(()),
    }
}

async fn prune(adyton: &Adyton, arguments: Prune) -> anyhow::Result<()> {
    let grace = Duration::from_secs(arguments.hours * 60 * 60);
    let pruned = adyton.prune_tokens(grace).await;
    let pruned = pruned.in_words(adyton.config())?;
    let (number, now) = (
        counted(pruned, "token", "tokens"),
        adyton.clock().now() - grace,
    );
    say(&format!(
        "{number} deleted: those that ended before {}.",
        moment(Some(now), "")
    ));
    match arguments.format.json {
        true => print_json(&json!({ "pruned": pruned, "ended_before": timestamp(now) })),
        false => Ok(()),
    }
}

/// Reads when a token ends.
fn end(text: &str) -> Result<End, Wrong> {
    if let Some(time) = parse_duration(text).filter(|time| !time.is_zero()) {
        return Ok(End::After(time));
    }
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Ok(End::At(moment.to_utc()));
    }
    let day = text.parse::<NaiveDate>().ok();
    let midnight = day.and_then(|day| day.and_hms_opt(0, 0, 0));
    midnight
        .map(|midnight| End::At(midnight.and_utc()))
        .ok_or_else(|| {
            let forms = "a time such as 90d or 12h, a day such as 2030-12-31, or a moment such as \
                         2030-12-31T12:00:00Z";
            Wrong(format!("expected {forms}"))
        })
}
