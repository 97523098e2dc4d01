//! What a new password must be: long enough, and nothing that others would try first.
//!
//! As NIST SP 800-63B-4 asks: length counts, composition does not. There is no rule about letters,
//! digits and signs, because such rules make `Password1!` and forbid four good words.

mod breach;
mod common;
mod context;

use crate::config::{BreachCheck, Config};
use crate::core::Core;
use crate::crypto::password::{MAX_BYTES, normalize};
use crate::crypto::secret::Secret;
use crate::error::BuildError;
use crate::validate::Rule;

/// Whose password it is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// What the person is called.
    pub name: &'a str,
    /// The address.
    pub email: &'a str,
    /// Whether a second factor stands beside the password: then a shorter one will do.
    pub has_second_factor: bool,
}

/// The rules that a new password breaks; none if it is good. An empty one breaks none here:
/// whether there must be one is the caller's to say.
///
/// ```ignore
/// let password = read.new_password(true);
/// for rule in password_policy::broken_rules(core, &password, &about).await {
///     read.broken("password", rule);
/// }
/// ```
pub(crate) async fn broken_rules(
    core: &Core,
    password: &Secret<String>,
    about: &About<'_>,
) -> Vec<Rule> {
    if password.expose().is_empty() {
        return Vec::new();
    }
    // Before anything else looks at it: what is too long costs nothing.
    if password.expose().len() > MAX_BYTES {
        return vec![Rule::Max(MAX_BYTES)];
    }
    let normalized = normalize(password.expose());
    if normalized.expose().len() > MAX_BYTES {
        return vec![Rule::Max(MAX_BYTES)];
    }
    let broken = broken_by_itself(&core.config, &normalized, about);
    // A password that is refused anyway is not worth a question to somebody else.
    if broken.is_empty() && breach::has_leaked(&core.config.passwords, &normalized).await {
        return vec![Rule::Breached];
    }
    broken
}

/// What can be said without asking anybody.
fn broken_by_itself(config: &Config, normalized: &Secret<String>, about: &About<'_>) -> Vec<Rule> {
    let mut broken = Vec::new();
    let least = config.passwords.least(about.has_second_factor);
    if normalized.expose().chars().count() < least {
        broken.push(Rule::Min(least));
    }
    let folded = Secret::new(context::folded(normalized.expose()));
    if config.passwords.refuse_common && common::is_common(folded.expose()) {
        broken.push(Rule::Common);
    }
    if context::is_made_of(folded.expose(), &context::words(config, about)) {
        broken.push(Rule::Context);
    }
    broken
}

/// Whether the settings name what the policy needs.
///
/// # Errors
/// A look-up in a file, and no file.
pub(crate) fn check(config: &Config) -> Result<(), BuildError> {
    let passwords = &config.passwords;
    if passwords.breach_check == BreachCheck::File && passwords.breach_file.is_none() {
        let problem = "`passwords.breach_check` is `file`, and no file is named";
        return Err(BuildError::new("passwords.breach_file", problem));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(password: &str, has_second_factor: bool, config: &Config) -> Vec<Rule> {
        let about = About {
            name: "Ana",
            email: "ana@example.com",
            has_second_factor,
        };
        broken_by_itself(config, &normalize(password), &about)
    }

    #[test]
    fn a_second_factor_lets_eight_characters_suffice() {
        let mut config = Config::default();
        config.passwords.refuse_common = false;
        for letter in ["v", "é", "e\u{301}", "🦊", "語"] {
            for (least, has_second_factor) in [(8, true), (15, false)] {
                let of = |length| broken(&letter.repeat(length), has_second_factor, &config);
                assert_eq!(of(least - 1), [Rule::Min(least)], "{letter}");
                assert_eq!(of(least), [], "{letter}");
                assert_eq!(of(least + 1), [], "{letter}");
            }
        }
    }

    #[test]
    fn a_second_factor_never_asks_for_more() {
        let mut config = Config::default();
        config.passwords.min_length = 5;
        assert_eq!(broken("vkqzj", true, &config), []);
        assert_eq!(broken("vkqz", true, &config), [Rule::Min(5)]);
    }

    #[test]
    fn a_second_factor_excuses_nothing_else() {
        let config = Config::default();
        assert_eq!(broken("iloveyou1", true, &config), [Rule::Common]);
        assert_eq!(broken("ana@example.com", true, &config), [Rule::Context]);
    }
}
