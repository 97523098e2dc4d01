//! A user's role: an operator's to give, and nobody else's.

use adyton::{Adyton, Error, Event};
use adyton_testing::{PASSWORD, TestApp};
use axum::Router;
use axum::routing::get;
use http::Method;
use serde_json::json;

use crate::support::{ANA, credentials};

async fn shop() -> TestApp {
    let routes = |adyton: &Adyton| {
        let office = get(|| async { "office" }).route_layer(adyton.require_role(&["owner"]));
        Router::new().route("/office", office)
    };
    let change = |config: &mut adyton::Config| {
        config.users.roles = ["owner", "customer"].map(str::to_owned).to_vec();
        config.users.default_role = Some("customer".to_owned());
        config.throttle.enabled = false;
    };
    TestApp::host(change, |builder| builder, routes).await
}

#[tokio::test]
async fn a_change_of_role_ends_what_was_opened_before() {
    let app = shop().await;
    let ana = app.user(ANA).await;
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    for role in [Some("owner"), Some("customer"), None] {
        let browser = app.browser();
        browser.get("/sanctum/csrf-cookie").await;
        browser
            .post("/login", body.clone())
            .await
            .assert_status(200);
        let program = app.bearer(&app.token(&ana, &["user"]).await);
        browser.get("/api/user").await.assert_status(200);
        app.events();
        let role = role.map(str::to_owned);
        app.adyton.set_role(&ana, role).await.expect("a role");
        let user = ana.id.clone();
        assert_eq!(app.events(), [Event::RoleChanged { user }]);
        browser.get("/api/user").await.assert_status(401);
        browser.get("/office").await.assert_status(401);
        // Tokens stay: what they may do is written in them, and the role is asked anew.
        program.get("/api/user").await.assert_status(200);
        assert_eq!(app.count("remembered_browsers").await, 0);
    }
}

#[tokio::test]
async fn a_role_counts_in_the_sessions_that_follow() {
    let app = shop().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let refused = browser.get("/office").await;
    assert_eq!(refused.assert_status(403).code(), "ROLE_MISSING");
    let role = Some("owner".to_owned());
    app.adyton.set_role(&ana, role).await.expect("a role");
    let browser = app.logged_in(ANA).await;
    browser.get("/office").await.assert_status(200);
}

#[tokio::test]
async fn no_body_and_no_query_sets_a_role() {
    let app = shop().await;
    app.user("bo@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    let role = json!({ "role": "owner", "roles": ["owner"], "is_admin": true });
    let mut body = json!({
        "name": "Ana", "email": ANA, "password": PASSWORD, "password_confirmation": PASSWORD,
    });
    for (name, value) in role.as_object().expect("an object") {
        body[name] = value.clone();
    }
    browser
        .post("/register?role=owner", body)
        .await
        .assert_status(201);
    let sent = |extra: serde_json::Value| {
        let mut body = role.clone();
        for (name, value) in extra.as_object().expect("an object") {
            body[name] = value.clone();
        }
        body
    };
    let password = json!({ "password": PASSWORD });
    browser
        .post("/user/confirm-password", sent(password.clone()))
        .await
        .assert_status(201);
    browser
        .post("/api/v1/me/tokens", sent(json!({ "name": "a" })))
        .await
        .assert_status(201);
    let profile = sent(json!({ "name": "Ana", "email": ANA }));
    browser
        .json(Method::PUT, "/user/profile-information", profile)
        .await;
    let others = "/user/other-browser-sessions";
    browser
        .json(Method::DELETE, others, sent(password))
        .await
        .assert_status(204);
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    assert_eq!(ana.role.as_deref(), Some("customer"));
    browser.get("/office").await.assert_status(403);
    let events = app.events();
    let changed = events
        .iter()
        .any(|event| matches!(event, Event::RoleChanged { .. }));
    assert!(!changed, "{events:?}");
}

/// What a host decides and the role that follows from it are one: both happen or neither.
#[tokio::test]
async fn a_role_is_given_in_a_transaction_of_the_host() {
    let app = shop().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let rename = "UPDATE users SET name = $1 WHERE email = $2";
    let decided = async |role: &str| {
        let mut tx = app.adyton.db().begin().await.expect("a transaction");
        tx.run(rename, &[role.into(), ANA.into()])
            .await
            .expect("renamed");
        app.adyton
            .set_role_in(tx, &ana, Some(role.to_owned()))
            .await
    };
    app.events();
    assert!(matches!(decided("king").await, Err(Error::Invalid(_))));
    let found = app.adyton.find_user(ANA).await.expect("Ana");
    assert_eq!(
        (found.name == "king", found.role),
        (false, ana.role.clone())
    );
    assert_eq!(app.events(), []);
    browser.get("/api/user").await.assert_status(200);
    decided("owner").await.expect("a role there is");
    let found = app.adyton.find_user(ANA).await.expect("Ana");
    assert_eq!(
        (&*found.name, found.role.as_deref()),
        ("owner", Some("owner"))
    );
    let user = ana.id.clone();
    assert_eq!(app.events(), [Event::RoleChanged { user }]);
    browser.get("/api/user").await.assert_status(401);
}
