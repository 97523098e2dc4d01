//! Making an account: into a session, or with a first token.
//!
//! | Route            | Method and path              | Gate        | Limit      |
//! |------------------|------------------------------|-------------|------------|
//! | `register.store` | `POST /register`             | csrf, guest | `register` |
//! | `token.register` | `POST /api/v1/auth/register` |             | `register` |
//!
//! A taken address is a 422, as in Laravel: whoever registers is let in at once and so must be
//! told why not.

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Grant};
use crate::config::{Config, RegistrationMode};
use crate::crypto::secret::Secret;
use crate::error::{Error, Forbidden, Result};
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::{LINE, Reader};
use crate::http::route::{Feature, Shared, post};
use crate::limit::LimitName;
use crate::password_policy::{self, About};
use crate::token::{Abilities, NewToken};
use crate::user::NewUser;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let store = post("register.store", "/register", store).web().guest();
    let feature = Feature::new("registration").route(store.limited(LimitName::Register));
    let issue = post("token.register", "/api/v1/auth/register", issue).limited(LimitName::Register);
    if config.tokens.enabled {
        feature.route(issue)
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
    let remember = read.boolean("remember");
    let new = new_user(&context, read, true).await?;
    let (core, client) = (&context.core, context.client(&parts));
    let grant = Grant::Session { remember };
    let (user, _) = admission::enrol(core, &caller.session, new, &client, grant).await?;
    Ok(Reply::admitted(core.users.present(&user), true))
}

async fn issue(
    State(context): State<Shared>,
    caller: Caller,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let device = read.device_name();
    read.no_reserved_abilities(&context.config().tokens.reserved);
    let new = new_user(&context, read, false).await?;
    let (core, client) = (&context.core, context.client(&parts));
    let abilities = Abilities::new(core.config.tokens.login_abilities.clone());
    let grant = Grant::Token(NewToken::new(device, abilities));
    let (user, issued) = admission::enrol(core, &caller.session, new, &client, grant).await?;
    let issued = issued.expect("a token was asked for");
    Ok(Reply::issued(
        core.users.present(&user),
        issued.plain_text,
        true,
    ))
}

/// The user that a registration asks for. A role is never read from it.
async fn new_user(context: &Shared, mut read: Reader<'_>, confirmed: bool) -> Result<NewUser> {
    let config = context.config();
    if config.registration.mode == RegistrationMode::Closed {
        return Err(Forbidden::RegistrationClosed.into());
    }
    let mut new = NewUser::new(read.text("name", LINE), read.email("email"));
    let password = read.new_password(confirmed);
    let about = About {
        name: &new.name,
        email: &new.email,
        has_second_factor: false,
    };
    for rule in password_policy::broken_rules(&context.core, &password, &about).await {
        read.broken("password", rule);
    }
    new.role = config.users.default_role.clone();
    for (name, field) in config
        .users
        .fields
        .iter()
        .filter(|(_, field)| field.registrable)
    {
        read.host_field(name, field, &mut new.fields);
    }
    read.finish()?;
    let hash = context
        .core
        .hasher
        .hash(password)
        .await
        .map_err(|_| Error::Busy)?;
    new.password = Some(Secret::new(hash));
    Ok(new)
}
