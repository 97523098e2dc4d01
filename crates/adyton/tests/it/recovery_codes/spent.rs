//! A recovery code lets in once.

use adyton::{Event, Via};
use adyton_testing::{Browser, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use super::column;
use crate::authenticator::{
    CHALLENGE, CODES, assert_refused, challenged, confirmed, enrolled, shown_codes, unlimited,
};
use crate::support::ANA;

const WRONG: &str = "The provided two factor recovery code was invalid.";

fn answer(code: &str) -> Json {
    json!({ "recovery_code": code })
}

async fn let_in(app: &TestApp, code: &str) -> Browser {
    let browser = challenged(app, ANA).await;
    let said = browser.post(CHALLENGE, answer(code)).await;
    assert_eq!(said.assert_status(204).body, "");
    browser.get("/api/user").await.assert_status(200);
    browser
}

async fn keep_out(app: &TestApp, code: &str) {
    let browser = challenged(app, ANA).await;
    let refused = browser.post(CHALLENGE, answer(code)).await;
    assert_refused(&refused, "recovery_code", WRONG);
    assert_eq!(refused.code(), "RECOVERY_CODE_WRONG");
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn each_lets_in_once_before_they_were_shown_and_after() {
    let app = TestApp::with(unlimited).await;
    let user = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser
        .post(crate::authenticator::OWN, json!({}))
        .await
        .assert_status(200);
    let codes = shown_codes(&browser).await;
    let authenticator = crate::authenticator::scanned(&app, &browser).await;
    let confirmed = browser
        .post(crate::authenticator::CONFIRM, authenticator.answer())
        .await;
    confirmed.assert_status(200);
    // Sealed still.
    let_in(&app, &codes[0]).await;
    keep_out(&app, &codes[0]).await;
    let left = shown_codes(&browser).await;
    assert_eq!(left, codes[1..], "the spent one is gone, the others stay");
    // Hashed from now on.
    let_in(&app, &codes[1]).await;
    keep_out(&app, &codes[1]).await;
    app.events();
    let_in(&app, &codes[7]).await;
    let events = app.events();
    let address = [127, 0, 0, 1].into();
    let used = Event::RecoveryCodeUsed {
        user: user.id.clone(),
        left: 5,
        address,
    };
    let logged_in = Event::LoggedIn {
        user: user.id,
        via: Via::Password,
        address,
    };
    assert_eq!(events[1..], [used, logged_in]);
}

#[tokio::test]
async fn a_mail_tells_how_many_are_left() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let_in(&app, &codes[3]).await;
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert_eq!(mail.subject, "A recovery code for Adyton was used");
    assert!(mail.text.contains("7 are left"), "{}", mail.text);
    assert!(!mail.text.contains(&codes[3]));
}

#[tokio::test]
async fn a_code_is_read_as_people_type_it() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.recovery_code_shape = "aaaa-aaaa-aaaa".to_owned();
    })
    .await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let_in(&app, &codes[0].to_uppercase()).await;
    let_in(&app, &format!("  {} ", codes[1].replace('-', " "))).await;
    let_in(&app, &codes[2].replace('-', "")).await;
}

#[tokio::test]
async fn the_last_one_leaves_none() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.recovery_codes = 1;
    })
    .await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let_in(&app, &codes[0]).await;
    keep_out(&app, &codes[0]).await;
    app.deliver().await;
    let mails = app.mails();
    let is_last = |mail: &adyton::Mail| mail.text.contains("It was the last one");
    assert!(mails.iter().any(is_last));
    let asked = challenged(&app, ANA).await;
    let said = asked.post(CHALLENGE, authenticator.answer()).await;
    said.assert_status(204);
}

#[tokio::test]
async fn replaced_codes_let_nobody_in() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let old = shown_codes(&browser).await;
    browser.post_nothing(CODES).await.assert_status(200);
    keep_out(&app, &old[0]).await;
    // Also before the new ones are shown, which are sealed until then.
    let new = shown_codes(&browser).await;
    let_in(&app, &new[0]).await;
}

#[tokio::test]
async fn a_code_of_another_user_lets_nobody_in() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let (_, _, other) = enrolled(&app, "other@example.com").await;
    shown_codes(&browser).await;
    keep_out(&app, &shown_codes(&other).await[0]).await;
}

#[tokio::test]
async fn what_can_be_no_code_is_refused() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    for is_shown in [false, true] {
        if is_shown {
            shown_codes(&browser).await;
        }
        for code in ["-", "x", "AAAAAAAAAA-AAAAAAAAAA", "é", &"a".repeat(200)] {
            keep_out(&app, code).await;
        }
        let asked = challenged(&app, ANA).await;
        for wrong in [
            json!(7),
            json!(["a"]),
            json!("a\0b"),
            json!("a".repeat(10_000)),
        ] {
            let refused = asked
                .post(CHALLENGE, json!({ "recovery_code": wrong }))
                .await;
            let errors = refused.assert_status(422).json();
            assert!(errors["errors"]["recovery_code"].is_array(), "{wrong}");
        }
    }
}

#[tokio::test]
async fn a_column_that_cannot_be_read_lets_nobody_in() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let set = column(&app).await;
    for junk in [
        "junk",
        "[]",
        "{}",
        "v1.00000000.AAAA.AAAA",
        &set[..set.len() - 1],
    ] {
        let sql = "UPDATE users SET two_factor_recovery_codes = $1";
        app.adyton
            .db()
            .run(sql, &[junk.into()])
            .await
            .expect("written");
        let asked = challenged(&app, ANA).await;
        let refused = asked.post(CHALLENGE, answer(&codes[0])).await;
        refused.assert_status(500);
        asked.get("/api/user").await.assert_status(401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_in_twenty_challenges_at_once_lets_in_once() {
    let app = TestApp::with(|config| {
        crate::two_factor::sealed::with_key(config);
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    // The first round finds them sealed, the others hashed.
    let sealed = crate::two_factor::sealed::opened_codes(&app, 1).await;
    for round in 0..5 {
        if round == 1 {
            assert_eq!(shown_codes(&browser).await, sealed[1..]);
        }
        let mut requests = Vec::new();
        for _ in 0..20 {
            let asked = challenged(&app, ANA).await;
            requests.push(asked.written(Method::POST, CHALLENGE, &answer(&sealed[round])));
        }
        let answers = app.race(requests).await;
        let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1);
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 19);
    }
    let used = |event: &&Event| matches!(event, Event::RecoveryCodeUsed { .. });
    assert_eq!(app.events().iter().filter(used).count(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn different_codes_at_once_are_all_spent_and_none_comes_back() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let mut codes = shown_codes(&browser).await;
    for _ in 0..4 {
        let mut requests = Vec::new();
        let pair: Vec<String> = codes.drain(..2).collect();
        for code in &pair {
            let asked = challenged(&app, ANA).await;
            requests.push(asked.written(Method::POST, CHALLENGE, &answer(code)));
        }
        for said in app.race(requests).await {
            said.assert_status(204);
        }
        for code in &pair {
            keep_out(&app, code).await;
        }
    }
}
