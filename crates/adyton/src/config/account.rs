//! `[two_factor]`, `[confirm]`, `[links]`: an account's own life.

use std::time::Duration;

use super::adapters::{at_least, checked};
use super::setting::Visit;
use super::values::Limit;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// `[two_factor]`: the second factor.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TwoFactor {
    /// Whether a second factor counts only once a code has proved that it works.
    pub confirm: bool,
    /// Whether only a user whose address is proved may set one up.
    pub requires_verified_email: bool,
    /// How many steps of 30 seconds before and after now a code may be of.
    pub window: u32,
    /// How long a login waits for its second step.
    pub challenge_lifetime: Duration,
    /// Codes that one account may try, whatever the challenge.
    pub tries: Limit,
    /// Wrong codes in a row after which only a recovery code helps.
    pub max_failures: u32,
    /// How many recovery codes there are.
    pub recovery_codes: usize,
    /// The shape of a recovery code: `X` is a letter or digit, `a` a small letter, `9` a digit.
    pub recovery_code_shape: String,
    /// Whether a remembered browser passes the second factor by.
    pub trust_remembered_browsers: bool,
    /// Whether a user may ask not to be asked for a while in the browser they are in.
    pub trusted_browsers: bool,
    /// For how long.
    pub trusted_browser_lifetime: Duration,
    /// Whether a challenge says in words, too, that it is one.
    pub message: bool,
}

impl Default for TwoFactor {
    fn default() -> Self {
        Self {
            confirm: true,
            requires_verified_email: true,
            window: 1,
            challenge_lifetime: 10 * MINUTE,
            tries: Limit::new(10, 15 * MINUTE),
            max_failures: 100,
            recovery_codes: 8,
            recovery_code_shape: "XXXXXXXXXX-XXXXXXXXXX".to_owned(),
            trust_remembered_browsers: false,
            trusted_browsers: false,
            trusted_browser_lifetime: 30 * DAY,
            message: false,
        }
    }
}

impl TwoFactor {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        self.visit_codes(v);
        self.visit_browsers(v);
        let help = "Whether a challenge says in words, too, that it is one.";
        v.setting("message", &mut self.message, help);
    }

    fn visit_codes(&mut self, v: &mut dyn Visit) {
        let help = "Whether a second factor counts only once a code has proved that it works.";
        v.setting("confirm", &mut self.confirm, help);
        let help = "Whether only a user whose address is proved may set one up.";
        let verified = &mut self.requires_verified_email;
        v.setting("requires_verified_email", verified, help);
        let window = &mut checked(&mut self.window, |steps| *steps <= 10, "0 to 10");
        let help = "How many steps of 30 seconds before and after now a code may be of.";
        v.setting("window", window, help);
        let lifetime = &mut at_least(SECOND, &mut self.challenge_lifetime);
        let help = "How long a login waits for its second step.";
        v.setting("challenge_lifetime", lifetime, help);
        let help =
            "Codes that one account may try, whatever the challenge; a right one forgets them.";
        v.setting("tries", &mut self.tries, help);
        let help = "Wrong codes in a row after which only a recovery code helps.";
        v.setting(
            "max_failures",
            &mut at_least(1, &mut self.max_failures),
            help,
        );
        let codes = |number: &usize| (1..=20).contains(number);
        let codes = &mut checked(&mut self.recovery_codes, codes, "1 to 20");
        v.setting(
            "recovery_codes",
            codes,
            "How many recovery codes there are.",
        );
        let help = "The shape of a recovery code: `X` is a letter or digit, `a` a small letter, \
                    `9` a digit.";
        v.setting("recovery_code_shape", &mut self.recovery_code_shape, help);
    }

    fn visit_browsers(&mut self, v: &mut dyn Visit) {
        let help = "Whether a remembered browser passes the second factor by.";
        let trust = &mut self.trust_remembered_browsers;
        v.setting("trust_remembered_browsers", trust, help);
        let help = "Whether a user may ask not to be asked for a while in the browser they are in.";
        v.setting("trusted_browsers", &mut self.trusted_browsers, help);
        let lifetime = &mut at_least(SECOND, &mut self.trusted_browser_lifetime);
        let help = "For how long such a browser is not asked.";
        v.setting("trusted_browser_lifetime", lifetime, help);
    }
}

/// `[confirm]`: proving once more who one is, before sensitive changes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Confirm {
    /// How long it counts.
    pub lifetime: Duration,
}

impl Default for Confirm {
    fn default() -> Self {
        Self {
            lifetime: 15 * MINUTE,
        }
    }
}

impl Confirm {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let lifetime = &mut at_least(SECOND, &mut self.lifetime);
        v.setting("lifetime", lifetime, "How long it counts.");
    }
}

/// `[links]`: where mailed links lead, and how long they live.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Links {
    /// Where a link to set a new password leads; our own page where none is set.
    pub password_reset: Option<String>,
    /// How long it lives.
    pub password_reset_lifetime: Duration,
    /// Where a link that proves an address leads.
    pub email_verification: Option<String>,
    /// How long it lives.
    pub email_verification_lifetime: Duration,
    /// Where a link that completes a registration leads.
    pub registration: Option<String>,
    /// How long it lives.
    pub registration_lifetime: Duration,
    /// Where a link that proves a new address leads.
    pub email_change: Option<String>,
    /// How long it lives.
    pub email_change_lifetime: Duration,
    /// How long a change of address can be undone.
    pub email_undo_lifetime: Duration,
    /// How long "this wasn't me" can be said.
    pub not_me_lifetime: Duration,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            password_reset: None,
            password_reset_lifetime: HOUR,
            email_verification: None,
            email_verification_lifetime: HOUR,
            registration: None,
            registration_lifetime: DAY,
            email_change: None,
            email_change_lifetime: HOUR,
            email_undo_lifetime: 7 * DAY,
            not_me_lifetime: 7 * DAY,
        }
    }
}

impl Links {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let links: [(&str, &mut Option<String>, &str, &str); 4] = [
            (
                "password_reset",
                &mut self.password_reset,
                "https://app.example.com/password-reset/{token}?email={email}",
                "Where a link to set a new password leads: a page of your front end, with {token} \
                 and {email}; our own page where none is set.",
            ),
            (
                "email_verification",
                &mut self.email_verification,
                "https://app.example.com/verify/{id}/{hash}?expires={expires}&signature={token}",
                "Where a link that proves an address leads, with {id}, {hash}, {expires} and {token}.",
            ),
            (
                "registration",
                &mut self.registration,
                "https://app.example.com/register/{token}",
                "Where a link that completes a registration leads, with {token}.",
            ),
            (
                "email_change",
                &mut self.email_change,
                "https://app.example.com/new-address/{token}",
                "Where a link that proves a new address leads, with {token}.",
            ),
        ];
        for (name, setting, example, help) in links {
            let is_link = |text: &Option<String>| {
                text.as_deref()
                    .is_none_or(|text| is_template(text, example))
            };
            let expects = format!("an address with {{token}}, such as {example}");
            v.setting(name, &mut checked(setting, is_link, expects), help);
        }
        self.visit_lifetimes(v);
    }

    fn visit_lifetimes(&mut self, v: &mut dyn Visit) {
        let lifetimes: [(&str, &mut Duration, &str); 6] = [
            (
                "password_reset_lifetime",
                &mut self.password_reset_lifetime,
                "How long a link to set a new password lives.",
            ),
            (
                "email_verification_lifetime",
                &mut self.email_verification_lifetime,
                "How long a link that proves an address lives.",
            ),
            (
                "registration_lifetime",
                &mut self.registration_lifetime,
                "How long a link that completes a registration lives.",
            ),
            (
                "email_change_lifetime",
                &mut self.email_change_lifetime,
                "How long a link that proves a new address lives.",
            ),
            (
                "email_undo_lifetime",
                &mut self.email_undo_lifetime,
                "How long a change of address can be undone from the old one.",
            ),
            (
                "not_me_lifetime",
                &mut self.not_me_lifetime,
                "How long \"this wasn't me\" can be said of a notice.",
            ),
        ];
        for (name, setting, help) in lifetimes {
            v.setting(name, &mut at_least(SECOND, setting), help);
        }
    }
}

/// An address with a place for the secret, and with no place that nothing fills: all there are
/// stand in the example.
fn is_template(text: &str, example: &str) -> bool {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_filled = text.split('{').skip(1).all(|after| {
        let place = after.split_once('}').map(|(name, _)| format!("{{{name}}}"));
        place.is_some_and(|place| example.contains(&place))
    });
    let is_plain = !text.chars().any(|c| c.is_control() || c == ' ');
    is_web && text.contains("{token}") && is_filled && is_plain
}
