//! What was sent against what is asked: facts by field, no words.

mod refusal;

use chrono::{DateTime, Utc};

pub use self::refusal::Refusal;

/// A rule that a value breaks, with its bound. The names are Laravel's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Missing, null or empty.
    Required,
    /// Not a text.
    String,
    /// Not a whole number.
    Integer,
    /// Not yes or no: `true`, `false`, `1`, `0`, `"1"`, `"0"` and, as Fortify's clients send
    /// it, `"on"`, `"off"`, `"yes"`, `"no"`, `"true"`, `"false"`.
    Boolean,
    /// Not a list.
    Array,
    /// Not an e-mail address that we can deliver to.
    Email,
    /// Longer than so many characters.
    Max(usize),
    /// Shorter than so many characters.
    Min(usize),
    /// A number greater than this.
    MaxNumber(i64),
    /// A number smaller than this.
    MinNumber(i64),
    /// A list with more entries than this.
    MaxItems(usize),
    /// The repetition differs.
    Confirmed,
    /// Somebody has it already.
    Unique,
    /// Not one of those that are allowed.
    In,
    /// Not a date, or one that has passed.
    FutureDate,
    /// A date at or after this one.
    Before(DateTime<Utc>),
    /// An ability that no HTTP request can be given: it is made on the server's command line.
    Reserved(String),
    /// An ability that is not offered.
    NotGrantable(String),
    /// It stands twice in a form.
    Duplicate,
    /// Not the password of whoever is logged in, where a change asks for it.
    CurrentPassword,
    /// Not the password of whoever is to prove once more who they are.
    PasswordWrong,
    /// Not the password, where an account or its sessions are to end.
    PasswordIncorrect,
    /// Not a code of the second factor that can be used now.
    TwoFactorCode(CodeRefusal),
    /// Not one of the recovery codes that are left.
    RecoveryCode,
    /// Not a token that resets this address's password.
    ResetToken,
    /// A passkey's answer that is not taken.
    Passkey(PasskeyRefusal),
    /// A password that many people use.
    Common,
    /// A password made of what is known of the user or the product.
    Context,
    /// A password that leaked somewhere.
    Breached,
    /// What the host asks besides.
    Own(Refusal),
}

/// Why a code of the second factor was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeRefusal {
    /// It is not the code of any moment near now, or nobody is being asked for one.
    Wrong,
    /// It was used already.
    Replayed,
    /// It is the code of another moment: the clock that made it is so many seconds ahead.
    Drifted(i64),
    /// Too many wrong ones in a row: only a recovery code helps.
    Locked,
}

/// Why what a passkey's ceremony brought was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasskeyRefusal {
    /// It is not what a browser makes of a credential.
    Format,
    /// Nothing was asked of this browser, or it was answered already, or too late.
    LoginExpired,
    /// The same, where a passkey was to be added.
    RegistrationExpired,
    /// It does not prove what it should.
    NotVerified,
    /// No passkey can be made of it.
    NotRegistered,
    /// Nobody who may get in has this passkey.
    Unknown,
    /// Somebody has this passkey already.
    Taken,
    /// The user has as many as they may have, which is so many.
    TooMany(usize),
}

impl PasskeyRefusal {
    /// A stable name.
    pub fn code(self) -> &'static str {
        match self {
            PasskeyRefusal::Format => "PASSKEY_FORMAT_INVALID",
            PasskeyRefusal::LoginExpired | PasskeyRefusal::RegistrationExpired => {
                "PASSKEY_SESSION_EXPIRED"
            }
            PasskeyRefusal::NotVerified => "PASSKEY_NOT_VERIFIED",
            PasskeyRefusal::NotRegistered => "PASSKEY_NOT_REGISTERED",
            PasskeyRefusal::Unknown => "PASSKEY_UNKNOWN",
            PasskeyRefusal::Taken => "PASSKEY_TAKEN",
            PasskeyRefusal::TooMany(_) => "PASSKEY_LIMIT_REACHED",
        }
    }
}

impl From<PasskeyRefusal> for Invalid {
    /// On the field that Fortify has it on.
    fn from(why: PasskeyRefusal) -> Self {
        Invalid::field("credential", Rule::Passkey(why))
    }
}

impl Rule {
    /// A stable name, where one rule has its own.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Rule::TwoFactorCode(CodeRefusal::Wrong) => Some("TWO_FACTOR_CODE_WRONG"),
            Rule::TwoFactorCode(CodeRefusal::Replayed) => Some("TWO_FACTOR_CODE_REPLAYED"),
            Rule::TwoFactorCode(CodeRefusal::Drifted(_)) => Some("TWO_FACTOR_CODE_DRIFTED"),
            Rule::TwoFactorCode(CodeRefusal::Locked) => Some("TWO_FACTOR_LOCKED"),
            Rule::RecoveryCode => Some("RECOVERY_CODE_WRONG"),
            Rule::Passkey(why) => Some(why.code()),
            Rule::ResetToken => Some("RESET_TOKEN_INVALID"),
            Rule::Own(refusal) => Some(refusal.code),
            Rule::CurrentPassword | Rule::PasswordWrong | Rule::PasswordIncorrect => {
                Some("PASSWORD_WRONG")
            }
            _ => None,
        }
    }
}

/// The rules that were broken, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    problems: Vec<(String, Rule)>,
}

impl Invalid {
    /// Nothing broken yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// One field, one rule.
    pub fn field(name: impl Into<String>, rule: Rule) -> Self {
        Self {
            problems: vec![(name.into(), rule)],
        }
    }

    /// Adds a broken rule, if it is not there yet. A repetition that differs is told after all
    /// else that is wrong with its field, as Laravel's rules for a password stand.
    pub fn add(&mut self, name: impl Into<String>, rule: Rule) {
        let problem = (name.into(), rule);
        if self.problems.contains(&problem) {
            return;
        }
        let is_repetition =
            |known: &(String, Rule)| known.0 == problem.0 && known.1 == Rule::Confirmed;
        match self.problems.iter().position(is_repetition) {
            Some(at) => self.problems.insert(at, problem),
            None => self.problems.push(problem),
        }
    }

    /// What is broken, in order.
    pub fn problems(&self) -> &[(String, Rule)] {
        &self.problems
    }

    /// The name of the one thing that is wrong, where it has one.
    pub fn code(&self) -> Option<&'static str> {
        match self.problems.as_slice() {
            [(_, rule)] => rule.code(),
            _ => None,
        }
    }

    /// `Err` when anything is broken.
    ///
    /// # Errors
    /// Itself.
    pub fn into_result(self) -> Result<(), Invalid> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }
}
