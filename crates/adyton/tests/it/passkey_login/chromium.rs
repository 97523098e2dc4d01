//! A real page in a real browser, with plain `navigator.credentials`: the page's script is the one
//! that the guide shows.

use std::net::SocketAddr;

use adyton::Adyton;
use adyton_testing::{Chromium, PASSWORD, TestApp};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::authenticator::unlimited;
use crate::passkey_device::UNKNOWN;
use crate::support::ANA;

const SCRIPT: &str = include_str!("page.js");
const GUIDE: &str = include_str!("../../../../../docs/guides/passkeys.md");

#[test]
fn the_guide_shows_the_script_that_is_tested() {
    assert!(GUIDE.contains(SCRIPT));
}

/// An application at `http://localhost` with the page at `/`, and its address.
async fn served() -> (TestApp, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let address = format!("http://localhost:{port}");
    let page = format!("<!doctype html><title>Passkeys</title><script>{SCRIPT}</script>");
    let routes = |_: &Adyton| Router::new().route("/", get(async || Html(page)));
    let set = |config: &mut adyton::Config| {
        unlimited(config);
        config.public_url = Some(address.clone());
    };
    let app = TestApp::host(set, |builder| builder, routes).await;
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (app, address)
}

/// A page in which a user is logged in, and has proved of late who they are.
async fn log_in(browser: &Chromium, address: &str) {
    browser.open(address).await;
    browser.run("call('GET', '/sanctum/csrf-cookie')").await;
    let credentials = json!({ "email": ANA, "password": PASSWORD });
    let answer = browser
        .run(&format!("call('POST', '/login', {credentials})"))
        .await;
    assert_eq!(answer["status"], 200, "{answer}");
    let password = json!({ "password": PASSWORD });
    let confirm = format!("call('POST', '/user/confirm-password', {password})");
    let answer = browser.run(&confirm).await;
    assert_eq!(answer["status"], 201, "{answer}");
}

/// Whoever is logged in there.
async fn whoever(browser: &Chromium) -> Json {
    let answer = browser.run("call('GET', '/api/user')").await;
    answer["body"]["email"].clone()
}

#[tokio::test]
async fn a_browser_adds_logs_in_confirms_and_is_refused_once_it_is_removed() {
    let Some(browser) = Chromium::start().await else {
        return;
    };
    let (app, address) = served().await;
    app.user(ANA).await;
    let device = browser.add_authenticator().await;
    log_in(&browser, &address).await;
    let added = browser.run("addPasskey('My phone')").await;
    let told = json!({ "status": "passkey-registered", "id": "1", "name": "My phone" });
    assert_eq!(added, json!({ "status": 200, "body": told }));
    let on_device = browser.credentials(&device).await;
    assert_eq!(on_device.len(), 1);
    assert_eq!(on_device[0]["isResidentCredential"], true);
    assert_eq!(on_device[0]["rpId"], "localhost");
    // The same device is not asked to make another.
    let again = browser.run("addPasskey('Again')").await;
    assert_eq!(again, json!({ "error": "InvalidStateError" }));

    browser.run("call('POST', '/logout')").await;
    assert_eq!(whoever(&browser).await, Json::Null);
    let answer = browser.run("logInWithPasskey(true)").await;
    assert_eq!(
        answer,
        json!({ "status": 200, "body": { "redirect": "/home" } })
    );
    assert_eq!(whoever(&browser).await, ANA);

    let guarded = "call('DELETE', '/user/passkeys/1')";
    assert_eq!(browser.run(guarded).await["status"], 423);
    let answer = browser.run("confirmWithPasskey()").await;
    assert_eq!(
        answer,
        json!({ "status": 200, "body": { "redirect": "/home" } })
    );
    assert_eq!(browser.run(guarded).await["status"], 200);

    browser.run("call('POST', '/logout')").await;
    let answer = browser.run("logInWithPasskey(false)").await;
    assert_eq!(answer["status"], 422, "{answer}");
    assert_eq!(answer["body"]["errors"]["credential"], json!([UNKNOWN]));
    assert_eq!(whoever(&browser).await, Json::Null);
}

#[tokio::test]
async fn a_device_that_does_not_verify_its_user_gets_nobody_in() {
    let Some(browser) = Chromium::start().await else {
        return;
    };
    let (app, address) = served().await;
    app.user(ANA).await;
    let device = browser.add_authenticator().await;
    log_in(&browser, &address).await;
    browser.verify_user(&device, false).await;
    let added = browser.run("addPasskey('My phone')").await;
    assert_eq!(added, json!({ "error": "NotAllowedError" }));
    browser.verify_user(&device, true).await;
    assert_eq!(browser.run("addPasskey('My phone')").await["status"], 200);
    browser.run("call('POST', '/logout')").await;
    browser.verify_user(&device, false).await;
    let answer = browser.run("logInWithPasskey(false)").await;
    assert_eq!(answer, json!({ "error": "NotAllowedError" }));
    assert_eq!(whoever(&browser).await, Json::Null);
}
