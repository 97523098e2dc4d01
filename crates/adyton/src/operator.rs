//! What an operator does to users, sessions and browsers: from the command line, or from a host's
//! own tools. HTTP gives nobody these powers.

mod factors;
mod session_info;

pub use self::factors::{Forget, WaysIn};
pub(crate) use self::factors::{forget, ways_in};
pub use self::session_info::SessionInfo;
use crate::audit::{self, By};
use crate::clock::earlier;
use crate::config::IdKind;
use crate::core::Core;
use crate::crypto::password::Checked;
use crate::crypto::secret::Secret;
use crate::db::Tx;
use crate::email;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::notices;
use crate::password_policy::{self, About};
use crate::revocation::{self, Keep};
use crate::store::{
    challenges, flows, links, remembered, reset_tokens, security, sessions, trusted_browsers,
};
use crate::token::NewToken;
use crate::user::{Changes, NewUser, User, UserId};
use crate::validate::{Invalid, Rule};
use crate::wire::NoticeKind;

/// Characters of a name: Laravel's `varchar(255)`.
const LINE: usize = 255;

/// Characters of a role: the column's `varchar(64)`.
const ROLE: usize = 64;

/// Sessions of one user that a list shows at most.
const LISTED: i64 = 1000;

/// A user that an operator makes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UserDraft {
    /// What the person is called.
    pub name: String,
    /// The address, as entered.
    pub email: String,
    /// The password; `None` for a user who cannot log in by one.
    pub password: Option<Secret<String>>,
    /// One of the configured roles; `None` for the default one.
    pub role: Option<String>,
    /// Whether the address counts as proved.
    pub verified: bool,
}

impl UserDraft {
    /// A user with a name and an address.
    pub fn new(name: impl Into<String>, email: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: email.into(),
            password: None,
            role: None,
            verified: false,
        }
    }
}

/// Makes a user.
///
/// # Errors
/// [`Error::Invalid`] for what a registration would not take either, and for unknown roles.
pub(crate) async fn create(core: &Core, draft: UserDraft) -> Result<User> {
    let mut invalid = Invalid::none();
    let name = draft.name.trim();
    check_name(name, &mut invalid);
    let email = canonical(&draft.email);
    if email.is_err() {
        invalid.add("email", Rule::Email);
    }
    check_role(core, draft.role.as_deref(), &mut invalid);
    if let Some(password) = &draft.password {
        let about = About {
            name,
            email: email.as_deref().unwrap_or_default(),
            has_second_factor: false,
        };
        check_password(core, password, &about, &mut invalid).await;
    }
    invalid.into_result()?;
    let mut new = NewUser::new(name, email?);
    new.role = draft
        .role
        .or_else(|| core.config.users.default_role.clone());
    new.email_verified_at = draft.verified.then(|| core.clock.now());
    if let Some(password) = draft.password {
        new.password = Some(hash(core, password).await?);
    }
    let mut tx = core.db.begin().await?;
    let user = core.users.create(new, &mut tx).await?;
    security::insert(&mut tx, &user.id).await?;
    let created = Event::UserCreated {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Operator, &[created]).await?;
    Ok(user)
}

/// The user of an address or of an id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(crate) async fn find(core: &Core, who: &str) -> Result<User> {
    let found = if who.contains('@') {
        let login = canonical(who).unwrap_or_else(|_| who.to_owned());
        core.users.find_by_login(&login).await?
    } else {
        // Asked for another kind of key, PostgreSQL fails rather than find nothing.
        let id = match core.config.users.id {
            IdKind::Integer => UserId::Integer(who.parse().map_err(|_| Error::NotFound)?),
            IdKind::Text => UserId::Text(who.to_owned()),
        };
        core.users.find(&id).await?
    };
    found.ok_or(Error::NotFound)
}

/// Disables a user, and ends their sessions and remembered browsers. Their tokens stay and are
/// refused, until the user is enabled again. They are told.
pub(crate) async fn disable(core: &Core, user: &User) -> Result<()> {
    let changes = Changes {
        disabled_at: Some(Some(core.clock.now())),
        ..Changes::default()
    };
    let event = Event::UserDisabled {
        user: user.id.clone(),
    };
    change(core, user, changes, (event, Some(NoticeKind::Disabled))).await
}

/// Enables a user again.
pub(crate) async fn enable(core: &Core, user: &User) -> Result<()> {
    let changes = Changes {
        disabled_at: Some(None),
        ..Changes::default()
    };
    let event = Event::UserEnabled {
        user: user.id.clone(),
    };
    let mut tx = core.db.begin().await?;
    core.users.update(&user.id, changes, &mut tx).await?;
    audit::conclude(core, tx, By::Operator, &[event]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Gives a user a role, or none, and ends their sessions: who had more power by the old role does
/// not go on with it in a page that is open.
///
/// # Errors
/// [`Error::Invalid`] for a role that is not configured.
pub(crate) async fn set_role(core: &Core, user: &User, role: Option<String>) -> Result<()> {
    let mut invalid = Invalid::none();
    check_role(core, role.as_deref(), &mut invalid);
    invalid.into_result()?;
    let changes = Changes {
        role: Some(role),
        ..Changes::default()
    };
    let event = Event::RoleChanged {
        user: user.id.clone(),
    };
    change(core, user, changes, (event, None)).await
}

/// Gives a user a role at the end of a host's transaction, and commits it.
///
/// # Errors
/// As [`set_role`]; then nothing of the transaction happened.
pub(crate) async fn set_role_in(
    core: &Core,
    mut tx: Tx,
    user: &User,
    role: Option<String>,
) -> Result<()> {
    let mut invalid = Invalid::none();
    check_role(core, role.as_deref(), &mut invalid);
    invalid.into_result()?;
    security::make_sure(&mut tx, &user.id).await?;
    let changes = Changes {
        role: Some(role),
        ..Changes::default()
    };
    let event = Event::RoleChanged {
        user: user.id.clone(),
    };
    change_in(core, tx, user, changes, (event, None)).await
}

/// Gives a user a password, and ends their sessions and remembered browsers. They are told.
///
/// # Errors
/// [`Error::Invalid`] for a password that a registration would not take either.
pub(crate) async fn set_password(core: &Core, user: &User, password: Secret<String>) -> Result<()> {
    let mut invalid = Invalid::none();
    // The longer one: an operator's password is for somebody who may lose the second factor.
    let about = About {
        name: &user.name,
        email: &user.email,
        has_second_factor: false,
    };
    check_password(core, &password, &about, &mut invalid).await;
    invalid.into_result()?;
    let changes = Changes {
        password: Some(hash(core, password).await?),
        ..Changes::default()
    };
    let event = Event::PasswordChanged {
        user: user.id.clone(),
    };
    let told = Some(NoticeKind::PasswordChanged);
    change(core, user, changes, (event, told)).await
}

/// Changes what proves a user or what they may do, ends all that was opened before and tells them,
/// in one transaction. Tokens stay: they have abilities of their own, and a disabled owner's are refused.
async fn change(
    core: &Core,
    user: &User,
    changes: Changes,
    told: (Event, Option<NoticeKind>),
) -> Result<()> {
    security::epoch(&core.db, &user.id).await?;
    let tx = core.db.begin().await?;
    change_in(core, tx, user, changes, told).await
}

async fn change_in(
    core: &Core,
    mut tx: Tx,
    user: &User,
    changes: Changes,
    (event, notice): (Event, Option<NoticeKind>),
) -> Result<()> {
    let keep = Keep {
        tokens: true,
        ..Keep::default()
    };
    revocation::end(core, &mut tx, user, keep).await?;
    core.users.update(&user.id, changes, &mut tx).await?;
    if let Some(notice) = notice {
        notices::tell(core, &mut tx, user, notice, By::Operator).await?;
    }
    audit::conclude(core, tx, By::Operator, &[event]).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

/// Whether this is the user's password.
pub(crate) async fn is_password_of(
    core: &Core,
    user: &User,
    password: Secret<String>,
) -> Result<bool> {
    let stored = user.password.as_ref().map(|hash| hash.expose().clone());
    let checked = core.hasher.check(password, stored).await;
    let checked = checked.map_err(|_| Error::Busy)?;
    Ok(matches!(checked, Checked::Match { .. }))
}

/// What no token can be, whoever issues it.
///
/// # Errors
/// [`Error::Invalid`] by field.
pub(crate) fn check_token(core: &Core, new: &NewToken) -> Result<()> {
    let mut invalid = Invalid::none();
    check_name(new.name.trim(), &mut invalid);
    if new.abilities.as_slice().iter().any(String::is_empty) {
        invalid.add("abilities", Rule::Required);
    }
    if new.expires_at.is_some_and(|end| end <= core.clock.now()) {
        invalid.add("expires_at", Rule::FutureDate);
    }
    Ok(invalid.into_result()?)
}

/// A user's sessions, the most recently used first.
pub(crate) async fn sessions_of(core: &Core, user: &UserId) -> Result<Vec<SessionInfo>> {
    let rows = sessions::of_user(&core.db, user, LISTED).await?;
    Ok(rows.into_iter().map(SessionInfo::from).collect())
}

/// Ends one session, by the stored form of its id.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub(crate) async fn end_session(core: &Core, id: &str) -> Result<()> {
    let row = sessions::find(&core.db, id).await?.ok_or(Error::NotFound)?;
    let mut tx = core.db.begin().await?;
    if !sessions::delete_own(&mut tx, &row.user, id).await? {
        return Err(Error::NotFound);
    }
    let ended = Event::SessionEnded {
        user: row.user.clone(),
    };
    audit::conclude(core, tx, By::Operator, &[ended]).await?;
    core.freshness.changed(&row.user);
    Ok(())
}

/// Ends all sessions of a user and forgets their browsers; tells how many sessions there were.
pub(crate) async fn end_sessions(core: &Core, user: &User) -> Result<u64> {
    security::epoch(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    let keep = Keep {
        tokens: true,
        ..Keep::default()
    };
    let ended = revocation::end(core, &mut tx, user, keep).await?;
    let event = Event::SessionsEnded {
        user: user.id.clone(),
    };
    audit::conclude(core, tx, By::Operator, &[event]).await?;
    core.freshness.changed(&user.id);
    Ok(ended.sessions)
}

/// Deletes sessions and remembered browsers whose time is over, and tells how many.
pub(crate) async fn prune_sessions(core: &Core) -> Result<u64> {
    let now = core.clock.now();
    let idle_since = earlier(now, core.config.session.lifetime);
    let idle = sessions::prune(&core.db, idle_since).await?;
    challenges::prune(&core.db, now).await?;
    links::prune(&core.db, now).await?;
    flows::prune(&core.db, now).await?;
    trusted_browsers::prune(&core.db, now).await?;
    let reset = earlier(now, core.config.links.password_reset_lifetime);
    reset_tokens::prune(&core.db, reset).await?;
    Ok(idle + remembered::prune(&core.db, now).await?)
}

fn check_name(name: &str, invalid: &mut Invalid) {
    if name.is_empty() {
        invalid.add("name", Rule::Required);
    }
    if name.chars().count() > LINE {
        invalid.add("name", Rule::Max(LINE));
    }
}

fn canonical(address: &str) -> Result<String> {
    email::canonical(address).map_err(|_| Invalid::field("email", Rule::Email).into())
}

/// One of the configured roles; where none are, whatever the operator calls it.
fn check_role(core: &Core, role: Option<&str>, invalid: &mut Invalid) {
    let (Some(role), roles) = (role, &core.config.users.roles) else {
        return;
    };
    if roles.is_empty() {
        let is_name = !role.trim().is_empty() && !role.chars().any(char::is_control);
        if !is_name {
            invalid.add("role", Rule::Required);
        }
        if role.chars().count() > ROLE {
            invalid.add("role", Rule::Max(ROLE));
        }
    } else if !roles.iter().any(|known| known == role) {
        invalid.add("role", Rule::In);
    }
}

async fn check_password(
    core: &Core,
    password: &Secret<String>,
    about: &About<'_>,
    invalid: &mut Invalid,
) {
    if password.expose().is_empty() {
        invalid.add("password", Rule::Required);
    }
    for rule in password_policy::broken_rules(core, password, about).await {
        invalid.add("password", rule);
    }
}

async fn hash(core: &Core, password: Secret<String>) -> Result<Secret<String>> {
    let hash = core.hasher.hash(password).await.map_err(|_| Error::Busy)?;
    Ok(Secret::new(hash))
}
