//! Logging in with a password, into a session.
//!
//! | Route         | Method and path | Gate        | Limit   |
//! |---------------|-----------------|-------------|---------|
//! | `login.store` | `POST /login`   | csrf, guest | `login` |

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Admission, Credentials, Grant};
use crate::error::Result;
use crate::event::Via;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, post};
use crate::limit::LimitName;
use crate::wire::Reply;

pub(super) fn feature() -> Feature {
    let store = post("login.store", "/login", store)
        .web()
        .guest()
        .limited(LimitName::Login);
    Feature::new("login").route(store)
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
    let remember = read.boolean("remember");
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let proven = admission::with_password(core, &credentials, &client).await?;
    let from = (Via::Password, &client);
    let grant = Grant::Session { remember };
    Ok(
        match admission::admit(core, &caller.session, &proven, from, grant).await? {
            Admission::In(_) => Reply::admitted(core.users.present(&proven.user), false),
            Admission::Challenged(secret) => Reply::Challenged(secret),
        },
    )
}
