//! A passkey is added.

use adyton::Event;
use adyton_testing::TestApp;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use crate::authenticator::{assert_refused, confirmed};
use crate::passkey_device::*;
use crate::support::{ANA, one_of_twenty};

#[tokio::test]
async fn the_options_ask_for_a_discoverable_passkey_of_a_verified_user() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let answer = browser.get(REGISTRATION).await;
    let options = answer.assert_status(200).json()["options"].clone();
    assert_eq!(bytes(&options["challenge"]).len(), 32);
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["user"]["name"], ANA);
    assert_eq!(options["user"]["displayName"], "Ana");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["timeout"], 60_000);
    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["requireResidentKey"], true);
    let algorithms = options["pubKeyCredParams"].as_array().expect("a list");
    for algorithm in [-7, -257] {
        let entry = json!({ "type": "public-key", "alg": algorithm });
        assert!(algorithms.contains(&entry), "{algorithms:?}");
    }
    assert_eq!(options["excludeCredentials"], json!([]));
    // Neither the id nor the address.
    assert_eq!(bytes(&options["user"]["id"]).len(), 32);
    let cookie = answer.set_cookie("adyton_passkey").expect("it is carried");
    assert!(cookie.len() < 3_000, "{}", cookie.len());
}

#[tokio::test]
async fn a_passkey_is_added_and_its_user_is_told() {
    let app = app().await;
    let user = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    app.deliver().await;
    app.mails();
    app.events();
    let mut device = Device::new();
    let options = asked(&browser, REGISTRATION).await;
    let credential = device.make(&options, &Wrong::default());
    let answer = register(&browser, credential).await;
    let told = json!({ "status": "passkey-registered", "id": "1", "name": "My phone" });
    assert_eq!(answer.assert_status(200).json(), told);
    let events = app.events();
    let [
        Event::PasskeyAdded {
            user: whose,
            passkey: 1,
        },
    ] = events.as_slice()
    else {
        panic!("{events:#?}");
    };
    assert_eq!(*whose, user.id);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert!(mail.text.contains("My phone"), "{}", mail.text);
    // The next is for the same account on a device, and not for this device.
    let next = asked(&browser, REGISTRATION).await;
    assert_eq!(next["user"]["id"], options["user"]["id"]);
    assert_eq!(next["excludeCredentials"][0]["id"], device.id());
    assert_eq!(next["excludeCredentials"][0]["type"], "public-key");
}

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_refuses_it() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    for (what, wrong) in everything_wrong() {
        let options = asked(&browser, REGISTRATION).await;
        let credential = Device::new().make(&options, &wrong);
        let answer = register(&browser, credential).await;
        assert_eq!(answer.status, 422, "{what}");
        assert_refused(&answer, "credential", NOT_REGISTERED);
        assert_eq!(answer.code(), "PASSKEY_NOT_REGISTERED");
    }
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn bytes_that_are_no_attestation_are_refused_and_break_nothing() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let right = |options: &Json| Device::new().make(options, &Wrong::default());
    let whole = right(&asked(&browser, REGISTRATION).await);
    let object = bytes(&whole["response"]["attestationObject"]);
    let cuts = (0..object.len())
        .step_by(13)
        .map(|length| object[..length].to_vec());
    let bombs = [
        vec![0x81; 9_000],
        vec![0xa1; 9_000],
        vec![0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
    ];
    for object in cuts.chain(bombs) {
        let options = asked(&browser, REGISTRATION).await;
        let mut credential = right(&options);
        credential["response"]["attestationObject"] = base64url(&object).into();
        let answer = register(&browser, credential).await;
        assert_refused(&answer, "credential", NOT_REGISTERED);
    }
    assert_eq!(app.count("passkeys").await, 0);
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

#[tokio::test]
async fn an_answer_needs_a_name_its_own_id_and_a_short_one() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let options = asked(&browser, REGISTRATION).await;
    let mut credential = Device::new().make(&options, &Wrong::default());
    let nameless = browser.post(OWN, json!({ "credential": credential })).await;
    assert!(nameless.assert_status(422).json()["errors"]["name"].is_array());
    // It was no answer yet: the question is still open.
    let other = Device::new().id();
    credential["id"] = other.clone().into();
    credential["rawId"] = other.into();
    let answer = register(&browser, credential).await;
    assert_refused(&answer, "credential", NOT_REGISTERED);
    for (length, is_good) in [(191, true), (192, false)] {
        let options = asked(&browser, REGISTRATION).await;
        let credential = Device::with_id(length).make(&options, &Wrong::default());
        let answer = register(&browser, credential).await;
        assert_eq!(answer.status == 200, is_good, "{length}: {}", answer.body);
    }
    let answer = browser.post(OWN, json!({ "name": "x" })).await;
    assert_refused(&answer, "credential", FORMAT);
}

#[tokio::test]
async fn a_question_is_for_one_user_once_and_in_time() {
    let app = app().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    let (ana, ben) = (
        confirmed(&app, ANA).await,
        confirmed(&app, "ben@example.com").await,
    );
    let options = asked(&ana, REGISTRATION).await;
    let flow = ana.cookie("adyton_passkey");
    let credential = Device::new().make(&options, &Wrong::default());
    ben.set_cookie("adyton_passkey", flow.as_deref());
    let answer = register(&ben, credential.clone()).await;
    assert_refused(&answer, "credential", REGISTRATION_EXPIRED);
    // It was taken by that.
    let answer = register(&ana, credential.clone()).await;
    assert_refused(&answer, "credential", REGISTRATION_EXPIRED);
    assert_eq!(answer.code(), "PASSKEY_SESSION_EXPIRED");
    let options = asked(&ana, REGISTRATION).await;
    let credential = Device::new().make(&options, &Wrong::default());
    app.clock.advance(TimeDelta::minutes(11));
    let answer = register(&ana, credential).await;
    assert_refused(&answer, "credential", REGISTRATION_EXPIRED);
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn one_credential_is_one_passkey() {
    let app = app().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let ben = confirmed(&app, "ben@example.com").await;
    let options = asked(&ben, REGISTRATION).await;
    let credential = device.make(&options, &Wrong::default());
    let answer = register(&ben, credential).await;
    assert_refused(&answer, "credential", TAKEN);
    assert_eq!(answer.code(), "PASSKEY_TAKEN");
    // The session goes on.
    ben.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_user_has_no_more_than_the_settings_let_them() {
    let app = TestApp::with(|config| {
        settings(config);
        config.passkeys.max_per_user = 2;
    })
    .await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    added(&browser).await;
    let options = asked(&browser, REGISTRATION).await;
    let flow = browser.cookie("adyton_passkey");
    added(&browser).await;
    let sentence = "An account may have 2 passkeys. Remove one first.";
    let answer = browser.get(REGISTRATION).await;
    assert_refused(&answer, "credential", sentence);
    assert_eq!(answer.code(), "PASSKEY_LIMIT_REACHED");
    // Nor by a question from before.
    browser.set_cookie("adyton_passkey", flow.as_deref());
    let credential = Device::new().make(&options, &Wrong::default());
    let answer = register(&browser, credential).await;
    assert_refused(&answer, "credential", sentence);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_equal_answers_adds_one() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let options = asked(&browser, REGISTRATION).await;
    let credential = Device::new().make(&options, &Wrong::default());
    let body = json!({ "name": "My phone", "credential": credential });
    let request = browser.written(http::Method::POST, OWN, &body);
    let answers = app.race(vec![request; 20]).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, one_of_twenty(200, 422));
    assert_eq!(app.count("passkeys").await, 1);
}
