//! Proving once more who one is, before something that matters.
//!
//! | Route                    | Method and path                       | Gate                | Limit     |
//! |--------------------------|---------------------------------------|---------------------|-----------|
//! | `password.confirm.store` | `POST /user/confirm-password`         | csrf, auth, session | `confirm` |
//! | `password.confirmation`  | `GET /user/confirmed-password-status` | auth, session       |           |
//!
//! It counts in the session that it was proved in, for `confirm.lifetime`.

use axum::extract::State;
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use serde_json::json;

use crate::admission;
use crate::error::{Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::query::Query;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::validate::{Invalid, Rule};
use crate::wire::Reply;

/// Laravel's name for how many seconds ago it was proved.
const SECONDS_AGO: HeaderName = HeaderName::from_static("x-retry-after");

pub(super) fn feature() -> Feature {
    let (store_at, show_at) = ("/user/confirm-password", "/user/confirmed-password-status");
    let store = post("password.confirm.store", store_at, store)
        .web()
        .session()
        .limited(LimitName::Confirm);
    let show = get("password.confirmation", show_at, show).web().session();
    Feature::new("password-confirmation")
        .route(store)
        .route(show)
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let mut read = input.reader();
    // Fortify has no rule for a password that is not there: it is wrong.
    let password = read.has("password").then(|| read.password("password"));
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let who = (auth.user(), session.id.as_str());
    admission::confirm(core, &caller.session, who, password.as_ref(), &client).await?;
    Ok(Reply::Message("passwords.confirmed"))
}

async fn show(
    State(context): State<Shared>,
    auth: Auth,
    query: Query,
) -> Result<(HeaderMap, Reply)> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let lifetime = match query.text("seconds")?.map(|text| text.parse::<u64>()) {
        Some(Ok(seconds)) => seconds,
        Some(Err(_)) => return Err(Invalid::field("seconds", Rule::Integer).into()),
        None => context.config().confirm.lifetime.as_secs(),
    };
    let now = context.core.clock.now().timestamp();
    let age = session.confirmed_at.map(|at| now - at.timestamp());
    let age = age.map(|age| u64::try_from(age).unwrap_or_default());
    let recent = age.filter(|age| *age < lifetime);
    let mut headers = HeaderMap::new();
    if let Some(age) = recent.filter(|age| *age > 0) {
        headers.insert(SECONDS_AGO, age.into());
    }
    let told = Reply::data(json!({ "confirmed": recent.is_some() }));
    Ok((headers, told))
}
