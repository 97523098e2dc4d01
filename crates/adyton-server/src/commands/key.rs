//! `adyton key generate`: the key that binds CSRF tokens to their sessions.

use adyton::{Keys, Secret};
use clap::Subcommand;
use serde_json::json;

use crate::output::{Format, hand_over, say};

/// What can be done with keys.
#[derive(Subcommand)]
pub enum Action {
    /// Print a new key, alone, on standard output
    #[command(after_help = "Examples:
  adyton key generate
  export ADYTON_KEY=\"$(adyton key generate)\"")]
    Generate(Format),
}

/// Prints a key.
pub fn run(action: &Action) -> anyhow::Result<()> {
    let Action::Generate(format) = action;
    let key: Secret<String> = Keys::generate().into();
    match format.json {
        true => hand_over(&format!("{:#}", json!({ "key": key.expose() })))?,
        false => hand_over(key.expose())?,
    }
    say("Set it as ADYTON_KEY, and keep it as you keep passwords: it is shown this once.");
    Ok(())
}
