//! What those who write mail and the courier who takes it to the mailer have in common.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{Mutex, Notify};

use super::Mailer;
use crate::crypto::secret::random_id;

/// One for a running Adyton.
pub(crate) struct Post {
    /// What sends; none where no mail is set up.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Rung when there is something new to send.
    pub bell: Notify,
    /// Held by whoever empties the outbox: within one process, one at a time.
    pub round: Mutex<()>,
    /// Whether no more mail is to be taken from the outbox, because the process is about to end.
    pub is_ending: AtomicBool,
    /// What this process signs the rows with that it has in hand.
    pub name: String,
}

impl Post {
    pub(crate) fn new(mailer: Option<Arc<dyn Mailer>>) -> Arc<Self> {
        Arc::new(Self {
            mailer,
            bell: Notify::new(),
            round: Mutex::new(()),
            is_ending: AtomicBool::new(false),
            name: random_id(),
        })
    }
}
