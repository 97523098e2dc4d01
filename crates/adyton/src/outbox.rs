//! The outbox: a letter is written down with the change that it tells of, and sent later.
//!
//! So no request waits for a mail server, none is lost with a process, and none tells of a change
//! that was undone. See docs/decisions/0015.

mod payload;

pub(crate) use payload::{LABEL, Payload, place};

use chrono::{DateTime, Utc};

use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::random_id;
use crate::db::Tx;
use crate::error::Result;
use crate::store::outbox::{self, ClaimedRow, Kind, NewRow};
use crate::user::UserId;
use crate::wire::Letter;

/// Writes a letter into the outbox, in the transaction of what it tells of. `audit::conclude`
/// rings for the courier once that is committed.
///
/// `to` is an address in canonical form. Where no mail is set up, nothing is written: a notice is
/// not worth a refusal, and who needs a link to arrive asks [`Core::has_mailer`] first.
pub(crate) async fn enqueue(
    core: &Core,
    tx: &mut Tx,
    to: &str,
    user: Option<&UserId>,
    letter: Letter,
) -> Result<()> {
    if !core.has_mailer() {
        tracing::debug!(
            letter = letter.name(),
            "no mail, or no key, is set up: nothing is sent"
        );
        return Ok(());
    }
    let expires_at = end_of(core, &letter);
    let payload = payload(core, to, letter).sealed(core, Kind::Letter)?;
    outbox::insert(tx, row(core, user, &payload, expires_at)).await?;
    Ok(())
}

/// Puts a letter in the place of an errand's row, in the transaction of what the errand did:
/// `false` when the row is in another process's hands by now, and then nothing may be committed.
pub(crate) async fn exchange(
    core: &Core,
    tx: &mut Tx,
    errand: &ClaimedRow,
    (to, user): (&str, Option<&UserId>),
    letter: Letter,
) -> Result<bool> {
    let expires_at = end_of(core, &letter);
    let payload = payload(core, to, letter).sealed(core, Kind::Letter)?;
    let new = row(core, user, &payload, expires_at);
    let made = outbox::exchange(tx, errand.id, &core.post.name, new).await?;
    Ok(made.is_some())
}

fn end_of(core: &Core, letter: &Letter) -> Option<DateTime<Utc>> {
    let lifetime = letter.lifetime()?;
    Some(later(core.clock.now(), lifetime))
}

fn payload(core: &Core, to: &str, letter: Letter) -> Payload {
    let sender = core.config.mail_sender();
    let domain = sender.as_ref().map_or("localhost", |from| from.domain());
    Payload {
        to: to.to_owned(),
        message_id: format!("{}@{domain}", random_id()),
        letter,
    }
}

fn row<'a>(
    core: &Core,
    user: Option<&'a UserId>,
    payload: &'a str,
    expires_at: Option<DateTime<Utc>>,
) -> NewRow<'a> {
    NewRow {
        kind: Kind::Letter,
        user,
        payload,
        expires_at,
        now: core.clock.now(),
    }
}
