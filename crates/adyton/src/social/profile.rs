//! What providers say of a person, read as facts. Only an identifier that is theirs for ever says who
//! it is; addresses and names change hands.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value as Json;

use super::Profile;
use crate::email::canonical;

/// As long as the columns.
const LONGEST: usize = 255;

/// What was told, before it is believed.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub subject: String,
    pub email: Option<String>,
    /// Nothing where the provider says neither yes nor no.
    pub is_email_verified: Option<bool>,
    pub name: Option<String>,
    pub authenticated_at: Option<DateTime<Utc>>,
}

impl Told {
    /// The person, unless nobody is named.
    pub(super) fn by(self, issuer: &str, trust_email: bool) -> Result<Profile, String> {
        // An empty one would be everybody's, and one that the column cuts might be another's.
        if self.subject.is_empty() || self.subject.len() > LONGEST {
            return Err("the profile's identifier is empty or has over 255 bytes".to_owned());
        }
        // PostgreSQL takes no NUL, and a fault of the provider's must not become one of ours.
        if self.subject.chars().any(char::is_control) {
            return Err("the profile's identifier has a control character".to_owned());
        }
        let email = self.email.and_then(|email| canonical(&email).ok());
        // A provider that is trusted may still say no.
        let is_proved = self.is_email_verified.unwrap_or(trust_email);
        Ok(Profile {
            issuer: issuer.to_owned(),
            subject: self.subject,
            is_email_verified: email.is_some() && is_proved,
            email,
            name: self.name.as_deref().and_then(clean),
            authenticated_at: self.authenticated_at,
        })
    }
}

/// A name without what has no place in a mail's header.
fn clean(name: &str) -> Option<String> {
    let printed = name.chars().filter(|letter| !letter.is_control());
    let mut cleaned: String = printed.collect::<String>().trim().to_owned();
    while cleaned.len() > LONGEST {
        cleaned.pop();
    }
    (!cleaned.is_empty()).then_some(cleaned)
}

/// `GET /me` of Facebook. It does not say whether an address is proved, and some are not.
#[derive(Deserialize)]
pub(super) struct Facebook {
    id: Json,
    name: Option<String>,
    email: Option<String>,
}

impl From<Facebook> for Told {
    fn from(person: Facebook) -> Self {
        Self {
            subject: identifier(&person.id),
            email: person.email,
            name: person.name,
            ..Self::default()
        }
    }
}

/// `GET /2/users/me` of X.
#[derive(Deserialize)]
pub(super) struct X {
    data: XUser,
}

/// `confirmed_email` may have been confirmed long ago; X promises nothing about it.
#[derive(Deserialize)]
struct XUser {
    id: Json,
    name: Option<String>,
    confirmed_email: Option<String>,
}

impl From<X> for Told {
    fn from(person: X) -> Self {
        Self {
            subject: identifier(&person.data.id),
            email: person.data.confirmed_email,
            name: person.data.name,
            ..Self::default()
        }
    }
}

/// `GET /user` of GitHub. The address in it is the one shown to everybody; it is not read.
#[derive(Deserialize)]
pub(super) struct Github {
    id: Json,
    login: Option<String>,
    name: Option<String>,
}

/// One of `GET /user/emails`.
#[derive(Deserialize)]
pub(super) struct GithubEmail {
    email: String,
    primary: bool,
    verified: bool,
}

impl From<(Github, Vec<GithubEmail>)> for Told {
    fn from((person, emails): (Github, Vec<GithubEmail>)) -> Self {
        let primary = emails.into_iter().find(|email| email.primary);
        Self {
            subject: identifier(&person.id),
            is_email_verified: primary.as_ref().map(|email| email.verified),
            email: primary.map(|email| email.email),
            name: person.name.or(person.login),
            authenticated_at: None,
        }
    }
}

/// An identifier as text; GitHub's are numbers. Nothing else is one.
fn identifier(id: &Json) -> String {
    match id {
        Json::String(text) => text.clone(),
        Json::Number(number) if number.is_u64() => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: serde::de::DeserializeOwned>(json: Json) -> T {
        serde_json::from_value(json).expect("an answer of this shape")
    }

    fn believed(told: impl Into<Told>) -> Profile {
        told.into()
            .by("https://example.com", false)
            .expect("a profile")
    }

    #[test]
    fn facebook_never_proves_an_address() {
        let json =
            json!({ "id": "10", "name": "Ana", "email": "Ana@Example.com", "verified": true });
        let person = believed(read::<Facebook>(json));
        assert_eq!(person.subject, "10");
        assert_eq!(person.email.as_deref(), Some("ana@example.com"));
        assert!(!person.is_email_verified);
    }

    #[test]
    fn x_never_proves_an_address() {
        let json = json!({ "data": {
            "id": "10", "name": "Ana", "username": "ana", "confirmed_email": "ana@example.com",
        } });
        let person = believed(read::<X>(json));
        assert_eq!(person.subject, "10");
        assert_eq!(person.email.as_deref(), Some("ana@example.com"));
        assert!(!person.is_email_verified);
    }

    #[test]
    fn github_proves_the_primary_address_alone() {
        let user =
            || read::<Github>(json!({ "id": 10, "login": "ana", "email": "shown@example.com" }));
        let emails = |verified: bool| {
            read::<Vec<GithubEmail>>(json!([
                { "email": "second@example.com", "primary": false, "verified": true },
                { "email": "ana@example.com", "primary": true, "verified": verified },
            ]))
        };
        let person = believed((user(), emails(true)));
        assert_eq!(person.subject, "10");
        assert_eq!(person.email.as_deref(), Some("ana@example.com"));
        assert_eq!(person.name.as_deref(), Some("ana"));
        assert!(person.is_email_verified);
        assert!(!believed((user(), emails(false))).is_email_verified);
        assert_eq!(believed((user(), Vec::new())).email, None);
    }

    #[test]
    fn a_trusted_provider_proves_any_address_but_none() {
        let told = |email: Option<&str>| Told {
            subject: "10".to_owned(),
            email: email.map(str::to_owned),
            ..Told::default()
        };
        let trusted = |email| {
            told(email)
                .by("https://example.com", true)
                .expect("a profile")
        };
        assert!(trusted(Some("ana@example.com")).is_email_verified);
        assert!(!trusted(None).is_email_verified);
        let denied = Told {
            is_email_verified: Some(false),
            ..told(Some("ana@example.com"))
        };
        let denied = denied.by("https://example.com", true).expect("a profile");
        assert!(!denied.is_email_verified);
        assert!(!trusted(Some("no address")).is_email_verified);
    }

    #[test]
    fn nobody_is_no_person() {
        let control = json!("1\u{0}2");
        for id in [
            json!(""),
            json!(null),
            json!([1]),
            json!(true),
            json!(-1),
            control,
        ] {
            let told = Told::from(read::<Facebook>(json!({ "id": id })));
            told.by("https://example.com", false).expect_err("nobody");
        }
        let long = Told {
            subject: "1".repeat(256),
            ..Told::default()
        };
        long.by("https://example.com", false).expect_err("too long");
    }

    #[test]
    fn a_name_has_no_line_breaks_and_fits() {
        assert_eq!(clean(" Ana\r\nBcc: x ").as_deref(), Some("AnaBcc: x"));
        assert_eq!(clean("\u{7}"), None);
        assert!(clean(&"\u{e9}".repeat(300)).is_some_and(|name| name.len() <= 255));
    }
}
