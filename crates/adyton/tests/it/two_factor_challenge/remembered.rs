//! A remembered browser has proved one factor.

use adyton::{Event, Via};
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;

use crate::authenticator::{Authenticator, CHALLENGE, challenged_with, enrolled, unlimited};
use crate::support::{ANA, credentials};

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
