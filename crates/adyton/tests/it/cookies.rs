//! What our cookies look like, and what is taken for one of them.

use adyton_testing::{Browser, TestApp};
use serde_json::json;

use crate::support::{ANA, credentials, hosting, https, https_browser, text};

/// A `Set-Cookie` line with what is random or the time's left out.
fn shape(line: &str) -> String {
    let parts = line.split("; ").map(|part| match part.split_once('=') {
        Some((name, "deleted")) => format!("{name}=deleted"),
        Some(("expires", _)) => "expires=…".to_owned(),
        Some((name @ ("Max-Age" | "path" | "domain" | "samesite"), value)) => {
            format!("{name}={value}")
        }
        Some((name, _)) => format!("{name}=…"),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("; ")
}

fn shapes(answer: &adyton_testing::Answer) -> Vec<String> {
    answer
        .set_cookies()
        .iter()
        .map(|line| shape(line))
        .collect()
}

/// The session cookie's value of a browser on plain HTTP.
fn session_of(browser: &Browser) -> String {
    browser.cookie("adyton_session").expect("it is set")
}

const XSRF: &str = "XSRF-TOKEN=…; expires=…; Max-Age=2592000; path=/; samesite=lax";
const SESSION: &str =
    "adyton_session=…; expires=…; Max-Age=2592000; path=/; httponly; samesite=lax";
const REMEMBER: &str =
    "adyton_remember=…; expires=…; Max-Age=2592000; path=/; httponly; samesite=lax";
const DEVICE: &str =
    "adyton_device=…; expires=…; Max-Age=15552000; path=/; httponly; samesite=strict";

#[tokio::test]
async fn on_http_the_cookies_are_these_in_this_order() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    let answer = browser.get("/sanctum/csrf-cookie").await;
    assert_eq!(shapes(&answer), [XSRF, SESSION]);
    let mut login = credentials(ANA);
    login["remember"] = true.into();
    let answer = browser.post("/login", login).await;
    let expected = [XSRF, SESSION, REMEMBER, DEVICE];
    assert_eq!(shapes(answer.assert_status(200)), expected);
    let answer = browser.post_nothing("/logout").await;
    let forgotten = "adyton_remember=deleted; expires=…; Max-Age=0; path=/; httponly; samesite=lax";
    assert_eq!(
        shapes(answer.assert_status(204)),
        [XSRF, SESSION, forgotten]
    );
}

#[tokio::test]
async fn on_https_they_are_secure_and_bound_to_the_host() {
    let app = TestApp::with(https).await;
    app.user(ANA).await;
    let browser = https_browser(&app);
    let xsrf = "XSRF-TOKEN=…; expires=…; Max-Age=2592000; path=/; secure; samesite=lax";
    let hidden = |name| {
        format!(
            "__Host-{name}=…; expires=…; Max-Age=2592000; path=/; secure; httponly; samesite=lax"
        )
    };
    let answer = browser.get("/sanctum/csrf-cookie").await;
    assert_eq!(shapes(&answer), [xsrf.to_owned(), hidden("adyton_session")]);
    let mut login = credentials(ANA);
    login["remember"] = true.into();
    let answer = browser.post("/login", login).await;
    let expected = [
        xsrf.to_owned(),
        hidden("adyton_session"),
        hidden("adyton_remember"),
        "__Host-adyton_device=…; expires=…; Max-Age=15552000; path=/; secure; httponly; \
         samesite=strict"
            .to_owned(),
    ];
    assert_eq!(shapes(answer.assert_status(200)), expected);
    assert!(
        answer
            .header("strict-transport-security")
            .contains("max-age=")
    );
    let answer = browser.post_nothing("/logout").await;
    let forgotten = "__Host-adyton_remember=deleted; expires=…; Max-Age=0; path=/; secure; \
         httponly; samesite=lax";
    assert_eq!(shapes(answer.assert_status(204))[2], forgotten);
}

#[tokio::test]
async fn only_the_csrf_cookie_may_name_a_domain() {
    let app = TestApp::with(|config| {
        https(config);
        config.csrf.domain = Some(".example.com".to_owned());
    })
    .await;
    let answer = https_browser(&app).get("/sanctum/csrf-cookie").await;
    let xsrf = "XSRF-TOKEN=…; expires=…; Max-Age=2592000; path=/; domain=.example.com; secure; \
         samesite=lax";
    let cookies = shapes(&answer);
    assert_eq!(cookies[0], xsrf);
    assert!(!cookies[1].contains("domain"));
}

#[tokio::test]
async fn on_https_a_request_over_plain_http_gets_no_cookie() {
    let app = TestApp::with(https).await;
    app.user(ANA).await;
    for plain in [
        https_browser(&app).with("x-forwarded-proto", "http"),
        https_browser(&app).without("x-forwarded-proto"),
        https_browser(&app).from("203.0.113.9"),
    ] {
        for path in ["/sanctum/csrf-cookie", "/api/user"] {
            let answer = plain.get(path).await;
            answer.assert_status(403);
            assert_eq!(answer.code(), "HTTPS_REQUIRED");
            assert_eq!(answer.set_cookies(), Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn cookies_can_end_with_the_browser() {
    let app = TestApp::with(|config| config.session.expire_on_close = true).await;
    let answer = app.browser().get("/sanctum/csrf-cookie").await;
    let expected = [
        "XSRF-TOKEN=…; path=/; samesite=lax",
        "adyton_session=…; path=/; httponly; samesite=lax",
    ];
    assert_eq!(shapes(&answer), expected);
}

#[tokio::test]
async fn names_that_only_look_like_ours_are_nobodys() {
    let app = TestApp::with(https).await;
    app.user(ANA).await;
    let browser = https_browser(&app);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    let id = browser.cookie("__Host-adyton_session").expect("it is set");
    let program = browser.without_cookies();
    let good = program
        .clone()
        .with("cookie", &format!("__Host-adyton_session={id}"));
    good.get("/api/user").await.assert_status(200);
    for name in [
        "adyton_session",
        "%5F%5FHost-adyton_session",
        "%5f%5fhost-adyton_session",
        "__host-adyton_session",
        "__Secure-adyton_session",
        "\u{2000}__Host-adyton_session",
        "=__Host-adyton_session",
        "__Host-adyton_session[]",
    ] {
        let request = http::Request::get("/api/user")
            .header("origin", "https://app.example.com")
            .header("x-forwarded-proto", "https")
            .header("cookie", format!("{name}={id}").into_bytes());
        let request = request.body(axum::body::Body::empty()).expect("a request");
        app.send(request).await.assert_status(401);
    }
}

#[tokio::test]
async fn a_session_cookie_that_comes_twice_is_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let id = session_of(&browser);
    let program = browser.without_cookies();
    for cookies in [
        format!("adyton_session={id}; adyton_session={id}"),
        format!("adyton_session={}; adyton_session={id}", "a".repeat(43)),
        format!("adyton_session={id}; x=1; adyton_session="),
    ] {
        let twice = program.clone().with("cookie", &cookies);
        let answer = twice.get("/api/user").await;
        answer.assert_status(401);
        assert_eq!(answer.code(), "COOKIE_DUPLICATE");
        twice
            .post("/login", credentials(ANA))
            .await
            .assert_status(419);
    }
}

#[tokio::test]
async fn junk_beside_a_cookie_does_no_harm() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let id = session_of(&browser);
    for line in [
        format!("a; =b; c=; ;;adyton_session={id};,\"x=1; Ünï=ß; \u{a0}"),
        format!("PHPSESSID=abc; laravel_session=eyJpdiI6; adyton_session={id}; _ga=GA1.1.2"),
        format!("adyton_session={id}; $Version=1; a=\"b; c\""),
    ] {
        let request = http::Request::get("/api/user")
            .header("origin", "http://localhost:3000")
            .header("cookie", line.clone().into_bytes());
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let answer = app.send(request).await;
        assert_eq!(answer.status, 200, "{line}");
    }
    let request = http::Request::get("/api/user")
        .header("origin", "http://localhost:3000")
        .header("cookie", &b"x=\xff\xfe"[..])
        .header("cookie", format!("adyton_session={id}"));
    let request = request.body(axum::body::Body::empty()).expect("a request");
    app.send(request).await.assert_status(200);
}

#[tokio::test]
async fn lines_of_set_cookie_that_are_sent_back_whole_are_understood() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let program = app.browser().without_cookies();
    let answer = program.get("/sanctum/csrf-cookie").await;
    let lines = answer.set_cookies();
    let token = lines[0]
        .split(['=', ';'])
        .nth(1)
        .expect("a value")
        .to_owned();
    let program = program
        .with("cookie", &lines.join("; "))
        .with("x-xsrf-token", &token);
    let answer = program.post("/login", credentials(ANA)).await;
    let lines = answer.assert_status(200).set_cookies();
    let program = program.with("cookie", &lines.join("; "));
    program.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_cookie_is_good_under_its_own_name_only() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut login = credentials(ANA);
    login["remember"] = true.into();
    browser.post("/login", login).await.assert_status(200);
    let names = ["adyton_session", "adyton_remember", "XSRF-TOKEN"];
    let values = names.map(|name| browser.cookie(name).expect("it is set"));
    for (at, name) in names.iter().enumerate() {
        for (from, value) in values.iter().enumerate().filter(|(from, _)| *from != at) {
            let thief = app.browser();
            thief.set_cookie(name, Some(value));
            let answer = thief.get("/api/user").await;
            assert_eq!(answer.status, 401, "{} as {name}", names[from]);
        }
    }
}

#[tokio::test]
async fn a_session_id_is_in_no_body_and_the_database_has_its_hash_only() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    let mut bodies = vec![browser.get("/sanctum/csrf-cookie").await];
    let visitor = session_of(&browser);
    bodies.push(browser.post("/login", credentials(ANA)).await);
    let id = session_of(&browser);
    bodies.push(browser.get("/api/user").await);
    bodies.push(browser.get("/api/v1/me").await);
    bodies.push(browser.post("/login", credentials(ANA)).await);
    let sql = "SELECT id AS value FROM sessions WHERE user_id > $1";
    let stored = text(&app, sql, 0_i64).await.expect("a row");
    let is_hash = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    assert!(
        stored.len() == 64 && stored.bytes().all(is_hash),
        "{stored}"
    );
    bodies.push(browser.post_nothing("/logout").await);
    for answer in &bodies {
        for secret in [&visitor, &id, &stored] {
            assert!(!answer.body.contains(secret.as_str()), "{answer:#?}");
        }
    }
}

#[tokio::test]
async fn the_stored_form_of_a_session_opens_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    app.logged_in(ANA).await;
    let sql = "SELECT id AS value FROM sessions WHERE user_id > $1";
    let stored = text(&app, sql, 0_i64).await.expect("a row");
    for value in [&stored[..], &stored[..43]] {
        let thief = app.browser();
        thief.set_cookie("adyton_session", Some(value));
        thief.get("/api/user").await.assert_status(401);
    }
}

#[tokio::test]
async fn an_answer_that_sets_a_cookie_is_kept_by_no_cache() {
    // The host says that its page may be cached; a remembered browser gets a session on it.
    let app = TestApp::host(
        |_| {},
        |builder| builder,
        |_| {
            let page = |_: Option<adyton::Auth>| async {
                ([("cache-control", "public, max-age=600")], "a page")
            };
            axum::Router::new().route("/page", axum::routing::get(page))
        },
    )
    .await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut login = credentials(ANA);
    login["remember"] = true.into();
    browser.post("/login", login).await.assert_status(200);
    let answer = browser.get("/page").await;
    assert_eq!(answer.header("cache-control"), "public, max-age=600");
    browser.set_cookie("adyton_session", None);
    let answer = browser.get("/page").await;
    assert!(answer.set_cookie("adyton_session").is_some());
    let control: Vec<_> = answer.headers.get_all("cache-control").iter().collect();
    assert_eq!(control, ["no-store"]);
}

#[tokio::test]
async fn answers_that_change_nothing_set_no_cookie() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for path in ["/free", "/api/user", "/closed", "/nowhere", "/login"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.set_cookies(), Vec::<String>::new(), "{path}");
    }
    let answer = browser.post("/login", json!({})).await;
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
}
