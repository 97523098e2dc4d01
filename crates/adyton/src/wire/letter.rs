//! What mails say: a letter has facts only, and here it gets its words.

mod page;

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::page::{Page, Part};
use super::Texts;

/// The longest name that others may have chosen, in characters.
const MAX_NAME: usize = 120;

/// A letter to somebody, as facts. It is kept in the outbox until it is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Letter {
    /// A link that leads to a new password.
    ResetPassword { link: String, minutes: u64 },
    /// A code with which a password is looked at.
    LoginCode { code: String, minutes: u64 },
    /// A link that proves the address of an account.
    VerifyEmail { link: String, minutes: u64 },
    /// A link that makes the account that somebody asked for.
    ConfirmRegistration { link: String, hours: u64 },
    /// Somebody tried to register with the address of an account.
    AlreadyRegistered { reset_link: Option<String> },
    /// A link that proves the address that an account is to have.
    ConfirmNewEmail { link: String, minutes: u64 },
    /// Something happened to an account.
    Notice(Notice),
}

/// Something that happened to an account, for its owner to know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub what: NoticeKind,
    pub at: DateTime<Utc>,
    /// The device in words.
    pub device: Option<String>,
    /// The address that the request came from.
    pub address: Option<String>,
    /// A link for whoever did not do this.
    pub not_me: Option<String>,
    /// A link that takes it back.
    pub undo: Option<String>,
}

impl Notice {
    /// Something that happened at a moment; nothing else is known.
    pub(crate) fn new(what: NoticeKind, at: DateTime<Utc>) -> Self {
        Self {
            what,
            at,
            device: None,
            address: None,
            not_me: None,
            undo: None,
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeKind {
    NewDevice,
    PasswordChanged,
    PasswordReset,
    EmailChangeRequested,
    EmailChanged {
        old: String,
        new: String,
    },
    EmailRestored,
    TwoFactorEnabled,
    TwoFactorDisabled,
    /// The right password, and a wrong second factor.
    TwoFactorFailed,
    TwoFactorLocked,
    RecoveryCodesReplaced,
    RecoveryCodeUsed {
        left: u64,
    },
    TokenCreated {
        name: String,
    },
    ProviderLinked {
        provider: String,
    },
    ProviderUnlinked {
        provider: String,
    },
    PasskeyAdded {
        name: String,
    },
    PasskeyRemoved {
        name: String,
    },
    AccountDeleted,
    Disabled,
}

/// A letter in words.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// A word for the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Letter::ResetPassword { .. } => "reset_password",
            Letter::LoginCode { .. } => "login_code",
            Letter::VerifyEmail { .. } => "verify_email",
            Letter::ConfirmRegistration { .. } => "confirm_registration",
            Letter::AlreadyRegistered { .. } => "already_registered",
            Letter::ConfirmNewEmail { .. } => "confirm_new_email",
            Letter::Notice(notice) => notice.what.name(),
        }
    }

    /// How long it is of use: a link that has ended is not sent any more.
    pub(crate) fn lifetime(&self) -> Option<Duration> {
        let minutes = match self {
            Letter::ResetPassword { minutes, .. }
            | Letter::LoginCode { minutes, .. }
            | Letter::VerifyEmail { minutes, .. }
            | Letter::ConfirmNewEmail { minutes, .. } => *minutes,
            Letter::ConfirmRegistration { hours, .. } => hours.saturating_mul(60),
            Letter::AlreadyRegistered { .. } | Letter::Notice(_) => return None,
        };
        Some(Duration::from_secs(minutes.saturating_mul(60)))
    }

    /// The letter in words.
    pub(crate) fn write(&self, texts: &Texts, app: &str) -> Written {
        let pen = Pen { texts, app };
        let page = match self {
            Letter::ResetPassword { link, minutes } => {
                pen.link("reset", link, pen.minutes(*minutes))
            }
            Letter::LoginCode { code, minutes } => pen.login_code(code, pen.minutes(*minutes)),
            Letter::VerifyEmail { link, minutes } => {
                pen.link("verify", link, pen.minutes(*minutes))
            }
            Letter::ConfirmRegistration { link, hours } => {
                pen.link("registration", link, pen.count("hours", *hours))
            }
            Letter::ConfirmNewEmail { link, minutes } => {
                pen.link("new_email", link, pen.minutes(*minutes))
            }
            Letter::AlreadyRegistered { reset_link } => {
                pen.already_registered(reset_link.as_deref())
            }
            Letter::Notice(notice) => pen.notice(notice),
        };
        page.written(
            texts.language(),
            &pen.say("footer", &[]),
            &pen.say("open_link", &[]),
        )
    }
}

/// Neither links nor codes: they are as good as a password.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({})", self.name())
    }
}

impl NoticeKind {
    /// The word for the log, and what its sentences' keys begin with.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            NoticeKind::NewDevice => "new_device",
            NoticeKind::PasswordChanged => "password_changed",
            NoticeKind::PasswordReset => "password_reset",
            NoticeKind::EmailChangeRequested => "email_change_requested",
            NoticeKind::EmailChanged { .. } => "email_changed",
            NoticeKind::EmailRestored => "email_restored",
            NoticeKind::TwoFactorEnabled => "two_factor_enabled",
            NoticeKind::TwoFactorDisabled => "two_factor_disabled",
            NoticeKind::TwoFactorFailed => "two_factor_failed",
            NoticeKind::TwoFactorLocked => "two_factor_locked",
            NoticeKind::RecoveryCodesReplaced => "recovery_codes_replaced",
            NoticeKind::RecoveryCodeUsed { .. } => "recovery_code_used",
            NoticeKind::TokenCreated { .. } => "token_created",
            NoticeKind::ProviderLinked { .. } => "provider_linked",
            NoticeKind::ProviderUnlinked { .. } => "provider_unlinked",
            NoticeKind::PasskeyAdded { .. } => "passkey_added",
            NoticeKind::PasskeyRemoved { .. } => "passkey_removed",
            NoticeKind::AccountDeleted => "account_deleted",
            NoticeKind::Disabled => "disabled",
        }
    }

    /// Whether there is no account left that its owner could secure.
    fn is_the_end(&self) -> bool {
        matches!(self, NoticeKind::AccountDeleted | NoticeKind::Disabled)
    }
}

/// What writes: a language, and what the product is called.
struct Pen<'a> {
    texts: &'a Texts,
    app: &'a str,
}

impl Pen<'_> {
    fn say(&self, key: &str, params: &[(&str, &str)]) -> String {
        // What others chose last, so that a name with a colon in it stays as it is.
        let all: Vec<_> = [("app", self.app)].iter().chain(params).copied().collect();
        self.texts.say(&format!("mail.{key}"), &all)
    }

    fn words(&self, key: &str, params: &[(&str, &str)]) -> Part {
        Part::Words(self.say(key, params))
    }

    fn minutes(&self, minutes: u64) -> String {
        match minutes.is_multiple_of(60) && minutes > 60 {
            true => self.count("hours", minutes / 60),
            false => self.count("minutes", minutes),
        }
    }

    /// `one hour`, `24 hours`.
    fn count(&self, unit: &str, number: u64) -> String {
        match number {
            1 => self.say(&format!("{unit}_one"), &[]),
            _ => self.say(&format!("{unit}_many"), &[("count", &number.to_string())]),
        }
    }

    /// A letter that is there for its link.
    fn link(&self, key: &str, link: &str, time: String) -> Page {
        Page {
            subject: self.say(&format!("{key}_subject"), &[]),
            parts: vec![
                self.words(&format!("{key}_said"), &[]),
                Part::Button(self.say(&format!("{key}_button"), &[]), link.to_owned()),
                self.words("lasts", &[("time", &time)]),
                self.words(&format!("{key}_otherwise"), &[]),
            ],
        }
    }

    /// A letter that is there for its code.
    fn login_code(&self, code: &str, time: String) -> Page {
        Page {
            subject: self.say("login_code_subject", &[]),
            parts: vec![
                self.words("login_code_said", &[]),
                Part::Code(code.to_owned()),
                self.words("login_code_lasts", &[("time", &time)]),
                self.words("login_code_otherwise", &[]),
            ],
        }
    }

    fn already_registered(&self, reset_link: Option<&str>) -> Page {
        let mut parts = vec![self.words("registered_said", &[])];
        if let Some(link) = reset_link {
            parts.push(self.words("registered_forgotten", &[]));
            parts.push(Part::Button(self.say("reset_button", &[]), link.to_owned()));
        }
        parts.push(self.words("registered_otherwise", &[]));
        let subject = self.say("registered_subject", &[]);
        Page { subject, parts }
    }

    fn notice(&self, notice: &Notice) -> Page {
        let key = notice.what.name();
        let mut parts = vec![Part::Words(self.happened(&notice.what))];
        parts.push(Part::Facts(self.facts(notice)));
        let button = |key: &str, link: &String| Part::Button(self.say(key, &[]), link.clone());
        match (&notice.undo, &notice.not_me) {
            (Some(undo), not_me) => {
                parts.push(self.words("undo_said", &[]));
                parts.push(button("undo_button", undo));
                if let Some(link) = not_me {
                    parts.push(Part::Link(self.say("not_me_too", &[]), link.clone()));
                }
            }
            (None, Some(link)) => {
                parts.push(self.words("not_me_said", &[]));
                parts.push(button("not_me_button", link));
            }
            (None, None) if notice.what.is_the_end() => parts.push(self.words("ask_said", &[])),
            (None, None) => parts.push(self.words("no_link_said", &[])),
        }
        let subject = self.say(&format!("{key}_subject"), &[]);
        Page { subject, parts }
    }

    fn happened(&self, what: &NoticeKind) -> String {
        let key = format!("{}_said", what.name());
        match what {
            NoticeKind::EmailChanged { old, new } => {
                self.say(&key, &[("old", &one_line(old)), ("new", &one_line(new))])
            }
            NoticeKind::TokenCreated { name }
            | NoticeKind::PasskeyAdded { name }
            | NoticeKind::PasskeyRemoved { name } => self.say(&key, &[("name", &one_line(name))]),
            NoticeKind::ProviderLinked { provider } | NoticeKind::ProviderUnlinked { provider } => {
                self.say(&key, &[("provider", &one_line(provider))])
            }
            NoticeKind::RecoveryCodeUsed { left } => {
                let left = match left {
                    0 => self.say("codes_none", &[]),
                    1 => self.say("codes_one", &[]),
                    _ => self.say("codes_many", &[("count", &left.to_string())]),
                };
                format!("{} {left}", self.say(&key, &[]))
            }
            _ => self.say(&key, &[]),
        }
    }

    fn facts(&self, notice: &Notice) -> Vec<(String, String)> {
        let at = notice.at.format("%Y-%m-%d %H:%M UTC").to_string();
        let mut facts = vec![(self.say("fact_when", &[]), at)];
        let others = [
            ("fact_device", &notice.device),
            ("fact_address", &notice.address),
        ];
        for (key, value) in others {
            let value = value.as_deref().map(one_line);
            facts.extend(value.map(|value| (self.say(key, &[]), value)));
        }
        facts
    }
}

/// What others chose, in one short line that shows what it says: no line breaks, and nothing that
/// turns the direction of writing.
fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let text: String = text.chars().filter(|c| !turns(*c)).collect();
    let words: Vec<&str> = text
        .split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let line = words.join(" ");
    match line.char_indices().nth(MAX_NAME) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests;
