//! What every feature is given: settings, database, users, time, keys, and the events' listeners.

use std::fmt;
use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::keys::Keys;
use crate::crypto::password::Hasher;
use crate::crypto::seal::Sealer;
use crate::db::Db;
use crate::error::{Error, Result};
use crate::event::Event;
use crate::freshness::Freshness;
use crate::mail::Post;
use crate::social::Providers;
use crate::throttle::Throttle;
use crate::user::{User, Users};

/// A host's ear: it is told what happens.
pub(crate) type Listener = Box<dyn Fn(&Event) + Send + Sync>;

/// The ground that operations stand on. One for a running Adyton.
pub(crate) struct Core {
    pub config: Config,
    pub db: Db,
    pub users: Arc<dyn Users>,
    pub clock: Clock,
    pub hasher: Hasher,
    pub throttle: Throttle,
    pub freshness: Freshness,
    /// Keys of the HMAC that binds a CSRF token to its session: the current first.
    pub csrf_keys: Vec<[u8; 32]>,
    pub listeners: Vec<Listener>,
    /// The installation's keys, for what is sealed.
    pub keys: Keys,
    /// How mail leaves.
    pub post: Arc<Post>,
    /// Who may vouch for a person.
    pub providers: Providers,
}

impl Core {
    /// The keys that bind CSRF tokens.
    pub(crate) fn csrf_keys_of(keys: &Keys) -> Vec<[u8; 32]> {
        keys.derive_all("csrf")
    }

    /// Tells the host's listeners what happened: `audit` calls it, once it is lasting.
    pub(crate) fn hear(&self, event: &Event) {
        for listener in &self.listeners {
            listener(event);
        }
    }

    /// Whether a second factor is asked of this user, whatever the way in. As in Laravel, a product
    /// that switches the feature off asks nobody.
    pub(crate) fn asks_second_factor(&self, user: &User) -> bool {
        let is_on = self.config.has_feature("two-factor-challenge");
        is_on && user.has_second_factor(self.config.two_factor.confirm)
    }

    /// Whether mail can be sent at all. It takes a key that lasts: what waits in the outbox is
    /// sealed.
    pub(crate) fn has_mailer(&self) -> bool {
        self.post.mailer.is_some() && self.has_key()
    }

    /// Makes sure that mail can be sent.
    ///
    /// # Errors
    /// [`Error::MailUnconfigured`].
    pub(crate) fn require_mailer(&self) -> Result<()> {
        match self.has_mailer() {
            true => Ok(()),
            false => Err(Error::MailUnconfigured),
        }
    }

    /// Whether a key is configured. Without one there is a key for the life of this process: good
    /// enough for CSRF tokens, and nothing lasting is ever sealed with it.
    pub(crate) fn has_key(&self) -> bool {
        self.config.key.is_some()
    }

    /// What seals and opens for one purpose.
    ///
    /// # Errors
    /// [`Error::KeyUnconfigured`]: what would be sealed now could not be opened after a restart.
    pub(crate) fn sealer(&self, label: &'static str) -> Result<Sealer> {
        match self.has_key() {
            true => Ok(self.keys.sealer(label)),
            false => Err(Error::KeyUnconfigured),
        }
    }

    /// Whether the public address is HTTPS: then cookies are `Secure` and plain HTTP is refused.
    pub(crate) fn is_https(&self) -> bool {
        self.config
            .public_origin()
            .is_some_and(|origin| origin.starts_with("https://"))
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core")
            .field("config", &self.config)
            .field("db", &self.db)
            .finish_non_exhaustive()
    }
}
