//! Is an unsafe request our own front end's? The procedure row by row.

mod origins;

use adyton_testing::{Answer, Browser, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials, hosting};

#[track_caller]
fn assert_mismatch(answer: &Answer, code: &str) {
    answer.assert_status(419);
    assert_eq!(answer.json(), json!({ "message": "CSRF token mismatch." }));
    assert_eq!(answer.code(), code, "{answer:#?}");
}

/// A browser that has asked for the cookie.
async fn visitor(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

fn token(browser: &Browser) -> String {
    browser.cookie("XSRF-TOKEN").expect("it asked for one")
}

#[tokio::test]
async fn a_login_without_a_token_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.without_csrf_header();
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_TOKEN_MISSING");
    assert_eq!(app.count("sessions").await, 0);
}

/// Routes that a mailed secret proves, and that log nobody in: their own pages have no session.
const BY_LINK: [&str; 7] = [
    "password.update",
    "verification.spend",
    "registration.complete",
    "email-change.store",
    "email-undo.store",
    "not-me.store",
    // It only sends the browser to the same address by `GET`.
    "social.callback.post",
];

#[tokio::test]
async fn every_browsers_route_that_changes_something_asks_for_a_token() {
    let app = TestApp::with(|config| {
        let google = adyton::config::Provider::new("id", "secret");
        config.social.insert("google".to_owned(), google);
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without_csrf_header();
    for route in app.adyton.route_table() {
        let is_unsafe = !["GET", "HEAD"].contains(&route.method.as_str());
        let is_by_link = BY_LINK.contains(&route.name);
        if !is_unsafe || is_by_link || route.path.starts_with("/api/v1/auth/") {
            continue;
        }
        let method: Method = route.method.parse().expect("a method");
        let path = route.path.replace("{token_id}", "1");
        let answer = browser.json(method, &path, json!({})).await;
        assert_eq!(answer.status, 419, "{} {answer:#?}", route.name);
    }
}

#[tokio::test]
async fn a_token_without_a_session_cookie_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    browser.set_cookie("adyton_session", None);
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_NO_SESSION");
}

#[tokio::test]
async fn a_token_of_another_session_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let (browser, other) = (visitor(&app).await, visitor(&app).await);
    browser.set_cookie("XSRF-TOKEN", Some(&token(&other)));
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_TOKEN_WRONG");
}

#[tokio::test]
async fn earlier_tokens_of_the_same_session_stay_good() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let first = token(&browser);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    assert_ne!(token(&browser), first);
    let answer = browser
        .with("x-xsrf-token", &first)
        .post("/login", credentials(ANA))
        .await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_token_of_before_the_login_is_worthless_after_it() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let before = token(&browser);
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
    let stale = browser.with("x-xsrf-token", &before);
    assert_mismatch(&stale.post_nothing("/logout").await, "CSRF_TOKEN_WRONG");
}

#[tokio::test]
async fn a_token_that_was_tampered_with_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let good = token(&browser);
    let (start, mac) = good.rsplit_once('.').expect("three parts");
    for bad in [
        good.replacen("v1", "v2", 1),
        good.to_uppercase(),
        format!("{good}."),
        format!("{good}A"),
        format!("{start}."),
        format!("{start}.{}", &mac[..mac.len() - 1]),
        format!("v1..{mac}"),
        format!("x{start}.{mac}"),
        mac.to_owned(),
        "null".to_owned(),
        "%".to_owned(),
        "a".repeat(5000),
    ] {
        let forged = browser.clone().with("x-xsrf-token", &bad);
        let answer = forged.post("/login", credentials(ANA)).await;
        assert_mismatch(&answer, "CSRF_TOKEN_WRONG");
    }
}

#[tokio::test]
async fn a_token_counts_in_either_header_and_in_the_body() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let pairs = [("email", ANA), ("password", "password")];
    for header in ["x-xsrf-token", "x-csrf-token"] {
        let browser = visitor(&app).await;
        let value = token(&browser);
        let scripted = browser.without_csrf_header().with(header, &value);
        let answer = scripted.post("/login", credentials(ANA)).await;
        answer.assert_status(200);
    }
    let browser = visitor(&app).await.without_csrf_header();
    let value = token(&browser);
    let form = [&pairs[..], &[("_token", &value)]].concat();
    browser.form("/login", &form).await.assert_status(200);

    let browser = visitor(&app).await.without_csrf_header();
    let mut body = credentials(ANA);
    body["_token"] = Json::from(token(&browser));
    browser.post("/login", body).await.assert_status(200);
}

#[tokio::test]
async fn one_good_token_is_enough() {
    // A page that was loaded with its token in a form, in a browser whose cookie is newer.
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let foreign = token(&visitor(&app).await);
    let browser = visitor(&app).await;
    let good = token(&browser);
    let stale = browser.with("x-xsrf-token", &foreign);
    let pairs = [
        ("email", ANA),
        ("password", "password"),
        ("_token", good.as_str()),
    ];
    stale.form("/login", &pairs).await.assert_status(200);

    let browser = visitor(&app).await;
    let good = token(&browser);
    let both = browser
        .with("x-xsrf-token", &foreign)
        .with("x-csrf-token", &good);
    let answer = both.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_token_in_the_query_does_not_count() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.without_csrf_header();
    let path = format!("/login?_token={}", token(&browser));
    let answer = browser.post(&path, credentials(ANA)).await;
    assert_mismatch(&answer, "CSRF_TOKEN_MISSING");
}

#[tokio::test]
async fn a_good_bearer_token_needs_no_csrf_token() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without_csrf_header();
    let text = app.token(&ana, &["user"]).await;
    let value = format!("Bearer {text}");
    let both = browser.with("authorization", &value);
    both.post_nothing("/notes").await.assert_status(200);
    let alone = app.bearer(&text);
    alone.post_nothing("/notes").await.assert_status(200);
    let elsewhere = alone.with("origin", "https://evil.example");
    elsewhere.post_nothing("/notes").await.assert_status(200);
    let answer = both.post_nothing("/logout").await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_bad_bearer_token_spares_nobody_the_csrf_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without_csrf_header();
    let forged = browser.clone().with("authorization", "Bearer 99|test");
    forged.post_nothing("/logout").await.assert_status(419);
    forged.post_nothing("/notes").await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn the_token_of_a_login_is_good_without_asking_again() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
    browser.post_nothing("/notes").await.assert_status(200);
}

#[tokio::test]
async fn the_token_of_a_logout_is_good_without_asking_again() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.post_nothing("/logout").await.assert_status(204);
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_hosts_own_route_asks_for_a_token_where_a_session_counts() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let forged = browser.clone().without_csrf_header();
    for path in ["/notes", "/api/closed", "/open"] {
        let answer = forged.post(path, json!({})).await;
        assert_mismatch(&answer, "CSRF_TOKEN_MISSING");
        browser.post(path, json!({})).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_hosts_public_route_asks_nobody_for_a_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let stranger = app.anonymous();
    stranger.post("/free", json!({})).await.assert_status(200);
    let answer = stranger.post("/open", json!({})).await;
    assert_eq!(answer.assert_status(200).body, "nobody");
    let forged = app.logged_in(ANA).await.without_csrf_header();
    forged.post("/free", json!({})).await.assert_status(200);
}

#[tokio::test]
async fn reading_asks_for_no_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without_csrf_header();
    for method in [Method::GET, Method::HEAD] {
        let answer = browser.raw(method, "/api/closed", "", "").await;
        answer.assert_status(200);
    }
}

#[tokio::test]
async fn an_overridden_method_is_asked_for_the_token_too() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let text = app.token(&ana, &["user"]).await;
    let id = text.split('|').next().expect("id|secret");
    let browser = app.logged_in(ANA).await;
    let path = format!("/api/v1/me/tokens/{id}");
    let forged = browser.clone().without_csrf_header();
    let answer = forged.form(&path, &[("_method", "DELETE")]).await;
    answer.assert_status(419);
    for safe in ["GET", "HEAD", "OPTIONS"] {
        let answer = forged.form(&path, &[("_method", safe)]).await;
        answer.assert_status(405);
    }
    let answer = browser.form(&path, &[("_method", "DELETE")]).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_wrong_token_is_refused_before_the_login_counts_or_hashes() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let forged = browser.clone().with("x-xsrf-token", "v1.x.y");
    for _ in 0..10 {
        let answer = forged.post("/login", credentials(ANA)).await;
        answer.assert_status(419);
    }
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_method_that_a_path_lacks_is_a_405_before_anything_is_asked() {
    let app = TestApp::new().await;
    for route in app.adyton.route_table() {
        let path = route.path.replace("{token_id}", "1");
        let answer = app.anonymous().json(Method::PATCH, &path, json!({})).await;
        assert_eq!(answer.status, 405, "{} {answer:#?}", route.name);
        assert!(answer.header("allow").contains(&route.method));
    }
}
