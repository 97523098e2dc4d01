//! A code for whoever logs in where nobody knows the browser, while strangers guess at the account.
//!
//! | Route              | Method and path                | Gate        | Limit             |
//! |--------------------|--------------------------------|-------------|-------------------|
//! | `login-code.store` | `POST /login/code`             | csrf, guest | `forgot_password` |
//! | `token.login-code` | `POST /api/v1/auth/login/code` |             | `forgot_password` |
//!
//! The code lets nobody in: with it the password is looked at though the limit `account` is reached.
//! No answer tells who has an account: the request looks nobody up.

use axum::extract::State;
use http::request::Parts;

use crate::config::Config;
use crate::errands::{self, Errand};
use crate::error::Result;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, post};
use crate::limit::LimitName;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let store = post("login-code.store", "/login/code", store).web().guest();
    let feature = Feature::new("login-code").route(store.limited(LimitName::ForgotPassword));
    let token = post("token.login-code", "/api/v1/auth/login/code", ask);
    match config.tokens.enabled {
        true => feature.route(token.limited(LimitName::ForgotPassword)),
        false => feature,
    }
}

async fn store(state: State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    ask(state, parts, input).await
}

async fn ask(State(context): State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    context.core.require_mailer()?;
    let mut read = input.reader();
    let email = read.email("email");
    read.finish()?;
    let client = context.client(&parts);
    errands::leave_alone(&context.core, &client, Errand::LoginCode { email }).await?;
    Ok(Reply::Accepted("login_code.sent"))
}
