//! The owner's numbers and subscribers, and a reader's profile.

use serde_json::{Value as Json, json};

use crate::{assert_refused, send, token_of_operator, with_you};

/// ST-10
#[tokio::test]
async fn the_owner_sees_subscribers_and_numbers() {
    let host = with_you(&[]).await;
    let reader = token_of_operator(&host, &["newsletter:manage", "tickets:write"]).await;
    let admin = token_of_operator(&host, &["admin"]).await;
    send(&host, "PUT /api/v1/me/newsletter", &reader, &Json::Null)
        .await
        .assert_status(200);
    let ticket = json!({ "subject": "Help", "body": "Please." });
    send(&host, "POST /api/v1/me/tickets", &reader, &ticket)
        .await
        .assert_status(201);
    for (query, total) in [
        ("", 1),
        ("?filter[q]=YOU@example", 1),
        ("?filter[q]=ana", 0),
        ("?sort=-created_at", 1),
    ] {
        let page = send(
            &host,
            &format!("GET /api/v1/admin/newsletter{query}"),
            &admin,
            &Json::Null,
        )
        .await;
        assert_eq!(
            page.assert_status(200).json()["meta"]["total"],
            total,
            "{query}"
        );
    }
    let stats = send(&host, "GET /api/v1/admin/stats", &admin, &Json::Null).await;
    let expected = json!({
        "users": 1, "posts_published": 1, "posts_drafts": 0, "comments_approved": 0,
        "comments_hidden": 0, "tickets_open": 1, "tickets_answered": 0, "tickets_closed": 0,
        "subscribers": 1,
    });
    assert_eq!(stats.assert_status(200).json()["data"], expected);
}

/// ST-04
#[tokio::test]
async fn a_user_says_what_they_are_called() {
    let host = with_you(&[]).await;
    let token = token_of_operator(&host, &["user"]).await;
    // The guard remembers who you are for a moment: what it knows has to follow.
    send(&host, "GET /api/v1/me", &token, &Json::Null)
        .await
        .assert_status(200);
    for (method, body, name) in [
        ("PUT", json!({ "name": " You Yourself " }), "You Yourself"),
        ("PATCH", json!({}), "You Yourself"),
        (
            "PATCH",
            json!({ "name": "You", "email": "other@example.com", "role": "admin" }),
            "You",
        ),
    ] {
        let changed = send(&host, &format!("{method} /api/v1/me"), &token, &body).await;
        assert_eq!(changed.assert_status(200).json()["data"]["name"], name);
        let me = send(&host, "GET /api/v1/me", &token, &Json::Null)
            .await
            .json();
        assert_eq!(
            (&me["data"]["name"], &me["data"]["email"]),
            (&json!(name), &json!("you@example.com"))
        );
        assert_eq!(me["data"].get("role"), None);
    }
    let refused = send(&host, "PUT /api/v1/me", &token, &json!({})).await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
}
