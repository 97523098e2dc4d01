//! No spelling of a path gets around a limit.

use adyton::config::Limit;
use adyton_testing::TestApp;

use super::{MINUTE, ana};

/// `//sign-in` once passed a limit by path (GHSA-x732-6j76-qmhm).
#[tokio::test]
async fn no_way_to_write_the_path_gets_around_a_limit() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    browser
        .post("/login", ana("wrong"))
        .await
        .assert_status(422);
    for path in [
        "//login",
        "/login/",
        "/./login",
        "/x/../login",
        "/%6cogin",
        "/%6Cogin",
        "/LOGIN",
        "/login//",
        "/login;x",
        "/login%20",
        "/login%00",
        "/login%2f",
        "/%2flogin",
        "/login.",
        "/\u{ff4c}ogin",
        "/api/v1/auth//login",
        "/api/v1/auth/login/",
        "/api/v1/auth/%6cogin",
        "/API/v1/auth/login",
    ] {
        let answer = browser.post(path, ana("password")).await;
        assert_eq!(
            answer.assert_status(404).code(),
            "ROUTE_NOT_FOUND",
            "{path}"
        );
    }
    for path in [
        "/login?",
        "/login?x=1",
        "/login?%2f",
        "/api/v1/auth/login?email=x",
    ] {
        browser.post(path, ana("password")).await.assert_status(429);
    }
    for method in [
        "HEAD", "GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "login",
    ] {
        let method = method.parse().expect("a method");
        let answer = browser.json(method, "/login", ana("password")).await;
        assert_eq!(answer.assert_status(405).header("allow"), "POST");
    }
    for override_ in ["POST", "GET", "PUT"] {
        let sneaky = browser.clone().with("x-http-method-override", override_);
        sneaky
            .post("/login", ana("password"))
            .await
            .assert_status(429);
    }
}
