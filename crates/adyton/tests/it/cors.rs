//! Which pages of other origins may read our answers.

use adyton_testing::{Answer, TestApp};
use serde_json::json;

use crate::support::{ANA, credentials, hosting};

const APP: &str = "http://localhost:3000";

#[track_caller]
fn assert_readable(answer: &Answer) {
    assert_eq!(
        answer.header("access-control-allow-origin"),
        APP,
        "{answer:#?}"
    );
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
}

#[track_caller]
fn assert_unreadable(answer: &Answer) {
    for name in ["origin", "credentials", "methods", "headers"] {
        let name = format!("access-control-allow-{name}");
        assert_eq!(answer.headers.get(name), None, "{answer:#?}");
    }
}

#[tokio::test]
async fn a_preflight_of_our_front_end_is_allowed() {
    let app = TestApp::new().await;
    let asked = "content-type,x-requested-with,x-xsrf-token";
    for (path, method) in [
        ("/api/user", "GET"),
        ("/sanctum/csrf-cookie", "GET"),
        ("/login", "POST"),
        ("/logout", "POST"),
        ("/register", "POST"),
        ("/api/v1/me/tokens/1", "DELETE"),
        ("/nowhere", "PUT"),
    ] {
        let answer = app.browser().preflight(path, method, asked).await;
        assert_readable(answer.assert_status(204));
        assert_eq!(answer.body, "");
        assert_eq!(answer.header("access-control-allow-methods"), method);
        let allowed = answer.header("access-control-allow-headers");
        for name in asked
            .split(',')
            .chain(["authorization", "accept", "x-csrf-token"])
        {
            assert!(allowed.split(", ").any(|known| known == name), "{allowed}");
        }
        assert!(!allowed.contains('*'));
        assert!(answer.header("vary").contains("Origin"));
    }
}

#[tokio::test]
async fn a_foreign_preflight_is_answered_and_allowed_nothing() {
    let app = TestApp::new().await;
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost:3001",
        "*",
        "",
    ] {
        let browser = app.anonymous();
        let request = http::Request::options("/login")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        assert_unreadable(app.send(request).await.assert_status(204));
        drop(browser);
    }
}

#[tokio::test]
async fn our_front_end_reads_every_answer_refusals_too() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.browser();
    assert_readable(browser.get("/sanctum/csrf-cookie").await.assert_status(204));
    assert_readable(browser.get("/api/user").await.assert_status(401));
    assert_readable(browser.get("/nowhere").await.assert_status(404));
    assert_readable(browser.get("/login").await.assert_status(405));
    assert_readable(browser.get("/free").await.assert_status(200));
    assert_readable(browser.post("/login", json!({})).await.assert_status(422));
    let unproved = browser.clone().without_csrf_header();
    assert_readable(unproved.post("/login", json!({})).await.assert_status(419));
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_readable(answer.assert_status(200));
    assert_readable(browser.get("/api/admin").await.assert_status(403));
    assert_readable(browser.post("/login", json!({})).await.assert_status(409));
    let answer = browser
        .raw(http::Method::POST, "/api/v1/auth/login", "text/xml", "<x/>")
        .await;
    assert_readable(answer.assert_status(415));
    let large = "x".repeat(70_000);
    let answer = browser
        .raw(
            http::Method::POST,
            "/api/v1/auth/login",
            "application/json",
            large,
        )
        .await;
    assert_readable(answer.assert_status(413));
    assert_readable(browser.post_nothing("/logout").await.assert_status(204));
    app.adyton.db().close().await;
    let program = browser.with("authorization", "Bearer 1|x");
    assert_readable(program.get("/api/user").await.assert_status(503));
}

#[tokio::test]
async fn our_front_end_reads_how_long_to_wait() {
    let app = TestApp::new().await;
    let browser = app.browser();
    for _ in 0..5 {
        browser
            .post("/api/v1/auth/login", credentials(ANA))
            .await
            .assert_status(401);
    }
    let answer = browser.post("/api/v1/auth/login", credentials(ANA)).await;
    assert_readable(answer.assert_status(429));
    assert!(
        answer
            .header("access-control-expose-headers")
            .contains("Retry-After")
    );
}

#[tokio::test]
async fn foreign_pages_read_nothing() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for origin in ["https://evil.example", "null", "http://localhost"] {
        let foreign = browser.clone().with("origin", origin);
        for path in ["/api/user", "/sanctum/csrf-cookie", "/free", "/nowhere"] {
            assert_unreadable(&foreign.get(path).await);
        }
    }
    let nobody = browser.without("origin");
    assert_unreadable(&nobody.get("/free").await);
}

#[tokio::test]
async fn every_answer_says_what_it_depends_on() {
    let app = hosting(|_| {}).await;
    for path in ["/free", "/api/user", "/sanctum/csrf-cookie", "/nowhere"] {
        for browser in [app.browser(), app.anonymous()] {
            let answer = browser.get(path).await;
            let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
            let vary = format!("{vary:?}");
            for name in ["Origin", "Cookie", "Authorization", "Accept"] {
                assert!(vary.contains(name), "{path} {vary}");
            }
        }
    }
}

#[tokio::test]
async fn options_without_a_preflight_is_the_routers() {
    let app = hosting(|_| {}).await;
    let answer = app
        .browser()
        .raw(http::Method::OPTIONS, "/free", "", "")
        .await;
    answer.assert_status(405);
}
