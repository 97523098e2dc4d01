//! Making an account: by a mailed link, or at once, into a session or with a first token.
//!
//! | Route                   | Method and path                  | Gate        | Limit            |
//! |-------------------------|----------------------------------|-------------|------------------|
//! | `register.store`        | `POST /register`                 | csrf, guest | `register`       |
//! | `token.register`        | `POST /api/v1/auth/register`     |             | `register`       |
//! | `registration.show`     | `GET /register/complete/{token}` |             |                  |
//! | `registration.complete` | `POST /register/complete/{token}`|             | `reset_password` |
//!
//! `registration.mode` decides. `verify_first` answers alike for every address, and a mail tells
//! the rest. `open` lets in at once, and so a taken address is a 422, as in Laravel: whoever is
//! let in must be told why not.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::request::Parts;

use crate::admission::{self, Grant};
use crate::audit::{self, By};
use crate::config::{Config, RegistrationMode};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::errands::{self, Errand, Pending};
use crate::error::{Error, Forbidden, Result};
use crate::event::Event;
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::{LINE, Reader};
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link;
use crate::password_policy::{self, About};
use crate::store::Client;
use crate::store::links::{self, Purpose};
use crate::token::{Abilities, NewToken};
use crate::user::NewUser;
use crate::wire::{Landing, Reply};

pub(super) fn feature(config: &Config) -> Feature {
    let store = post("register.store", "/register", store).web().guest();
    let path = "/register/complete/{token}";
    // Without CSRF: the link's secret proves what is to be proved, and nobody is logged in by it.
    let complete = post("registration.complete", path, complete).limited(LimitName::ResetPassword);
    let feature = Feature::new("registration")
        .route(store.limited(LimitName::Register))
        .route(get("registration.show", path, show))
        .route(complete);
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
    if core.config.registration.mode == RegistrationMode::VerifyFirst {
        return ask_by_mail(core, new, &client).await;
    }
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
    if core.config.registration.mode == RegistrationMode::VerifyFirst {
        return ask_by_mail(core, new, &client).await;
    }
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

/// Leaves it to the courier to find out whether the address has an account: the answer is the same
/// for all, and so is what it took.
async fn ask_by_mail(core: &Core, new: NewUser, client: &Client) -> Result<Reply> {
    errands::leave_alone(core, client, Errand::Registration(new.into())).await?;
    Ok(Reply::Accepted("auth.check_mail"))
}

type InPath = Result<Path<String>, PathRejection>;

/// What the link would do.
async fn show(State(context): State<Shared>, token: InPath) -> Result<Reply> {
    let (core, id) = (&context.core, link_id(token)?);
    let now = core.clock.now();
    let link = links::find(&core.db, &id, Purpose::Registration, now).await?;
    let link = link.ok_or(Forbidden::LinkInvalid)?;
    let mut landing = Landing::new("register");
    landing.facts = vec![("email", link.address.unwrap_or_default())];
    Ok(Reply::Landing(landing))
}

/// Makes the account, whose address is proved by that. Nobody is logged in: the link may have been
/// opened by anybody who reads the mail, and the password is known to whoever registered.
async fn complete(State(context): State<Shared>, token: InPath, parts: Parts) -> Result<Reply> {
    let (core, id) = (&context.core, link_id(token)?);
    if core.config.registration.mode == RegistrationMode::Closed {
        return Err(Forbidden::RegistrationClosed.into());
    }
    let (client, now) = (context.client(&parts), core.clock.now());
    let mut tx = core.db.begin().await?;
    let link = links::spend(&mut tx, &id, Purpose::Registration, now).await?;
    let payload = link.and_then(|link| link.payload);
    let new = payload.and_then(|sealed| Pending::opened(core, &sealed));
    let mut new = new.ok_or(Forbidden::LinkInvalid)?;
    new.email_verified_at = Some(now);
    // Others that ask for this address have come too late.
    links::delete_of_address(&mut tx, &new.email, Purpose::Registration).await?;
    let user = admission::create(core, &mut tx, new).await?;
    let events = [
        Event::Registered {
            user: user.id.clone(),
            address: client.address,
        },
        Event::EmailVerified { user: user.id },
    ];
    audit::conclude(core, tx, By::Client(&client), &events).await?;
    Ok(Reply::Message("auth.registered"))
}

fn link_id(token: InPath) -> Result<String> {
    let Path(token) = token.map_err(|_| Error::NotFound)?;
    Ok(mailed_link::stored(&token))
}

/// The user that a registration asks for. A role is never read from it.
async fn new_user(context: &Shared, mut read: Reader<'_>, confirmed: bool) -> Result<NewUser> {
    let config = context.config();
    if config.registration.mode == RegistrationMode::Closed {
        return Err(Forbidden::RegistrationClosed.into());
    }
    let by_mail = config.registration.mode == RegistrationMode::VerifyFirst;
    if by_mail && !context.core.has_mailer() {
        return Err(Error::MailUnconfigured);
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
