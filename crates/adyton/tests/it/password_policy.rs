//! What a new password must be, wherever one is chosen.

mod breach_file;
mod breach_service;
mod context;
mod lengths;
mod lists;
mod operator;

use adyton::config::Config;
use adyton_testing::{Answer, TestApp};
use serde_json::{Value as Json, json};

/// An application that refuses what it refuses by default, but for passwords of eight characters.
async fn app() -> TestApp {
    app_with(|_| {}).await
}

async fn app_with(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::with(|config| {
        config.throttle.enabled = false;
        config.passwords.refuse_common = true;
        change(config);
    })
    .await
}

/// Ana asks for an account with a password, at `/register`.
async fn registered(app: &TestApp, password: &str) -> Answer {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let fields = json!({
        "name": "Ana Ruiz", "email": unique(app).await,
        "password": password, "password_confirmation": password,
    });
    browser.post("/register", fields).await
}

/// Addresses that differ, so that all may register, and whose local part is nobody's password.
async fn unique(app: &TestApp) -> String {
    format!("ana.ruiz{}@example.net", app.count("users").await)
}

async fn assert_taken(app: &TestApp, password: &str) {
    let answer = registered(app, password).await;
    assert_eq!(answer.status.as_u16(), 201, "{password:?}: {answer:#?}");
}

/// What is said of the password.
fn said(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.assert_status(422).code(), "VALIDATION_FAILED");
    let sentences = &answer.json()["errors"]["password"];
    let sentences = sentences.as_array().map_or(&[][..], Vec::as_slice);
    let text = |sentence: &Json| sentence.as_str().expect("a sentence").to_owned();
    sentences.iter().map(text).collect()
}

const COMMON: &str = "The password is on a list of commonly used passwords. Please choose a \
                      different password.";
const CONTEXT: &str = "The password is too close to the name, the email address or the service it \
                       is for. Please choose a different password.";
const LEAKED: &str =
    "The given password has appeared in a data leak. Please choose a different password.";

#[tokio::test]
async fn all_that_is_wrong_comes_in_one_answer() {
    let app = app_with(|config| config.passwords.min_length = 15).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let fields = json!({
        "name": "", "email": "nowhere", "password": "iloveyou1",
        "password_confirmation": "iloveyou2",
    });
    let answer = browser.post("/register", fields).await;
    let expected = [
        "The password field must be at least 15 characters.",
        COMMON,
        "The password field confirmation does not match.",
    ];
    assert_eq!(said(&answer), expected);
    let fields = answer.json()["errors"].as_object().expect("fields").len();
    assert_eq!(fields, 3, "{answer:#?}");
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn a_missing_password_is_missing_and_nothing_else() {
    let app = app().await;
    for password in [
        json!(""),
        Json::Null,
        json!(12_345_678),
        json!(["long enough"]),
    ] {
        let fields = json!({ "name": "Ana", "email": "ana@example.com", "password": password });
        let answer = app.anonymous().post("/api/v1/auth/register", fields).await;
        let answer = answer.assert_status(422).json();
        let sentences = answer["errors"]["password"].as_array().map(Vec::len);
        assert_eq!(sentences, Some(1), "{password}: {answer}");
    }
}

#[tokio::test]
async fn a_program_that_registers_is_told_the_same() {
    let app = app().await;
    let fields = json!({ "name": "Ana", "email": "ana@example.com", "password": "iloveyou1" });
    let answer = app.anonymous().post("/api/v1/auth/register", fields).await;
    assert_eq!(said(&answer), [COMMON]);
}

#[tokio::test]
async fn the_reasons_are_said_in_spanish_too() {
    let app = app_with(|config| config.locale = adyton::config::Locale::Es).await;
    for (password, reason) in [("iloveyou1", "muy usadas"), ("anaruiz1!", "demasiado")] {
        let answer = registered(&app, password).await;
        let sentences = said(&answer);
        assert!(sentences[0].contains(reason), "{sentences:?}");
    }
}
