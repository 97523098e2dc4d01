//! Ending every session but one's own.

use super::{Proven, renew_in};
use crate::audit::{self, By};
use crate::core::Core;
use crate::error::{Result, Unauthenticated};
use crate::event::Event;
use crate::revocation::{self, Keep};
use crate::session::Session;
use crate::store::{Client, security};

/// Ends all sessions, remembered browsers and pending logins of a user but the session that asks,
/// which gets another id: whoever has a copy of its cookie is out too.
///
/// # Errors
/// [`Error::Unauthenticated`](crate::error::Error::Unauthenticated) when the session was ended
/// meanwhile; then nothing else has ended.
pub(crate) async fn end_others(
    core: &Core,
    session: &Session,
    proven: &Proven,
    kept: Keep<'_>,
    client: &Client,
) -> Result<()> {
    let (user, id) = (&proven.user, kept.session.unwrap_or_default());
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &user.id, proven.epoch).await? {
        return Err(Unauthenticated::SessionUnknown.into());
    }
    revocation::end(core, &mut tx, user, kept).await?;
    let renewed = renew_in(core, &mut tx, id, false).await?;
    let renewed = renewed.ok_or(Unauthenticated::SessionUnknown)?;
    let ended = Event::OtherSessionsEnded {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Client(client), &[ended]).await?;
    renewed.take_effect(core, session, &user.id);
    Ok(())
}
