//! What ends when a second factor is confirmed or taken away.

use adyton_testing::{Browser, TestApp};
use http::Method;
use serde_json::json;

use crate::authenticator::{
    CHALLENGE, CONFIRM, OWN, challenged, confirmed, enrolled, scanned, unlimited,
};
use crate::support::{ANA, credentials};

/// A browser that is to be remembered, logged in.
async fn remembered(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    browser.post("/login", body).await.assert_status(200);
    browser
}

#[tokio::test]
async fn confirming_ends_other_sessions_and_remembered_browsers_and_renews_this_one() {
    let app = TestApp::with(unlimited).await;
    let ana = app.user(ANA).await;
    let (other, elsewhere) = (app.logged_in(ANA).await, remembered(&app).await);
    let token = app.token(&ana, &["user"]).await;
    let browser = confirmed(&app, ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    other.get("/api/user").await.assert_status(200);
    let before = browser.copied();
    let authenticator = scanned(&app, &browser).await;
    let answer = browser.post(CONFIRM, authenticator.answer()).await;
    answer.assert_status(200);
    for ended in [&other, &elsewhere, &before] {
        ended.get("/api/user").await.assert_status(401);
    }
    elsewhere.set_cookie("adyton_session", None);
    elsewhere.get("/api/user").await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
    app.bearer(&token).get("/api/user").await.assert_status(200);
    assert_eq!(app.count("sessions").await, 1);
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn the_browser_that_confirms_stays_remembered() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    crate::authenticator::prove_again(&app, &browser).await;
    crate::authenticator::set_up(&app, &browser).await;
    assert_eq!(app.count("remembered_browsers").await, 1);
}

#[tokio::test]
async fn a_half_login_does_not_become_whole_when_the_factor_is_taken_away() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    browser.delete(OWN).await.assert_status(200);
    asked.get("/api/user").await.assert_status(401);
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    asked.get("/api/user").await.assert_status(401);
    assert_eq!(app.count("two_factor_challenges").await, 0);
}

#[tokio::test]
async fn taking_it_away_ends_other_sessions() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let other = challenged(&app, ANA).await;
    let answer = other.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    browser.delete(OWN).await.assert_status(200);
    other.get("/api/user").await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn giving_up_in_the_middle_ends_nothing_else() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let other = app.logged_in(ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    browser.delete(OWN).await.assert_status(200);
    other.get("/api/user").await.assert_status(200);
    app.deliver().await;
    assert_eq!(app.mails(), [], "nothing that proves her has changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_confirms_once_however_often_it_comes_at_once() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    for round in 0..4 {
        let email = format!("ana{round}@example.com");
        app.user(&email).await;
        let browser = confirmed(&app, &email).await;
        browser.post(OWN, json!({})).await.assert_status(200);
        let authenticator = scanned(&app, &browser).await;
        let request = browser.written(Method::POST, CONFIRM, &authenticator.answer());
        let answers = app.race(vec![request; 20]).await;
        let done = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(done.count(), 1);
        let refused = answers
            .iter()
            .filter(|a| [401, 422].contains(&a.status.as_u16()));
        assert_eq!(refused.count(), 19, "{answers:#?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn set_up_many_times_at_once_there_is_one_secret_with_its_codes() {
    let app = TestApp::with(unlimited).await;
    for round in 0..4 {
        let email = format!("ana{round}@example.com");
        app.user(&email).await;
        let browser = confirmed(&app, &email).await;
        app.events();
        let request = browser.written(Method::POST, OWN, &json!({}));
        for answer in app.race(vec![request; 20]).await {
            answer.assert_status(200);
        }
        assert_eq!(app.events().len(), 1, "the others found it there");
    }
}
