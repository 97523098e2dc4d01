//! How it answers: errors, limits, HTTPS, and the documents' own scripts.

use adyton_testing::HostProcess;
use serde_json::json;

use crate::{BEATPASS, api, javascript, log_in, logged_in, login, user};

/// BP-11
#[tokio::test]
async fn every_error_has_a_message_and_broken_rules_their_fields() {
    let (host, ana) = logged_in().await;
    let invalid = api(&ana, "POST /tracks", r#"{"price_cents": -1}"#).await;
    assert_eq!(
        invalid.assert_status(422).json(),
        json!({
            "message": "The title field is required. (and 1 more error)",
            "errors": {
                "title": ["The title field is required."],
                "price_cents": ["The price cents field must be at least 0."],
            },
        })
    );
    let visitor = host.client();
    let token = ana.csrf_token();
    for (request, status) in [
        (
            format!(
                "POST /tracks\nContent-Type: application/json\nX-XSRF-TOKEN: {token}\n\n{{\"title"
            ),
            400,
        ),
        ("GET /tracks/999999".to_owned(), 404),
        ("GET /tracks/none".to_owned(), 404),
        ("GET /tracks/%FF".to_owned(), 404),
        ("GET /nowhere".to_owned(), 404),
        ("DELETE /search".to_owned(), 405),
        ("GET /search".to_owned(), 422),
    ] {
        let browser = if status == 400 { &ana } else { &visitor };
        let answer = browser.send(&request).await;
        let body = answer.assert_status(status).json();
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|said| !said.is_empty()),
            "{answer:?}"
        );
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

/// BP-12
#[tokio::test]
async fn limits_are_announced_and_kept() {
    let (host, ana) = logged_in().await;
    let visitor = host.client();
    let first = visitor.send("GET /tracks").await;
    assert_eq!(first.header("x-ratelimit-limit"), "240");
    assert_eq!(first.header("x-ratelimit-remaining"), "239");
    for _ in 1..240 {
        visitor.send("GET /tracks").await.assert_status(200);
    }
    let refused = visitor.send("GET /tracks").await;
    assert_eq!(
        refused.assert_status(429).json(),
        json!({ "message": "Too Many Attempts." })
    );
    assert_eq!(refused.header("x-ratelimit-remaining"), "0");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(!refused.header("x-ratelimit-reset").is_empty());
    // A member's own routes have a limit of their own.
    let own = ana.send("GET /purchases").await;
    assert_eq!(own.assert_status(200).header("x-ratelimit-limit"), "120");
}

/// BP-16
#[tokio::test]
async fn in_production_the_cookies_are_secure_and_plain_http_is_refused() {
    let production = [
        ("ADYTON_PUBLIC_URL", "https://beatpass.example"),
        ("ADYTON_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
        (
            "ADYTON_KEY",
            "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
    ];
    let host = HostProcess::with(BEATPASS, &production).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser().with("X-Forwarded-Proto", "https");
    let answer = log_in(&browser).await;
    let session = answer
        .set_cookie("__Host-beatpass_session")
        .expect("a session");
    for attribute in ["secure", "httponly", "path=/", "samesite=lax"] {
        assert!(session.contains(attribute), "{session}");
    }
    assert!(!session.contains("domain"), "{session}");
    let csrf = answer.set_cookie("XSRF-TOKEN").expect("a CSRF token");
    assert!(
        csrf.contains("secure") && !csrf.contains("httponly"),
        "{csrf}"
    );
    assert!(!answer.header("strict-transport-security").is_empty());
    browser.send("GET /purchases").await.assert_status(200);

    let cookie = browser
        .cookie("__Host-beatpass_session")
        .expect("a session");
    for request in [
        "GET /purchases",
        "GET /tracks",
        "GET /sanctum/csrf-cookie",
        "POST /login",
    ] {
        let cookie = format!("Cookie: __Host-beatpass_session={cookie}");
        let refused = host.client().send(&format!("{request}\n{cookie}")).await;
        assert_eq!(
            refused.assert_status(403).json(),
            json!({ "message": "HTTPS is required." })
        );
        assert_eq!(refused.set_cookies(), Vec::<String>::new());
    }
}

/// BP-17: by HTTP what the documented scripts send, and where Node is at hand the scripts
/// themselves. A browser runs them in the browser suite.
#[tokio::test]
async fn the_documented_scripts_work_unchanged() {
    let (host, browser) = logged_in().await;
    let made = api(
        &browser,
        "POST /tracks",
        r#"{"title": "Night Drive", "price_cents": 100}"#,
    )
    .await;
    assert_eq!(made.assert_status(201).json()["title"], "Night Drive");
    let left = api(&browser, "POST /logout", "{}").await;
    assert_eq!(
        left.assert_status(200).json(),
        json!({ "message": "Logged out successfully" })
    );
    browser.send("GET /purchases").await.assert_status(401);
    javascript::run(host.address);
}

/// BP-17: axios sends `X-Requested-With` and takes anything.
#[tokio::test]
async fn the_documented_axios_set_up_is_answered_in_json() {
    let host = HostProcess::start(BEATPASS).await;
    user(&host, "Ana", "ana@example.com").await;
    let axios = host
        .browser()
        .with("Accept", "application/json, text/plain, */*")
        .with("X-Requested-With", "XMLHttpRequest")
        .with("Origin", "http://localhost:5173");
    axios
        .send("GET /sanctum/csrf-cookie")
        .await
        .assert_status(204);
    axios
        .send(&login(&axios.csrf_token()))
        .await
        .assert_status(200);
    axios.send("GET /purchases").await.assert_status(200);
    // axios posts `null` as an empty form.
    let token = axios.csrf_token();
    let logout = format!(
        "POST /logout\nContent-Type: application/x-www-form-urlencoded\nX-XSRF-TOKEN: {token}"
    );
    let left = axios.send(&logout).await;
    assert_eq!(
        left.assert_status(200).json(),
        json!({ "message": "Logged out successfully" })
    );
}
