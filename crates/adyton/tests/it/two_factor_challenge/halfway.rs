//! A browser of which the second factor is asked, and which leaves instead.

use adyton::Changes;
use adyton_testing::TestApp;
use serde_json::json;

use crate::authenticator::{CHALLENGE, challenged, challenged_with, enrolled, unlimited};
use crate::support::{ANA, change, credentials};

#[tokio::test]
async fn a_logout_at_the_question_ends_it() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let before = browser.copied();
    let answer = browser.post_nothing("/logout").await;
    assert_eq!(answer.assert_status(204).body, "");
    assert_ne!(
        browser.cookie("adyton_session"),
        before.cookie("adyton_session")
    );
    for browser in [&browser, &before] {
        let answer = browser.post(CHALLENGE, authenticator.answer()).await;
        answer.assert_status(422);
        browser.get("/api/user").await.assert_status(401);
    }
    assert_eq!(app.count("two_factor_challenges").await, 0);
    browser.post_nothing("/logout").await.assert_status(401);
}

#[tokio::test]
async fn no_other_site_ends_the_question() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let forged = browser.clone().without_csrf_header();
    forged.post_nothing("/logout").await.assert_status(419);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_login_at_the_question_asks_anew() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let before = browser.copied();
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    let answer = before.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    assert_eq!(app.count("two_factor_challenges").await, 0);
}

#[tokio::test]
async fn a_remembered_browser_that_leaves_at_the_question_is_forgotten() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    let browser = challenged_with(&app, body).await;
    browser
        .post(CHALLENGE, authenticator.answer())
        .await
        .assert_status(204);
    browser.set_cookie("adyton_session", None);
    browser.get("/api/user").await.assert_status(401);
    assert_eq!(app.count("remembered_browsers").await, 1);
    browser.post_nothing("/logout").await.assert_status(204);
    assert_eq!(app.count("remembered_browsers").await, 0);
    assert_eq!(browser.cookie("adyton_remember"), None);
    app.clock.advance(chrono::TimeDelta::seconds(30));
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    let answer = browser.post(CHALLENGE, json!({})).await;
    answer.assert_status(422);
}

#[tokio::test]
async fn who_is_disabled_behind_our_back_answers_in_vain() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let mut disabled = Changes::default();
    disabled.disabled_at = Some(Some(app.clock.now()));
    change(&app, &ana, disabled).await;
    let before = app.count("sessions").await;
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    assert_eq!(app.count("sessions").await, before);
}
