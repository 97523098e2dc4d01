//! Answers that arrive at one moment.

use adyton::Event;
use adyton_testing::{Answer, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::authenticator::{CHALLENGE, TOKEN_CHALLENGE, challenged, enrolled, token_challenge};
use crate::support::ANA;

const ROUNDS: usize = 4;

async fn roomy() -> TestApp {
    TestApp::with(|config| {
        config.throttle.enabled = false;
        config.two_factor.tries.max = 1000;
        config.two_factor.max_failures = 1000;
    })
    .await
}

fn with(answers: &[Answer], status: u16) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == status)
        .count()
}

/// One got in, and all others were told that their code is no good.
#[track_caller]
fn assert_one(answers: &[Answer], status: u16) {
    let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
    assert_eq!(with(answers, status), 1, "{statuses:?}");
    assert_eq!(with(answers, 422), answers.len() - 1, "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_in_twenty_challenges_at_once_lets_in_once() {
    let app = roomy().await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    for _ in 0..ROUNDS {
        let mut browsers = Vec::new();
        for _ in 0..20 {
            browsers.push(challenged(&app, ANA).await);
        }
        let body = authenticator.answer();
        let written = browsers
            .iter()
            .map(|browser| browser.written(Method::POST, CHALLENGE, &body));
        app.events();
        let answers = app.race(written.collect()).await;
        assert_one(&answers, 204);
        let events = app.events();
        let got_in = |event: &&Event| matches!(event, Event::LoggedIn { .. });
        assert_eq!(events.iter().filter(got_in).count(), 1);
        app.clock.advance(TimeDelta::seconds(30));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_challenge_answered_twenty_times_at_once_opens_one_session() {
    let app = roomy().await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    for _ in 0..ROUNDS {
        let browser = challenged(&app, ANA).await;
        let before = app.count("sessions").await;
        let request = browser.written(Method::POST, CHALLENGE, &authenticator.answer());
        let answers = app.race(vec![request; 20]).await;
        assert_one(&answers, 204);
        assert_eq!(app.count("sessions").await, before + 1);
        app.clock.advance(TimeDelta::seconds(30));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_token_challenge_answered_twenty_times_at_once_gives_one_token() {
    let app = roomy().await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    for round in 1..=ROUNDS {
        let challenge = token_challenge(&app).await;
        let body = json!({ "challenge": challenge, "code": authenticator.code() });
        let request = app
            .anonymous()
            .written(Method::POST, TOKEN_CHALLENGE, &body);
        let answers = app.race(vec![request; 20]).await;
        assert_one(&answers, 200);
        let tokens = app.count("personal_access_tokens").await;
        assert_eq!(tokens, i64::try_from(round).expect("small"));
        app.clock.advance(TimeDelta::seconds(30));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_do_not_pass_the_budget() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    for round in 0..ROUNDS {
        let email = format!("ana{round}@example.com");
        let (_, authenticator, _) = enrolled(&app, &email).await;
        let browser = challenged(&app, &email).await;
        let wrong = json!({ "code": authenticator.wrong_code() });
        let request = browser.written(Method::POST, CHALLENGE, &wrong);
        let answers = app.race(vec![request; 20]).await;
        assert_eq!((with(&answers, 422), with(&answers, 429)), (10, 10));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn answers_and_the_end_of_all_sessions_leave_none() {
    let app = roomy().await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    for round in 0..6 {
        let mut written = Vec::new();
        for _ in 0..4 {
            let browser = challenged(&app, ANA).await;
            written.push(browser.written(Method::POST, CHALLENGE, &authenticator.answer()));
        }
        let (answers, ended) = tokio::join!(app.race(written), app.adyton.end_sessions(&ana));
        ended.expect("ended");
        // Before the end or after it: in the first case it was ended, in the second refused. A
        // challenge that was opened before is over.
        let open = app.count("sessions").await + app.count("two_factor_challenges").await;
        assert_eq!(open, 0, "round {round}: {answers:#?}");
        app.clock.advance(TimeDelta::seconds(30));
    }
}
