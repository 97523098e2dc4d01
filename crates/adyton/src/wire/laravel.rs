//! Laravel's own words: Fortify's and Sanctum's answers, oddities included.

mod habits;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value as Json, json};

use super::{Admitted, Ask, Dialect, Reply, landing};
use crate::crypto::secret::Secret;
use crate::error::{Error, Forbidden, Malformed, SocialRefusal};

/// Speaks as Laravel does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Laravel;

impl Dialect for Laravel {
    fn reply(&self, reply: &Reply, ask: &Ask) -> Response {
        if !ask.json_reply() {
            if let Some(to) = habits::sent_on(reply, ask) {
                return redirect(&to);
            }
            if let (true, Reply::Message(key) | Reply::Accepted(key)) =
                (habits::is_told(ask), reply)
            {
                return landing::told(ask, &ask.text(key, &[]));
            }
        }
        if let Some(response) = habits::said(reply, ask) {
            return response;
        }
        match reply {
            Reply::Empty => empty(StatusCode::NO_CONTENT),
            Reply::Admitted(admitted) => json(status(admitted), &admitted_body(admitted)),
            Reply::Challenged(secret) => json(StatusCode::OK, &challenged_body(secret, ask)),
            Reply::Message(key) => json(StatusCode::OK, &json!({ "message": ask.text(key, &[]) })),
            Reply::Accepted(key) => json(
                StatusCode::ACCEPTED,
                &json!({ "message": ask.text(key, &[]) }),
            ),
            Reply::Landing(landing) if !ask.json_reply() => landing.page(ask),
            Reply::Landing(landing) => json(StatusCode::OK, &landing.to_json()),
            Reply::Redirect(to) if !ask.json_reply() => redirect(to),
            Reply::Redirect(to) => json(StatusCode::OK, &json!({ "redirect": to })),
            Reply::Data(value) => json(StatusCode::OK, value),
            Reply::Created(value, _) => json(StatusCode::CREATED, value),
            Reply::Page(page) => json(StatusCode::OK, &page.to_json()),
        }
    }

    fn error(&self, error: &Error, ask: &Ask) -> Response {
        // Deliberately not Laravel's way for a script, which follows a redirect to a page and
        // takes it for the answer: `wire.guest_redirect` has it.
        let goes_home = !ask.json_reply() || ask.guest_redirect;
        if matches!(error, Error::AlreadyAuthenticated) && goes_home {
            return redirect(&ask.home);
        }
        if matches!(error, Error::Forbidden(Forbidden::LinkInvalid)) && !ask.json_error() {
            return landing::dead(ask, error.status());
        }
        if let (Error::Social(why), false) = (error, ask.json_error())
            && let Some(to) = ask.redirects.get("social.failed")
        {
            return redirect(&with_query(to, "error", why.code()));
        }
        let message = message(error, ask, |name| name);
        if matches!(error, Error::Social(_)) && !ask.json_error() {
            return landing::not_let_in(ask, error.status(), &message);
        }
        if !ask.json_error() {
            return page(error.status(), ask.texts.language(), &message);
        }
        let mut body = json!({ "message": message });
        match error {
            Error::Invalid(invalid) => {
                body["errors"] = errors_by_field(ask.broken_by_field(invalid, |name| name));
            }
            // Laravel reports wrong credentials as a broken rule of the address.
            Error::WrongCredentials => body["errors"] = json!({ ask.field("email"): [message] }),
            _ => {}
        }
        json(error.status(), &body)
    }
}

fn status(admitted: &Admitted) -> StatusCode {
    if admitted.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    }
}

/// Fortify answers a registration with an empty text and a login with whether a second factor is
/// asked; Sanctum's token clients read `token` and `user` at the top level.
fn admitted_body(admitted: &Admitted) -> Json {
    match &admitted.token {
        Some(token) => json!({
            "user": admitted.user, "token": token.expose(), "token_type": "Bearer"
        }),
        None if admitted.is_new => json!(""),
        None => json!({ "two_factor": false }),
    }
}

/// Clients look at `two_factor` alone; BeatPass documents a sentence beside it.
fn challenged_body(secret: &Option<Secret<String>>, ask: &Ask) -> Json {
    let mut body = json!({ "two_factor": true });
    if ask.two_factor_message {
        body["message"] = ask.text("two_factor.required", &[]).into();
    }
    if let Some(secret) = secret {
        body["challenge"] = secret.expose().as_str().into();
    }
    body
}

/// `{field: [sentence, …]}`.
pub(super) fn errors_by_field(by_field: Vec<(&str, Vec<String>)>) -> Json {
    Json::Object(
        by_field
            .into_iter()
            .map(|(name, said)| (name.to_owned(), json!(said)))
            .collect(),
    )
}

/// The sentence that says what happened. For broken rules it is the first one, and how many more
/// there are.
pub(super) fn message<'a>(
    error: &'a Error,
    ask: &Ask,
    field: impl Fn(&'a str) -> &'a str,
) -> String {
    match error {
        Error::Unauthenticated(_) => ask.text("auth.unauthenticated", &[]),
        Error::WrongCredentials => ask.text("auth.failed", &[]),
        Error::Forbidden(why) => forbidden(why, ask),
        Error::Social(why) => ask.text(social(why), &[]),
        Error::CsrfMismatch(_) => ask.text("errors.csrf", &[]),
        Error::Invalid(invalid) => summary(ask, &ask.broken_by_field(invalid, field)),
        Error::Refused(refusal) => ask.text(refusal.says, &[]),
        Error::Throttled(_) => ask.text("errors.throttled", &[]),
        Error::LoginCodeRequired(_) => ask.text("errors.login_code", &[]),
        Error::AlreadyAuthenticated => ask.text("errors.guest", &[]),
        Error::Malformed(what) => malformed(what, ask),
        Error::TooLarge { limit } => ask.text("errors.too_large", &[("limit", &limit.to_string())]),
        Error::UnsupportedBody(_) => ask.text("errors.body_kind", &[]),
        Error::NotFound => ask.text("errors.not_found", &[]),
        Error::TwoFactorOff => ask.text("two_factor.off", &[]),
        Error::RouteNotFound => ask.text("errors.route", &[("path", route(ask))]),
        Error::MethodNotAllowed { allowed } => {
            let (method, path) = (("method", ask.method.as_str()), ("path", route(ask)));
            if allowed.is_empty() {
                return ask.text("errors.method_alone", &[method, path]);
            }
            let allowed = allowed.replace(',', ", ");
            ask.text("errors.method", &[method, path, ("allowed", &allowed)])
        }
        Error::Unconfirmed => ask.text("errors.unconfirmed", &[]),
        Error::MailUnconfigured => ask.text("errors.mail", &[]),
        Error::KeyUnconfigured => ask.text("errors.key", &[]),
        Error::PasskeysUnconfigured => ask.text("errors.passkeys", &[]),
        Error::Busy => ask.text("errors.busy", &[]),
        Error::Unavailable(_) => ask.text("errors.unavailable", &[]),
        Error::Unexpected(_) => ask.text("errors.unexpected", &[]),
    }
}

/// Laravel names a path without its first slash, and the root by it.
fn route(ask: &Ask) -> &str {
    match ask.path.strip_prefix('/') {
        None | Some("") => &ask.path,
        Some(path) => path,
    }
}

fn forbidden(why: &Forbidden, ask: &Ask) -> String {
    let key = match why {
        Forbidden::MissingAbility { .. } | Forbidden::SessionLacksAbility { .. } => {
            "errors.ability"
        }
        Forbidden::RegistrationClosed => "errors.registration_closed",
        Forbidden::HttpsRequired => "errors.https",
        Forbidden::LastWayIn => "errors.last_way_in",
        Forbidden::PasswordRequired => "errors.password_required",
        Forbidden::SessionRequired => "errors.session_required",
        Forbidden::EmailUnverified => "errors.unverified",
        Forbidden::LinkInvalid => "errors.link",
        Forbidden::MissingRole { .. } | Forbidden::NotYours => "errors.forbidden",
    };
    ask.text(key, &[])
}

fn social(why: &SocialRefusal) -> &'static str {
    match why {
        SocialRefusal::StateInvalid => "errors.social_state",
        SocialRefusal::Denied { .. } => "errors.social_denied",
        SocialRefusal::ProviderFailed { .. } => "errors.social_failed",
        SocialRefusal::EmailMissing => "errors.social_email_missing",
        SocialRefusal::EmailUnverified => "errors.social_email_unverified",
        SocialRefusal::AccountExists => "errors.social_account_exists",
        SocialRefusal::LinkedElsewhere => "errors.social_linked_elsewhere",
        SocialRefusal::UserChanged => "errors.social_user_changed",
    }
}

fn malformed(what: &Malformed, ask: &Ask) -> String {
    match what {
        Malformed::Json { line, column } => {
            let (line, column) = (line.to_string(), column.to_string());
            ask.text("errors.json", &[("line", &line), ("column", &column)])
        }
        Malformed::JsonDuplicate(name) => ask.text("errors.json_duplicate", &[("name", name)]),
        Malformed::JsonNotObject => ask.text("errors.json_object", &[]),
        Malformed::Utf8 => ask.text("errors.utf8", &[]),
        Malformed::Multipart => ask.text("errors.multipart", &[]),
        Malformed::Body => ask.text("errors.body", &[]),
    }
}

/// Laravel counts all remaining messages of all fields.
fn summary(ask: &Ask, by_field: &[(&str, Vec<String>)]) -> String {
    let mut all = by_field.iter().flat_map(|(_, said)| said);
    let Some(first) = all.next() else {
        return ask.text("validation.summary_none", &[]);
    };
    match all.count() {
        0 => first.clone(),
        1 => ask.text("validation.summary_one", &[("first", first)]),
        more => {
            let count = more.to_string();
            // The first sentence last: it may hold what somebody sent.
            ask.text(
                "validation.summary_many",
                &[("count", &count), ("first", first)],
            )
        }
    }
}

/// An answer in JSON.
pub(super) fn json(status: StatusCode, body: &Json) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// An answer without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An address with one more word in its query, which must be fit for one.
fn with_query(to: &str, name: &str, value: &str) -> String {
    let (to, fragment) = to
        .split_once('#')
        .map_or((to, None), |(to, end)| (to, Some(end)));
    let mark = if to.contains('?') { '&' } else { '?' };
    let fragment = fragment.map(|end| format!("#{end}")).unwrap_or_default();
    format!("{to}{mark}{name}={value}{fragment}")
}

pub(super) fn redirect(to: &str) -> Response {
    let mut response = empty(StatusCode::FOUND);
    let location = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, location);
    response
}

/// A page for a person's browser: one sentence, nothing that was sent.
fn page(status: StatusCode, language: &str, message: &str) -> Response {
    let (code, message) = (status.as_u16(), escaped(message));
    let body = format!(
        "<!doctype html>\n<html lang=\"{language}\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{code}</title><h1>{code}</h1><p>{message}</p></html>\n"
    );
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// A text as HTML shows it, also inside double quotes.
pub(crate) fn escaped(text: &str) -> String {
    let named = |character| match character {
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '&' => "&amp;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => String::from(other),
    };
    text.chars().map(named).collect()
}
