//! Where an unsafe request comes from.

use adyton::config::CsrfMode;
use adyton_testing::TestApp;

use super::{assert_mismatch, visitor};
use crate::support::{ANA, credentials};

#[tokio::test]
async fn what_another_site_sent_is_refused_even_with_a_good_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for origin in ["https://evil.example", "http://localhost:3000"] {
        let browser = visitor(&app).await;
        let forged = browser
            .with("sec-fetch-site", "cross-site")
            .with("origin", origin);
        let answer = forged.post("/login", credentials(ANA)).await;
        assert_mismatch(&answer, "CSRF_CROSS_SITE");
    }
    let browser = visitor(&app).await.without("origin");
    let forged = browser.with("sec-fetch-site", "cross-site");
    let answer = forged.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_CROSS_SITE");
}

#[tokio::test]
async fn a_foreign_origin_is_refused_even_with_a_good_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for origin in [
        "https://evil.example",
        "https://localhost:3000",
        "http://localhost:3001",
        "http://localhost",
        "http://localhost.evil.example:3000",
        "http://evil.example/localhost:3000",
        "http://localhost:3000@evil.example",
        "null",
        "http://",
        "about:blank",
    ] {
        for site in ["", "same-origin", "same-site", "none"] {
            let browser = visitor(&app).await;
            let forged = browser.with("origin", origin).with("sec-fetch-site", site);
            let answer = forged.post("/login", credentials(ANA)).await;
            assert_mismatch(&answer, "CSRF_ORIGIN_NOT_STATEFUL");
        }
    }
}

#[tokio::test]
async fn where_no_origin_is_sent_the_referer_decides() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.without("origin");
    let forged = browser.clone().with("referer", "https://evil.example/x");
    let answer = forged.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_ORIGIN_NOT_STATEFUL");
    let ours = browser.with("referer", "http://localhost:3000/login?next=1");
    let answer = ours.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_referer_does_not_mend_a_foreign_origin() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let forged = browser
        .with("origin", "null")
        .with("referer", "http://localhost:3000/login");
    let answer = forged.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_ORIGIN_NOT_STATEFUL");
}

#[tokio::test]
async fn another_host_of_our_site_must_say_which() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.with("sec-fetch-site", "same-site");
    let unnamed = browser.clone().without("origin");
    let answer = unnamed.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_ORIGIN_MISSING");
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_program_that_names_no_origin_passes_with_a_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let program = visitor(&app).await.without("origin");
    let answer = program.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn our_own_origin_is_ours_without_being_listed() {
    let app = TestApp::with(|config| config.stateful.origins.clear()).await;
    app.user(ANA).await;
    let own = app.browser().with("host", "localhost:8000");
    let own = own.with("origin", "http://localhost:8000");
    own.get("/sanctum/csrf-cookie").await.assert_status(204);
    own.post("/login", credentials(ANA))
        .await
        .assert_status(200);
    own.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn laravel_13s_way_asks_our_own_origin_for_no_token() {
    let app = TestApp::with(|config| config.csrf.mode = CsrfMode::Laravel13).await;
    app.user(ANA).await;
    let browser = app.browser().without_csrf_header();
    let browser = browser.with("host", "localhost:8000");
    let own = browser
        .clone()
        .with("origin", "http://localhost:8000")
        .with("sec-fetch-site", "same-origin");
    for other in [
        own.clone().with("sec-fetch-site", "same-site"),
        own.clone().with("sec-fetch-site", "none"),
        own.clone().with("sec-fetch-site", ""),
        own.clone().with("sec-fetch-site", "cross-site"),
        own.clone().with("origin", "http://localhost:3000"),
        own.clone().without("origin"),
        own.clone().with("origin", "http://localhost:8001"),
    ] {
        let answer = other.post("/login", credentials(ANA)).await;
        answer.assert_status(419);
    }
    own.post("/login", credentials(ANA))
        .await
        .assert_status(200);
    own.post_nothing("/logout").await.assert_status(204);
}

#[tokio::test]
async fn the_ordinary_way_asks_our_own_origin_too() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let own = visitor(&app).await.without_csrf_header();
    let own = own
        .with("host", "localhost:3000")
        .with("sec-fetch-site", "same-origin");
    let answer = own.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_TOKEN_MISSING");
}
