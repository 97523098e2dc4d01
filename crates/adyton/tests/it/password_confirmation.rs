//! Proving once more who one is: by the password, in one session, for a while.

mod race;
mod second_factor;

use std::time::Duration;

use adyton::{Adyton, Config, Event};
use adyton_testing::{Browser, PASSWORD, TestApp};
use axum::Router;
use axum::routing::get;
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::ANA;

const PATH: &str = "/user/confirm-password";
const STATUS: &str = "/user/confirmed-password-status";

/// An application with a route, `/vault`, that asks for it.
async fn vault() -> TestApp {
    vault_with(|_| {}).await
}

async fn vault_with(change: impl FnOnce(&mut Config)) -> TestApp {
    let routes = |adyton: &Adyton| {
        let vault = get(|| async { "gold" }).route_layer(adyton.require_confirmed());
        Router::new().route("/vault", vault)
    };
    let app = TestApp::host(change, |builder| builder, routes).await;
    app.user(ANA).await;
    app
}

async fn confirm(browser: &Browser) {
    let password = json!({ "password": PASSWORD });
    browser.post(PATH, password).await.assert_status(201);
}

fn wrong() -> Json {
    let sentence = "The provided password was incorrect.";
    json!({ "message": sentence, "errors": { "password": [sentence] } })
}

#[tokio::test]
async fn the_right_password_opens_what_asks_for_it() {
    let app = vault().await;
    let browser = app.logged_in(ANA).await;
    let refused = browser.get("/vault").await;
    let expected = json!({ "message": "Password confirmation required." });
    assert_eq!(refused.assert_status(423).json(), expected);
    assert_eq!(refused.code(), "CONFIRMATION_REQUIRED");
    let answer = browser.post(PATH, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(201).body, "\"\"");
    assert_eq!(answer.header("content-type"), "application/json");
    browser.get("/vault").await.assert_status(200);
}

#[tokio::test]
async fn it_is_told_with_what_and_from_where() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    app.events();
    confirm(&browser).await;
    let address = [127, 0, 0, 1].into();
    let user = ana.id.clone();
    let by = "password";
    assert_eq!(app.events(), [Event::Confirmed { user, by, address }]);
    browser.post(PATH, json!({ "password": "another" })).await;
    let user = ana.id;
    assert_eq!(app.events(), [Event::ConfirmationFailed { user, address }]);
}

#[tokio::test]
async fn a_wrong_password_and_none_are_the_same_refusal() {
    let app = vault().await;
    let browser = app.logged_in(ANA).await;
    for body in [
        json!({ "password": "another" }),
        json!({ "password": "" }),
        json!({ "password": null }),
        json!({}),
    ] {
        let answer = browser.post(PATH, body.clone()).await;
        assert_eq!(answer.assert_status(422).json(), wrong(), "{body}");
        assert_eq!(answer.code(), "PASSWORD_WRONG");
        assert_eq!(answer.set_cookies(), Vec::<String>::new());
    }
    browser.get("/vault").await.assert_status(423);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn what_is_no_password_at_all_is_a_broken_rule() {
    let app = vault().await;
    let browser = app.logged_in(ANA).await;
    for password in [
        json!(["password"]),
        json!({ "0": "password" }),
        json!("a".repeat(2000)),
        json!(true),
        json!(0),
    ] {
        let answer = browser.post(PATH, json!({ "password": password })).await;
        answer.assert_status(422);
        assert_eq!(answer.code(), "VALIDATION_FAILED");
    }
    browser.get("/vault").await.assert_status(423);
}

#[tokio::test]
async fn a_user_without_a_password_cannot_confirm_by_one() {
    let app = vault().await;
    let browser = app.logged_in(ANA).await;
    let sql = "UPDATE users SET password = ''";
    app.adyton.db().run(sql, &[]).await.expect("updated");
    for password in ["", PASSWORD] {
        let answer = browser.post(PATH, json!({ "password": password })).await;
        answer.assert_status(422);
    }
}

#[tokio::test]
async fn it_belongs_to_the_session_that_it_was_proved_in() {
    let app = vault().await;
    let (browser, other) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    confirm(&browser).await;
    browser.get("/vault").await.assert_status(200);
    other.get("/vault").await.assert_status(423);
    let status = other.get(STATUS).await;
    assert_eq!(
        status.assert_status(200).json(),
        json!({ "confirmed": false })
    );
    let next = app.logged_in(ANA).await;
    next.get("/vault").await.assert_status(423);
}

#[tokio::test]
async fn the_session_gets_another_id_and_the_old_one_is_dead() {
    let app = vault_with(|config| config.guard.memory = Duration::from_secs(3600)).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
    let thief = browser.copied();
    let old_token = browser.cookie("XSRF-TOKEN");
    confirm(&browser).await;
    assert_ne!(
        browser.cookie("adyton_session"),
        thief.cookie("adyton_session")
    );
    assert_ne!(browser.cookie("XSRF-TOKEN"), old_token);
    thief.get("/api/user").await.assert_status(401);
    thief.get("/vault").await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn the_old_csrf_token_is_worth_nothing_after_it() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let old = browser.cookie("XSRF-TOKEN").expect("a token");
    confirm(&browser).await;
    let stale = browser.clone().with("x-xsrf-token", &old);
    stale.post_nothing("/logout").await.assert_status(419);
    browser.post_nothing("/logout").await.assert_status(204);
}

#[tokio::test]
async fn it_lasts_as_long_as_the_setting_says() {
    let app = vault_with(|config| {
        config.confirm.lifetime = Duration::from_secs(120);
        config.guard.memory = Duration::from_secs(3600);
    })
    .await;
    let browser = app.logged_in(ANA).await;
    confirm(&browser).await;
    app.clock.advance(TimeDelta::seconds(115));
    browser.get("/vault").await.assert_status(200);
    app.clock.advance(TimeDelta::seconds(10));
    browser.get("/vault").await.assert_status(423);
    browser.get("/api/user").await.assert_status(200);
    let status = browser.get(STATUS).await;
    assert_eq!(status.json(), json!({ "confirmed": false }));
    assert_eq!(status.header("x-retry-after"), "");
    confirm(&browser).await;
    browser.get("/vault").await.assert_status(200);
}

#[tokio::test]
async fn the_status_tells_how_long_ago_it_was() {
    let app = vault_with(|config| config.confirm.lifetime = Duration::from_secs(120)).await;
    let browser = app.logged_in(ANA).await;
    let never = browser.get(STATUS).await;
    assert_eq!(
        never.assert_status(200).json(),
        json!({ "confirmed": false })
    );
    assert_eq!(never.header("x-retry-after"), "");
    confirm(&browser).await;
    app.clock.advance(TimeDelta::seconds(60));
    let status = browser.get(STATUS).await;
    assert_eq!(
        status.assert_status(200).json(),
        json!({ "confirmed": true })
    );
    let ago: u64 = status.header("x-retry-after").parse().expect("seconds");
    assert!((60..65).contains(&ago), "{ago}");
    for (seconds, expected) in [("30", false), ("90", true), ("0", false), ("9000", true)] {
        let status = browser.get(&format!("{STATUS}?seconds={seconds}")).await;
        let expected = json!({ "confirmed": expected });
        assert_eq!(status.assert_status(200).json(), expected, "{seconds}");
    }
    for nonsense in ["-1", "abc", "1.5"] {
        let status = browser.get(&format!("{STATUS}?seconds={nonsense}")).await;
        status.assert_status(422);
    }
}

#[tokio::test]
async fn a_token_cannot_confirm_and_has_no_status() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    let answer = program.post(PATH, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
    let answer = program.get(STATUS).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
}

#[tokio::test]
async fn who_is_not_logged_in_gets_a_401() {
    let app = TestApp::new().await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser.get(STATUS).await.assert_status(401);
    let answer = browser.post(PATH, json!({ "password": PASSWORD })).await;
    answer.assert_status(401);
}

#[tokio::test]
async fn it_takes_a_csrf_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.without_csrf_header();
    let answer = browser.post(PATH, json!({ "password": PASSWORD })).await;
    answer.assert_status(419);
}

#[tokio::test]
async fn a_form_is_sent_home_and_a_wrong_one_is_a_page() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.with("accept", "text/html");
    let answer = browser.form(PATH, &[("password", "another")]).await;
    answer.assert_status(422);
    let answer = browser.form(PATH, &[("password", PASSWORD)]).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
}

#[tokio::test]
async fn wrong_ones_are_counted_apart_from_those_at_the_login() {
    let app = TestApp::with(|config| {
        config.throttle.confirm.max = 1000;
        config.throttle.login.max = 1000;
        config.throttle.account.max = 4;
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for _ in 0..4 {
        let answer = browser.post(PATH, json!({ "password": "another" })).await;
        answer.assert_status(422);
    }
    let right = browser.post(PATH, json!({ "password": PASSWORD })).await;
    assert_eq!(right.assert_status(429).code(), "THROTTLED");
    let elsewhere = app.browser();
    elsewhere.get("/sanctum/csrf-cookie").await;
    let login = json!({ "email": ANA, "password": PASSWORD });
    elsewhere.post("/login", login).await.assert_status(200);
    let elsewhere = elsewhere.post(PATH, json!({ "password": PASSWORD })).await;
    elsewhere.assert_status(429);
    app.clock.advance(TimeDelta::minutes(16));
    confirm(&browser).await;
}

#[tokio::test]
async fn a_right_one_forgets_those_that_were_wrong() {
    let app = TestApp::with(|config| {
        config.throttle.confirm.max = 1000;
        config.throttle.account.max = 4;
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for _ in 0..4 {
        for _ in 0..3 {
            let answer = browser.post(PATH, json!({ "password": "another" })).await;
            answer.assert_status(422);
        }
        confirm(&browser).await;
    }
}

#[tokio::test]
async fn a_user_has_a_limit_of_their_own() {
    let app = TestApp::with(|config| config.throttle.confirm.max = 2).await;
    app.user(ANA).await;
    app.user("bo@example.com").await;
    let browser = app.logged_in(ANA).await;
    for _ in 0..2 {
        confirm(&browser).await;
    }
    let answer = browser.post(PATH, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(429).header("retry-after"), "60");
    let other = app.logged_in("bo@example.com").await;
    confirm(&other).await;
}

#[tokio::test]
async fn a_password_that_was_changed_a_moment_ago_confirms_no_more() {
    // The session's user is in the guard's memory, with the hash of then.
    let app = vault_with(|config| config.guard.memory = Duration::from_secs(3600)).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
    // As another process does it: nothing tells this one.
    let sql = "UPDATE users SET password = 'none'";
    app.adyton.db().run(sql, &[]).await.expect("updated");
    let answer = browser.post(PATH, json!({ "password": PASSWORD })).await;
    answer.assert_status(422);
}

#[tokio::test]
async fn the_methods_of_its_paths_are_told() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let answer = browser.get(PATH).await;
    assert_eq!(answer.assert_status(405).header("allow"), "POST");
    let answer = browser.json(Method::POST, STATUS, json!({})).await;
    assert_eq!(answer.assert_status(405).header("allow"), "GET,HEAD");
}
