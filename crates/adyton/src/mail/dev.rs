//! A mailbox for development: mail stays in memory, is shown on a page, and goes nowhere.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Mail, MailError, Mailer};

/// How many mails are kept; older ones are forgotten.
const KEPT: usize = 100;

/// A [`Mailer`] that sends nothing: it keeps the last hundred mails in memory and logs a line for
/// each, with its link. For development only: whoever sees its page can take over every account.
///
/// [`routes`](Self::routes) are the page. Clones are the same mailbox.
#[derive(Clone, Default)]
pub struct DevMailbox {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    last_id: u64,
    mails: VecDeque<KeptMail>,
}

/// A mail, and its number in this mailbox.
#[derive(Clone)]
pub(crate) struct KeptMail {
    pub id: u64,
    pub mail: Mail,
}

impl DevMailbox {
    /// Where its page is.
    pub const PATH: &str = "/_dev/mail";

    /// An empty mailbox.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is in it, the newest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.kept().into_iter().map(|kept| kept.mail).collect()
    }

    /// Forgets everything in it.
    pub fn clear(&self) {
        self.lock().mails.clear();
    }

    /// The same with their numbers.
    pub(crate) fn kept(&self) -> Vec<KeptMail> {
        self.lock().mails.iter().rev().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for DevMailbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let (to, subject) = (&mail.to, &mail.subject);
        // A mail with a code has none.
        let link = mail.link();
        tracing::info!(
            to,
            subject,
            link,
            "a mail is kept for development, not sent"
        );
        let mut kept = self.lock();
        kept.last_id += 1;
        let mail = KeptMail {
            id: kept.last_id,
            mail: mail.clone(),
        };
        kept.mails.push_back(mail);
        if kept.mails.len() > KEPT {
            kept.mails.pop_front();
        }
        Ok(())
    }
}

/// How many, not what.
impl fmt::Debug for DevMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DevMailbox")
            .field("mails", &self.lock().mails.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_oldest_mail_is_forgotten_first() {
        let mailbox = DevMailbox::new();
        for number in 1..=KEPT + 2 {
            let mail = Mail::new("ana@example.com", format!("Mail {number}"), "");
            mailbox.send(&mail).await.expect("it is kept");
        }
        let kept = mailbox.kept();
        assert_eq!(kept.len(), KEPT);
        assert_eq!(kept[0].id, 102);
        assert_eq!(kept[KEPT - 1].mail.subject, "Mail 3");
        mailbox.clear();
        assert!(mailbox.mails().is_empty());
    }
}
