//! By way of a provider and back: to get in, to link somebody there to a user, or to prove once more
//! who one is.
//!
//! What was begun is sealed in a cookie of the browser that began it, and good once. Who somebody
//! is, is the provider's name, its issuer and its subject; never an address, which may change hands.

mod entry;
mod link;
mod reclaim;

use serde::{Deserialize, Serialize};

pub(crate) use self::link::unlink;
use crate::audit::{self, By};
use crate::core::Core;
use crate::crypto::secret::{Secret, equal};
use crate::db::DbError;
use crate::error::{Error, Forbidden, Result, SocialRefusal, Unauthenticated};
use crate::event::Event;
use crate::flow;
use crate::mailed_link;
use crate::session::{CookieChange, Kept, Session};
use crate::social::{Answer, Pending, Profile, Provider};
use crate::store::Client;
use crate::store::social_accounts::Identity;
use crate::user::{User, UserId};

/// What is sealed for this way in, and opens nowhere else.
const WAY: &str = "social";

/// The route that providers send browsers back to.
const CALLBACK: (&str, &str) = ("social.callback", "/auth/{provider}/callback");

/// What a way to a provider is for. It is decided where it begins, and no request changes it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// Somebody is to get in.
    Login {
        /// Whether their browser is to be remembered.
        remember: bool,
    },
    /// Somebody there is to be linked to this user.
    Link(UserId),
    /// This user is to prove once more who they are.
    Confirm(UserId),
}

/// What a browser carries on its way. Without `Debug`: all of it is secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct Flow {
    provider: String,
    purpose: Purpose,
    pending: Pending,
    return_to: Option<String>,
}

impl Flow {
    /// Whether it goes on only in the session of whoever began.
    pub(crate) fn needs_session(&self) -> bool {
        !matches!(self.purpose, Purpose::Login { .. })
    }

    /// Where the browser is to be sent at the end, if whoever began said so.
    pub(crate) fn return_to(&self) -> Option<&str> {
        self.return_to.as_deref()
    }
}

/// What came back with a browser.
#[derive(Debug)]
pub(crate) struct Returned {
    pub state: String,
    pub code: Option<Secret<String>>,
    /// The provider's own word for why not.
    pub error: Option<String>,
    /// Who answers, where the provider says so (RFC 9207).
    pub issuer: Option<String>,
}

/// A user who is logged in, in this session by its stored id.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub user: &'a User,
    pub session_id: &'a str,
}

/// Where a way ended.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// They are in.
    In {
        /// Who.
        user: Box<User>,
        /// Whether the account was made just now.
        is_new: bool,
    },
    /// The browser is asked for the second factor.
    Challenged,
    /// A user who was logged in has linked somebody, or proved who they are.
    Back,
}

/// Why nobody arrived, and whose account it would have been.
struct Failure {
    error: Error,
    /// What the security log keeps, which may know more than the answer tells.
    code: &'static str,
    user: Option<UserId>,
}

impl Failure {
    fn of(user: &UserId, error: impl Into<Error>) -> Self {
        let user = Some(user.clone());
        Self {
            user,
            ..error.into().into()
        }
    }

    /// A disabled user is refused as if the provider had failed: the answer tells nothing.
    fn disabled(user: &UserId) -> Self {
        let why = "user_disabled".to_owned();
        Self {
            code: Unauthenticated::UserDisabled.code(),
            ..Self::of(user, SocialRefusal::ProviderFailed { why })
        }
    }

    /// Faults are for the log of faults; what was refused is for the security log.
    fn is_refusal(&self) -> bool {
        matches!(
            self.error,
            Error::Social(_) | Error::Forbidden(Forbidden::RegistrationClosed)
        )
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            code: error.code(),
            error,
            user: None,
        }
    }
}

impl From<SocialRefusal> for Failure {
    fn from(why: SocialRefusal) -> Self {
        Error::from(why).into()
    }
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Error::from(error).into()
    }
}

/// Begins a way to a provider, and tells the address that the browser goes on to.
///
/// # Errors
/// [`SocialRefusal::ProviderFailed`] when the provider cannot be asked how.
pub(crate) async fn begin(
    core: &Core,
    session: &Session,
    provider: &Provider,
    purpose: Purpose,
    return_to: Option<String>,
) -> Result<String> {
    let anew = matches!(purpose, Purpose::Confirm(_));
    let back = redirect_uri(core, provider);
    let (url, pending) = provider.begin(&back, anew, &core.clock).await?;
    let flow = Flow {
        provider: provider.name().to_owned(),
        purpose,
        pending,
        return_to,
    };
    let sealed = flow::seal(core, WAY, flow);
    session.change(Kept::SocialFlow, CookieChange::Set(sealed));
    Ok(url)
}

/// Begins to prove once more who a user is, by a provider that they are linked with.
///
/// # Errors
/// [`Forbidden::PasswordRequired`] of a user who has a password; [`Error::NotFound`] where nobody at
/// this provider is linked to them; [`SocialRefusal::ProviderFailed`] as [`begin`].
pub(crate) async fn begin_confirmation(
    core: &Core,
    session: &Session,
    provider: &Provider,
    user: &User,
    return_to: Option<String>,
) -> Result<String> {
    if user.has_password() {
        return Err(Forbidden::PasswordRequired.into());
    }
    if !link::is_linked(core, &user.id, provider).await? {
        return Err(Error::NotFound);
    }
    let purpose = Purpose::Confirm(user.id.clone());
    begin(core, session, provider, purpose, return_to).await
}

/// Where a provider sends browsers back to. No header of a request is in it: an answer that goes
/// elsewhere hands its code to whoever is there.
pub(crate) fn redirect_uri(core: &Core, provider: &Provider) -> String {
    let own = mailed_link::path(core, CALLBACK.0, CALLBACK.1);
    mailed_link::address(core, None, &own, &[("provider", provider.name())])
}

/// Takes what was begun in this browser: whatever comes of it, it cannot be taken again.
///
/// # Errors
/// [`SocialRefusal::StateInvalid`] when nothing was, too long ago, or it was taken before.
pub(crate) async fn take(core: &Core, session: &Session, cookie: Option<&str>) -> Result<Flow> {
    session.change(Kept::SocialFlow, CookieChange::Expire);
    let flow = flow::take(core, WAY, cookie).await?;
    Ok(flow.ok_or(SocialRefusal::StateInvalid)?)
}

/// Goes on with what was begun. `asker` is who is logged in, where [`Flow::needs_session`]. What is
/// refused is recorded: a flow was taken for it, so that strangers cannot fill the log at will.
///
/// # Errors
/// [`Error::Social`] and [`Forbidden::RegistrationClosed`].
pub(crate) async fn arrive(
    core: &Core,
    session: &Session,
    (provider, flow, returned): (&Provider, Flow, Returned),
    asker: Option<Asker<'_>>,
    client: &Client,
) -> Result<Arrival> {
    let began = match &flow.purpose {
        Purpose::Login { .. } => None,
        Purpose::Link(user) | Purpose::Confirm(user) => Some(user.clone()),
    };
    let came_from = flow.provider.clone();
    match go_on(core, session, (provider, flow, returned), asker, client).await {
        Ok(arrival) => Ok(arrival),
        Err(failure) if failure.is_refusal() => {
            let failed = Event::SocialFailed {
                user: failure.user.or(began),
                provider: came_from,
                code: failure.code,
                address: client.address,
            };
            audit::record(core, By::Client(client), failed).await?;
            Err(failure.error)
        }
        Err(failure) => Err(failure.error),
    }
}

async fn go_on(
    core: &Core,
    session: &Session,
    (provider, flow, returned): (&Provider, Flow, Returned),
    asker: Option<Asker<'_>>,
    client: &Client,
) -> Result<Arrival, Failure> {
    let answer = answer(provider, &flow, returned)?;
    // Before the provider is asked: what was begun in a session ends with it.
    let own = |user: &UserId| asker.filter(|asker| asker.user.id == *user);
    let own = |user| own(user).ok_or(SocialRefusal::UserChanged);
    let asker = match &flow.purpose {
        Purpose::Login { .. } => None,
        Purpose::Link(user) | Purpose::Confirm(user) => Some(own(user)?),
    };
    let back = redirect_uri(core, provider);
    let profile = provider
        .finish(&flow.pending, &answer, &back, &core.clock)
        .await?;
    let met = (provider, &profile);
    match (&flow.purpose, asker) {
        (Purpose::Link(_), Some(asker)) => link::link(core, met, asker, client).await,
        (Purpose::Confirm(_), Some(asker)) => {
            let asks_time = flow.pending.nonce.is_some();
            link::confirm(core, session, (met.0, met.1, asks_time), asker, client).await
        }
        (Purpose::Login { remember }, _) => {
            entry::enter(core, session, met, *remember, client).await
        }
        (_, None) => Err(SocialRefusal::UserChanged.into()),
    }
}

/// What the provider is asked with: the answer belongs to what was begun in this browser, with this
/// provider, and the provider did not say no.
fn answer(provider: &Provider, flow: &Flow, returned: Returned) -> Result<Answer, SocialRefusal> {
    let is_same = flow.provider == provider.name()
        && equal(returned.state.as_bytes(), flow.pending.state.as_bytes());
    if !is_same {
        return Err(SocialRefusal::StateInvalid);
    }
    if let Some(error) = returned.error {
        return Err(SocialRefusal::Denied { error });
    }
    let code = returned.code.ok_or_else(|| SocialRefusal::ProviderFailed {
        why: "code_missing".to_owned(),
    })?;
    Ok(Answer {
        code,
        issuer: returned.issuer,
    })
}

/// Who it is at a provider.
fn identity<'a>(provider: &'a Provider, profile: &'a Profile) -> Identity<'a> {
    Identity {
        provider: provider.name(),
        issuer: &profile.issuer,
        subject: &profile.subject,
    }
}
