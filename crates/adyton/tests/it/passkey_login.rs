//! Logging in by a passkey.

mod refusals;
mod rows;

use adyton::{Event, Via};
use adyton_testing::TestApp;
use serde_json::json;

use crate::authenticator::{assert_refused, confirmed, enrolled};
use crate::passkey_device::*;
use crate::support::ANA;

#[tokio::test]
async fn the_options_ask_for_a_verified_user_and_name_nobody() {
    let app = app().await;
    let answer = guest(&app).await.get(LOGIN_OPTIONS).await;
    let options = answer.assert_status(200).json()["options"].clone();
    assert_eq!(bytes(&options["challenge"]).len(), 32);
    assert_eq!(options["rpId"], "localhost");
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["timeout"], 60_000);
    assert!(options.get("allowCredentials").is_none(), "{options}");
    let cookie = answer.set_cookie("adyton_passkey").expect("it is carried");
    assert!(
        cookie.contains("httponly") && cookie.len() < 3_000,
        "{cookie}"
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(app.count("spent_flows").await, 0);
    // No two are alike.
    let other = asked(&guest(&app).await, LOGIN_OPTIONS).await;
    assert_ne!(other["challenge"], options["challenge"]);
}

#[tokio::test]
async fn a_passkey_lets_its_user_in_without_any_name() {
    let app = app().await;
    let user = app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    app.events();
    let browser = guest(&app).await;
    let before = browser.cookie("adyton_session");
    let answer = log_in(&browser, &mut device, &Wrong::default()).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "redirect": "/home" })
    );
    assert_ne!(browser.cookie("adyton_session"), before);
    let me = browser.get("/api/user").await;
    assert_eq!(me.assert_status(200).json()["email"], ANA);
    let events = app.events();
    let [Event::LoggedIn { user: who, via, .. }] = events.as_slice() else {
        panic!("{events:#?}");
    };
    assert_eq!((who, *via), (&user.id, Via::Passkey));
    // The cookie of the question is gone, and the use is told.
    assert_eq!(browser.cookie("adyton_passkey"), None);
    let list = browser.get(OWN).await.json();
    assert!(list["passkeys"][0]["last_used_at"].is_string(), "{list}");
}

#[tokio::test]
async fn a_browser_may_be_remembered_and_sent_elsewhere() {
    let set = |config: &mut adyton::Config| {
        settings(config);
        let to = ("passkey.login".to_owned(), "/dashboard".to_owned());
        config.redirects.extend([to]);
    };
    let app = TestApp::with(set).await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = guest(&app).await;
    let options = asked(&browser, LOGIN_OPTIONS).await;
    let credential = device.sign(&options, &Wrong::default());
    let body = json!({ "credential": credential, "remember": true });
    let answer = browser.post(LOGIN, body).await;
    assert_eq!(answer.assert_status(200).json()["redirect"], "/dashboard");
    assert!(browser.cookie("adyton_remember").is_some());
}

#[tokio::test]
async fn a_device_that_tells_no_handle_is_found_by_the_credential() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    for handle in [json!(null), json!("")] {
        let browser = guest(&app).await;
        let options = asked(&browser, LOGIN_OPTIONS).await;
        let mut credential = device.sign(&options, &Wrong::default());
        credential["response"]["userHandle"] = handle;
        let answer = browser
            .post(LOGIN, json!({ "credential": credential }))
            .await;
        answer.assert_status(200);
    }
}

#[tokio::test]
async fn a_passkey_is_two_factors_unless_the_settings_say_otherwise() {
    let app = app().await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let mut device = added(&browser).await;
    let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "redirect": "/home" })
    );

    let app = TestApp::with(|config| {
        settings(config);
        config.passkeys.counts_as_two_factors = false;
    })
    .await;
    let (_, authenticator, own) = enrolled(&app, ANA).await;
    let mut device = added(&own).await;
    let browser = guest(&app).await;
    let answer = log_in(&browser, &mut device, &Wrong::default()).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": true })
    );
    browser.get("/api/user").await.assert_status(401);
    let answer = browser
        .post("/two-factor-challenge", authenticator.answer())
        .await;
    answer.assert_status(204);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_challenge_that_a_passkey_opened_ends_with_it() {
    let app = TestApp::with(|config| {
        settings(config);
        config.passkeys.counts_as_two_factors = false;
    })
    .await;
    let (_, authenticator, own) = enrolled(&app, ANA).await;
    let mut device = added(&own).await;
    let browser = guest(&app).await;
    let answer = log_in(&browser, &mut device, &Wrong::default()).await;
    answer.assert_status(200);
    own.delete(&format!("{OWN}/1")).await.assert_status(200);
    let answer = browser
        .post("/two-factor-challenge", authenticator.answer())
        .await;
    answer.assert_status(422);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn whoever_is_logged_in_is_not_asked() {
    let app = app().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.get(LOGIN_OPTIONS).await.assert_status(409);
}

#[tokio::test]
async fn it_is_limited_by_address() {
    let app = TestApp::with(|config| {
        config.public_url = Some("http://localhost:3000".to_owned());
    })
    .await;
    let browser = guest(&app).await;
    for _ in 0..10 {
        browser.get(LOGIN_OPTIONS).await.assert_status(200);
    }
    let answer = browser.get(LOGIN_OPTIONS).await;
    assert_eq!(answer.assert_status(429).code(), "THROTTLED");
    let answer = browser.post(LOGIN, json!({})).await;
    answer.assert_status(429);
    let elsewhere = guest(&app).await.from("203.0.113.7");
    elsewhere.get(LOGIN_OPTIONS).await.assert_status(200);
}

#[tokio::test]
async fn without_a_domain_there_are_no_passkeys() {
    for public in [None, Some("http://127.0.0.1:3000")] {
        let app = TestApp::with(|config| config.public_url = public.map(str::to_owned)).await;
        let answer = guest(&app).await.get(LOGIN_OPTIONS).await;
        assert_eq!(answer.assert_status(503).code(), "PASSKEYS_NOT_CONFIGURED");
        let reason = answer.header("x-adyton-reason");
        assert!(
            reason.contains("127.0.0.1 cannot have passkeys"),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn another_origin_of_the_domain_is_good_where_the_settings_list_it() {
    let app = TestApp::with(|config| {
        settings(config);
        config.passkeys.origins = vec![
            "http://localhost:3000".to_owned(),
            "http://app.localhost:5173".to_owned(),
        ];
    })
    .await;
    app.user(ANA).await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let listed = Wrong {
        origin: Some("http://app.localhost:5173"),
        ..Wrong::default()
    };
    let answer = log_in(&guest(&app).await, &mut device, &listed).await;
    answer.assert_status(200);
    let other = Wrong {
        origin: Some("http://sub.app.localhost:5173"),
        ..Wrong::default()
    };
    let answer = log_in(&guest(&app).await, &mut device, &other).await;
    assert_refused(&answer, "credential", NOT_VERIFIED);
}
