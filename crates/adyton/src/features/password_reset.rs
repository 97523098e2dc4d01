//! A forgotten password: a link is mailed, and whoever holds it chooses a new one.
//!
//! | Route                   | Method and path                     | Gate        | Limit             |
//! |-------------------------|-------------------------------------|-------------|-------------------|
//! | `password.email`        | `POST /forgot-password`             | csrf, guest | `forgot_password` |
//! | `password.reset`        | `GET /reset-password/{token}`       |             |                   |
//! | `password.update`       | `POST /reset-password`              |             | `reset_password`  |
//! | `token.forgot-password` | `POST /api/v1/auth/forgot-password` |             | `forgot_password` |
//! | `token.reset-password`  | `POST /api/v1/auth/reset-password`  |             | `reset_password`  |
//!
//! No answer tells who has an account: the request that asks for a link looks nobody up, and the
//! one that brings a wrong token does the same work for everybody.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use http::request::Parts;
use serde_json::Value as Json;

use crate::admission::{self, Floor, Proven};
use crate::audit::{self, By};
use crate::clock::earlier;
use crate::config::Config;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::errands::{self, Errand};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::http::accept;
use crate::http::input::Input;
use crate::http::query::Query;
use crate::http::reader::LINE;
use crate::http::route::{Feature, Shared, get, post};
use crate::limit::LimitName;
use crate::mailed_link;
use crate::notices;
use crate::password_policy::{self, About};
use crate::revocation::{self, Keep};
use crate::store::security::{self, Epoch};
use crate::store::{Client, reset_tokens};
use crate::user::{Changes, User};
use crate::validate::{Invalid, Rule};
use crate::ways_in;
use crate::wire::{Landing, LandingField, NoticeKind, Reply};

pub(super) fn feature(config: &Config) -> Feature {
    let email = post("password.email", "/forgot-password", email)
        .web()
        .guest();
    // Deliberately without CSRF: our own page has no session, and the link's secret proves more
    // than a cookie could. A page of another site that posts here needs a secret that was mailed
    // to its owner, and whoever has that needs no victim's browser: nobody is logged in by it.
    // And deliberately not for guests alone, as Fortify's is: who opens the link in a browser that
    // is logged in is shown the form, and must not be sent home with the old password.
    let update = post("password.update", UPDATE, update);
    let feature = Feature::new("password-reset")
        .route(email.limited(LimitName::ForgotPassword))
        .route(get("password.reset", "/reset-password/{token}", show))
        .route(update.limited(LimitName::ResetPassword));
    if !config.tokens.enabled {
        return feature;
    }
    let forgot = post("token.forgot-password", "/api/v1/auth/forgot-password", ask);
    let reset = post("token.reset-password", "/api/v1/auth/reset-password", renew);
    feature
        .route(forgot.limited(LimitName::ForgotPassword))
        .route(reset.limited(LimitName::ResetPassword))
}

/// Where our own page posts to.
const UPDATE: &str = "/reset-password";

async fn email(state: State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    ask(state, parts, input).await
}

async fn ask(State(context): State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    context.core.require_mailer()?;
    let mut read = input.reader();
    let email = read.email("email");
    read.finish()?;
    let client = context.client(&parts);
    errands::leave_alone(&context.core, &client, Errand::PasswordReset { email }).await?;
    Ok(Reply::Message("passwords.sent"))
}

/// The form, whether or not the link is good: that is found out with the new password.
async fn show(
    State(context): State<Shared>,
    token: Result<Path<String>, PathRejection>,
    query: Query,
) -> Result<Reply> {
    let Path(token) = token.map_err(|_| Error::NotFound)?;
    let email = query.text("email")?.unwrap_or_default();
    Ok(Reply::Landing(page(&context.core, token, email)))
}

fn page(core: &Core, token: String, email: String) -> Landing {
    let mut landing = Landing::new("reset");
    landing.action = mailed_link::path(core, "password.update", UPDATE);
    landing.fields = vec![
        LandingField::Hidden("token", token),
        LandingField::Hidden("email", email.clone()),
        LandingField::NewPassword("password"),
        LandingField::NewPassword("password_confirmation"),
    ];
    landing.facts = vec![("email", email)];
    landing.is_alive = false;
    landing
}

async fn update(State(context): State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    let client = context.client(&parts);
    match reset(&context.core, &client, &input, true).await {
        Err(Error::Invalid(invalid)) if accept::shows_pages(&parts.headers) => {
            let sent = |name| input.get(name).and_then(Json::as_str).unwrap_or_default();
            let (token, email) = (sent("token").to_owned(), sent("email").to_owned());
            let mut again = page(&context.core, token, email);
            again.invalid = Some(invalid);
            Ok(Reply::Landing(again))
        }
        outcome => outcome,
    }
}

async fn renew(State(context): State<Shared>, parts: Parts, input: Input) -> Result<Reply> {
    reset(&context.core, &context.client(&parts), &input, false).await
}

/// What a reset brings.
struct Asked {
    /// The token's stored form.
    token: String,
    /// In canonical form.
    email: String,
    password: Secret<String>,
}

/// Sets a new password, if the token is the address's. Nobody is logged in, and the second factor
/// of an account that was ever proved stays.
async fn reset(core: &Core, client: &Client, input: &Input, confirmed: bool) -> Result<Reply> {
    let mut read = input.reader();
    let token = read.text("token", LINE);
    let (email, password) = (read.email("email"), read.new_password(confirmed));
    read.finish()?;
    let asked = Asked {
        token: mailed_link::stored(&token),
        email,
        password,
    };
    let floor = Floor::begin();
    let found = match core.users.find_by_login(&asked.email).await? {
        Some(user) => admission::prove(core, &user.id).await?,
        None => None,
    };
    let user = found.as_ref().map(|proven| proven.user.id.clone());
    if replace(core, client, &asked, found).await? {
        return Ok(Reply::Message("passwords.reset"));
    }
    let address = client.address;
    let failed = Event::PasswordResetFailed { user, address };
    audit::record(core, By::Client(client), failed).await?;
    floor.wait(core).await;
    Err(Invalid::field("email", Rule::ResetToken).into())
}

/// Whether the password was replaced: the token is this address's, and nobody else spent it.
///
/// What the password must be is asked of those alone whose token is good: it depends on the user.
async fn replace(
    core: &Core,
    client: &Client,
    asked: &Asked,
    found: Option<Proven>,
) -> Result<bool> {
    let (email, token) = (&asked.email, &asked.token);
    let is_alive = reset_tokens::is_alive(&core.db, email, token, oldest(core)).await?;
    let target = found.filter(|proven| is_alive && !proven.user.is_disabled());
    if let Some(proven) = &target {
        check_password(core, &proven.user, &asked.password).await?;
    }
    // For everybody, so that it takes as long.
    let hash = core.hasher.hash(asked.password.clone()).await;
    let hash = Secret::new(hash.map_err(|_| Error::Busy)?);
    let Some(Proven { user, epoch, .. }) = target else {
        return Ok(false);
    };
    spend(core, client, asked, (user, epoch), hash).await
}

/// The change, in one transaction with the token that allows it.
async fn spend(
    core: &Core,
    client: &Client,
    asked: &Asked,
    (user, epoch): (User, Epoch),
    hash: Secret<String>,
) -> Result<bool> {
    let since = oldest(core);
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &user.id, epoch).await?
        || !reset_tokens::spend(&mut tx, &asked.email, &asked.token, since).await?
    {
        return Ok(false);
    }
    // A mailbox was proved. Whatever somebody else left in an account that had never been proved,
    // goes; bearer tokens of others stay where the settings say so.
    let was_proved = user.has_verified_email();
    let keep = Keep {
        tokens: was_proved && !core.config.tokens.end_with_password_reset,
        ..Keep::default()
    };
    revocation::end(core, &mut tx, &user, keep).await?;
    ways_in::forget_doubtful(&mut tx, &user).await?;
    let (changes, events) = (changes(core, &user, hash), events(&user, client));
    if !core.users.update(&user.id, changes, &mut tx).await? {
        return Ok(false);
    }
    let by = By::Client(client);
    notices::tell(core, &mut tx, &user, NoticeKind::PasswordReset, by).await?;
    audit::conclude(core, tx, by, &events).await?;
    core.freshness.changed(&user.id);
    // Whoever was kept out by a stranger's guesses at the old password has a way in.
    admission::forget_attempts(core, &user.email);
    Ok(true)
}

/// A token that was made then, or before, has ended.
fn oldest(core: &Core) -> DateTime<Utc> {
    let lifetime = core.config.links.password_reset_lifetime;
    earlier(core.clock.now(), lifetime)
}

async fn check_password(core: &Core, user: &User, password: &Secret<String>) -> Result<()> {
    let about = About {
        name: &user.name,
        email: &user.email,
        has_second_factor: core.asks_second_factor(user),
    };
    let mut invalid = Invalid::none();
    for rule in password_policy::broken_rules(core, password, &about).await {
        invalid.add("password", rule);
    }
    Ok(invalid.into_result()?)
}

fn changes(core: &Core, user: &User, hash: Secret<String>) -> Changes {
    let mut changes = Changes {
        password: Some(hash),
        ..Changes::default()
    };
    if !user.has_verified_email() {
        changes.email_verified_at = Some(Some(core.clock.now()));
        changes.two_factor_secret = Some(None);
        changes.two_factor_recovery_codes = Some(None);
        changes.two_factor_confirmed_at = Some(None);
    }
    changes
}

fn events(user: &User, client: &Client) -> Vec<Event> {
    let mut events = vec![Event::PasswordReset {
        user: user.id.clone(),
        address: client.address,
    }];
    if !user.has_verified_email() {
        let user_id = || user.id.clone();
        if user.two_factor_secret.is_some() {
            events.push(Event::TwoFactorDisabled { user: user_id() });
        }
        events.push(Event::EmailVerified { user: user_id() });
    }
    events
}
