//! `adyton audit`: the security log, shown, verified and exported.

use adyton::config::IdKind;
use adyton::{Adyton, AuditEntry, AuditFault, AuditHead, AuditVerdict, Error, UserId};
use anyhow::bail;
use clap::{Args, Subcommand};
use serde_json::{Value as Json, json};

use super::find;
use crate::output::{Format, InWords as _, counted, harmless, print, print_json, say, table};
use crate::settings::{self, Place};

/// Characters of a browser's own name that a list shows.
const AGENT: usize = 40;

/// What can be done with the security log.
#[derive(Subcommand)]
pub enum Action {
    /// List what happened, the newest first
    #[command(after_help = "Examples:
  adyton audit list --limit 20
  adyton audit list --user ana@example.com --json")]
    List(List),
    /// Check that nothing in the log was changed, taken out or put in
    #[command(after_help = "Examples:
  adyton audit verify
  adyton audit verify --expect 1042:9f86d081…   # a line that was kept elsewhere

Exit codes: 0 the log is whole; 1 it is not, and the first number that is wrong is named.")]
    Verify(Verify),
    /// Print the log as JSON, one event a line, the oldest first
    #[command(after_help = "Examples:
  adyton audit export > security-log.jsonl
  adyton audit export --after 1042 >> security-log.jsonl")]
    Export(Export),
}

/// Which events.
#[derive(Args)]
pub struct List {
    /// Whose: an e-mail address or an id. The id of a user who was deleted does too
    #[arg(long, value_name = "WHO")]
    user: Option<String>,
    /// How many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    limit: u64,
    #[command(flatten)]
    format: Format,
}

/// Against what.
#[derive(Args)]
pub struct Verify {
    /// A number and its hash that were kept elsewhere, as an earlier verification printed them
    #[arg(long, value_name = "NUMBER:HASH")]
    expect: Option<AuditHead>,
    #[command(flatten)]
    format: Format,
}

/// From where.
#[derive(Args)]
pub struct Export {
    /// Only the events after this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
}

/// Lists, verifies or exports.
pub async fn run(place: &Place, action: Action) -> anyhow::Result<()> {
    let adyton = place.open().await?;
    let done = match action {
        Action::List(arguments) => list(&adyton, arguments).await,
        Action::Verify(arguments) => verify(&adyton, arguments).await,
        Action::Export(arguments) => export(&adyton, arguments.after).await,
    };
    done.and(settings::close(&adyton).await)
}

async fn list(adyton: &Adyton, arguments: List) -> anyhow::Result<()> {
    let user = match &arguments.user {
        Some(who) => Some(whom(adyton, who).await?),
        None => None,
    };
    let listed = adyton.audit_list(user.as_ref(), arguments.limit).await;
    let entries = listed.in_words(adyton.config())?;
    if arguments.format.json {
        return print_json(&entries.iter().map(AuditEntry::to_json).collect());
    }
    if !entries.is_empty() {
        let headings = [
            "NUMBER", "AT", "EVENT", "OUTCOME", "USER", "ACTOR", "FROM", "FACTS", "AGENT",
        ];
        print(&table(&headings, entries.iter().map(row).collect()))?;
    }
    say(&format!(
        "{}.",
        counted(entries.len() as u64, "event", "events")
    ));
    Ok(())
}

/// A user, or the id of one who is gone: the log outlives its users.
async fn whom(adyton: &Adyton, who: &str) -> anyhow::Result<UserId> {
    if who.contains('@') {
        return Ok(find(adyton, who).await?.id);
    }
    match adyton.find_user(who).await {
        Ok(user) => Ok(user.id),
        Err(Error::NotFound) => match (&adyton.config().users.id, who.parse()) {
            (IdKind::Text, _) => Ok(UserId::Text(who.to_owned())),
            (_, Ok(id)) => Ok(UserId::Integer(id)),
            (_, Err(_)) => bail!("{} is neither an address nor an id", harmless(who)),
        },
        Err(error) => Err(error).in_words(adyton.config()),
    }
}

fn row(entry: &AuditEntry) -> Vec<String> {
    let agent = entry.user_agent.as_deref().unwrap_or_default();
    let facts = match &entry.facts {
        Json::Object(facts) if facts.is_empty() => String::new(),
        facts => facts.to_string(),
    };
    vec![
        entry.number.to_string(),
        entry.at.clone(),
        entry.event.clone(),
        entry.outcome.clone(),
        entry
            .user
            .as_ref()
            .map(UserId::to_string)
            .unwrap_or_default(),
        entry.actor.clone(),
        entry.address.clone().unwrap_or_default(),
        facts,
        agent.chars().take(AGENT).collect(),
    ]
}

async fn verify(adyton: &Adyton, arguments: Verify) -> anyhow::Result<()> {
    let verdict = adyton.audit_verify(arguments.expect.as_ref()).await;
    match verdict.in_words(adyton.config())? {
        AuditVerdict::Whole(head) => {
            let events = counted(head.number.unsigned_abs(), "event", "events");
            match arguments.format.json {
                true => print_json(&json!({ "number": head.number, "hash": head.hash })),
                false => print(&format!("{events}, whole. Keep this elsewhere: {head}")),
            }
        }
        AuditVerdict::Broken { number, fault } => {
            bail!(
                "the security log is broken at event {number}: {}",
                in_words(fault)
            )
        }
        verdict => bail!("the security log is not whole: {verdict:?}"),
    }
}

fn in_words(fault: AuditFault) -> &'static str {
    match fault {
        AuditFault::Altered => "it is not what was written",
        AuditFault::Missing => "it is gone",
        AuditFault::Unexpected => "it was never written by Adyton",
        AuditFault::Rewritten => {
            "its hash is not the expected one: it, or one before it, was changed and the rest \
             computed anew"
        }
        _ => "it is wrong",
    }
}

/// One event a line: what stands in it, a newline too, is escaped.
async fn export(adyton: &Adyton, mut after: i64) -> anyhow::Result<()> {
    loop {
        let part = adyton.audit_after(after).await;
        let part = part.in_words(adyton.config())?;
        let Some(last) = part.last() else {
            return Ok(());
        };
        after = last.number;
        let lines: Vec<String> = part.iter().map(AuditEntry::to_line).collect();
        print(&lines.join("\n"))?;
    }
}
