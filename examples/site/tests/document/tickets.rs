//! Tickets: asked, answered, closed, and nobody else's business.

use adyton::UserDraft;
use serde_json::{Value as Json, json};

use crate::{assert_refused, send, token_of, with_you};

/// ST-09, ST-10
#[tokio::test]
async fn a_ticket_goes_back_and_forth_until_it_is_closed() {
    let host = with_you(&[]).await;
    let yours = token_of(&host, "you@example.com", &["tickets:write"]).await;
    let admin = token_of(&host, "you@example.com", &["admin"]).await;
    let ticket = json!({ "subject": "Help", "body": "Please." });
    let made = send(&host, "POST /api/v1/me/tickets", &yours, &ticket).await;
    let id = made.assert_status(201).json()["data"]["id"].clone();
    let (own, desk) = (
        format!("/api/v1/me/tickets/{id}"),
        format!("/api/v1/admin/tickets/{id}"),
    );
    let reply = json!({ "body": "And now?" });
    let none = Json::Null;
    for (request, token, body, status) in [
        (format!("POST {desk}/replies"), &admin, &reply, "answered"),
        (format!("POST {own}/replies"), &yours, &reply, "open"),
        (format!("POST {own}/close"), &yours, &none, "closed"),
        // Whoever says more is heard.
        (format!("POST {own}/replies"), &yours, &reply, "open"),
        (
            format!("PUT {desk}"),
            &admin,
            &json!({ "status": "closed" }),
            "closed",
        ),
        (format!("GET {own}"), &yours, &none, "closed"),
    ] {
        let answer = send(&host, &request, token, body).await;
        assert!(answer.status.is_success(), "{request}: {answer:?}");
        assert_eq!(answer.json()["data"]["status"], status, "{request}");
    }
    let seen = send(&host, &format!("GET {desk}"), &admin, &none)
        .await
        .json();
    let by_owner: Vec<&Json> = seen["data"]["replies"]
        .as_array()
        .expect("replies")
        .iter()
        .map(|reply| &reply["by_owner"])
        .collect();
    assert_eq!(json!(by_owner), json!([true, false, false]));
    for (path, token) in [(&own, &yours), (&desk, &admin)] {
        let page = send(
            &host,
            &format!("GET {path}/replies?per_page=2&page=2"),
            token,
            &none,
        )
        .await
        .json();
        assert_eq!(
            (&page["meta"]["total"], &page["data"][0]["by_owner"]),
            (&json!(3), &json!(false))
        );
    }
    for (query, total) in [
        ("filter[status]=closed&sort=-updated_at", 1),
        ("filter[status]=open", 0),
    ] {
        for (path, token) in [("me", &yours), ("admin", &admin)] {
            let page = send(
                &host,
                &format!("GET /api/v1/{path}/tickets?{query}"),
                token,
                &none,
            )
            .await;
            assert_eq!(
                page.assert_status(200).json()["meta"]["total"],
                total,
                "{path} {query}"
            );
        }
    }
    let refused = send(
        &host,
        &format!("PUT {desk}"),
        &admin,
        &json!({ "status": "gone" }),
    )
    .await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
}

/// ST-09
#[tokio::test]
async fn somebody_elses_ticket_is_not_found() {
    let host = with_you(&[]).await;
    let ana = UserDraft::new("Ana", "ana@example.com");
    host.operator(|_| {})
        .await
        .create_user(ana)
        .await
        .expect("she is new");
    let yours = token_of(&host, "you@example.com", &["tickets:write"]).await;
    let hers = token_of(&host, "ana@example.com", &["tickets:write"]).await;
    let ticket = json!({ "subject": "Help", "body": "Please." });
    let made = send(&host, "POST /api/v1/me/tickets", &yours, &ticket).await;
    let id = made.assert_status(201).json()["data"]["id"].clone();
    let own = format!("/api/v1/me/tickets/{id}");
    for (request, body) in [
        (format!("GET {own}"), Json::Null),
        (format!("GET {own}/replies"), Json::Null),
        (format!("POST {own}/replies"), json!({ "body": "Mine?" })),
        (format!("POST {own}/close"), Json::Null),
    ] {
        assert_refused(&send(&host, &request, &hers, &body).await, 404, "NOT_FOUND");
    }
    let theirs = send(&host, "GET /api/v1/me/tickets", &hers, &Json::Null)
        .await
        .json();
    assert_eq!(theirs["data"], json!([]));
    let after = send(&host, &format!("GET {own}"), &yours, &Json::Null)
        .await
        .json();
    assert_eq!(
        (&after["data"]["status"], &after["data"]["replies_count"]),
        (&json!("open"), &json!(0))
    );
}
