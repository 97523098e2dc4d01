//! Logging in by a passkey, into a session.
//!
//! | Route                   | Method and path               | Gate        | Limit     |
//! |-------------------------|-------------------------------|-------------|-----------|
//! | `passkey.login-options` | `GET /passkeys/login/options` | guest       | `passkey` |
//! | `passkey.login`         | `POST /passkeys/login`        | csrf, guest | `passkey` |

use axum::extract::State;
use http::request::Parts;
use serde_json::json;

use crate::admission::{self, Admission, Grant};
use crate::error::Result;
use crate::event::Via;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::passkey;
use crate::session::{CookieChange, Kept};
use crate::wire::Reply;

pub(super) fn feature() -> Feature {
    let options = get("passkey.login-options", "/passkeys/login/options", options)
        .web()
        .guest()
        .limited(LimitName::Passkey);
    let store = post(STORE, "/passkeys/login", store)
        .web()
        .guest()
        .limited(LimitName::Passkey);
    Feature::new("passkey-login").route(options).route(store)
}

/// The route's name, by which `[redirects]` says where its page goes on.
const STORE: &str = "passkey.login";

async fn options(State(context): State<Shared>, caller: Caller) -> Result<Reply> {
    let begun = passkey::begin_login(&context.core)?;
    let kept = CookieChange::Set(begun.sealed);
    caller.session.change(Kept::PasskeyFlow, kept);
    Ok(Reply::data(json!({ "options": begun.options })))
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let remember = read.boolean("remember");
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let brought = context.brought(Kept::PasskeyFlow, &parts);
    caller
        .session
        .change(Kept::PasskeyFlow, CookieChange::Expire);
    let answer = (brought, input.get("credential"));
    let proven = admission::with_passkey(core, answer, &client).await?;
    let (from, grant) = ((Via::Passkey, &client), Grant::Session { remember });
    let admitted = admission::admit(core, &caller.session, &proven, from, grant).await;
    Ok(match admitted.map_err(admission::not_held)? {
        Admission::In(_) => Reply::Redirect(context.goes_on(STORE)),
        Admission::Challenged(secret) => Reply::Challenged(secret),
    })
}
