//! `[tokens]`, `[throttle]`, `[guard]`: what each request asks.

use std::time::Duration;

use super::adapters::{Minutes, at_least, checked};
use super::setting::Visit;
use super::values::Limit;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `[tokens]`: personal access tokens.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tokens {
    /// Whether there are tokens at all.
    pub enabled: bool,
    /// How long a token lasts; `None` is for ever.
    pub expiration: Option<Duration>,
    /// What a plain-text token's secret part begins with, so that scanners find leaked ones.
    pub prefix: String,
    /// What a token made by a login may do.
    pub login_abilities: Vec<String>,
    /// The abilities that a user may give to a token.
    pub grantable: Vec<String>,
    /// The abilities that no request can give: such tokens are issued on the command line.
    pub reserved: Vec<String>,
    /// Whether a password that was forgotten and set anew ends its user's tokens.
    pub end_with_password_reset: bool,
    /// Whether a password that its user changed ends their tokens.
    pub end_with_password_change: bool,
    /// Laravel's `tokenable_type`.
    pub owner_type: String,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            enabled: true,
            expiration: None,
            prefix: String::new(),
            login_abilities: vec!["user".to_owned()],
            grantable: vec!["user".to_owned()],
            reserved: vec!["admin".to_owned()],
            end_with_password_reset: true,
            end_with_password_change: false,
            owner_type: "App\\Models\\User".to_owned(),
        }
    }
}

impl Tokens {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting(
            "enabled",
            &mut self.enabled,
            "Whether there are tokens at all.",
        );
        let help = "How long a token lasts; nothing, or 0, is for ever.";
        v.setting("expiration", &mut Minutes(&mut self.expiration), help);
        let help = "What a token's secret part begins with, so that scanners find leaked ones.";
        let expects = "a text without spaces and |";
        v.setting(
            "prefix",
            &mut checked(&mut self.prefix, is_prefix, expects),
            help,
        );
        let help = "What a token made by a login may do.";
        v.setting("login_abilities", &mut self.login_abilities, help);
        v.setting(
            "grantable",
            &mut self.grantable,
            "The abilities that a user may give to a token.",
        );
        let help =
            "The abilities that no request can give: such tokens are issued on the command line.";
        v.setting("reserved", &mut self.reserved, help);
        let help = "Whether a password that was forgotten and set anew ends its user's tokens.";
        let reset = &mut self.end_with_password_reset;
        v.setting("end_with_password_reset", reset, help);
        let help = "Whether a password that its user changed ends their tokens.";
        let change = &mut self.end_with_password_change;
        v.setting("end_with_password_change", change, help);
        let owner_type = &mut checked(&mut self.owner_type, |text| !text.is_empty(), "a text");
        v.setting("owner_type", owner_type, "Laravel's `tokenable_type`.");
    }
}

#[expect(clippy::ptr_arg, reason = "it is called with the setting's own type")]
fn is_prefix(prefix: &String) -> bool {
    prefix
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'|')
}

/// `[throttle]`: how often something may be tried.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Throttle {
    /// Whether anything is limited.
    pub enabled: bool,
    /// Logins, by client address.
    pub login: Limit,
    /// Registrations, by client address.
    pub register: Limit,
    /// Mails for a forgotten password, by client address.
    pub forgot_password: Limit,
    /// New passwords in place of forgotten ones, and other links that were mailed, by client
    /// address.
    pub reset_password: Limit,
    /// Second steps of a login, by client address.
    pub two_factor: Limit,
    /// Mails that prove an address, by user.
    pub verification: Limit,
    /// Proving once more who one is, by user.
    pub confirm: Limit,
    /// A user's own routes, by user.
    pub me: Limit,
    /// The administrator's routes, by user.
    pub admin: Limit,
    /// Routes for everybody, by client address.
    pub public: Limit,
    /// Ways to a provider and back, by client address.
    pub social: Limit,
    /// Passkeys that are asked for or tried, by client address.
    pub passkey: Limit,
    /// Attempts to log in to one account from browsers that are not known; a success forgets them.
    pub account: Limit,
    /// The same from one browser that the user has logged in from before.
    pub known_browser: Limit,
    /// How long a browser is known.
    pub known_browser_lifetime: Duration,
    /// How many counters are kept at most.
    pub capacity: usize,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            enabled: true,
            login: Limit::new(5, MINUTE),
            register: Limit::new(3, MINUTE),
            forgot_password: Limit::new(3, MINUTE),
            reset_password: Limit::new(10, MINUTE),
            two_factor: Limit::new(10, MINUTE),
            verification: Limit::new(6, MINUTE),
            confirm: Limit::new(6, MINUTE),
            me: Limit::new(120, MINUTE),
            admin: Limit::new(30, MINUTE),
            public: Limit::new(60, MINUTE),
            social: Limit::new(20, MINUTE),
            passkey: Limit::new(10, MINUTE),
            account: Limit::new(10, 15 * MINUTE),
            known_browser: Limit::new(10, 15 * MINUTE),
            known_browser_lifetime: 180 * DAY,
            capacity: 100_000,
        }
    }
}

impl Throttle {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        v.setting("enabled", &mut self.enabled, "Whether anything is limited.");
        v.setting("login", &mut self.login, "Logins, by client address.");
        v.setting(
            "register",
            &mut self.register,
            "Registrations, by client address.",
        );
        let help = "Mails for a forgotten password, by client address.";
        v.setting("forgot_password", &mut self.forgot_password, help);
        let help = "New passwords in place of forgotten ones, and other links that were mailed, \
                    by client address.";
        v.setting("reset_password", &mut self.reset_password, help);
        let help = "Second steps of a login, by client address.";
        v.setting("two_factor", &mut self.two_factor, help);
        let help = "Mails that prove an address, by user.";
        v.setting("verification", &mut self.verification, help);
        let help = "Proving once more who one is, by user.";
        v.setting("confirm", &mut self.confirm, help);
        v.setting("me", &mut self.me, "A user's own routes, by user.");
        v.setting(
            "admin",
            &mut self.admin,
            "The administrator's routes, by user.",
        );
        v.setting(
            "public",
            &mut self.public,
            "Routes for everybody, by client address.",
        );
        self.visit_ways_in(v);
        let capacity = &mut at_least(1, &mut self.capacity);
        v.setting("capacity", capacity, "How many counters are kept at most.");
    }

    fn visit_ways_in(&mut self, v: &mut dyn Visit) {
        let help = "Ways to a provider and back, by client address.";
        v.setting("social", &mut self.social, help);
        let help = "Passkeys that are asked for or tried, by client address.";
        v.setting("passkey", &mut self.passkey, help);
        let help = "Attempts to log in to one account from browsers that are not known; a success \
                    forgets them.";
        v.setting("account", &mut self.account, help);
        let help = "The same from one browser that the user has logged in from before.";
        v.setting("known_browser", &mut self.known_browser, help);
        let lifetime = &mut at_least(SECOND, &mut self.known_browser_lifetime);
        v.setting(
            "known_browser_lifetime",
            lifetime,
            "How long a browser is known.",
        );
    }
}

/// `[guard]`: what is remembered between two requests of one caller.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Guard {
    /// How long a caller found in the database is believed; 0 always asks the database.
    pub memory: Duration,
    /// How many callers are remembered at most.
    pub capacity: usize,
    /// How often `last_used_at` and its like are written.
    pub flush_interval: Duration,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            memory: SECOND,
            capacity: 100_000,
            flush_interval: 10 * SECOND,
        }
    }
}

impl Guard {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help =
            "How long a caller found in the database is believed; 0 always asks the database.";
        v.setting("memory", &mut self.memory, help);
        let capacity = &mut at_least(1, &mut self.capacity);
        v.setting(
            "capacity",
            capacity,
            "How many callers are remembered at most.",
        );
        // A timer of no length would spin.
        let interval = &mut at_least(Duration::from_millis(1), &mut self.flush_interval);
        v.setting(
            "flush_interval",
            interval,
            "How often `last_used_at` and its like are written.",
        );
    }
}
