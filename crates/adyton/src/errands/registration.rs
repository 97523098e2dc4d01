//! A registration whose address is still to be proved: a link that makes the account, or, to an
//! address that has one, a word that it does.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{nothing, password_reset};
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::error::Result;
use crate::mailed_link::{self, About};
use crate::outbox;
use crate::store::links::{self, Purpose};
use crate::store::outbox::ClaimedRow;
use crate::throttle::{By as CountedBy, Key, Window};
use crate::user::{Fields, NewUser, User};
use crate::wire::Letter;

/// What the key is for.
const LABEL: &str = "registration";

/// Where it is sealed for.
const PLACE: [&str; 2] = ["one_time_links", "registration"];

/// Mails that one address gets of registrations: whoever sends ever new ones from many places must
/// not fill somebody's mailbox.
const MAILS: Window = Window {
    max: 5,
    length: Duration::from_secs(60 * 60),
};

/// An account that somebody asked for. It has no `Debug`, because it holds a password's hash.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    name: String,
    /// In canonical form.
    email: String,
    /// The password's hash.
    password: Option<String>,
    role: Option<String>,
    fields: Fields,
}

impl From<NewUser> for Pending {
    fn from(new: NewUser) -> Self {
        Self {
            name: new.name,
            email: new.email,
            password: new.password.map(|hash| hash.expose().clone()),
            role: new.role,
            fields: new.fields,
        }
    }
}

impl Pending {
    /// As a link keeps it.
    fn sealed(&self, core: &Core) -> Result<String> {
        let plain = serde_json::to_vec(self).expect("facts can always be written as JSON");
        Ok(core.sealer(LABEL)?.seal(&plain, &PLACE))
    }

    /// The account that a link keeps, its address not yet proved; none where the key that sealed
    /// it is gone.
    pub(crate) fn opened(core: &Core, sealed: &str) -> Option<NewUser> {
        let opened = core.sealer(LABEL).ok()?.open(sealed, &PLACE).ok()?;
        let pending: Pending = serde_json::from_slice(opened.plain.expose()).ok()?;
        let mut new = NewUser::new(pending.name, pending.email);
        new.password = pending.password.map(Secret::new);
        new.role = pending.role;
        new.fields = pending.fields;
        Some(new)
    }
}

pub(super) async fn run(core: &Core, row: &ClaimedRow, pending: &Pending) -> Result<()> {
    let address = Key::new(
        "registration_mails",
        CountedBy::Account(pending.email.clone()),
    );
    // A row that is tried again was counted before.
    let counts = core.config.throttle.enabled && row.attempts <= 1;
    if counts
        && core
            .throttle
            .hit(&address, MAILS, core.clock.now())
            .is_err()
    {
        return nothing(core, row).await;
    }
    match core.users.find_by_login(&pending.email).await? {
        Some(user) if user.is_disabled() => nothing(core, row).await,
        Some(user) => remind(core, row, &user).await,
        None => confirm(core, row, pending).await,
    }
}

/// Somebody who has an account may have forgotten it, and the password with it.
async fn remind(core: &Core, row: &ClaimedRow, user: &User) -> Result<()> {
    let mut events = Vec::new();
    let mut tx = core.db.begin().await?;
    let mut reset_link = None;
    if core.config.has_feature("password-reset") {
        reset_link = password_reset::link(core, &mut tx, user).await?;
        match reset_link {
            Some(_) => events.push(password_reset::requested(user)),
            None => {
                drop(tx);
                tx = core.db.begin().await?;
            }
        }
    }
    let to = (user.email.as_str(), Some(&user.id));
    let letter = Letter::AlreadyRegistered { reset_link };
    if outbox::exchange(core, &mut tx, row, to, letter).await? {
        audit::conclude(core, tx, By::System, &events).await?;
    }
    Ok(())
}

async fn confirm(core: &Core, row: &ClaimedRow, pending: &Pending) -> Result<()> {
    let (email, now) = (pending.email.as_str(), core.clock.now());
    let mut tx = core.db.begin().await?;
    // Whoever had this address a moment ago may still take it back.
    let letter = match links::is_alive_for(&mut tx, email, Purpose::EmailUndo, now).await? {
        true => Letter::AlreadyRegistered { reset_link: None },
        false => {
            let sealed = pending.sealed(core)?;
            let about = About {
                user: None,
                address: Some(email),
                payload: Some(&sealed),
            };
            let lifetime = core.config.links.registration_lifetime;
            let purpose = Purpose::Registration;
            let secret = mailed_link::make(core, &mut tx, purpose, about, lifetime).await?;
            let template = core.config.links.registration.as_deref();
            let own = mailed_link::path(core, "registration.show", "/register/complete/{token}");
            let values = [("token", secret.expose().as_str())];
            Letter::ConfirmRegistration {
                link: mailed_link::address(core, template, &own, &values),
                hours: lifetime.as_secs().div_ceil(60 * 60),
            }
        }
    };
    if outbox::exchange(core, &mut tx, row, (email, None), letter).await? {
        audit::conclude(core, tx, By::System, &[]).await?;
    }
    Ok(())
}
