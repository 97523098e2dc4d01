//! The page of the mailbox for development: what would have been sent, and links to press.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Value as Json, json};

use crate::mail::{DevMailbox, KeptMail};
use crate::user::timestamp;
use crate::wire::escaped;

const PATH: &str = DevMailbox::PATH;

/// No script, nothing from elsewhere: what is shown was written by others.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif}\
main{max-width:720px;margin:0 auto}\
article{border:1px solid #8886;border-radius:8px;padding:12px 16px;margin:0 0 16px}\
h1{font-size:20px}h2{font-size:17px;margin:0 0 4px}\
p{margin:0 0 8px;opacity:.8;overflow-wrap:anywhere}\
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:14px/1.5 ui-monospace,monospace;margin:0 0 8px}\
a{overflow-wrap:anywhere}";

impl DevMailbox {
    /// The mailbox's page: `GET /_dev/mail` for a browser, or as JSON by `Accept`,
    /// `GET /_dev/mail/{id}` for a mail's HTML, `DELETE /_dev/mail` to empty it.
    pub fn routes(&self) -> Router {
        Router::new()
            .route(PATH, get(list).delete(clear))
            .route(&format!("{PATH}/{{id}}"), get(show))
            .with_state(self.clone())
    }
}

async fn list(State(mailbox): State<DevMailbox>, headers: HeaderMap) -> Response {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    let mails = mailbox.kept();
    if accept.is_some_and(|accept| accept.contains("json")) {
        let mails: Vec<Json> = mails.iter().map(in_json).collect();
        return with_kind("application/json", json!({ "mails": mails }).to_string());
    }
    page(index(&mails))
}

async fn show(State(mailbox): State<DevMailbox>, Path(id): Path<u64>) -> Response {
    match mailbox.kept().into_iter().find(|kept| kept.id == id) {
        Some(kept) => page(kept.mail.html),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn clear(State(mailbox): State<DevMailbox>) -> StatusCode {
    mailbox.clear();
    StatusCode::NO_CONTENT
}

fn in_json(kept: &KeptMail) -> Json {
    let mail = &kept.mail;
    json!({
        "id": kept.id,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "links": mail.links(),
        "sent_at": timestamp(mail.date),
    })
}

fn index(mails: &[KeptMail]) -> String {
    let articles: String = mails.iter().map(article).collect();
    let articles = match articles.is_empty() {
        true => "<p>No mail yet.</p>".to_owned(),
        false => articles,
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Mail, for development</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Mail, for development</h1>\n\
         <p>It is kept in memory and sent to nobody. The newest is first.</p>\n\
         {articles}</main>\n</body>\n</html>\n"
    )
}

fn article(kept: &KeptMail) -> String {
    let mail = &kept.mail;
    let (id, date) = (kept.id, mail.date.format("%Y-%m-%d %H:%M:%S UTC"));
    let (subject, to) = (escaped(&mail.subject), escaped(&mail.to));
    // Line by line, so that a link is one.
    let lines = mail.text.lines().map(|line| {
        let shown = escaped(line);
        match line.starts_with("https://") || line.starts_with("http://") {
            true => format!("<a href=\"{shown}\">{shown}</a>\n"),
            false => format!("{shown}\n"),
        }
    });
    let text: String = lines.collect();
    format!(
        "<article>\n<h2>{subject}</h2>\n<p>{to}, {date}</p>\n<pre>{text}</pre>\n\
         <a href=\"{PATH}/{id}\">As HTML</a>\n</article>\n"
    )
}

fn page(html: String) -> Response {
    let mut response = with_kind("text/html; charset=utf-8", html);
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static(POLICY);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    // A link must not be told to whatever it leads to.
    let none = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, none);
    response
}

fn with_kind(kind: &'static str, body: String) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let no_store = HeaderValue::from_static("no-store");
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}
