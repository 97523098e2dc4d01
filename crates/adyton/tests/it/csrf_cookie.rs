//! `GET /sanctum/csrf-cookie`.

use adyton_testing::TestApp;
use http::Method;

use crate::support::{ANA, credentials};

#[tokio::test]
async fn it_answers_204_with_both_cookies_and_nothing_else() {
    let app = TestApp::new().await;
    let answer = app.anonymous().get("/sanctum/csrf-cookie").await;
    answer.assert_status(204);
    assert_eq!(answer.body, "");
    assert_eq!(answer.headers.get("content-type"), None);
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookies = answer.set_cookies();
    let names: Vec<_> = cookies
        .iter()
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(names, ["XSRF-TOKEN", "adyton_session"]);
}

#[tokio::test]
async fn head_is_answered_alike_and_post_is_not() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let answer = browser
        .raw(Method::HEAD, "/sanctum/csrf-cookie", "", "")
        .await;
    assert_eq!(answer.assert_status(204).set_cookies().len(), 2);
    let answer = browser.post_nothing("/sanctum/csrf-cookie").await;
    answer.assert_status(405);
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn a_visitor_writes_no_row() {
    let app = TestApp::new().await;
    for _ in 0..20 {
        app.browser()
            .get("/sanctum/csrf-cookie")
            .await
            .assert_status(204);
    }
    app.adyton.flush().await.expect("the database is there");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn a_browser_keeps_its_session_when_it_asks_again() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let id = browser.cookie("adyton_session");
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    assert_eq!(browser.cookie("adyton_session"), id);
    let browser = app.logged_in(ANA).await;
    let id = browser.cookie("adyton_session");
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    assert_eq!(browser.cookie("adyton_session"), id);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_cookie_that_is_not_of_our_making_is_replaced() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for value in [
        "",
        "deleted",
        "eyJpdiI6Ijg",
        &"é".repeat(20),
        &"a".repeat(44),
    ] {
        let browser = app.browser();
        browser.set_cookie("adyton_session", Some(value));
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        assert_ne!(browser.cookie("adyton_session").as_deref(), Some(value));
        let answer = browser.post("/login", credentials(ANA)).await;
        answer.assert_status(200);
        browser.post_nothing("/logout").await.assert_status(204);
        app.clock.advance(chrono::TimeDelta::minutes(2));
    }
}

#[tokio::test]
async fn the_value_reads_alike_decoded_or_not_and_is_no_json() {
    let app = TestApp::new().await;
    for _ in 0..50 {
        let browser = app.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        let value = browser.cookie("XSRF-TOKEN").expect("it was set");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        assert!(
            value.starts_with("v1.") && value.bytes().all(is_plain),
            "{value}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&value).is_err());
    }
}

#[tokio::test]
async fn no_two_visitors_get_the_same() {
    let app = TestApp::new().await;
    let mut seen = std::collections::HashSet::new();
    for _ in 0..20 {
        let browser = app.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        for name in ["XSRF-TOKEN", "adyton_session"] {
            assert!(seen.insert(browser.cookie(name)));
        }
    }
}
