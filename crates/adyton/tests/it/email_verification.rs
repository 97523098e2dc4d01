//! Proving an address: the link shows, a button or its owner's script spends it, once.

mod links;

use adyton::config::Config;
use adyton::{Changes, Event};
use adyton_testing::{Answer, Browser, TestApp};
use axum::Router;
use axum::routing::get;
use serde_json::{Value as Json, json};

use crate::support::{ANA, change, found, mailed_path, page};

const SEND: &str = "/email/verification-notification";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

fn ana() -> Json {
    json!({
        "name": "Ana", "email": ANA,
        "password": "long enough", "password_confirmation": "long enough",
    })
}

/// A browser in which Ana has just registered, and the path of the link that she got.
async fn registered(app: &TestApp) -> (Browser, String) {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser.post("/register", ana()).await.assert_status(201);
    let path = mailed_path(app, ANA).await;
    app.mails();
    app.events();
    (browser, path)
}

async fn is_verified(app: &TestApp, email: &str) -> bool {
    found(app, email)
        .await
        .expect("a user")
        .has_verified_email()
}

fn assert_dead(answer: &Answer) {
    let body = answer.assert_status(403).json();
    assert_eq!(answer.code(), "LINK_INVALID");
    assert_eq!(body["message"], "Invalid signature.");
}

async fn spent(app: &TestApp, path: &str) -> Answer {
    app.anonymous().post(path, json!({})).await
}

#[tokio::test]
async fn a_script_of_the_user_follows_the_link_as_laravels_clients_do() {
    let app = TestApp::new().await;
    let (browser, path) = registered(&app).await;
    let me = browser.get("/api/user").await.json();
    assert_eq!(me["email_verified_at"], Json::Null);
    browser.get(&path).await.assert_status(204);
    let me = browser.get("/api/user").await.json();
    assert!(me["email_verified_at"].is_string(), "known at once");
    assert!(matches!(app.events()[..], [Event::EmailVerified { .. }]));
    // Once more is no error to the same user, and nothing happens.
    browser.get(&path).await.assert_status(204);
    assert!(app.events().is_empty());
    assert_dead(&app.anonymous().get(&path).await);
}

#[tokio::test]
async fn a_program_that_opens_links_verifies_nobody() {
    let app = TestApp::new().await;
    let (_, path) = registered(&app).await;
    for _ in 0..3 {
        let shown = page(&app).get(&path).await;
        let shown = &shown.assert_status(200).body;
        assert!(
            shown.contains("Confirm that ana@example.com is yours."),
            "{shown}"
        );
        let facts = app.anonymous().get(&path).await;
        let facts = facts.assert_status(200).json();
        assert_eq!(facts, json!({ "valid": true, "email": ANA }));
    }
    assert!(!is_verified(&app, ANA).await);
    assert!(app.events().is_empty());
}

#[tokio::test]
async fn the_pages_button_verifies_without_login_or_session() {
    let app = TestApp::new().await;
    let (_, path) = registered(&app).await;
    let browser = page(&app).with("origin", "null");
    let answer = browser.form(&path, &[]).await;
    let home = answer.assert_status(302).header("location").to_owned();
    assert!(home.ends_with("?verified=1"), "{home}");
    assert!(is_verified(&app, ANA).await);
    assert_dead(&spent(&app, &path).await);
    let dead = browser.get(&path).await;
    assert_eq!(dead.assert_status(403).code(), "LINK_INVALID");
    let says = "<h1>This link does not work</h1>\n<p role=\"alert\">It may have been used already";
    assert!(dead.body.contains(says), "{}", dead.body);
}

#[tokio::test]
async fn a_browser_of_the_user_sees_the_page_and_afterwards_goes_home() {
    let app = TestApp::new().await;
    let (browser, path) = registered(&app).await;
    let browser = browser.with("accept", "text/html");
    browser.get(&path).await.assert_status(200);
    assert!(!is_verified(&app, ANA).await);
    browser.form(&path, &[]).await.assert_status(302);
    let answer = browser.get(&path).await;
    let home = answer.assert_status(302).header("location").to_owned();
    assert!(home.ends_with("?verified=1"), "{home}");
}

#[tokio::test]
async fn a_new_link_is_sent_on_request_and_ends_the_old_one() {
    let app = TestApp::with(unlimited).await;
    let (browser, old) = registered(&app).await;
    let answer = browser.post_nothing(SEND).await;
    let body = answer.assert_status(202).json();
    assert_eq!(body["status"], "verification-link-sent");
    let new = mailed_path(&app, ANA).await;
    assert_dead(&spent(&app, &old).await);
    spent(&app, &new).await.assert_status(204);
    browser.post_nothing(SEND).await.assert_status(204);
    assert_eq!(
        app.count("mail_outbox").await,
        0,
        "verified: nothing is sent"
    );
}

#[tokio::test]
async fn a_form_that_asks_for_a_link_goes_back_or_home() {
    let app = TestApp::with(unlimited).await;
    let (browser, path) = registered(&app).await;
    let form = browser
        .with("accept", "text/html")
        .with("referer", "http://localhost:3000/verify");
    let answer = form.form(SEND, &[]).await;
    assert_eq!(
        answer.assert_status(302).header("location"),
        "http://localhost:3000/verify"
    );
    assert_dead(&spent(&app, &path).await);
    let path = mailed_path(&app, ANA).await;
    spent(&app, &path).await.assert_status(204);
    let answer = form.form(SEND, &[]).await;
    let home = answer.assert_status(302).header("location").to_owned();
    assert_eq!(home, TestApp::config().wire.home);
}

#[tokio::test]
async fn a_link_takes_a_session_and_six_a_minute_are_sent() {
    let app = TestApp::new().await;
    app.anonymous().post_nothing(SEND).await.assert_status(401);
    let user = app.user("bob@example.com").await;
    let token = app.token(&user, &["user"]).await;
    let answer = app.bearer(&token).post_nothing(SEND).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
    let (browser, _) = registered(&app).await;
    for _ in 0..6 {
        browser.post_nothing(SEND).await.assert_status(202);
    }
    browser.post_nothing(SEND).await.assert_status(429);
}

#[tokio::test]
async fn a_gate_keeps_out_who_proved_no_address() {
    let app = TestApp::host(
        |_| {},
        |builder| builder,
        |adyton| {
            let route = get(|| async { "in" }).route_layer(adyton.require_verified());
            Router::new().route("/api/proved", route)
        },
    )
    .await;
    let (browser, path) = registered(&app).await;
    let refused = browser.get("/api/proved").await;
    assert_eq!(refused.assert_status(403).code(), "EMAIL_UNVERIFIED");
    let said = "Your email address is not verified.";
    assert_eq!(refused.json()["message"], said);
    spent(&app, &path).await.assert_status(204);
    assert_eq!(
        browser.get("/api/proved").await.assert_status(200).body,
        "in"
    );
    app.anonymous().get("/api/proved").await.assert_status(401);
}

#[tokio::test]
async fn nothing_is_mailed_where_the_feature_is_off() {
    let features = ["csrf-cookie", "registration", "current-user"];
    let app = TestApp::with(|config| config.features = features.map(str::to_owned).to_vec()).await;
    let program = app.anonymous();
    let path = "/api/v1/auth/register";
    program.post(path, ana()).await.assert_status(201);
    app.deliver().await;
    let subjects: Vec<String> = app.mails().into_iter().map(|mail| mail.subject).collect();
    assert!(
        !subjects.iter().any(|said| said.starts_with("Confirm")),
        "{subjects:?}"
    );
    program.post_nothing(SEND).await.assert_status(404);
}

#[tokio::test]
async fn a_program_that_registers_gets_a_link_too() {
    let app = TestApp::new().await;
    let path = "/api/v1/auth/register";
    app.anonymous().post(path, ana()).await.assert_status(201);
    app.deliver().await;
    let mails = app.mails();
    let link = mails
        .iter()
        .find(|mail| mail.subject == "Confirm your address for Adyton");
    assert!(link.expect("a mail").text.contains("/email/verify/1/"));
}
