//! What clients by other people send, as they send it, and what they need back.

use adyton_testing::{Answer, Browser, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials, hosting};

const AXIOS: &str = "application/json, text/plain, */*";

/// A page at `http://localhost:3000` that calls an API at `http://localhost:8000`.
fn cross_origin(app: &TestApp) -> Browser {
    app.browser()
        .with("host", "localhost:8000")
        .with("referer", "http://localhost:3000/")
        .with("sec-fetch-site", "same-site")
        .with("sec-fetch-mode", "cors")
        .with("accept", AXIOS)
}

#[track_caller]
fn assert_readable(answer: &Answer) {
    let origin = answer.header("access-control-allow-origin");
    assert_eq!(origin, "http://localhost:3000", "{answer:#?}");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
}

#[tokio::test]
async fn breeze_next_preflights_everything_and_logs_in() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let page = cross_origin(&app).with("x-requested-with", "XMLHttpRequest");
    let preflight = async |path: &str, method: &str| {
        let bare = app.browser().with("host", "localhost:8000");
        let asked = "content-type,x-requested-with,x-xsrf-token";
        let answer = bare.preflight(path, method, asked).await;
        assert_readable(answer.assert_status(204));
    };
    preflight("/api/user", "GET").await;
    let guest = page.get("/api/user").await;
    assert_readable(guest.assert_status(401));
    preflight("/sanctum/csrf-cookie", "GET").await;
    assert_readable(page.get("/sanctum/csrf-cookie").await.assert_status(204));
    preflight("/login", "POST").await;
    let mut body = credentials(ANA);
    body["remember"] = false.into();
    body["password"] = "wrong".into();
    let refused = page.post("/login", body).await;
    assert_readable(refused.assert_status(422));
    let errors = refused.json();
    assert!(errors["errors"]["email"].is_array(), "{errors}");
    let answer = page.post("/login", credentials(ANA)).await;
    assert_readable(answer.assert_status(200));
    let user = page.get("/api/user").await;
    assert!(user.assert_status(200).json()["email_verified_at"].is_string());
    preflight("/logout", "POST").await;
    assert_readable(page.post_nothing("/logout").await.assert_status(204));
    assert_readable(page.get("/api/user").await.assert_status(401));
}

#[tokio::test]
async fn breeze_next_registers() {
    let app = TestApp::new().await;
    let page = cross_origin(&app).with("x-requested-with", "XMLHttpRequest");
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    let body = json!({
        "name": "Ben", "email": "ben@example.com",
        "password": "long-enough", "password_confirmation": "long-enough",
    });
    let answer = page.post("/register", body.clone()).await;
    assert_readable(answer.assert_status(201));
    let user = page.get("/api/user").await;
    assert_eq!(
        user.assert_status(200).json()["email_verified_at"],
        Json::Null
    );
    page.post_nothing("/logout").await.assert_status(204);
    let again = page.post("/register", body).await;
    assert_readable(again.assert_status(422));
    let taken = json!(["The email has already been taken."]);
    assert_eq!(again.json()["errors"]["email"], taken);
}

#[tokio::test]
async fn axios_logs_out_with_an_empty_form() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    for kind in ["application/x-www-form-urlencoded", "application/json", ""] {
        let browser = app.logged_in(ANA).await.with("accept", AXIOS);
        let answer = browser.raw(Method::POST, "/logout", kind, "").await;
        answer.assert_status(204);
    }
}

#[tokio::test]
async fn axios_sends_the_token_when_reading_too() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.with("accept", AXIOS);
    browser.get("/api/user").await.assert_status(200);
    let stale = browser.with("x-xsrf-token", "v1.old.token");
    stale.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn react_sanctum_logs_in_with_remember_null() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let page = app.browser().with("accept", AXIOS);
    page.get("/api/user").await.assert_status(401);
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = Json::Null;
    let answer = page.post("/login", body).await;
    assert_ne!(answer.assert_status(200).json()["two_factor"], true);
    let user = page.get("/api/user").await;
    assert_eq!(user.assert_status(200).json()["email"], ANA, "as it is");
}

#[tokio::test]
async fn nuxt_asks_from_its_server_with_a_bare_referer() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let cookies = ["adyton_session", "XSRF-TOKEN"].map(|name| {
        let value = browser.cookie(name).expect("it is set");
        format!("{name}={value}")
    });
    let server = app
        .anonymous()
        .with("cookie", &cookies.join("; "))
        .from("10.1.2.3");
    for (origin, referer) in [
        ("http://localhost:3000", "http://localhost:3000"),
        ("", "http://localhost:3000"),
        ("", "localhost:3000"),
    ] {
        let asking = server
            .clone()
            .with("origin", origin)
            .with("referer", referer);
        let answer = asking.get("/api/user").await;
        assert_eq!(answer.assert_status(200).json()["email"], ANA);
    }
}

#[tokio::test]
async fn nuxt_sends_forms_with_their_method_in_them() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let page = app.browser();
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    let pairs = [
        ("_method", "POST"),
        ("email", ANA),
        ("password", "password"),
    ];
    let answer = multipart(&page, "/login", &pairs).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": false })
    );
}

#[tokio::test]
async fn vue_sanctum_deletes_the_csrf_cookie_and_stays_logged_in() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.set_cookie("XSRF-TOKEN", None);
    browser.get("/api/user").await.assert_status(200);
    browser.post_nothing("/logout").await.assert_status(419);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser.post_nothing("/logout").await.assert_status(204);
}

#[tokio::test]
async fn angular_is_told_apart_by_nothing() {
    // No X-Requested-With, no token when reading, a POST without type or body.
    let app = TestApp::new().await;
    app.user(ANA).await;
    let page = app
        .browser()
        .with("host", "localhost:3000")
        .with("sec-fetch-site", "same-origin")
        .with("accept", AXIOS);
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    page.post("/login", credentials(ANA))
        .await
        .assert_status(200);
    let reading = page.clone().without("origin").without_csrf_header();
    reading.get("/api/user").await.assert_status(200);
    page.post_nothing("/logout").await.assert_status(204);
}

#[tokio::test]
async fn json_without_accept_is_answered_in_json() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let page = app.browser().without("accept");
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    let refused = page
        .post("/login", json!({ "email": ANA, "password": "x" }))
        .await;
    assert!(refused.assert_status(422).json()["errors"].is_object());
    let answer = page.post("/login", credentials(ANA)).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": false })
    );
    let again = page.post("/login", credentials(ANA)).await;
    assert!(again.assert_status(409).json()["message"].is_string());
    page.get("/api/user").await.assert_status(200).json();
    let missing = page.get("/api/nowhere").await;
    assert_eq!(
        missing.assert_status(404).json()["message"],
        "The route api/nowhere could not be found."
    );
}

#[tokio::test]
async fn expo_says_json_on_what_has_no_body() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    let program = program.with("content-type", "application/json");
    program.get("/api/user").await.assert_status(200);
    program.get("/api/v1/me").await.assert_status(200);
    let answer = program
        .raw(Method::POST, "/api/v1/auth/logout", "", "")
        .await;
    answer.assert_status(200);
    program.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn an_empty_json_body_is_an_empty_input() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    let page = app.browser();
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    for path in [
        "/login",
        "/register",
        "/api/v1/auth/login",
        "/api/v1/auth/register",
    ] {
        let answer = page.raw(Method::POST, path, "application/json", "").await;
        assert_eq!(answer.status, 422, "{path} {answer:#?}");
    }
}

#[tokio::test]
async fn postman_logs_in_with_any_kind_of_form() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let pairs = [("email", ANA), ("password", "password"), ("remember", "on")];
    for is_multipart in [false, true] {
        let program = app
            .browser()
            .without("origin")
            .with("referer", "http://localhost:3000");
        program.get("/sanctum/csrf-cookie").await.assert_status(204);
        let answer = match is_multipart {
            true => multipart(&program, "/login", &pairs).await,
            false => program.form("/login", &pairs).await,
        };
        assert_eq!(
            answer.assert_status(200).json(),
            json!({ "two_factor": false })
        );
        assert!(program.cookie("adyton_remember").is_some());
    }
}

#[tokio::test]
async fn a_method_may_be_named_in_a_header_or_a_form() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    for way in ["header", "form", "multipart"] {
        let text = app.token(&ana, &["user"]).await;
        let path = format!(
            "/api/v1/me/tokens/{}",
            text.split('|').next().expect("an id")
        );
        let program = app.bearer(&text);
        let pairs = [("_method", "delete")];
        let answer = match way {
            "header" => {
                let program = program.clone().with("x-http-method-override", "DELETE");
                program.post_nothing(&path).await
            }
            "form" => program.form(&path, &pairs).await,
            _ => multipart(&program, &path, &pairs).await,
        };
        assert_eq!(answer.status, 200, "{way} {answer:#?}");
        program.get("/api/user").await.assert_status(401);
    }
}

#[tokio::test]
async fn forward_auth_asks_with_a_cookie_and_no_origin() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let proxy = browser
        .without("origin")
        .with("x-original-uri", "/reports?x=1")
        .with("x-forwarded-method", "POST")
        .with("content-type", "application/x-www-form-urlencoded");
    proxy.get("/closed").await.assert_status(200);
    let stranger = app.anonymous().with("accept", "text/html");
    let answer = stranger.get("/closed").await;
    assert_eq!(answer.assert_status(401).headers.get("location"), None);
}

#[tokio::test]
async fn a_stale_bearer_does_not_keep_anybody_from_the_login() {
    // A client whose default Authorization header outlived its token.
    let app = TestApp::new().await;
    app.user(ANA).await;
    let page = app.browser().with("authorization", "Bearer 1|stale");
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    page.post("/login", credentials(ANA))
        .await
        .assert_status(200);
}

/// A form as browsers' `FormData` is sent.
async fn multipart(browser: &Browser, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let mut body = String::new();
    for (name, value) in pairs {
        body += "--XxBoundaryxX\r\n";
        body += &format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += "--XxBoundaryxX--\r\n";
    let kind = "multipart/form-data; boundary=XxBoundaryxX";
    browser.raw(Method::POST, path, kind, body).await
}
