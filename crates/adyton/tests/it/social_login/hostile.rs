//! A provider that breaks one rule at a time: nobody gets in, nothing is written, and the developer
//! is told which rule it was.

use std::time::{Duration, Instant};

use adyton::Event;
use adyton::config::SocialKind;
use adyton_testing::{Answer, Browser, Endpoint, Fault, Person, TestApp, TestProvider};
use chrono::TimeDelta;
use serde_json::Value as Json;

/// As long as a browser ever waits.
const PATIENCE: Duration = Duration::from_secs(6);

/// An application whose only provider is this one, as `acme`.
pub async fn at(provider: &TestProvider, kind: SocialKind) -> TestApp {
    let settings = provider.settings(kind);
    TestApp::with(|config| {
        config.throttle.enabled = false;
        config.social.insert("acme".to_owned(), settings);
    })
    .await
}

/// A script in a browser.
pub fn script(app: &TestApp) -> Browser {
    app.browser().with("accept", "application/json")
}

/// Where a provider of this name is to be visited, or the refusal.
pub async fn begin(browser: &Browser, name: &str) -> Result<String, Answer> {
    let begun = browser.get(&format!("/auth/{name}/redirect")).await;
    match begun.status.as_u16() {
        200 => Ok(begun.json()["redirect"]
            .as_str()
            .expect("an address")
            .to_owned()),
        _ => Err(begun),
    }
}

/// The whole way, up to the end or the first refusal.
pub async fn visit(browser: &Browser, provider: &TestProvider) -> Answer {
    match begin(browser, "acme").await {
        Ok(url) => {
            let back = provider.visit(&url).await;
            browser.get(&back.path_and_query()).await
        }
        Err(refusal) => refusal,
    }
}

/// Somebody comes in, whom the provider may have told of before.
pub async fn enter(browser: &Browser, provider: &TestProvider) -> Answer {
    let answer = visit(browser, provider).await;
    assert!([200, 201].contains(&answer.status.as_u16()), "{answer:#?}");
    answer
}

/// One rule is broken, and this is what comes of it: a code, and a word of the reason.
async fn assert_refused(kind: SocialKind, fault: Fault, code: &str, word: &str) {
    let provider = TestProvider::start().await;
    if fault_is_of_profile(fault) {
        provider.tells_emails_at_userinfo();
    }
    let app = at(&provider, kind).await;
    provider.breaks(fault);
    let browser = script(&app);
    let started = Instant::now();
    let answer = visit(&browser, &provider).await;
    assert!(started.elapsed() < PATIENCE, "{fault:?}: {answer:#?}");
    assert_eq!(answer.status, 403, "{fault:?}: {answer:#?}");
    assert_eq!(answer.code(), code, "{fault:?}: {answer:#?}");
    let reason = answer.header("x-adyton-reason");
    assert!(reason.contains(word), "{fault:?}: {reason}");
    assert_silent(&provider, reason);
    browser.get("/api/user").await.assert_status(401);
    for table in ["users", "social_accounts", "sessions"] {
        assert_eq!(app.count(table).await, 0, "{fault:?}: {table}");
    }
    let is_failure = |event: &Event| matches!(event, Event::SocialFailed { user: None, .. });
    assert!(app.events().iter().all(is_failure), "{fault:?}");
    assert!(provider.asked("/elsewhere/token").is_empty());
    // The next one is not harmed by it.
    provider.behaves();
    enter(&script(&app), &provider).await;
}

fn fault_is_of_profile(fault: Fault) -> bool {
    use Fault::{Empty, Fails, Html, Huge, Redirects, Slow};
    let (Slow(at) | Huge(at) | Redirects(at) | Html(at) | Empty(at) | Fails(at)) = fault else {
        return false;
    };
    at == Endpoint::Profile
}

/// Nothing of what was exchanged is told.
fn assert_silent(provider: &TestProvider, reason: &str) {
    for path in ["/token", "/facebook/token", "/x/token", "/github/token"] {
        for asked in provider.asked(path) {
            for name in ["code", "code_verifier", "client_secret", ":authorization"] {
                let is_told = asked.get(name).is_some_and(|value| reason.contains(value));
                assert!(!is_told, "{name} is in {reason}");
            }
        }
    }
}

const FAILED: &str = "SOCIAL_PROVIDER_FAILED";

#[tokio::test]
async fn what_a_browser_brings_back_wrongly_is_refused() {
    let oidc = SocialKind::Oidc;
    assert_refused(oidc, Fault::WrongState, "SOCIAL_STATE_INVALID", "no flow").await;
    assert_refused(oidc, Fault::Denied, "SOCIAL_DENIED", "access_denied").await;
    assert_refused(oidc, Fault::SpentCode, FAILED, "invalid_grant").await;
    assert_refused(oidc, Fault::ForeignIss, FAILED, "`iss`").await;
    assert_refused(oidc, Fault::NoIss, FAILED, "promised").await;
}

#[tokio::test]
async fn an_id_token_of_somebody_elses_login_is_refused() {
    for (fault, word) in [
        (Fault::NoIdToken, "no ID token"),
        (Fault::WrongNonce, "nonce"),
        (Fault::NoNonce, "nonce"),
        (Fault::WrongAudience, "audience"),
        (Fault::SecondAudience, "trusted audience"),
        (Fault::WrongAuthorizedParty, "azp"),
        (Fault::WrongAccessTokenHash, "at_hash"),
        (Fault::WrongIssuer, "issuer"),
        (Fault::NoSubject, "ID token"),
        (Fault::EmptySubject, "identifier"),
    ] {
        assert_refused(SocialKind::Oidc, fault, FAILED, word).await;
    }
}

#[tokio::test]
async fn an_id_token_of_another_time_is_refused() {
    for (fault, word) in [
        (Fault::Expired, "expired"),
        (Fault::FromTheFuture, "future"),
        (Fault::AbsurdTime, "ID token"),
    ] {
        assert_refused(SocialKind::Oidc, fault, FAILED, word).await;
    }
}

#[tokio::test]
async fn an_id_token_that_the_provider_did_not_sign_is_refused() {
    for (fault, word) in [
        (Fault::AlgNone, "signature"),
        (Fault::Hs256, "HS256"),
        (Fault::ForeignKey, "signature"),
        (Fault::UnknownKey, "No matching key"),
    ] {
        assert_refused(SocialKind::Oidc, fault, FAILED, word).await;
    }
}

#[tokio::test]
async fn a_profile_of_somebody_else_is_refused() {
    let oidc = SocialKind::Oidc;
    assert_refused(oidc, Fault::ForeignProfile, FAILED, "subject").await;
    assert_refused(oidc, Fault::BrokenAccessToken, FAILED, "access token").await;
}

#[tokio::test]
async fn a_provider_that_is_broken_is_refused() {
    assert_refused(
        SocialKind::Oidc,
        Fault::ForeignDiscovery,
        FAILED,
        "unexpected issuer",
    )
    .await;
    for (endpoint, path) in [
        (Endpoint::Discovery, "openid-configuration"),
        (Endpoint::Keys, "/jwks"),
        (Endpoint::Token, "/token"),
        (Endpoint::Profile, "/userinfo"),
    ] {
        let faults = [
            Fault::Redirects(endpoint),
            Fault::Html(endpoint),
            Fault::Fails(endpoint),
            Fault::Huge(endpoint),
        ];
        for fault in faults {
            assert_refused(SocialKind::Oidc, fault, FAILED, path).await;
        }
        let empty = Fault::Empty(endpoint);
        assert_refused(SocialKind::Oidc, empty, FAILED, "cannot be read").await;
    }
}

async fn assert_patience_ends(kind: SocialKind, endpoint: Endpoint) {
    assert_refused(kind, Fault::Slow(endpoint), FAILED, "within 5s").await;
}

#[tokio::test]
async fn a_slow_discovery_ends_after_five_seconds() {
    assert_patience_ends(SocialKind::Oidc, Endpoint::Discovery).await;
}

#[tokio::test]
async fn slow_keys_end_after_five_seconds() {
    assert_patience_ends(SocialKind::Oidc, Endpoint::Keys).await;
}

#[tokio::test]
async fn a_slow_exchange_ends_after_five_seconds() {
    assert_patience_ends(SocialKind::Oidc, Endpoint::Token).await;
}

#[tokio::test]
async fn a_slow_profile_ends_after_five_seconds() {
    assert_patience_ends(SocialKind::Oidc, Endpoint::Profile).await;
}

#[tokio::test]
async fn a_slow_graph_ends_after_five_seconds() {
    assert_patience_ends(SocialKind::Facebook, Endpoint::Profile).await;
}

#[tokio::test]
async fn providers_without_discovery_are_held_to_the_same() {
    for (kind, token, profile) in [
        (SocialKind::Facebook, "/facebook/token", "/facebook/me"),
        (SocialKind::X, "/x/token", "/x/me"),
        (SocialKind::Github, "/github/token", "/github/user"),
    ] {
        assert_refused(kind, Fault::WrongState, "SOCIAL_STATE_INVALID", "no flow").await;
        assert_refused(kind, Fault::Denied, "SOCIAL_DENIED", "access_denied").await;
        let word = match kind {
            SocialKind::Facebook => "OAuthException",
            _ => "invalid_grant",
        };
        assert_refused(kind, Fault::SpentCode, FAILED, word).await;
        assert_refused(kind, Fault::BrokenAccessToken, FAILED, "access token").await;
        for (endpoint, path) in [(Endpoint::Token, token), (Endpoint::Profile, profile)] {
            let faults = [
                Fault::Redirects(endpoint),
                Fault::Html(endpoint),
                Fault::Fails(endpoint),
                Fault::Huge(endpoint),
            ];
            for fault in faults {
                assert_refused(kind, fault, FAILED, path).await;
            }
            let empty = Fault::Empty(endpoint);
            assert_refused(kind, empty, FAILED, "cannot be read").await;
        }
    }
}

#[tokio::test]
async fn two_hundred_megabytes_are_not_taken() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    for endpoint in [Endpoint::Keys, Endpoint::Token] {
        provider.breaks(Fault::Huge(endpoint));
        visit(&script(&app), &provider).await.assert_status(403);
        provider.behaves();
        enter(&script(&app), &provider).await;
    }
    // What lies in the sockets' buffers was taken by nobody.
    assert!(provider.sent() < 32 * 1024 * 1024, "{}", provider.sent());
}

#[tokio::test]
async fn a_key_that_is_not_known_is_asked_for_once() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    enter(&script(&app), &provider).await;
    assert_eq!(provider.asked("/jwks").len(), 1);
    provider.breaks(Fault::UnknownKey);
    for _ in 0..5 {
        visit(&script(&app), &provider).await.assert_status(403);
    }
    assert_eq!(provider.asked("/jwks").len(), 2);
    app.clock.advance(TimeDelta::seconds(11));
    for _ in 0..2 {
        visit(&script(&app), &provider).await.assert_status(403);
    }
    assert_eq!(provider.asked("/jwks").len(), 3);
    assert_eq!(provider.asked("/.well-known/openid-configuration").len(), 1);
}

#[tokio::test]
async fn what_a_provider_publishes_is_read_again_after_an_hour() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    let asked = || provider.asked("/.well-known/openid-configuration").len();
    let browser = script(&app);
    begin(&browser, "acme").await.expect("it is begun");
    app.clock.advance(TimeDelta::minutes(59));
    begin(&browser, "acme").await.expect("it is begun");
    assert_eq!(asked(), 1);
    app.clock.advance(TimeDelta::minutes(2));
    begin(&browser, "acme").await.expect("it is begun");
    assert_eq!(asked(), 2);
}

#[tokio::test]
async fn clocks_may_be_a_minute_apart_and_no_more() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    enter(&script(&app), &provider).await;
    // An ID token is good for five minutes; then a minute is left.
    app.clock.advance(TimeDelta::seconds(355));
    enter(&script(&app), &provider).await;
    app.clock.advance(TimeDelta::seconds(10));
    visit(&script(&app), &provider).await.assert_status(403);
    // Ours is a little behind, and then too far.
    app.clock.advance(TimeDelta::seconds(-415));
    enter(&script(&app), &provider).await;
    app.clock.advance(TimeDelta::seconds(-20));
    visit(&script(&app), &provider).await.assert_status(403);
}

#[tokio::test]
async fn a_provider_that_changes_its_key_is_understood() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    enter(&script(&app), &provider).await;
    provider.rotates();
    enter(&script(&app), &provider).await;
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn many_at_once_ask_for_the_discovery_once() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    let browsers: Vec<Browser> = (0..8).map(|_| script(&app)).collect();
    let mut ways = tokio::task::JoinSet::new();
    for browser in browsers {
        ways.spawn(async move { begin(&browser, "acme").await.is_ok() });
    }
    assert!(ways.join_all().await.into_iter().all(|is_begun| is_begun));
    assert_eq!(provider.asked("/.well-known/openid-configuration").len(), 1);
    assert_eq!(provider.asked("/jwks").len(), 1);
}

#[tokio::test]
async fn a_provider_that_is_down_harms_nobody_else() {
    let provider = TestProvider::start().await;
    let mut settings = provider.settings(SocialKind::Oidc);
    // The port that was free a moment ago.
    let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|any| any.local_addr());
    settings.issuer = Some(format!("http://{}", free.expect("a port is free")));
    let app = TestApp::with(|config| {
        config.social.insert("acme".to_owned(), settings);
    })
    .await;
    let refusal = begin(&script(&app), "acme").await.expect_err("it is down");
    assert_eq!(refusal.assert_status(403).code(), FAILED);
    app.user("ana@example.com").await;
    app.logged_in("ana@example.com").await;
}

#[tokio::test]
async fn a_token_in_the_address_proves_nothing() {
    let provider = TestProvider::start().await;
    let app = at(&provider, SocialKind::Oidc).await;
    enter(&script(&app), &provider).await;
    let browser = script(&app);
    let url = begin(&browser, "acme").await.expect("it is begun");
    let (_, query) = url.split_once('?').expect("a query");
    let state = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
    let (_, state) = state.expect("a state");
    let path = format!("/auth/acme/callback?access_token=abc&id_token=a.b.c&state={state}");
    let answer = browser.get(&path).await;
    assert_eq!(answer.assert_status(403).code(), FAILED);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn an_access_token_is_in_no_answer_and_in_no_cookie() {
    let provider = TestProvider::start().await;
    provider.tells_emails_at_userinfo();
    provider.person(Person::new("7", "ana@example.com"));
    let app = at(&provider, SocialKind::Oidc).await;
    let browser = script(&app);
    let answer = enter(&browser, &provider).await;
    let asked = provider.asked("/userinfo");
    let bearer = asked[0][":authorization"].strip_prefix("Bearer ");
    let bearer = bearer.expect("an access token");
    assert!(!format!("{answer:?}").contains(bearer));
    assert_eq!(answer.json()["access_token"], Json::Null);
}
