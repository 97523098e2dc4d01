//! What was ended by another process, and is still in this one's memory for a moment, changes
//! nothing that lasts.

use std::time::Duration;

use adyton::User;
use adyton_testing::{Browser, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::authenticator::{CODES, OWN, confirmed, enrolled};
use crate::support::{ANA, text};

const TOKENS: &str = "/api/v1/me/tokens";

/// The memory that is kept for a second outside of tests.
async fn app() -> TestApp {
    TestApp::with(|config| {
        config.throttle.enabled = false;
        config.guard.memory = Duration::from_secs(60 * 60);
    })
    .await
}

/// Another process ends all that was opened; this one does not know.
async fn end_elsewhere(app: &TestApp, browser: &Browser) {
    browser.get("/api/user").await.assert_status(200);
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    let other = app.beside(|_| {}).await;
    other.adyton.end_sessions(&ana).await.expect("ended");
    for token in other.adyton.tokens_of(&ana.id).await.expect("tokens") {
        other.adyton.revoke_token(token.id).await.expect("revoked");
    }
    browser.get("/api/user").await.assert_status(200);
}

async fn refused(browser: &Browser, method: Method, path: &str, body: Json) {
    let answer = browser.json(method, path, body).await;
    answer.assert_status(401);
}

/// The user's row, without what a moment changes.
async fn codes(app: &TestApp) -> Option<String> {
    let sql = "SELECT two_factor_recovery_codes AS value FROM users WHERE email = $1";
    text(app, sql, ANA).await
}

#[tokio::test]
async fn an_ended_session_makes_no_token() {
    let app = app().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    end_elsewhere(&app, &browser).await;
    refused(&browser, Method::POST, TOKENS, json!({ "name": "mine" })).await;
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn a_revoked_token_makes_no_other() {
    let app = app().await;
    let ana: User = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    end_elsewhere(&app, &program).await;
    refused(&program, Method::POST, TOKENS, json!({ "name": "mine" })).await;
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn an_ended_session_deletes_no_account() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    end_elsewhere(&app, &browser).await;
    refused(&browser, Method::DELETE, "/user", json!({})).await;
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn an_ended_session_neither_sees_nor_replaces_recovery_codes() {
    let app = app().await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    end_elsewhere(&app, &browser).await;
    let before = codes(&app).await;
    refused(&browser, Method::POST, CODES, json!({})).await;
    browser.get(CODES).await.assert_status(401);
    assert_eq!(codes(&app).await, before);
}

#[tokio::test]
async fn an_ended_session_prepares_no_second_factor() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    end_elsewhere(&app, &browser).await;
    refused(&browser, Method::POST, OWN, json!({})).await;
    assert_eq!(codes(&app).await, None);
}

#[tokio::test]
async fn an_ended_session_changes_no_profile() {
    let app = app().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    end_elsewhere(&app, &browser).await;
    for email in [ANA, "new@example.com"] {
        let body = json!({ "name": "Eve", "email": email });
        refused(&browser, Method::PUT, "/user/profile-information", body).await;
    }
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    assert_ne!(ana.name, "Eve");
    assert_eq!(app.count("mail_outbox").await, 0);
}
