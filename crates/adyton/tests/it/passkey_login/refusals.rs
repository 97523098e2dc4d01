//! What lets nobody in.

use adyton::{Changes, Event};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use crate::authenticator::{assert_refused, confirmed};
use crate::passkey_device::*;
use crate::support::{ANA, change, found, one_of_twenty};

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_refuses_it() {
    let app = app().await;
    let user = app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let mut wrong = everything_wrong();
    let other = || Wrong::default();
    wrong.push((
        "another signature",
        Wrong {
            signs_other_bytes: true,
            ..other()
        },
    ));
    wrong.push((
        "another handle",
        Wrong {
            handle: Some(vec![7; 32]),
            ..other()
        },
    ));
    wrong.push((
        "another kind of passkey",
        Wrong {
            eligible: true,
            ..other()
        },
    ));
    app.events();
    for (what, wrong) in wrong {
        let browser = guest(&app).await;
        let answer = log_in(&browser, &mut device, &wrong).await;
        assert_eq!(answer.status, 422, "{what}");
        assert_refused(&answer, "credential", NOT_VERIFIED);
        assert_eq!(answer.code(), "PASSKEY_NOT_VERIFIED");
        browser.get("/api/user").await.assert_status(401);
        let events = app.events();
        let [Event::PasskeyFailed { user: whose, .. }] = events.as_slice() else {
            panic!("{what}: {events:#?}");
        };
        assert_eq!(whose.as_ref(), Some(&user.id));
    }
    // It was none of the device's fault.
    let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn a_counter_that_goes_back_is_a_copy() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    for _ in 0..3 {
        let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
        answer.assert_status(200);
    }
    for counter in [0, 2, 3] {
        let back = Wrong {
            counter: Some(counter),
            ..Wrong::default()
        };
        let answer = log_in(&guest(&app).await, &mut device, &back).await;
        assert_refused(&answer, "credential", NOT_VERIFIED);
    }
}

#[tokio::test]
async fn an_answer_counts_once() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = guest(&app).await;
    let options = asked(&browser, LOGIN_OPTIONS).await;
    let thief = browser.copied();
    let body = json!({ "credential": device.sign(&options, &Wrong::default()) });
    browser.post(LOGIN, body.clone()).await.assert_status(200);
    let answer = thief.post(LOGIN, body).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
    assert_eq!(answer.code(), "PASSKEY_SESSION_EXPIRED");
}

#[tokio::test]
async fn a_question_is_used_up_by_a_wrong_answer_too() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let wrong = Wrong {
        not_verified: true,
        ..Wrong::default()
    };
    for first in [None, Some(wrong)] {
        let browser = guest(&app).await;
        let options = asked(&browser, LOGIN_OPTIONS).await;
        let copy = browser.copied();
        let credential = first.map(|wrong| device.sign(&options, &wrong));
        let answer = copy.post(LOGIN, json!({ "credential": credential })).await;
        answer.assert_status(422);
        let right = device.sign(&options, &Wrong::default());
        let answer = browser.post(LOGIN, json!({ "credential": right })).await;
        assert_refused(&answer, "credential", LOGIN_EXPIRED);
    }
}

#[tokio::test]
async fn an_answer_needs_its_question_in_time() {
    let app = app().await;
    app.user(ANA).await;
    let own = confirmed(&app, ANA).await;
    let mut device = added(&own).await;
    let (browser, other) = (guest(&app).await, guest(&app).await);
    let options = asked(&browser, LOGIN_OPTIONS).await;
    let body = json!({ "credential": device.sign(&options, &Wrong::default()) });
    // Of another browser, of another ceremony, and too late.
    let answer = other.post(LOGIN, body.clone()).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
    let confirmation = asked(&own, CONFIRM_OPTIONS).await;
    other.set_cookie("adyton_passkey", own.cookie("adyton_passkey").as_deref());
    let signed = device.sign(&confirmation, &Wrong::default());
    let answer = other.post(LOGIN, json!({ "credential": signed })).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
    app.clock.advance(TimeDelta::minutes(11));
    let answer = browser.post(LOGIN, body).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
}

#[tokio::test]
async fn an_unknown_a_removed_and_a_disabled_users_passkey_are_one() {
    let app = app().await;
    let user = app.user(ANA).await;
    let own = confirmed(&app, ANA).await;
    let (mut first, mut second) = (added(&own).await, added(&own).await);
    let mut stranger = Device::new();
    let answer = log_in(&guest(&app).await, &mut stranger, &Wrong::default()).await;
    assert_refused(&answer, "credential", UNKNOWN);
    own.delete(&format!("{OWN}/1")).await.assert_status(200);
    let answer = log_in(&guest(&app).await, &mut first, &Wrong::default()).await;
    assert_refused(&answer, "credential", UNKNOWN);
    let mut disabled = Changes::default();
    disabled.disabled_at = Some(Some(app.clock.now()));
    change(&app, &user, disabled).await;
    let answer = log_in(&guest(&app).await, &mut second, &Wrong::default()).await;
    assert_refused(&answer, "credential", UNKNOWN);
    assert!(found(&app, ANA).await.is_some());
}

#[tokio::test]
async fn what_is_no_credential_is_said_to_be_none() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = guest(&app).await;
    let options = asked(&browser, LOGIN_OPTIONS).await;
    let right = device.sign(&options, &Wrong::default());
    let with = |path: &str, value: Json| {
        let mut credential = right.clone();
        *credential.pointer_mut(path).expect("a field") = value;
        credential
    };
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let deep: Json = serde_json::from_str(&deep).expect("JSON");
    let bad = [
        Json::Null,
        json!("text"),
        json!([]),
        json!({}),
        deep.clone(),
        with("/type", json!("password")),
        with("/id", json!("another")),
        with("/rawId", json!("not base64url!")),
        with("/response", json!([])),
        with("/response", deep),
        with("/response/signature", json!(17)),
        with("/response/signature", json!("=")),
        with("/response/clientDataJSON", Json::Null),
    ];
    for credential in bad {
        let body = json!({ "credential": credential });
        let answer = browser.post(LOGIN, body.clone()).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_refused(&answer, "credential", FORMAT);
    }
    let missing = browser.post(LOGIN, json!({})).await;
    assert_refused(&missing, "credential", FORMAT);
}

#[tokio::test]
async fn bytes_that_are_no_answer_are_refused_and_break_nothing() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let bomb = "[".repeat(5_000);
    for (field, bytes) in [
        ("authenticatorData", Vec::new()),
        ("authenticatorData", vec![0; 36]),
        ("authenticatorData", vec![0xff; 400]),
        ("clientDataJSON", bomb.clone().into_bytes()),
        ("clientDataJSON", vec![0xff; 9]),
        ("clientDataJSON", b"{}".to_vec()),
        ("signature", Vec::new()),
        ("signature", vec![0x30; 300]),
    ] {
        let browser = guest(&app).await;
        let options = asked(&browser, LOGIN_OPTIONS).await;
        let mut credential = device.sign(&options, &Wrong::default());
        credential["response"][field] = base64url(&bytes).into();
        let answer = browser
            .post(LOGIN, json!({ "credential": credential }))
            .await;
        assert_eq!(answer.status, 422, "{field}");
        assert_refused(&answer, "credential", NOT_VERIFIED);
    }
    let large = json!({ "credential": "A".repeat(200_000) });
    guest(&app)
        .await
        .post(LOGIN, large)
        .await
        .assert_status(413);
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_equal_answers_gets_in() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = guest(&app).await;
    let options = asked(&browser, LOGIN_OPTIONS).await;
    let body = json!({ "credential": device.sign(&options, &Wrong::default()) });
    let request = browser.written(http::Method::POST, LOGIN, &body);
    let answers = app.race(vec![request; 20]).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, one_of_twenty(200, 422));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_counter_counts_once_whatever_the_question() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let mut requests = Vec::new();
    let copied = Wrong {
        counter: Some(9),
        ..Wrong::default()
    };
    for _ in 0..20 {
        let browser = guest(&app).await;
        let options = asked(&browser, LOGIN_OPTIONS).await;
        let body = json!({ "credential": device.sign(&options, &copied) });
        requests.push(browser.written(http::Method::POST, LOGIN, &body));
    }
    let answers = app.race(requests).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, one_of_twenty(200, 422));
}
