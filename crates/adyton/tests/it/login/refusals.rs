//! One answer for every login that fails, and nothing secret in any.

use std::time::{Duration, Instant};

use adyton::Event;
use adyton_testing::{PASSWORD, TestApp};
use http::Method;
use serde_json::json;

use super::{CHEAP_BCRYPT, assert_failed, log_in, unlimited, visitor};
use crate::support::{ANA, set_hash};

#[tokio::test]
async fn a_wrong_password_is_a_422_and_opens_nothing() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    app.events();
    let answer = log_in(&app, json!({ "email": ANA, "password": "Password" })).await;
    assert_failed(&answer);
    assert_eq!(answer.code(), "CREDENTIALS_WRONG");
    assert_eq!(app.count("sessions").await, 0);
    let failed = Event::LoginFailed {
        user: Some(ana.id),
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
}

#[tokio::test]
async fn a_wrong_password_in_a_form_is_a_page() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.with("accept", "text/html");
    let pairs = [("email", ANA), ("password", "wrong")];
    let answer = browser.form("/login", &pairs).await;
    answer.assert_status(422);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer
            .body
            .contains("These credentials do not match our records.")
    );
    assert!(!answer.body.contains(ANA));
}

#[tokio::test]
async fn known_unknown_and_disabled_users_get_one_answer_in_the_same_time() {
    let floor = Duration::from_millis(200);
    let app = TestApp::with(|config| {
        config.throttle.enabled = false;
        config.hashing.failure_floor = floor;
    })
    .await;
    app.user(ANA).await;
    let gone = app.user("gone@example.com").await;
    app.adyton.disable_user(&gone).await.expect("disabled");
    app.user("hashless@example.com").await;
    set_hash(&app, "hashless@example.com", "").await;
    app.user("garbage@example.com").await;
    set_hash(&app, "garbage@example.com", "not a hash").await;
    app.user("imported@example.com").await;
    set_hash(&app, "imported@example.com", CHEAP_BCRYPT).await;
    let mut answers = Vec::new();
    for (email, password) in [
        (ANA, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("gone@example.com", "wrong"),
        ("hashless@example.com", PASSWORD),
        ("garbage@example.com", "not a hash"),
        ("imported@example.com", "wrong"),
    ] {
        let browser = visitor(&app).await;
        let begun = Instant::now();
        let answer = browser
            .post("/login", json!({ "email": email, "password": password }))
            .await;
        assert!(begun.elapsed() >= floor, "{email}");
        assert_failed(&answer);
        answers.push((answer.headers, answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn no_secret_is_in_an_answer_or_an_event() {
    let app = unlimited().await;
    app.user(ANA).await;
    let secret = "correct-horse-battery";
    let mut seen = String::new();
    for body in [
        json!({ "email": ANA, "password": secret }),
        json!({ "email": "nobody@example.com", "password": secret }),
        json!({ "email": secret, "password": secret }),
        json!({ "email": ANA, "password": [secret] }),
    ] {
        let answer = log_in(&app, body).await;
        seen += &format!("{answer:?} {:?}", app.events());
    }
    let malformed = format!("{{\"password\":\"{secret}\",");
    let browser = visitor(&app).await;
    let answer = browser
        .raw(Method::POST, "/login", "application/json", malformed)
        .await;
    seen += &format!("{answer:?}");
    assert!(!seen.contains(secret), "{seen}");
}
