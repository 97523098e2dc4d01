//! Fields and filters that several rooms read.

use std::collections::BTreeMap;

use adyton::{Invalid, Reader, Result, Rule};

/// Filters by name, as `Query::filters` gives them.
pub type Filters = BTreeMap<&'static str, String>;

/// The largest id that a column keeps.
pub const IDS: std::ops::RangeInclusive<i64> = 1..=i64::MAX;

/// One of some words; it must be there.
pub fn choice(read: &mut Reader<'_>, name: &str, words: &[&'static str]) -> &'static str {
    let sent = read.text(name, 32);
    let known = words.iter().find(|word| **word == sent);
    if known.is_none() && !sent.is_empty() {
        read.broken(name, Rule::In);
    }
    known.copied().unwrap_or_default()
}

/// A filter that is one of some words.
pub fn chosen(
    filters: &Filters,
    name: &str,
    words: &[&'static str],
) -> Result<Option<&'static str>> {
    let Some(sent) = filters.get(name) else {
        return Ok(None);
    };
    match words.iter().find(|word| *word == sent) {
        Some(word) => Ok(Some(word)),
        None => Err(refused(name, Rule::In)),
    }
}

/// A filter that is a whole number.
pub fn number(filters: &Filters, name: &str) -> Result<Option<i64>> {
    let number = filters.get(name).map(|sent| sent.parse());
    number.transpose().map_err(|_| refused(name, Rule::Integer))
}

/// A filter that is yes or no.
pub fn yes(filters: &Filters, name: &str) -> Result<Option<bool>> {
    match filters.get(name).map(String::as_str) {
        None => Ok(None),
        Some("1" | "true") => Ok(Some(true)),
        Some("0" | "false") => Ok(Some(false)),
        Some(_) => Err(refused(name, Rule::Boolean)),
    }
}

fn refused(name: &str, rule: Rule) -> adyton::Error {
    Invalid::field(format!("filter.{name}"), rule).into()
}
