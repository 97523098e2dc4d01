//! A user's own profile: name, the host's fields, and the wish for another address.
//!
//! | Route                             | Method and path                 | Gate                | Limit |
//! |-----------------------------------|---------------------------------|---------------------|-------|
//! | `user-profile-information.update` | `PUT /user/profile-information` | csrf, auth, session | for another address, `verification` |
//!
//! Deliberately not Laravel's way with an address: it takes the new one at once, where a mistyped
//! one locks its user out, and answers a taken one with a 422, which tells who has an account.
//! Here nothing changes before the new address is proved, and the answer is the same for all.

use axum::extract::State;
use http::request::Parts;

use crate::admission::{self, Proven};
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::db::Tx;
use crate::email;
use crate::errands::{self, Asker, Errand, Wish};
use crate::error::{Error, Forbidden, Result, Throttled, Unauthenticated};
use crate::event::{Event, Via};
use crate::guard::{Auth, SessionAuth};
use crate::http::input::Input;
use crate::http::reader::LINE;
use crate::http::route::{Feature, Shared, put};
use crate::limit::LimitName;
use crate::notices;
use crate::store::{Client, security, sessions};
use crate::throttle::{By as CountedBy, Key, Window};
use crate::user::{Changes, Fields, User};
use crate::wire::{NoticeKind, Reply};

pub(super) fn feature() -> Feature {
    let path = "/user/profile-information";
    let update = put("user-profile-information.update", path, update)
        .web()
        .session();
    Feature::new("profile").route(update)
}

/// What is wanted, as far as it differs from what is.
struct Wanted {
    name: Option<String>,
    fields: Fields,
    address: Option<String>,
}

async fn update(
    State(context): State<Shared>,
    auth: Auth,
    parts: Parts,
    input: Input,
) -> Result<Reply> {
    let session = auth.session_alone().ok_or(Forbidden::SessionRequired)?;
    let core = &context.core;
    // Asked anew: what the guard knows may be a moment old.
    let proven = admission::prove(core, &auth.user().id).await?;
    let proven = proven.filter(|proven| !proven.user.is_disabled());
    let proven = proven.ok_or(Unauthenticated::UserDisabled)?;
    let wanted = wanted(core, &input, &proven.user)?;
    if wanted.address.is_some() {
        check_address_change(core, session, &proven.user)?;
    }
    let said = match wanted.address {
        Some(_) => "profile.email_sent",
        None => "profile.updated",
    };
    carry_out(core, &proven, session, wanted, &context.client(&parts)).await?;
    Ok(Reply::Message(said))
}

/// A role is never read from it, nor whether an address is proved.
fn wanted(core: &Core, input: &Input, user: &User) -> Result<Wanted> {
    let mut read = input.reader();
    let (name, address) = (read.text("name", LINE), read.email("email"));
    let mut fields = Fields::new();
    let known = core.config.users.fields.iter();
    for (name, field) in known.filter(|(_, field)| field.registrable) {
        read.changed_host_field(name, field, &mut fields);
    }
    read.finish()?;
    fields.retain(|name, value| user.fields.get(name) != Some(value));
    // A table that was adopted may keep an address in another form.
    let current = email::canonical(&user.email).unwrap_or_else(|_| user.email.clone());
    Ok(Wanted {
        name: (name != user.name).then_some(name),
        fields,
        address: (address != current).then_some(address),
    })
}

/// Whoever finds a session open must not make the account theirs.
fn check_address_change(core: &Core, session: &SessionAuth, user: &User) -> Result<()> {
    let (now, lifetime) = (core.clock.now(), core.config.confirm.lifetime);
    let by_login = session.via.is_some_and(|via| via != Via::Remember);
    let is_new = by_login && now <= later(session.created_at, lifetime);
    if !is_new && !session.is_confirmed(now, lifetime) {
        return Err(Error::Unconfirmed);
    }
    if !core.has_mailer() {
        return Err(Error::MailUnconfigured);
    }
    count(core, user)
}

/// Each wish is a mail to an address that anybody may have.
fn count(core: &Core, user: &User) -> Result<()> {
    let (config, name) = (&core.config.throttle, LimitName::Verification.as_str());
    if !config.enabled {
        return Ok(());
    }
    let window = Window {
        max: config.verification.max,
        length: config.verification.window,
    };
    let key = Key::new(name, CountedBy::User(user.id.to_string()));
    let counted = core.throttle.hit(&key, window, core.clock.now());
    counted.map(drop).map_err(|refused| {
        let (max, wait, end) = (refused.limit, refused.retry_after, refused.resets_at);
        Error::Throttled(Throttled::new(name, max, wait, end))
    })
}

async fn carry_out(
    core: &Core,
    proven: &Proven,
    session: &SessionAuth,
    wanted: Wanted,
    client: &Client,
) -> Result<()> {
    let (user, by) = (&proven.user, By::Client(client));
    let mut events = Vec::new();
    let mut tx = core.db.begin().await?;
    // Nothing of a session that ended since it was looked at.
    let is_held = security::hold(&mut tx, &user.id, proven.epoch).await?;
    if !is_held || !sessions::is_open(&mut tx, &user.id, &session.id).await? {
        return Err(Unauthenticated::SessionUnknown.into());
    }
    if wanted.name.is_some() || !wanted.fields.is_empty() {
        let changes = Changes {
            name: wanted.name,
            fields: wanted.fields,
            ..Changes::default()
        };
        core.users.update(&user.id, changes, &mut tx).await?;
        events.push(Event::ProfileUpdated {
            user: user.id.clone(),
        });
    }
    if let Some(address) = wanted.address {
        events.push(ask(core, &mut tx, proven, session, address, by).await?);
    }
    audit::conclude(core, tx, by, &events).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Leaves the question whether the address is free to the courier, and tells the current one.
async fn ask(
    core: &Core,
    tx: &mut Tx,
    Proven { user, epoch, .. }: &Proven,
    session: &SessionAuth,
    address: String,
    by: By<'_>,
) -> Result<Event> {
    let asker = Asker {
        session: Some(session.id.clone()),
        browser: session.browser,
    };
    let wish = Wish {
        user: user.id.clone(),
        address,
        epoch: *epoch,
        asker,
    };
    errands::leave(core, tx, &Errand::EmailChange(wish)).await?;
    notices::tell(core, tx, user, NoticeKind::EmailChangeRequested, by).await?;
    Ok(Event::EmailChangeRequested {
        user: user.id.clone(),
    })
}
