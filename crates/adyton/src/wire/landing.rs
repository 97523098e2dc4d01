//! The page that a mailed link leads to: it shows what the link would do, and a button does it.
//! Programs that open every link in a mail look at the page, and nothing has happened.

use std::sync::LazyLock;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value as Json, json};

use super::{Ask, escaped};
use crate::crypto::secret::sha256;
use crate::validate::Invalid;

/// What a link would do.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Landing {
    /// The key of its sentences: `landing.KEY_title`, `landing.KEY_text`, `landing.KEY_button`.
    pub key: &'static str,
    /// Where the button posts to; it is the page's own address where this is empty.
    pub action: String,
    /// What the form holds beside the button.
    pub fields: Vec<LandingField>,
    /// What the text says in its places: `:email` and the like.
    pub facts: Vec<(&'static str, String)>,
    /// What was wrong with the form when it was posted.
    pub invalid: Option<Invalid>,
    /// Whether the link was found to be alive. A page that shows its form for every link, so that
    /// nobody learns anything from it, does not say so.
    pub is_alive: bool,
}

/// A field of the form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LandingField {
    /// A value that goes along.
    Hidden(&'static str, String),
    /// A new password, by its name.
    NewPassword(&'static str),
}

impl Landing {
    /// A page with a button alone.
    pub fn new(key: &'static str) -> Self {
        Self {
            key,
            action: String::new(),
            fields: Vec::new(),
            facts: Vec::new(),
            invalid: None,
            is_alive: true,
        }
    }

    /// What a script is told: that the link is alive, if that is known, and the facts.
    pub(super) fn to_json(&self) -> Json {
        let mut body = match self.is_alive {
            true => json!({ "valid": true }),
            false => json!({}),
        };
        for (name, value) in &self.facts {
            body[*name] = value.as_str().into();
        }
        body
    }

    /// The page.
    pub(super) fn page(&self, ask: &Ask) -> Response {
        let say = |part: &str| {
            let facts = self
                .facts
                .iter()
                .map(|(name, value)| (*name, value.as_str()));
            let facts: Vec<(&str, &str)> = facts.collect();
            ask.text(&format!("landing.{}_{part}", self.key), &facts)
        };
        let action = match self.action.is_empty() {
            true => String::new(),
            false => format!(" action=\"{}\"", escaped(&self.action)),
        };
        let fields: String = self
            .fields
            .iter()
            .map(|field| field.html(self, ask))
            .collect();
        let wrong = self.other_problems(ask);
        let (text, button) = (escaped(&say("text")), escaped(&say("button")));
        let body = format!(
            "<p>{text}</p>\n{wrong}<form method=\"post\"{action}>\n{fields}\
             <button type=\"submit\">{button}</button>\n</form>\n"
        );
        let status = match self.invalid {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        };
        page(ask, status, &say("title"), &body)
    }
}

impl Landing {
    /// What was wrong with anything but the fields that are shown.
    fn other_problems(&self, ask: &Ask) -> String {
        let is_shown = |name: &str| {
            let shows = |field: &LandingField| matches!(field, LandingField::NewPassword(shown) if *shown == name);
            self.fields.iter().any(shows)
        };
        let problems = self.invalid.iter().flat_map(Invalid::problems);
        let others = problems.filter(|(field, _)| !is_shown(field));
        let said: Vec<String> = others
            .map(|(field, rule)| escaped(&ask.broken(field, rule)))
            .collect();
        match said.is_empty() {
            true => String::new(),
            false => format!(
                "<p class=\"wrong\" role=\"alert\">{}</p>\n",
                said.join("<br>")
            ),
        }
    }
}

impl LandingField {
    fn html(&self, landing: &Landing, ask: &Ask) -> String {
        match self {
            LandingField::Hidden(name, value) => {
                let value = escaped(value);
                format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
            }
            LandingField::NewPassword(name) => {
                let label = escaped(&ask.text(&format!("landing.{name}"), &[]));
                let wrong = problems(landing, name, ask);
                let described = match wrong.is_empty() {
                    true => String::new(),
                    false => format!(" aria-invalid=\"true\" aria-describedby=\"{name}_wrong\""),
                };
                format!(
                    "<label for=\"{name}\">{label}</label>\n<input id=\"{name}\" name=\"{name}\" \
                     type=\"password\" autocomplete=\"new-password\" required{described}>\n{wrong}"
                )
            }
        }
    }
}

/// What was wrong with a field, for people and for screen readers.
fn problems(landing: &Landing, name: &str, ask: &Ask) -> String {
    let Some(invalid) = &landing.invalid else {
        return String::new();
    };
    let broken = invalid.problems().iter().filter(|(field, _)| field == name);
    let said: Vec<String> = broken
        .map(|(field, rule)| escaped(&ask.broken(field, rule)))
        .collect();
    match said.is_empty() {
        true => String::new(),
        false => format!(
            "<p class=\"wrong\" role=\"alert\" id=\"{name}_wrong\">{}</p>\n",
            said.join("<br>")
        ),
    }
}

/// A page that says that something was done, and leads on.
pub(super) fn told(ask: &Ask, sentence: &str) -> Response {
    leading_on(ask, (StatusCode::OK, "landing.done"), ("status", sentence))
}

/// A page for whoever is back from a provider and did not get where they wanted, with a way home.
pub(super) fn not_let_in(ask: &Ask, status: StatusCode, sentence: &str) -> Response {
    leading_on(ask, (status, "landing.not_let_in"), ("alert", sentence))
}

fn leading_on(
    ask: &Ask,
    (status, title): (StatusCode, &str),
    (role, sentence): (&str, &str),
) -> Response {
    let (sentence, home) = (escaped(sentence), escaped(&ask.home));
    let on = escaped(&ask.text("landing.go_on", &[]));
    let body = format!("<p role=\"{role}\">{sentence}</p>\n<p><a href=\"{home}\">{on}</a></p>\n");
    page(ask, status, &ask.text(title, &[]), &body)
}

/// A page for whoever opened a link that does nothing any more. Laravel's sentence is for scripts.
pub(super) fn dead(ask: &Ask, status: StatusCode) -> Response {
    let text = escaped(&ask.text("landing.dead_text", &[]));
    let body = format!("<p role=\"alert\">{text}</p>\n");
    page(ask, status, &ask.text("landing.dead_title", &[]), &body)
}

/// Legible on a phone and in the dark, and the same without it.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:24px 16px;font:16px/1.5 system-ui,sans-serif}\
main{max-width:32rem;margin:0 auto}\
label{display:block;font-weight:600}\
input{box-sizing:border-box;width:100%;margin:4px 0 16px;padding:12px;font:inherit}\
button{padding:12px 20px;border:0;border-radius:8px;background:#1d4ed8;color:#fff;font:inherit;font-weight:600}\
button:focus-visible,input:focus-visible,a:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}\
p{overflow-wrap:anywhere}\
.wrong{margin:-8px 0 16px;color:#b91c1c}\
@media (prefers-color-scheme:dark){.wrong{color:#fca5a5}}";

/// The page's own style, and nothing else from anywhere.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = BASE64.encode(sha256(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base64 and words")
});

/// A page of our own. Its address holds a secret, which must not travel on as a referrer.
fn page(ask: &Ask, status: StatusCode, title: &str, body: &str) -> Response {
    let (language, title) = (ask.texts.language(), escaped(title));
    let html = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{body}</main>\n\
         </body>\n</html>\n"
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    let no_referrer = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, no_referrer);
    response
}
