//! A user's own tokens: list, issue, revoke.
//!
//! | Route            | Method and path                       | Gate                 | Limit |
//! |------------------|---------------------------------------|----------------------|-------|
//! | `tokens.index`   | `GET /api/v1/me/tokens`               | auth, ability `user` | `me`  |
//! | `tokens.store`   | `POST /api/v1/me/tokens`              | auth, ability `user` | `me`  |
//! | `tokens.destroy` | `DELETE /api/v1/me/tokens/{token_id}` | auth, ability `user` | `me`  |

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::request::Parts;
use serde_json::Value as Json;

use crate::audit::By;
use crate::config::{Config, Tokens};
use crate::error::{Error, Result};
use crate::guard::Auth;
use crate::http::input::Input;
use crate::http::reader::{LINE, Reader};
use crate::http::route::{Feature, Shared, delete, get, post};
use crate::limit::LimitName;
use crate::token::{self, Abilities, IssuedToken, NewToken, Token};
use crate::validate::Rule;
use crate::wire::Reply;

/// Abilities that one token may be given.
const ABILITIES: usize = 50;

pub(super) fn feature(config: &Config) -> Feature {
    let feature = Feature::new("tokens");
    if !config.tokens.enabled {
        return feature;
    }
    let own = "/api/v1/me/tokens";
    let one = "/api/v1/me/tokens/{token_id}";
    feature
        .route(
            get("tokens.index", own, index)
                .ability("user")
                .limited(LimitName::Me),
        )
        .route(
            post("tokens.store", own, store)
                .ability("user")
                .limited(LimitName::Me),
        )
        .route(
            delete("tokens.destroy", one, destroy)
                .ability("user")
                .limited(LimitName::Me),
        )
}

async fn index(State(context): State<Shared>, auth: Auth) -> Result<Reply> {
    let tokens = token::list(&context.core, &auth.user().id).await?;
    Ok(Reply::data(
        tokens.iter().map(Token::to_json).collect::<Vec<_>>(),
    ))
}

async fn store(
    State(context): State<Shared>,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let core = &context.core;
    let mut read = input.reader();
    let name = read.text("name", LINE);
    let abilities = abilities(&mut read, &core.config.tokens);
    let expires_at = read.future("expires_at", core.clock.now());
    read.finish()?;
    let mut new = NewToken::new(name, abilities);
    new.expires_at = expires_at;
    let client = context.client(&parts);
    let by = (By::Client(&client), Some(auth.standing()));
    let issued = token::issue(core, auth.user(), new, by).await?;
    Ok(Reply::Created(shown_once(&issued), "tokens.created"))
}

async fn destroy(
    State(context): State<Shared>,
    auth: Auth,
    id: Result<Path<String>, PathRejection>,
    parts: Parts,
) -> Result<Reply> {
    // What is no number names no token either, UTF-8 or not.
    let id = id.ok().and_then(|Path(id)| id.parse().ok());
    let id = id.ok_or(Error::NotFound)?;
    let client = context.client(&parts);
    token::revoke(&context.core, &auth.user().id, id, By::Client(&client)).await?;
    Ok(Reply::Message("tokens.revoked"))
}

/// What a request may give a token: what the settings offer, and never what is reserved.
fn abilities(read: &mut Reader<'_>, config: &Tokens) -> Abilities {
    let Some(asked) = read.list("abilities", ABILITIES, LINE) else {
        return Abilities::new(config.login_abilities.clone());
    };
    let offers = |ability: &String| {
        config
            .grantable
            .iter()
            .any(|offered| offered == ability || offered == "*")
    };
    for (at, ability) in asked.iter().enumerate() {
        if config.reserved.contains(ability) {
            read.broken(format!("abilities.{at}"), Rule::Reserved(ability.clone()));
        } else if !offers(ability) {
            read.broken(
                format!("abilities.{at}"),
                Rule::NotGrantable(ability.clone()),
            );
        }
    }
    Abilities::new(asked)
}

/// The token with its plain text.
fn shown_once(issued: &IssuedToken) -> Json {
    let mut shown = issued.token.to_json();
    shown["token"] = issued.plain_text.expose().as_str().into();
    shown["token_type"] = "Bearer".into();
    shown
}
