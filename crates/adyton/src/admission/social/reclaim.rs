//! An account whose address nobody ever proved goes to whom a provider vouches for.
//!
//! Whoever registers with somebody else's address and waits for its owner to come by a provider
//! must be left with nothing: no password, session, token, second factor, passkey or link of
//! theirs gets anybody in any more.

use super::super::prove;
use super::entry::{Visitor, let_in, link_in, name_of};
use super::{Arrival, Failure};
use crate::audit::By;
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::error::Result;
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Keep};
use crate::store::links::{self, Purpose};
use crate::store::security;
use crate::user::{Changes, User};
use crate::ways_in;
use crate::wire::NoticeKind;

/// Ends all that proves a user, links the visitor and lets them in: all of it, or nothing. `None`
/// when the account changed meanwhile, and it is to be looked again.
pub(super) async fn reclaim(
    core: &Core,
    visitor: Visitor<'_>,
    found: &User,
) -> Result<Option<Arrival>, Failure> {
    let Some(proven) = prove(core, &found.id).await? else {
        return Ok(None);
    };
    let user = &proven.user;
    let is_same = user.email == found.email && !user.has_verified_email() && !user.is_disabled();
    let mut tx = core.db.begin().await?;
    if !is_same || !security::hold(&mut tx, &user.id, proven.epoch).await? {
        return Ok(None);
    }
    if !strip(core, &mut tx, visitor, user).await? {
        return Ok(None);
    }
    let Some(linked) = link_in(core, &mut tx, visitor, user).await? else {
        return Ok(None);
    };
    let provider = visitor.provider.label().to_owned();
    let (what, by) = (
        NoticeKind::ProviderLinked { provider },
        By::Client(visitor.client),
    );
    notices::tell(core, &mut tx, user, what, by).await?;
    let mut events = events(visitor, user);
    events.push(linked);
    let_in(core, tx, visitor, user, events).await?;
    let user = core.users.find(&user.id).await?.unwrap_or(proven.user);
    let (user, is_new) = (Box::new(user), false);
    Ok(Some(Arrival::In { user, is_new }))
}

/// Takes away everything that lets somebody in as this user; `false` when they are gone.
async fn strip(core: &Core, tx: &mut Tx, visitor: Visitor<'_>, user: &User) -> Result<bool> {
    revocation::end(core, tx, user, Keep::default()).await?;
    ways_in::forget(tx, &user.id).await?;
    // Ways back to an address that the first holder may read, and what was mailed to this one.
    for purpose in [Purpose::EmailUndo, Purpose::NotMe] {
        links::delete_of_user(tx, &user.id, purpose).await?;
    }
    links::delete_of_address(tx, &user.email, Purpose::Registration).await?;
    let changes = emptied(core, visitor, user);
    core.users.update(&user.id, changes, tx).await
}

/// What of the row was its first holder's. The role is no more than an operator gave or the
/// settings give to everybody.
fn emptied(core: &Core, visitor: Visitor<'_>, user: &User) -> Changes {
    let name = || name_of(visitor.profile, &user.email);
    Changes {
        name: visitor.profile.name.as_ref().map(|_| name()),
        email_verified_at: Some(Some(core.clock.now())),
        password: Some(Secret::new(String::new())),
        two_factor_secret: Some(None),
        two_factor_recovery_codes: Some(None),
        two_factor_confirmed_at: Some(None),
        ..Changes::default()
    }
}

fn events(visitor: Visitor<'_>, user: &User) -> Vec<Event> {
    let id = || user.id.clone();
    let mut events = vec![Event::AccountReclaimed {
        user: id(),
        provider: visitor.provider.name().to_owned(),
    }];
    if user.two_factor_secret.is_some() {
        events.push(Event::TwoFactorDisabled { user: id() });
    }
    events.push(Event::EmailVerified { user: id() });
    events
}
