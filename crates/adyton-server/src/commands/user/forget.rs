//! `adyton user forget`.

use adyton::{Adyton, Forget as What, WaysIn};
use anyhow::bail;
use clap::Args;
use serde_json::{Value as Json, json};

use super::changed;
use crate::commands::find;
use crate::output::{Format, InWords as _, Wrong, print_json, say};

/// A user, and what they have lost.
#[derive(Args)]
pub struct Forget {
    /// An e-mail address or an id
    who: String,
    /// The second factor and its recovery codes
    #[arg(long)]
    second_factor: bool,
    /// All passkeys
    #[arg(long)]
    passkeys: bool,
    /// All links with providers
    #[arg(long)]
    providers: bool,
    #[command(flatten)]
    format: Format,
}

/// Takes away, and tells what is left.
pub async fn run(adyton: &Adyton, arguments: Forget) -> anyhow::Result<()> {
    let mut what = What::default();
    what.second_factor = arguments.second_factor;
    what.passkeys = arguments.passkeys;
    what.providers = arguments.providers;
    if what == What::default() {
        let problem = "say what to take away: --second-factor, --passkeys or --providers";
        bail!(Wrong(problem.to_owned()));
    }
    let user = find(adyton, &arguments.who).await?;
    let forgotten = adyton.forget_ways_in(&user, what).await;
    forgotten.in_words(adyton.config())?;
    changed(
        adyton,
        &user,
        "has lost those ways in: sessions are ended, tokens stay",
    );
    let left = adyton
        .ways_in(&find(adyton, &user.id.to_string()).await?)
        .await;
    let left = left.in_words(adyton.config())?;
    if !left.password && left.passkeys.is_empty() && left.providers.is_empty() {
        say(
            "Nothing is left to get in by: a password is set by mail, or by `adyton user password`.",
        );
    }
    match arguments.format.json {
        true => print_json(&in_json(&left)),
        false => Ok(()),
    }
}

/// By what a user gets in, for scripts.
pub fn in_json(ways: &WaysIn) -> Json {
    json!({
        "password": ways.password,
        "second_factor": ways.second_factor,
        "passkeys": ways.passkeys,
        "providers": ways.providers,
    })
}
