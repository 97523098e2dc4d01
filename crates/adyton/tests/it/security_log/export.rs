//! What a client sends cannot break a line of the list or the export.

use adyton_testing::TestApp;
use http::{HeaderValue, Request};

use super::{all, head};
use crate::support::ANA;

#[tokio::test]
async fn what_a_user_agent_holds_stays_in_its_line() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["comments:write"]).await;
    for agent in [
        &b"a\tb"[..],
        "é\u{2028}\u{85}\u{202e}".as_bytes(),
        b"\"},{\"event\":\"logged_in\"",
        b"\xff\xfe",
    ] {
        let request = Request::get("/api/v1/me")
            .header("authorization", format!("Bearer {token}"))
            .header(
                "user-agent",
                HeaderValue::from_bytes(agent).expect("a header"),
            );
        let request = request.body(axum::body::Body::empty()).expect("a request");
        app.send(request).await.assert_status(403);
    }
    // No header holds a newline; a row that somebody else wrote may.
    let sql = "UPDATE security_events SET user_agent = $1 WHERE number = 3";
    let text = "line\nanother\r\n\u{1b}[2J\u{0}".replace('\0', "");
    let params = [text.as_str().into()];
    app.adyton.db().run(sql, &params).await.expect("written");
    for entry in all(&app).await {
        let line = entry.to_line();
        let steers = |c: char| c.is_control() || "\u{2028}\u{202e}".contains(c);
        assert!(!line.contains(steers), "{line:?}");
        let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read, entry.to_json());
    }
}

#[tokio::test]
async fn a_long_user_agent_is_cut_before_it_is_hashed() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let long = browser.with("user-agent", &"x".repeat(4000));
    long.post_nothing("/logout").await.assert_status(204);
    let entries = all(&app).await;
    let agent = entries.last().and_then(|entry| entry.user_agent.clone());
    assert_eq!(agent.map(|agent| agent.len()), Some(500));
    head(&app).await;
}

#[tokio::test]
async fn a_list_is_of_all_or_of_one_user() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let bo = app.user("bo@example.com").await;
    app.logged_in(ANA).await;
    let numbers = |entries: Vec<adyton::AuditEntry>| -> Vec<i64> {
        entries.iter().map(|entry| entry.number).collect()
    };
    let adyton = &app.adyton;
    let listed = adyton.audit_list(None, 2).await.expect("read");
    assert_eq!(numbers(listed), [3, 2]);
    let listed = adyton.audit_list(Some(&ana.id), 10).await.expect("read");
    assert_eq!(numbers(listed), [3, 1]);
    let listed = adyton.audit_list(Some(&bo.id), 10).await.expect("read");
    assert_eq!(numbers(listed), [2]);
}
