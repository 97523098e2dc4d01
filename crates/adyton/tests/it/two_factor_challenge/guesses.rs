//! Wrong answers: counted by account, explained where that helps no guesser, told to the user.

use std::time::Duration;

use adyton::Event;
use adyton_testing::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use crate::authenticator::{
    Authenticator, CHALLENGE, TOKEN_CHALLENGE, WRONG, assert_refused, challenged, enrolled,
    shown_codes, token_challenge, unlimited,
};
use crate::support::ANA;

async fn fail(app: &TestApp, authenticator: &Authenticator) {
    let browser = challenged(app, ANA).await;
    let wrong = json!({ "code": authenticator.wrong_code() });
    browser.post(CHALLENGE, wrong).await.assert_status(422);
}

fn reasons(app: &TestApp) -> Vec<&'static str> {
    let why = |event: Event| match event {
        Event::TwoFactorFailed { why, .. } => Some(why),
        _ => None,
    };
    app.events().into_iter().filter_map(why).collect()
}

async fn subjects(app: &TestApp) -> Vec<String> {
    app.deliver().await;
    app.mails().into_iter().map(|mail| mail.subject).collect()
}

#[tokio::test]
async fn the_budget_is_the_accounts_and_no_new_challenge_refills_it() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    for _ in 0..10 {
        fail(&app, &authenticator).await;
    }
    let asked = challenged(&app, ANA).await;
    for right in [authenticator.answer(), json!({ "recovery_code": codes[0] })] {
        let full = asked.post(CHALLENGE, right).await;
        assert_eq!(full.assert_status(429).code(), "THROTTLED");
        assert_eq!(full.header("x-ratelimit-limit"), "10");
        let wait: u32 = full.header("retry-after").parse().expect("seconds");
        assert!((840..=900).contains(&wait), "{wait}");
    }
    let program = app.anonymous();
    let secret = token_challenge(&app).await;
    let body = json!({ "challenge": secret, "code": authenticator.code() });
    let full = program.post(TOKEN_CHALLENGE, body).await;
    full.assert_status(429);
    app.clock.advance(TimeDelta::minutes(15));
    let asked = challenged(&app, ANA).await;
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn wrong_recovery_codes_are_counted_with_the_others() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    for _ in 0..5 {
        let wrong = json!({ "recovery_code": "AAAAAAAAAA-AAAAAAAAAA" });
        asked.post(CHALLENGE, wrong).await.assert_status(422);
        fail(&app, &authenticator).await;
    }
    let full = asked.post(CHALLENGE, authenticator.answer()).await;
    full.assert_status(429);
}

#[tokio::test]
async fn a_right_answer_forgets_the_wrong_ones() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    for _ in 0..3 {
        for _ in 0..9 {
            fail(&app, &authenticator).await;
        }
        let asked = challenged(&app, ANA).await;
        let answer = asked.post(CHALLENGE, authenticator.answer()).await;
        answer.assert_status(204);
        app.clock.advance(TimeDelta::seconds(30));
    }
}

#[tokio::test]
async fn one_users_guesses_are_not_anothers() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let (_, others, _) = enrolled(&app, "other@example.com").await;
    for _ in 0..11 {
        let asked = challenged(&app, ANA).await;
        let wrong = json!({ "code": authenticator.wrong_code() });
        asked.post(CHALLENGE, wrong).await;
    }
    let asked = challenged(&app, "other@example.com").await;
    let answer = asked.post(CHALLENGE, others.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn too_many_wrong_codes_in_a_row_leave_recovery_codes_alone() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.max_failures = 12;
    })
    .await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    for _ in 0..2 {
        for _ in 0..6 {
            fail(&app, &authenticator).await;
        }
        app.clock.advance(TimeDelta::minutes(15));
    }
    let asked = challenged(&app, ANA).await;
    app.events();
    for _ in 0..2 {
        let locked = asked.post(CHALLENGE, authenticator.answer()).await;
        let said = format!("{WRONG} There were too many wrong codes: use a recovery code.");
        assert_refused(&locked, "code", &said);
        assert_eq!(locked.code(), "TWO_FACTOR_LOCKED");
    }
    assert_eq!(reasons(&app), ["locked", "locked"]);
    let locked = "Your second factor for Adyton is locked";
    let told = subjects(&app).await;
    let told = told.iter().filter(|subject| *subject == locked);
    assert_eq!(told.count(), 1);
    let code = json!({ "recovery_code": codes[0] });
    asked.post(CHALLENGE, code).await.assert_status(204);
    // Which forgets the wrong ones.
    app.clock.advance(TimeDelta::seconds(30));
    let asked = challenged(&app, ANA).await;
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_wrong_clock_is_explained_and_the_code_it_made_is_burned() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    app.events();
    let asked = challenged(&app, ANA).await;
    let ahead = json!({ "code": authenticator.code_at(4) });
    let refused = asked.post(CHALLENGE, ahead.clone()).await;
    let said = format!("{WRONG} Your device's clock is about 2 min ahead: set it to automatic.");
    assert_refused(&refused, "code", &said);
    assert_eq!(refused.code(), "TWO_FACTOR_CODE_DRIFTED");
    assert_eq!(reasons(&app), ["drifted"]);
    // Whoever guessed it was told when it will be right: it never is.
    app.clock.advance(TimeDelta::minutes(2));
    let burned = asked.post(CHALLENGE, ahead).await;
    burned.assert_status(422);
    asked.get("/api/user").await.assert_status(401);
    app.clock.advance(TimeDelta::seconds(30));
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_second_explanation_does_not_bring_the_first_code_back() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    let (first, second) = (authenticator.code_at(4), authenticator.code_at(8));
    let (past, answer) = (
        authenticator.code_at(-8),
        |code: &str| json!({ "code": code }),
    );
    let refused = asked.post(CHALLENGE, answer(&first)).await;
    assert_eq!(refused.code(), "TWO_FACTOR_CODE_DRIFTED");
    let unexplained = asked.post(CHALLENGE, answer(&second)).await;
    assert_eq!(
        unexplained.assert_status(422).code(),
        "TWO_FACTOR_CODE_WRONG"
    );
    let old = asked.post(CHALLENGE, answer(&past)).await;
    assert_eq!(old.assert_status(422).code(), "TWO_FACTOR_CODE_DRIFTED");
    app.clock.advance(TimeDelta::minutes(2));
    asked
        .post(CHALLENGE, answer(&first))
        .await
        .assert_status(422);
    // The other one was given away to nobody.
    app.clock.advance(TimeDelta::minutes(2));
    asked
        .post(CHALLENGE, answer(&second))
        .await
        .assert_status(204);
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_more_is_not_explained() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    for steps in [21, -21] {
        let far = json!({ "code": authenticator.code_at(steps) });
        assert_refused(&asked.post(CHALLENGE, far).await, "code", WRONG);
    }
}

#[tokio::test]
async fn an_explanation_counts_as_a_guess() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    let behind = json!({ "code": authenticator.code_at(-6) });
    for _ in 0..10 {
        asked
            .post(CHALLENGE, behind.clone())
            .await
            .assert_status(422);
    }
    let full = asked.post(CHALLENGE, authenticator.answer()).await;
    full.assert_status(429);
}

#[tokio::test]
async fn the_user_is_told_of_wrong_codes_after_the_right_password_once_an_hour() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.window = Duration::from_secs(60);
    })
    .await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let told = "Somebody may know your password for Adyton";
    for _ in 0..3 {
        fail(&app, &authenticator).await;
    }
    assert_eq!(subjects(&app).await, [told]);
    app.clock.advance(TimeDelta::minutes(59));
    fail(&app, &authenticator).await;
    assert_eq!(subjects(&app).await, Vec::<String>::new());
    app.clock.advance(TimeDelta::minutes(2));
    fail(&app, &authenticator).await;
    assert_eq!(subjects(&app).await, [told]);
}

#[tokio::test]
async fn nobody_is_told_of_wrong_codes_without_the_right_password() {
    let app = TestApp::with(unlimited).await;
    enrolled(&app, ANA).await;
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let wrong = json!({ "code": "000000" });
    visitor.post(CHALLENGE, wrong).await.assert_status(422);
    assert_eq!(subjects(&app).await, Vec::<String>::new());
    assert_eq!(app.events(), []);
}

#[tokio::test]
async fn an_address_has_a_limit_of_its_own() {
    let app = TestApp::with(|config| config.throttle.two_factor.max = 3).await;
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    for _ in 0..3 {
        let answer = visitor.post(CHALLENGE, json!({ "code": "000000" })).await;
        answer.assert_status(422);
    }
    let full = visitor.post(CHALLENGE, json!({ "code": "000000" })).await;
    full.assert_status(429);
}

#[tokio::test]
async fn a_clock_that_ran_ahead_keeps_nobody_out_once_it_is_set_back() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    app.clock.advance(TimeDelta::days(365));
    for _ in 0..10 {
        fail(&app, &authenticator).await;
    }
    app.clock.advance(TimeDelta::days(-365));
    let asked = challenged(&app, ANA).await;
    let answer = asked
        .post(CHALLENGE, json!({ "recovery_code": codes[0] }))
        .await;
    answer.assert_status(204);
}
