//! What a token may do.

use serde_json::{Value as Json, json};

use crate::{ME, assert_refused, send, text, token, token_of_operator, with_token, with_you};

/// ST-06
#[tokio::test]
async fn a_login_gives_user_and_the_others_are_picked() {
    let host = with_you(&[]).await;
    let login = token(&host).await;
    let listed = send(&host, "GET /api/v1/me/tokens", &login, &Json::Null)
        .await
        .json();
    assert_eq!(listed["data"][0]["abilities"], json!(["user"]));
    let all = json!([
        "user",
        "comments:write",
        "tickets:write",
        "newsletter:manage"
    ]);
    let body = json!({ "name": "all", "abilities": all });
    let made = send(&host, "POST /api/v1/me/tokens", &login, &body).await;
    assert_eq!(made.assert_status(201).json()["data"]["abilities"], all);
    let unknown = json!({ "name": "x", "abilities": ["posts:delete"] });
    let refused = send(&host, "POST /api/v1/me/tokens", &login, &unknown).await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
}

/// ST-08
#[tokio::test]
async fn a_token_without_the_ability_is_refused_and_lives_on() {
    let host = with_you(&[]).await;
    let login = token(&host).await;
    let comment = json!({ "post_id": 1, "body": "Nice." });
    for (request, body) in [
        ("POST /api/v1/me/comments", &comment),
        (
            "POST /api/v1/me/tickets",
            &json!({ "subject": "Help", "body": "Please." }),
        ),
        ("PUT /api/v1/me/newsletter", &Json::Null),
        ("GET /api/v1/admin/users", &Json::Null),
        (
            "POST /api/v1/admin/posts",
            &json!({ "title": "x", "body": "y" }),
        ),
    ] {
        assert_refused(&send(&host, request, &login, body).await, 403, "FORBIDDEN");
    }
    with_token(&host, ME, &login).await.assert_status(200);
    // A token without `user` reads no profile, and can do what it was made for.
    let writer = token_of_operator(&host, &["comments:write"]).await;
    assert_refused(&with_token(&host, ME, &writer).await, 403, "FORBIDDEN");
    let written = send(&host, "POST /api/v1/me/comments", &writer, &comment).await;
    written.assert_status(201);
}

/// ST-09
#[tokio::test]
async fn comments_tickets_and_the_newsletter_ask_for_their_abilities() {
    let host = with_you(&[]).await;
    let posts = host.client().send("GET /api/v1/posts").await.json();
    let post = posts["data"][0]["id"].clone();

    let writer = picked(&host, "comments:write").await;
    let comment = json!({ "post_id": post, "body": "Nice." });
    let made = send(&host, "POST /api/v1/me/comments", &writer, &comment).await;
    assert_eq!(made.assert_status(201).json()["message"], "Comment posted");
    let shown = host
        .client()
        .send(&format!("GET /api/v1/posts/{post}"))
        .await
        .json();
    let comment = &shown["data"]["comments"][0];
    assert_eq!(
        (&comment["author"], &comment["body"]),
        (&json!("You"), &json!("Nice."))
    );
    let nowhere = json!({ "post_id": 999_999, "body": "Nice." });
    let refused = send(&host, "POST /api/v1/me/comments", &writer, &nowhere).await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");

    let asker = picked(&host, "tickets:write").await;
    let ticket = json!({ "subject": "Help", "body": "Please." });
    let made = send(&host, "POST /api/v1/me/tickets", &asker, &ticket).await;
    assert_eq!(made.assert_status(201).json()["data"]["status"], "open");
    let own = send(&host, "GET /api/v1/me/tickets", &asker, &Json::Null)
        .await
        .json();
    assert_eq!(own["data"][0]["subject"], "Help");

    let reader = picked(&host, "newsletter:manage").await;
    for (request, subscribed) in [
        ("GET /api/v1/me/newsletter", false),
        ("PUT /api/v1/me/newsletter", true),
        ("PUT /api/v1/me/newsletter", true),
        ("GET /api/v1/me/newsletter", true),
        ("DELETE /api/v1/me/newsletter", false),
        ("GET /api/v1/me/newsletter", false),
    ] {
        let answer = send(&host, request, &reader, &Json::Null).await;
        assert_eq!(
            answer.assert_status(200).json()["data"],
            json!({ "subscribed": subscribed })
        );
    }
    for request in ["POST /api/v1/me/tickets", "POST /api/v1/me/comments"] {
        assert_refused(
            &send(&host, request, &reader, &ticket).await,
            403,
            "FORBIDDEN",
        );
    }
}

/// A token that a user made with one picked ability.
async fn picked(host: &adyton_testing::HostProcess, ability: &str) -> String {
    let body = json!({ "name": ability, "abilities": [ability] });
    let made = send(host, "POST /api/v1/me/tokens", &token(host).await, &body).await;
    text(&made.assert_status(201).json()["data"]["token"])
}

/// ST-10
#[tokio::test]
async fn the_admin_ability_is_never_given_by_a_request() {
    let host = with_you(&[]).await;
    let login = token(&host).await;
    for abilities in [json!(["admin"]), json!(["user", "admin"]), json!(["*"])] {
        let body = json!({ "name": "x", "abilities": abilities });
        let refused = send(&host, "POST /api/v1/me/tokens", &login, &body).await;
        assert_refused(&refused, 422, "VALIDATION_FAILED");
    }
    let body = json!({ "name": "x", "abilities": ["admin"] });
    let refused = send(&host, "POST /api/v1/me/tokens", &login, &body).await;
    let said = refused.json()["message"].to_string();
    assert!(said.contains("command line"), "{said}");
    let credentials = json!({
        "email": "you@example.com", "password": "your-password", "abilities": ["admin"],
    });
    let request =
        format!("POST /api/v1/auth/login\nContent-Type: application/json\n\n{credentials}");
    assert_refused(
        &host.client().send(&request).await,
        422,
        "VALIDATION_FAILED",
    );
    // Not even a token of the owner's passes it on.
    let admin = token_of_operator(&host, &["user", "admin"]).await;
    let refused = send(&host, "POST /api/v1/me/tokens", &admin, &body).await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
}

/// ST-10
#[tokio::test]
async fn the_owners_token_opens_the_admin_routes() {
    let host = with_you(&[]).await;
    let admin = token_of_operator(&host, &["admin"]).await;
    let users = send(
        &host,
        "GET /api/v1/admin/users?search=you",
        &admin,
        &Json::Null,
    )
    .await;
    assert_eq!(
        users.assert_status(200).json()["data"][0]["email"],
        "you@example.com"
    );
    let post = json!({ "title": "News", "body": "There is some." });
    let made = send(&host, "POST /api/v1/admin/posts", &admin, &post).await;
    assert_eq!(made.assert_status(201).json()["message"], "Post published");
    let posts = host.client().send("GET /api/v1/posts").await.json();
    assert_eq!(posts["data"][0]["title"], "News");
    assert_refused(&with_token(&host, ME, &admin).await, 403, "FORBIDDEN");
    for path in ["/api/v1/admin/users", "/api/v1/admin/posts"] {
        let method = if path.ends_with("posts") {
            "POST"
        } else {
            "GET"
        };
        let stranger = host.client().send(&format!("{method} {path}")).await;
        assert_refused(&stranger, 401, "UNAUTHENTICATED");
    }
}
