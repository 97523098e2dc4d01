//! The page that the link leads to, in a browser without scripts.

use super::*;
use crate::support::page;

#[tokio::test]
async fn the_page_looks_the_same_for_every_token_and_changes_nothing() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let shown = |token: String| {
        let browser = page(&app);
        async move {
            let path = format!("/reset-password/{token}?email=ana%40example.com");
            let answer = browser.get(&path).await;
            answer.assert_status(200).body.replace(&token, "TOKEN")
        }
    };
    let (good, bad) = (shown(token.clone()).await, shown("x".repeat(43)).await);
    assert_eq!(good, bad);
    assert!(good.contains("name=\"token\" value=\"TOKEN\""), "{good}");
    let script = app
        .anonymous()
        .get(&format!("/reset-password/{token}"))
        .await;
    assert_eq!(script.assert_status(200).json().get("valid"), None);
    let odd = page(&app)
        .get("/reset-password/%FF%22%3E?email=%22%3E%3Cb%3E")
        .await;
    odd.assert_status(404);
    let odd = page(&app)
        .get("/reset-password/%22%3E%3Cb%3E?email=%22%3E%3Cb%3E")
        .await;
    assert!(!odd.assert_status(200).body.contains("<b>"));
    reset(&app, &token, ANA).await.assert_status(200);
}

#[tokio::test]
async fn the_pages_own_form_needs_no_session() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let browser = page(&app).with("origin", "null");
    let form = |password: &'static str, again: &'static str| {
        let token = token.clone();
        let browser = browser.clone();
        async move {
            let pairs = [
                ("token", token.as_str()),
                ("email", ANA),
                ("password", password),
                ("password_confirmation", again),
            ];
            browser.form("/reset-password", &pairs).await
        }
    };
    let answer = form(NEW, "another").await;
    assert_eq!(answer.code(), "VALIDATION_FAILED");
    let again = &answer.assert_status(422).body;
    assert!(
        again.contains("The password field confirmation does not match."),
        "{again}"
    );
    assert!(again.contains(&format!("value=\"{token}\"")), "{again}");
    let answer = form("short", "short").await;
    assert!(
        answer
            .assert_status(422)
            .body
            .contains("must be at least 8")
    );
    let answer = form(NEW, NEW).await;
    let done = &answer.assert_status(200).body;
    assert!(done.contains("Your password has been reset."), "{done}");
    let answer = form(NEW, NEW).await;
    assert_token_refused(&answer);
    let refused = &answer.assert_status(422).body;
    assert!(
        refused.contains("This password reset token is invalid."),
        "{refused}"
    );
    logs_in(&app, NEW).await.assert_status(200);
}

#[tokio::test]
async fn a_form_that_asks_for_a_link_goes_back_and_needs_csrf() {
    let app = TestApp::with(unlimited).await;
    let browser = page(&app);
    let refused = browser.form("/forgot-password", &[("email", ANA)]).await;
    refused.assert_status(419);
    browser.get("/sanctum/csrf-cookie").await;
    let browser = browser.with("referer", "http://localhost:3000/forgot");
    let sent = browser.form("/forgot-password", &[("email", ANA)]).await;
    assert_eq!(
        sent.assert_status(302).header("location"),
        "http://localhost:3000/forgot"
    );
}

#[tokio::test]
async fn who_is_logged_in_asks_for_no_link_but_one_that_came_counts() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let token = token_for(&app, ANA).await;
    let browser = app.logged_in(ANA).await;
    let asked = browser.post("/forgot-password", json!({ "email": ANA }));
    assert_eq!(
        asked.await.assert_status(409).code(),
        "ALREADY_AUTHENTICATED"
    );
    let sent = browser
        .post("/reset-password", body(&token, ANA, NEW))
        .await;
    sent.assert_status(200);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let app = TestApp::with(unlimited).await;
    let answer = app.anonymous().post("/reset-password", json!({})).await;
    let errors = answer.assert_status(422).json()["errors"].clone();
    for field in ["token", "email", "password"] {
        assert_eq!(
            errors[field],
            json!([format!("The {field} field is required.")])
        );
    }
    let mut once = body("x", ANA, NEW);
    once.as_object_mut()
        .expect("fields")
        .remove("password_confirmation");
    let answer = app.anonymous().post("/reset-password", once.clone()).await;
    assert!(!answer.assert_status(422).json()["errors"]["password"].is_null());
    // A program need not say it twice.
    assert_token_refused(&app.anonymous().post(RESET, once).await);
}
