//! Lanes: whoever fails often enough at an account keeps strangers out, and not its owner.

use std::time::{Duration, Instant};

use adyton::Keys;
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use super::{LOGIN, ana, tried, wide_login};
use crate::mailbox::path_in_mail;
use crate::support::ANA;

const DEVICE: &str = "adyton_device";

/// A browser in which somebody has logged in, and out again.
async fn known(app: &TestApp, email: &str) -> Browser {
    let browser = app.logged_in(email).await;
    leave(&browser).await;
    browser
}

async fn leave(browser: &Browser) {
    browser.post_nothing("/logout").await.assert_status(204);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
}

async fn at_login(browser: &Browser, password: &str) -> u16 {
    browser.post("/login", ana(password)).await.status.as_u16()
}

/// Everybody else is refused.
async fn fill(app: &TestApp) {
    for at in 0..20 {
        tried(&app.anonymous().from(&format!("192.0.2.{at}")), "wrong").await;
    }
    assert_eq!(tried(&app.anonymous(), "password").await, 429);
}

#[tokio::test]
async fn a_thousand_failures_elsewhere_do_not_keep_a_known_browser_out() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    for at in 0..1_000 {
        let address = format!("198.51.{}.{}", at / 250, at % 250);
        let status = tried(&app.anonymous().from(&address), "wrong").await;
        assert_eq!(status, if at < 10 { 401 } else { 429 });
    }
    let begun = Instant::now();
    assert_eq!(at_login(&browser, "password").await, 200);
    assert!(begun.elapsed() < Duration::from_secs(2));
    // Which gives the guesser no new tries.
    let guesser = app.anonymous().from("198.51.100.7");
    assert_eq!(tried(&guesser, "wrong").await, 429);
}

#[tokio::test]
async fn a_known_browser_has_a_lane_of_its_own_and_no_endless_one() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    for _ in 0..10 {
        assert_eq!(at_login(&browser, "wrong").await, 422);
    }
    let full = browser.post("/login", ana("password")).await;
    assert_eq!(full.assert_status(429).code(), "THROTTLED");
    assert_eq!(
        tried(&app.anonymous(), "password").await,
        200,
        "no stranger failed"
    );
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(at_login(&browser, "password").await, 200);
}

/// A copy of the cookie counts with the original, and a login does not make it another browser.
#[tokio::test]
async fn a_browser_stays_the_same_through_logins_and_in_copies() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    let copy = browser.copied();
    assert_eq!(at_login(&browser, "password").await, 200);
    leave(&browser).await;
    for _ in 0..5 {
        assert_eq!(at_login(&browser, "wrong").await, 422);
        assert_eq!(at_login(&copy, "wrong").await, 422);
    }
    assert_eq!(at_login(&browser, "password").await, 429);
    assert_eq!(at_login(&copy, "password").await, 429);
}

#[tokio::test]
async fn a_success_there_forgets_the_failures_there() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    for _ in 0..3 {
        for _ in 0..9 {
            assert_eq!(at_login(&browser, "wrong").await, 422);
        }
        assert_eq!(at_login(&browser, "password").await, 200);
        leave(&browser).await;
    }
}

#[tokio::test]
async fn it_is_known_for_its_user_alone() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    app.user("bo@example.com").await;
    let of_bo = known(&app, "bo@example.com").await;
    fill(&app).await;
    assert_eq!(at_login(&of_bo, "password").await, 429);
    // Once both have logged in there, it is known for both.
    app.clock.advance(TimeDelta::minutes(16));
    assert_eq!(at_login(&of_bo, "password").await, 200);
    leave(&of_bo).await;
    fill(&app).await;
    assert_eq!(at_login(&of_bo, "password").await, 200);
    leave(&of_bo).await;
    let stranger = app.anonymous();
    let wrong = json!({ "email": "bo@example.com", "password": "wrong" });
    for _ in 0..11 {
        stranger.post(LOGIN, wrong.clone()).await;
    }
    let bo = json!({ "email": "bo@example.com", "password": "password" });
    stranger.post(LOGIN, bo.clone()).await.assert_status(429);
    of_bo.post("/login", bo).await.assert_status(200);
}

#[tokio::test]
async fn five_users_of_a_browser_are_known_and_the_oldest_goes() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    for at in 0..5 {
        let email = format!("user{at}@example.com");
        app.user(&email).await;
        let body = json!({ "email": email, "password": "password" });
        browser.post("/login", body).await.assert_status(200);
        leave(&browser).await;
        let cookie = browser.cookie(DEVICE).expect("a cookie");
        assert_eq!(cookie.split('.').count(), (at + 2).min(5));
    }
    fill(&app).await;
    assert_eq!(at_login(&browser, "password").await, 429);
}

#[tokio::test]
async fn a_cookie_that_was_altered_or_is_over_makes_a_stranger() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    let cookie = browser.cookie(DEVICE).expect("a cookie");
    assert!(!cookie.contains("ana"), "it does not say whose it is");
    fill(&app).await;
    let zeros = "A".repeat(75);
    let ones = "_".repeat(74) + "8";
    let forged = [
        String::new(),
        ".".repeat(4_000),
        zeros,
        ones,
        cookie[1..].to_owned(),
        format!("B{cookie}"),
        format!("{}A", &cookie[..cookie.len() - 1]).replacen('A', "B", 1),
        "é".repeat(75),
    ];
    for forged in forged.iter().filter(|forged| **forged != cookie) {
        let other = browser.copied();
        other.set_cookie(DEVICE, Some(forged));
        assert_eq!(at_login(&other, "password").await, 429, "{forged}");
    }
    // Twice: another page of the site may have set one of them.
    let twice = browser.copied();
    twice.set_cookie(DEVICE, Some(&format!("{cookie}; {DEVICE}=x")));
    assert_eq!(at_login(&twice, "password").await, 429);
    assert_eq!(
        at_login(&browser.copied(), "password").await,
        200,
        "the good one is good still"
    );
    app.clock.advance(TimeDelta::days(181));
    fill(&app).await;
    assert_eq!(at_login(&browser, "password").await, 429);
}

#[tokio::test]
async fn a_login_that_is_not_finished_makes_no_browser_known() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    let refused = browser.post("/login", ana("wrong")).await;
    assert_eq!(refused.set_cookie(DEVICE), None);
    let token = app.anonymous().post(LOGIN, ana("password")).await;
    assert_eq!(token.assert_status(200).set_cookie(DEVICE), None);
    let let_in = browser.post("/login", ana("password")).await;
    let set = let_in.set_cookie(DEVICE).expect("a cookie");
    assert!(
        set.contains("HttpOnly") || set.contains("httponly"),
        "{set}"
    );
    assert!(set.to_lowercase().contains("samesite=strict"), "{set}");
}

/// Somebody who is logged in changes their password while strangers guess at it.
#[tokio::test]
async fn strangers_do_not_keep_who_is_logged_in_from_confirming() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    fill(&app).await;
    let password = json!({ "password": "password" });
    let confirmed = browser.post("/user/confirm-password", password).await;
    confirmed.assert_status(201);
}

#[tokio::test]
async fn a_browser_stays_known_under_another_key_and_after_a_restart() {
    let (old, new) = (Keys::generate(), Keys::generate());
    let app = TestApp::with(|config| {
        wide_login(config);
        config.key = Some(old.as_str().into());
    })
    .await;
    app.user(ANA).await;
    let cookie = known(&app, ANA).await.cookie(DEVICE).expect("a cookie");
    let app = app
        .restarted(|config| {
            wide_login(config);
            config.key = Some(new.as_str().into());
            config.previous_keys = vec![old.as_str().into()];
        })
        .await;
    fill(&app).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    browser.set_cookie(DEVICE, Some(&cookie));
    assert_eq!(at_login(&browser, "password").await, 200);
    leave(&browser).await;
    // From then on by the new key.
    let cookie = browser.cookie(DEVICE).expect("a cookie");
    let app = app
        .restarted(|config| {
            wide_login(config);
            config.key = Some(new.as_str().into());
        })
        .await;
    fill(&app).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    browser.set_cookie(DEVICE, Some("x"));
    assert_eq!(at_login(&browser, "password").await, 429);
    browser.set_cookie(DEVICE, Some(&cookie));
    assert_eq!(at_login(&browser, "password").await, 200);
}

#[tokio::test]
async fn a_reset_of_the_password_by_mail_opens_the_strangers_lane() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    fill(&app).await;
    let program = app.anonymous();
    let asked = json!({ "email": ANA });
    let asked = program.post("/api/v1/auth/forgot-password", asked).await;
    asked.assert_status(200);
    app.deliver().await;
    let path = path_in_mail(&app, ANA, "/reset-password/").expect("a link");
    let token = path["/reset-password/".len()..].split('?').next();
    let body = json!({ "email": ANA, "token": token, "password": "another-password" });
    let reset = program.post("/api/v1/auth/reset-password", body).await;
    reset.assert_status(200);
    assert_eq!(tried(&app.anonymous(), "another-password").await, 200);
}

#[tokio::test]
async fn who_registers_is_known_where_they_did() {
    let app = TestApp::with(wide_login).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    let new = json!({
        "name": "Ana", "email": ANA, "password": "password", "password_confirmation": "password",
    });
    browser.post("/register", new).await.assert_status(201);
    leave(&browser).await;
    fill(&app).await;
    assert_eq!(at_login(&browser, "password").await, 200);
}

/// Counted before the hash is computed, in this lane as in the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_guesses_in_a_known_browser_are_ten() {
    let app = TestApp::with(wide_login).await;
    app.user(ANA).await;
    let browser = known(&app, ANA).await;
    let written = browser.written(Method::POST, "/login", &ana("wrong"));
    let answers = app.race(vec![written; 40]).await;
    let checked = answers.iter().filter(|answer| answer.status == 422).count();
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((checked, refused), (10, 30));
}
