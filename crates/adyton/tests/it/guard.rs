//! Who is calling: sessions, bearer tokens and both, with the cases of Sanctum's own `GuardTest`.

mod abilities;
mod expiry;
mod last_use;
mod queries;
mod revocation;
mod session_and_token;
mod token_texts;

use adyton_testing::{Answer, TestApp};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{ANA, LaravelToken, hosting};

const BEN: &str = "ben@example.com";

async fn authorized(app: &TestApp, value: &str) -> Answer {
    let program = app.anonymous().with("authorization", value);
    program.get("/api/user").await
}

#[track_caller]
fn assert_refused(answer: &Answer, code: &str) {
    answer.assert_status(401);
    assert_eq!(answer.json(), json!({ "message": "Unauthenticated." }));
    assert_eq!(answer.code(), code, "{answer:#?}");
}

#[tokio::test]
async fn nobody_is_known_without_credentials() {
    let app = TestApp::new().await;
    assert_refused(
        &app.anonymous().get("/api/user").await,
        "CREDENTIALS_MISSING",
    );
}

#[tokio::test]
async fn a_session_may_do_anything_but_what_is_reserved() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/anything").await.assert_status(200);
    let refused = browser.get("/api/admin").await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
    assert_eq!(refused.code(), "SESSION_ABILITY_MISSING");
}

/// SHA-256 of the first characters of `aB3aB3…`, as `sha256sum` tells it.
fn sha256_hex(length: usize) -> String {
    let known = [
        (
            40,
            "34dbe5cdbcad4b8d1c2e38f39afbb9f401d67c7e72927d52acccc61dcd6ac734",
        ),
        (
            80,
            "5aa412dd24a06263f5d585761c7f946fc3c9cfd51a20774b65df6628831aa146",
        ),
    ];
    let found = known.iter().find(|(known, _)| *known == length);
    found.expect("one of the two").1.to_owned()
}

#[tokio::test]
async fn tokens_that_are_switched_off_authenticate_nothing() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["*"]).await;
    assert_refused(
        &app.bearer(&token).get("/api/user").await,
        "TOKENS_DISABLED",
    );
    let browser = app.logged_in(ANA).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
    let forged = both.without_csrf_header();
    forged.post_nothing("/logout").await.assert_status(419);
}

#[tokio::test]
async fn outside_development_a_401_does_not_say_which_check_failed() {
    let app = TestApp::with(|config| config.debug = false).await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.expires_at = Some(app.clock.now() - TimeDelta::days(1));
    let id = token.insert(&app, &ana).await;
    let mut answers = Vec::new();
    for value in [
        "Bearer test".to_owned(),
        format!("Bearer {id}|wrong"),
        format!("Bearer {}|test", id + 1),
        "Bearer 1ABC|test".to_owned(),
    ] {
        let answer = authorized(&app, &value).await;
        answer.assert_status(401);
        answers.push((answer.headers.clone(), answer.body.clone()));
    }
    for (headers, body) in &answers {
        assert_eq!((headers, body), (&answers[0].0, &answers[0].1));
        assert_eq!(headers["x-adyton-code"], "UNAUTHENTICATED");
        assert!(!headers.contains_key("x-adyton-reason"));
    }
}
