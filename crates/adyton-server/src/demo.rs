//! A user to try things with: `adyton dev` makes one in a database that has none.

use adyton::{Adyton, Error, Secret, UserDraft, UserQuery};

use crate::home;
use crate::output::InWords as _;

/// The demo user's address.
pub const ADDRESS: &str = "ada@example.com";

const NAME: &str = "Ada";
const PASSWORD_FILE: &str = "demo-password";
const PASSWORD_LENGTH: usize = 20;

/// The demo user's password, if there is such a user and it is still that one.
pub async fn password(adyton: &Adyton) -> anyhow::Result<Option<Secret<String>>> {
    let config = adyton.config();
    let (_, users) = adyton
        .users()
        .list(&UserQuery::first(1))
        .await
        .in_words(config)?;
    if users == 0 {
        return create(adyton).await.map(Some);
    }
    let user = match adyton.find_user(ADDRESS).await {
        Ok(user) if !user.is_disabled() => user,
        Ok(_) | Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error).in_words(config),
    };
    let Some(password) = home::read(PASSWORD_FILE)? else {
        return Ok(None);
    };
    let is_theirs = adyton.is_password_of(&user, password.clone()).await;
    Ok(is_theirs.in_words(config)?.then_some(password))
}

async fn create(adyton: &Adyton) -> anyhow::Result<Secret<String>> {
    let config = adyton.config();
    let long_enough = config.passwords.min_length.max(PASSWORD_LENGTH);
    let kept = home::read(PASSWORD_FILE)?;
    let password = match kept.filter(|kept| kept.expose().len() >= long_enough) {
        // One password for all the databases that are tried here.
        Some(kept) => kept,
        None => {
            let made = Secret::random(long_enough);
            // Before the user, so that nobody can come to be whose password is not known.
            home::write(PASSWORD_FILE, &made)?;
            made
        }
    };
    let mut draft = UserDraft::new(NAME, ADDRESS);
    draft.password = Some(password.clone());
    draft.verified = true;
    adyton.create_user(draft).await.in_words(config)?;
    Ok(password)
}
