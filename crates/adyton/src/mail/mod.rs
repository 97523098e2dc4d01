//! A mail as a value, and the trait by which it leaves: SMTP, a mailbox for development, or what a
//! host brings.

mod dev;
mod post;
mod smtp;

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use dev::DevMailbox;
pub(crate) use dev::KeptMail;
pub(crate) use post::Post;
pub(crate) use smtp::Smtp;

/// A mail to one person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mail {
    /// The one address that it goes to, in canonical form.
    pub to: String,
    /// The subject, in one line.
    pub subject: String,
    /// All of it as plain text.
    pub text: String,
    /// All of it as an HTML page.
    pub html: String,
    /// Without angle brackets. A mail that is sent twice, because nobody could tell whether it had
    /// arrived, has the same both times.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
}

impl Mail {
    /// A mail with only what every mail has: for tests of a host's own [`Mailer`].
    pub fn new(to: impl Into<String>, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            to: to.into(),
            subject: subject.into(),
            text: text.into(),
            html: String::new(),
            message_id: String::new(),
            date: DateTime::UNIX_EPOCH,
        }
    }

    /// The links in the text, in their order.
    pub fn links(&self) -> Vec<&str> {
        let words = self.text.split_whitespace();
        words
            .filter(|word| word.starts_with("https://") || word.starts_with("http://"))
            .collect()
    }

    /// The first link in the text: what the mail is for.
    pub fn link(&self) -> Option<&str> {
        self.links().first().copied()
    }
}

/// Neither the text nor the HTML: they hold links that are as good as a password.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("to", &self.to)
            .field("subject", &self.subject)
            .field("message_id", &self.message_id)
            .finish_non_exhaustive()
    }
}

/// Why a mail did not leave. The reason is for the log: no links, no passwords, no addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MailError {
    /// Not now: it is tried again.
    #[error("not now: {0}")]
    Passing(String),
    /// Never: trying again would not help.
    #[error("never: {0}")]
    Final(String),
}

/// What sends mail. Adyton sends by SMTP where `mail.url` is set; a host that sends otherwise
/// brings its own by [`Builder::mailer`](crate::Builder::mailer).
///
/// It is called by the courier, never by a request, and given up on after `mail.timeout`. A mail
/// may come twice, with the same [`Mail::message_id`].
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends a mail. `Ok` means that somebody else answers for it from now on.
    ///
    /// # Errors
    /// [`MailError::Passing`] to be asked again, [`MailError::Final`] to be left alone.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
