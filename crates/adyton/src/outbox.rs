//! The outbox: a letter is written down with the change that it tells of, and sent later.
//!
//! So no request waits for a mail server, none is lost with a process, and none tells of a change
//! that was undone. See docs/decisions/0015.

mod payload;

pub(crate) use payload::{LABEL, Payload, place};

use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::random_id;
use crate::db::Tx;
use crate::error::Result;
use crate::store::outbox::{self, Kind, NewRow};
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
    let now = core.clock.now();
    let expires_at = letter.lifetime().map(|lifetime| later(now, lifetime));
    let sender = core.config.mail_sender();
    let domain = sender.as_ref().map_or("localhost", |from| from.domain());
    let payload = Payload {
        to: to.to_owned(),
        message_id: format!("{}@{domain}", random_id()),
        letter,
    };
    let new = NewRow {
        kind: Kind::Letter,
        user,
        payload: &payload.sealed(core, Kind::Letter)?,
        expires_at,
        now,
    };
    outbox::insert(tx, new).await?;
    Ok(())
}
