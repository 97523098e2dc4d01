//! Ends what proves a user: one act for every change that makes older credentials worthless.
//!
//! A change of password, of second factor, of role, a disabled user and "this wasn't me" all come
//! here, inside the transaction of the change. The epoch moves first, which locks the user's row:
//! whoever is being let in at this moment either did so before, and is ended here, or finds
//! another epoch and is refused.

use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::store::links::Purpose;
use crate::store::{challenges, links, remembered, reset_tokens, security, sessions, tokens};
use crate::user::User;

/// What goes on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Keep<'a> {
    /// The session that asks for the change, by its stored id.
    pub session: Option<&'a str>,
    /// The remembered browser of that session.
    pub browser: Option<i64>,
    /// Bearer tokens.
    pub tokens: bool,
}

/// What was ended.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Ended {
    /// How many sessions.
    pub sessions: u64,
}

/// Ends every older session, remembered browser, challenge and pending link of a user, and their
/// tokens unless those are kept. After the commit, the caller tells `core.freshness`.
///
/// Links that only undo harm stay: "this wasn't me", and the way back to a former address.
pub(crate) async fn end(core: &Core, tx: &mut Tx, user: &User, keep: Keep<'_>) -> Result<Ended> {
    security::advance(tx, &user.id).await?;
    remembered::delete_of_user(tx, &user.id, keep.browser).await?;
    let sessions = sessions::delete_of_user(tx, &user.id, keep.session).await?;
    challenges::delete_of_user(tx, &user.id).await?;
    reset_tokens::delete(tx, &user.email).await?;
    for purpose in [Purpose::EmailVerification, Purpose::EmailChange] {
        links::delete_of_user(tx, &user.id, purpose).await?;
    }
    if !keep.tokens {
        tokens::delete_of_owner(tx, &core.config.tokens.owner_type, &user.id).await?;
    }
    Ok(Ended { sessions })
}
