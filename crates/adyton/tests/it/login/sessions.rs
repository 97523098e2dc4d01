//! The session that a login opens, and how long it is remembered.

use adyton_testing::{Browser, TestApp};
use serde_json::json;

use super::{log_in, unlimited, visitor};
use crate::support::{ANA, credentials};

#[tokio::test]
async fn a_login_gives_the_browser_a_new_session() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let before = browser.copied();
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    for name in ["adyton_session", "XSRF-TOKEN"] {
        assert_ne!(browser.cookie(name), before.cookie(name));
    }
    before.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn an_id_that_somebody_else_chose_is_worthless_after_the_login() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    // The attacker plants a session of their own, token and all.
    let attacker = visitor(&app).await;
    let victim = attacker.copied();
    victim
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    attacker.get("/api/user").await.assert_status(401);
    let answer = attacker.post("/login", json!({})).await;
    answer.assert_status(422);
    victim.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn two_users_in_one_browser_share_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    let browser = visitor(&app).await;
    let mut seen = std::collections::HashSet::new();
    let mut keep = |browser: &Browser| {
        for name in ["adyton_session", "XSRF-TOKEN"] {
            assert!(seen.insert(browser.cookie(name)), "{name}");
        }
    };
    keep(&browser);
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    keep(&browser);
    browser.post_nothing("/logout").await.assert_status(204);
    keep(&browser);
    let answer = browser.post("/login", credentials("ben@example.com")).await;
    answer.assert_status(200);
    keep(&browser);
    let me = browser.get("/api/user").await;
    assert_eq!(me.json()["email"], "ben@example.com");
}

#[tokio::test]
async fn remember_takes_what_fortifys_clients_send() {
    let app = unlimited().await;
    app.user(ANA).await;
    let yes = [
        json!(true),
        json!(1),
        json!("1"),
        json!("true"),
        json!("on"),
        json!("yes"),
    ];
    let no = [
        json!(false),
        json!(0),
        json!("0"),
        json!("false"),
        json!("off"),
        json!(null),
        json!(""),
    ];
    for (values, is_remembered) in [(&yes[..], true), (&no[..], false)] {
        for value in values {
            let mut body = credentials(ANA);
            body["remember"] = value.clone();
            let answer = log_in(&app, body).await;
            let cookie = answer.assert_status(200).set_cookie("adyton_remember");
            assert_eq!(cookie.is_some(), is_remembered, "{value}");
        }
    }
    for value in [json!("perhaps"), json!(2), json!([]), json!({})] {
        let mut body = credentials(ANA);
        body["remember"] = value;
        log_in(&app, body).await.assert_status(422);
    }
}

#[tokio::test]
async fn a_login_without_remember_is_not_remembered() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let answer = log_in(&app, credentials(ANA)).await;
    assert_eq!(answer.set_cookie("adyton_remember"), None);
    assert_eq!(app.count("remembered_browsers").await, 0);
}
