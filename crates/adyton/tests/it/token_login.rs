//! Logging in with a password, for a token.

use adyton::Event;
use adyton::config::Config;
use adyton_testing::TestApp;
use serde_json::{Value as Json, json};

const LOGIN: &str = "/api/v1/auth/login";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

fn ana() -> Json {
    json!({ "email": "ana@example.com", "password": "password" })
}

#[tokio::test]
async fn a_program_logs_in_and_its_token_lets_it_in() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let answer = app.anonymous().post(LOGIN, ana()).await;
    let body = answer.assert_status(200).json();
    let token = body["data"]["token"].as_str().expect("a token").to_owned();
    assert_eq!(
        body,
        json!({
            "success": true,
            "message": "Logged in successfully",
            "data": {
                "token": token,
                "token_type": "Bearer",
                "user": { "id": 1, "name": "Ana", "email": "ana@example.com", "email_verified": true },
            },
        })
    );
    assert!(answer.set_cookies().is_empty());
    let me = app.bearer(&token).get("/api/v1/me").await;
    assert_eq!(
        me.assert_status(200).json()["data"]["email"],
        "ana@example.com"
    );
    assert!(matches!(
        app.events()[..],
        [Event::TokenIssued { token: 1, .. }]
    ));
}

#[tokio::test]
async fn a_token_has_sanctums_form_and_two_logins_make_two() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let mut seen = Vec::new();
    for id in 1..=2 {
        let answer = app.anonymous().post(LOGIN, ana()).await.json();
        let token = answer["data"]["token"]
            .as_str()
            .expect("a token")
            .to_owned();
        let (number, secret) = token.split_once('|').expect("an id and a secret");
        assert_eq!((number, secret.len()), (&*id.to_string(), 48));
        assert!(secret.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        seen.push(token);
    }
    for token in &seen {
        app.bearer(token).get("/api/v1/me").await.assert_status(200);
    }
}

#[tokio::test]
async fn wrong_unknown_and_disabled_are_one_answer() {
    let app = TestApp::with(unlimited).await;
    app.user("ana@example.com").await;
    let eva = app.user("eva@example.com").await;
    app.adyton.disable_user(&eva).await.expect("disabled");
    app.events();
    let mut answers = Vec::new();
    for (email, password) in [
        ("ana@example.com", "wrong"),
        ("nobody@example.com", "password"),
        ("eva@example.com", "password"),
        ("ana@example.com", "Password"),
        ("ana@example.com", " password"),
        ("ana@example.com", "password\u{200b}"),
    ] {
        let body = json!({ "email": email, "password": password });
        let answer = app.anonymous().post(LOGIN, body).await;
        answer.assert_status(401);
        let mut headers: Vec<_> = answer
            .headers
            .iter()
            .map(|(n, v)| format!("{n}: {v:?}"))
            .collect();
        headers.sort();
        answers.push((answer.body, headers));
    }
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:#?}"
    );
    assert!(answers[0].0.contains("INVALID_CREDENTIALS"));
    let events = app.events();
    assert_eq!(events.len(), 6);
    assert!(
        events
            .iter()
            .all(|event| matches!(event, Event::LoginFailed { .. }))
    );
}

#[tokio::test]
async fn a_user_without_a_password_cannot_log_in_by_one() {
    let app = TestApp::with(unlimited).await;
    let draft = adyton::UserDraft::new("Eva", "eva@example.com");
    app.adyton.create_user(draft).await.expect("a user");
    for password in [json!(" "), json!("null"), json!("undefined"), json!("0")] {
        let body = json!({ "email": "eva@example.com", "password": password });
        app.anonymous().post(LOGIN, body).await.assert_status(401);
    }
    for password in [
        json!(""),
        Json::Null,
        json!(0),
        json!(false),
        json!([]),
        json!({}),
    ] {
        let body = json!({ "email": "eva@example.com", "password": password });
        app.anonymous().post(LOGIN, body).await.assert_status(422);
    }
    app.anonymous()
        .post(LOGIN, json!({ "email": "eva@example.com" }))
        .await
        .assert_status(422);
}

#[tokio::test]
async fn the_address_counts_in_any_case_and_with_spaces_around() {
    let app = TestApp::with(unlimited).await;
    app.user("ana@example.com").await;
    for email in ["ANA@example.com", " ana@EXAMPLE.com  "] {
        let body = json!({ "email": email, "password": "password" });
        app.anonymous().post(LOGIN, body).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_device_may_be_named() {
    let app = TestApp::with(unlimited).await;
    let ana_user = app.user("ana@example.com").await;
    for (sent, kept) in [
        (json!("Ana's phone 📱"), "Ana's phone 📱"),
        (json!("  x  "), "x"),
        (Json::Null, "api"),
        (json!(""), "api"),
        (json!("   "), "api"),
    ] {
        let mut body = ana();
        body["device_name"] = sent;
        app.anonymous().post(LOGIN, body).await.assert_status(200);
        let tokens = app.adyton.tokens_of(&ana_user.id).await.expect("tokens");
        assert_eq!(tokens[0].name, kept);
    }
    for wrong in [
        json!("x".repeat(256)),
        json!(7),
        json!(["x"]),
        json!("a\0b"),
    ] {
        let mut body = ana();
        body["device_name"] = wrong;
        let answer = app.anonymous().post(LOGIN, body).await;
        assert!(answer.assert_status(422).json()["errors"]["device_name"].is_array());
    }
}

/// A login gives what `tokens.login_abilities` says, whatever is asked.
#[tokio::test]
async fn a_login_gives_its_own_abilities_only() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.tokens.login_abilities = vec!["user".to_owned(), "comments:write".to_owned()];
    })
    .await;
    let ana_user = app.user("ana@example.com").await;
    for asked in [
        json!(["tickets:write"]),
        json!(["*"]),
        json!("*"),
        json!({ "0": "*" }),
    ] {
        let mut body = ana();
        body["abilities"] = asked;
        app.anonymous().post(LOGIN, body).await.assert_status(200);
    }
    let tokens = app.adyton.tokens_of(&ana_user.id).await.expect("tokens");
    assert_eq!(tokens.len(), 4);
    assert!(
        tokens
            .iter()
            .all(|token| token.abilities.as_slice() == ["user", "comments:write"])
    );
}

#[tokio::test]
async fn a_browsers_session_is_neither_needed_nor_opened() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.post(LOGIN, ana()).await.assert_status(200);
    assert_eq!(browser.cookie("adyton_session"), None);
    browser.get("/api/user").await.assert_status(401);
}
