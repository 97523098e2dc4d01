//! The kinds of single value: each reads a text, may read TOML's own kinds, and says in words
//! what it expects.

use std::net::IpAddr;
use std::time::Duration;

use ipnet::IpNet;
use toml::de::DeValue;

use super::duration;
use super::values::Limit;
use crate::crypto::secret::Secret;

/// A value that fits into one word of text.
pub(super) trait Word: Sized {
    /// Whether it must never be shown.
    const SECRET: bool = false;

    /// What a right value looks like, for a sentence after "expected".
    fn expects() -> String;

    /// Reads what a variable or a flag holds.
    fn parse(text: &str) -> Option<Self>;

    /// Reads what the file holds: a quoted text, unless it says otherwise.
    fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        value.as_str().and_then(Self::parse)
    }

    /// The text that `parse` reads back.
    fn shown(&self) -> String;
}

/// A choice of a few words.
pub(super) trait Choice: Copy + PartialEq + 'static {
    /// Every word and what it stands for.
    const ALL: &[(&str, Self)];
}

impl<T: Choice> Word for T {
    fn expects() -> String {
        let words: Vec<_> = T::ALL.iter().map(|(word, _)| *word).collect();
        match words.as_slice() {
            [some @ .., last] if !some.is_empty() => format!("{} or {last}", some.join(", ")),
            _ => words.concat(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        T::ALL
            .iter()
            .find(|(word, _)| *word == text.trim())
            .map(|(_, value)| *value)
    }

    fn shown(&self) -> String {
        let word = T::ALL
            .iter()
            .find(|(_, value)| value == self)
            .map(|(word, _)| *word);
        word.unwrap_or_default().to_owned()
    }
}

impl Word for bool {
    fn expects() -> String {
        "true or false".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        value.as_bool()
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

/// A whole number of the file. TOML also writes them in base 2, 8 and 16.
pub(super) fn integer(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

impl Word for u32 {
    fn expects() -> String {
        "a whole number".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }

    fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        integer(value).and_then(|number| number.try_into().ok())
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Word for usize {
    fn expects() -> String {
        u32::expects()
    }

    fn parse(text: &str) -> Option<Self> {
        text.trim().parse().ok()
    }

    fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        integer(value).and_then(|number| number.try_into().ok())
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Word for String {
    fn expects() -> String {
        "a text".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }

    fn shown(&self) -> String {
        self.clone()
    }
}

impl Word for Secret<String> {
    const SECRET: bool = true;

    fn expects() -> String {
        "a text".to_owned()
    }

    // A secret often comes out of a file with a line's end.
    fn parse(text: &str) -> Option<Self> {
        Some(Self::new(text.trim().to_owned()))
    }

    fn shown(&self) -> String {
        "…".to_owned()
    }
}

impl Word for Duration {
    fn expects() -> String {
        "a duration such as 60m, 12h or 30d".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        duration::parse(text)
    }

    fn from_toml(value: &DeValue<'_>) -> Option<Self> {
        match value.as_str() {
            Some(text) => duration::parse(text),
            None => integer(value)
                .filter(|number| *number == 0)
                .map(|_| Self::ZERO),
        }
    }

    fn shown(&self) -> String {
        duration::shown(*self)
    }
}

impl Word for Limit {
    fn expects() -> String {
        "a number and a window such as 5/1m".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Word for IpNet {
    fn expects() -> String {
        "a network or an address such as 10.0.0.0/8 or ::1".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let network = text.parse().ok().map(|network: Self| network.trunc());
        network.or_else(|| text.parse::<IpAddr>().ok().map(Self::from))
    }

    fn shown(&self) -> String {
        self.to_string()
    }
}
