//! Logging out: whichever credential came ends, and no other.

use adyton::Event;
use adyton_testing::TestApp;
use http::Method;
use serde_json::json;

use crate::support::{ANA, credentials};

#[tokio::test]
async fn a_logout_ends_the_session_and_says_nothing() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let copy = browser.copied();
    app.events();
    let answer = browser.post_nothing("/logout").await;
    assert_eq!(answer.assert_status(204).body, "");
    assert_eq!(answer.headers.get("content-type"), None);
    let logged_out = Event::LoggedOut {
        user: ana.id,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_out]);
    for browser in [&browser, &copy] {
        browser.get("/api/user").await.assert_status(401);
    }
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn where_every_json_request_gets_json_a_logout_says_so() {
    let app = TestApp::with(|config| config.wire.json_bodies = true).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let answer = browser.post_nothing("/logout").await;
    let expected = json!({ "message": "Logged out successfully" });
    assert_eq!(answer.assert_status(200).json(), expected);
}

#[tokio::test]
async fn the_browser_gets_a_fresh_session_and_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let before = browser.copied();
    browser.post_nothing("/logout").await.assert_status(204);
    for name in ["adyton_session", "XSRF-TOKEN"] {
        assert!(browser.cookie(name).is_some());
        assert_ne!(browser.cookie(name), before.cookie(name));
    }
}

#[tokio::test]
async fn who_is_not_logged_in_gets_a_401() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post_nothing("/logout").await;
    assert_eq!(
        answer.assert_status(401).json(),
        json!({ "message": "Unauthenticated." })
    );
}

#[tokio::test]
async fn a_second_logout_is_a_401() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.post_nothing("/logout").await.assert_status(204);
    browser.post_nothing("/logout").await.assert_status(401);
}

#[tokio::test]
async fn other_sessions_and_tokens_go_on() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let (one, other) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    one.post_nothing("/logout").await.assert_status(204);
    other.get("/api/user").await.assert_status(200);
    program.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_token_is_revoked_by_its_logout_and_no_other_is() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for path in ["/logout", "/api/v1/auth/logout"] {
        let ended = app.bearer(&app.token(&ana, &["user"]).await);
        let other = app.bearer(&app.token(&ana, &["user"]).await);
        let answer = ended.post_nothing(path).await;
        assert!(answer.status.is_success(), "{answer:#?}");
        assert_eq!(answer.set_cookies(), Vec::<String>::new());
        ended.get("/api/user").await.assert_status(401);
        other.get("/api/user").await.assert_status(200);
    }
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_token_that_another_process_has_just_revoked_gets_a_401() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    for path in ["/logout", "/api/v1/auth/logout"] {
        let program = app.bearer(&app.token(&ana, &["user"]).await);
        program.get("/api/user").await.assert_status(200);
        let deleted = app
            .adyton
            .db()
            .run("DELETE FROM personal_access_tokens", &[]);
        assert_eq!(deleted.await.expect("it is deleted"), 1);
        program.post_nothing(path).await.assert_status(401);
    }
}

#[tokio::test]
async fn of_a_session_and_a_token_both_end() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ana, &["user"]).await;
    let both = browser
        .clone()
        .with("authorization", &format!("Bearer {token}"));
    let copy = browser.copied();
    both.post_nothing("/logout").await.assert_status(204);
    copy.get("/api/user").await.assert_status(401);
    app.bearer(&token).get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_link_does_not_log_anybody_out() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let answer = browser.get("/logout").await;
    assert_eq!(answer.assert_status(405).header("allow"), "POST");
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_session_that_is_over_needs_no_logout_before_the_next_login() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    app.clock.advance(chrono::TimeDelta::hours(3));
    browser.post_nothing("/logout").await.assert_status(401);
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
    assert_eq!(app.count("sessions").await, 1, "the old one went with it");
}

#[tokio::test]
async fn a_body_does_not_matter() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    for (kind, body) in [
        ("application/json", ""),
        ("application/json", "{}"),
        ("application/x-www-form-urlencoded", ""),
        ("", ""),
    ] {
        let browser = app.logged_in(ANA).await;
        let answer = browser.raw(Method::POST, "/logout", kind, body).await;
        assert_eq!(answer.status, 204, "{kind} {body:?}");
    }
}
