//! Limits: how often something may be tried.

mod accounts;
mod addresses;
mod guide;
mod lanes;
mod paths;
mod users;

use std::time::Duration;

use adyton::config::{Config, Limit};
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

const LOGIN: &str = "/api/v1/auth/login";
const REGISTER: &str = "/api/v1/auth/register";
const MINUTE: Duration = Duration::from_secs(60);

fn ana(password: &str) -> Json {
    json!({ "email": "ana@example.com", "password": password })
}

/// The address's limit is out of the way, the account's is not.
fn wide_login(config: &mut Config) {
    config.throttle.login = Limit::new(1_000, MINUTE);
}

async fn tried(program: &Browser, password: &str) -> u16 {
    program.post(LOGIN, ana(password)).await.status.as_u16()
}

fn limits(answer: &Answer) -> [&str; 4] {
    [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "retry-after",
        "x-ratelimit-reset",
    ]
    .map(|name| answer.header(name))
}

#[tokio::test]
async fn every_answer_tells_what_is_left_and_the_last_one_when() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let program = app.anonymous();
    for (left, body, status) in [
        ("4", ana("password"), 200),
        ("3", ana("wrong"), 401),
        ("2", json!({}), 422),
        ("1", json!([]), 400),
    ] {
        let answer = program.post(LOGIN, body).await;
        assert_eq!(limits(answer.assert_status(status)), ["5", left, "", ""]);
    }
    let answer = program
        .raw(http::Method::POST, LOGIN, "text/plain", "x")
        .await;
    assert_eq!(limits(answer.assert_status(415)), ["5", "0", "", ""]);

    let before = app.clock.now().timestamp();
    let refused = program.post(LOGIN, ana("password")).await;
    let [limit, left, wait, reset] = limits(refused.assert_status(429));
    assert_eq!((limit, left, refused.code()), ("5", "0", "THROTTLED"));
    let (wait, reset): (i64, i64) = (
        wait.parse().expect("seconds"),
        reset.parse().expect("a time"),
    );
    assert!((58..=60).contains(&wait), "{wait}");
    assert!((before + 58..=before + 62).contains(&reset), "{reset}");
    let body = json!({
        "success": false, "message": "Too Many Attempts.", "errors": { "code": "TOO_MANY_REQUESTS" },
    });
    assert_eq!(refused.json(), body);
    assert_eq!(
        refused
            .headers
            .get_all("x-ratelimit-remaining")
            .iter()
            .count(),
        1
    );
}

#[tokio::test]
async fn in_laravels_words_it_is_a_message() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    browser
        .post("/login", ana("wrong"))
        .await
        .assert_status(422);
    let refused = browser.post("/login", ana("wrong")).await;
    assert_eq!(
        refused.assert_status(429).json(),
        json!({ "message": "Too Many Attempts." })
    );
    assert_eq!(refused.header("x-ratelimit-limit"), "1");
}

#[tokio::test]
async fn what_is_refused_is_not_even_looked_at() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let program = app.anonymous();
    for _ in 0..5 {
        tried(&program, "wrong").await;
    }
    app.events();
    assert_eq!(tried(&program, "password").await, 429);
    assert_eq!(program.post(LOGIN, json!({ "email": 7 })).await.status, 429);
    let large = program
        .raw(
            http::Method::POST,
            LOGIN,
            "application/json",
            "x".repeat(100_000),
        )
        .await;
    large.assert_status(429);
    assert_eq!(app.events(), [], "no password was checked");
}

#[tokio::test]
async fn a_window_ends_with_the_clock_and_refusals_do_not_lengthen_it() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let program = app.anonymous();
    for _ in 0..5 {
        assert_eq!(tried(&program, "password").await, 200);
    }
    for seconds in [1, 28, 28] {
        app.clock.advance(TimeDelta::seconds(seconds));
        assert_eq!(tried(&program, "password").await, 429);
    }
    app.clock.advance(TimeDelta::seconds(4));
    assert_eq!(tried(&program, "password").await, 200);
    app.clock.advance(TimeDelta::hours(-1));
    for _ in 0..4 {
        assert_eq!(tried(&program, "password").await, 200);
    }
    assert_eq!(
        tried(&program, "password").await,
        429,
        "a clock set back frees nobody"
    );
}

#[tokio::test]
async fn both_ways_to_log_in_share_a_limit_and_registering_has_its_own() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    for _ in 0..3 {
        assert_eq!(tried(&app.anonymous(), "wrong").await, 401);
    }
    for _ in 0..2 {
        browser
            .post("/login", ana("wrong"))
            .await
            .assert_status(422);
    }
    browser
        .post("/login", ana("wrong"))
        .await
        .assert_status(429);
    assert_eq!(tried(&app.anonymous(), "wrong").await, 429);
    for left in ["2", "1", "0"] {
        let answer = app.anonymous().post(REGISTER, json!({})).await;
        assert_eq!(limits(answer.assert_status(422)), ["3", left, "", ""]);
    }
    app.anonymous()
        .post(REGISTER, json!({}))
        .await
        .assert_status(429);
}

/// What is not proved to be our front end's costs it nothing.
#[tokio::test]
async fn a_request_without_a_csrf_token_counts_for_nobody() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    for _ in 0..10 {
        app.browser()
            .post("/login", ana("wrong"))
            .await
            .assert_status(419);
    }
    assert_eq!(tried(&app.anonymous(), "password").await, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_hundred_parallel_requests_never_one_more_than_the_limit_passes() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    for (path, body, limit) in [(LOGIN, ana("password"), 5), (REGISTER, json!({}), 3)] {
        let tasks: Vec<_> = (0..200)
            .map(|_| {
                let (program, body) = (app.anonymous(), body.clone());
                tokio::spawn(async move { program.post(path, body).await.status.as_u16() })
            })
            .collect();
        let mut passed = 0;
        for task in tasks {
            let status = task.await.expect("an answer");
            assert!([200, 422, 429].contains(&status), "{status}");
            passed += usize::from(status != 429);
        }
        assert_eq!(passed, limit, "{path}");
    }
}

#[tokio::test]
async fn all_limits_are_switched_off_by_one_setting() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user("ana@example.com").await;
    for _ in 0..12 {
        let answer = app.anonymous().post(LOGIN, ana("wrong")).await;
        assert_eq!(limits(answer.assert_status(401)), ["", "", "", ""]);
    }
    assert_eq!(tried(&app.anonymous(), "password").await, 200);
}
