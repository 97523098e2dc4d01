//! Somebody new: a user is made, and let in at once where registration is open.

use super::{Grant, give};
use crate::audit::{self, By};
use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::event::{Event, Via};
use crate::session::Session;
use crate::store::Client;
use crate::store::links::{self, Purpose};
use crate::store::security;
use crate::token::IssuedToken;
use crate::user::{NewUser, User};
use crate::validate::{Invalid, Rule};
use crate::verification;

/// Makes a user and lets them in, in one transaction: either all of it is there, or nothing.
///
/// # Errors
/// [`Error::Invalid`] when somebody has this address.
pub(crate) async fn enrol(
    core: &Core,
    session: &Session,
    new: NewUser,
    client: &Client,
    grant: Grant,
) -> Result<(User, Option<IssuedToken>)> {
    let mut tx = core.db.begin().await?;
    let user = create(core, &mut tx, new).await?;
    verification::mail(core, &mut tx, &user).await?;
    let from = (Via::Registration, client);
    let given = give(core, &mut tx, session, &user, from, grant).await?;
    let registered = Event::Registered {
        user: user.id.clone(),
        address: client.address,
    };
    let events = [registered, given.event(&user, from)];
    audit::conclude(core, tx, By::Client(client), &events).await?;
    let token = given.take_effect(core, session, (&user.id, client));
    Ok((user, token))
}

/// Makes a user with what every user has. An address that its last owner may still take back is
/// somebody's.
///
/// # Errors
/// As [`enrol`].
pub(crate) async fn create(core: &Core, tx: &mut Tx, new: NewUser) -> Result<User> {
    let now = core.clock.now();
    if links::is_alive_for(tx, &new.email, Purpose::EmailUndo, now).await? {
        return Err(Invalid::field("email", Rule::Unique).into());
    }
    let user = core.users.create(new, tx).await?;
    security::insert(tx, &user.id).await?;
    Ok(user)
}
