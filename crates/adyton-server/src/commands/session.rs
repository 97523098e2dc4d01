//! `adyton session`: the sessions behind browsers' cookies.

use adyton::{Adyton, Error, SessionInfo};
use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{find, noticed};
use crate::output::{
    Format, InWords as _, counted, harmless, moment, print, print_json, say, table,
};
use crate::settings::{self, Place};

/// Characters of a browser's own name that a list shows.
const AGENT: usize = 40;

/// What can be done with sessions.
#[derive(Subcommand)]
pub enum Action {
    /// List a user's sessions, the most recently used first
    #[command(after_help = "Example:
  adyton session list --user ana@example.com --json")]
    List(List),
    /// End a session, or all of a user's and forget their browsers
    #[command(
        override_usage = "adyton session end <ID>
       adyton session end --user <WHO> --all",
        after_help = "Examples:
  adyton session end 3f2a…            # the id that `adyton session list` shows
  adyton session end --user ana@example.com --all"
    )]
    End(End),
    /// Delete sessions and remembered browsers whose time is over
    #[command(after_help = "Example:
  adyton session prune")]
    Prune(Format),
}

/// A user's sessions.
#[derive(Args)]
pub struct List {
    /// Whose: an e-mail address or an id
    #[arg(long, value_name = "WHO")]
    user: String,
    #[command(flatten)]
    format: Format,
}

/// What is to end.
#[derive(Args)]
pub struct End {
    /// A session's id
    #[arg(required_unless_present = "user", conflicts_with = "user")]
    id: Option<String>,
    /// Whose sessions: an e-mail address or an id
    #[arg(long, value_name = "WHO", requires = "all")]
    user: Option<String>,
    /// All of them
    #[arg(long, requires = "user")]
    all: bool,
    #[command(flatten)]
    format: Format,
}

/// Lists or ends.
pub async fn run(place: &Place, action: Action) -> anyhow::Result<()> {
    let adyton = place.open().await?;
    let done = match action {
        Action::List(arguments) => list(&adyton, arguments).await,
        Action::End(arguments) => end(&adyton, arguments).await,
        Action::Prune(format) => prune(&adyton, format).await,
    };
    done.and(settings::close(&adyton).await)
}

async fn list(adyton: &Adyton, arguments: List) -> anyhow::Result<()> {
    let user = find(adyton, &arguments.user).await?;
    let sessions = adyton.sessions_of(&user.id).await;
    let sessions = sessions.in_words(adyton.config())?;
    if arguments.format.json {
        return print_json(&sessions.iter().map(SessionInfo::to_json).collect());
    }
    if !sessions.is_empty() {
        let headings = ["ID", "FROM", "VIA", "OPENED", "LAST USED", "BROWSER"];
        print(&table(&headings, sessions.iter().map(row).collect()))?;
    }
    let number = counted(sessions.len() as u64, "session", "sessions");
    say(&format!("{number} of {}.", harmless(&user.email)));
    Ok(())
}

fn row(session: &SessionInfo) -> Vec<String> {
    let agent = session.user_agent.as_deref().unwrap_or_default();
    vec![
        session.id.clone(),
        session.address.clone().unwrap_or_default(),
        session.via.unwrap_or_default().to_owned(),
        moment(Some(session.created_at), ""),
        moment(Some(session.last_activity), ""),
        agent.chars().take(AGENT).collect(),
    ]
}

async fn end(adyton: &Adyton, arguments: End) -> anyhow::Result<()> {
    let ended = match (&arguments.user, &arguments.id) {
        (Some(who), _) => end_all(adyton, who).await?,
        (None, Some(id)) => end_one(adyton, id).await?,
        (None, None) => 0,
    };
    let sessions = counted(ended, "session", "sessions");
    say(&format!("{sessions} ended. {}", noticed(adyton)));
    match arguments.format.json {
        true => print_json(&json!({ "ended": ended })),
        false => Ok(()),
    }
}

async fn end_all(adyton: &Adyton, who: &str) -> anyhow::Result<u64> {
    let user = find(adyton, who).await?;
    adyton.end_sessions(&user).await.in_words(adyton.config())
}

async fn end_one(adyton: &Adyton, id: &str) -> anyhow::Result<u64> {
    match adyton.end_session(id).await {
        Err(Error::NotFound) => {
            bail!("there is no such session; `adyton session list --user WHO` shows a user's")
        }
        done => done.in_words(adyton.config()).map(|()| 1),
    }
}

async fn prune(adyton: &Adyton, format: Format) -> anyhow::Result<()> {
    let pruned = adyton.prune_sessions().await;
    let pruned = pruned.in_words(adyton.config())?;
    say(&format!(
        "{} whose time was over deleted, remembered browsers included.",
        counted(pruned, "session", "sessions")
    ));
    match format.json {
        true => print_json(&json!({ "pruned": pruned })),
        false => Ok(()),
    }
}
