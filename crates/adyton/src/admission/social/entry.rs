//! Somebody whom a provider knows gets in: as the user they are linked to, or as a new one.
//!
//! An address links nobody to an account that is there. It may open a new one, and it may take back
//! one whose address nobody ever proved.

use super::super::{Admission, Evidence, Grant, admit, create, give, prove};
use super::{Arrival, Failure, identity, reclaim};
use crate::audit::{self, By};
use crate::config::RegistrationMode;
use crate::core::Core;
use crate::db::{DbError, Tx};
use crate::error::{Error, Forbidden, Result, SocialRefusal};
use crate::event::{Event, Via};
use crate::session::Session;
use crate::social::{Profile, Provider};
use crate::store::Client;
use crate::store::links::{self, Purpose};
use crate::store::social_accounts::{self, SocialAccountRow};
use crate::user::{NewUser, User};
use crate::verification;

/// How often it is looked again when another request was faster.
const ROUNDS: usize = 3;

/// The longest name, in characters.
const LINE: usize = 255;

/// Whom a provider tells of, and where they come in.
#[derive(Clone, Copy)]
pub(super) struct Visitor<'a> {
    pub session: &'a Session,
    pub provider: &'a Provider,
    pub profile: &'a Profile,
    pub remember: bool,
    pub client: &'a Client,
}

pub(super) async fn enter(
    core: &Core,
    session: &Session,
    (provider, profile): (&Provider, &Profile),
    remember: bool,
    client: &Client,
) -> Result<Arrival, Failure> {
    let visitor = Visitor {
        session,
        provider,
        profile,
        remember,
        client,
    };
    for _ in 0..ROUNDS {
        if let Some(arrival) = look(core, visitor).await? {
            return Ok(arrival);
        }
    }
    // Nobody has the address, and it is not free either: its last owner may still take it back.
    Err(SocialRefusal::AccountExists.into())
}

/// One look at who they are; `None` when something changed meanwhile, and it is to be looked again.
async fn look(core: &Core, visitor: Visitor<'_>) -> Result<Option<Arrival>, Failure> {
    let profile = visitor.profile;
    let linked = social_accounts::find(&core.db, identity(visitor.provider, profile)).await?;
    if let Some(row) = linked {
        return known(core, visitor, row).await;
    }
    let email = profile.email.as_deref();
    let email = email.ok_or(SocialRefusal::EmailMissing)?;
    if !profile.is_email_verified {
        // Before anybody is looked up: the answer is the same for every address.
        unproved_may_enrol(core)?;
    }
    match core.users.find_by_login(email).await? {
        None => newcomer(core, visitor, email).await,
        Some(user) if can_be_reclaimed(profile, &user) => {
            reclaim::reclaim(core, visitor, &user).await
        }
        // Another request may have linked them between the two questions.
        Some(_) if is_linked(core, visitor).await? => Ok(None),
        Some(user) => Err(Failure::of(&user.id, SocialRefusal::AccountExists)),
    }
}

async fn is_linked(core: &Core, visitor: Visitor<'_>) -> Result<bool, DbError> {
    let who = identity(visitor.provider, visitor.profile);
    Ok(social_accounts::find(&core.db, who).await?.is_some())
}

/// The user that somebody is linked to, whatever the provider calls them today.
async fn known(
    core: &Core,
    visitor: Visitor<'_>,
    row: SocialAccountRow,
) -> Result<Option<Arrival>, Failure> {
    let proven = prove(core, &row.user).await?;
    let Some(mut proven) = proven.filter(|proven| !proven.user.is_disabled()) else {
        return Err(Failure::disabled(&row.user));
    };
    proven.by = Evidence::SocialAccount(row.id);
    let (from, grant) = ((Via::Social, visitor.client), visitor.grant());
    match admit(core, visitor.session, &proven, from, grant).await {
        Ok(Admission::In(_)) => Ok(Some(Arrival::In {
            user: Box::new(proven.user),
            is_new: false,
        })),
        Ok(Admission::Challenged(_)) => Ok(Some(Arrival::Challenged)),
        // Unlinked, or changed in another way, since it was read.
        Err(Error::WrongCredentials) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether somebody whose address nobody vouches for may make an account by it.
fn unproved_may_enrol(core: &Core) -> Result<()> {
    match core.config.registration.mode {
        RegistrationMode::Open => Ok(()),
        RegistrationMode::VerifyFirst => Err(SocialRefusal::EmailUnverified.into()),
        RegistrationMode::Closed => Err(Forbidden::RegistrationClosed.into()),
    }
}

/// A provider vouches for the address, and whoever holds the account never proved it.
fn can_be_reclaimed(profile: &Profile, user: &User) -> bool {
    profile.is_email_verified && !user.has_verified_email() && !user.is_disabled()
}

/// Makes a user without a password, links them, and lets them in: all of it, or nothing.
async fn newcomer(
    core: &Core,
    visitor: Visitor<'_>,
    email: &str,
) -> Result<Option<Arrival>, Failure> {
    if core.config.registration.mode == RegistrationMode::Closed {
        return Err(Error::from(Forbidden::RegistrationClosed).into());
    }
    let (now, client) = (core.clock.now(), visitor.client);
    let mut new = NewUser::new(name_of(visitor.profile, email), email);
    new.role = core.config.users.default_role.clone();
    new.email_verified_at = visitor.profile.is_email_verified.then_some(now);
    let mut tx = core.db.begin().await?;
    let user = match create(core, &mut tx, new).await {
        Ok(user) => user,
        // Taken a moment ago, perhaps by another request of the same person.
        Err(Error::Invalid(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(linked) = link_in(core, &mut tx, visitor, &user).await? else {
        return Ok(None);
    };
    let mut events = vec![Event::Registered {
        user: user.id.clone(),
        address: client.address,
    }];
    if user.has_verified_email() {
        let user = user.id.clone();
        events.push(Event::EmailVerified { user });
        // Others that ask for this address have come too late.
        links::delete_of_address(&mut tx, email, Purpose::Registration).await?;
    } else {
        verification::mail(core, &mut tx, &user).await?;
    }
    events.push(linked);
    let_in(core, tx, visitor, &user, events).await?;
    let user = Box::new(user);
    Ok(Some(Arrival::In { user, is_new: true }))
}

/// Links a visitor to a user, and tells what happened; `None` when they are linked meanwhile.
pub(super) async fn link_in(
    core: &Core,
    tx: &mut Tx,
    visitor: Visitor<'_>,
    user: &User,
) -> Result<Option<Event>> {
    let Visitor {
        provider, profile, ..
    } = visitor;
    let who = identity(provider, profile);
    match social_accounts::insert(tx, &user.id, who, told(profile), core.clock.now()).await {
        Ok(_) => {}
        Err(DbError::Taken) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    Ok(Some(Event::SocialLinked {
        user: user.id.clone(),
        provider: provider.name().to_owned(),
    }))
}

/// Opens a session as the last act of a transaction that made it certain who it is.
pub(super) async fn let_in(
    core: &Core,
    mut tx: Tx,
    visitor: Visitor<'_>,
    user: &User,
    mut events: Vec<Event>,
) -> Result<()> {
    let (session, from) = (visitor.session, (Via::Social, visitor.client));
    let given = give(core, &mut tx, session, user, from, visitor.grant()).await?;
    events.push(given.event(user, from));
    audit::conclude(core, tx, By::Client(visitor.client), &events).await?;
    core.freshness.changed(&user.id);
    given.take_effect(core, session, (&user.id, visitor.client));
    Ok(())
}

impl Visitor<'_> {
    fn grant(&self) -> Grant {
        Grant::Session {
            remember: self.remember,
        }
    }
}

/// Address and name as a link keeps them, for its user to know it by.
pub(super) fn told(profile: &Profile) -> (Option<&str>, Option<&str>) {
    let short = |text: &&str| text.chars().count() <= LINE;
    (
        profile.email.as_deref(),
        profile.name.as_deref().filter(short),
    )
}

/// What a user is called: as the provider says, or as the address does.
pub(super) fn name_of(profile: &Profile, email: &str) -> String {
    let name = profile.name.as_deref().unwrap_or_default();
    let readable: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(LINE)
        .collect();
    match readable.trim() {
        "" => email.split('@').next().unwrap_or_default().to_owned(),
        name => name.to_owned(),
    }
}
