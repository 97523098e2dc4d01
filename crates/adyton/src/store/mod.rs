//! The tables, one file each: the only SQL of the library.
//!
//! House rules of its SQL, so that one text runs on three databases:
//! parameters in order, once each · no upsert: update, and insert if no row was touched · to
//! *consume* is one `DELETE` or `UPDATE … WHERE` whose row count decides, never read-then-write ·
//! times are bound from the clock, never `now()` · JSON is text · logins are in canonical form
//! before they are stored.

pub(crate) mod challenges;
pub(crate) mod events;
pub(crate) mod flows;
pub(crate) mod links;
pub(crate) mod migrations;
pub(crate) mod outbox;
pub(crate) mod passkeys;
pub(crate) mod remembered;
pub(crate) mod reset_tokens;
pub(crate) mod security;
pub(crate) mod sessions;
pub(crate) mod social_accounts;
pub(crate) mod state;
pub(crate) mod tokens;
pub(crate) mod trusted_browsers;
pub(crate) mod users;

use std::net::IpAddr;

use crate::crypto::secret::Secret;

/// Laravel cuts the user agent to this many characters.
const USER_AGENT_CHARACTERS: usize = 500;

/// Where a request came from.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// The client's address, through trusted proxies only.
    pub address: IpAddr,
    /// What the client calls itself.
    pub user_agent: Option<String>,
    /// The cookie of a browser that is trusted not to be asked for the second factor.
    pub trusted: Option<Secret<String>>,
    /// The cookie of a browser that somebody has logged in from.
    pub device: Option<Secret<String>>,
}

impl Client {
    fn user_agent_column(&self) -> Option<String> {
        self.user_agent
            .as_ref()
            .map(|agent| agent.chars().take(USER_AGENT_CHARACTERS).collect())
    }
}
