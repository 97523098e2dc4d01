//! `[passwords]`: what a new password must be.

use std::time::Duration;

use super::adapters::{at_least, checked};
use super::production;
use super::setting::Visit;
use super::values::BreachCheck;

/// `[passwords]`: what a new password must be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Passwords {
    /// The shortest new password, in characters.
    pub min_length: usize,
    /// The shortest new password of somebody with a second factor, in characters.
    pub min_length_with_second_factor: usize,
    /// Whether a password on the built-in list of common ones is refused.
    pub refuse_common: bool,
    /// Further words that a password must not be made of, such as the product's other names.
    pub context_words: Vec<String>,
    /// Where a new password is looked up among those that leaked.
    pub breach_check: BreachCheck,
    /// The file of leaked passwords, for `breach_check = "file"`.
    pub breach_file: Option<String>,
    /// The service for `breach_check = "service"`: five digits are put behind it.
    pub breach_url: String,
    /// How long a look-up may take; after that the password counts as not leaked.
    pub breach_timeout: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            min_length: 15,
            min_length_with_second_factor: 8,
            refuse_common: true,
            context_words: Vec::new(),
            breach_check: BreachCheck::Off,
            breach_file: None,
            breach_url: "https://api.pwnedpasswords.com/range/".to_owned(),
            breach_timeout: Duration::from_secs(2),
        }
    }
}

impl Passwords {
    /// The shortest new password. A second factor never asks for a longer one.
    pub(crate) fn least(&self, has_second_factor: bool) -> usize {
        if has_second_factor {
            self.min_length.min(self.min_length_with_second_factor)
        } else {
            self.min_length
        }
    }

    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        self.visit_lengths(v);
        let help = "Whether a password on the built-in list of common ones is refused.";
        v.setting("refuse_common", &mut self.refuse_common, help);
        let help = "Further words that a password must not be made of, such as the product's \
                    other names.";
        v.setting("context_words", &mut self.context_words, help);
        self.visit_breach(v);
    }

    fn visit_lengths(&mut self, v: &mut dyn Visit) {
        let min_length = &mut at_least(1, &mut self.min_length);
        v.setting(
            "min_length",
            min_length,
            "The shortest new password, in characters.",
        );
        let min_length = &mut at_least(1, &mut self.min_length_with_second_factor);
        let help = "The shortest new password of somebody with a second factor, in characters.";
        v.setting("min_length_with_second_factor", min_length, help);
    }

    fn visit_breach(&mut self, v: &mut dyn Visit) {
        let help = "Where a new password is looked up among those that leaked.";
        v.setting("breach_check", &mut self.breach_check, help);
        let help = "A file of leaked passwords: SHA-1 in hexadecimal, one a line, sorted, each \
                    perhaps with `:` and a count.";
        v.setting("breach_file", &mut self.breach_file, help);
        let is_url = |url: &String| production::origin(url).is_some();
        let expects = "an address such as https://api.pwnedpasswords.com/range/";
        let url = &mut checked(&mut self.breach_url, is_url, expects);
        let help = "The service that is asked: five digits of the hash are put behind it.";
        v.setting("breach_url", url, help);
        let timeout = &mut at_least(Duration::from_millis(1), &mut self.breach_timeout);
        let help = "How long a look-up may take; after that the password counts as not leaked.";
        v.setting("breach_timeout", timeout, help);
    }
}
