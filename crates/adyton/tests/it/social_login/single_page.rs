//! The guide's single-page app, read out of the guide, in a real browser: a page at another port of
//! this machine, whose button goes to a provider and back.

use std::net::SocketAddr;
use std::time::Duration;

use adyton::Adyton;
use adyton_testing::{Chromium, Fault, Person, TestApp, TestProvider};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::support::ANA;
use crate::visitor::known;

const GUIDE: &str = include_str!("../../../../../docs/guides/social-login.md");

/// Where the guide's API is. Here it is at a port.
const API: &str = "https://api.example.com";

/// The guide's page, for an API at this address.
fn guides_page(api: &str) -> String {
    let pages = GUIDE.split("```html\n").skip(1);
    let mut pages = pages.filter_map(|rest| rest.split("```").next());
    let page = pages.find(|page| page.starts_with("<!doctype html>"));
    let page = page.expect("the guide shows a whole page");
    assert_eq!(page.matches(API).count(), 1, "{page}");
    page.replace(API, api)
}

/// A port of this machine, and its address in a browser.
async fn port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, format!("http://localhost:{port}"))
}

/// An application that knows a provider, the guide's page elsewhere, and the page's address.
async fn served(provider: &TestProvider) -> (TestApp, String) {
    let (at, api) = port().await;
    let (page_at, front_end) = port().await;
    let login = format!("{front_end}/login");
    let set = |config: &mut adyton::Config| {
        known(config, provider);
        config.public_url = Some(api.clone());
        config.stateful.origins = vec![front_end.clone()];
        let failed = ("social.failed".to_owned(), login.clone());
        config.redirects.extend([failed]);
    };
    let app = TestApp::host(set, |builder| builder, |_: &Adyton| Router::new()).await;
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(at, service).await });
    let page = guides_page(&api);
    let pages = Router::new().route("/login", get(async || Html(page)));
    tokio::spawn(async move { axum::serve(page_at, pages).await });
    (app, login)
}

/// What the page shows once it shows this at some place of it.
async fn shows(browser: &Chromium, wanted: &str) -> Json {
    let read = "return { at: location.origin + location.pathname, \
        text: document.body?.innerText ?? '', links: document.querySelectorAll('a').length }";
    let read = format!("(() => {{ {read} }})()");
    let mut seen = Json::Null;
    for _ in 0..200 {
        seen = browser.run(&read).await;
        if seen["text"].as_str().unwrap_or_default().contains(wanted) {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{wanted} is not shown: {seen}");
}

/// Presses the button of a provider.
async fn press(browser: &Chromium, label: &str) {
    let links = "[...document.querySelectorAll('#buttons a')]";
    let pressed = format!("{links}.find((link) => link.textContent.endsWith('{label}')).click()");
    assert_eq!(browser.run(&pressed).await, Json::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_page_at_another_port_logs_in_by_a_provider() {
    let Some(browser) = Chromium::start().await else {
        return;
    };
    let provider = TestProvider::start().await;
    provider.person(Person::new("7", ANA));
    let (app, login) = served(&provider).await;
    browser.open(&login).await;
    let seen = shows(&browser, "Continue with Google").await;
    assert_eq!(seen["links"], 2);
    shows(&browser, "Nobody is logged in.").await;

    provider.breaks(Fault::Denied);
    press(&browser, "Google").await;
    let seen = shows(&browser, "That did not work (SOCIAL_DENIED).").await;
    assert_eq!(seen["at"], json!(login));
    shows(&browser, "Nobody is logged in.").await;
    assert_eq!(app.count("users").await, 0);

    provider.behaves();
    press(&browser, "Google").await;
    let seen = shows(&browser, &format!("Logged in as {ANA}")).await;
    assert_eq!((&seen["at"], &seen["links"]), (&json!(login), &json!(0)));
    assert_eq!(app.count("sessions").await, 1);
}
