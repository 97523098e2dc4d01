//! What each kind of provider is asked, and what is read of its answer.

use std::collections::BTreeMap;

use adyton::config::SocialKind;
use adyton_testing::{Person, TestApp, TestProvider};
use serde_json::Value as Json;

use super::hostile::{at, begin, enter, script};
use crate::visitor::unvouched;

const ANA: &str = "ana@example.com";

/// What the provider was asked by the browser, after somebody came in by it.
async fn asked_of(kind: SocialKind, is_proved: bool) -> (TestProvider, BTreeMap<String, String>) {
    let provider = TestProvider::start().await;
    provider.person(Person::new("10769150350006150715113082367", ANA));
    let app = at(&provider, kind).await;
    let browser = script(&app);
    enter(&browser, &provider).await;
    let user = browser.get("/api/user").await;
    let user = user.assert_status(200).json();
    assert_eq!(user["email"], ANA);
    assert_eq!(user["email_verified_at"].is_string(), is_proved, "{user}");
    assert_eq!(app.count("social_accounts").await, 1);
    let asked = provider.asked("/authorize").remove(0);
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["code_challenge_method"], "S256");
    (provider, asked)
}

#[tokio::test]
async fn openid_connect() {
    let (provider, asked) = asked_of(SocialKind::Oidc, true).await;
    assert_eq!(asked["scope"], "openid email profile");
    assert!(!asked.contains_key("prompt") && !asked.contains_key("max_age"));
    // The ID token tells all of it.
    assert!(provider.asked("/userinfo").is_empty());
    let exchange = provider.asked("/token").remove(0);
    assert_eq!(exchange["redirect_uri"], asked["redirect_uri"]);
    assert!(exchange[":authorization"].starts_with("Basic "));
    assert!(!exchange.contains_key("client_secret"));
}

#[tokio::test]
async fn facebook() {
    let (provider, asked) = asked_of(SocialKind::Facebook, false).await;
    assert_eq!(asked["scope"], "email public_profile");
    let profile = provider.asked("/facebook/me").remove(0);
    assert_eq!(profile["fields"], "id,name,email");
    assert_eq!(profile["appsecret_proof"].len(), 64);
    assert!(
        !profile.contains_key("access_token"),
        "addresses are logged"
    );
}

#[tokio::test]
async fn x() {
    let (provider, asked) = asked_of(SocialKind::X, false).await;
    assert_eq!(asked["scope"], "users.read tweet.read users.email");
    let exchange = provider.asked("/x/token").remove(0);
    assert!(exchange[":authorization"].starts_with("Basic "));
    assert!(!exchange.contains_key("client_secret"));
    let profile = provider.asked("/x/me").remove(0);
    assert_eq!(profile["user.fields"], "confirmed_email");
}

#[tokio::test]
async fn github() {
    let (provider, asked) = asked_of(SocialKind::Github, true).await;
    assert_eq!(asked["scope"], "read:user user:email");
    assert_eq!(provider.asked("/github/user").len(), 1);
    assert_eq!(provider.asked("/github/user/emails").len(), 1);
}

#[tokio::test]
async fn an_address_may_be_in_the_profile_alone() {
    let provider = TestProvider::start().await;
    provider.person(Person::new("7", ANA));
    provider.tells_emails_at_userinfo();
    let app = at(&provider, SocialKind::Oidc).await;
    let browser = script(&app);
    enter(&browser, &provider).await;
    let user = browser.get("/api/user").await.json();
    assert!(user["email_verified_at"].is_string(), "{user}");
    assert_eq!(provider.asked("/userinfo").len(), 1);
    // And there it is as little proved as the provider says.
    provider.person(unvouched("8", "bo@example.com"));
    let browser = script(&app);
    enter(&browser, &provider).await;
    let user = browser.get("/api/user").await.json();
    assert_eq!(user["email_verified_at"], Json::Null);
}

#[tokio::test]
async fn a_client_without_a_secret_proves_itself_by_pkce() {
    let provider = TestProvider::start().await;
    let settings = provider.public_settings();
    let app = TestApp::with(|config| {
        config.social.insert("acme".to_owned(), settings);
    })
    .await;
    enter(&script(&app), &provider).await;
    let exchange = provider.asked("/token").remove(0);
    assert!(!exchange.contains_key(":authorization"));
    assert_eq!(exchange["code_verifier"].len(), 43);
}

#[tokio::test]
async fn apple_answers_by_a_form_and_its_browser_comes_with_its_cookies() {
    let provider = TestProvider::start().await;
    let settings = provider.settings(SocialKind::Oidc);
    let app = TestApp::with(|config| {
        config.social.insert("apple".to_owned(), settings);
    })
    .await;
    let browser = script(&app);
    let url = begin(&browser, "apple").await.expect("it is begun");
    let back = provider.visit(&url).await;
    assert!(back.is_post);
    assert_eq!(
        provider.asked("/authorize")[0]["scope"],
        "openid email name"
    );
    // From another site's page, so without our cookies.
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .with("origin", "https://appleid.apple.com")
        .with("sec-fetch-site", "cross-site");
    let pairs: Vec<(String, String)> = form_urlencoded::parse(back.query.as_bytes())
        .into_owned()
        .collect();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let sent_on = page.form("/auth/apple/callback", &pairs).await;
    let to = sent_on.assert_status(302).header("location");
    let to: http::Uri = to.parse().expect("an address");
    let path = to.path_and_query().expect("a path").as_str();
    browser.get(path).await.assert_status(201);
    browser.get("/api/user").await.assert_status(200);
}
