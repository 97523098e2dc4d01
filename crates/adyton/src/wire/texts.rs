//! Sentences by key, in the languages we have.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::config::Locale;
use crate::validate::{CodeRefusal, PasskeyRefusal, Rule};

type Catalogue = HashMap<String, String>;

static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("lang/en.toml")));
static SPANISH: LazyLock<Catalogue> = LazyLock::new(|| read(include_str!("lang/es.toml")));

/// The sentences of a language, with those that an overlay words otherwise.
#[derive(Clone, Debug)]
pub(crate) struct Texts {
    locale: Locale,
    overlaid: Option<Arc<Catalogue>>,
}

impl Texts {
    /// The sentences of a language.
    pub(crate) fn new(locale: Locale) -> Self {
        Self {
            locale,
            overlaid: None,
        }
    }

    /// The language, as HTML names it.
    pub(crate) fn language(&self) -> &'static str {
        match self.locale {
            Locale::Es => "es",
            _ => "en",
        }
    }

    /// The same with other words for some keys.
    pub(crate) fn with(&self, overlaid: Arc<Catalogue>) -> Self {
        Self {
            locale: self.locale,
            overlaid: Some(overlaid),
        }
    }

    /// The sentence of a key. A key that the language lacks is said in English; one that nobody
    /// has is said as it is.
    pub(crate) fn say(&self, key: &str, params: &[(&str, &str)]) -> String {
        let overlaid = self.overlaid.as_ref().and_then(|words| words.get(key));
        let catalogue = match self.locale {
            Locale::Es => &SPANISH,
            _ => &ENGLISH,
        };
        let sentence = overlaid
            .or_else(|| catalogue.get(key))
            .or_else(|| ENGLISH.get(key));
        let sentence = sentence.map_or(key, String::as_str);
        params
            .iter()
            .fold(sentence.to_owned(), |said, (name, value)| {
                said.replace(&format!(":{name}"), value)
            })
    }

    /// Laravel's sentence for a broken rule; the attribute is the field's name with spaces.
    pub(crate) fn broken(&self, name: &str, rule: &Rule) -> String {
        let attribute = name.replace('_', " ");
        let say = |key: &str, bound: &[(&str, &str)]| {
            // The bound first: an attribute's name may hold a colon.
            let sentence = self.say(&format!("validation.{key}"), bound);
            sentence.replace(":attribute", &attribute)
        };
        match rule {
            Rule::Required => say("required", &[]),
            Rule::String => say("string", &[]),
            Rule::Integer => say("integer", &[]),
            Rule::Boolean => say("boolean", &[]),
            Rule::Array => say("array", &[]),
            Rule::Email => say("email", &[]),
            Rule::Max(bound) => say("max_string", &[("max", &bound.to_string())]),
            Rule::Min(bound) => say("min_string", &[("min", &bound.to_string())]),
            Rule::MaxNumber(bound) => say("max_number", &[("max", &bound.to_string())]),
            Rule::MinNumber(bound) => say("min_number", &[("min", &bound.to_string())]),
            Rule::MaxItems(bound) => say("max_items", &[("max", &bound.to_string())]),
            Rule::Confirmed => say("confirmed", &[]),
            Rule::Unique => say("unique", &[]),
            Rule::In => say("in", &[]),
            Rule::FutureDate => say("future_date", &[]),
            Rule::Before(end) => say("before", &[("date", &end.format("%Y-%m-%d").to_string())]),
            Rule::Reserved(ability) => say("reserved", &[("ability", ability)]),
            Rule::NotGrantable(ability) => say("not_grantable", &[("ability", ability)]),
            Rule::Duplicate => say("duplicate", &[]),
            Rule::TwoFactorCode(why) => self.refused(*why),
            Rule::RecoveryCode => say("recovery_code", &[]),
            Rule::ResetToken => say("reset_token", &[]),
            Rule::Passkey(why) => self.passkey(*why),
            Rule::Own(own) => self.say(own.says, &[]).replace(":attribute", &attribute),
            _ => say(password_key(rule), &[]),
        }
    }
}

impl Texts {
    /// Fortify's sentence for a passkey's answer that was refused.
    fn passkey(&self, why: PasskeyRefusal) -> String {
        let key = match why {
            PasskeyRefusal::Format => "passkeys.format",
            PasskeyRefusal::LoginExpired => "passkeys.login_expired",
            PasskeyRefusal::RegistrationExpired => "passkeys.registration_expired",
            PasskeyRefusal::NotVerified => "passkeys.not_verified",
            PasskeyRefusal::NotRegistered => "passkeys.not_registered",
            PasskeyRefusal::Unknown => "passkeys.unknown",
            PasskeyRefusal::Taken => "passkeys.taken",
            PasskeyRefusal::TooMany(max) => {
                return self.say("passkeys.too_many", &[("max", &max.to_string())]);
            }
        };
        self.say(key, &[])
    }

    /// Fortify's sentence for a code that was refused, and what its user can do about it.
    fn refused(&self, why: CodeRefusal) -> String {
        let refused = self.say("validation.two_factor_code", &[]);
        let more = match why {
            CodeRefusal::Wrong => return refused,
            CodeRefusal::Replayed => self.say("two_factor.replayed", &[]),
            CodeRefusal::Locked => self.say("two_factor.locked", &[]),
            CodeRefusal::Drifted(seconds) => {
                let key = match seconds > 0 {
                    true => "two_factor.ahead",
                    false => "two_factor.behind",
                };
                let minutes = seconds.unsigned_abs().div_ceil(60).to_string();
                self.say(key, &[("minutes", &minutes)])
            }
        };
        format!("{refused} {more}")
    }
}

/// What is said of a password that is not the right one, or not a good one.
fn password_key(rule: &Rule) -> &'static str {
    match rule {
        Rule::CurrentPassword => "current_password",
        Rule::PasswordWrong => "password_wrong",
        Rule::PasswordIncorrect => "password_incorrect",
        Rule::Common => "common",
        Rule::Context => "context",
        _ => "uncompromised",
    }
}

fn read(text: &str) -> Catalogue {
    let tables: HashMap<String, HashMap<String, String>> =
        toml::from_str(text).expect("the language files are read by a test");
    let sentences = tables.into_iter().flat_map(|(section, sentences)| {
        sentences
            .into_iter()
            .map(move |(key, sentence)| (format!("{section}.{key}"), sentence))
    });
    sentences.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_keys_and_placeholders() {
        let placeholders = |sentence: &str| {
            let mut names: Vec<String> = sentence
                .split(':')
                .skip(1)
                .map(|rest| rest.chars().take_while(char::is_ascii_lowercase).collect())
                .filter(|name: &String| !name.is_empty())
                .collect();
            names.sort();
            names
        };
        for (key, english) in ENGLISH.iter() {
            let spanish = SPANISH
                .get(key)
                .unwrap_or_else(|| panic!("es.toml lacks `{key}`"));
            assert_eq!(
                placeholders(english),
                placeholders(spanish),
                "placeholders of `{key}`"
            );
        }
        assert_eq!(ENGLISH.len(), SPANISH.len());
    }

    #[test]
    fn a_broken_rule_is_said_in_laravels_words() {
        let texts = Texts::new(Locale::En);
        let said = texts.broken("device_name", &Rule::Max(255));
        assert_eq!(
            said,
            "The device name field must not be greater than 255 characters."
        );
    }
}
