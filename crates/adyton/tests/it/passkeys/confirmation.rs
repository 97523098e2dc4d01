//! Proving once more who one is, by a passkey.

use adyton::Event;
use serde_json::json;

use crate::authenticator::{assert_refused, confirmed};
use crate::passkey_device::*;
use crate::support::ANA;

const STATUS: &str = "/user/confirmed-password-status";

#[tokio::test]
async fn a_passkey_confirms_the_session_that_asked() {
    let app = app().await;
    let user = app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = app.logged_in(ANA).await;
    app.events();
    let options = asked(&browser, CONFIRM_OPTIONS).await;
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["allowCredentials"][0]["id"], device.id());
    let transports = json!(["internal", "hybrid", "a-way-to-come"]);
    assert_eq!(options["allowCredentials"][0]["transports"], transports);
    assert_eq!(browser.get(STATUS).await.json()["confirmed"], false);
    let before = browser.cookie("adyton_session");
    let answer = confirm(&browser, &mut device, &Wrong::default()).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "redirect": "/home" })
    );
    assert_ne!(browser.cookie("adyton_session"), before);
    assert_eq!(browser.get(STATUS).await.json()["confirmed"], true);
    let events = app.events();
    let [
        Event::Confirmed {
            user: who,
            by: "passkey",
            ..
        },
    ] = events.as_slice()
    else {
        panic!("{events:#?}");
    };
    assert_eq!(*who, user.id);
    // The counter moved: what was signed before is worth nothing.
    let back = Wrong {
        counter: Some(1),
        ..Wrong::default()
    };
    let answer = log_in(&guest(&app).await, &mut device, &back).await;
    assert_refused(&answer, "credential", NOT_VERIFIED);
}

#[tokio::test]
async fn whatever_is_wrong_with_an_answer_refuses_it() {
    let app = app().await;
    let user = app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = app.logged_in(ANA).await;
    app.events();
    for (what, wrong) in everything_wrong() {
        let answer = confirm(&browser, &mut device, &wrong).await;
        assert_eq!(answer.status, 422, "{what}");
        assert_refused(&answer, "credential", NOT_VERIFIED);
        let events = app.events();
        let [Event::PasskeyFailed { user: whose, .. }] = events.as_slice() else {
            panic!("{what}: {events:#?}");
        };
        assert_eq!(whose.as_ref(), Some(&user.id));
    }
    assert_eq!(browser.get(STATUS).await.json()["confirmed"], false);
}

#[tokio::test]
async fn anothers_passkey_confirms_nothing() {
    let app = app().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    added(&confirmed(&app, ANA).await).await;
    let mut bens = added(&confirmed(&app, "ben@example.com").await).await;
    let browser = app.logged_in(ANA).await;
    let answer = confirm(&browser, &mut bens, &Wrong::default()).await;
    assert_refused(&answer, "credential", UNKNOWN);
    // Nor does the answer to another user's question, or to a login's.
    let ben = app.logged_in("ben@example.com").await;
    let options = asked(&browser, CONFIRM_OPTIONS).await;
    ben.set_cookie(
        "adyton_passkey",
        browser.cookie("adyton_passkey").as_deref(),
    );
    let credential = bens.sign(&options, &Wrong::default());
    let answer = ben.post(CONFIRM, json!({ "credential": credential })).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
    let stranger = guest(&app).await;
    let options = asked(&stranger, LOGIN_OPTIONS).await;
    ben.set_cookie(
        "adyton_passkey",
        stranger.cookie("adyton_passkey").as_deref(),
    );
    let credential = bens.sign(&options, &Wrong::default());
    let answer = ben.post(CONFIRM, json!({ "credential": credential })).await;
    assert_refused(&answer, "credential", LOGIN_EXPIRED);
    assert_eq!(ben.get(STATUS).await.json()["confirmed"], false);
}

#[tokio::test]
async fn whoever_has_none_is_not_asked() {
    let app = app().await;
    app.user(ANA).await;
    let answer = app.logged_in(ANA).await.get(CONFIRM_OPTIONS).await;
    assert_refused(&answer, "credential", UNKNOWN);
    app.anonymous()
        .get(CONFIRM_OPTIONS)
        .await
        .assert_status(401);
}
