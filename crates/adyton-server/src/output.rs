//! What is printed: results on standard output, words on standard error, and words for what the
//! library says in facts.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, Write as _};

use adyton::config::{Config, ConfigErrors};
use adyton::db::DbError;
use adyton::{BuildError, Error, Invalid, Rule};
use anyhow::anyhow;
use chrono::{DateTime, Utc};
use clap::Args;
use serde_json::Value as Json;

/// How a result is printed.
#[derive(Args, Clone, Copy)]
pub struct Format {
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Wrong use or settings, in contrast to something that was tried and failed.
#[derive(Debug)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for Wrong {}

/// 2 for wrong use or settings, 1 for all else.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let is_address = matches!(error.downcast_ref(), Some(DbError::Address(_)));
    let is_wrong = error.is::<Wrong>() || error.is::<ConfigErrors>() || error.is::<BuildError>();
    if is_wrong || is_address { 2 } else { 1 }
}

/// What failed, and why.
pub fn described(error: &anyhow::Error) -> String {
    if error.is::<ConfigErrors>() {
        let problems = error.to_string().replace('\n', "\n  ");
        return format!("the settings cannot be used\n  {problems}");
    }
    format!("{error:#}")
}

/// Prints a result. Whoever closes the pipe has read enough.
pub fn print(text: &str) -> anyhow::Result<()> {
    match hand_over(text) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Prints a result that exists nowhere else, such as a new token.
pub fn hand_over(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.is_empty() && !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()
}

/// Prints a result as JSON.
pub fn print_json(value: &Json) -> anyhow::Result<()> {
    print(&format!("{value:#}"))
}

/// Says something to the person. Nobody has to listen.
pub fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

/// A moment for people.
pub fn moment(moment: Option<DateTime<Utc>>, never: &str) -> String {
    moment.map_or_else(
        || never.to_owned(),
        |moment| moment.format("%Y-%m-%d %H:%M:%SZ").to_string(),
    )
}

/// Columns under their headings.
pub fn table(headings: &[&str], rows: Vec<Vec<String>>) -> String {
    let head: Vec<String> = headings.iter().map(|word| (*word).to_owned()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| harmless(cell)).collect())
        .collect();
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max();
    let widths: Vec<usize> = (0..headings.len()).filter_map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        cells.join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Names and their values, one a line.
pub fn card(lines: &[(&str, String)]) -> String {
    let width = lines.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or_default();
    let line = |(name, value): &(&str, String)| format!("{name:width$}  {}", harmless(value));
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Whoever registers chooses a name; it must not be able to steer the operator's terminal.
pub fn harmless(text: &str) -> String {
    let shown = |c: char| match c.is_control() {
        true => c.escape_default().collect(),
        false => c.to_string(),
    };
    text.chars().map(shown).collect()
}

/// A word that agrees with its number.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Puts a refusal or a failure of the library into words.
pub trait InWords<T> {
    /// The same, with an error for people.
    fn in_words(self, config: &Config) -> anyhow::Result<T>;
}

impl<T> InWords<T> for adyton::Result<T> {
    fn in_words(self, config: &Config) -> anyhow::Result<T> {
        self.map_err(|error| in_words(error, config))
    }
}

/// An error of the library, for people.
pub fn in_words(error: Error, config: &Config) -> anyhow::Error {
    match error {
        Error::Invalid(invalid) => anyhow!(broken(&invalid, config)),
        Error::Unavailable(why) | Error::Unexpected(why) => anyhow!(chain(&*why)),
        other => anyhow!(other),
    }
}

/// An error and what caused it, none of it twice.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !said.contains(&words) {
            said = format!("{said}: {words}");
        }
        cause = error.source();
    }
    said
}

/// Every broken rule in words, by what the command line calls the field.
fn broken(invalid: &Invalid, config: &Config) -> String {
    let sentence = |(field, rule): &(String, Rule)| {
        let name = match field.as_str() {
            "password" => "the password".to_owned(),
            "abilities" => "--ability".to_owned(),
            "expires_at" => "--expires".to_owned(),
            field => format!("--{field}"),
        };
        format!("{name} {}", rule_in_words(field, rule, config))
    };
    let sentences: Vec<String> = invalid.problems().iter().map(sentence).collect();
    sentences.join("\n       ")
}

fn rule_in_words(field: &str, rule: &Rule, config: &Config) -> String {
    match rule {
        Rule::Required => "must not be empty".to_owned(),
        Rule::Email => "is not an e-mail address that mail can be sent to".to_owned(),
        Rule::Min(min) => {
            format!("must have at least {min} characters (setting: passwords.min_length)")
        }
        Rule::Max(max) => format!("must have at most {max} characters"),
        Rule::Unique => "belongs to another user already".to_owned(),
        Rule::FutureDate => "must be in the future".to_owned(),
        Rule::Before(end) => format!(
            "must be before {}: this database has no later dates",
            moment(Some(*end), "")
        ),
        Rule::Common => "is one that many people use, and that are tried first \
             (setting: passwords.refuse_common)"
            .to_owned(),
        Rule::Context => "is made of the name, the address or the product's name".to_owned(),
        Rule::Breached => "has leaked somewhere (setting: passwords.breach_check)".to_owned(),
        Rule::In if field == "role" => unknown_role(&config.users.roles),
        other => format!("is not right ({other:?})"),
    }
}

/// A host application's roles are in its own settings, which this command does not read.
fn unknown_role(roles: &[String]) -> String {
    let known = roles.join(", ");
    format!(
        "must be a role that is configured; there are {known}\n  \
         in adyton.toml:      [users] roles = [\"admin\", \"member\"]\n  \
         in the environment:  ADYTON_USERS_ROLES=admin,member\n  \
         for the database of a host application, name the roles that the host has"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings() {
        let rows = vec![
            vec!["1".to_owned(), "Ana".to_owned()],
            vec!["12".to_owned(), "Íñigo".to_owned()],
        ];
        assert_eq!(table(&["ID", "NAME"], rows), "ID  NAME\n1   Ana\n12  Íñigo");
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(harmless("Ana\u{1b}[2J\n"), "Ana\\u{1b}[2J\\n");
        assert_eq!(harmless("Íñigo 李"), "Íñigo 李");
    }
}
