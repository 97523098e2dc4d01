//! A token works once, for its address, for an hour.

use chrono::TimeDelta;

use adyton::Changes;

use super::*;
use crate::support::{one_of_twenty, raced};

#[tokio::test]
async fn what_is_no_token_resets_nothing() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    token_for(&app, ANA).await;
    let hash = crate::support::hash_of(&app, ANA).await;
    for token in [
        json!(""),
        json!(null),
        json!("   "),
        json!("\u{0}"),
        json!("%00"),
        json!("\t\n"),
        json!([]),
        json!([""]),
        json!({ "a": 1 }),
        json!(0),
        json!(true),
        json!("x".repeat(43)),
        json!("x".repeat(5_000)),
    ] {
        let mut sent = body("", ANA, NEW);
        sent["token"] = token.clone();
        for path in ["/reset-password", RESET] {
            let answer = app.anonymous().post(path, sent.clone()).await;
            assert_eq!(answer.status, 422, "{token}");
        }
    }
    let mut missing = body("", ANA, NEW);
    missing.as_object_mut().expect("fields").remove("token");
    app.anonymous()
        .post(RESET, missing)
        .await
        .assert_status(422);
    // Nor is what the table keeps.
    let sql = "SELECT token AS value FROM password_reset_tokens WHERE email = $1";
    let stored = crate::support::text(&app, sql, ANA).await.expect("a row");
    assert_token_refused(&reset(&app, &stored, ANA).await);
    assert_eq!(crate::support::hash_of(&app, ANA).await, hash);
}

#[tokio::test]
async fn a_token_works_once_and_for_its_own_address() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    app.user("bob@example.com").await;
    let token = token_for(&app, ANA).await;
    token_for(&app, "bob@example.com").await;
    app.events();
    for email in ["bob@example.com", "nobody@example.com"] {
        assert_token_refused(&reset(&app, &token, email).await);
    }
    let failed = app.events();
    let aimed_at: Vec<bool> = failed.iter().map(|event| event.user().is_some()).collect();
    assert_eq!(aimed_at, [true, false]);
    assert!(
        failed
            .iter()
            .all(|event| event.name() == "password_reset_failed")
    );
    reset(&app, &token, ANA).await.assert_status(200);
    assert_token_refused(&reset(&app, &token, ANA).await);
}

#[tokio::test]
async fn a_token_lives_for_an_hour() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    app.clock.advance(TimeDelta::seconds(60 * 60 + 1));
    assert_token_refused(&reset(&app, &token, ANA).await);
    let token = token_for(&app, ANA).await;
    app.clock.advance(TimeDelta::seconds(59 * 60));
    reset(&app, &token, ANA).await.assert_status(200);
}

#[tokio::test]
async fn a_token_is_dead_after_a_change_of_password_or_address() {
    let app = TestApp::with(unlimited).await;
    let ana = app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let set = app
        .adyton
        .set_password(&ana, Secret::from("set by somebody"))
        .await;
    set.expect("set");
    assert_token_refused(&reset(&app, &token, ANA).await);
    app.clock.advance(TimeDelta::seconds(61));
    let token = token_for(&app, ANA).await;
    let mut changes = Changes::default();
    changes.email = Some("new@example.com".to_owned());
    change(&app, &ana, changes).await;
    for email in [ANA, "new@example.com"] {
        assert_token_refused(&reset(&app, &token, email).await);
    }
}

#[tokio::test]
async fn a_disabled_users_token_is_refused_as_any_other() {
    let app = TestApp::with(unlimited).await;
    let ana = app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let mut changes = Changes::default();
    changes.disabled_at = Some(Some(app.clock.now()));
    change(&app, &ana, changes).await;
    assert_token_refused(&reset(&app, &token, ANA).await);
}

#[tokio::test]
async fn no_mailed_secret_works_at_another_route() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let path = format!("/register/complete/{token}");
    let answer = app.anonymous().post(&path, json!({})).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    let path = format!("/email/verify/1/abc?expires=1&signature={token}");
    let answer = app.anonymous().post(&path, json!({})).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
}

#[tokio::test]
async fn wrong_tokens_are_limited() {
    let app = TestApp::new().await;
    let max = TestApp::config().throttle.reset_password.max;
    for _ in 0..max {
        assert_token_refused(&reset(&app, "wrong", ANA).await);
    }
    reset(&app, "wrong", ANA).await.assert_status(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_uses_of_one_token_at_once_one_succeeds() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    for _ in 0..4 {
        let token = token_for(&app, ANA).await;
        let statuses = raced(&app, RESET, &body(&token, ANA, NEW)).await;
        assert_eq!(statuses, one_of_twenty(200, 422));
        app.mails();
    }
    let resets = app.events();
    let resets = resets
        .iter()
        .filter(|event| event.name() == "password_reset");
    assert_eq!(resets.count(), 4);
}

/// Whoever guesses at an account keeps its owner out for a while; a mailbox is the way back in.
#[tokio::test]
async fn a_reset_forgets_the_guesses_of_strangers() {
    let app = TestApp::with(|config| config.throttle.login.max = 1000).await;
    app.user(ANA).await;
    for _ in 0..10 {
        logs_in(&app, "wrong").await.assert_status(401);
    }
    logs_in(&app, PASSWORD).await.assert_status(429);
    let token = token_for(&app, ANA).await;
    logs_in(&app, PASSWORD).await.assert_status(429);
    reset(&app, &token, ANA).await.assert_status(200);
    logs_in(&app, NEW).await.assert_status(200);
}
