//! A user's passkeys: added, listed, renamed, removed.

use serde_json::{Value as Json, json};

use super::registration::{refuse_too_many, verify};
use super::source::Source;
use crate::audit::{self, By};
use crate::core::Core;
use crate::db::{DbError, Tx};
use crate::error::{Error, Result, Unauthenticated};
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Standing};
use crate::store::passkeys::{self, PasskeyRow};
use crate::store::{Client, challenges, security};
use crate::user::{User, UserId, timestamp};
use crate::validate::{Invalid, PasskeyRefusal};
use crate::ways_in::{self, WayIn};
use crate::wire::NoticeKind;

/// Who wants a change, by what they are known, and from where.
pub(crate) struct Asker<'a> {
    pub user: &'a UserId,
    pub standing: Standing<'a>,
    pub client: &'a Client,
}

/// Keeps a new passkey and tells its id.
///
/// # Errors
/// [`Error::Invalid`] for an answer that no passkey can be made of, one that somebody has, and one
/// too many; [`Error::Unauthenticated`] when what the caller is known by was ended.
pub(crate) async fn add(
    core: &Core,
    asker: &Asker<'_>,
    name: &str,
    answer: (Option<&str>, Option<&Json>),
) -> Result<i64> {
    let made = verify(core, asker.user, answer).await?;
    let (mut tx, user) = begin(core, asker).await?;
    refuse_too_many(core, passkeys::ids_in(&mut tx, &user.id).await?.len())?;
    let row = (name, made.credential_id.as_str(), made.credential.as_str());
    let passkey = match passkeys::insert(&mut tx, &user.id, row, core.clock.now()).await {
        Err(DbError::Taken) => return Err(Invalid::from(PasskeyRefusal::Taken).into()),
        inserted => inserted?,
    };
    let by = By::Client(asker.client);
    let name = name.to_owned();
    notices::tell(core, &mut tx, &user, NoticeKind::PasskeyAdded { name }, by).await?;
    let user = user.id;
    audit::conclude(core, tx, by, &[Event::PasskeyAdded { user, passkey }]).await?;
    Ok(passkey)
}

/// Removes a passkey of the user. It ends no session; a login that was begun by it gets no further.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for another user's, and for the last way in.
pub(crate) async fn remove(core: &Core, asker: &Asker<'_>, id: i64) -> Result<()> {
    let name = own(core, asker.user, id).await?.name;
    let (mut tx, user) = begin(core, asker).await?;
    ways_in::refuse_last(core, &mut tx, &user, WayIn::Passkey(id)).await?;
    if !passkeys::delete(&mut tx, &user.id, id).await? {
        return Err(Error::NotFound);
    }
    challenges::delete_of_user(&mut tx, &user.id).await?;
    let by = By::Client(asker.client);
    notices::tell(
        core,
        &mut tx,
        &user,
        NoticeKind::PasskeyRemoved { name },
        by,
    )
    .await?;
    let (user, passkey) = (user.id, id);
    audit::conclude(core, tx, by, &[Event::PasskeyRemoved { user, passkey }]).await
}

/// Gives a passkey of the user another name, and tells what is there then.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for another user's.
pub(crate) async fn rename(core: &Core, user: &UserId, id: i64, name: &str) -> Result<Json> {
    own(core, user, id).await?;
    if !passkeys::rename(&core.db, (user, id), name, core.clock.now()).await? {
        return Err(Error::NotFound);
    }
    Ok(shown(&own(core, user, id).await?))
}

/// A user's passkeys, the oldest first.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn list(core: &Core, user: &UserId) -> Result<Vec<Json>> {
    let rows = passkeys::of_user(&core.db, user).await?;
    Ok(rows.iter().map(shown).collect())
}

async fn own(core: &Core, user: &UserId, id: i64) -> Result<PasskeyRow> {
    let row = passkeys::by_id(&core.db, id)
        .await?
        .ok_or(Error::NotFound)?;
    match row.user == *user {
        true => Ok(row),
        false => Err(Error::not_yours()),
    }
}

/// A transaction in which the caller is still known, and nothing that proves the user changes but
/// by it.
async fn begin(core: &Core, asker: &Asker<'_>) -> Result<(Tx, User)> {
    let epoch = security::epoch(&core.db, asker.user).await?;
    let user = core.users.find(asker.user).await?;
    let user = user.ok_or(Unauthenticated::UserDisabled)?;
    let mut tx = core.db.begin().await?;
    revocation::refuse_if_ended(core, &mut tx, &user.id, asker.standing).await?;
    match security::hold(&mut tx, &user.id, epoch).await? {
        true => Ok((tx, user)),
        false => Err(Unauthenticated::SessionUnknown.into()),
    }
}

fn shown(row: &PasskeyRow) -> Json {
    let source = Source::read(&row.credential);
    json!({
        "id": row.id.to_string(),
        "name": row.name,
        "synced": source.as_ref().and_then(|source| source.is_eligible),
        "backed_up": source.as_ref().map(|source| source.is_backed_up),
        "last_used_at": row.last_used_at.map(timestamp),
        "created_at": row.created_at.map(timestamp),
    })
}
