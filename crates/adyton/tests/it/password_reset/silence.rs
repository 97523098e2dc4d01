//! What is asked for is answered alike, whoever has an account.

use std::time::{Duration, Instant};

use adyton::Changes;
use chrono::TimeDelta;
use serde_json::json;

use super::*;
use crate::support::{outbox, without_mail};

#[tokio::test]
async fn known_and_unknown_addresses_get_one_answer_and_leave_one_row() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let disabled = app.user("dan@example.com").await;
    let mut changes = Changes::default();
    changes.disabled_at = Some(Some(app.clock.now()));
    change(&app, &disabled, changes).await;
    let mut answers = Vec::new();
    for email in [ANA, "dan@example.com", "eva@example.com"] {
        let answer = asked(&app, email).await;
        let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        answers.push((answer.status, answer.body.clone(), names));
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    let rows = outbox(&app).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:?}");
    assert_eq!((rows[0].0.as_str(), rows[0].1), ("errand", None));
    assert_eq!(app.count("password_reset_tokens").await, 0, "not yet");
    assert_eq!(
        app.count("security_events").await,
        2,
        "only how the users were made"
    );
    // Its number says nothing: the courier may have been here first.
    app.deliver().await;
    let mails = app.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, ANA));
    assert_eq!(app.count("password_reset_tokens").await, 1);
    assert_eq!(app.count("mail_outbox").await, 0);
}

#[tokio::test]
async fn an_address_gets_one_mail_a_minute() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let first = token_for(&app, ANA).await;
    app.mails();
    for _ in 0..5 {
        asked(&app, ANA).await.assert_status(200);
    }
    app.deliver().await;
    assert_eq!(app.mails().len(), 0);
    app.clock.advance(TimeDelta::seconds(61));
    asked(&app, ANA).await.assert_status(200);
    app.deliver().await;
    assert_eq!(app.mails().len(), 1);
    assert_token_refused(&reset(&app, &first, ANA).await);
}

#[tokio::test]
async fn mail_goes_to_the_stored_address_alone() {
    let app = TestApp::with(unlimited).await;
    app.user("mike@example.com").await;
    for look_alike in [
        "m\u{131}ke@example.com",
        "mi\u{212A}e@example.com",
        "mike\u{FF20}example.com",
        "mike\u{FE6B}example.com",
        "mike@example.com,eve@example.com",
        "mike@example.com;eve@example.com",
        "eve@example.com mike@example.com",
        "<mike@example.com>",
        "mike@example.com\r\nBcc: eve@example.com",
        "\"a\r\nBcc: x\"@example.com",
        "mike@example.com%0aBcc:eve@example.com",
    ] {
        let answer = asked(&app, look_alike).await;
        assert_eq!(answer.status, 422, "{look_alike:?}");
    }
    for other in [
        json!(["mike@example.com", "eve@example.com"]),
        json!(1),
        json!(null),
    ] {
        let path = "/api/v1/auth/forgot-password";
        let answer = app.anonymous().post(path, json!({ "email": other })).await;
        answer.assert_status(422);
    }
    assert_eq!(app.count("mail_outbox").await, 0);
    asked(&app, "  MIKE@Example.com ").await.assert_status(200);
    app.deliver().await;
    let mails = app.mails();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, "mike@example.com"));
}

#[tokio::test]
async fn without_mail_nobody_can_ask() {
    let (_database, wire) = without_mail(|_| {}).await;
    for email in [ANA, "eva@example.com", "nonsense"] {
        let request = format!(
            "POST /api/v1/auth/forgot-password\nContent-Type: application/json\n\n\
             {{\"email\":\"{email}\"}}"
        );
        let answer = wire.send(&request).await;
        assert_eq!(answer.assert_status(503).code(), "MAIL_NOT_CONFIGURED");
    }
}

#[tokio::test]
async fn requests_for_links_are_three_a_minute_and_address() {
    let app = TestApp::new().await;
    for _ in 0..3 {
        asked(&app, ANA).await.assert_status(200);
    }
    let refused = asked(&app, "another@example.com").await;
    assert_eq!(refused.assert_status(429).code(), "THROTTLED");
}

#[tokio::test]
async fn a_refused_token_takes_a_fixed_time_at_least_whoever_has_an_account() {
    let floor = Duration::from_millis(300);
    let app = TestApp::with(|config| {
        unlimited(config);
        config.hashing.failure_floor = floor;
    })
    .await;
    app.user(ANA).await;
    for email in [ANA, "eva@example.com"] {
        let begun = Instant::now();
        assert_token_refused(&reset(&app, "wrong", email).await);
        assert!(begun.elapsed() >= floor, "{email}");
    }
}
