//! Proving once more who one is by the second factor.

use adyton::Event;
use adyton_testing::{PASSWORD, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use super::{PATH, STATUS, vault};
use crate::authenticator::{
    WRONG, assert_refused, confirmed, enrolled, set_up, shown_codes, unlimited,
};
use crate::support::ANA;

#[tokio::test]
async fn a_code_confirms_and_counts_once() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, browser) = enrolled(&app, ANA).await;
    app.clock.advance(TimeDelta::hours(1));
    let status = browser.get(STATUS).await;
    assert_eq!(status.json(), json!({ "confirmed": false }));
    let copy = browser.copied();
    let code = authenticator.answer();
    let answer = browser.post(PATH, code.clone()).await;
    assert_eq!(answer.assert_status(201).body, "\"\"");
    let address = [127, 0, 0, 1].into();
    let (user, by) = (ana.id, "code");
    assert_eq!(app.events(), [Event::Confirmed { user, by, address }]);
    let status = browser.get(STATUS).await;
    assert_eq!(status.json(), json!({ "confirmed": true }));
    copy.get("/api/user").await.assert_status(401);
    let again = browser.post(PATH, code).await;
    assert_eq!(again.assert_status(422).code(), "TWO_FACTOR_CODE_REPLAYED");
}

#[tokio::test]
async fn a_recovery_code_confirms_and_is_spent() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    app.events();
    let body = json!({ "recovery_code": codes[0] });
    browser.post(PATH, body.clone()).await.assert_status(201);
    let names: Vec<&str> = app.events().iter().map(Event::name).collect();
    assert_eq!(names, ["recovery_code_used", "confirmed"]);
    let again = browser.post(PATH, body).await;
    assert_eq!(again.assert_status(422).code(), "RECOVERY_CODE_WRONG");
}

#[tokio::test]
async fn a_wrong_code_confirms_nothing() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    app.clock.advance(TimeDelta::hours(1));
    let wrong = json!({ "code": authenticator.wrong_code() });
    assert_refused(&browser.post(PATH, wrong).await, "code", WRONG);
    let status = browser.get(STATUS).await;
    assert_eq!(status.json(), json!({ "confirmed": false }));
    let names: Vec<&str> = app.events().iter().map(Event::name).collect();
    assert_eq!(names, ["two_factor_failed"]);
}

#[tokio::test]
async fn of_a_user_without_a_second_factor_no_code_is_right() {
    let app = vault().await;
    let browser = app.logged_in(ANA).await;
    for body in [json!({ "code": "123456" }), json!({ "recovery_code": "x" })] {
        browser.post(PATH, body).await.assert_status(422);
    }
    browser.get("/vault").await.assert_status(423);
}

#[tokio::test]
async fn a_second_factor_that_is_not_proved_yet_confirms_nothing() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser
        .post(crate::authenticator::OWN, json!({}))
        .await
        .assert_status(200);
    let authenticator = crate::authenticator::scanned(&app, &browser).await;
    let answer = browser.post(PATH, authenticator.answer()).await;
    answer.assert_status(422);
}

#[tokio::test]
async fn a_password_beside_a_code_is_looked_at() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let body = json!({ "password": "another", "code": authenticator.code() });
    let answer = browser.post(PATH, body).await;
    assert_eq!(answer.assert_status(422).code(), "PASSWORD_WRONG");
    let body = json!({ "password": PASSWORD, "code": "nonsense" });
    browser.post(PATH, body).await.assert_status(201);
}

#[tokio::test]
async fn guesses_at_a_confirmation_are_guesses_of_the_account() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 3;
    })
    .await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    for _ in 0..3 {
        let wrong = json!({ "code": authenticator.wrong_code() });
        browser.post(PATH, wrong).await.assert_status(422);
    }
    let right = browser.post(PATH, authenticator.answer()).await;
    right.assert_status(429);
    let challenged = crate::authenticator::challenged(&app, ANA).await;
    let answer = challenged
        .post(crate::authenticator::CHALLENGE, authenticator.answer())
        .await;
    answer.assert_status(429);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_confirmations_by_one_code_one_is_right() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let authenticator = set_up(&app, &browser).await;
    for round in 0..4 {
        app.clock.advance(TimeDelta::seconds(60));
        // In two sessions, so that it is the code that is taken, and not the session alone.
        let other = crate::authenticator::challenged(&app, ANA).await;
        let answer = other
            .post(crate::authenticator::CHALLENGE, authenticator.answer())
            .await;
        answer.assert_status(204);
        app.clock.advance(TimeDelta::seconds(60));
        let third = crate::authenticator::challenged(&app, ANA).await;
        let answer = third
            .post(crate::authenticator::CHALLENGE, authenticator.answer())
            .await;
        answer.assert_status(204);
        app.clock.advance(TimeDelta::seconds(60));
        let body = authenticator.answer();
        let of = |browser: &adyton_testing::Browser| browser.written(Method::POST, PATH, &body);
        let requests = (0..20).map(|at| if at % 2 == 0 { of(&other) } else { of(&third) });
        let answers = app.race(requests.collect()).await;
        let right = answers.iter().filter(|answer| answer.status == 201);
        assert_eq!(right.count(), 1, "round {round}");
    }
}
