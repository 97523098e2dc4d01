//! `--demo`: a Site that looks as if people read it.

use adyton_testing::HostProcess;
use serde_json::{Value as Json, json};

use crate::{SITE, send, token_of};

/// What a stranger who tries it finds, and how it says so.
#[tokio::test]
async fn a_demo_is_full_and_says_how_to_look_around() {
    let host = HostProcess::told(SITE, &["--demo"], &[]).await;
    // It listens before it is filled, and answers after.
    let tags = host.client().send("GET /api/v1/tags").await.json();
    assert_eq!(tags["meta"]["total"], 8);
    let admin = token_of(&host, "owner@example.com", &["admin"]).await;
    let stats = send(&host, "GET /api/v1/admin/stats", &admin, &Json::Null)
        .await
        .json();
    let expected = json!({
        "users": 62, "posts_published": 37, "posts_drafts": 3, "comments_approved": 191,
        "comments_hidden": 9, "tickets_open": 9, "tickets_answered": 7, "tickets_closed": 9,
        "subscribers": 60,
    });
    assert_eq!(stats["data"], expected);
    for email in ["ana@example.com", "owner@example.com"] {
        let body = json!({ "email": email, "password": "night reader 26" });
        let login = format!("POST /api/v1/auth/login\nContent-Type: application/json\n\n{body}");
        host.client().send(&login).await.assert_status(200);
    }
    let how = "token issue --user owner@example.com --name my-integration --ability admin";
    assert!(host.says(how).await, "{}", host.said());
}
