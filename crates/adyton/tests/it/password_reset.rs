//! A forgotten password: one answer for all, a link to the stored address, one use.

mod links;
mod pages;
mod silence;
mod tokens;

use adyton::config::Config;
use adyton::{Changes, Event, Secret};
use adyton_testing::{Answer, PASSWORD, TestApp};
use serde_json::{Value as Json, json};

use crate::support::{ANA, change, credentials, found, mailed_path};

const NEW: &str = "an entirely new one";
const RESET: &str = "/api/v1/auth/reset-password";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn asked(app: &TestApp, email: &str) -> Answer {
    let program = app.anonymous();
    let body = json!({ "email": email });
    program.post("/api/v1/auth/forgot-password", body).await
}

/// The token that was mailed.
async fn token_for(app: &TestApp, email: &str) -> String {
    asked(app, email).await.assert_status(200);
    token_in(&mailed_path(app, email).await)
}

fn token_in(path: &str) -> String {
    let rest = path.strip_prefix("/reset-password/").expect("our own page");
    rest.split('?').next().expect("a token").to_owned()
}

fn body(token: &str, email: &str, password: &str) -> Json {
    json!({
        "token": token, "email": email,
        "password": password, "password_confirmation": password,
    })
}

async fn reset(app: &TestApp, token: &str, email: &str) -> Answer {
    app.anonymous().post(RESET, body(token, email, NEW)).await
}

fn assert_token_refused(answer: &Answer) {
    assert_eq!(answer.assert_status(422).code(), "RESET_TOKEN_INVALID");
}

async fn logs_in(app: &TestApp, password: &str) -> Answer {
    let mut body = credentials(ANA);
    body["password"] = password.into();
    app.anonymous().post("/api/v1/auth/login", body).await
}

#[tokio::test]
async fn whoever_forgot_a_password_chooses_a_new_one() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let (session, token) = (app.logged_in(ANA).await, app.token(&ana, &["user"]).await);
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser
        .post("/forgot-password", json!({ "email": ANA }))
        .await;
    let sent = "We have emailed your password reset link.";
    let both = json!({ "message": sent, "status": sent });
    assert_eq!(answer.assert_status(200).json(), both);
    app.events();
    let path = mailed_path(&app, ANA).await;
    assert!(matches!(
        app.events()[..],
        [Event::PasswordResetRequested { .. }]
    ));
    assert!(path.ends_with("?email=ana%40example.com"), "{path}");
    let answer = browser
        .post("/reset-password", body(&token_in(&path), ANA, NEW))
        .await;
    let done = "Your password has been reset.";
    let both = json!({ "message": done, "status": done });
    assert_eq!(answer.assert_status(200).json(), both);
    browser.get("/api/user").await.assert_status(401);
    session.get("/api/user").await.assert_status(401);
    app.bearer(&token).get("/api/user").await.assert_status(401);
    assert!(matches!(app.events()[0], Event::PasswordReset { .. }));
    logs_in(&app, PASSWORD).await.assert_status(401);
    logs_in(&app, NEW).await.assert_status(200);
    app.deliver().await;
    let notice = app.last_mail(ANA).expect("a notice");
    assert_eq!(notice.subject, "Your password for Adyton was reset");
}

#[tokio::test]
async fn bearer_tokens_stay_where_the_setting_says_so() {
    let app = TestApp::with(|config| config.tokens.end_with_password_reset = false).await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["user"]).await;
    let mailed = token_for(&app, ANA).await;
    reset(&app, &mailed, ANA).await.assert_status(200);
    app.bearer(&token).get("/api/user").await.assert_status(200);
    let unverified = Changes::default();
    let unverified = {
        let mut changes = unverified;
        changes.email_verified_at = Some(None);
        changes
    };
    change(&app, &ana, unverified).await;
    app.clock.advance(chrono::TimeDelta::seconds(61));
    let mailed = token_for(&app, ANA).await;
    reset(&app, &mailed, ANA).await.assert_status(200);
    // An account that had never been proved may be a squatter's, and so may its tokens.
    app.bearer(&token).get("/api/user").await.assert_status(401);
}

fn with_second_factor() -> Changes {
    let mut changes = Changes::default();
    changes.two_factor_secret = Some(Some(Secret::from("sealed")));
    changes.two_factor_recovery_codes = Some(Some(Secret::from("hashed")));
    changes.two_factor_confirmed_at = Some(chrono::DateTime::from_timestamp(1_700_000_000, 0));
    changes
}

#[tokio::test]
async fn the_second_factor_of_a_proved_account_stays_and_nobody_is_logged_in() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    change(&app, &ana, with_second_factor()).await;
    let token = token_for(&app, ANA).await;
    let answer = reset(&app, &token, ANA).await;
    assert!(answer.assert_status(200).set_cookies().is_empty());
    let now = found(&app, ANA).await.expect("Ana");
    assert!(now.has_second_factor(true));
    assert!(now.two_factor_recovery_codes.is_some());
    assert_eq!(app.count("sessions").await, 0);
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn a_proof_of_the_mailbox_clears_what_a_squatter_left() {
    let app = TestApp::new().await;
    let squatters = json!({ "name": "Ana", "email": ANA, "password": PASSWORD });
    let answer = app
        .anonymous()
        .post("/api/v1/auth/register", squatters)
        .await;
    let token = answer.assert_status(201).json()["data"]["token"].clone();
    let session = app.logged_in(ANA).await;
    let account = found(&app, ANA).await.expect("the squatter's");
    change(&app, &account, with_second_factor()).await;
    app.events();
    let mailed = token_for(&app, ANA).await;
    reset(&app, &mailed, ANA).await.assert_status(200);
    let now = found(&app, ANA).await.expect("hers");
    assert!(now.has_verified_email() && !now.has_second_factor(false));
    assert!(now.two_factor_recovery_codes.is_none());
    session.get("/api/user").await.assert_status(401);
    let token = token.as_str().expect("a token");
    app.bearer(token).get("/api/user").await.assert_status(401);
    logs_in(&app, PASSWORD).await.assert_status(401);
    assert_eq!(app.count("one_time_links").await, 1, "only \"not me\"");
    let events = app.events();
    let is_told = |told: fn(&Event) -> bool| events.iter().any(told);
    assert!(is_told(|event| matches!(
        event,
        Event::TwoFactorDisabled { .. }
    )));
    assert!(is_told(|event| matches!(
        event,
        Event::EmailVerified { .. }
    )));
}

#[tokio::test]
async fn a_shorter_password_will_do_beside_a_second_factor_and_only_its_owner_learns_it() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.passwords.min_length = 15;
    })
    .await;
    let (ana, _bob) = (
        app_user(&app, ANA).await,
        app_user(&app, "bob@example.com").await,
    );
    change(&app, &ana, with_second_factor()).await;
    for email in [ANA, "bob@example.com", "nobody@example.com"] {
        let answer = app
            .anonymous()
            .post(RESET, body("wrong", email, "vkqzjwpx"))
            .await;
        assert_token_refused(&answer);
    }
    let token = token_for(&app, "bob@example.com").await;
    let short = body(&token, "bob@example.com", "vkqzjwpx");
    let refused = app.anonymous().post(RESET, short).await;
    assert!(!refused.assert_status(422).json()["errors"]["password"].is_null());
    // It was not spent by that.
    reset(&app, &token, "bob@example.com")
        .await
        .assert_status(200);
    let token = token_for(&app, ANA).await;
    let short = body(&token, ANA, "vkqzjwpx");
    app.anonymous().post(RESET, short).await.assert_status(200);
}

/// A verified user with a password that the settings of the test would refuse.
async fn app_user(app: &TestApp, email: &str) -> adyton::User {
    let mut draft = adyton::UserDraft::new("Ana", email);
    draft.password = Some("a long enough password".into());
    draft.verified = true;
    app.adyton.create_user(draft).await.expect("made")
}
