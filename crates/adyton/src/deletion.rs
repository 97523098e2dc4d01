//! Deleting an account, by its user or by an operator: one transaction, and nothing is left that
//! could be used. The security log keeps what happened.

use crate::audit::{self, By};
use crate::core::Core;
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Keep, Standing};
use crate::store::links::{self, Purpose};
use crate::store::security::{self, Epoch};
use crate::user::User;
use crate::ways_in;
use crate::wire::NoticeKind;

/// Deletes a user with everything that proves them, and tells their address. Where a caller asks for
/// it, only while the epoch that they proved themselves in is the user's, and they are still known.
///
/// # Errors
/// [`Error::Unauthenticated`] when the epoch has moved, or the caller's session was ended.
/// [`Error::NotFound`] when the user is gone already.
pub(crate) async fn delete(
    core: &Core,
    user: &User,
    proven: Option<(Epoch, Standing<'_>)>,
    by: By<'_>,
) -> Result<()> {
    let epoch = match proven {
        Some((epoch, _)) => epoch,
        None => security::epoch(&core.db, &user.id).await?,
    };
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &user.id, epoch).await? {
        return Err(match proven {
            Some(_) => Unauthenticated::SessionUnknown.into(),
            None => Error::NotFound,
        });
    }
    if let Some((_, standing)) = proven {
        revocation::refuse_if_ended(core, &mut tx, &user.id, standing).await?;
    }
    revocation::end(core, &mut tx, user, Keep::default()).await?;
    ways_in::forget(&mut tx, &user.id).await?;
    for purpose in [Purpose::EmailUndo, Purpose::NotMe] {
        links::delete_of_user(&mut tx, &user.id, purpose).await?;
    }
    notices::tell(core, &mut tx, user, NoticeKind::AccountDeleted, by).await?;
    security::delete(&mut tx, &user.id).await?;
    if !core.users.delete(&user.id, &mut tx).await? {
        return Err(Error::NotFound);
    }
    let deleted = Event::UserDeleted {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, by, &[deleted]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}
