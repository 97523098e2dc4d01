//! `adyton config`: are the settings right, and which are there?

use std::path::Path;

use adyton::config::Config;
use clap::Subcommand;
use serde_json::json;

use super::serve;
use crate::output::{Format, print, print_json, say};
use crate::reference;
use crate::server;
use crate::settings::Place;

/// What can be done with the settings.
#[derive(Subcommand)]
pub enum Action {
    /// Check adyton.toml and the environment
    #[command(after_help = "Examples:
  adyton config check
  adyton config check --config /etc/adyton.toml")]
    Check(Format),
    /// Print every setting: its key, variable, default and meaning, in Markdown
    Reference,
    /// Print every command, in Markdown
    #[command(hide = true)]
    CliReference,
}

/// Checks or prints.
pub fn run(place: &Place, action: &Action) -> anyhow::Result<()> {
    match action {
        Action::Check(format) => check(place, *format),
        Action::Reference => print(&reference::configuration()),
        Action::CliReference => print(&reference::command_line()),
    }
}

fn check(place: &Place, format: Format) -> anyhow::Result<()> {
    let sources = place.sources(None);
    let config = place.load(Config::default(), None)?;
    server::check(&config)?;
    let flaws: Vec<&str> = serve::flaws(&config).iter().map(|flaw| flaw.key).collect();
    let file = sources.file.as_deref().map(Path::display);
    let file = file.map(|file| file.to_string());
    if format.json {
        return print_json(&json!({ "ok": true, "file": file, "serve_refuses": flaws }));
    }
    print(&match file {
        Some(file) => format!("OK: {file} and the environment"),
        None => "OK: the environment; there is no adyton.toml here".to_owned(),
    })?;
    if !flaws.is_empty() {
        let keys = flaws.join(", ");
        say(&format!(
            "`adyton serve` would refuse: {keys}; start it to see why."
        ));
    }
    Ok(())
}
