//! "This wasn't me": whoever is told of something that they did not do ends every credential of
//! their account.
//!
//! | Route          | Method and path                | Gate | Limit            |
//! |----------------|--------------------------------|------|------------------|
//! | `not-me.show`  | `GET /account/not-me/{token}`  |      |                  |
//! | `not-me.store` | `POST /account/not-me/{token}` |      | `reset_password` |
//!
//! The secret in the path proves it, so nobody need be logged in. `GET` only shows what `POST`
//! does: programs that open every link in a mail end nothing.

use axum::extract::State;
use http::request::Parts;

use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::errands::{self, Errand};
use crate::error::{Forbidden, Result};
use crate::event::Event;
use crate::http::link_secret::LinkSecret;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link;
use crate::revocation::{self, Keep};
use crate::store::links::{self, LinkRow, Purpose};
use crate::store::{Client, security};
use crate::user::{Changes, User};
use crate::ways_in;
use crate::wire::{Landing, Reply};

pub(super) fn feature() -> Feature {
    let path = "/account/not-me/{token}";
    let store = post("not-me.store", path, store).limited(LimitName::ResetPassword);
    Feature::new("not-me")
        .route(get("not-me.show", path, show))
        .route(store)
}

async fn show(State(context): State<Shared>, LinkSecret(secret): LinkSecret) -> Result<Reply> {
    let link = mailed_link::find(&context.core, Purpose::NotMe, &secret).await?;
    let mut landing = Landing::new("not_me");
    // The address that the notice went to: its reader need not learn of another.
    landing.facts = vec![("email", link.address.unwrap_or_default())];
    Ok(Reply::Landing(landing))
}

async fn store(
    State(context): State<Shared>,
    LinkSecret(secret): LinkSecret,
    parts: Parts,
) -> Result<Reply> {
    let (core, client) = (&context.core, context.client(&parts));
    let link = mailed_link::find(core, Purpose::NotMe, &secret).await?;
    let user = match &link.user {
        Some(id) => core.users.find(id).await?,
        None => None,
    };
    let user = user.ok_or(Forbidden::LinkInvalid)?;
    disown(core, &user, &secret, &client).await?;
    Ok(Reply::Message("profile.disowned"))
}

/// Ends everything: passkeys and links with providers, for whoever it was may have added them; the
/// password, too, where there is a way to a new one.
async fn disown(core: &Core, user: &User, secret: &Secret<String>, client: &Client) -> Result<()> {
    let has_reset = core.config.has_feature("password-reset");
    security::epoch(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    // First, for it locks the user: the same order as all other changes.
    revocation::end(core, &mut tx, user, Keep::default()).await?;
    if has_reset || user.has_password() {
        ways_in::forget(&mut tx, &user.id).await?;
    }
    let link = mailed_link::spend(core, &mut tx, Purpose::NotMe, secret).await?;
    links::delete_of_user(&mut tx, &user.id, Purpose::NotMe).await?;
    if has_reset {
        let worthless = Changes {
            password: Some(Secret::new(String::new())),
            ..Changes::default()
        };
        core.users.update(&user.id, worthless, &mut tx).await?;
    }
    if has_reset && may_be_mailed(user, &link) {
        let email = user.email.clone();
        errands::leave(core, &mut tx, &Errand::PasswordReset { email }).await?;
    }
    let disowned = Event::Disowned {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Client(client), &[disowned]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Whether the address that the account has now is its owner's, as far as anybody knows: the
/// notice was read there, or it was proved. A thief may have proved theirs; for that there is the
/// way back to the former address.
fn may_be_mailed(user: &User, link: &LinkRow) -> bool {
    link.address.as_deref() == Some(user.email.as_str()) || user.has_verified_email()
}
