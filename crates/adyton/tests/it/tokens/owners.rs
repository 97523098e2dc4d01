//! Somebody else's token, or none.

use adyton::Event;
use adyton_testing::TestApp;
use serde_json::json;

use super::{OWN, ana, held, unlimited};

#[tokio::test]
async fn somebody_elses_token_is_not_there() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let eva = app.user("eva@example.com").await;
    let hers = app.token(&eva, &["user"]).await;
    let missing = program.delete("/api/v1/me/tokens/99").await;
    let not_mine = program.delete("/api/v1/me/tokens/2").await;
    assert_eq!(not_mine.assert_status(404).code(), "NOT_FOUND");
    assert_eq!(
        missing.body.replace("99", "2"),
        not_mine.body,
        "no word tells them apart"
    );
    app.bearer(&hers).get("/api/user").await.assert_status(200);
    assert!(
        app.events()
            .iter()
            .all(|event| !matches!(event, Event::TokenRevoked { .. }))
    );
    let all = program.get(OWN).await.json();
    assert_eq!(
        all["data"].as_array().map(Vec::len),
        Some(1),
        "a list shows one's own"
    );
}

#[tokio::test]
async fn an_id_that_is_none_is_not_there() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for id in [
        "0",
        "-1",
        "x",
        "1x",
        "1.0",
        "0x1",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999",
        "%31%00",
        "%ff",
        "%F0%9F%98%80",
        "1%20",
        "1;x",
        "1%2F1",
        "null",
    ] {
        let answer = program.delete(&format!("{OWN}/{id}")).await;
        assert_eq!(answer.assert_status(404).code(), "NOT_FOUND", "{id}");
        assert_eq!(answer.json()["success"], false, "{id}");
    }
    program.get(OWN).await.assert_status(200);
}

/// `userId` in the body of a key's creation once replaced authentication (CVE-2025-61928).
#[tokio::test]
async fn a_user_id_in_the_body_changes_nothing() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let eva = app.user("eva@example.com").await;
    let mut new = json!({ "name": "x" });
    for name in ["user_id", "userId", "user", "owner", "tokenable_id", "id"] {
        new[name] = json!(eva.id);
    }
    new["tokenable_type"] = json!("Admin");
    app.anonymous()
        .post(OWN, new.clone())
        .await
        .assert_status(401);
    let answer = program.post(&format!("{OWN}?user_id=2"), new).await.json();
    let token = answer["data"]["token"].as_str().expect("a token");
    let me = app.bearer(token).get("/api/user").await.json();
    assert_eq!(me["email"], "ana@example.com");
    assert!(held(&app, 2).await.is_empty());
}
