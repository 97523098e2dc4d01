//! A code for a login, if there is such a user, to the address that is stored.

use std::time::Duration;

use super::nothing;
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::crypto::mailed_code::MailedCode;
use crate::error::Result;
use crate::event::Event;
use crate::mailed_link;
use crate::outbox;
use crate::store::links::{self, NewLink, Purpose};
use crate::store::outbox::ClaimedRow;
use crate::store::security;
use crate::wire::Letter;

/// How long a code is good for.
const LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Passwords that may be tried with one code.
const ATTEMPTS: u32 = 5;

/// Codes of one user that are alive at most. No more are mailed then, and none is ended: whoever
/// asks again and again neither fills a mailbox nor spoils the code that its owner is typing.
const ALIVE: usize = 3;

pub(super) async fn run(core: &Core, row: &ClaimedRow, email: &str) -> Result<()> {
    let user = core.users.find_by_login(email).await?;
    let Some(user) = user.filter(|user| !user.is_disabled()) else {
        return nothing(core, row).await;
    };
    // Makes the row that is locked next.
    security::epoch(&core.db, &user.id).await?;
    let (code, now) = (MailedCode::random(), core.clock.now());
    let mut tx = core.db.begin().await?;
    security::lock(&mut tx, &user.id).await?;
    if links::count_alive(&mut tx, &user.id, Purpose::LoginCode, now).await? >= ALIVE {
        drop(tx);
        return nothing(core, row).await;
    }
    let new = NewLink {
        id: &mailed_link::stored(code.expose()),
        purpose: Purpose::LoginCode,
        user: Some(&user.id),
        address: Some(&user.email),
        payload: Some(&ATTEMPTS.to_string()),
        now,
        expires_at: later(now, LIFETIME),
    };
    links::insert(&mut tx, new).await?;
    let letter = Letter::LoginCode {
        code: code.shown().expose().clone(),
        minutes: LIFETIME.as_secs().div_ceil(60),
    };
    let to = (user.email.as_str(), Some(&user.id));
    if outbox::exchange(core, &mut tx, row, to, letter).await? {
        let user = user.id.clone();
        let requested = Event::LoginCodeRequested { user };
        audit::conclude(core, tx, By::System, &[requested]).await?;
    }
    Ok(())
}
