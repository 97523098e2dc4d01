//! Settings with something of their own: a condition, a secret inside, another way to write them.

use std::time::Duration;

use super::duration;
use super::setting::{Given, Misread, Setting, is_empty};
use super::words::{Word, integer};

/// A setting with a condition of its own.
pub(super) struct Checked<'a, T, F> {
    setting: &'a mut T,
    holds: F,
    expects: String,
}

/// A setting that also must fulfil a condition.
pub(super) fn checked<'a, T, F: Fn(&T) -> bool>(
    setting: &'a mut T,
    holds: F,
    expects: impl Into<String>,
) -> Checked<'a, T, F> {
    Checked {
        setting,
        holds,
        expects: expects.into(),
    }
}

/// A setting with a smallest value.
pub(super) fn at_least<T: Word + PartialOrd>(
    least: T,
    setting: &mut T,
) -> Checked<'_, T, impl Fn(&T) -> bool> {
    let expects = format!("{}, at least {}", T::expects(), Word::shown(&least));
    checked(setting, move |value| *value >= least, expects)
}

impl<T: Setting + Clone, F: Fn(&T) -> bool> Setting for Checked<'_, T, F> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        let mut value = self.setting.clone();
        value.set(given)?;
        if !(self.holds)(&value) {
            return Err(Misread(given.described()));
        }
        *self.setting = value;
        Ok(())
    }

    fn expects(&self) -> String {
        self.expects.clone()
    }

    fn shown(&self) -> String {
        self.setting.shown()
    }

    fn is_secret(&self) -> bool {
        self.setting.is_secret()
    }
}

/// A setting that holds a secret inside, such as a database's address.
pub(super) struct Concealed<'a, T>(pub(super) &'a mut T);

impl<T: Setting> Setting for Concealed<'_, T> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        self.0.set(given)
    }

    fn expects(&self) -> String {
        self.0.expects()
    }

    fn shown(&self) -> String {
        self.0.shown()
    }

    fn is_secret(&self) -> bool {
        true
    }
}

/// A duration that may also be a plain number of minutes, as Laravel's `sanctum.expiration`; and
/// as there, zero is for ever.
pub(super) struct Minutes<'a>(pub(super) &'a mut Option<Duration>);

impl Setting for Minutes<'_> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        let text = |text: &str| match text.trim().parse() {
            Ok(number) => duration::minutes(number),
            Err(_) => duration::parse(text),
        };
        let value = match given {
            _ if is_empty(given) => Some(Duration::ZERO),
            Given::Text(given) => text(given),
            Given::Toml(value) => match value.as_str() {
                Some(given) => text(given),
                None => integer(value).and_then(duration::minutes),
            },
        };
        let value = value.ok_or_else(|| Misread(given.described()))?;
        *self.0 = Some(value).filter(|value| !value.is_zero());
        Ok(())
    }

    fn expects(&self) -> String {
        "a number of minutes, or a duration such as 60m, 12h or 30d".to_owned()
    }

    fn shown(&self) -> String {
        self.0.shown()
    }
}

/// A size in bytes, which may be written `64KiB`.
pub(super) struct Bytes<'a>(pub(super) &'a mut usize);

const SIZES: [(&str, usize); 3] = [("MiB", 1024 * 1024), ("KiB", 1024), ("", 1)];

impl Setting for Bytes<'_> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        let text = |text: &str| {
            let text = text.trim();
            let (unit, factor) = SIZES.iter().find(|(unit, _)| text.ends_with(unit))?;
            let number: usize = text.strip_suffix(unit)?.trim().parse().ok()?;
            number.checked_mul(*factor)
        };
        let value = match given {
            Given::Text(given) => text(given),
            Given::Toml(value) => value.as_str().map_or_else(|| usize::from_toml(value), text),
        };
        let value = value.filter(|value| *value > 0);
        *self.0 = value.ok_or_else(|| Misread(given.described()))?;
        Ok(())
    }

    fn expects(&self) -> String {
        "a number of bytes such as 65536, 64KiB or 2MiB".to_owned()
    }

    fn shown(&self) -> String {
        let fitting = SIZES
            .iter()
            .find(|(_, factor)| self.0.is_multiple_of(*factor));
        fitting.map_or_else(String::new, |(unit, factor)| {
            format!("{}{unit}", *self.0 / factor)
        })
    }
}
