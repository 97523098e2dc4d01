//! What was sent against what is asked: facts by field, no words.

use chrono::{DateTime, Utc};

/// A rule that a value breaks, with its bound. The names are Laravel's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rule {
    /// Missing, null or empty.
    Required,
    /// Not a text.
    String,
    /// Not a whole number.
    Integer,
    /// Not yes or no: `true`, `false`, `1`, `0`, `"1"`, `"0"` and, as Fortify's clients send
    /// it, `"on"`, `"off"`, `"yes"`, `"no"`, `"true"`, `"false"`.
    Boolean,
    /// Not a list.
    Array,
    /// Not an e-mail address that we can deliver to.
    Email,
    /// Longer than so many characters.
    Max(usize),
    /// Shorter than so many characters.
    Min(usize),
    /// A number greater than this.
    MaxNumber(i64),
    /// A number smaller than this.
    MinNumber(i64),
    /// A list with more entries than this.
    MaxItems(usize),
    /// The repetition differs.
    Confirmed,
    /// Somebody has it already.
    Unique,
    /// Not one of those that are allowed.
    In,
    /// Not a date, or one that has passed.
    FutureDate,
    /// A date at or after this one.
    Before(DateTime<Utc>),
    /// An ability that no HTTP request can be given: it is made on the server's command line.
    Reserved(String),
    /// An ability that is not offered.
    NotGrantable(String),
    /// It stands twice in a form.
    Duplicate,
    /// A password that many people use.
    Common,
    /// A password made of what is known of the user or the product.
    Context,
    /// A password that leaked somewhere.
    Breached,
}

/// The rules that were broken, in the order of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid {
    problems: Vec<(String, Rule)>,
}

impl Invalid {
    /// Nothing broken yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// One field, one rule.
    pub fn field(name: impl Into<String>, rule: Rule) -> Self {
        Self {
            problems: vec![(name.into(), rule)],
        }
    }

    /// Adds a broken rule, if it is not there yet. A repetition that differs is told after all
    /// else that is wrong with its field, as Laravel's rules for a password stand.
    pub fn add(&mut self, name: impl Into<String>, rule: Rule) {
        let problem = (name.into(), rule);
        if self.problems.contains(&problem) {
            return;
        }
        let is_repetition =
            |known: &(String, Rule)| known.0 == problem.0 && known.1 == Rule::Confirmed;
        match self.problems.iter().position(is_repetition) {
            Some(at) => self.problems.insert(at, problem),
            None => self.problems.push(problem),
        }
    }

    /// What is broken, in order.
    pub fn problems(&self) -> &[(String, Rule)] {
        &self.problems
    }

    /// `Err` when anything is broken.
    ///
    /// # Errors
    /// Itself.
    pub fn into_result(self) -> Result<(), Invalid> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }
}
