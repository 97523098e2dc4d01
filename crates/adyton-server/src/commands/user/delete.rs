//! `adyton user delete`.

use std::io::{self, BufRead as _, IsTerminal as _};

use adyton::{Adyton, User};
use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;

use super::changed;
use crate::commands::find;
use crate::output::{Format, InWords as _, Wrong, harmless, print_json, say};

/// A user who is to go.
#[derive(Args)]
pub struct Delete {
    /// An e-mail address or an id
    who: String,
    /// Do not ask first
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    format: Format,
}

/// Deletes, once it is sure that it is meant.
pub async fn run(adyton: &Adyton, arguments: Delete) -> anyhow::Result<()> {
    let user = find(adyton, &arguments.who).await?;
    let email = harmless(&user.email);
    if !arguments.yes && !is_meant(&user)? {
        bail!("{email} is not deleted");
    }
    let deleted = adyton.delete_user(&user).await;
    deleted.in_words(adyton.config())?;
    changed(adyton, &user, "is deleted");
    match arguments.format.json {
        true => print_json(&json!({ "deleted": user.id })),
        false => Ok(()),
    }
}

/// The address is typed once more: there is no way back.
fn is_meant(user: &User) -> anyhow::Result<bool> {
    let mut stdin = io::stdin().lock();
    if !stdin.is_terminal() {
        bail!(Wrong(
            "nobody is there to be asked: say --yes to delete without a question".to_owned()
        ));
    }
    let (id, email) = (&user.id, harmless(&user.email));
    say(&format!(
        "User {id}, {email}, and all their sessions and tokens go. Type the address to go on:"
    ));
    let mut typed = String::new();
    let read = stdin.read_line(&mut typed);
    read.context("the answer cannot be read")?;
    Ok(typed.trim() == user.email)
}
