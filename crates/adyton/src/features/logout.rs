//! Logging out: whichever credential came ends, and no other.
//!
//! | Route          | Method and path            | Gate       | Limit |
//! |----------------|----------------------------|------------|-------|
//! | `logout`       | `POST /logout`             | csrf, auth |       |
//! | `token.logout` | `POST /api/v1/auth/logout` | auth       |       |
//!
//! Laravel's `/logout` cannot end a token, and ends the remembered browsers of all devices. A
//! browser of which a second factor is asked leaves by `/logout` too: nobody can answer for it then.

use axum::extract::State;
use http::request::Parts;

use crate::admission;
use crate::audit::By;
use crate::config::Config;
use crate::error::{Error, Result, Unauthenticated};
use crate::guard::Auth;
use crate::http::caller::{Caller, remember_cookie};
use crate::http::route::{Feature, Shared, post};
use crate::token;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let leave = post("logout", "/logout", destroy).web().auth_or_halfway();
    let feature = Feature::new("logout").route(leave);
    match config.tokens.enabled {
        true => feature.route(post("token.logout", "/api/v1/auth/logout", destroy).auth()),
        false => feature,
    }
}

async fn destroy(
    State(context): State<Shared>,
    caller: Caller,
    auth: Option<Auth>,
    parts: Parts,
) -> Result<Reply> {
    let (core, client) = (&context.core, context.client(&parts));
    let Some(auth) = auth else {
        let cookie = remember_cookie(&context, &parts);
        if !admission::give_up(core, &caller.session, cookie).await? {
            // Nobody at all: the refusal says why.
            caller.auth(&parts).await?;
        }
        return Ok(Reply::Message("auth.logged_out"));
    };
    if let Some(token) = auth.token() {
        let by = By::Client(&client);
        let revoked = token::revoke(core, &token.owner, token.id, by).await;
        revoked.map_err(|error| match error {
            // Another logout was faster: this one comes with a token that is gone.
            Error::NotFound => Unauthenticated::TokenUnknown.into(),
            error => error,
        })?;
    }
    if let Some(id) = auth.session_id() {
        let ended = (id, remember_cookie(&context, &parts));
        admission::leave(core, &caller.session, auth.user(), ended, &client).await?;
    }
    Ok(Reply::Message("auth.logged_out"))
}
