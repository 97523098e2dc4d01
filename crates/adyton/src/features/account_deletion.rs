//! A user deletes their own account.
//!
//! | Route                  | Method and path | Gate                | Limit     |
//! |------------------------|-----------------|---------------------|-----------|
//! | `current-user.destroy` | `DELETE /user`  | csrf, auth, session | `confirm` |

use axum::extract::State;
use http::request::Parts;

use crate::admission;
use crate::audit::By;
use crate::deletion;
use crate::error::{Error, Forbidden, Result};
use crate::guard::Auth;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, delete};
use crate::limit::LimitName;
use crate::wire::Reply;

pub(super) fn feature() -> Feature {
    let destroy = delete("current-user.destroy", "/user", destroy)
        .web()
        .session()
        .limited(LimitName::Confirm);
    Feature::new("account-deletion").route(destroy)
}

async fn destroy(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let mut read = input.reader();
    let password = read.has("password").then(|| read.password("password"));
    read.finish()?;
    let (core, client) = (&context.core, context.client(&parts));
    let is_confirmed = session.is_confirmed(core.clock.now(), core.config.confirm.lifetime);
    // Deliberately stricter than Jetstream: who has a second factor proves once more who they are, in
    // a request of its own that is counted and recorded.
    if core.asks_second_factor(auth.user()) && !is_confirmed {
        return Err(Error::Unconfirmed);
    }
    let who = (auth.user(), is_confirmed);
    let proven = admission::proven_anew(core, who, password.as_ref(), &client).await?;
    let by = By::Client(&client);
    let asked = Some((proven.epoch, auth.standing()));
    deletion::delete(core, &proven.user, asked, by).await?;
    admission::become_nobody(&caller.session);
    Ok(Reply::Message("profile.deleted"))
}
