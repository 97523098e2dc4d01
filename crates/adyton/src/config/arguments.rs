//! The command line of a host: two settings that one wants to change for a single run.

use super::Sources;
use super::nearest::nearest;

/// Flags and the settings they set.
const FLAGS: [(&str, &str); 2] = [("--listen", "listen"), ("--database", "database.url")];

/// A command line that a host does not understand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ArgumentError(String);

impl Sources {
    /// With what the command line sets, for hosts that need no more: `--listen ADDRESS` and
    /// `--database URL`, or `--listen=ADDRESS`.
    ///
    /// ```
    /// use adyton::config::{Config, Sources};
    ///
    /// let arguments = ["--listen", "127.0.0.1:9000"].map(str::to_owned);
    /// let sources = Sources::default().with_arguments(arguments).expect("both are known");
    /// let config = Config::load(Config::default(), &sources)?;
    /// assert_eq!(config.listen, "127.0.0.1:9000");
    /// # Ok::<(), adyton::config::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    /// A word that is no such flag, a flag without a value, a flag that stands twice.
    pub fn with_arguments(
        mut self,
        arguments: impl IntoIterator<Item = String>,
    ) -> Result<Self, ArgumentError> {
        let mut words = arguments.into_iter();
        while let Some(word) = words.next() {
            let (name, value) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (word.as_str(), None),
            };
            let Some((flag, key)) = FLAGS.iter().find(|(flag, _)| *flag == name) else {
                return Err(unknown(name));
            };
            let value = value.or_else(|| words.next().filter(|value| !value.starts_with("--")));
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                return Err(ArgumentError(format!("{flag} needs a value")));
            };
            if self.flags.iter().any(|(_, _, known)| known == flag) {
                return Err(ArgumentError(format!("{flag} stands twice")));
            }
            self.flags.push((key, value, flag));
        }
        Ok(self)
    }
}

fn unknown(word: &str) -> ArgumentError {
    let flags = FLAGS.map(|(flag, _)| flag);
    let meant = match nearest(word, flags) {
        Some(flag) => format!("did you mean `{flag}`?"),
        None => format!("there are {}", flags.join(", ")),
    };
    ArgumentError(format!("`{word}` is not understood; {meant}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn given(line: &str) -> Result<Sources, ArgumentError> {
        Sources::default().with_arguments(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_flag_wins_over_a_variable() {
        let mut sources = given("--database=sqlite:b.db --listen 127.0.0.1:2").expect("known");
        sources.environment = vec![("ADYTON_LISTEN".to_owned(), "127.0.0.1:1".to_owned())];
        let config = Config::load(Config::default(), &sources).expect("right settings");
        assert_eq!(config.listen, "127.0.0.1:2");
        assert_eq!(config.database.url.as_deref(), Some("sqlite:b.db"));
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for (line, expected) in [
            (
                "--listn 1",
                "`--listn` is not understood; did you mean `--listen`?",
            ),
            (
                "serve",
                "`serve` is not understood; there are --listen, --database",
            ),
            ("--listen", "--listen needs a value"),
            ("--listen --database x", "--listen needs a value"),
            ("--database=", "--database needs a value"),
            ("--listen a:1 --listen a:2", "--listen stands twice"),
        ] {
            assert_eq!(given(line).expect_err(line).to_string(), expected);
        }
    }
}
