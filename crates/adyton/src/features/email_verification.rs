//! Proving that an account's address is its user's, by a link that is mailed there.
//!
//! | Route                 | Method and path                          | Gate          | Limit            |
//! |-----------------------|------------------------------------------|---------------|------------------|
//! | `verification.send`   | `POST /email/verification-notification`  | csrf, session | `verification`   |
//! | `verification.verify` | `GET /email/verify/{id}/{hash}`          |               |                  |
//! | `verification.spend`  | `POST /email/verify/{id}/{hash}`         |               | `reset_password` |
//!
//! Programs open every link in a mail before its reader does, so opening it shows a page, and a
//! button there spends it. A script's `GET` with the session of that very user spends it too, as
//! Laravel's clients have it: no such program has the session.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::Method;
use http::request::Parts;

use crate::audit::{self, By};
use crate::core::Core;
use crate::error::{Error, Forbidden, Result};
use crate::event::Event;
use crate::guard::Auth;
use crate::http::accept;
use crate::http::query::Query;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link;
use crate::store::Client;
use crate::store::links::{self, LinkRow, Purpose};
use crate::user::{Changes, User};
use crate::verification;
use crate::wire::{Landing, Reply};

pub(super) fn feature() -> Feature {
    let path = "/email/verify/{id}/{hash}";
    let send = post(
        "verification.send",
        "/email/verification-notification",
        send,
    );
    // Without CSRF and login: the link's secret proves what is to be proved, and gives nobody
    // anything else.
    let spend = post("verification.spend", path, spend).limited(LimitName::ResetPassword);
    Feature::new("email-verification")
        .route(send.web().session().limited(LimitName::Verification))
        .route(get("verification.verify", path, verify))
        .route(spend)
}

const PURPOSE: Purpose = Purpose::EmailVerification;

async fn send(State(context): State<Shared>, auth: Auth, parts: Parts) -> Result<Reply> {
    let core = &context.core;
    // Not the guard's memory of them: the address may be another one by now.
    let user = core.users.find(&auth.user().id).await?;
    let Some(user) = user.filter(|user| !user.has_verified_email()) else {
        return Ok(Reply::Empty);
    };
    if !core.has_mailer() {
        return Err(Error::MailUnconfigured);
    }
    let client = context.client(&parts);
    let mut tx = core.db.begin().await?;
    verification::mail(core, &mut tx, &user).await?;
    audit::conclude(core, tx, By::Client(&client), &[]).await?;
    Ok(Reply::Message("verification.sent"))
}

/// What a link says.
struct Asked {
    id: String,
    hash: String,
    expires: String,
    /// The secret's stored form.
    secret: String,
}

type InPath = Result<Path<(String, String)>, PathRejection>;

impl Asked {
    fn of(path: InPath, query: &Query) -> Result<Self> {
        let Path((id, hash)) = path.map_err(|_| Error::NotFound)?;
        let text = |name| query.text(name).ok().flatten();
        match (text("expires"), text("signature")) {
            (Some(expires), Some(secret)) => Ok(Self {
                id,
                hash,
                expires,
                secret: mailed_link::stored(&secret),
            }),
            _ => Err(Forbidden::LinkInvalid.into()),
        }
    }

    /// Whether the link is this user's, at the address that they have now.
    fn is_of(&self, user: &User) -> bool {
        self.id == user.id.to_string() && self.hash == verification::hash_of(&user.email)
    }

    /// Whether it says what was mailed, all of it.
    fn is_as_made(&self, link: &LinkRow) -> bool {
        let address = link.address.as_deref().unwrap_or_default();
        link.user.as_ref().map(ToString::to_string).as_ref() == Some(&self.id)
            && verification::hash_of(address) == self.hash
            && link.payload.as_ref() == Some(&self.expires)
    }
}

async fn verify(
    State(context): State<Shared>,
    auth: Option<Auth>,
    path: InPath,
    query: Query,
    parts: Parts,
) -> Result<Reply> {
    let core = &context.core;
    let asked = Asked::of(path, &query)?;
    let shows_page = accept::shows_pages(&parts.headers);
    let by_session = auth.filter(|auth| auth.session_alone().is_some());
    if let Some(auth) = &by_session {
        let user = auth.user();
        if asked.is_of(user) && user.has_verified_email() {
            return Ok(Reply::Message("verification.verified"));
        }
        if !shows_page && !asked.is_of(user) {
            return Err(Forbidden::NotYours.into());
        }
        if !shows_page && parts.method == Method::GET {
            let client = context.client(&parts);
            return prove(core, &client, &asked).await;
        }
    }
    let (link, _) = found(core, &asked).await?;
    let mut landing = Landing::new("verify");
    landing.facts = vec![("email", link.address.unwrap_or_default())];
    Ok(Reply::Landing(landing))
}

async fn spend(
    State(context): State<Shared>,
    path: InPath,
    query: Query,
    parts: Parts,
) -> Result<Reply> {
    let asked = Asked::of(path, &query)?;
    let client = context.client(&parts);
    prove(&context.core, &client, &asked).await
}

/// The link, if it is alive and as it was made, and its user.
async fn found(core: &Core, asked: &Asked) -> Result<(LinkRow, User)> {
    let now = core.clock.now();
    let link = links::find(&core.db, &asked.secret, PURPOSE, now).await?;
    let link = link.filter(|link| asked.is_as_made(link));
    let link = link.ok_or(Forbidden::LinkInvalid)?;
    let user = match &link.user {
        Some(id) => core.users.find(id).await?,
        None => None,
    };
    let user = user.filter(|user| asked.is_of(user) && !user.is_disabled());
    Ok((link, user.ok_or(Forbidden::LinkInvalid)?))
}

/// Spends the link: the address is its user's.
async fn prove(core: &Core, client: &Client, asked: &Asked) -> Result<Reply> {
    let (_, user) = found(core, asked).await?;
    let now = core.clock.now();
    let mut tx = core.db.begin().await?;
    let spent = links::spend(&mut tx, &asked.secret, PURPOSE, now).await?;
    if spent.is_none() {
        return Err(Forbidden::LinkInvalid.into());
    }
    links::delete_of_user(&mut tx, &user.id, PURPOSE).await?;
    let changes = Changes {
        email_verified_at: Some(Some(now)),
        ..Changes::default()
    };
    if !core.users.update(&user.id, changes, &mut tx).await? {
        return Err(Forbidden::LinkInvalid.into());
    }
    let verified = Event::EmailVerified {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Client(client), &[verified]).await?;
    core.freshness.changed(&user.id);
    Ok(Reply::Message("verification.verified"))
}
