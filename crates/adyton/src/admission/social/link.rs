//! A user who is logged in links somebody at a provider, ends such a link, or proves by one once
//! more who they are.

use std::time::Duration;

use super::super::confirm::{Confirming, complete};
use super::super::{Evidence, hold, prove};
use super::entry::told;
use super::{Arrival, Asker, Failure, identity};
use crate::audit::{self, By};
use crate::clock::later;
use crate::core::Core;
use crate::db::DbError;
use crate::error::{Error, Result, SocialRefusal, Unauthenticated};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Standing};
use crate::session::Session;
use crate::social::{Profile, Provider};
use crate::store::{Client, challenges, security, social_accounts};
use crate::user::UserId;
use crate::ways_in::{self, WayIn};
use crate::wire::NoticeKind;

/// How long ago a user may have proved to a provider who they are, to count as now.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// An issuer that never tells when, whatever it is asked: there, as at a provider without ID tokens,
/// the way through it must do.
const WITHOUT_TIME: &str = "https://accounts.google.com";

/// Whether somebody at a provider is linked to a user.
pub(super) async fn is_linked(core: &Core, user: &UserId, provider: &Provider) -> Result<bool> {
    let linked = social_accounts::of_user(&core.db, user).await?;
    Ok(linked.iter().any(|row| row.provider == provider.name()))
}

/// Links somebody at a provider to a user who asked for it while logged in. Once more is once.
pub(super) async fn link(
    core: &Core,
    (provider, profile): (&Provider, &Profile),
    asker: Asker<'_>,
    client: &Client,
) -> Result<Arrival, Failure> {
    let (user, who) = (asker.user, identity(provider, profile));
    security::epoch(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    let standing = Standing::Session(asker.session_id);
    let stands = revocation::refuse_if_ended(core, &mut tx, &user.id, standing).await;
    stands.map_err(|error| match error {
        Error::Unauthenticated(_) => SocialRefusal::UserChanged.into(),
        error => error,
    })?;
    match social_accounts::insert(&mut tx, &user.id, who, told(profile), core.clock.now()).await {
        Ok(_) => {}
        Err(DbError::Taken) => {
            drop(tx);
            return match social_accounts::find(&core.db, who).await? {
                Some(row) if row.user == user.id => Ok(Arrival::Back),
                _ => Err(SocialRefusal::LinkedElsewhere.into()),
            };
        }
        Err(error) => return Err(error.into()),
    }
    let (what, by) = (
        NoticeKind::ProviderLinked {
            provider: provider.label().to_owned(),
        },
        By::Client(client),
    );
    notices::tell(core, &mut tx, user, what, by).await?;
    let linked = Event::SocialLinked {
        user: user.id.clone(),
        provider: provider.name().to_owned(),
    };
    audit::conclude(core, tx, by, &[linked]).await?;
    Ok(Arrival::Back)
}

/// Confirms a session: whoever came back from the provider is linked to its user, and proved to the
/// provider just now who they are. `asks_time`: it was asked to say when.
pub(super) async fn confirm(
    core: &Core,
    session: &Session,
    (provider, profile, asks_time): (&Provider, &Profile, bool),
    asker: Asker<'_>,
    client: &Client,
) -> Result<Arrival, Failure> {
    let row = social_accounts::find(&core.db, identity(provider, profile)).await?;
    let row = row.filter(|row| row.user == asker.user.id);
    let row = row.ok_or(SocialRefusal::UserChanged)?;
    refuse_old_proof(core, profile, asks_time)?;
    let proven = prove(core, &asker.user.id).await?;
    let mut proven = proven.ok_or(SocialRefusal::UserChanged)?;
    proven.by = Evidence::SocialAccount(row.id);
    let asked = Confirming {
        session,
        session_id: asker.session_id,
        user: &proven.user,
        client,
    };
    let mut tx = core.db.begin().await?;
    let outcome = match hold(core, &mut tx, &proven).await {
        Ok(()) => complete(core, tx, &asked, "social", Vec::new()).await,
        refused => refused,
    };
    match outcome {
        Ok(()) => Ok(Arrival::Back),
        // Unlinked, or the session was ended, since they were read.
        Err(Error::WrongCredentials | Error::Unauthenticated(_)) => {
            Err(SocialRefusal::UserChanged.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// A browser that is logged in at the provider anyway proves nothing about who sits before it.
fn refuse_old_proof(core: &Core, profile: &Profile, asks_time: bool) -> Result<(), SocialRefusal> {
    let refused = |why: &str| {
        let why = why.to_owned();
        Err(SocialRefusal::ProviderFailed { why })
    };
    match profile.authenticated_at {
        Some(at) if core.clock.now() <= later(at, FRESH) => Ok(()),
        Some(_) => refused("auth_time_too_old"),
        None if asks_time && profile.issuer != WITHOUT_TIME => refused("auth_time_missing"),
        None => Ok(()),
    }
}

/// Ends a user's link with somebody at a provider, and logins by it that wait for a second factor.
///
/// # Errors
/// [`Error::NotFound`] when the user has no such link;
/// [`Forbidden::LastWayIn`](crate::error::Forbidden::LastWayIn) when nothing else would let them in;
/// [`Error::Unauthenticated`] when the session was ended meanwhile.
pub(crate) async fn unlink(core: &Core, asker: Asker<'_>, id: i64, client: &Client) -> Result<()> {
    let proven = prove(core, &asker.user.id).await?;
    let proven = proven.ok_or(Unauthenticated::UserDisabled)?;
    let user = &proven.user;
    let linked = social_accounts::of_user(&core.db, &user.id).await?;
    let row = linked.into_iter().find(|row| row.id == id);
    let row = row.ok_or(Error::NotFound)?;
    let mut tx = core.db.begin().await?;
    if !security::hold(&mut tx, &user.id, proven.epoch).await? {
        return Err(Unauthenticated::SessionUnknown.into());
    }
    let standing = Standing::Session(asker.session_id);
    revocation::refuse_if_ended(core, &mut tx, &user.id, standing).await?;
    ways_in::refuse_last(core, &mut tx, user, WayIn::SocialAccount(id)).await?;
    if !social_accounts::delete(&mut tx, &user.id, id).await? {
        return Err(Error::NotFound);
    }
    challenges::delete_of_user(&mut tx, &user.id).await?;
    let label = core.providers.get(&row.provider).map(Provider::label);
    let provider = label.unwrap_or(&row.provider).to_owned();
    let (what, by) = (
        NoticeKind::ProviderUnlinked { provider },
        By::Client(client),
    );
    notices::tell(core, &mut tx, user, what, by).await?;
    let unlinked = Event::SocialUnlinked {
        user: user.id.clone(),
        provider: row.provider,
    };
    audit::conclude(core, tx, by, &[unlinked]).await
}
