//! The one form in which an email address is stored, looked up and counted.
//!
//! Accepts what Laravel's `email` rule accepts (RFC 5321/5322 without comments), less what has led
//! to mail for strangers. Deliberately stricter than Laravel: no quoted local parts, no address
//! literals, no `%`, and ASCII only. Unicode is refused rather than folded, because folding makes
//! one address of two: the Kelvin sign lower-cases to `k`, a full-width `＠` normalises to `@`
//! (CVE-2019-19844, GHSA-7rqj-j65f-68wh). A name with other letters is taken in its ASCII form
//! (`xn--…`); Adyton does not convert it.

use std::fmt;

/// Laravel's `max:255`.
const MAX_LENGTH: usize = 255;
/// A label's length in the domain name system (RFC 1035).
const MAX_LABEL: usize = 63;

/// Why a text is no address we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailProblem {
    /// Nothing was entered.
    Empty,
    /// Over 255 characters.
    TooLong,
    /// A line break, tab or other control character: it could add a header to a mail.
    ControlCharacter,
    /// A character outside ASCII.
    NotAscii,
    /// No `@`.
    NoAt,
    /// More than one `@`.
    SeveralAts,
    /// Nothing before the `@`, or dots at its ends or in a row.
    LocalPart,
    /// A character that may separate, quote or route addresses, or one no address has.
    Character(char),
    /// What follows the `@` is no domain name.
    Domain,
}

impl fmt::Display for EmailProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EmailProblem::Empty => f.write_str("the email address is empty"),
            EmailProblem::TooLong => f.write_str("the email address has over 255 characters"),
            EmailProblem::ControlCharacter => {
                f.write_str("the email address has a control character")
            }
            EmailProblem::NotAscii => {
                f.write_str("the email address has a character outside ASCII")
            }
            EmailProblem::NoAt => f.write_str("the email address has no @"),
            EmailProblem::SeveralAts => f.write_str("the email address has more than one @"),
            EmailProblem::LocalPart => {
                f.write_str("the part before the @ is empty or has misplaced dots")
            }
            EmailProblem::Character(c) => write!(f, "the email address has a {c:?}"),
            EmailProblem::Domain => f.write_str("the part after the @ is no domain name"),
        }
    }
}

impl std::error::Error for EmailProblem {}

/// The canonical form of what somebody entered: without spaces around it, in ASCII lower case.
pub fn canonical(entered: &str) -> Result<String, EmailProblem> {
    let address = entered.trim_matches(' ');
    if address.is_empty() {
        return Err(EmailProblem::Empty);
    }
    if address.len() > MAX_LENGTH {
        return Err(EmailProblem::TooLong);
    }
    if address.chars().any(char::is_control) {
        return Err(EmailProblem::ControlCharacter);
    }
    if !address.is_ascii() {
        return Err(EmailProblem::NotAscii);
    }
    let (local, domain) = address.split_once('@').ok_or(EmailProblem::NoAt)?;
    if domain.contains('@') {
        return Err(EmailProblem::SeveralAts);
    }
    check_local_part(local)?;
    if !is_domain(domain) {
        return Err(EmailProblem::Domain);
    }
    Ok(address.to_ascii_lowercase())
}

/// A dot-atom of RFC 5322, without `%`: relays once took `user%host@relay` apart.
fn check_local_part(local: &str) -> Result<(), EmailProblem> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$&'*+-/=?^_`{|}~".contains(c);
    if let Some(other) = local.chars().find(|c| !is_allowed(*c)) {
        return Err(EmailProblem::Character(other));
    }
    if local.split('.').any(str::is_empty) {
        return Err(EmailProblem::LocalPart);
    }
    Ok(())
}

/// Labels of letters, digits and inner hyphens. One label is enough, as for Laravel.
fn is_domain(domain: &str) -> bool {
    domain.split('.').all(|label| {
        (1..=MAX_LABEL).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_refused(entered: &str, problem: EmailProblem) {
        assert_eq!(canonical(entered), Err(problem), "{entered:?}");
    }

    #[test]
    fn spaces_go_and_letters_become_small() {
        for (entered, expected) in [
            ("mike@example.org", "mike@example.org"),
            ("  Mike@EXAMPLE.org ", "mike@example.org"),
            ("a@b", "a@b"),
            (
                "O'Brien+tag@sub.example.co.uk",
                "o'brien+tag@sub.example.co.uk",
            ),
            (
                "a!#$&'*+-/=?^_`{|}~.b@x-1.example",
                "a!#$&'*+-/=?^_`{|}~.b@x-1.example",
            ),
            ("a@XN--BCHER-KVA.example", "a@xn--bcher-kva.example"),
            ("a@127.0.0.1", "a@127.0.0.1"),
        ] {
            assert_eq!(canonical(entered).as_deref(), Ok(expected));
            assert_eq!(canonical(expected).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn letters_that_only_look_like_ascii_are_refused() {
        for entered in [
            "mi\u{212a}e@example.org",
            "mike@example.org\u{212a}",
            "m\u{131}ke@example.org",
            "\u{fb01}@example.org",
            "mike\u{ff20}example.org",
            "mike\u{fe6b}example.org",
            "mike@exämple.org",
            "mike@example\u{3002}org",
            "\u{2000}mike@example.org",
            "mi\u{200b}ke@example.org",
            "mike@\u{202e}example.org",
        ] {
            assert_refused(entered, EmailProblem::NotAscii);
        }
    }

    #[test]
    fn line_breaks_and_control_characters_are_refused_even_at_the_ends() {
        for entered in [
            "a\r\nBcc: x@b.c",
            "\"a\r\nBcc: x\"@b.c",
            "a@b\n.c",
            "a@b.c\n",
            "\ta@b.c",
            "a@b.c\r\n x",
            "a\0@b.c",
            "a@b\u{7f}.c",
            "a@b\u{85}.c",
        ] {
            assert_refused(entered, EmailProblem::ControlCharacter);
        }
    }

    #[test]
    fn one_entry_is_one_address() {
        for (entered, problem) in [
            ("a@evil.example,b@victim.example", EmailProblem::SeveralAts),
            ("a@evil.example b@victim.example", EmailProblem::SeveralAts),
            ("a@b@c", EmailProblem::SeveralAts),
            ("a,b@c", EmailProblem::Character(',')),
            ("a;b@c", EmailProblem::Character(';')),
            ("a b@c", EmailProblem::Character(' ')),
            ("Mike <mike@c>", EmailProblem::Character(' ')),
            ("<mike@c", EmailProblem::Character('<')),
            ("\"a\"@c", EmailProblem::Character('"')),
            ("a\\b@c", EmailProblem::Character('\\')),
            ("a(x)@c", EmailProblem::Character('(')),
            ("a:b@c", EmailProblem::Character(':')),
            ("a%0ab@c", EmailProblem::Character('%')),
            ("a%victim.example@c", EmailProblem::Character('%')),
            ("a@c>", EmailProblem::Domain),
            ("a@c,d", EmailProblem::Domain),
            ("a@c d", EmailProblem::Domain),
            ("a@c%0ad", EmailProblem::Domain),
        ] {
            assert_refused(entered, problem);
        }
    }

    #[test]
    fn both_sides_of_the_at_have_a_shape() {
        for entered in ["", " ", "   "] {
            assert_refused(entered, EmailProblem::Empty);
        }
        assert_refused("mike", EmailProblem::NoAt);
        for entered in ["@b", ".a@b", "a.@b", "a..b@c"] {
            assert_refused(entered, EmailProblem::LocalPart);
        }
        for domain in [
            "",
            ".",
            "b.",
            ".b",
            "b..c",
            "-b",
            "b-",
            "b-.c",
            "b_c",
            "[127.0.0.1]",
        ] {
            assert_refused(&format!("a@{domain}"), EmailProblem::Domain);
        }
        assert_refused(&format!("a@{}", "b".repeat(64)), EmailProblem::Domain);
    }

    #[test]
    fn an_address_has_at_most_255_characters() {
        let longest = format!("{}@example.org", "a".repeat(243));
        assert_eq!(canonical(&longest), Ok(longest.clone()));
        assert_refused(&format!("a{longest}"), EmailProblem::TooLong);
    }
}
