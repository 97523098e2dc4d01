//! The commands: a file each. What they do is the library's; here are its words.

pub mod audit;
pub mod config;
pub mod dev;
pub mod key;
pub mod migrate;
pub mod routes;
pub mod serve;
pub mod session;
pub mod token;
pub mod user;

use adyton::{Adyton, Error, User};
use anyhow::bail;

use crate::output::{InWords as _, harmless};

/// How soon a change is felt: servers remember for a while whom they have just seen.
fn noticed(adyton: &Adyton) -> String {
    let memory = adyton.config().guard.memory;
    format!("A running server knows within {memory:?} (setting: guard.memory).")
}

/// The user of an address or an id.
async fn find(adyton: &Adyton, who: &str) -> anyhow::Result<User> {
    match adyton.find_user(who).await {
        Err(Error::NotFound) => bail!(
            "there is no user {}; `adyton user list` shows all",
            harmless(who)
        ),
        found => found.in_words(adyton.config()),
    }
}
