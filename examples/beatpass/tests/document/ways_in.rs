//! Social login, linking and passkeys, as the documents promise them (BP-14).

use adyton::config::{Provider, SocialKind};
use adyton_testing::{HostProcess, Person, TestProvider, Wire};
use serde_json::{Value as Json, json};

use crate::{BEATPASS, PASSWORD, api, log_in, user};

/// The three that the documents name, and what each speaks.
const PROVIDERS: [(&str, SocialKind); 3] = [
    ("google", SocialKind::Oidc),
    ("facebook", SocialKind::Facebook),
    ("twitter", SocialKind::X),
];

/// The variables that an operator sets, and where each provider is for this test.
fn variables(name: &str, kind: SocialKind, settings: Provider) -> Vec<(String, String)> {
    let kind = match kind {
        SocialKind::Facebook => "facebook",
        SocialKind::X => "x",
        _ => "oidc",
    };
    let secret = settings.client_secret.expect("a secret").expose().clone();
    let all = [
        ("KIND", Some(kind.to_owned())),
        ("CLIENT_ID", Some(settings.client_id)),
        ("CLIENT_SECRET", Some(secret)),
        ("ISSUER", settings.issuer),
        ("AUTHORIZE_URL", settings.authorize_url),
        ("TOKEN_URL", settings.token_url),
        ("PROFILE_URL", settings.profile_url),
    ];
    let name = name.to_uppercase();
    let set = all
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    set.map(|(key, value)| (format!("ADYTON_SOCIAL_{name}_{key}"), value))
        .collect()
}

async fn host() -> (HostProcess, TestProvider) {
    let provider = TestProvider::start().await;
    let all = PROVIDERS.map(|(name, kind)| variables(name, kind, provider.settings(kind)));
    let all = all.concat();
    let all: Vec<(&str, &str)> = all
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    (HostProcess::with(BEATPASS, &all).await, provider)
}

/// A browser goes to a provider, whose user says yes, and comes back.
async fn back(browser: &Wire, provider: &TestProvider, to: &str) {
    let back = provider.visit(to).await;
    let request = format!("GET {}\nAccept: text/html", back.path_and_query());
    let answer = browser.send(&request).await;
    assert_eq!(answer.assert_status(302).header("location"), "/");
}

async fn visit(browser: &Wire, provider: &TestProvider, name: &str) {
    let request = format!("GET /auth/{name}/redirect\nAccept: text/html");
    let begun = browser.send(&request).await;
    back(
        browser,
        provider,
        begun.assert_status(302).header("location"),
    )
    .await;
}

async fn who(browser: &Wire) -> Json {
    let answer = browser
        .send("GET /api/user\nAccept: application/json\nOrigin: http://localhost:3000")
        .await;
    answer.assert_status(200).json()
}

#[tokio::test]
async fn each_provider_makes_the_account_and_the_session() {
    let (host, provider) = host().await;
    let offered = host.client().send("GET /auth/providers").await.json();
    let offered = offered["providers"].as_array().expect("a list").clone();
    for (name, _) in PROVIDERS {
        assert!(offered.iter().any(|one| one["name"] == name), "{name}");
        let email = format!("{name}@example.com");
        provider.person(Person::new(name, &email));
        let first = host.browser();
        visit(&first, &provider, name).await;
        let made = who(&first).await;
        assert_eq!(made["email"], json!(email), "{name}");
        // A later visit, from another browser, is the same account.
        let later = host.browser();
        visit(&later, &provider, name).await;
        assert_eq!(who(&later).await["id"], made["id"], "{name}");
    }
}

#[tokio::test]
async fn more_providers_are_linked_and_unlinked_in_account_settings() {
    let (host, provider) = host().await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    log_in(&browser).await;
    let early = api(&browser, "POST /user/social-accounts/google", "{}").await;
    early.assert_status(423);
    let password = format!(r#"{{"password": "{PASSWORD}"}}"#);
    let confirmed = api(&browser, "POST /user/confirm-password", &password).await;
    confirmed.assert_status(201);
    for (name, _) in PROVIDERS {
        let path = format!("POST /user/social-accounts/{name}");
        let begun = api(&browser, &path, "{}").await.assert_status(200).json();
        let to = begun["redirect"].as_str().expect("an address").to_owned();
        back(&browser, &provider, &to).await;
    }
    let list = || async { api(&browser, "GET /user/social-accounts", "").await.json() };
    let linked = list().await["social_accounts"]
        .as_array()
        .expect("a list")
        .clone();
    let names: Vec<&str> = linked
        .iter()
        .filter_map(|one| one["provider"].as_str())
        .collect();
    assert_eq!(names, PROVIDERS.map(|(name, _)| name));
    let stranger = host.browser();
    visit(&stranger, &provider, "twitter").await;
    assert_eq!(who(&stranger).await["email"], "ana@example.com");
    let path = format!("DELETE /user/social-accounts/{}", linked[2]["id"]);
    api(&browser, &path, "").await.assert_status(200);
    let left = list().await["social_accounts"]
        .as_array()
        .expect("a list")
        .len();
    assert_eq!(left, 2);
}

#[tokio::test]
async fn a_passkey_is_offered_to_whoever_confirmed() {
    let (host, _provider) = host().await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    log_in(&browser).await;
    api(&browser, "GET /user/passkeys/options", "")
        .await
        .assert_status(423);
    let password = format!(r#"{{"password": "{PASSWORD}"}}"#);
    api(&browser, "POST /user/confirm-password", &password).await;
    let options = api(&browser, "GET /user/passkeys/options", "").await;
    let options = options.assert_status(200).json();
    assert_eq!(options["options"]["rp"]["id"], "localhost");
    assert_eq!(options["options"]["user"]["name"], "ana@example.com");
    let login = host.browser().send("GET /passkeys/login/options").await;
    let login = login.assert_status(200).json();
    assert_eq!(login["options"]["userVerification"], "required");
}
