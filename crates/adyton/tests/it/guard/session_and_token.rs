//! A session and a token in one request.

use adyton_testing::TestApp;

use super::{BEN, assert_refused};
use crate::support::{ANA, hosting};

#[tokio::test]
async fn a_session_beside_a_token_has_the_tokens_power() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ana, &["posts:read"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
    both.get("/api/either").await.assert_status(200);
    let refused = both.get("/api/anything").await;
    refused.assert_status(403);
    assert_eq!(refused.code(), "TOKEN_ABILITY_MISSING");
}

#[tokio::test]
async fn a_session_and_a_token_of_different_users_are_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let ben = app.user(BEN).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ben, &["*"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    assert_refused(&both.get("/api/user").await, "CREDENTIALS_DIFFER");
}

#[tokio::test]
async fn a_bad_token_beside_a_session_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let both = browser.with("authorization", "Bearer 99|test");
    assert_refused(&both.get("/api/user").await, "TOKEN_BESIDE_SESSION");
}

#[tokio::test]
async fn what_is_no_token_beside_a_session_is_ignored() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer |test",
        "Bearer 1ABC|test",
        "Bearer a, Bearer b",
        "Bearer null undefined",
        "Basic YTpi",
    ] {
        let both = browser.clone().with("authorization", value);
        both.get("/api/user").await.assert_status(200);
    }
}

#[tokio::test]
async fn what_is_no_token_does_not_spare_a_session_its_csrf_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for value in ["Bearer", "Bearer |test", "Basic YTpi"] {
        let forged = browser.clone().with("authorization", value);
        let forged = forged.without_csrf_header();
        forged.post_nothing("/notes").await.assert_status(419);
        forged.post_nothing("/logout").await.assert_status(419);
    }
}

#[tokio::test]
async fn a_dead_session_does_not_hurt_a_token_beside_it() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    app.adyton.end_sessions(&ana).await.expect("ended");
    let token = app.token(&ana, &["*"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
}
