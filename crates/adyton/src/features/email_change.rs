//! The links that change an account's address, and that take the change back.
//!
//! | Route                | Method and path                    | Gate | Limit            |
//! |----------------------|------------------------------------|------|------------------|
//! | `email-change.show`  | `GET /user/email/confirm/{token}`  |      |                  |
//! | `email-change.store` | `POST /user/email/confirm/{token}` |      | `reset_password` |
//! | `email-undo.show`    | `GET /user/email/undo/{token}`     |      |                  |
//! | `email-undo.store`   | `POST /user/email/undo/{token}`    |      | `reset_password` |
//!
//! The secret in the path proves that its bearer reads mail at the address, so nobody need be
//! logged in. `GET` only shows what `POST` does.

use axum::extract::State;
use chrono::{DateTime, Utc};
use http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::admission::{self, Proven};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::errands::{self, Asker, Errand};
use crate::error::{Error, Forbidden, Result};
use crate::event::Event;
use crate::http::link_secret::LinkSecret;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link::{self, About};
use crate::notices;
use crate::revocation::{self, Keep};
use crate::store::links::{self, LinkRow, Purpose};
use crate::store::security::{self, Epoch};
use crate::store::{Client, reset_tokens};
use crate::user::{Changes, User, UserId};
use crate::validate::{Invalid, Rule};
use crate::ways_in;
use crate::wire::{Landing, NoticeKind, Reply};

const CONFIRM: &str = "/user/email/confirm/{token}";
const UNDO: &str = "/user/email/undo/{token}";

pub(super) fn feature() -> Feature {
    let change = post("email-change.store", CONFIRM, change).limited(LimitName::ResetPassword);
    let undo = post("email-undo.store", UNDO, undo).limited(LimitName::ResetPassword);
    Feature::new("email-change")
        .route(get("email-change.show", CONFIRM, show_change))
        .route(change)
        .route(get("email-undo.show", UNDO, show_undo))
        .route(undo)
}

/// What the link to undo a change keeps.
#[derive(Serialize, Deserialize)]
struct Former {
    /// Since when the address was proved.
    verified_at: Option<DateTime<Utc>>,
    /// As it was before the change: of two changes, the earlier has the smaller one.
    epoch: Epoch,
}

async fn show_change(State(context): State<Shared>, secret: LinkSecret) -> Result<Reply> {
    show(&context.core, "change", Purpose::EmailChange, secret).await
}

async fn show_undo(State(context): State<Shared>, secret: LinkSecret) -> Result<Reply> {
    show(&context.core, "undo", Purpose::EmailUndo, secret).await
}

async fn show(
    core: &Core,
    key: &'static str,
    purpose: Purpose,
    LinkSecret(secret): LinkSecret,
) -> Result<Reply> {
    let link = mailed_link::find(core, purpose, &secret).await?;
    let mut landing = Landing::new(key);
    landing.facts = vec![("email", address(&link)?)];
    Ok(Reply::Landing(landing))
}

async fn change(
    State(context): State<Shared>,
    LinkSecret(secret): LinkSecret,
    parts: Parts,
) -> Result<Reply> {
    let (core, client) = (&context.core, context.client(&parts));
    let link = mailed_link::find(core, Purpose::EmailChange, &secret).await?;
    match give_new(core, &link, &secret, &client).await {
        Ok(()) => Ok(Reply::Message("profile.email_changed")),
        // Somebody took the address meanwhile. Whoever has the link learns no more than that it
        // does not work, and it never will.
        Err(Error::Invalid(_)) => {
            let mut tx = core.db.begin().await?;
            links::delete(&mut tx, &link.id).await?;
            tx.commit().await?;
            Err(Forbidden::LinkInvalid.into())
        }
        Err(error) => Err(error),
    }
}

/// Gives an account the address that its link proves.
///
/// # Errors
/// [`Rule::Unique`] when somebody has it, or a way back to it.
async fn give_new(
    core: &Core,
    link: &LinkRow,
    secret: &Secret<String>,
    client: &Client,
) -> Result<()> {
    let proven = admission::prove(core, owner(link)?).await?;
    let proven = proven.ok_or(Forbidden::LinkInvalid)?;
    let (user, new, now) = (&proven.user, address(link)?, core.clock.now());
    let mut tx = core.db.begin().await?;
    // Whatever moves the epoch ends the link.
    if user.is_disabled() || !security::hold(&mut tx, &user.id, proven.epoch).await? {
        return Err(Forbidden::LinkInvalid.into());
    }
    mailed_link::spend(core, &mut tx, Purpose::EmailChange, secret).await?;
    if links::is_kept_for_another(&mut tx, &new, &user.id, now).await? {
        return Err(Invalid::field("email", Rule::Unique).into());
    }
    end_others(core, &mut tx, user, link).await?;
    let changes = Changes {
        email: Some(new.clone()),
        email_verified_at: Some(Some(now)),
        ..Changes::default()
    };
    core.users.update(&user.id, changes, &mut tx).await?;
    end_all_about(&mut tx, &new).await?;
    tell_both(core, &mut tx, &proven, &new, client).await?;
    let changed = Event::EmailChanged {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Client(client), &[changed]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Ends every session but the one that asked, wherever the link was opened. Tokens go on: reading
/// the mail of the old address made none.
async fn end_others(core: &Core, tx: &mut Tx, user: &User, link: &LinkRow) -> Result<()> {
    let asker = Asker::of_payload(link.payload.as_deref());
    let keep = Keep {
        session: asker.session.as_deref(),
        browser: asker.browser,
        tokens: true,
    };
    revocation::end(core, tx, user, keep).await?;
    Ok(())
}

/// What was mailed to an address before it was the account's is worth nothing.
async fn end_all_about(tx: &mut Tx, address: &str) -> Result<()> {
    reset_tokens::delete(tx, address).await?;
    for purpose in [
        Purpose::EmailVerification,
        Purpose::EmailChange,
        Purpose::Registration,
        Purpose::LoginCode,
    ] {
        links::delete_of_address(tx, address, purpose).await?;
    }
    Ok(())
}

/// Tells both addresses, and the old one how to take it back.
async fn tell_both(
    core: &Core,
    tx: &mut Tx,
    proven: &Proven,
    new: &str,
    client: &Client,
) -> Result<()> {
    let (user, by) = (&proven.user, By::Client(client));
    let undo = way_back(core, tx, proven).await?;
    let what = NoticeKind::EmailChanged {
        old: user.email.clone(),
        new: new.to_owned(),
    };
    notices::tell_at(core, tx, (user, new), what.clone(), by, None).await?;
    notices::tell_at(core, tx, (user, &user.email), what, by, Some(undo)).await
}

/// The link that gives the address back that an account has now.
async fn way_back(core: &Core, tx: &mut Tx, Proven { user, epoch, .. }: &Proven) -> Result<String> {
    let former = Former {
        verified_at: user.email_verified_at,
        epoch: *epoch,
    };
    let payload = serde_json::to_string(&former).expect("a moment and a number are plain data");
    let about = About {
        user: Some(&user.id),
        address: Some(&user.email),
        payload: Some(&payload),
    };
    let lifetime = core.config.links.email_undo_lifetime;
    let secret = mailed_link::make(core, tx, Purpose::EmailUndo, about, lifetime).await?;
    let own = mailed_link::path(core, "email-undo.show", UNDO);
    let values = [("token", secret.expose().as_str())];
    Ok(mailed_link::address(core, None, &own, &values))
}

async fn undo(
    State(context): State<Shared>,
    LinkSecret(secret): LinkSecret,
    parts: Parts,
) -> Result<Reply> {
    let (core, client) = (&context.core, context.client(&parts));
    let link = mailed_link::find(core, Purpose::EmailUndo, &secret).await?;
    let user = core.users.find(owner(&link)?).await?;
    let user = user.ok_or(Forbidden::LinkInvalid)?;
    give_back(core, &user, &link, &secret, &client).await?;
    Ok(Reply::Message("profile.email_restored"))
}

/// Gives an account its former address back, and ends all else. It does not ask that the epoch be
/// the same as before: a thief could move it on and on.
///
/// # Errors
/// [`Rule::Unique`] when somebody has it; the link stays then.
async fn give_back(
    core: &Core,
    user: &User,
    link: &LinkRow,
    secret: &Secret<String>,
    client: &Client,
) -> Result<()> {
    let (old, former) = (address(link)?, former(link)?);
    security::epoch(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    // First, for it locks the user: the same order as all other changes.
    revocation::end(core, &mut tx, user, Keep::default()).await?;
    if core.config.has_feature("password-reset") || user.has_password() {
        ways_in::forget(&mut tx, &user.id).await?;
    }
    mailed_link::spend(core, &mut tx, Purpose::EmailUndo, secret).await?;
    links::delete_of_user(&mut tx, &user.id, Purpose::NotMe).await?;
    end_later_ways_back(&mut tx, user, &former).await?;
    restore(core, &mut tx, user, &old, &former).await?;
    let by = By::Client(client);
    notices::tell_at(
        core,
        &mut tx,
        (user, &old),
        NoticeKind::EmailRestored,
        by,
        None,
    )
    .await?;
    let restored = Event::EmailRestored {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, by, &[restored]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// The address as it was, and no password where there is a way to a new one: whoever changed the
/// address may know it.
async fn restore(core: &Core, tx: &mut Tx, user: &User, old: &str, former: &Former) -> Result<()> {
    let has_reset = core.config.has_feature("password-reset");
    let changes = Changes {
        email: Some(old.to_owned()),
        email_verified_at: Some(former.verified_at),
        password: has_reset.then(|| Secret::new(String::new())),
        ..Changes::default()
    };
    core.users.update(&user.id, changes, tx).await?;
    end_all_about(tx, old).await?;
    if has_reset {
        let email = old.to_owned();
        errands::leave(core, tx, &Errand::PasswordReset { email }).await?;
    }
    Ok(())
}

/// The ways back that later changes opened are a thief's, who made those changes; earlier ones are
/// not theirs, and stay. So whoever had the account first has the last word.
async fn end_later_ways_back(tx: &mut Tx, user: &User, undone: &Former) -> Result<()> {
    for other in links::of_user(tx, &user.id, Purpose::EmailUndo).await? {
        if former(&other).is_ok_and(|other| other.epoch >= undone.epoch) {
            links::delete(tx, &other.id).await?;
        }
    }
    Ok(())
}

fn owner(link: &LinkRow) -> Result<&UserId> {
    Ok(link.user.as_ref().ok_or(Forbidden::LinkInvalid)?)
}

fn address(link: &LinkRow) -> Result<String> {
    Ok(link.address.clone().ok_or(Forbidden::LinkInvalid)?)
}

fn former(link: &LinkRow) -> Result<Former> {
    let read = link.payload.as_deref().map(serde_json::from_str);
    let read = read.and_then(|read| read.ok());
    Ok(read.ok_or(Forbidden::LinkInvalid)?)
}
