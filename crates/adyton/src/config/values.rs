//! The small types that settings are made of.

use std::fmt;
use std::time::Duration;

use super::duration;
use super::words::Choice;

/// At most `max` in any `window`; written `5/1m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// How many.
    pub max: u32,
    /// In how long.
    pub window: Duration,
}

impl Limit {
    /// At most `max` in any `window`.
    pub const fn new(max: u32, window: Duration) -> Self {
        Self { max, window }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (max, window) = text.split_once('/')?;
        let limit = Self::new(max.trim().parse().ok()?, duration::parse(window)?);
        (limit.max > 0 && !limit.window.is_zero()).then_some(limit)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.max, duration::shown(self.window))
    }
}

/// The language of our sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl Choice for Locale {
    const ALL: &[(&str, Self)] = &[("en", Self::En), ("es", Self::Es)];
}

/// What a user's id is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A number that counts up, as Laravel's `id()` makes it.
    #[default]
    Integer,
    /// A text, for instance a UUID or a ULID.
    Text,
}

impl Choice for IdKind {
    const ALL: &[(&str, Self)] = &[("integer", Self::Integer), ("text", Self::Text)];
}

/// What a user's further field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// A text.
    #[default]
    Text,
    /// A whole number.
    Integer,
    /// Yes or no.
    Boolean,
}

impl Choice for FieldKind {
    const ALL: &[(&str, Self)] = &[
        ("text", Self::Text),
        ("integer", Self::Integer),
        ("boolean", Self::Boolean),
    ];
}

/// Who may register, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RegistrationMode {
    /// Anybody, by a link that is mailed: no answer tells who has an account.
    #[default]
    VerifyFirst,
    /// Anybody, and at once: a taken address is told.
    Open,
    /// Nobody: users are made on the command line.
    Closed,
}

impl Choice for RegistrationMode {
    const ALL: &[(&str, Self)] = &[
        ("verify_first", Self::VerifyFirst),
        ("open", Self::Open),
        ("closed", Self::Closed),
    ];
}

/// What a provider speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SocialKind {
    /// OpenID Connect, with discovery.
    #[default]
    Oidc,
    /// OAuth 2 and Facebook's Graph.
    Facebook,
    /// OAuth 2 and the X, once Twitter, API.
    X,
    /// OAuth 2 and GitHub's API.
    Github,
}

impl Choice for SocialKind {
    const ALL: &[(&str, Self)] = &[
        ("oidc", Self::Oidc),
        ("facebook", Self::Facebook),
        ("x", Self::X),
        ("github", Self::Github),
    ];
}

/// Where a new password is looked up among those that leaked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BreachCheck {
    /// Nowhere.
    #[default]
    Off,
    /// In a file on this machine.
    File,
    /// At a service, which is sent five of the forty digits of the password's hash.
    Service,
}

impl Choice for BreachCheck {
    const ALL: &[(&str, Self)] = &[
        ("off", Self::Off),
        ("file", Self::File),
        ("service", Self::Service),
    ];
}

/// When a browser sends our cookies along from another site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// When the user follows a link to us.
    #[default]
    Lax,
    /// Never.
    Strict,
}

impl Choice for SameSite {
    const ALL: &[(&str, Self)] = &[("lax", Self::Lax), ("strict", Self::Strict)];
}

/// What shows that a request was not forged by another site.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CsrfMode {
    /// The session's token, always.
    #[default]
    Token,
    /// As Laravel 13: `Sec-Fetch-Site: same-origin` is enough, else the session's token.
    Laravel13,
}

impl Choice for CsrfMode {
    const ALL: &[(&str, Self)] = &[("token", Self::Token), ("laravel13", Self::Laravel13)];
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl Choice for LogFormat {
    const ALL: &[(&str, Self)] = &[("text", Self::Text), ("json", Self::Json)];
}

/// The least important line that is still written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What may fail soon.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// What was decided, and why.
    Debug,
    /// Everything.
    Trace,
}

impl LogLevel {
    /// The word, as in the settings and as loggers take it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

impl Choice for LogLevel {
    const ALL: &[(&str, Self)] = &[
        ("error", Self::Error),
        ("warn", Self::Warn),
        ("info", Self::Info),
        ("debug", Self::Debug),
        ("trace", Self::Trace),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_reads_back_what_it_shows() {
        for text in ["5/1m", "120/1h", "10/15m", "1/500ms"] {
            assert_eq!(
                Limit::parse(text).map(|limit| limit.to_string()).as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn a_limit_that_allows_nothing_or_lasts_no_time_is_refused() {
        for text in [
            "0/1m", "5/0", "5", "5/", "/1m", "-1/1m", "5/1m/2", "many/1m", "",
        ] {
            assert_eq!(Limit::parse(text), None, "{text}");
        }
    }
}
