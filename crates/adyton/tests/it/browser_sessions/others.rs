//! `DELETE /user/other-browser-sessions`, as Jetstream has it.

use adyton::Event;
use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use super::remembered;
use crate::support::ANA;

const PATH: &str = "/user/other-browser-sessions";

async fn end_others(browser: &Browser, body: Json) -> Answer {
    browser.json(Method::DELETE, PATH, body).await
}

#[tokio::test]
async fn all_others_end_and_this_one_goes_on_with_another_id() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = remembered(&app).await;
    let copy = browser.copied();
    let (stolen, asleep) = (app.logged_in(ANA).await, remembered(&app).await);
    asleep.set_cookie("adyton_session", None);
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    app.events();
    let answer = end_others(&browser, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(204).body, "");
    assert_eq!(app.events(), [Event::OtherSessionsEnded { user: ana.id }]);
    browser.get("/api/user").await.assert_status(200);
    assert_ne!(
        browser.cookie("adyton_session"),
        copy.cookie("adyton_session")
    );
    copy.set_cookie("adyton_remember", None);
    for ended in [&stolen, &asleep, &copy] {
        ended.get("/api/user").await.assert_status(401);
    }
    program.get("/api/user").await.assert_status(200);
    // This browser is still remembered.
    browser.set_cookie("adyton_session", None);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn tokens_end_too_where_it_is_asked() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    program.get("/api/user").await.assert_status(200);
    let body = json!({ "password": PASSWORD, "tokens": true });
    end_others(&browser, body).await.assert_status(204);
    program.get("/api/user").await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_wrong_password_and_none_end_nothing() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let (browser, other) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    app.events();
    for body in [json!({ "password": "another" }), json!({})] {
        let answer = end_others(&browser, body).await;
        let sentence = "The password is incorrect.";
        let expected = json!({ "message": sentence, "errors": { "password": [sentence] } });
        assert_eq!(answer.assert_status(422).json(), expected);
        let address = [127, 0, 0, 1].into();
        let user = ana.id.clone();
        assert_eq!(app.events(), [Event::ConfirmationFailed { user, address }]);
    }
    other.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn who_proved_of_late_who_they_are_needs_no_password() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let (browser, other) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    let password = json!({ "password": PASSWORD });
    let confirmed = browser.post("/user/confirm-password", password).await;
    confirmed.assert_status(201);
    // A password that is sent all the same is looked at.
    end_others(&browser, json!({ "password": "another" }))
        .await
        .assert_status(422);
    app.clock.advance(TimeDelta::minutes(16));
    end_others(&browser, json!({})).await.assert_status(422);
    let password = json!({ "password": PASSWORD });
    browser.post("/user/confirm-password", password).await;
    end_others(&browser, json!({})).await.assert_status(204);
    other.get("/api/user").await.assert_status(401);
    let status = browser.get("/user/confirmed-password-status").await;
    assert_eq!(
        status.json()["confirmed"],
        true,
        "it goes on with the session"
    );
}

#[tokio::test]
async fn a_form_is_sent_back() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.with("accept", "text/html");
    let browser = browser.with("referer", "http://localhost:3000/profile");
    let pairs = [("_method", "DELETE"), ("password", PASSWORD)];
    let answer = browser.form(PATH, &pairs).await;
    let location = answer.assert_status(302).header("location");
    assert_eq!(location, "http://localhost:3000/profile");
}

#[tokio::test]
async fn of_two_that_end_each_other_one_is_left() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    for round in 0..4 {
        let (one, two) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
        let body = || json!({ "password": PASSWORD });
        let (first, second) = tokio::join!(end_others(&one, body()), end_others(&two, body()));
        let statuses = [first.status.as_u16(), second.status.as_u16()];
        assert!(statuses.contains(&204), "round {round}: {statuses:?}");
        assert!(statuses.contains(&401), "round {round}: {statuses:?}");
        assert_eq!(app.count("sessions").await, 1, "round {round}");
        let (left, gone) = if statuses[0] == 204 {
            (one, two)
        } else {
            (two, one)
        };
        left.get("/api/user").await.assert_status(200);
        gone.get("/api/user").await.assert_status(401);
        left.post_nothing("/logout").await.assert_status(204);
    }
}

#[tokio::test]
async fn a_token_cannot_and_a_csrf_token_is_asked() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    let body = json!({ "password": PASSWORD });
    let refused = end_others(&program, body.clone()).await;
    assert_eq!(refused.assert_status(403).code(), "SESSION_REQUIRED");
    let browser = app.logged_in(ANA).await.without_csrf_header();
    end_others(&browser, body).await.assert_status(419);
}
