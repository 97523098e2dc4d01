//! The second factor and the list of sessions, as the documents show them.

use std::time::{SystemTime, UNIX_EPOCH};

use adyton_testing::{HostProcess, Wire};
use serde_json::json;

use crate::{BEATPASS, api, log_in, user};

const SENTENCE: &str = "Two factor authentication required";

/// The code of a secret, so many steps of 30 seconds from now.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test reads the machine's clock"
)]
fn code(secret: &str, steps: i64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.expect("after 1970").as_secs().cast_signed() + steps * 30;
    let secret = totp_rs::Secret::try_from_base32(secret).expect("base32");
    let totp = totp_rs::Builder::new()
        .with_secret(secret.as_bytes())
        .build_noncompliant();
    totp.generate(now.cast_unsigned()).to_string()
}

/// Ana turns the second factor on: her secret and her recovery codes.
async fn turned_on(browser: &Wire) -> (String, Vec<String>) {
    let password = format!(r#"{{"password": "{}"}}"#, crate::PASSWORD);
    let early = api(browser, "POST /user/two-factor-authentication", "").await;
    early.assert_status(423);
    let confirmed = api(browser, "POST /user/confirm-password", &password).await;
    confirmed.assert_status(201);
    let enabled = api(browser, "POST /user/two-factor-authentication", "").await;
    enabled.assert_status(200);
    let key = api(browser, "GET /user/two-factor-secret-key", "").await;
    let secret = key.json()["secretKey"].as_str().expect("a text").to_owned();
    // The step before now is as good, and leaves the one of now for the login.
    let proof = format!(r#"{{"code": "{}"}}"#, code(&secret, -1));
    let proved = api(
        browser,
        "POST /user/confirmed-two-factor-authentication",
        &proof,
    )
    .await;
    proved.assert_status(200);
    let codes = api(browser, "GET /user/two-factor-recovery-codes", "").await;
    let codes = codes.json();
    let codes = codes.as_array().expect("a list").iter();
    let codes = codes.map(|code| code.as_str().expect("a text").to_owned());
    (secret, codes.collect())
}

/// A host whose Ana has a second factor, what proves it, and the browser that she turned it on in.
async fn protected() -> (HostProcess, Wire, String, Vec<String>) {
    let host = HostProcess::start(BEATPASS).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    log_in(&browser).await;
    let (secret, codes) = turned_on(&browser).await;
    (host, browser, secret, codes)
}

/// BP-04
#[tokio::test]
async fn a_login_with_a_second_factor_says_so_and_opens_nothing() {
    let (host, ..) = protected().await;
    let browser = host.browser();
    let answer = log_in(&browser).await;
    assert_eq!(
        answer.json(),
        json!({ "two_factor": true, "message": SENTENCE })
    );
    browser.send("GET /purchases").await.assert_status(401);
    browser
        .send("GET /api/user\nOrigin: http://localhost:5173")
        .await
        .assert_status(401);
}

/// BP-05
#[tokio::test]
async fn a_code_completes_the_login_once() {
    let (host, _, secret, _) = protected().await;
    let (browser, other) = (host.browser(), host.browser());
    log_in(&browser).await;
    log_in(&other).await;
    let body = format!(r#"{{"code": "{}"}}"#, code(&secret, 0));
    let answer = api(&browser, "POST /two-factor-challenge", &body).await;
    answer.assert_status(200);
    browser.send("GET /purchases").await.assert_status(200);
    let again = api(&other, "POST /two-factor-challenge", &body).await;
    let refused = again.assert_status(422).json();
    assert!(refused["errors"]["code"][0].is_string(), "{refused}");
    other.send("GET /purchases").await.assert_status(401);
}

/// BP-05
#[tokio::test]
async fn a_recovery_code_has_the_documented_shape_and_works_once() {
    let (host, _, _, codes) = protected().await;
    assert_eq!(codes.len(), 8);
    for code in &codes {
        let parts: Vec<&str> = code.split('-').collect();
        let is_part = |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_lowercase());
        assert!(parts.len() == 3 && parts.iter().all(is_part), "{code}");
    }
    for (code, status) in [(&codes[0], 200), (&codes[0], 422), (&codes[1], 200)] {
        let browser = host.browser();
        log_in(&browser).await;
        let body = format!(r#"{{"recovery_code": "{code}"}}"#);
        let answer = api(&browser, "POST /two-factor-challenge", &body).await;
        answer.assert_status(status);
        let known = if status == 200 { 200 } else { 401 };
        browser.send("GET /purchases").await.assert_status(known);
    }
}
