//! A user's own tokens: list, issue, revoke.

mod abilities;
mod dates;
mod owners;

use adyton::config::Config;
use adyton::{Abilities, Event, NewToken};
use adyton_testing::{Browser, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

const OWN: &str = "/api/v1/me/tokens";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn ana(app: &TestApp) -> Browser {
    let user = app.user("ana@example.com").await;
    app.bearer(&app.token(&user, &["user"]).await)
}

async fn held(app: &TestApp, id: i64) -> Vec<Vec<String>> {
    let tokens = app.adyton.tokens_of(&id.into()).await.expect("tokens");
    tokens
        .iter()
        .map(|token| token.abilities.as_slice().to_vec())
        .collect()
}

#[tokio::test]
async fn a_token_is_issued_shown_once_listed_and_revoked() {
    let app = TestApp::new().await;
    let program = ana(&app).await;
    let new = json!({ "name": "blog", "abilities": ["comments:write", "comments:write"] });
    let answer = program.post(OWN, new).await;
    let body = answer.assert_status(201).json();
    assert_eq!(body["message"], "Token created successfully");
    let (made, text) = (
        &body["data"],
        body["data"]["token"].as_str().expect("a token"),
    );
    assert_eq!(made["abilities"], json!(["comments:write"]));
    assert_eq!(
        (&made["id"], &made["token_type"]),
        (&json!(2), &json!("Bearer"))
    );

    let listed = program.get(OWN).await;
    let entries = listed.assert_status(200).json();
    let names: Vec<_> = entries["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|t| &t["name"])
        .collect();
    assert_eq!(names, ["blog", "test"], "the newest first");
    assert!(!listed.body.contains(&text[2..]) && !listed.body.contains("hash"));

    app.bearer(text).get("/api/user").await.assert_status(200);
    let gone = program.delete("/api/v1/me/tokens/2").await;
    assert_eq!(
        gone.assert_status(200).json()["message"],
        "Token revoked successfully"
    );
    app.bearer(text).get("/api/user").await.assert_status(401);
    program
        .delete("/api/v1/me/tokens/2")
        .await
        .assert_status(404);
    assert!(app.events().contains(&Event::TokenRevoked {
        user: 1.into(),
        token: 2
    }));
}

#[tokio::test]
async fn a_token_may_end_itself() {
    let app = TestApp::new().await;
    let program = ana(&app).await;
    program
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(200);
    program.get(OWN).await.assert_status(401);
}

#[tokio::test]
async fn a_session_manages_tokens_and_proves_where_it_comes_from() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    browser
        .post(OWN, json!({ "name": "blog" }))
        .await
        .assert_status(201);
    let forged = browser.clone().without_csrf_header();
    forged
        .post(OWN, json!({ "name": "x" }))
        .await
        .assert_status(419);
    forged
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(419);
    browser
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_name_is_needed_and_a_line_long() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let longest = "ñ".repeat(255);
    program
        .post(OWN, json!({ "name": longest }))
        .await
        .assert_status(201);
    for wrong in [
        Json::Null,
        json!(""),
        json!("  "),
        json!(7),
        json!("x".repeat(256)),
        json!("\0"),
    ] {
        let errors = program
            .post(OWN, json!({ "name": wrong }))
            .await
            .assert_status(422)
            .json();
        assert!(errors["errors"]["name"].is_array(), "{wrong}");
    }
}

#[tokio::test]
async fn with_tokens_switched_off_nothing_issues_lists_or_takes_one() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    let user = app.user("ana@example.com").await;
    let token = app.token(&user, &["*", "user", "admin"]).await;
    for (method, path) in [
        (Method::POST, "/api/v1/auth/login"),
        (Method::POST, "/api/v1/auth/register"),
        (Method::POST, "/api/v1/auth/logout"),
        (Method::GET, "/api/v1/me"),
        (Method::GET, OWN),
        (Method::POST, OWN),
        (Method::DELETE, "/api/v1/me/tokens/1"),
        (Method::GET, "/api/v1/admin/users"),
    ] {
        let answer = app.bearer(&token).json(method, path, json!({})).await;
        assert_eq!(
            answer.assert_status(404).code(),
            "ROUTE_NOT_FOUND",
            "{path}"
        );
    }
    let refused = app.bearer(&token).get("/api/user").await;
    assert_eq!(refused.assert_status(401).code(), "TOKENS_DISABLED");
    assert!(
        app.adyton
            .route_table()
            .iter()
            .all(|route| !route.path.starts_with("/api/v1"))
    );
    // A token beside a session counts as little as a token alone.
    let browser = app.logged_in("ana@example.com").await;
    browser
        .with("authorization", &format!("Bearer {token}"))
        .get("/api/user")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn an_operator_issues_what_http_does_not() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let new = NewToken::new("integration", Abilities::new(["admin"]));
    let issued = app.adyton.issue_token(&user, new).await.expect("issued");
    let program = app.bearer(issued.plain_text.expose());
    program.get("/api/v1/admin/users").await.assert_status(200);
    app.adyton
        .revoke_token(issued.token.id)
        .await
        .expect("revoked");
    program.get("/api/v1/admin/users").await.assert_status(401);
}
