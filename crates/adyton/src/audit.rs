//! The security log: what happened is kept in the very transaction that did it, then told to the
//! log and to the host's listeners.

mod entry;
mod verify;

use chrono::SecondsFormat;

pub use self::entry::AuditEntry;
pub(crate) use self::verify::verify;
pub use self::verify::{AuditFault, AuditHead, AuditVerdict};
use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::event::Event;
use crate::store::Client;
use crate::store::events::{self, NewEvent};
use crate::user::UserId;

/// Who did it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By<'a> {
    /// Whoever sent a request.
    Client(&'a Client),
    /// Somebody at the command line, or the host's own code.
    Operator,
    /// Adyton by itself.
    System,
}

/// Appends the events to the security log, commits, and tells them. Nothing else may follow in the
/// transaction: from the first event on, all others who append wait for its end.
///
/// # Errors
/// When the database refuses; then nothing of the transaction happened.
pub(crate) async fn conclude(core: &Core, mut tx: Tx, by: By<'_>, events: &[Event]) -> Result<()> {
    let mut appended = Vec::with_capacity(events.len());
    for event in events {
        appended.push(append(core, &mut tx, by, event).await?);
    }
    tx.commit().await?;
    // There may be a letter in the outbox.
    core.post.bell.notify_one();
    for (event, (number, hash)) in events.iter().zip(appended) {
        // The hash goes where the log goes: a chain that was forged as a whole differs from it.
        tracing::info!(target: "adyton::event", number, hash, ?event);
        core.hear(event);
    }
    Ok(())
}

/// Keeps and tells an event that belongs to no other change.
///
/// # Errors
/// As [`conclude`].
pub(crate) async fn record(core: &Core, by: By<'_>, event: Event) -> Result<()> {
    let tx = core.db.begin().await?;
    conclude(core, tx, by, &[event]).await
}

async fn append(core: &Core, tx: &mut Tx, by: By<'_>, event: &Event) -> Result<(i64, String)> {
    let (actor, client) = match by {
        By::Client(client) => ("client", Some(client)),
        By::Operator => ("operator", None),
        By::System => ("system", None),
    };
    let at = core
        .clock
        .now()
        .to_rfc3339_opts(SecondsFormat::Micros, true);
    let new = NewEvent {
        at,
        event: event.name(),
        outcome: event.outcome().as_str(),
        user: event.user(),
        actor,
        client,
        facts: event.facts().to_string(),
    };
    Ok(events::append(tx, new).await?)
}

/// Entries that one call hands out at most.
const HANDED_OUT: i64 = 1000;

/// The newest events, of one user or of all.
pub(crate) async fn newest(
    core: &Core,
    user: Option<&UserId>,
    limit: u64,
) -> Result<Vec<AuditEntry>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = match user {
        Some(user) => events::of_user(&core.db, user, (0, limit)).await?.0,
        None => events::newest(&core.db, limit).await?,
    };
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}

/// A part of a user's events, the newest first, and how many there are in all.
pub(crate) async fn of_user(
    core: &Core,
    user: &UserId,
    (offset, limit): (u64, u64),
) -> Result<(Vec<AuditEntry>, u64)> {
    let part = [offset, limit].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let (rows, total) = events::of_user(&core.db, user, (part[0], part[1])).await?;
    Ok((rows.into_iter().map(AuditEntry::from).collect(), total))
}

/// A part of what was refused, the newest first, and how much there is in all.
pub(crate) async fn refused(
    core: &Core,
    (offset, limit): (u64, u64),
) -> Result<(Vec<AuditEntry>, u64)> {
    let part = [offset, limit].map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let (rows, total) = events::refused(&core.db, (part[0], part[1])).await?;
    Ok((rows.into_iter().map(AuditEntry::from).collect(), total))
}

/// The events after a number, in their order: a part of them, and none after the last.
pub(crate) async fn after(core: &Core, number: i64) -> Result<Vec<AuditEntry>> {
    let rows = events::after(&core.db, number, HANDED_OUT).await?;
    Ok(rows.into_iter().map(AuditEntry::from).collect())
}
