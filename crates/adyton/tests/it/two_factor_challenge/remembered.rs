//! A remembered browser has proved one factor.

use adyton::{Event, Via};
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;
use serde_json::json;

use crate::authenticator::{
    Authenticator, CHALLENGE, CONFIRM, OWN, challenged_with, enrolled, prove_again, scanned,
    unlimited,
};
use crate::support::{ANA, Watched, credentials};

/// A browser that is remembered and has lost its session.
async fn reopened(app: &TestApp, authenticator: &Authenticator) -> Browser {
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    let browser = challenged_with(app, body).await;
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    app.clock.advance(TimeDelta::seconds(30));
    browser.set_cookie("adyton_session", None);
    app.events();
    browser
}

#[tokio::test]
async fn it_is_asked_for_the_second_one() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = reopened(&app, &authenticator).await;
    let answer = browser.get("/api/user").await;
    assert_eq!(answer.assert_status(401).code(), "TWO_FACTOR_REQUIRED");
    // It sends several requests before its user has typed a code.
    browser.get("/api/user").await.assert_status(401);
    assert_eq!(app.count("two_factor_challenges").await, 1);
    app.events();
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    browser.get("/api/user").await.assert_status(200);
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Remember,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
    assert_eq!(app.count("remembered_browsers").await, 1);
}

#[tokio::test]
async fn forgotten_meanwhile_it_is_let_in_and_not_remembered() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = reopened(&app, &authenticator).await;
    browser.get("/api/user").await.assert_status(401);
    let sql = "DELETE FROM remembered_browsers";
    app.adyton.db().run(sql, &[]).await.expect("deleted");
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    browser.get("/api/user").await.assert_status(200);
    browser.set_cookie("adyton_session", None);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_cookie_that_was_altered_is_asked_nothing() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = reopened(&app, &authenticator).await;
    let cookie = browser.cookie("adyton_remember").expect("it is remembered");
    browser.set_cookie("adyton_remember", Some(&format!("x{cookie}")));
    let answer = browser.get("/api/user").await;
    assert_ne!(answer.assert_status(401).code(), "TWO_FACTOR_REQUIRED");
    assert_eq!(app.count("two_factor_challenges").await, 0);
}

#[tokio::test]
async fn where_it_is_trusted_it_is_let_in() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.trust_remembered_browsers = true;
    })
    .await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = reopened(&app, &authenticator).await;
    browser.get("/api/user").await.assert_status(200);
}

/// It comes back without its session while, in the same browser, its user sets the factor up.
#[tokio::test]
async fn what_was_proved_before_there_was_a_second_factor_opens_nothing_after() {
    let (app, users) = Watched::app(unlimited).await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    browser.post("/login", body).await.assert_status(200);
    prove_again(&app, &browser).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    let answer = scanned(&app, &browser).await.answer();
    let reopened = browser.copied();
    reopened.set_cookie("adyton_session", None);
    users.after_the_next_find({
        let browser = browser.clone();
        move || {
            let (browser, answer) = (browser.clone(), answer.clone());
            async move {
                browser.post(CONFIRM, answer).await.assert_status(200);
            }
        }
    });
    reopened.get("/api/user").await.assert_status(401);
    assert_eq!(app.count("sessions").await, 1);
    assert_eq!(app.count("remembered_browsers").await, 1, "it is kept");
}
