//! Everything in one envelope: `{success, message, data}`, and for failures
//! `{success, message, errors: {code, …}}`.

use axum::response::Response;
use http::StatusCode;
use serde_json::{Value as Json, json};

use super::laravel::{empty, errors_by_field, json as json_response, message, redirect};
use super::{Admitted, Ask, Dialect, Reply};
use crate::crypto::secret::Secret;
use crate::error::Error;
use crate::user::Fields;

/// Speaks in the envelope.
#[derive(Clone, Copy, Debug, Default)]
pub struct Envelope;

impl Dialect for Envelope {
    fn reply(&self, reply: &Reply, ask: &Ask) -> Response {
        let said = |key: &str| ask.text(key, &[]);
        match reply {
            Reply::Empty => empty(StatusCode::NO_CONTENT),
            Reply::Admitted(admitted) => admitted_reply(admitted, ask),
            Reply::Challenged(secret) => challenged_reply(secret.as_ref(), ask),
            Reply::Message(key) => success(StatusCode::OK, said(key), None, None),
            Reply::Accepted(key) => success(StatusCode::ACCEPTED, said(key), None, None),
            Reply::Landing(landing) if !ask.json_reply() => landing.page(ask),
            Reply::Landing(landing) => told(landing.to_json(), ask),
            Reply::Redirect(to) if !ask.json_reply() => redirect(to),
            Reply::Redirect(to) => told(json!({ "redirect": to }), ask),
            Reply::Data(value) => told(profile(value, ask), ask),
            Reply::Created(value, key) => {
                success(StatusCode::CREATED, said(key), Some(value.clone()), None)
            }
            Reply::Page(page) => {
                let meta = json!({
                    "current_page": page.page,
                    "per_page": page.per_page,
                    "last_page": page.last_page(),
                    "total": page.total,
                });
                let items = page.items.iter().map(|item| profile(item, ask)).collect();
                success(StatusCode::OK, said("errors.ok"), Some(items), Some(meta))
            }
        }
    }

    fn error(&self, error: &Error, ask: &Ask) -> Response {
        let mut errors = json!({ "code": code(error) });
        if let Error::Invalid(invalid) = error {
            let by_field = errors_by_field(ask.broken_by_field(invalid, |name| name));
            if let (Json::Object(errors), Json::Object(by_field)) = (&mut errors, by_field) {
                // `code` is the machine's word; a field of that name would hide it.
                errors.extend(by_field.into_iter().filter(|(name, _)| name != "code"));
            }
        }
        let body = json!({ "success": false, "message": message(error, ask, |name| name), "errors": errors });
        json_response(status(error), &body)
    }
}

fn success(
    status: StatusCode,
    message: String,
    data: Option<Json>,
    meta: Option<Json>,
) -> Response {
    let mut body = json!({ "success": true, "message": message });
    if let Some(data) = data {
        body["data"] = data;
    }
    if let Some(meta) = meta {
        body["meta"] = meta;
    }
    json_response(status, &body)
}

fn challenged_reply(secret: Option<&Secret<String>>, ask: &Ask) -> Response {
    let secret = secret.map(|secret| secret.expose().as_str());
    let data = json!({ "two_factor": true, "challenge": secret });
    let said = ask.text("two_factor.required", &[]);
    success(StatusCode::OK, said, Some(data), None)
}

fn admitted_reply(admitted: &Admitted, ask: &Ask) -> Response {
    let (status, key) = match admitted.is_new {
        true => (StatusCode::CREATED, "auth.registered"),
        false => (StatusCode::OK, "auth.logged_in"),
    };
    let user = summary_of(&admitted.user, ask);
    let data = match &admitted.token {
        Some(token) => json!({ "token": token.expose(), "token_type": "Bearer", "user": user }),
        None => json!({ "user": user }),
    };
    success(status, ask.text(key, &[]), Some(data), None)
}

/// A user in few words: `{id, name, email, email_verified}`, and the role of one who has it.
fn summary_of(user: &Fields, ask: &Ask) -> Json {
    let mut summary = Fields::new();
    for name in ["id", "name", "email"].map(|name| ask.field(name)) {
        summary.insert(name.to_owned(), user.get(name).cloned().unwrap_or_default());
    }
    let verified = ask.field("email_verified").to_owned();
    summary.insert(verified, is_verified(user, ask).into());
    if let Some((name, role)) = user.get_key_value(ask.field("role")) {
        summary.insert(name.clone(), role.clone());
    }
    Json::Object(summary)
}

/// A user with everything that is shown, `email_verified` in place of the moment.
fn profile(value: &Json, ask: &Ask) -> Json {
    let Json::Object(fields) = value else {
        return value.clone();
    };
    let (moment, verified) = (ask.field("email_verified_at"), ask.field("email_verified"));
    let renamed = fields.iter().map(|(name, value)| match name == moment {
        true => (verified.to_owned(), is_verified(fields, ask).into()),
        false => (name.clone(), value.clone()),
    });
    Json::Object(renamed.collect())
}

fn is_verified(user: &Fields, ask: &Ask) -> bool {
    user.get(ask.field("email_verified_at"))
        .is_some_and(|moment| !moment.is_null())
}

/// Something that was asked for.
fn told(data: Json, ask: &Ask) -> Response {
    success(StatusCode::OK, ask.text("errors.ok", &[]), Some(data), None)
}

/// Wrong credentials are a 401 here: the envelope's clients are programs that hold tokens.
fn status(error: &Error) -> StatusCode {
    match error {
        Error::WrongCredentials => StatusCode::UNAUTHORIZED,
        other => other.status(),
    }
}

/// One word a status, as the Site's document has `FORBIDDEN`; the finer code is in the header
/// `X-Adyton-Code`.
fn code(error: &Error) -> &'static str {
    match error {
        Error::Unauthenticated(_) => "UNAUTHENTICATED",
        Error::WrongCredentials => "INVALID_CREDENTIALS",
        Error::Forbidden(_) => "FORBIDDEN",
        Error::Social(_) => "FORBIDDEN",
        Error::CsrfMismatch(_) => "CSRF_MISMATCH",
        Error::Unconfirmed => "CONFIRMATION_REQUIRED",
        Error::MailUnconfigured | Error::KeyUnconfigured | Error::PasskeysUnconfigured => {
            "SERVICE_UNAVAILABLE"
        }
        Error::Invalid(invalid) => invalid.code().unwrap_or("VALIDATION_FAILED"),
        Error::Refused(refusal) => refusal.code,
        Error::Throttled(_) | Error::LoginCodeRequired(_) => "TOO_MANY_REQUESTS",
        Error::AlreadyAuthenticated => "ALREADY_AUTHENTICATED",
        Error::Malformed(_) => "BAD_REQUEST",
        Error::TooLarge { .. } => "PAYLOAD_TOO_LARGE",
        Error::UnsupportedBody(_) => "UNSUPPORTED_MEDIA_TYPE",
        Error::NotFound | Error::TwoFactorOff | Error::RouteNotFound => "NOT_FOUND",
        Error::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
        Error::Busy | Error::Unavailable(_) => "SERVICE_UNAVAILABLE",
        Error::Unexpected(_) => "SERVER_ERROR",
    }
}
