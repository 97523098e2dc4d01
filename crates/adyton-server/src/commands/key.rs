//! `adyton key`: the key that seals what is kept encrypted, and the way from one to the next.

use adyton::{Adyton, KeyRefusal, KeyStatus, Keys, Secret, UnopenedRow};
use anyhow::bail;
use clap::Subcommand;
use serde_json::{Value as Json, json};

use crate::output::{
    Format, InWords as _, Wrong, counted, hand_over, harmless, in_words, print, print_json, say,
    table,
};
use crate::settings::{self, Place};

/// What can be done with keys.
#[derive(Subcommand)]
pub enum Action {
    /// Print a new key, alone, on standard output
    #[command(
        after_help = "To change the key: set the new one as ADYTON_KEY and put the old one into
ADYTON_PREVIOUS_KEYS on every server, restart them, then `adyton key rotate`.

Examples:
  adyton key generate
  export ADYTON_KEY=\"$(adyton key generate)\""
    )]
    Generate(Format),
    /// Seal with the current key what is sealed with a previous one
    ///
    /// Every server must run with the new key before, and with the old one in ADYTON_PREVIOUS_KEYS:
    /// what this seals, they must be able to open. They go on meanwhile, and nobody is logged out.
    /// It may be ended at any moment; run again, it goes on. What no key opens is named and left as
    /// it is, and the exit code is 1 then.
    #[command(after_help = "Examples:
  adyton key rotate
  adyton key rotate --json")]
    Rotate(Format),
    /// Tell how much is sealed with which key, and which keys can be dropped
    ///
    /// Keys are told by their ids, which tell nothing of them. The exit code is 1 when something is
    /// sealed with a key that is not configured, or cannot be opened.
    #[command(after_help = "Examples:
  adyton key status
  adyton key status --json")]
    Status(Format),
}

/// Does it.
pub async fn run(place: &Place, action: Action) -> anyhow::Result<()> {
    match action {
        Action::Generate(format) => generate(format),
        Action::Rotate(format) => rotate(place, format).await,
        Action::Status(format) => status(place, format).await,
    }
}

fn generate(format: Format) -> anyhow::Result<()> {
    let key: Secret<String> = Keys::generate().into();
    match format.json {
        true => hand_over(&format!("{:#}", json!({ "key": key.expose() })))?,
        false => hand_over(key.expose())?,
    }
    say("Set it as ADYTON_KEY, and keep it as you keep passwords: it is shown this once.");
    say(
        "In place of another key: put that one into ADYTON_PREVIOUS_KEYS; see `adyton key rotate`.",
    );
    Ok(())
}

async fn rotate(place: &Place, format: Format) -> anyhow::Result<()> {
    let adyton = place.open_with_any_key().await?;
    insist_on_a_key(&adyton)?;
    let done = adyton
        .rotate_keys()
        .await
        .map_err(|refusal| match refusal {
            KeyRefusal::Failed(error) => in_words(error, adyton.config()),
            refusal => Wrong(refusal.to_string()).into(),
        })?;
    settings::close(&adyton).await?;
    if format.json {
        print_json(&json!({
            "resealed": done.resealed,
            "current": done.current,
            "unopened": in_json(&done.unopened),
        }))?;
    } else {
        let (resealed, current) = (done.resealed, done.current);
        print(&format!("{resealed} re-sealed, {current} current already"))?;
    }
    insist_on_all(&done.unopened)
}

async fn status(place: &Place, format: Format) -> anyhow::Result<()> {
    let adyton = place.open_with_any_key().await?;
    insist_on_a_key(&adyton)?;
    let status = adyton.key_status().await.in_words(adyton.config())?;
    settings::close(&adyton).await?;
    let keys = rows(&status);
    if format.json {
        let keys: Vec<Json> = keys.iter().map(KeyRow::json).collect();
        print_json(&json!({
            "keys": keys,
            "canary": status.canary,
            "unopened": in_json(&status.unopened),
        }))?;
    } else {
        let lines = keys.iter().map(KeyRow::line).collect();
        print(&table(&["KEY", "IS", "VALUES", "CAN BE DROPPED"], lines))?;
    }
    insist_on_all(&status.unopened)?;
    let missing = status.missing().join(", ");
    if !missing.is_empty() {
        bail!(
            "a key is not configured that something is sealed with: {missing}; put it into \
             ADYTON_PREVIOUS_KEYS"
        );
    }
    Ok(())
}

/// A key in the list of keys.
struct KeyRow {
    id: String,
    role: &'static str,
    values: u64,
    can_be_dropped: bool,
}

impl KeyRow {
    fn json(&self) -> Json {
        json!({
            "id": self.id,
            "is": self.role,
            "values": self.values,
            "can_be_dropped": self.can_be_dropped,
        })
    }

    fn line(&self) -> Vec<String> {
        let can_be_dropped = match (self.role, self.can_be_dropped) {
            ("previous", true) => "yes",
            ("previous", false) => "no: run `adyton key rotate`",
            _ => "",
        };
        vec![
            self.id.clone(),
            self.role.to_owned(),
            self.values.to_string(),
            can_be_dropped.to_owned(),
        ]
    }
}

/// The configured keys in their order, then those that are missing.
fn rows(status: &KeyStatus) -> Vec<KeyRow> {
    let current = std::iter::once((status.current.as_str(), "current"));
    let previous = status.previous.iter().map(|id| (id.as_str(), "previous"));
    let missing = status
        .missing()
        .into_iter()
        .map(|id| (id, "not configured"));
    let row = |(id, role): (&str, &'static str)| KeyRow {
        id: id.to_owned(),
        role,
        values: status.values.get(id).copied().unwrap_or_default(),
        can_be_dropped: role == "previous" && status.can_be_dropped(id),
    };
    current.chain(previous).chain(missing).map(row).collect()
}

fn insist_on_a_key(adyton: &Adyton) -> anyhow::Result<()> {
    if adyton.config().key.is_none() {
        bail!(Wrong(
            "no key is set: set ADYTON_KEY to the one that the servers have".to_owned()
        ));
    }
    Ok(())
}

/// Names what could not be opened.
fn insist_on_all(unopened: &[UnopenedRow]) -> anyhow::Result<()> {
    for row in unopened {
        let (table, column, id) = (row.table, row.column, harmless(&row.id));
        say(&format!("{table}.{column}, row {id}: {}", row.problem));
    }
    if unopened.is_empty() {
        return Ok(());
    }
    let number = counted(unopened.len() as u64, "value", "values");
    bail!("{number} cannot be opened, and stayed as they were");
}

fn in_json(unopened: &[UnopenedRow]) -> Vec<Json> {
    let row = |row: &UnopenedRow| {
        json!({
            "table": row.table,
            "column": row.column,
            "id": row.id,
            "problem": row.problem,
        })
    };
    unopened.iter().map(row).collect()
}
