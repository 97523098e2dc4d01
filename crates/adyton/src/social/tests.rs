//! What settings make a provider of, and what they refuse.

use super::*;

fn built(name: &str, settings: Settings) -> Result<Providers, BuildError> {
    let mut config = Config::default();
    config.social.insert(name.to_owned(), settings);
    Providers::new(&config)
}

#[track_caller]
fn assert_refused(name: &str, settings: Settings, key: &str, word: &str) {
    let error = built(name, settings).err().expect("a refusal");
    assert_eq!(error.setting, format!("social.{name}.{key}"));
    assert!(error.problem.contains(word), "{error}");
}

fn with_issuer(issuer: &str) -> Settings {
    Settings {
        issuer: Some(issuer.to_owned()),
        ..Settings::new("an-id", "a-secret")
    }
}

#[test]
fn a_known_name_needs_credentials_alone() {
    for (name, label) in [
        ("google", "Google"),
        ("apple", "Apple"),
        ("gitlab", "GitLab"),
        ("facebook", "Facebook"),
        ("twitter", "X"),
        ("x", "X"),
        ("github", "GitHub"),
    ] {
        let providers = built(name, Settings::new("an-id", "a-secret"));
        let providers = providers.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(providers.get(name).map(Provider::label), Some(label));
        assert_refused(name, Settings::new("", "a-secret"), "client_id", "missing");
        let variable = format!("ADYTON_SOCIAL_{}_CLIENT_SECRET", name.to_uppercase());
        assert_refused(name, Settings::new("an-id", ""), "client_secret", &variable);
    }
}

#[test]
fn another_name_needs_an_issuer_and_no_secret() {
    assert_refused(
        "acme",
        Settings::new("an-id", "a-secret"),
        "issuer",
        "these names are known: google, apple,",
    );
    let mut settings = with_issuer("https://login.acme.example.com");
    settings.client_secret = None;
    let providers = built("acme", settings).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(providers.get("acme").map(Provider::label), Some("acme"));
}

#[test]
fn what_others_could_read_along_is_refused() {
    let http = "http://login.acme.example.com";
    assert_refused("acme", with_issuer(http), "issuer", "https://");
    assert_refused("acme", with_issuer("no address"), "issuer", "no address");
    assert_refused("acme", with_issuer("ftp://localhost"), "issuer", "https://");
    let query = "https://login.acme.example.com/?a=b";
    assert_refused("acme", with_issuer(query), "issuer", "query");
    for here in [
        "http://localhost:9000",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/a",
    ] {
        built("acme", with_issuer(here)).unwrap_or_else(|error| panic!("{error}"));
    }
    let with_token_url = Settings {
        token_url: Some("http://github.acme.example.com/token".to_owned()),
        ..Settings::new("an-id", "a-secret")
    };
    assert_refused("github", with_token_url, "token_url", "https://");
}

#[test]
fn an_issuer_that_stands_for_many_is_refused() {
    let missing = Settings::new("an-id", "a-secret");
    assert_refused("microsoft", missing, "issuer", "tenant");
    for tenant in ["common", "organizations", "consumers"] {
        let issuer = format!("https://login.microsoftonline.com/{tenant}/v2.0");
        assert_refused("microsoft", with_issuer(&issuer), "issuer", "one tenant");
        assert_refused("acme", with_issuer(&issuer), "issuer", "one tenant");
    }
    let tenant = "https://login.microsoftonline.com/7ab4e4c3-0b3c-4c1a-9d0a-1f2e3d4c5b6a/v2.0";
    built("microsoft", with_issuer(tenant)).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn linkedin_is_refused_with_the_reason() {
    let missing = Settings::new("an-id", "a-secret");
    assert_refused("linkedin", missing, "issuer", "nonce");
    let issuer = "https://www.linkedin.com/oauth";
    assert_refused("acme", with_issuer(issuer), "issuer", "nonce");
}

#[tokio::test]
async fn a_way_to_x_has_state_and_pkce_and_no_more_scopes_than_needed() {
    let providers = built("x", Settings::new("an-id", "a-secret"));
    let providers = providers.unwrap_or_else(|error| panic!("{error}"));
    let x = providers.get("x").expect("it is there");
    let back = "https://app.example.com/auth/x/callback";
    let (url, pending) = x
        .begin(back, false, &Clock::system())
        .await
        .expect("nothing is asked");
    let url = url::Url::parse(&url).expect("an address");
    let pairs: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    assert_eq!(url.host_str(), Some("x.com"));
    assert_eq!(pairs["redirect_uri"], back);
    assert_eq!(pairs["scope"], "users.read tweet.read users.email");
    assert_eq!(pairs["code_challenge_method"], "S256");
    assert_eq!(pairs["state"], pending.state);
    assert!(!url.as_str().contains(&pending.verifier));
    let (_, another) = x
        .begin(back, false, &Clock::system())
        .await
        .expect("nothing is asked");
    assert_ne!(another.state, pending.state);
    assert_ne!(another.verifier, pending.verifier);
}

#[test]
fn what_a_provider_says_stays_one_line_of_ascii() {
    let providers = built("x", Settings::new("an-id", "a-secret"));
    let providers = providers.unwrap_or_else(|error| panic!("{error}"));
    let x = providers.get("x").expect("it is there");
    let SocialRefusal::ProviderFailed { why } = x.failed(&"a\r\nb: \u{e9}".repeat(100)) else {
        panic!("another refusal");
    };
    assert!(why.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    assert!(why.len() < 320, "{why}");
}
