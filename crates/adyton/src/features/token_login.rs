//! Logging in with a password, for a token.
//!
//! | Route         | Method and path           | Gate | Limit   |
//! |---------------|---------------------------|------|---------|
//! | `token.login` | `POST /api/v1/auth/login` |      | `login` |

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Admission, Credentials, Grant};
use crate::config::Config;
use crate::error::Result;
use crate::event::Via;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, post};
use crate::limit::LimitName;
use crate::token::{Abilities, NewToken};
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let feature = Feature::new("token-login");
    let store = post("token.login", "/api/v1/auth/login", store).limited(LimitName::Login);
    if config.tokens.enabled {
        feature.route(store)
    } else {
        feature
    }
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let credentials = Credentials {
        login: read.email("email"),
        password: read.password("password"),
        code: read.mailed_code(),
    };
    let device = read.device_name();
    read.no_reserved_abilities(&context.config().tokens.reserved);
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let proven = admission::with_password(core, &credentials, &client).await?;
    let abilities = Abilities::new(core.config.tokens.login_abilities.clone());
    let grant = Grant::Token(NewToken::new(device, abilities));
    let from = (Via::Password, &client);
    Ok(
        match admission::admit(core, &caller.session, &proven, from, grant).await? {
            Admission::In(issued) => {
                let issued = issued.expect("a token was asked for");
                Reply::issued(core.users.present(&proven.user), issued.plain_text, false)
            }
            Admission::Challenged(secret) => Reply::Challenged(secret),
        },
    )
}
