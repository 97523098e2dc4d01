//! Changing one's password.
//!
//! | Route                  | Method and path      | Gate                | Limit |
//! |------------------------|----------------------|---------------------|-------|
//! | `user-password.update` | `PUT /user/password` | csrf, auth, session |       |
//!
//! Whoever knew the old password is out: every other session, every remembered browser but this
//! one, every challenge and pending link ends in the transaction of the change. This session goes
//! on under a new id.

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Proven};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::error::{Error, Forbidden, Result, Unauthenticated};
use crate::event::Event;
use crate::guard::{Auth, SessionAuth};
use crate::http::caller::Caller;
use crate::http::input::Input;
use crate::http::reader::Reader;
use crate::http::route::{Feature, Shared, put};
use crate::notices;
use crate::password_policy::{self, About};
use crate::revocation::{self, Keep};
use crate::session::Session;
use crate::store::{Client, security};
use crate::user::{Changes, User};
use crate::validate::{Invalid, Rule};
use crate::wire::{NoticeKind, Reply};

pub(super) fn feature() -> Feature {
    let update = put("user-password.update", "/user/password", update)
        .web()
        .session();
    Feature::new("password-update").route(update)
}

async fn update(
    State(context): State<Shared>,
    caller: Caller,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let (core, client) = (&context.core, context.client(&parts));
    // Asked anew: what the guard knows may be a moment old.
    let known = admission::prove(core, &auth.user().id).await?;
    let known = known.ok_or(Unauthenticated::UserDisabled)?;
    let mut read = input.reader();
    let proven = match known.user.password {
        Some(_) => current_password(core, &mut read, &known.user, &client).await?,
        None => first_password(core, session, known)?,
    };
    let password = new_password(core, &mut read, auth.user()).await;
    read.finish()?;
    let proven = proven.ok_or_else(not_the_current_one)?;
    let hash = core.hasher.hash(password).await.map_err(|_| Error::Busy)?;
    let change = Change {
        core,
        proven,
        session,
        hash: Secret::new(hash),
    };
    change.carry_out(&caller.session, &client).await?;
    Ok(Reply::Message("passwords.updated"))
}

/// Who proves by the current password that the change is theirs; what is wrong with it is told
/// with all else. A guess counts as one at the login does.
async fn current_password(
    core: &Core,
    read: &mut Reader<'_>,
    user: &User,
    client: &Client,
) -> Result<Option<Proven>> {
    let field = "current_password";
    let password = read.password(field);
    if read.is_broken(field) {
        return Ok(None);
    }
    let proven = admission::with_own_password(core, user, Some(&password), client).await?;
    if proven.is_none() {
        read.broken(field, Rule::CurrentPassword);
    }
    Ok(proven)
}

/// Who has no password cannot prove anything by it: a session that was left open must not be
/// enough to give the account one.
fn first_password(core: &Core, session: &SessionAuth, known: Proven) -> Result<Option<Proven>> {
    let lifetime = core.config.confirm.lifetime;
    match session.is_confirmed(core.clock.now(), lifetime) && !known.user.is_disabled() {
        true => Ok(Some(known)),
        false => Err(Error::Unconfirmed),
    }
}

async fn new_password(core: &Core, read: &mut Reader<'_>, user: &User) -> Secret<String> {
    let password = read.new_password(true);
    let about = About {
        name: &user.name,
        email: &user.email,
        has_second_factor: core.asks_second_factor(user),
    };
    for rule in password_policy::broken_rules(core, &password, &about).await {
        read.broken("password", rule);
    }
    password
}

/// It was changed between the check and the change.
fn not_the_current_one() -> Error {
    Invalid::field("current_password", Rule::CurrentPassword).into()
}

/// A change that nothing speaks against.
struct Change<'a> {
    core: &'a Core,
    proven: Proven,
    session: &'a SessionAuth,
    hash: Secret<String>,
}

impl Change<'_> {
    async fn carry_out(self, browser: &Session, client: &Client) -> Result<()> {
        let (core, user, by) = (self.core, &self.proven.user, By::Client(client));
        let changes = Changes {
            password: Some(self.hash),
            only_if_password: user.password.clone(),
            ..Changes::default()
        };
        let keep = Keep {
            session: Some(&self.session.id),
            browser: self.session.browser,
            tokens: !core.config.tokens.end_with_password_change,
        };
        let mut tx = core.db.begin().await?;
        if !security::hold(&mut tx, &user.id, self.proven.epoch).await? {
            return Err(not_the_current_one());
        }
        revocation::end(core, &mut tx, user, keep).await?;
        if !core.users.update(&user.id, changes, &mut tx).await? {
            return Err(not_the_current_one());
        }
        let renewed = admission::renew_in(core, &mut tx, &self.session.id, false).await?;
        let renewed = renewed.ok_or(Unauthenticated::SessionUnknown)?;
        notices::tell(core, &mut tx, user, NoticeKind::PasswordChanged, by).await?;
        let changed = Event::PasswordChanged {
            user: user.id.clone(),
        };
        audit::conclude(core, tx, by, &[changed]).await?;
        renewed.take_effect(core, browser, &user.id);
        Ok(())
    }
}
