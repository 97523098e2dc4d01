//! The built-in list of passwords that many people use.

use std::sync::LazyLock;

/// One a line, in lower case, sorted by byte: see `assets/README.md`.
const LIST: &str = include_str!("../../assets/common_passwords.txt");

static LINES: LazyLock<Vec<&'static str>> = LazyLock::new(|| LIST.lines().collect());

/// Whether a password, folded to lower case, is on the list. It is compared as a whole: a good
/// password may well have a common one inside.
pub(super) fn is_common(folded: &str) -> bool {
    LINES.binary_search(&folded).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_lower_case_and_long_enough() {
        assert!(LINES.is_sorted_by(|a, b| a < b), "sorted, and none twice");
        for line in LINES.iter() {
            let is_folded = line.bytes().all(|byte| byte.is_ascii_graphic())
                && line.bytes().all(|byte| !byte.is_ascii_uppercase());
            assert!(is_folded && line.len() >= 8, "{line}");
        }
        assert!(LINES.len() >= 10_000);
        // As many as ASVS 6.2.4 asks for, of those that the default length lets through.
        assert!(LINES.iter().filter(|line| line.len() >= 15).count() >= 3_000);
    }

    #[test]
    fn a_password_is_compared_as_a_whole() {
        for listed in ["password", "iloveyou1", "qwertyuiop", "passwordpassword"] {
            assert!(is_common(listed), "{listed}");
        }
        for other in ["", "passwor", "password ", "mypassword at home", "Password"] {
            assert!(!is_common(other), "{other}");
        }
    }
}
