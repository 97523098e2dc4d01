//! Cookies, CSRF tokens, origins: who is known, and by what.

use adyton::{Abilities, NewToken, UserDraft};
use adyton_testing::HostProcess;
use serde_json::json;

use crate::{BEATPASS, PASSWORD, api, log_in, logged_in, login, upload, user};

/// BP-01
#[tokio::test]
async fn the_csrf_cookie_is_encoded_and_readable_by_scripts() {
    let host = HostProcess::start(BEATPASS).await;
    let answer = host.client().send("GET /sanctum/csrf-cookie").await;
    assert_eq!(answer.assert_status(204).body, "");
    let cookie = answer.set_cookie("XSRF-TOKEN").expect("it is set");
    let (pair, attributes) = cookie.split_once(';').expect("attributes");
    let value = pair.strip_prefix("XSRF-TOKEN=").expect("its name");
    // The document's getCsrfToken splits the pair at every `=`.
    assert!(
        !value.is_empty() && !value.contains(['=', ';', ' ', '"']),
        "{value}"
    );
    assert!(attributes.contains("path=/"), "{attributes}");
    assert!(
        !attributes.to_lowercase().contains("httponly"),
        "{attributes}"
    );
}

/// BP-02
#[tokio::test]
async fn unsafe_requests_need_the_csrf_token_in_a_header() {
    let (host, browser) = logged_in().await;
    let track = upload(&browser, "Night Drive").await;
    let requests = [
        "POST /login".to_owned(),
        "POST /logout".to_owned(),
        "POST /tracks".to_owned(),
        format!("PUT /tracks/{track}"),
        format!("PATCH /tracks/{track}"),
        format!("DELETE /artists/{track}/follow"),
    ];
    let body = r#"{"title": "x", "price_cents": 100}"#;
    for request in &requests {
        for header in ["", "X-XSRF-TOKEN: wrong\n", "X-XSRF-TOKEN: v1.AAAA.AAAA\n"] {
            let text = format!("{request}\nContent-Type: application/json\n{header}\n{body}");
            let answer = browser.send(&text).await;
            assert_eq!(
                answer.assert_status(419).body,
                r#"{"message":"CSRF token mismatch."}"#
            );
        }
    }
    // Another visitor's token is worth nothing here.
    let other = host.browser();
    other.send("GET /sanctum/csrf-cookie").await;
    let answer = browser.send(&login(&other.csrf_token())).await;
    answer.assert_status(419);
    // With the right one, each goes through to its route.
    let answer = api(&browser, &format!("PUT /tracks/{track}"), body).await;
    answer.assert_status(200);
}

/// BP-03
#[tokio::test]
async fn a_login_opens_a_session_that_later_requests_are_known_by() {
    let host = HostProcess::start(BEATPASS).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    let answer = log_in(&browser).await;
    assert_eq!(answer.json(), json!({ "two_factor": false }));
    let cookie = answer.set_cookie("beatpass_session").expect("a session");
    assert!(
        cookie.contains("httponly") && cookie.contains("samesite=lax"),
        "{cookie}"
    );
    browser.send("GET /tracks").await.assert_status(200);
    browser.send("GET /purchases").await.assert_status(200);
    // The session's cookie is enough.
    browser.set_cookie("XSRF-TOKEN", None);
    let me = browser
        .send("GET /api/user\nOrigin: http://localhost:5173")
        .await;
    assert_eq!(me.assert_status(200).json()["email"], "ana@example.com");
}

/// BP-03: the other document's login, "Submit credentials to the session login route".
#[tokio::test]
async fn the_login_on_one_line_works_too() {
    let host = HostProcess::start(BEATPASS).await;
    let operator = host
        .operator(|config| config.passwords.min_length = 1)
        .await;
    let mut draft = UserDraft::new("Ana", "ana@example.com");
    draft.password = Some("secret".into());
    operator.create_user(draft).await.expect("the user is new");
    let browser = host.browser();
    browser.send("GET /sanctum/csrf-cookie").await;
    let request = format!(
        "POST /login\nContent-Type: application/json\nX-XSRF-TOKEN: {}\n\n\
         {{\"email\": \"ana@example.com\", \"password\": \"secret\"}}",
        browser.csrf_token()
    );
    browser.send(&request).await.assert_status(200);
    browser.send("GET /tracks").await.assert_status(200);
}

/// BP-03: what does not let in.
#[tokio::test]
async fn a_wrong_password_opens_nothing() {
    let host = HostProcess::start(BEATPASS).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    browser.send("GET /sanctum/csrf-cookie").await;
    let request = login(&browser.csrf_token()).replace(PASSWORD, "wrong-password");
    let refused = browser.send(&request).await;
    let message = "These credentials do not match our records.";
    assert_eq!(
        refused.assert_status(422).json(),
        json!({ "message": message, "errors": { "email": [message] } })
    );
    browser.send("GET /purchases").await.assert_status(401);
}

/// BP-06
#[tokio::test]
async fn the_same_cookies_are_worth_nothing_from_another_origin() {
    let (_host, browser) = logged_in().await;
    let track = upload(&browser, "Night Drive").await;
    for sender in [
        "Origin: https://evil.example",
        "Origin: null",
        "Referer: https://evil.example/localhost:5173",
        "Origin: https://evil.example\nReferer: http://localhost:5173/",
        "Sec-Fetch-Site: cross-site",
    ] {
        let refused = browser.send(&format!("GET /purchases\n{sender}")).await;
        assert_eq!(
            refused.assert_status(401).body,
            r#"{"message":"Unauthenticated."}"#
        );
        assert_eq!(
            refused.header("access-control-allow-origin"),
            "",
            "{sender}"
        );
        let shown = browser
            .send(&format!("GET /tracks/{track}\n{sender}"))
            .await;
        let shown = shown.assert_status(200).json();
        assert_eq!(shown.get("purchased"), None, "{sender}");
    }
    let front_end = "Origin: http://localhost:5173";
    let answer = browser.send(&format!("GET /purchases\n{front_end}")).await;
    let allowed = answer
        .assert_status(200)
        .header("access-control-allow-origin");
    assert_eq!(allowed, "http://localhost:5173");
    assert_eq!(answer.header("access-control-allow-credentials"), "true");
}

/// BP-06
#[tokio::test]
async fn the_approved_origins_are_a_setting() {
    let origins = ("ADYTON_STATEFUL_ORIGINS", "https://app.beatpass.example");
    let host = HostProcess::with(BEATPASS, &[origins]).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    log_in(&browser).await;
    let ours = browser
        .send("GET /purchases\nOrigin: https://app.beatpass.example")
        .await;
    ours.assert_status(200);
    let not_ours = browser
        .send("GET /purchases\nOrigin: http://localhost:5173")
        .await;
    not_ours.assert_status(401);
    for (origin, allowed) in [
        (
            "https://app.beatpass.example",
            "https://app.beatpass.example",
        ),
        ("https://evil.example", ""),
    ] {
        let preflight = format!(
            "OPTIONS /tracks\nOrigin: {origin}\nAccess-Control-Request-Method: POST\n\
             Access-Control-Request-Headers: content-type,x-xsrf-token"
        );
        let answer = browser.send(&preflight).await;
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
}

/// BP-07
#[tokio::test]
async fn a_bearer_token_authenticates_nothing() {
    let host = HostProcess::start(BEATPASS).await;
    user(&host, "Ana", "ana@example.com").await;
    let operator = host.operator(|_| {}).await;
    let owner = operator.find_user("ana@example.com").await.expect("Ana");
    let new = NewToken::new("smuggled", Abilities::new(["*"]));
    let issued = operator.issue_token(&owner, new).await.expect("a token");
    let good = issued.plain_text.expose().as_str();
    for token in [good, "1|abc123", "abc", "1|", "|", ""] {
        let request = format!("GET /purchases\nAuthorization: Bearer {token}");
        let answer = host.client().send(&request).await;
        assert_eq!(
            answer.assert_status(401).body,
            r#"{"message":"Unauthenticated."}"#
        );
    }
    for route in [
        "POST /api/v1/auth/login",
        "POST /api/v1/me/tokens",
        "POST /sanctum/token",
    ] {
        host.client().send(route).await.assert_status(404);
    }
}
