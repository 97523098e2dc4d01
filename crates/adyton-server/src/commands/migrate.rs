//! `adyton migrate`: the database's tables.

use adyton::Builder;
use clap::Args;
use serde_json::json;

use crate::output::{Format, InWords as _, counted, print, print_json, say};
use crate::settings::{self, Place};

/// Every step is taken once. Tables that are there already, such as an existing Laravel
/// application's, keep their columns and rows.
#[derive(Args)]
#[command(after_help = "Examples:
  adyton migrate --status
  adyton migrate --database postgres://user:password@host/name")]
pub struct Arguments {
    /// Only tell which steps the database lacks
    #[arg(long)]
    status: bool,
    #[command(flatten)]
    format: Format,
}

/// Changes the tables, or tells what would change.
pub async fn run(place: &Place, arguments: Arguments) -> anyhow::Result<()> {
    let adyton = settings::open(place.for_operator()?, Builder::without_courier).await?;
    let (steps, key) = match arguments.status {
        true => (adyton.pending_migrations().await, "pending"),
        false => (adyton.migrate().await, "applied"),
    };
    let steps = steps.in_words(adyton.config())?;
    settings::close(&adyton).await?;
    if arguments.format.json {
        return print_json(&json!({ key: steps }));
    }
    print(&steps.join("\n"))?;
    let number = counted(steps.len() as u64, "step", "steps");
    say(&match (steps.is_empty(), arguments.status) {
        (true, _) => "The tables are up to date.".to_owned(),
        (false, true) => format!("{number} to take: run `adyton migrate`."),
        (false, false) => format!("{number} taken; the tables are up to date."),
    });
    Ok(())
}
