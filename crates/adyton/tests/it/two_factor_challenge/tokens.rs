//! A token takes the second factor, too.

use adyton::Event;
use adyton_testing::TestApp;
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::authenticator::{
    CHALLENGE, TOKEN_CHALLENGE, challenged, enrolled, shown_codes, token_challenge, unlimited,
};
use crate::support::{ANA, credentials};

const LOGIN: &str = "/api/v1/auth/login";

#[tokio::test]
async fn there_is_no_token_before_the_second_step() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.wire.envelope = Vec::new();
    })
    .await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let program = app.anonymous();
    let mut body = credentials(ANA);
    body["device_name"] = "phone".into();
    let answer = program.post(LOGIN, body).await;
    let said = answer.assert_status(200).json();
    assert_eq!(said["two_factor"], true);
    assert_eq!(
        said.as_object().map(serde_json::Map::len),
        Some(2),
        "{said}"
    );
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
    assert_eq!(app.count("personal_access_tokens").await, 0);
    let secret = said["challenge"].as_str().expect("a text");
    app.bearer(secret).get("/api/user").await.assert_status(401);
    app.events();
    let code = json!({ "challenge": secret, "code": authenticator.code() });
    let answer = program.post(TOKEN_CHALLENGE, code.clone()).await;
    let said = answer.assert_status(200).json();
    assert_eq!(said["token_type"], "Bearer");
    assert_eq!(said["user"]["email"], ANA);
    let token = said["token"].as_str().expect("a text");
    app.bearer(token).get("/api/user").await.assert_status(200);
    let issued = Event::TokenIssued {
        user: ana.id.clone(),
        token: 1,
    };
    assert_eq!(app.events(), [issued]);
    let tokens = app.adyton.tokens_of(&ana.id).await.expect("read");
    assert_eq!(tokens[0].name, "phone");
    assert_eq!(tokens[0].abilities.as_slice(), ["user"]);
    // It is answered once.
    app.clock.advance(TimeDelta::seconds(30));
    let again = json!({ "challenge": secret, "code": authenticator.code() });
    program
        .post(TOKEN_CHALLENGE, again)
        .await
        .assert_status(422);
}

#[tokio::test]
async fn a_recovery_code_will_do() {
    let app = TestApp::with(unlimited).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let secret = token_challenge(&app).await;
    let body = json!({ "challenge": secret, "recovery_code": codes[0] });
    let answer = app.anonymous().post(TOKEN_CHALLENGE, body).await;
    let said = answer.assert_status(200).json();
    assert!(said["data"]["token"].is_string(), "{said}");
}

#[tokio::test]
async fn the_envelope_says_it_in_its_way() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let program = app.anonymous();
    let answer = program.post(LOGIN, credentials(ANA)).await;
    let said = answer.assert_status(200).json();
    assert_eq!(
        (&said["success"], &said["data"]["two_factor"]),
        (&json!(true), &json!(true))
    );
    let secret = said["data"]["challenge"].as_str().expect("a text");
    let wrong = json!({ "challenge": secret, "code": authenticator.wrong_code() });
    let refused = program.post(TOKEN_CHALLENGE, wrong).await;
    let said = refused.assert_status(422).json();
    assert_eq!(said["errors"]["code"], "TWO_FACTOR_CODE_WRONG");
    let right = json!({ "challenge": secret, "code": authenticator.code() });
    let answer = program.post(TOKEN_CHALLENGE, right).await;
    let said = answer.assert_status(200).json();
    assert!(said["data"]["token"].is_string(), "{said}");
}

#[tokio::test]
async fn a_challenge_that_is_none_is_refused() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let program = app.anonymous();
    for challenge in ["x", "é", &"a".repeat(43), &"a".repeat(300)] {
        let body = json!({ "challenge": challenge, "code": authenticator.code() });
        program.post(TOKEN_CHALLENGE, body).await.assert_status(422);
    }
    for missing in [json!(null), json!(""), json!(7), json!(["a"])] {
        let body = json!({ "challenge": missing, "code": authenticator.code() });
        let errors = program.post(TOKEN_CHALLENGE, body).await;
        let errors = errors.assert_status(422).json();
        assert!(errors["errors"]["challenge"].is_array(), "{missing}");
    }
}

#[tokio::test]
async fn a_browsers_challenge_is_no_tokens_and_the_other_way_about() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let cookie = browser.cookie("adyton_session").expect("a cookie");
    let body = json!({ "challenge": cookie, "code": authenticator.code() });
    let answer = app.anonymous().post(TOKEN_CHALLENGE, body).await;
    answer.assert_status(422);
    assert_eq!(app.count("personal_access_tokens").await, 0);
    let secret = token_challenge(&app).await;
    let thief = app.browser();
    thief.set_cookie("adyton_session", Some(&secret));
    thief.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = thief.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    thief.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_challenge_is_over_when_its_users_password_changes() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let secret = token_challenge(&app).await;
    let changed = app.adyton.set_password(&ana, "another-password".into());
    changed.await.expect("it is long enough");
    let body = json!({ "challenge": secret, "code": authenticator.code() });
    let answer = app.anonymous().post(TOKEN_CHALLENGE, body).await;
    answer.assert_status(422);
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn with_tokens_switched_off_it_is_not_there() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    let answer = app.anonymous();
    let answer = answer.json(Method::POST, TOKEN_CHALLENGE, json!({})).await;
    assert_eq!(answer.assert_status(404).code(), "ROUTE_NOT_FOUND");
}
