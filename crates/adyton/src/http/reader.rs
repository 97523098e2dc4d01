//! Reading the fields of an input against their rules, as facts.

use std::ops::RangeInclusive;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Timelike as _, Utc};
use serde_json::Value as Json;

use super::input::Input;
use crate::crypto::password::{MAX_BYTES, normalize};
use crate::crypto::secret::Secret;
use crate::email;
use crate::error::Result;
use crate::second_factor::Answer;
use crate::validate::{Invalid, Rule};

/// Characters of a name, an address and the like: Laravel's `varchar(255)`.
pub(crate) const LINE: usize = 255;

/// Reads fields and gathers what is wrong with them, so that all of it can be said at once.
#[derive(Debug)]
pub struct Reader<'a> {
    input: &'a Input,
    invalid: Invalid,
}

impl Input {
    /// Reads the fields one by one and gathers what is wrong with them.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self)
    }
}

impl<'a> Reader<'a> {
    fn new(input: &'a Input) -> Self {
        Self {
            input,
            invalid: Invalid::none(),
        }
    }

    /// A text that must be there, trimmed.
    pub fn text(&mut self, name: &str, max: usize) -> String {
        self.required(name, |reader| reader.optional_text(name, max))
    }

    /// A text that may be there, trimmed.
    pub fn optional_text(&mut self, name: &str, max: usize) -> Option<String> {
        let text = self.untrimmed(name)?.trim().to_owned();
        if text.is_empty() {
            return None;
        }
        if text.chars().count() > max {
            self.broken(name, Rule::Max(max));
        }
        Some(text)
    }

    /// What a token is to be called: its device's name, or that of whoever gave none.
    pub(crate) fn device_name(&mut self) -> String {
        let name = self.optional_text("device_name", LINE);
        name.unwrap_or_else(|| "api".to_owned())
    }

    /// An e-mail address in canonical form.
    pub fn email(&mut self, name: &str) -> String {
        let entered = self.text(name, LINE);
        if entered.is_empty() || self.is_broken(name) {
            return String::new();
        }
        email::canonical(&entered).unwrap_or_else(|_| {
            self.broken(name, Rule::Email);
            String::new()
        })
    }

    /// A password: never trimmed, and no longer than what is hashed.
    pub(crate) fn password(&mut self, name: &str) -> Secret<String> {
        let password = self.required(name, |reader| reader.untrimmed(name).map(str::to_owned));
        if password.len() > MAX_BYTES || normalize(&password).expose().len() > MAX_BYTES {
            self.broken(name, Rule::Max(MAX_BYTES));
        }
        Secret::new(password)
    }

    /// A new password, said twice where the repetition is there or asked for. What it must be
    /// besides, `password_policy::broken_rules` says. Empty, if it could not be read.
    pub(crate) fn new_password(&mut self, confirmed: bool) -> Secret<String> {
        let password = self.password("password");
        if self.is_broken("password") {
            return password;
        }
        let repeated = self.input.get("password_confirmation").map(Json::as_str);
        let differs = match repeated {
            Some(repeated) => repeated != Some(password.expose()),
            None => confirmed,
        };
        if differs {
            self.broken("password", Rule::Confirmed);
        }
        password
    }

    /// A code that we mailed, for a login.
    pub(crate) fn mailed_code(&mut self) -> Option<Secret<String>> {
        self.optional_text("login_code", LINE).map(Secret::new)
    }

    /// What is sent to prove the second factor.
    pub(crate) fn second_factor(&mut self) -> Answer {
        Answer {
            code: self.optional_text("code", LINE).map(Secret::new),
            recovery_code: self.optional_text("recovery_code", LINE).map(Secret::new),
        }
    }

    /// Yes or no; absent is no. Fortify's clients send `true`, `"on"`, `1`, `null` and the like.
    pub fn boolean(&mut self, name: &str) -> bool {
        let Some(value) = self.once(name) else {
            return false;
        };
        let text = match value {
            Json::Bool(value) => return *value,
            Json::Number(number) => number.to_string(),
            Json::String(text) => text.to_ascii_lowercase(),
            _ => String::new(),
        };
        match text.as_str() {
            "1" | "true" | "on" | "yes" => true,
            "0" | "false" | "off" | "no" => false,
            _ => {
                self.broken(name, Rule::Boolean);
                false
            }
        }
    }

    /// A whole number that must be there, within bounds.
    pub fn integer(&mut self, name: &str, bounds: RangeInclusive<i64>) -> i64 {
        let Some(number) = self.optional_integer(name) else {
            self.missing(name);
            return *bounds.start();
        };
        if number < *bounds.start() {
            self.broken(name, Rule::MinNumber(*bounds.start()));
        }
        if number > *bounds.end() {
            self.broken(name, Rule::MaxNumber(*bounds.end()));
        }
        number
    }

    /// A whole number.
    pub fn optional_integer(&mut self, name: &str) -> Option<i64> {
        let number = match self.once(name)? {
            Json::Number(number) => number.as_i64(),
            Json::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.broken(name, Rule::Integer);
        }
        number
    }

    /// A list of objects, each read by the same rules; what is wrong with one is told by its place:
    /// `lines.0.quantity`. Absent is an empty list.
    pub fn each<T>(
        &mut self,
        name: &str,
        max_items: usize,
        mut read: impl FnMut(&mut Reader<'_>) -> T,
    ) -> Vec<T> {
        let Some(value) = self.once(name) else {
            return Vec::new();
        };
        let Some(entries) = value.as_array() else {
            self.broken(name, Rule::Array);
            return Vec::new();
        };
        if entries.len() > max_items {
            self.broken(name, Rule::MaxItems(max_items));
            return Vec::new();
        }
        let mut made = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let Some(fields) = entry.as_object() else {
                self.broken(format!("{name}.{at}"), Rule::Array);
                continue;
            };
            let input = self.input.with(fields.clone());
            let mut reader = Reader::new(&input);
            made.push(read(&mut reader));
            for (field, rule) in reader.invalid.problems() {
                self.broken(format!("{name}.{at}.{field}"), rule.clone());
            }
        }
        made
    }

    /// A list of texts, without repetitions.
    pub fn list(&mut self, name: &str, max_items: usize, max: usize) -> Option<Vec<String>> {
        let Some(entries) = self.once(name)?.as_array() else {
            self.broken(name, Rule::Array);
            return None;
        };
        if entries.len() > max_items {
            self.broken(name, Rule::MaxItems(max_items));
            return None;
        }
        let mut texts: Vec<String> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            match entry.as_str() {
                Some(text) if text.chars().count() > max => {
                    self.broken(format!("{name}.{at}"), Rule::Max(max))
                }
                Some("") => self.broken(format!("{name}.{at}"), Rule::Required),
                Some(text) if text.contains('\0') => {
                    self.broken(format!("{name}.{at}"), Rule::String)
                }
                Some(text) if texts.iter().any(|known| known == text) => {}
                Some(text) => texts.push(text.to_owned()),
                None => self.broken(format!("{name}.{at}"), Rule::String),
            }
        }
        Some(texts)
    }

    /// A list of whole numbers, such as ids, without repetitions.
    pub fn integers(&mut self, name: &str, max_items: usize) -> Option<Vec<i64>> {
        let Some(entries) = self.once(name)?.as_array() else {
            self.broken(name, Rule::Array);
            return None;
        };
        if entries.len() > max_items {
            self.broken(name, Rule::MaxItems(max_items));
            return None;
        }
        let mut numbers: Vec<i64> = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let number = match entry {
                Json::Number(number) => number.as_i64(),
                Json::String(text) => text.trim().parse().ok(),
                _ => None,
            };
            match number {
                Some(number) if numbers.contains(&number) => {}
                Some(number) => numbers.push(number),
                None => self.broken(format!("{name}.{at}"), Rule::Integer),
            }
        }
        Some(numbers)
    }

    /// A moment after `now`: `2030-01-31`, `2030-01-31 12:00:00` or RFC 3339, in UTC.
    pub fn future(&mut self, name: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let text = self.optional_text(name, LINE)?;
        // A leap second is a moment that no column keeps.
        let is_kept = |moment: &DateTime<Utc>| moment.nanosecond() < 1_000_000_000;
        let read = moment(&text).filter(|moment| *moment > now && is_kept(moment));
        if read.is_none() {
            self.broken(name, Rule::FutureDate);
        }
        read
    }

    /// Whether a field is there at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.input.get(name).is_some()
    }

    /// Whether a field was sent, be it null or empty: a `PATCH` leaves the others as they are.
    pub fn is_sent(&self, name: &str) -> bool {
        self.input.is_sent(name)
    }

    /// A required field of a kind that has no default is not there.
    pub(crate) fn missing(&mut self, name: &str) {
        if !self.is_broken(name) {
            self.broken(name, Rule::Required);
        }
    }

    /// Abilities that were asked for where none can be chosen: a reserved one is refused aloud,
    /// in whatever form it comes. Once: a body has room for thousands of them, and for names of
    /// their places that are as long as itself.
    pub(crate) fn no_reserved_abilities(&mut self, reserved: &[String]) {
        let Some(asked) = self.input.get("abilities") else {
            return;
        };
        let of_entry =
            |(at, entry)| Some((format!("abilities.{at}"), reserved_in(entry, reserved)?));
        let found = match asked {
            Json::Array(entries) => entries.iter().enumerate().find_map(of_entry),
            other => reserved_in(other, reserved).map(|ability| ("abilities".to_owned(), ability)),
        };
        if let Some((name, ability)) = found {
            self.broken(name, Rule::Reserved(ability.to_owned()));
        }
    }

    /// Another rule that a caller found broken.
    pub fn broken(&mut self, name: impl Into<String>, rule: Rule) {
        self.invalid.add(name, rule);
    }

    /// All was well.
    ///
    /// # Errors
    /// Everything that was not.
    pub fn finish(self) -> Result<()> {
        Ok(self.invalid.into_result()?)
    }

    fn required(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<String>) -> String {
        match read(self) {
            Some(text) => text,
            None => {
                if !self.is_broken(name) {
                    self.broken(name, Rule::Required);
                }
                String::new()
            }
        }
    }

    /// A text as it was sent. PostgreSQL cannot keep a NUL, and nobody means one.
    fn untrimmed(&mut self, name: &str) -> Option<&'a str> {
        let text = self
            .once(name)?
            .as_str()
            .filter(|text| !text.contains('\0'));
        if text.is_none() {
            self.broken(name, Rule::String);
        }
        text
    }

    fn once(&mut self, name: &str) -> Option<&'a Json> {
        if self.input.is_twice(name) {
            self.broken(name, Rule::Duplicate);
            return None;
        }
        self.input.get(name)
    }

    /// Whether something is wrong with a field so far.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        self.invalid
            .problems()
            .iter()
            .any(|(field, _)| field == name)
    }
}

/// The first reserved ability anywhere in a value.
fn reserved_in<'a>(value: &'a Json, reserved: &[String]) -> Option<&'a str> {
    match value {
        Json::String(text) => reserved.contains(text).then_some(text),
        Json::Array(entries) => entries
            .iter()
            .find_map(|entry| reserved_in(entry, reserved)),
        Json::Object(fields) => fields
            .values()
            .find_map(|field| reserved_in(field, reserved)),
        _ => None,
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let of_naive = |naive: NaiveDateTime| naive.and_utc();
    DateTime::parse_from_rfc3339(text)
        .map(|moment| moment.with_timezone(&Utc))
        .ok()
        .or_else(|| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
                .ok()
                .map(of_naive)
        })
        .or_else(|| {
            NaiveDate::parse_from_str(text, "%Y-%m-%d")
                .ok()?
                .and_hms_opt(0, 0, 0)
                .map(of_naive)
        })
}
