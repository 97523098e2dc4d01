//! The page of `adyton dev` in a real browser: what a newcomer presses, and what it shows then.

use std::time::Duration;

use adyton::config::SocialKind;
use adyton_testing::{Chromium, Fault, Person, TestProvider};
use serde_json::json;

use crate::place::Place;
use crate::running::Running;

/// Waits until the page shows this, and nothing is on its way.
async fn shows(browser: &Chromium, wanted: &str) {
    let mut seen = String::new();
    for _ in 0..200 {
        let text = browser.run("document.body?.innerText ?? ''").await;
        seen = text.as_str().unwrap_or_default().to_owned();
        if seen.contains(wanted) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{wanted:?} is not shown:\n{seen}");
}

/// Presses what a selector names.
async fn press(browser: &Chromium, selector: &str) {
    let pressed = format!("document.querySelector({}).click()", json!(selector));
    assert!(browser.run(&pressed).await.is_null(), "{selector}");
}

async fn fill(browser: &Chromium, selector: &str, text: &str) {
    let (selector, text) = (json!(selector), json!(text));
    let filled = format!("document.querySelector({selector}).value = {text}");
    assert_eq!(browser.run(&filled).await, text);
}

/// `adyton dev` that knows a provider as `google`, and the address of its page.
fn dev(place: Place, provider: &TestProvider) -> (Place, Running, String) {
    let settings = provider.settings(SocialKind::Oidc);
    let secret = settings.client_secret.expect("it has one");
    let place = place
        .with("ADYTON_SOCIAL_GOOGLE_ISSUER", provider.issuer())
        .with("ADYTON_SOCIAL_GOOGLE_CLIENT_ID", &settings.client_id)
        .with("ADYTON_SOCIAL_GOOGLE_CLIENT_SECRET", secret.expose());
    let running = Running::dev(&place);
    let page = format!("http://localhost:{}/", running.address.port());
    (place, running, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_in_by_password_and_by_passkey() {
    let Some(browser) = Chromium::start().await else {
        return;
    };
    let provider = TestProvider::start().await;
    let (place, _running, page) = dev(Place::empty(), &provider);
    let password = place.folder.join(".adyton/demo-password");
    let password = std::fs::read_to_string(password).expect("a demo user");
    browser.add_authenticator().await;
    browser.open(&page).await;
    shows(&browser, "Nobody.").await;
    fill(&browser, "#login [name=email]", "ada@example.com").await;
    fill(&browser, "#login [name=password]", "a wrong password").await;
    press(&browser, "#login button").await;
    shows(&browser, "These credentials do not match our records.").await;
    fill(&browser, "#login [name=password]", password.trim()).await;
    press(&browser, "#login button").await;
    shows(&browser, "Ada, ada@example.com").await;

    shows(&browser, "GET /user/sessions → 200").await;
    press(&browser, "#passkey-add").await;
    shows(&browser, "Confirm it’s you").await;
    fill(&browser, "#confirm-form [name=password]", password.trim()).await;
    press(&browser, "#confirm-form button").await;
    // What was asked for is done once it is confirmed.
    shows(&browser, "POST /user/passkeys → 200").await;
    press(&browser, "#logout").await;
    shows(&browser, "Nobody.").await;
    press(&browser, "#passkey-login").await;
    shows(&browser, "Ada, ada@example.com").await;
    shows(&browser, "POST /passkeys/login → 200").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_gets_in_by_a_provider_and_is_told_when_that_fails() {
    let Some(browser) = Chromium::start().await else {
        return;
    };
    let provider = TestProvider::start().await;
    provider.person(Person::new("7", "ana@example.com"));
    provider.breaks(Fault::Denied);
    let (_place, _running, page) = dev(Place::empty(), &provider);
    browser.open(&page).await;
    shows(&browser, "Log in with Google").await;
    press(&browser, "#providers a").await;
    shows(&browser, "That did not work (SOCIAL_DENIED).").await;
    assert_eq!(browser.run("location.href").await, json!(page));
    provider.behaves();
    press(&browser, "#providers a").await;
    shows(&browser, "Ana Example, ana@example.com").await;
    shows(&browser, "google, ana@example.com").await;
    press(&browser, "#logout").await;
    shows(&browser, "Nobody.").await;

    // Where a user with a second factor is sent on to.
    browser.open(&format!("{page}?second-factor")).await;
    shows(&browser, "Code of your app, or a recovery code").await;
}
