//! Where a user is logged in: a list of sessions, remembered browsers, tokens and trusted browsers,
//! and their end.
//!
//! | Route                            | Method and path                      | Gate                 | Limit     |
//! |----------------------------------|--------------------------------------|----------------------|-----------|
//! | `sessions.index`                 | `GET /user/sessions`                 | auth, ability `user` | `me`      |
//! | `sessions.destroy`               | `DELETE /user/sessions/{id}`         | csrf, auth, session  | `me`      |
//! | `other-browser-sessions.destroy` | `DELETE /user/other-browser-sessions`| csrf, auth, session  | `confirm` |

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::request::Parts;
use serde_json::json;

use crate::access::{self, Asker, Key};
use crate::admission;
use crate::audit::By;
use crate::error::{Error, Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::{Caller, remember_cookie};
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, delete, get};
use crate::limit::LimitName;
use crate::revocation::Keep;
use crate::session::Kept;
use crate::wire::Reply;

pub(super) fn feature() -> Feature {
    let others = "/user/other-browser-sessions";
    Feature::new("browser-sessions")
        .route(
            get("sessions.index", "/user/sessions", index)
                .web()
                .ability("user")
                .limited(LimitName::Me),
        )
        .route(
            delete("sessions.destroy", "/user/sessions/{id}", destroy)
                .web()
                .session()
                .limited(LimitName::Me),
        )
        .route(
            delete("other-browser-sessions.destroy", others, destroy_others)
                .web()
                .session()
                .limited(LimitName::Confirm),
        )
}

async fn index(State(context): State<Shared>, auth: Auth, parts: Parts) -> Result<Reply> {
    let guard = &context.guard;
    let asker = Asker {
        user: &auth.user().id,
        session: auth.session_id(),
        token: auth.token().map(|token| token.id),
        trusted: context.brought(Kept::Trusted, &parts),
        session_seen: &|id| guard.session_seen(id),
        token_seen: &|id| guard.token_seen(id),
    };
    let sessions = access::list(&context.core, &asker).await?;
    Ok(Reply::data(json!({ "sessions": sessions })))
}

async fn destroy(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    id: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Result<Reply> {
    // What is no UTF-8 names nothing.
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    let key: Key = id.parse()?;
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let (core, client) = (&context.core, context.client(&parts));
    let own_browser = session.browser.map(Key::Browser);
    if key == Key::Session(session.id.clone()) || Some(&key) == own_browser.as_ref() {
        let ended = (session.id.as_str(), remember_cookie(&context, &parts));
        admission::leave(core, &caller.session, auth.user(), ended, &client).await?;
    } else {
        access::end(core, &auth.user().id, &key, By::Client(&client)).await?;
    }
    Ok(Reply::Message("sessions.ended"))
}

async fn destroy_others(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let mut read = input.reader();
    let password = read.has("password").then(|| read.password("password"));
    let tokens = read.boolean("tokens");
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let is_confirmed = session.is_confirmed(core.clock.now(), core.config.confirm.lifetime);
    let who = (auth.user(), is_confirmed);
    let proven = admission::proven_anew(core, who, password.as_ref(), &client).await?;
    let kept = Keep {
        session: Some(&session.id),
        browser: session.browser,
        tokens: !tokens,
    };
    admission::end_others(core, &caller.session, &proven, kept, &client).await?;
    Ok(Reply::Message("sessions.others_ended"))
}
