//! Pages and redirects for people, JSON for programs.

use adyton_testing::TestApp;
use serde_json::json;

use super::app;

/// Errors are pages for whoever asks for one by its name and for nobody else.
#[tokio::test]
async fn a_page_is_for_a_persons_browser_and_json_for_all_others() {
    let app = app(|_| {}).await;
    let browsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, kind, script, is_page) in [
        ("", "", "", false),
        ("*/*", "", "", false),
        ("application/json", "", "", false),
        ("application/vnd.api+json", "", "", false),
        ("application/json, text/html", "", "", false),
        ("text/html;q=0.5, application/json", "", "", false),
        ("image/png", "", "", false),
        ("text/html;q=0", "", "", false),
        ("text/html", "", "", true),
        (browsers, "", "", true),
        ("text/html, application/json", "", "", true),
        ("application/xhtml+xml", "", "", true),
        ("*/*, text/html;q=0.1", "", "", true),
        ("*/*, text/html;q=0.1", "", "XMLHttpRequest", false),
        (browsers, "", "XMLHttpRequest", true),
        (browsers, "application/json", "", false),
        (browsers, "application/x-www-form-urlencoded", "", true),
        ("", "application/x-www-form-urlencoded", "", false),
    ] {
        let asked = app
            .anonymous()
            .with("accept", accept)
            .with("content-type", kind);
        let asked = asked.with("x-requested-with", script);
        let answer = asked.get("/laravel/csrf").await;
        let got = answer.assert_status(419).header("content-type");
        let expected = if is_page {
            "text/html; charset=utf-8"
        } else {
            "application/json"
        };
        assert_eq!(got, expected, "{accept:?} {kind:?} {script:?}");
        // Below /api there are no pages, and the envelope has none.
        for path in ["/api/csrf", "/envelope/csrf"] {
            assert_eq!(
                asked.get(path).await.header("content-type"),
                "application/json"
            );
        }
    }
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .get("/laravel/csrf")
        .await;
    assert_eq!(
        page.body,
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>419</title><h1>419</h1>\
         <p>CSRF token mismatch.</p></html>\n"
    );
}

/// A success is sent on only where a form was posted by somebody who did not ask for JSON.
#[tokio::test]
async fn a_form_is_sent_on_and_a_script_is_answered() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user("ana@example.com").await;
    let login = [("email", "ana@example.com"), ("password", "password")];
    let body = json!({ "email": "ana@example.com", "password": "password" });
    for (accept, is_form, to) in [
        ("", true, "/home"),
        ("*/*", true, "/home"),
        ("text/html", true, "/home"),
        ("application/json", true, ""),
        ("", false, ""),
        ("*/*", false, ""),
        ("text/html", false, ""),
        ("application/json", false, ""),
    ] {
        let browser = app.browser().with("accept", accept);
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        let answer = match is_form {
            true => browser.form("/login", &login).await,
            false => browser.post("/login", body.clone()).await,
        };
        answer.assert_status(if to.is_empty() { 200 } else { 302 });
        assert_eq!(answer.header("location"), to, "{accept:?} {is_form}");
        // Whoever is logged in already is sent on as well, unless a script asks.
        let again = browser.form("/login", &login).await;
        let is_script = accept == "application/json";
        again.assert_status(if is_script { 409 } else { 302 });
    }
}

#[tokio::test]
async fn a_logout_is_empty_unless_json_always_has_a_body() {
    for (json_bodies, status, body) in [
        (false, 204, ""),
        (true, 200, "{\"message\":\"Logged out successfully\"}"),
    ] {
        let app = TestApp::with(|config| config.wire.json_bodies = json_bodies).await;
        app.user("ana@example.com").await;
        let answer = app
            .logged_in("ana@example.com")
            .await
            .post("/logout", json!({}))
            .await;
        assert_eq!(answer.assert_status(status).body, body);
        let form = app
            .logged_in("ana@example.com")
            .await
            .with("accept", "text/html")
            .form("/logout", &[])
            .await;
        assert_eq!(form.assert_status(302).header("location"), "/");
    }
}
