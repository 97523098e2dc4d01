//! Whom a user is linked to at providers.
//!
//! | Route                     | Method and path                                | Gate                           | Limit     |
//! |---------------------------|------------------------------------------------|--------------------------------|-----------|
//! | `social-accounts.index`   | `GET /user/social-accounts`                    | auth, session                  | `me`      |
//! | `social-accounts.store`   | `POST /user/social-accounts/{account}`         | csrf, auth, session, confirmed | `social`  |
//! | `social-accounts.confirm` | `POST /user/social-accounts/{account}/confirm` | csrf, auth, session            | `confirm` |
//! | `social-accounts.destroy` | `DELETE /user/social-accounts/{account}`       | csrf, auth, session, confirmed | `me`      |
//!
//! `{account}` is a provider's name where something begins, and a link's id where it ends. What
//! begins here comes back at `social.callback`, so it begins only where that is on.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::request::Parts;
use serde_json::{Value as Json, json};

use crate::admission::social::{self, Asker, Purpose};
use crate::config::Config;
use crate::core::Core;
use crate::error::{Error, Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::LINE;
use crate::http::return_to;
use crate::http::route::{Feature, Shared, delete, get, post};
use crate::limit::LimitName;
use crate::social::Provider;
use crate::store::social_accounts::{self, SocialAccountRow};
use crate::user::timestamp;
use crate::wire::Reply;

const LIST: &str = "/user/social-accounts";
const ONE: &str = "/user/social-accounts/{account}";
const CONFIRM: &str = "/user/social-accounts/{account}/confirm";

pub(super) fn feature(config: &Config) -> Feature {
    let index = get("social-accounts.index", LIST, index).web().session();
    let destroy = delete("social-accounts.destroy", ONE, destroy)
        .web()
        .confirmed();
    let feature = Feature::new("social-accounts")
        .route(index.limited(LimitName::Me))
        .route(destroy.limited(LimitName::Me));
    if config.social.is_empty() || !config.has_feature("social-login") {
        return feature;
    }
    let store = post("social-accounts.store", ONE, store).web().confirmed();
    let confirm = post("social-accounts.confirm", CONFIRM, confirm)
        .web()
        .session();
    feature
        .route(store.limited(LimitName::Social))
        .route(confirm.limited(LimitName::Confirm))
}

async fn index(State(context): State<Shared>, auth: Auth) -> Result<Reply> {
    let core = &context.core;
    let linked = social_accounts::of_user(&core.db, &auth.user().id).await?;
    let told: Vec<Json> = linked.iter().map(|row| told(core, row)).collect();
    Ok(Reply::data(json!({ "social_accounts": told })))
}

fn told(core: &Core, row: &SocialAccountRow) -> Json {
    let provider = core.providers.get(&row.provider);
    json!({
        "id": row.id,
        "provider": row.provider,
        "label": provider.map_or(row.provider.as_str(), Provider::label),
        "email": row.email,
        "name": row.name,
        "last_used_at": row.last_used_at.map(timestamp),
        "created_at": timestamp(row.created_at),
    })
}

type InPath = Result<Path<String>, PathRejection>;

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    name: InPath,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let (core, back) = (&context.core, return_to(&context, &parts, &input)?);
    let (provider, purpose) = (provider(core, name)?, Purpose::Link(auth.user().id.clone()));
    let url = social::begin(core, &caller.session, provider, purpose, back).await?;
    Ok(Reply::Redirect(url))
}

async fn confirm(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    name: InPath,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let (core, back) = (&context.core, return_to(&context, &parts, &input)?);
    let (provider, user) = (provider(core, name)?, auth.user());
    let begun = social::begin_confirmation(core, &caller.session, provider, user, back).await?;
    Ok(Reply::Redirect(begun))
}

async fn destroy(
    State(context): State<Shared>,
    auth: Auth,
    id: InPath,
    parts: Parts,
) -> Result<Reply> {
    let Path(id) = id.map_err(|_| Error::NotFound)?;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let asker = Asker {
        user: auth.user(),
        session_id: &session.id,
    };
    social::unlink(&context.core, asker, id, &context.client(&parts)).await?;
    Ok(Reply::Message("social.unlinked"))
}

fn return_to(context: &Shared, parts: &Parts, input: &Input) -> Result<Option<String>> {
    let mut read = input.reader();
    let wish = read.optional_text(return_to::NAME, LINE);
    read.finish()?;
    return_to::checked(context, &parts.headers, wish)
}

/// The provider of a path; what is not configured is not there.
fn provider(core: &Core, name: InPath) -> Result<&Provider> {
    let Path(name) = name.map_err(|_| Error::NotFound)?;
    core.providers.get(&name).ok_or(Error::NotFound)
}
