//! A user's own passkeys, and confirming by one who one is.
//!
//! | Route                          | Method and path                      | Gate                                       | Limit     |
//! |--------------------------------|--------------------------------------|--------------------------------------------|-----------|
//! | `passkey.confirm-options`      | `GET /passkeys/confirm/options`      | auth, session                              | `passkey` |
//! | `passkey.confirm`              | `POST /passkeys/confirm`             | csrf, auth, session                        | `passkey` |
//! | `passkey.index`                | `GET /user/passkeys`                 | auth, session                              | `me`      |
//! | `passkey.registration-options` | `GET /user/passkeys/options`         | auth, session, confirmed, (verified)       | `me`      |
//! | `passkey.store`                | `POST /user/passkeys`                | csrf, auth, session, confirmed, (verified) | `me`      |
//! | `passkey.update`               | `PUT /user/passkeys/{id}`            | csrf, auth, session, confirmed             | `me`      |
//! | `passkey.destroy`              | `DELETE /user/passkeys/{id}`         | csrf, auth, session, confirmed             | `me`      |
//! | `passkey.endpoints`            | `GET /.well-known/passkey-endpoints` |                                            |           |

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::HeaderName;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::{Value as Json, json};

use crate::admission::{self, Confirming};
use crate::config::Config;
use crate::error::{Error, Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::LINE;
use crate::http::route::{Feature, Route, Shared, delete, get, post, put};
use crate::limit::LimitName;
use crate::passkey::{self, Asker, Begun};
use crate::session::{CookieChange, Kept};
use crate::wire::Reply;

/// The route's name, by which `[redirects]` says where its page goes on.
const CONFIRM: &str = "passkey.confirm";

pub(super) fn feature(config: &Config) -> Feature {
    let (own, one) = ("/user/passkeys", "/user/passkeys/{id}");
    let asked = "/passkeys/confirm/options";
    // Else somebody could add their own passkey to an account whose address is another's.
    let adds = |route: Route| match config.passkeys.requires_verified_email {
        true => route.web().confirmed().verified(),
        false => route.web().confirmed(),
    };
    let limited = |route: Route| route.web().session().limited(LimitName::Passkey);
    let mine = |route: Route| route.limited(LimitName::Me);
    let (offer, begin) = ("passkey.registration-options", "/user/passkeys/options");
    let feature = Feature::new("passkeys")
        .route(limited(get(
            "passkey.confirm-options",
            asked,
            confirmation_options,
        )))
        .route(limited(post(CONFIRM, "/passkeys/confirm", confirm)))
        .route(mine(get("passkey.index", own, index).web().session()))
        .route(mine(adds(get(offer, begin, options))))
        .route(mine(adds(post("passkey.store", own, store))))
        .route(mine(put("passkey.update", one, update).web().confirmed()))
        .route(mine(
            delete("passkey.destroy", one, destroy).web().confirmed(),
        ));
    let pages = [&config.passkeys.enroll_url, &config.passkeys.manage_url];
    match pages.iter().any(|page| page.is_some()) {
        true => feature.route(get("passkey.endpoints", WELL_KNOWN, endpoints)),
        false => feature,
    }
}

/// Where password managers look.
const WELL_KNOWN: &str = "/.well-known/passkey-endpoints";

async fn confirmation_options(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
) -> Result<Reply> {
    let begun = passkey::begin_confirmation(&context.core, &auth.user().id).await?;
    Ok(asked(&caller, begun))
}

async fn confirm(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let (core, client) = (&context.core, context.client(&parts));
    let asked = Confirming {
        session: &caller.session,
        session_id: &session.id,
        user: auth.user(),
        client: &client,
    };
    let answer = (taken(&context, &caller, &parts), input.get("credential"));
    admission::confirm_by_passkey(core, &asked, answer).await?;
    Ok(Reply::Redirect(context.goes_on(CONFIRM)))
}

async fn index(State(context): State<Shared>, auth: Auth) -> Result<Reply> {
    let passkeys = passkey::list(&context.core, &auth.user().id).await?;
    Ok(Reply::data(json!({ "passkeys": passkeys })))
}

async fn options(State(context): State<Shared>, caller: Caller, auth: Auth) -> Result<Reply> {
    let begun = passkey::begin_registration(&context.core, auth.user()).await?;
    Ok(asked(&caller, begun))
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let name = read.text("name", LINE);
    read.finish()?;
    let client = context.client(&parts);
    let asker = Asker {
        user: &auth.user().id,
        standing: auth.standing(),
        client: &client,
    };
    let answer = (taken(&context, &caller, &parts), input.get("credential"));
    let id = passkey::add(&context.core, &asker, &name, answer).await?;
    let told = json!({ "status": "passkey-registered", "id": id.to_string(), "name": name });
    Ok(Reply::data(told))
}

async fn update(
    State(context): State<Shared>,
    auth: Auth,
    id: Result<Path<String>, PathRejection>,
    input: Input,
) -> Result<Reply> {
    let id = number(id)?;
    let mut read = input.reader();
    let name = read.text("name", LINE);
    read.finish()?;
    let renamed = passkey::rename(&context.core, &auth.user().id, id, &name).await?;
    Ok(Reply::data(json!({ "passkey": renamed })))
}

async fn destroy(
    State(context): State<Shared>,
    auth: Auth,
    id: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Result<Reply> {
    let client = context.client(&parts);
    let asker = Asker {
        user: &auth.user().id,
        standing: auth.standing(),
        client: &client,
    };
    passkey::remove(&context.core, &asker, number(id)?).await?;
    Ok(Reply::data(json!({ "status": "passkey-deleted" })))
}

/// A format of others, so no dialect words it.
async fn endpoints(State(context): State<Shared>) -> ([(HeaderName, &'static str); 1], String) {
    let config = &context.config().passkeys;
    let pages = [
        ("enroll", &config.enroll_url),
        ("manage", &config.manage_url),
    ];
    let known = pages.into_iter().filter_map(|(name, page)| {
        let page = page.as_deref()?;
        Some((name.to_owned(), Json::from(page)))
    });
    let told = Json::Object(known.collect());
    ([(CONTENT_TYPE, "application/json")], told.to_string())
}

/// The browser carries what it is asked until it answers.
fn asked(caller: &Caller, begun: Begun) -> Reply {
    let kept = CookieChange::Set(begun.sealed);
    caller.session.change(Kept::PasskeyFlow, kept);
    Reply::data(json!({ "options": begun.options }))
}

/// What it was asked; it is good once, so the browser lets it go.
fn taken<'a>(context: &Shared, caller: &Caller, parts: &'a Parts) -> Option<&'a str> {
    caller
        .session
        .change(Kept::PasskeyFlow, CookieChange::Expire);
    context.brought(Kept::PasskeyFlow, parts)
}

/// What is no number names no passkey either, UTF-8 or not.
fn number(id: Result<Path<String>, PathRejection>) -> Result<i64> {
    let id = id.ok().and_then(|Path(id)| id.parse().ok());
    id.ok_or(Error::NotFound)
}
