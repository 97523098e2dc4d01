//! What a user is told by mail when something happens to their account, each time with a link
//! that says "this wasn't me".

use crate::audit::By;
use crate::core::Core;
use crate::db::Tx;
use crate::device::Device;
use crate::error::Result;
use crate::mailed_link::{self, About};
use crate::outbox;
use crate::store::links::Purpose;
use crate::store::{Client, events};
use crate::user::{User, UserId};
use crate::wire::{Letter, Notice, NoticeKind};

/// Ways in that are looked at to tell whether a device is new.
const REMEMBERED: i64 = 200;

/// Whether a user gets in from a device they did not get in from of late: another browser, or
/// another system. Ask it before the transaction. Nobody's first device is new.
pub(crate) async fn is_new_device(core: &Core, user: &UserId, client: &Client) -> Result<bool> {
    if !core.has_mailer() {
        return Ok(false);
    }
    let known = events::agents_of(&core.db, user, REMEMBERED).await?;
    let device = Device::of(client.user_agent.as_deref());
    let is_same = |agent: &Option<String>| Device::of(agent.as_deref()) == device;
    Ok(!known.is_empty() && !known.iter().any(is_same))
}

/// Writes a notice to a user's address, in the transaction of what it tells of.
pub(crate) async fn tell(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    what: NoticeKind,
    by: By<'_>,
) -> Result<()> {
    let to = user.email.clone();
    tell_at(core, tx, (user, &to), what, by, None).await
}

/// The same to another address, such as the one that the user had before, with a link that takes
/// it back.
pub(crate) async fn tell_at(
    core: &Core,
    tx: &mut Tx,
    (user, to): (&User, &str),
    what: NoticeKind,
    by: By<'_>,
    undo: Option<String>,
) -> Result<()> {
    if !core.has_mailer() {
        return Ok(());
    }
    let mut notice = Notice::new(what, core.clock.now());
    if let By::Client(client) = by {
        notice.address = Some(client.address.to_string());
        notice.device = Device::of(client.user_agent.as_deref()).names();
    }
    notice.undo = undo;
    if can_be_disowned(&notice.what) {
        let about = About {
            user: Some(&user.id),
            address: Some(to),
            payload: None,
        };
        let lifetime = core.config.links.not_me_lifetime;
        let secret = mailed_link::make(core, tx, Purpose::NotMe, about, lifetime).await?;
        let values = [("token", secret.expose().as_str())];
        notice.not_me = Some(mailed_link::address(core, None, NOT_ME, &values));
    }
    outbox::enqueue(core, tx, to, Some(&user.id), Letter::Notice(notice)).await
}

/// Our own page for "this wasn't me".
const NOT_ME: &str = "/account/not-me/{token}";

/// Nothing is left to be saved of an account that is gone, and nobody can enter a disabled one.
fn can_be_disowned(what: &NoticeKind) -> bool {
    !matches!(what, NoticeKind::AccountDeleted | NoticeKind::Disabled)
}
