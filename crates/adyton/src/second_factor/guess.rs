//! Checking what somebody sends to prove the second factor.
//!
//! Guesses are counted by account, in the database, and before they are looked at: neither a new
//! challenge nor another process nor twenty requests at once make room for more.

use super::codes::{self, FoundCode};
use super::sealed::secret_of;
use crate::audit::{self, By};
use crate::clock::{earlier, later};
use crate::core::Core;
use crate::crypto::secret::Secret;
use crate::crypto::totp::{self, STEP_SECONDS};
use crate::db::Tx;
use crate::error::{Error, Result, Throttled};
use crate::event::Event;
use crate::notices;
use crate::store::{Client, security};
use crate::throttle::{By as CountedBy, Key, Window};
use crate::user::User;
use crate::validate::{CodeRefusal, Invalid, Rule};
use crate::wire::NoticeKind;

/// Steps of 30 seconds by which a clock may be wrong and its code still be explained: 10 minutes.
pub(super) const EXPLAINED_DRIFT: u8 = 20;

/// How often a user is told of wrong codes after the right password.
const TOLD: Window = Window {
    max: 1,
    length: std::time::Duration::from_secs(60 * 60),
};

/// What somebody sends to prove the second factor: either, or both, of which one will do.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Six digits from the app.
    pub code: Option<Secret<String>>,
    pub recovery_code: Option<Secret<String>>,
}

/// When a second factor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// After the first factor: a wrong answer may mean that somebody else knows the password.
    Login,
    /// Of somebody who is logged in.
    Confirmation,
}

/// What was right, and is still to be [spent](spend).
#[derive(Debug)]
pub(crate) struct Proof(Kind);

#[derive(Debug)]
enum Kind {
    /// The code of this step.
    Step(i64),
    Recovery(FoundCode),
}

impl Proof {
    /// A word for the log: `code` or `recovery_code`.
    pub(crate) fn by(&self) -> &'static str {
        match &self.0 {
            Kind::Step(_) => "code",
            Kind::Recovery(_) => "recovery_code",
        }
    }
}

/// Makes room for one guess. It is not given back: only a right answer forgets the guesses.
///
/// # Errors
/// [`Error::Throttled`] when the account's window is full.
pub(crate) async fn reserve(core: &Core, user: &User) -> Result<()> {
    let (tries, now) = (core.config.two_factor.tries, core.clock.now());
    // A user of an adopted table may have no row yet.
    security::epoch(&core.db, &user.id).await?;
    let (begun, end) = (earlier(now, tries.window), later(now, tries.window));
    let window = (i64::from(tries.max), begun, end);
    if security::reserve_guess(&core.db, &user.id, window, now).await? {
        return Ok(());
    }
    let guesses = security::guesses(&core.db, &user.id).await?;
    let since = chrono::DateTime::from_timestamp(guesses.since, 0).unwrap_or(now);
    let ends = later(since, tries.window);
    let wait = (ends - now).to_std().unwrap_or_default();
    Err(Error::Throttled(Throttled::new(
        "two_factor",
        tries.max,
        wait,
        ends,
    )))
}

/// Looks whether an answer is right, as Fortify does: a recovery code that is there first, else the
/// app's code. Who calls has [reserved](reserve) a guess.
///
/// # Errors
/// [`Error::Invalid`] when it is not; then it is counted, recorded and, where it followed the right
/// password, told to the user.
pub(crate) async fn examine(
    core: &Core,
    user: &User,
    answer: &Answer,
    asked: (Occasion, &Client),
) -> Result<Proof> {
    if let Some(typed) = &answer.recovery_code
        && let Some(found) = codes::find(core, user, typed).await?
    {
        return Ok(Proof(Kind::Recovery(found)));
    }
    match step_of(core, user, answer.code.as_ref()).await? {
        Ok(step) => Ok(Proof(Kind::Step(step))),
        Err(why) => Err(refuse(core, user, answer, why, asked).await?),
    }
}

/// The step that a code belongs to, if it can be used now.
async fn step_of(
    core: &Core,
    user: &User,
    code: Option<&Secret<String>>,
) -> Result<Result<i64, CodeRefusal>> {
    let Some(code) = code else {
        return Ok(Err(CodeRefusal::Wrong));
    };
    let guesses = security::guesses(&core.db, &user.id).await?;
    if guesses.failures >= i64::from(core.config.two_factor.max_failures) {
        return Ok(Err(CodeRefusal::Locked));
    }
    let Some(secret) = secret_of(core, user)? else {
        return Ok(Err(CodeRefusal::Wrong));
    };
    let now = core.clock.now().timestamp();
    let window = u8::try_from(core.config.two_factor.window).unwrap_or(u8::MAX);
    let Some(step) = totp::check(&secret, code.expose(), now, window) else {
        let drift = totp::drift(&secret, code.expose(), now, EXPLAINED_DRIFT);
        let seconds = drift.map(|steps| steps * STEP_SECONDS as i64);
        return Ok(Err(seconds.map_or(CodeRefusal::Wrong, CodeRefusal::Drifted)));
    };
    let (step, last) = (step as i64, security::last_step(&core.db, &user.id).await?);
    if last > step_at(now) + i64::from(window) {
        tracing::warn!(user = %user.id, "a code was used for a time that is still to come: the clock was set back");
    }
    Ok(match step > last {
        true => Ok(step),
        false => Err(CodeRefusal::Replayed),
    })
}

fn step_at(now: i64) -> i64 {
    now / STEP_SECONDS as i64
}

/// Takes what was right, in the transaction of what it opens, which holds the user's epoch, and
/// tells what there is to record of it. `None` when another request took it first, or spent another recovery code meanwhile: then nothing of
/// the transaction may be kept, and it is to be examined again.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn spend(
    core: &Core,
    tx: &mut Tx,
    user: &User,
    proof: &Proof,
    client: &Client,
) -> Result<Option<Vec<Event>>> {
    let found = match &proof.0 {
        Kind::Step(step) => {
            if !security::take_step(tx, &user.id, *step).await? {
                return Ok(None);
            }
            security::forget_guesses(tx, &user.id).await?;
            return Ok(Some(Vec::new()));
        }
        Kind::Recovery(found) => found,
    };
    security::forget_guesses(tx, &user.id).await?;
    if !core.users.update(&user.id, found.spend(), tx).await? {
        return Ok(None);
    }
    let left = u64::try_from(found.left).unwrap_or(u64::MAX);
    let used = NoticeKind::RecoveryCodeUsed { left };
    notices::tell(core, tx, user, used, By::Client(client)).await?;
    Ok(Some(vec![Event::RecoveryCodeUsed {
        user: user.id.clone(),
        left: found.left,
        address: client.address,
    }]))
}

/// Counts and records a wrong answer, and gives the error that says so.
///
/// A drift is only told for a code that cannot be used any more: one of the past, or one that is
/// burned here. Else a guesser would be told when to come back with it.
///
/// # Errors
/// When the database refuses.
async fn refuse(
    core: &Core,
    user: &User,
    answer: &Answer,
    mut why: CodeRefusal,
    (occasion, client): (Occasion, &Client),
) -> Result<Error> {
    let by = By::Client(client);
    let mut tx = core.db.begin().await?;
    let failures = security::count_failure(&mut tx, &user.id).await?;
    if let CodeRefusal::Drifted(seconds) = why
        && seconds > 0
        && !burn(core, &mut tx, user, seconds).await?
    {
        why = CodeRefusal::Wrong;
    }
    let is_locked_now = failures == i64::from(core.config.two_factor.max_failures);
    let told = match occasion {
        _ if is_locked_now => Some(NoticeKind::TwoFactorLocked),
        Occasion::Login if is_to_be_told(core, user) => Some(NoticeKind::TwoFactorFailed),
        _ => None,
    };
    if let Some(told) = told {
        notices::tell(core, &mut tx, user, told, by).await?;
    }
    let failed = Event::TwoFactorFailed {
        user: user.id.clone(),
        why: word(why),
        address: client.address,
    };
    audit::conclude(core, tx, by, &[failed]).await?;
    Ok(refusal(answer, why))
}

async fn burn(core: &Core, tx: &mut Tx, user: &User, seconds: i64) -> Result<bool> {
    let now = core.clock.now().timestamp();
    let oldest = step_at(now) - i64::from(core.config.two_factor.window);
    let step = step_at(now + seconds);
    Ok(security::burn_step(tx, &user.id, (step, oldest)).await?)
}

/// Once an hour, counted as all limits are.
fn is_to_be_told(core: &Core, user: &User) -> bool {
    let key = Key::new("two_factor_failed", CountedBy::User(user.id.to_string()));
    core.throttle.hit(&key, TOLD, core.clock.now()).is_ok()
}

fn word(why: CodeRefusal) -> &'static str {
    match why {
        CodeRefusal::Wrong => "wrong",
        CodeRefusal::Replayed => "replayed",
        CodeRefusal::Drifted(_) => "drifted",
        CodeRefusal::Locked => "locked",
    }
}

/// What Fortify says: of the recovery code where one was sent, else of the code.
pub(crate) fn refusal(answer: &Answer, why: CodeRefusal) -> Error {
    match answer.recovery_code {
        Some(_) => Invalid::field("recovery_code", Rule::RecoveryCode).into(),
        None => Invalid::field("code", Rule::TwoFactorCode(why)).into(),
    }
}
