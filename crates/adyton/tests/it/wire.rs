//! What is said: every reply and every error, in every dialect and language.

mod browsers;
mod errors;
mod faults;
mod hosts;
mod replies;
mod sentences;

use std::time::Duration;

use adyton::config::Config;
use adyton::{
    CsrfMismatch, Envelope, Error, Fields, Forbidden, Invalid, Laravel, Malformed, Overlay, Page,
    Refusal, Reply, Rule, Secret, Throttled, Unauthenticated,
};
use adyton_testing::{Answer, TestApp};
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::DateTime;
use serde_json::json;

fn user() -> Fields {
    let user = json!({ "id": 1, "name": "Ana", "email": "a@b", "email_verified_at": null, "phone": "600" });
    user.as_object().cloned().expect("an object")
}

fn replies() -> Vec<(&'static str, Reply)> {
    let token = || Secret::new("1|x".to_owned());
    vec![
        ("empty", Reply::Empty),
        ("message", Reply::Message("auth.logged_out")),
        ("data", Reply::data(user())),
        (
            "created",
            Reply::Created(json!({ "id": 7, "name": "blog" }), "tokens.created"),
        ),
        ("page", Reply::Page(Page::new(vec![json!(user())], 2, 3, 7))),
        ("page-empty", Reply::Page(Page::new(vec![], 1, 15, 0))),
        ("logged-in", Reply::admitted(user(), false)),
        ("registered", Reply::admitted(user(), true)),
        ("token", Reply::issued(user(), token(), false)),
        ("token-new", Reply::issued(user(), token(), true)),
    ]
}

#[derive(Debug, thiserror::Error)]
#[error("the disk is on fire at /var/lib/secret")]
struct Fire;

fn errors() -> Vec<(&'static str, Error)> {
    let needed = || vec!["admin".to_owned()];
    let mut invalid = Invalid::field("email", Rule::Required);
    invalid.add("name", Rule::Max(255));
    let mut many = invalid.clone();
    many.add("name", Rule::String);
    let until = DateTime::from_timestamp(2_000_000_000, 0).expect("a date");
    let throttled = Throttled::new("login", 5, Duration::from_secs(42), until);
    vec![
        ("unauthenticated", Unauthenticated::TokenExpired.into()),
        ("wrong-credentials", Error::WrongCredentials),
        (
            "ability",
            Forbidden::MissingAbility { needed: needed() }.into(),
        ),
        (
            "session-ability",
            Forbidden::SessionLacksAbility { needed: needed() }.into(),
        ),
        ("role", Forbidden::MissingRole { needed: needed() }.into()),
        ("not-yours", Error::not_yours()),
        ("closed", Forbidden::RegistrationClosed.into()),
        ("https", Forbidden::HttpsRequired.into()),
        ("csrf", CsrfMismatch::TokenMissing.into()),
        ("invalid-one", Invalid::field("email", Rule::Email).into()),
        ("invalid-two", invalid.into()),
        ("invalid-three", many.into()),
        ("invalid-none", Invalid::none().into()),
        ("throttled", Error::Throttled(throttled)),
        ("guest", Error::AlreadyAuthenticated),
        ("json", Malformed::Json { line: 2, column: 7 }.into()),
        (
            "json-twice",
            Malformed::JsonDuplicate("email".to_owned()).into(),
        ),
        ("json-object", Malformed::JsonNotObject.into()),
        ("utf8", Malformed::Utf8.into()),
        ("multipart", Malformed::Multipart.into()),
        ("body", Malformed::Body.into()),
        ("too-large", Error::TooLarge { limit: 65_536 }),
        ("body-kind", Error::UnsupportedBody("text/plain".to_owned())),
        ("not-found", Error::NotFound),
        ("no-route", Error::RouteNotFound),
        (
            "method",
            Error::MethodNotAllowed {
                allowed: "GET,HEAD".to_owned(),
            },
        ),
        (
            "host",
            Refusal::new(409, "SOLD_OUT", "There are no more of these.").into(),
        ),
        (
            "host-field",
            Refusal::field("track_id", "OWN_TRACK", "The :attribute is your own.").into(),
        ),
        ("busy", Error::Busy),
        ("unavailable", Error::unavailable(Fire)),
        ("unexpected", Error::unexpected(Fire)),
    ]
}

async fn said(Path((_, case)): Path<(String, String)>) -> Response {
    let reply = replies().into_iter().find(|(name, _)| *name == case);
    let error = errors().into_iter().find(|(name, _)| *name == case);
    match (reply, error) {
        (Some((_, reply)), _) => reply.into_response(),
        (_, Some((_, error))) => error.into_response(),
        _ => StatusCode::IM_A_TEAPOT.into_response(),
    }
}

async fn app(change: fn(&mut Config)) -> TestApp {
    let overlay = Overlay::new(Laravel)
        .rename("email", "correo")
        .rename("phone", "telefono")
        .text("auth.failed", "No.")
        .text("validation.required", ":attribute?")
        .on_error(|error, ask| match error {
            Error::Unauthenticated(_) => Some((
                StatusCode::FORBIDDEN,
                json!({ "status": "error", "why": ask.message(error) }),
            )),
            _ => None,
        });
    let both = Overlay::new(
        Overlay::new(Envelope)
            .rename("email", "mail")
            .rename("role", "rol"),
    );
    let both = both
        .rename("mail", "correo")
        .rename("email_verified", "verificado");
    TestApp::host(
        |config| {
            config.wire.envelope = vec!["/envelope/*".to_owned()];
            change(config);
        },
        |builder| {
            builder
                .dialect_at("/overlay/*", overlay)
                .dialect_at("/both/*", both)
        },
        |_| Router::new().route("/{dialect}/{case}", get(said)),
    )
    .await
}

fn line(answer: &Answer) -> String {
    let case_specific = answer
        .body
        .replace("/envelope/", "/laravel/")
        .replace("/overlay/", "/laravel/");
    format!("{} {case_specific}", answer.status.as_u16())
        .trim_end()
        .to_owned()
}

/// A row of the table: what all three say, one below the other.
async fn row(app: &TestApp, case: &str) -> String {
    let mut row = format!("{case}\n");
    for dialect in ["laravel", "envelope", "overlay"] {
        let answer = app.anonymous().get(&format!("/{dialect}/{case}")).await;
        row += &format!("  {:9}{}\n", dialect, line(&answer));
    }
    row
}

#[tokio::test]
async fn answers_of_our_own_bring_the_headers_that_guard_them() {
    let app = app(|_| {}).await;
    for path in [
        "/laravel/data",
        "/envelope/data",
        "/laravel/csrf",
        "/overlay/unauthenticated",
        "/nowhere/at/all",
    ] {
        let answer = app.anonymous().get(path).await;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("content-type", "application/json"),
            (
                "vary",
                "Origin, Cookie, Authorization, Accept, Sec-Fetch-Site",
            ),
            ("strict-transport-security", ""),
            ("server", ""),
            ("x-powered-by", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'; frame-ancestors 'none'")
        );
    }
    let wait = app.anonymous().get("/laravel/throttled").await;
    let told = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "retry-after",
        "x-ratelimit-reset",
    ];
    assert_eq!(
        told.map(|name| wait.header(name)),
        ["5", "0", "42", "2000000000"]
    );
    for case in ["busy", "unavailable"] {
        assert_eq!(
            app.anonymous()
                .get(&format!("/laravel/{case}"))
                .await
                .header("retry-after"),
            "1"
        );
    }
}
