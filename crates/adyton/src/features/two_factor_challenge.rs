//! The second step of a login, for a session and for a token.
//!
//! | Route                    | Method and path                | Gate        | Limit        |
//! |--------------------------|--------------------------------|-------------|--------------|
//! | `two-factor.login.store` | `POST /two-factor-challenge`   | csrf, guest | `two_factor` |
//! | `token.two-factor`       | `POST /api/v1/auth/two-factor` |             | `two_factor` |

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Challenge};
use crate::config::Config;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::LINE;
use crate::http::route::{Feature, Shared, post};
use crate::limit::LimitName;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let store = post("two-factor.login.store", "/two-factor-challenge", store)
        .web()
        .guest()
        .limited(LimitName::TwoFactor);
    let feature = Feature::new("two-factor-challenge").route(store);
    let token = post("token.two-factor", "/api/v1/auth/two-factor", store_token);
    match config.tokens.enabled {
        true => feature.route(token.limited(LimitName::TwoFactor)),
        false => feature,
    }
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let answer = read.second_factor();
    let asked = Challenge::OfBrowser {
        // Where none is trusted, the field is nothing to us, whatever it holds.
        trust: context.config().two_factor.trusted_browsers && read.boolean("trust_browser"),
    };
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let (user, _) = admission::answer(core, &caller.session, asked, &answer, &client).await?;
    Ok(Reply::admitted(core.users.present(&user), false))
}

async fn store_token(
    State(context): State<Shared>,
    caller: Caller,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let challenge = Secret::new(read.text("challenge", LINE));
    let answer = read.second_factor();
    read.finish()?;
    let (core, client, asked) = (
        &context.core,
        context.client(&parts),
        Challenge::Of(&challenge),
    );
    let (user, issued) = admission::answer(core, &caller.session, asked, &answer, &client).await?;
    let issued = issued.expect("a token was asked for");
    Ok(Reply::issued(
        core.users.present(&user),
        issued.plain_text,
        false,
    ))
}
