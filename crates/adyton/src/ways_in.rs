//! By what a user can get in. The last one cannot be taken away.

use crate::core::Core;
use crate::db::Tx;
use crate::error::{Forbidden, Result};
use crate::store::{passkeys, social_accounts};
use crate::user::{User, UserId};

/// What is to be taken away.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WayIn {
    /// A link with somebody at a provider.
    SocialAccount(i64),
    /// A passkey.
    Passkey(i64),
}

/// Makes sure that something else is left. Whoever calls holds the user's epoch in this
/// transaction, so that of two requests that take away the last two, one is refused; `user` was
/// read in that epoch.
///
/// # Errors
/// [`Forbidden::LastWayIn`].
pub(crate) async fn refuse_last(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    removed: WayIn,
) -> Result<()> {
    if user.has_password() {
        return Ok(());
    }
    if core.config.has_feature("passkey-login") {
        let passkeys = passkeys::ids_in(tx, &user.id).await?;
        let is_other = |id: &i64| !matches!(removed, WayIn::Passkey(gone) if gone == *id);
        if passkeys.iter().any(is_other) {
            return Ok(());
        }
    }
    let linked = social_accounts::of_user_in(tx, &user.id).await?;
    // A provider that is not configured any more lets nobody in.
    let works = |provider: &str| {
        core.config.has_feature("social-login") && core.config.social.contains_key(provider)
    };
    let is_other = |id: i64| !matches!(removed, WayIn::SocialAccount(gone) if gone == id);
    match linked
        .iter()
        .any(|account| works(&account.provider) && is_other(account.id))
    {
        true => Ok(()),
        false => Err(Forbidden::LastWayIn.into()),
    }
}

/// Takes away all but the password: of an account that is gone, or that somebody else may have had
/// a hand in.
pub(crate) async fn forget(tx: &mut Tx, user: &UserId) -> Result<()> {
    passkeys::delete_of_user(tx, user).await?;
    social_accounts::delete_of_user(tx, user).await?;
    Ok(())
}

/// Takes away what whoever reads mail at the address cannot vouch for: all of it, where the address
/// was never proved; else the passkeys and links of before it was. Somebody may have made them with an
/// address that was not theirs, or with a former one, and waited for its owner to prove it.
pub(crate) async fn forget_doubtful(tx: &mut Tx, user: &User) -> Result<()> {
    let Some(proved_at) = user.email_verified_at else {
        return forget(tx, &user.id).await;
    };
    passkeys::delete_older(tx, &user.id, proved_at).await?;
    for account in social_accounts::of_user_in(tx, &user.id).await? {
        if account.created_at < proved_at {
            social_accounts::delete(tx, &user.id, account.id).await?;
        }
    }
    Ok(())
}
