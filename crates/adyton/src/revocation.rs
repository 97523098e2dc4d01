//! Ends what proves a user: one act for every change that makes older credentials worthless.
//!
//! A change of password, of second factor, of role, a disabled user and "this wasn't me" all come
//! here, inside the transaction of the change. The epoch moves first, which locks the user's row:
//! whoever is being let in at this moment either did so before, and is ended here, or finds
//! another epoch and is refused.

use crate::core::Core;
use crate::db::Tx;
use crate::error::{Result, Unauthenticated};
use crate::store::links::Purpose;
use crate::store::{
    challenges, links, remembered, reset_tokens, security, sessions, tokens, trusted_browsers,
};
use crate::user::{User, UserId};

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
    trusted_browsers::delete_of_user(tx, &user.id).await?;
    challenges::delete_of_user(tx, &user.id).await?;
    reset_tokens::delete(tx, &user.email).await?;
    for purpose in [
        Purpose::EmailVerification,
        Purpose::EmailChange,
        Purpose::LoginCode,
    ] {
        links::delete_of_user(tx, &user.id, purpose).await?;
    }
    if !keep.tokens {
        tokens::delete_of_owner(tx, &core.config.tokens.owner_type, &user.id).await?;
    }
    Ok(Ended { sessions })
}

/// By what a caller is known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Standing<'a> {
    /// A session, by its stored id.
    Session(&'a str),
    /// A token.
    Token(i64),
}

/// Makes sure, in the transaction of a change, that what a caller is known by has not been ended:
/// the guard's memory of it may be a moment old, and a request in flight older still. Nobody ends
/// it before the transaction does. Whoever calls has asked for the user's epoch before, which makes
/// the row that is locked here.
///
/// # Errors
/// [`Error::Unauthenticated`](crate::error::Error::Unauthenticated) when it was ended.
pub(crate) async fn refuse_if_ended(
    core: &Core,
    tx: &mut Tx,
    user: &UserId,
    standing: Standing<'_>,
) -> Result<()> {
    // First, so that what is read next is not older than the lock.
    security::lock(tx, user).await?;
    let owner_type = &core.config.tokens.owner_type;
    let (is_there, why) = match standing {
        Standing::Session(id) => (
            sessions::is_open(tx, user, id).await?,
            Unauthenticated::SessionUnknown,
        ),
        Standing::Token(id) => (
            tokens::is_there(tx, id, owner_type, user).await?,
            Unauthenticated::TokenUnknown,
        ),
    };
    match is_there {
        true => Ok(()),
        false => Err(why.into()),
    }
}
