//! What a section tells its visitor: a key, the field behind it, one sentence.

use toml::de::DeValue;

use super::words::Word;

/// Walks over the settings, in the order of the reference page.
pub(super) trait Visit {
    /// The following settings belong to this section.
    fn section(&mut self, name: &'static str, help: &'static str);

    /// A setting. An empty key is the entry itself.
    fn setting(&mut self, key: &'static str, setting: &mut dyn Setting, help: &'static str);

    /// A table whose keys the user makes up.
    fn entries(&mut self, key: &'static str, entries: &mut dyn Entries, help: &'static str);
}

/// A table whose keys the user makes up.
pub(super) trait Entries {
    /// Why an entry may not have this name.
    fn refusal(&self, name: &str) -> Option<&'static str>;

    /// Visits an entry, which is made if it is missing.
    fn visit(&mut self, name: &str, v: &mut dyn Visit);

    /// The keys of an entry that variables may set, too; none where only the file can.
    fn keys(&self) -> &'static [&'static str] {
        &[]
    }
}

/// What a source holds for a setting.
#[derive(Clone, Copy)]
pub(super) enum Given<'a> {
    /// A variable's or a flag's text.
    Text(&'a str),
    /// The file's value.
    Toml(&'a DeValue<'a>),
}

impl Given<'_> {
    /// What came, for a sentence. Lists and tables are not spelled out: they may hold secrets.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Toml(DeValue::String(text)) => quoted(text),
            Self::Toml(DeValue::Integer(number)) => format!("the number {number}"),
            Self::Toml(DeValue::Float(number)) => format!("the number {number}"),
            Self::Toml(DeValue::Boolean(boolean)) => boolean.to_string(),
            Self::Toml(DeValue::Datetime(_)) => "a date".to_owned(),
            Self::Toml(DeValue::Array(_)) => "a list".to_owned(),
            Self::Toml(DeValue::Table(_)) => "a table".to_owned(),
        }
    }
}

fn quoted(text: &str) -> String {
    let end = if text.chars().nth(60).is_some() {
        "…"
    } else {
        ""
    };
    format!("{:?}{end}", text.chars().take(60).collect::<String>())
}

/// A value was not understood: what came.
pub(super) struct Misread(pub(super) String);

/// A field that can be set.
pub(super) trait Setting {
    /// Takes what a source holds, or leaves the field as it was.
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread>;

    /// What a right value looks like, for a sentence after "expected".
    fn expects(&self) -> String;

    /// The value as a variable would hold it; a secret is not shown.
    fn shown(&self) -> String;

    /// Whether what came must never be shown.
    fn is_secret(&self) -> bool {
        false
    }
}

fn read<T: Word>(given: Given<'_>) -> Result<T, Misread> {
    let value = match given {
        Given::Text(text) => T::parse(text),
        Given::Toml(value) => T::from_toml(value),
    };
    value.ok_or_else(|| Misread(given.described()))
}

impl<T: Word> Setting for T {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        *self = read(given)?;
        Ok(())
    }

    fn expects(&self) -> String {
        T::expects()
    }

    fn shown(&self) -> String {
        Word::shown(self)
    }

    fn is_secret(&self) -> bool {
        T::SECRET
    }
}

/// An empty text is nothing, so that a variable can take back what the file says.
impl<T: Word> Setting for Option<T> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        *self = if is_empty(given) {
            None
        } else {
            Some(read(given)?)
        };
        Ok(())
    }

    fn expects(&self) -> String {
        T::expects()
    }

    fn shown(&self) -> String {
        self.as_ref().map(Word::shown).unwrap_or_default()
    }

    fn is_secret(&self) -> bool {
        T::SECRET
    }
}

pub(super) fn is_empty(given: Given<'_>) -> bool {
    match given {
        Given::Text(text) => text.trim().is_empty(),
        Given::Toml(value) => value.as_str().is_some_and(|text| text.trim().is_empty()),
    }
}

/// A list is comma separated where there is only text.
impl<T: Word> Setting for Vec<T> {
    fn set(&mut self, given: Given<'_>) -> Result<(), Misread> {
        *self = match given {
            Given::Text(text) => {
                let items = text
                    .split(',')
                    .map(str::trim)
                    .filter(|item| !item.is_empty());
                items
                    .map(|item| read(Given::Text(item)))
                    .collect::<Result<_, _>>()?
            }
            Given::Toml(DeValue::Array(items)) => {
                let items = items.iter().map(|item| read(Given::Toml(item.get_ref())));
                items.collect::<Result<_, _>>()?
            }
            Given::Toml(_) => return Err(Misread(given.described())),
        };
        Ok(())
    }

    fn expects(&self) -> String {
        format!("a list, each {}", T::expects())
    }

    fn shown(&self) -> String {
        self.iter().map(Word::shown).collect::<Vec<_>>().join(",")
    }

    fn is_secret(&self) -> bool {
        T::SECRET
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::config::load::loaded;
    use crate::config::{Config, CsrfMode, Limit, Locale};

    fn from_both(key: &str, toml: &str, text: &str) -> [Config; 2] {
        let (section, name) = key
            .rsplit_once('.')
            .map_or(("", key), |(section, name)| (section, name));
        let section = if section.is_empty() {
            String::new()
        } else {
            format!("[{section}]")
        };
        let variable = format!("ADYTON_{}", key.replace('.', "_").to_uppercase());
        let file = loaded(&format!("{section}\n{name} = {toml}"), &[]);
        let environment = loaded("", &[(&variable, text)]);
        [
            file.expect("a right file"),
            environment.expect("a right variable"),
        ]
    }

    #[test]
    fn each_kind_is_read_from_the_file_and_from_a_variable() {
        for config in from_both("debug", "true", "1") {
            assert!(config.debug);
        }
        for config in from_both("locale", "'es'", " es ") {
            assert_eq!(config.locale, Locale::Es);
        }
        for config in from_both("csrf.mode", "'laravel13'", "laravel13") {
            assert_eq!(config.csrf.mode, CsrfMode::Laravel13);
        }
        for config in from_both("hashing.memory_kib", "0x1_000", "4096") {
            assert_eq!(config.hashing.memory_kib, 4096);
        }
        for config in from_both("throttle.me", "'7/90s'", "7/90s") {
            assert_eq!(config.throttle.me, Limit::new(7, Duration::from_secs(90)));
        }
        for config in from_both("guard.memory", "0", "0") {
            assert_eq!(config.guard.memory, Duration::ZERO);
        }
        for config in from_both("http.body_limit", "'2MiB'", "2097152") {
            assert_eq!(config.http.body_limit, 2 * 1024 * 1024);
        }
        for config in from_both("key", "'base64:abc'", "base64:abc\n") {
            assert_eq!(
                config.key.map(|key| key.expose().clone()).as_deref(),
                Some("base64:abc")
            );
        }
    }

    #[test]
    fn a_list_is_comma_separated_in_a_variable() {
        for config in from_both("stateful.origins", "['a', 'b']", "a, b,") {
            assert_eq!(config.stateful.origins, ["a", "b"]);
        }
        for config in from_both("tokens.grantable", "[]", "") {
            assert!(config.tokens.grantable.is_empty());
        }
        let networks = "['10.1.2.3/8', '::1', '192.0.2.1']";
        for config in from_both("http.trusted_proxies", networks, "10.1.2.3/8,::1,192.0.2.1") {
            let shown: Vec<_> = config
                .http
                .trusted_proxies
                .iter()
                .map(ToString::to_string)
                .collect();
            assert_eq!(shown, ["10.0.0.0/8", "::1/128", "192.0.2.1/32"]);
        }
    }

    #[test]
    fn a_plain_expiration_is_minutes_and_zero_is_for_ever() {
        let hour = Some(Duration::from_secs(60 * 60));
        for (toml, text, expected) in [
            ("60", "60", hour),
            ("'1h'", "60m", hour),
            ("'60'", " 60 ", hour),
            ("0", "0", None),
            ("''", "", None),
        ] {
            for config in from_both("tokens.expiration", toml, text) {
                assert_eq!(config.tokens.expiration, expected, "{toml}");
            }
        }
    }

    #[test]
    fn an_empty_variable_takes_back_what_the_file_says() {
        let file = "public_url = 'https://app.example.com'";
        let config = loaded(file, &[("ADYTON_PUBLIC_URL", "")]).expect("right settings");
        assert_eq!(config.public_url, None);
    }

    fn assert_refused(name: &str, value: &str, expected: &str) {
        let problem = loaded("", &[(name, value)]).expect_err("a wrong value");
        let ends = format!(" is {value:?}; expected {expected}");
        assert!(
            problem.starts_with(&format!("{name}: `")) && problem.ends_with(&ends),
            "{problem}"
        );
    }

    #[test]
    fn a_wrong_value_is_told_with_what_came_and_what_is_expected() {
        let duration = "a duration such as 60m, 12h or 30d";
        assert_refused("ADYTON_HASHING_WAIT", "5", duration);
        assert_refused("ADYTON_HASHING_QUEUE", "many", "a whole number");
        assert_refused(
            "ADYTON_THROTTLE_LOGIN",
            "5",
            "a number and a window such as 5/1m",
        );
        assert_refused("ADYTON_LOCALE", "de", "en or es");
        assert_refused(
            "ADYTON_LOG_LEVEL",
            "loud",
            "error, warn, info, debug or trace",
        );
        let sizes = "a number of bytes such as 65536, 64KiB or 2MiB";
        assert_refused("ADYTON_HTTP_BODY_LIMIT", "1GB", sizes);
        let minutes = format!("a number of minutes, or {duration}");
        assert_refused("ADYTON_TOKENS_EXPIRATION", "soon", &minutes);
    }

    #[test]
    fn a_value_out_of_its_bounds_is_told_with_them() {
        assert_refused(
            "ADYTON_DATABASE_MAX_CONNECTIONS",
            "0",
            "a whole number, at least 1",
        );
        let duration = "a duration such as 60m, 12h or 30d, at least 1s";
        assert_refused("ADYTON_SESSION_LIFETIME", "0", duration);
        let address = "an address such as https://app.example.com";
        assert_refused("ADYTON_PUBLIC_URL", "app.example.com", address);
        let cookie = "a cookie name: letters, digits, dots, _ and -";
        assert_refused("ADYTON_SESSION_COOKIE", "a=b", cookie);
        assert_refused(
            "ADYTON_WIRE_HOME",
            "//a.example",
            "a path such as /home, or an address",
        );
    }

    #[test]
    fn of_a_wrong_list_the_wrong_item_is_told() {
        let text = "[http]\ntrusted_proxies = [\n '10.0.0.0/8',\n '10.0.0.0/99',\n]";
        let problem = loaded(text, &[]).expect_err("a wrong network");
        let start =
            "adyton.toml, line 2: `http.trusted_proxies` is \"10.0.0.0/99\"; expected a list";
        assert!(problem.starts_with(start), "{problem}");
    }
}
