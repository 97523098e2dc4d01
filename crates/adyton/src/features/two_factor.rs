//! A user's own second factor: set it up, confirm that it works, take it away.
//!
//! | Route                   | Method and path                                 | Gate                                       | Limit |
//! |-------------------------|-------------------------------------------------|--------------------------------------------|-------|
//! | `two-factor.enable`     | `POST /user/two-factor-authentication`          | csrf, auth, session, confirmed, (verified) |       |
//! | `two-factor.confirm`    | `POST /user/confirmed-two-factor-authentication` | csrf, auth, session, confirmed            |       |
//! | `two-factor.disable`    | `DELETE /user/two-factor-authentication`        | csrf, auth, session, confirmed             |       |
//! | `two-factor.qr-code`    | `GET /user/two-factor-qr-code`                  | auth, session, confirmed                   |       |
//! | `two-factor.secret-key` | `GET /user/two-factor-secret-key`               | auth, session, confirmed                   |       |

use axum::extract::State;
use http::request::Parts;
use serde_json::json;

use crate::admission;
use crate::audit::{self, By};
use crate::config::Config;
use crate::error::{Error, Forbidden, Result, Unauthenticated};
use crate::guard::{Auth, SessionAuth};
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::route::{Feature, Shared, delete, get, post};
use crate::revocation::{self, Keep};
use crate::second_factor::{self, Change};
use crate::store::Client;
use crate::user::User;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let own = "/user/two-factor-authentication";
    let confirmed = "/user/confirmed-two-factor-authentication";
    let enable = post("two-factor.enable", own, store).web().confirmed();
    let enable = match config.two_factor.requires_verified_email {
        // Else somebody could lock out whoever the address belongs to.
        true => enable.verified(),
        false => enable,
    };
    Feature::new("two-factor")
        .route(enable)
        .route(
            post("two-factor.confirm", confirmed, confirm)
                .web()
                .confirmed(),
        )
        .route(delete("two-factor.disable", own, destroy).web().confirmed())
        .route(
            get("two-factor.qr-code", "/user/two-factor-qr-code", qr_code)
                .web()
                .confirmed(),
        )
        .route(
            get(
                "two-factor.secret-key",
                "/user/two-factor-secret-key",
                secret_key,
            )
            .web()
            .confirmed(),
        )
}

async fn store(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let is_forced = read.boolean("force");
    read.finish()?;
    let (core, client, session) = (&context.core, context.client(&parts), session(&auth)?);
    let who = &auth.user().id;
    let change = second_factor::begin_setup(core, who, keep(session), is_forced, &client).await?;
    if let Some(change) = change {
        conclude(&caller, &auth, change, &client).await?;
    }
    Ok(Reply::Message("two_factor.prepared"))
}

async fn confirm(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let code = read.second_factor().code;
    read.finish()?;
    let (core, client, session) = (&context.core, context.client(&parts), session(&auth)?);
    let (who, code) = (&auth.user().id, code.as_ref());
    let change = second_factor::confirm_setup(core, who, keep(session), code, &client).await?;
    conclude(&caller, &auth, change, &client).await?;
    Ok(Reply::Message("two_factor.enabled"))
}

async fn destroy(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
) -> Result<Reply> {
    let (core, client, session) = (&context.core, context.client(&parts), session(&auth)?);
    let who = &auth.user().id;
    if let Some(change) = second_factor::disable(core, who, keep(session), &client).await? {
        conclude(&caller, &auth, change, &client).await?;
    }
    Ok(Reply::Message("two_factor.disabled"))
}

async fn qr_code(State(context): State<Shared>, auth: Auth) -> Result<Reply> {
    let user = now(&context, &auth).await?;
    let Some(address) = second_factor::address(&context.core, &user)? else {
        return Ok(Reply::data(json!([])));
    };
    let picture = second_factor::picture(&address)?;
    Ok(Reply::data(
        json!({ "svg": picture.expose(), "url": address.expose() }),
    ))
}

async fn secret_key(State(context): State<Shared>, auth: Auth) -> Result<Reply> {
    let user = now(&context, &auth).await?;
    let key = second_factor::secret_key(&context.core, &user)?;
    let key = key.ok_or(Error::TwoFactorOff)?;
    Ok(Reply::data(json!({ "secretKey": key.expose() })))
}

/// The user as they are now: another process may have set the factor up a moment ago.
async fn now(context: &Shared, auth: &Auth) -> Result<User> {
    let user = context.core.users.find(&auth.user().id).await?;
    Ok(user.ok_or(Unauthenticated::UserDisabled)?)
}

fn session(auth: &Auth) -> Result<&SessionAuth> {
    Ok(auth.session_alone().ok_or(Forbidden::SessionRequired)?)
}

/// What goes on after a change: the session that asks for it, its browser, and tokens.
fn keep(session: &SessionAuth) -> Keep<'_> {
    Keep {
        session: Some(&session.id),
        browser: session.browser,
        tokens: true,
    }
}

/// Makes a change lasting. Where it is one of what proves the user, the session gets another id.
async fn conclude(caller: &Caller, auth: &Auth, change: Change, client: &Client) -> Result<()> {
    let (core, user, by) = (&caller.context.core, auth.user(), By::Client(client));
    let Change {
        mut tx,
        event,
        is_of_credentials,
    } = change;
    let mut renewed = None;
    if is_of_credentials {
        let id = &session(auth)?.id;
        let new = admission::renew_in(core, &mut tx, id, false).await?;
        renewed = Some(new.ok_or(Unauthenticated::SessionUnknown)?);
    } else {
        revocation::refuse_if_ended(core, &mut tx, &user.id, auth.standing()).await?;
    }
    audit::conclude(core, tx, by, &[event]).await?;
    core.freshness.changed(&user.id);
    if let Some(renewed) = renewed {
        renewed.take_effect(core, &caller.session, &user.id);
    }
    Ok(())
}
