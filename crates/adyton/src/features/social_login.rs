//! Getting in by way of a provider.
//!
//! | Route                  | Method and path                  | Gate  | Limit    |
//! |------------------------|----------------------------------|-------|----------|
//! | `social.providers`     | `GET /auth/providers`            |       |          |
//! | `social.redirect`      | `GET /auth/{provider}/redirect`  | guest | `social` |
//! | `social.callback`      | `GET /auth/{provider}/callback`  |       | `social` |
//! | `social.callback.post` | `POST /auth/{provider}/callback` |       | `social` |
//!
//! All but the first are there only where a provider is configured. What comes back also ends the
//! ways that `social-accounts` begins.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use form_urlencoded::Serializer;
use http::request::Parts;
use serde_json::{Value as Json, json};

use crate::admission::social::{self, Arrival, Asker, Purpose, Returned};
use crate::config::Config;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::error::{Error, Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::Caller;
use crate::http::context::Context;
use crate::http::input::Input;
use crate::http::query::Query;
use crate::http::return_to;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link;
use crate::session::Kept;
use crate::social::Provider;
use crate::wire::Reply;

const REDIRECT: &str = "/auth/{provider}/redirect";
const CALLBACK: &str = "/auth/{provider}/callback";

/// The longest code, state or issuer that is looked at, in bytes: a provider's code may be a whole
/// signed token.
const MOST: usize = 4096;

/// What of a provider's word for an error is kept, in characters.
const WORD: usize = 64;

pub(super) fn feature(config: &Config) -> Feature {
    let feature =
        Feature::new("social-login").route(get("social.providers", "/auth/providers", providers));
    if config.social.is_empty() {
        return feature;
    }
    let redirect = get("social.redirect", REDIRECT, redirect).web().guest();
    let callback = get("social.callback", CALLBACK, callback).web();
    // Without CSRF: it comes from the provider's page, without our cookies, and does nothing but to
    // send the browser to the same address by `GET`.
    let by_form = post("social.callback.post", CALLBACK, callback_by_form);
    feature
        .route(redirect.limited(LimitName::Social))
        .route(callback.limited(LimitName::Social))
        .route(by_form.limited(LimitName::Social))
}

async fn providers(State(context): State<Shared>) -> Result<Reply> {
    let core = &context.core;
    let path = mailed_link::path(core, "social.redirect", REDIRECT);
    let told = |provider: &Provider| {
        json!({
            "name": provider.name(),
            "label": provider.label(),
            "redirect": path.replace("{provider}", provider.name()),
        })
    };
    let all: Vec<Json> = core.providers.all().map(told).collect();
    Ok(Reply::data(json!({ "providers": all })))
}

type InPath = Result<Path<String>, PathRejection>;

async fn redirect(
    State(context): State<Shared>,
    caller: Caller,
    name: InPath,
    query: Query,
    parts: Parts,
) -> Result<Reply> {
    let core = &context.core;
    let provider = provider(core, name)?;
    let wish = query.text(return_to::NAME)?;
    let back = return_to::checked(&context, &parts.headers, wish)?;
    let remember = query.made("remember", MOST);
    let remember = remember.is_some_and(|word| matches!(word, "1" | "true" | "on" | "yes"));
    let purpose = Purpose::Login { remember };
    let url = social::begin(core, &caller.session, provider, purpose, back).await?;
    Ok(Reply::Redirect(url))
}

async fn callback(
    State(context): State<Shared>,
    caller: Caller,
    name: InPath,
    query: Query,
    parts: Parts,
) -> Result<Reply> {
    let (core, client) = (&context.core, context.client(&parts));
    let provider = provider(core, name)?;
    let brought = context.brought(Kept::SocialFlow, &parts);
    let flow = social::take(core, &caller.session, brought).await?;
    let back = flow.return_to().map(str::to_owned);
    let auth = match flow.needs_session() {
        true => known(&caller, &parts).await?,
        false => None,
    };
    let came = (provider, flow, returned(&query));
    let asker = auth.as_ref().and_then(asker);
    match social::arrive(core, &caller.session, came, asker, &client).await? {
        Arrival::Challenged => Ok(Reply::Challenged(None)),
        Arrival::Back => Ok(Reply::Redirect(back.unwrap_or_else(|| otherwise(&context)))),
        Arrival::In { user, is_new } => Ok(match back {
            Some(page) => Reply::Redirect(page),
            None => Reply::admitted(core.users.present(&user), is_new),
        }),
    }
}

/// Sends a browser that was sent by a form, as Apple does, to the same address by `GET`: only then
/// does it bring our cookies. Nothing else of the form is read.
async fn callback_by_form(
    State(context): State<Shared>,
    name: InPath,
    input: Input,
) -> Result<Reply> {
    let core = &context.core;
    let provider = provider(core, name)?;
    let mut query = Serializer::new(String::new());
    for field in ["code", "state", "iss", "error"] {
        let sent = input.get(field).and_then(Json::as_str);
        if let Some(text) = sent.filter(|text| text.len() <= MOST) {
            query.append_pair(field, text);
        }
    }
    let (address, query) = (social::redirect_uri(core, provider), query.finish());
    Ok(Reply::Redirect(format!("{address}?{query}")))
}

/// The provider of a path; what is not configured is not there.
fn provider(core: &Core, name: InPath) -> Result<&Provider> {
    let Path(name) = name.map_err(|_| Error::NotFound)?;
    core.providers.get(&name).ok_or(Error::NotFound)
}

/// What a provider sent with the browser. An `access_token` is not looked at: it proves nothing
/// about whom it was made for.
fn returned(query: &Query) -> Returned {
    let word = |error: &str| {
        let plain = error.chars().filter(char::is_ascii_graphic);
        plain.take(WORD).collect()
    };
    Returned {
        state: query.made("state", MOST).unwrap_or_default().to_owned(),
        code: query.made("code", MOST).map(Secret::from),
        error: query.made("error", MOST).map(word),
        issuer: query.made("iss", MOST).map(str::to_owned),
    }
}

/// Who is logged in, if anybody is.
async fn known(caller: &Caller, parts: &Parts) -> Result<Option<Auth>> {
    match caller.auth(parts).await {
        Ok(auth) => Ok(Some(auth)),
        Err(Error::Unauthenticated(_) | Error::Forbidden(Forbidden::HttpsRequired)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn asker(auth: &Auth) -> Option<Asker<'_>> {
    let session = auth.session_alone()?;
    Some(Asker {
        user: auth.user(),
        session_id: &session.id,
    })
}

/// Where a browser goes on when nobody said.
fn otherwise(context: &Context) -> String {
    let configured = context.speech.redirects.get("social.callback");
    configured.map_or_else(|| context.speech.home.to_string(), Clone::clone)
}
