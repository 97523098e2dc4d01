//! A cookie that somebody copied.

use adyton_testing::TestApp;
use chrono::TimeDelta;

use super::{COOKIE, remembered, reopened, reuses};
use crate::support::ANA;

#[tokio::test]
async fn a_replaced_cookie_that_comes_late_was_copied() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let stolen = remembered(&app).await;
    let browser = reopened(&stolen);
    browser.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::seconds(61));
    let thief = reopened(&stolen);
    let answer = thief.get("/api/user").await;
    answer.assert_status(401);
    assert_eq!(thief.cookie(COOKIE), None, "the answer takes it away");
    assert_eq!(reuses(&app), 1);
    assert_eq!(app.count("remembered_browsers").await, 0);
    reopened(&browser).get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_cookie_of_long_ago_was_copied_too() {
    // The thief used the cookie twice before its owner came back: theirs is neither the current
    // one nor the one before.
    let app = TestApp::new().await;
    app.user(ANA).await;
    let owner = remembered(&app).await;
    let mut thief = reopened(&owner);
    for _ in 0..3 {
        thief = reopened(&thief);
        thief.get("/api/user").await.assert_status(200);
        app.clock.advance(TimeDelta::minutes(5));
    }
    reopened(&owner).get("/api/user").await.assert_status(401);
    assert_eq!(reuses(&app), 1);
    reopened(&thief).get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn sessions_that_a_copied_cookie_opened_end_with_it() {
    let app = TestApp::with(|config| {
        config.guard.memory = std::time::Duration::from_secs(36_000);
        config.throttle.enabled = false;
    })
    .await;
    app.user(ANA).await;
    let elsewhere = app.logged_in(ANA).await;
    let owner = remembered(&app).await;
    let thief = reopened(&owner);
    thief.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(5));
    owner.get("/api/user").await.assert_status(200);
    reopened(&owner).get("/api/user").await.assert_status(401);
    thief.get("/api/user").await.assert_status(401);
    owner.get("/api/user").await.assert_status(401);
    elsewhere.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_selector_with_another_validator_was_copied() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let other = remembered(&app).await.cookie(COOKIE).expect("it is set");
    for validator in [
        "x",
        &"a".repeat(43),
        other.split('.').nth(1).expect("two parts"),
    ] {
        let browser = remembered(&app).await;
        let cookie = browser.cookie(COOKIE).expect("it is set");
        let selector = cookie.split('.').next().expect("two parts");
        let thief = app.browser();
        thief.set_cookie(COOKIE, Some(&format!("{selector}.{validator}")));
        thief.get("/api/user").await.assert_status(401);
        assert_eq!(reuses(&app), 1);
        reopened(&browser).get("/api/user").await.assert_status(401);
    }
}
