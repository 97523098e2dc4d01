//! Limits: how often something may be tried.

use std::time::Duration;

use adyton::Event;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_addresses_together_guess_at_one_account_ten_times() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let program = app.anonymous().from(&format!("192.0.2.{number}"));
            tokio::spawn(async move { tried(&program, "wrong").await })
        })
        .collect();
    let mut checked = 0;
    for task in tasks {
        let status = task.await.expect("an answer");
        assert!([401, 429].contains(&status), "{status}");
        checked += usize::from(status == 401);
    }
    assert_eq!(checked, 10);
}

#[tokio::test]
async fn an_account_is_one_whatever_its_casing_and_whether_or_not_it_exists() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    for name in ["ana", "nobody"] {
        let entered = [
            format!("{name}@example.com"),
            format!("{}@EXAMPLE.com", name.to_uppercase()),
            format!("  {name}@Example.Com "),
        ];
        let mut statuses = Vec::new();
        for at in 0..12 {
            let program = app.anonymous().from(&format!("198.51.100.{at}"));
            let body = json!({ "email": entered[at % 3], "password": "wrong" });
            statuses.push(program.post(LOGIN, body).await);
        }
        let (checked, refused) = statuses.split_at(10);
        assert!(checked.iter().all(|answer| answer.status == 401));
        assert!(refused.iter().all(|answer| answer.status == 429));
        let [limit, left, wait, _] = limits(&refused[0]);
        assert_eq!((limit, left), ("10", "0"));
        assert!(
            (895..=900).contains(&wait.parse::<i64>().expect("seconds")),
            "{wait}"
        );
    }
    assert_eq!(
        tried(&app.anonymous(), "password").await,
        429,
        "the right password as little"
    );
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(tried(&app.anonymous(), "password").await, 200);
}

#[tokio::test]
async fn the_browsers_door_and_the_programs_count_one_account() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    for _ in 0..5 {
        browser
            .post("/login", ana("wrong"))
            .await
            .assert_status(422);
        assert_eq!(tried(&app.anonymous(), "wrong").await, 401);
    }
    browser
        .post("/login", ana("password"))
        .await
        .assert_status(429);
}

#[tokio::test]
async fn a_success_clears_the_accounts_failures_and_nobody_elses() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    app.user("eva@example.com").await;
    let program = app.anonymous();
    let eva = |password: &str| json!({ "email": "eva@example.com", "password": password });
    for _ in 0..9 {
        assert_eq!(tried(&program, "wrong").await, 401);
    }
    for _ in 0..3 {
        program
            .post(LOGIN, eva("password"))
            .await
            .assert_status(200);
    }
    assert_eq!(tried(&program, "password").await, 200, "the tenth");
    for _ in 0..10 {
        assert_eq!(tried(&program, "wrong").await, 401);
    }
    assert_eq!(tried(&program, "wrong").await, 429);
}

/// Own good logins in between once cleared an attacker's limit (django-allauth 65.8.1).
#[tokio::test]
async fn a_success_does_not_clear_the_addresss_limit() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    app.user("eva@example.com").await;
    let program = app.anonymous();
    let eva = json!({ "email": "eva@example.com", "password": "password" });
    for status in [200, 401, 200, 401, 200] {
        match status {
            200 => program.post(LOGIN, eva.clone()).await.assert_status(200),
            _ => program.post(LOGIN, ana("wrong")).await.assert_status(401),
        };
    }
    assert_eq!(tried(&program, "wrong").await, 429);
}

#[tokio::test]
async fn addresses_that_one_customer_has_are_one() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    let status = async |address: &str| {
        let program = app.anonymous().from(address);
        program.post(LOGIN, json!({})).await.status.as_u16()
    };
    assert_eq!(status("2001:db8:1:2::1").await, 422);
    for same in [
        "2001:db8:1:2::2",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "2001:0DB8:0001:0002::",
    ] {
        assert_eq!(status(same).await, 429, "{same}");
    }
    assert_eq!(status("2001:db8:1:3::1").await, 422);
    assert_eq!(status("192.0.2.1").await, 422);
    assert_eq!(status("::ffff:192.0.2.1").await, 429);
    assert_eq!(status("::ffff:192.0.2.2").await, 422);
    assert_eq!(status("192.0.2.2").await, 429);
}

#[tokio::test]
async fn a_stranger_does_not_choose_the_address_he_is_counted_by() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    app.anonymous()
        .post(LOGIN, json!({}))
        .await
        .assert_status(422);
    for header in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x-client-ip",
        "x-forwarded",
        "forwarded-for",
        "x_forwarded_for",
        "x-originating-ip",
    ] {
        let program = app.anonymous().with(header, "203.0.113.7");
        program.post(LOGIN, json!({})).await.assert_status(429);
    }
}

#[tokio::test]
async fn behind_our_own_proxy_the_right_most_stranger_is_counted() {
    let app = TestApp::with(|config| {
        config.throttle.login = Limit::new(1, MINUTE);
        config.http.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    })
    .await;
    let status = async |hops: &str| {
        let program = app
            .anonymous()
            .from("10.0.0.1")
            .with("x-forwarded-for", hops);
        program.post(LOGIN, json!({})).await.status.as_u16()
    };
    assert_eq!(status("203.0.113.7").await, 422);
    for same in [
        "1.1.1.1, 203.0.113.7",
        "203.0.113.8,203.0.113.7",
        "203.0.113.7, 10.9.9.9",
    ] {
        assert_eq!(status(same).await, 429, "{same}");
    }
    assert_eq!(status("203.0.113.8").await, 422);
    assert_eq!(status("junk").await, 422, "counted as the proxy itself");
    assert_eq!(status("other junk").await, 429);
    let outside = app.anonymous().with("x-forwarded-for", "203.0.113.9");
    outside.post(LOGIN, json!({})).await.assert_status(422);
    outside.post(LOGIN, json!({})).await.assert_status(429);
}

#[tokio::test]
async fn a_users_own_routes_are_counted_by_user() {
    let app = TestApp::with(|config| config.throttle.me = Limit::new(3, MINUTE)).await;
    let user = app.user("ana@example.com").await;
    let eva = app.user("eva@example.com").await;
    let tokens = [
        app.token(&user, &["user"]).await,
        app.token(&user, &["user"]).await,
    ];
    for (at, (path, left)) in [
        ("/api/v1/me", "2"),
        ("/api/v1/me/tokens", "1"),
        ("/api/v1/me", "0"),
    ]
    .into_iter()
    .enumerate()
    {
        let program = app.bearer(&tokens[at % 2]).from(&format!("192.0.2.{at}"));
        let answer = program.get(path).await;
        assert_eq!(limits(answer.assert_status(200)), ["3", left, "", ""]);
    }
    app.bearer(&tokens[0])
        .get("/api/v1/me")
        .await
        .assert_status(429);
    app.bearer(&app.token(&eva, &["user"]).await)
        .get("/api/v1/me")
        .await
        .assert_status(200);
    app.anonymous().get("/api/v1/me").await.assert_status(401);
}

/// Who may not is limited as well: each refusal is an event that somebody's log has to keep.
#[tokio::test]
async fn those_who_may_not_are_counted_too() {
    let app = TestApp::with(|config| config.throttle.admin = Limit::new(2, MINUTE)).await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    app.events();
    for left in ["1", "0"] {
        let answer = program.get("/api/v1/admin/users").await;
        assert_eq!(limits(answer.assert_status(403)), ["2", left, "", ""]);
    }
    program.get("/api/v1/admin/users").await.assert_status(429);
    let refusals = app.events();
    assert!(matches!(
        refusals[..],
        [Event::AccessRefused { .. }, Event::AccessRefused { .. }]
    ));
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
