//! What a token may do.

use serde_json::json;

use super::assert_refused;
use crate::support::{ANA, LaravelToken, hosting};

#[tokio::test]
async fn a_token_may_do_what_it_lists() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["posts:write", "other"]).await;
    let program = app.bearer(&token);
    program.get("/api/either").await.assert_status(200);
    let refused = program.get("/api/anything").await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
    assert_eq!(refused.code(), "TOKEN_ABILITY_MISSING");
}

#[tokio::test]
async fn a_token_with_a_star_may_do_all_but_what_is_reserved() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let all = app.bearer(&app.token(&ana, &["*"]).await);
    all.get("/api/anything").await.assert_status(200);
    all.get("/api/either").await.assert_status(200);
    all.get("/api/admin").await.assert_status(403);
    let admin = app.bearer(&app.token(&ana, &["admin"]).await);
    admin.get("/api/admin").await.assert_status(200);
    admin.get("/api/anything").await.assert_status(403);
}

#[tokio::test]
async fn abilities_that_are_no_list_allow_nothing() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    for abilities in [
        None,
        Some("[]"),
        Some(""),
        Some("\"*\""),
        Some("{\"0\":\"*\"}"),
        Some("*"),
    ] {
        let mut token = LaravelToken::fixture(&app);
        token.abilities = abilities;
        let id = token.insert(&app, &ana).await;
        let program = app.bearer("test");
        program.get("/api/user").await.assert_status(200);
        program.get("/api/anything").await.assert_status(403);
        app.adyton.revoke_token(id).await.expect("it is there");
    }
}

#[tokio::test]
async fn nobody_is_asked_for_abilities_before_they_are_known() {
    let app = hosting(|_| {}).await;
    assert_refused(
        &app.anonymous().get("/api/admin").await,
        "CREDENTIALS_MISSING",
    );
}
