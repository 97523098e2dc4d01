//! Which requests a session cookie counts on.

use adyton_testing::{Answer, TestApp};
use serde_json::json;

use crate::support::{ANA, hosting};

#[track_caller]
fn assert_nobody(answer: &Answer, code: &str) {
    answer.assert_status(401);
    assert_eq!(answer.json(), json!({ "message": "Unauthenticated." }));
    assert_eq!(answer.code(), code, "{answer:#?}");
}

#[tokio::test]
async fn a_listed_origin_counts_by_scheme_host_and_port() {
    let app = TestApp::with(|config| {
        config.stateful.origins = [
            "http://localhost:3000",
            "https://*.example.com",
            "http://127.0.0.1:*",
        ]
        .map(str::to_owned)
        .to_vec();
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for origin in [
        "http://localhost:3000",
        "http://LOCALHOST:3000",
        "https://app.example.com",
        "https://app.example.com:443",
        "http://127.0.0.1:1",
        "http://127.0.0.1:65535",
        "http://127.0.0.1",
    ] {
        let there = browser.clone().with("origin", origin);
        let answer = there.get("/api/user").await;
        assert_eq!(answer.status, 200, "{origin}");
    }
    for origin in [
        "https://localhost:3000",
        "http://localhost",
        "http://localhost:30000",
        "http://app.example.com",
        "https://example.com",
        "https://a.b.example.com",
        "https://app.example.com.evil.example",
        "https://evil.example/x.example.com/",
        "https://app.example.com:8443",
        "https://app.example.com.",
        "http://127.0.0.2:1",
        "https://127.0.0.1:1",
        "http://127.0.0.1:1@evil.example",
        "null",
    ] {
        let there = browser.clone().with("origin", origin);
        assert_nobody(&there.get("/api/user").await, "ORIGIN_NOT_STATEFUL");
    }
}

#[tokio::test]
async fn the_referer_counts_where_no_origin_is_sent() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without("origin");
    for referer in [
        "http://localhost:3000",
        "http://localhost:3000/",
        "http://localhost:3000/dashboard?tab=1#x",
        "localhost:3000",
        "localhost:3000/",
    ] {
        let there = browser.clone().with("referer", referer);
        let answer = there.get("/api/user").await;
        assert_eq!(answer.status, 200, "{referer}");
    }
    for referer in [
        "http://localhost",
        "localhost",
        "http://evil.example/http://localhost:3000/",
        "http://evil.example/?localhost:3000/",
        "http://evil.example#localhost:3000/",
        "http://localhost:3000.evil.example/",
        "//localhost:3000/",
        "null",
    ] {
        let there = browser.clone().with("referer", referer);
        assert_nobody(&there.get("/api/user").await, "ORIGIN_NOT_STATEFUL");
    }
}

#[tokio::test]
async fn an_origin_goes_before_a_referer() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let foreign = browser
        .clone()
        .with("origin", "https://evil.example")
        .with("referer", "http://localhost:3000/");
    assert_nobody(&foreign.get("/api/user").await, "ORIGIN_NOT_STATEFUL");
    let ours = browser.with("referer", "https://evil.example/");
    ours.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn below_api_a_cookie_counts_only_with_an_origin() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without("origin");
    assert_nobody(&browser.get("/api/user").await, "ORIGIN_MISSING");
    assert_nobody(&browser.get("/api/closed").await, "ORIGIN_MISSING");
    browser.get("/closed").await.assert_status(200);
    let same = browser.with("sec-fetch-site", "same-origin");
    same.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn the_paths_that_ask_for_an_origin_are_a_setting() {
    let app = hosting(|config| config.stateful.require_origin = vec!["/closed".to_owned()]).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without("origin");
    browser.get("/api/user").await.assert_status(200);
    assert_nobody(&browser.get("/closed").await, "ORIGIN_MISSING");
}

#[tokio::test]
async fn who_follows_a_link_from_another_site_is_known() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without("origin");
    let following = browser
        .with("referer", "https://mail.example/inbox")
        .with("sec-fetch-site", "cross-site")
        .with("sec-fetch-mode", "navigate")
        .with("sec-fetch-dest", "document");
    following.get("/closed").await.assert_status(200);
    assert_nobody(&following.get("/api/closed").await, "ORIGIN_NOT_STATEFUL");
    for (name, value) in [
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-dest", "image"),
        ("sec-fetch-mode", ""),
        ("sec-fetch-dest", ""),
    ] {
        let fetching = following.clone().with(name, value);
        assert_nobody(&fetching.get("/closed").await, "ORIGIN_NOT_STATEFUL");
    }
}

#[tokio::test]
async fn a_form_that_another_site_posts_changes_nothing() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let posting = browser
        .clone()
        .with("origin", "https://evil.example")
        .with("sec-fetch-site", "cross-site")
        .with("sec-fetch-mode", "navigate")
        .with("sec-fetch-dest", "document")
        .with("accept", "text/html");
    posting.form("/logout", &[]).await.assert_status(419);
    let answer = posting.form("/notes", &[]).await;
    assert!([401, 419].contains(&answer.status.as_u16()), "{answer:#?}");
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_foreign_origin_is_nobody_where_everybody_is_answered() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    assert_eq!(browser.get("/open").await.body, ANA);
    let foreign = browser.with("origin", "https://evil.example");
    assert_eq!(foreign.get("/open").await.body, "nobody");
    assert_eq!(foreign.post("/open", json!({})).await.body, "nobody");
}

#[tokio::test]
async fn a_cookie_that_does_not_count_does_not_hurt_a_token_beside_it() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ana, &["*"]).await;
    let both = browser
        .with("authorization", &format!("Bearer {token}"))
        .with("origin", "https://elsewhere.example");
    both.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn the_public_address_is_one_of_our_own_origins() {
    let app = TestApp::with(|config| {
        config.public_url = Some("http://api.example.com:8080".to_owned());
        config.stateful.origins.clear();
    })
    .await;
    app.user(ANA).await;
    let browser = app.browser().with("origin", "http://api.example.com:8080");
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser
        .post("/login", crate::support::credentials(ANA))
        .await;
    answer.assert_status(200);
    browser.get("/api/user").await.assert_status(200);
    // With a public address the Host header, which anybody may invent, says nothing.
    let elsewhere = browser
        .with("host", "evil.example")
        .with("origin", "http://evil.example");
    assert_nobody(&elsewhere.get("/api/user").await, "ORIGIN_NOT_STATEFUL");
}

#[tokio::test]
async fn a_session_is_not_bound_to_an_address_or_a_browser() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let server = browser.from("203.0.113.9").with("user-agent", "node");
    server.get("/api/user").await.assert_status(200);
}
