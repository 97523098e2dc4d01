//! Nothing on the way tells who has an account.

use std::time::{Duration, Instant};

use adyton_testing::{Answer, TestApp};
use serde_json::json;

use super::{ASK, ASK_TOKEN, TOKEN_LOGIN, by_account, newcomer, with_code};
use crate::support::ANA;

const NOBODY: &str = "nobody@example.com";

/// Status, code, body and the headers that could differ, but for the moment that some of them tell.
fn seen(answer: &Answer) -> (u16, String, String, Vec<String>) {
    let moments = ["date", "x-ratelimit-reset", "retry-after", "set-cookie"];
    let headers = answer.headers.iter();
    let mut headers: Vec<String> = headers
        .filter(|(name, _)| !moments.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let (code, body) = (answer.code().to_owned(), answer.body.clone());
    (answer.status.as_u16(), code, body, headers)
}

#[tokio::test]
async fn an_unknown_account_answers_alike_at_every_step() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    app.user("off@example.com").await;
    let off = app.adyton.find_user("off@example.com").await;
    let off = off.expect("a user");
    app.adyton.disable_user(&off).await.expect("disabled");
    app.deliver().await;
    app.mails();
    let mut ways = Vec::new();
    for email in [ANA, NOBODY, "off@example.com"] {
        let mut way = Vec::new();
        let browser = newcomer(&app).await;
        let wrong = json!({ "email": email, "password": "wrong" });
        for _ in 0..11 {
            way.push(seen(&browser.post("/login", wrong.clone()).await));
        }
        let asked = json!({ "email": email });
        way.push(seen(&browser.post(ASK, asked.clone()).await));
        way.push(seen(&app.anonymous().post(ASK_TOKEN, asked).await));
        let code = with_code(email, "wrong", "0000-0000-0000-0000");
        way.push(seen(&browser.post("/login", code.clone()).await));
        way.push(seen(&app.anonymous().post(TOKEN_LOGIN, code).await));
        app.deliver().await;
        ways.push(way);
    }
    let [known, others @ ..] = ways.as_slice() else {
        unreachable!("three were walked");
    };
    let statuses: Vec<u16> = known.iter().map(|seen| seen.0).collect();
    assert_eq!(statuses[9..], [422, 429, 202, 202, 429, 429]);
    for other in others {
        // Counters of an address go on: what is left of them differs, and tells nothing.
        for (known, other) in known.iter().zip(other) {
            let own = |(_, _, _, headers): &(u16, String, String, Vec<String>)| {
                let all = headers.iter().cloned();
                let is_counter = |header: &String| header.starts_with("x-ratelimit-remaining");
                all.filter(|header| !is_counter(header)).collect::<Vec<_>>()
            };
            assert_eq!((known.0, &known.1, &known.2), (other.0, &other.1, &other.2));
            assert_eq!(own(known), own(other));
        }
    }
    let to: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [ANA, ANA], "nobody else is mailed");
}

#[tokio::test]
async fn asking_leaves_the_same_for_everybody() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    for email in [ANA, NOBODY] {
        let before = app.count("mail_outbox").await;
        let asked = app
            .anonymous()
            .post(ASK_TOKEN, json!({ "email": email }))
            .await;
        asked.assert_status(202);
        assert_eq!(app.count("mail_outbox").await, before + 1);
        assert_eq!(app.count("one_time_links").await, 0);
    }
    assert_eq!(app.events(), []);
    app.deliver().await;
    assert_eq!(app.count("mail_outbox").await, 0);
    assert_eq!(app.count("one_time_links").await, 1);
}

#[tokio::test]
async fn where_no_code_can_be_mailed_none_is_asked_for() {
    let app = TestApp::with(|config| {
        by_account(config);
        config.features = ["csrf-cookie", "login", "token-login"]
            .map(str::to_owned)
            .to_vec();
    })
    .await;
    app.user(ANA).await;
    let program = app.anonymous();
    let wrong = json!({ "email": ANA, "password": "wrong" });
    for _ in 0..10 {
        program.post(TOKEN_LOGIN, wrong.clone()).await;
    }
    let full = program.post(TOKEN_LOGIN, wrong).await;
    assert_eq!(full.assert_status(429).code(), "THROTTLED");
    let asked = program.post(ASK_TOKEN, json!({ "email": ANA })).await;
    asked.assert_status(404);
    // Nothing that waits in the outbox can be sealed without a key.
    let app = TestApp::with(|config| {
        by_account(config);
        config.key = None;
    })
    .await;
    let program = app.anonymous();
    let wrong = json!({ "email": ANA, "password": "wrong" });
    for _ in 0..10 {
        program.post(TOKEN_LOGIN, wrong.clone()).await;
    }
    let full = program.post(TOKEN_LOGIN, wrong).await;
    assert_eq!(full.assert_status(429).code(), "THROTTLED");
    let asked = program.post(ASK_TOKEN, json!({ "email": ANA })).await;
    assert_eq!(asked.assert_status(503).code(), "MAIL_NOT_CONFIGURED");
}

/// A wait that only real accounts had would tell them apart.
#[tokio::test]
async fn strangers_wait_longer_with_each_failure_whoever_is_tried() {
    let floor = Duration::from_millis(20);
    let app = TestApp::with(|config| {
        by_account(config);
        config.hashing.failure_floor = floor;
    })
    .await;
    app.user(ANA).await;
    for email in [ANA, NOBODY] {
        let program = app.anonymous();
        let wrong = json!({ "email": email, "password": "wrong" });
        for at in 0..6 {
            let begun = Instant::now();
            let answer = program.post(TOKEN_LOGIN, wrong.clone()).await;
            answer.assert_status(401);
            let least = floor * [1, 2, 4, 8, 16, 16][at];
            assert!(begun.elapsed() >= least, "{at}: {:?}", begun.elapsed());
        }
    }
}
