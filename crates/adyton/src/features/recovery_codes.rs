//! A user's own recovery codes: shown, and replaced.
//!
//! | Route                                  | Method and path                        | Gate                           | Limit |
//! |----------------------------------------|----------------------------------------|--------------------------------|-------|
//! | `two-factor.recovery-codes`            | `GET /user/two-factor-recovery-codes`  | auth, session, confirmed       |       |
//! | `two-factor.regenerate-recovery-codes` | `POST /user/two-factor-recovery-codes` | csrf, auth, session, confirmed |       |

use axum::extract::State;
use http::Method;
use http::request::Parts;
use serde_json::json;

use crate::audit::By;
use crate::error::Result;
use crate::guard::Auth;
use crate::http::route::{Feature, Shared, get, post};
use crate::second_factor;
use crate::wire::Reply;

const OWN: &str = "/user/two-factor-recovery-codes";

pub(super) fn feature() -> Feature {
    let replaced = "two-factor.regenerate-recovery-codes";
    Feature::new("recovery-codes")
        .route(
            get("two-factor.recovery-codes", OWN, index)
                .web()
                .confirmed(),
        )
        .route(post(replaced, OWN, store).web().confirmed())
}

async fn index(State(context): State<Shared>, auth: Auth, parts: Parts) -> Result<Reply> {
    // They are shown for the last time at some point, and a `HEAD` shows nothing.
    if parts.method == Method::HEAD {
        return Ok(Reply::data(json!([])));
    }
    let client = context.client(&parts);
    let by = (By::Client(&client), auth.standing());
    let codes = second_factor::show(&context.core, &auth.user().id, by).await?;
    let codes: Vec<&str> = codes.iter().map(|code| code.expose().as_str()).collect();
    Ok(Reply::data(json!(codes)))
}

async fn store(State(context): State<Shared>, auth: Auth, parts: Parts) -> Result<Reply> {
    let client = context.client(&parts);
    let by = (By::Client(&client), auth.standing());
    second_factor::replace(&context.core, auth.user(), by).await?;
    Ok(Reply::Message("two_factor.codes_replaced"))
}
