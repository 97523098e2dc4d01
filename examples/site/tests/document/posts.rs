//! Posts: what everybody reads, and what the owner's programs write.

use serde_json::{Value as Json, json};

use crate::{assert_refused, send, token_of_operator, with_you};

/// Writes a post, and gives it as it was answered.
async fn write(host: &adyton_testing::HostProcess, token: &str, post: &Json) -> Json {
    let made = send(host, "POST /api/v1/admin/posts", token, post).await;
    made.assert_status(201).json()["data"].clone()
}

/// ST-01
#[tokio::test]
async fn posts_are_narrowed_ordered_and_paged() {
    let host = with_you(&[]).await;
    let owner = token_of_operator(&host, &["admin", "comments:write"]).await;
    for (title, tags) in [
        ("Beans", json!(["kitchen", "garden"])),
        ("Soup 100%", json!(["kitchen"])),
    ] {
        write(
            &host,
            &owner,
            &json!({ "title": title, "body": "Slowly.", "tags": tags }),
        )
        .await;
    }
    let beans = host
        .client()
        .send("GET /api/v1/posts/beans")
        .await
        .assert_status(200)
        .json();
    assert_eq!(beans["data"]["tags"], json!(["garden", "kitchen"]));
    assert_eq!(beans["data"]["author"], "You");
    let comment = json!({ "post_id": beans["data"]["id"], "body": "Yes." });
    send(&host, "POST /api/v1/me/comments", &owner, &comment)
        .await
        .assert_status(201);
    for (query, titles) in [
        ("", json!(["Soup 100%", "Beans", "Hello"])),
        ("?sort=title", json!(["Beans", "Hello", "Soup 100%"])),
        (
            "?sort=-comments_count,-title",
            json!(["Beans", "Soup 100%", "Hello"]),
        ),
        ("?filter[tag]=garden", json!(["Beans"])),
        (
            "?filter[q]=SLOWLY&sort=title",
            json!(["Beans", "Soup 100%"]),
        ),
        // A percent sign is itself.
        ("?filter[q]=100%25", json!(["Soup 100%"])),
        ("?filter[author]=You&per_page=1&page=2", json!(["Beans"])),
        ("?filter[author]=Nobody", json!([])),
    ] {
        let page = host
            .client()
            .send(&format!("GET /api/v1/posts{query}"))
            .await;
        let page = page.assert_status(200).json();
        let found: Vec<&Json> = page["data"]
            .as_array()
            .expect("posts")
            .iter()
            .map(|post| &post["title"])
            .collect();
        assert_eq!(json!(found), titles, "{query}");
    }
    for query in [
        "sort=body",
        "sort=title,title",
        "filter[status]=draft",
        "per_page=101",
    ] {
        let refused = host
            .client()
            .send(&format!("GET /api/v1/posts?{query}"))
            .await;
        assert_refused(&refused, 422, "VALIDATION_FAILED");
    }
    let tags = host
        .client()
        .send("GET /api/v1/tags?sort=-posts_count")
        .await
        .json();
    let expected =
        json!([{ "name": "kitchen", "posts_count": 2 }, { "name": "garden", "posts_count": 1 }]);
    assert_eq!(tags["data"], expected);
}

/// ST-10
#[tokio::test]
async fn a_draft_is_the_owners_alone() {
    let host = with_you(&[]).await;
    let owner = token_of_operator(&host, &["admin", "comments:write"]).await;
    let draft =
        json!({ "title": "Not yet", "body": "Wait.", "status": "draft", "tags": ["secret"] });
    let made = write(&host, &owner, &draft).await;
    assert_eq!(
        (&made["status"], &made["published_at"]),
        (&json!("draft"), &Json::Null)
    );
    for path in ["posts/not-yet", "posts/not-yet/comments"] {
        let refused = host.client().send(&format!("GET /api/v1/{path}")).await;
        assert_refused(&refused, 404, "NOT_FOUND");
    }
    for path in ["posts?filter[q]=wait", "tags"] {
        let page = host
            .client()
            .send(&format!("GET /api/v1/{path}"))
            .await
            .json();
        assert_eq!(page["meta"]["total"], 0, "{path}");
    }
    let comment = json!({ "post_id": made["id"], "body": "First!" });
    let refused = send(&host, "POST /api/v1/me/comments", &owner, &comment).await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
    let own = send(
        &host,
        "GET /api/v1/admin/posts?filter[status]=draft",
        &owner,
        &Json::Null,
    )
    .await;
    assert_eq!(own.assert_status(200).json()["data"][0]["slug"], "not-yet");
    send(
        &host,
        "GET /api/v1/admin/posts/not-yet",
        &owner,
        &Json::Null,
    )
    .await
    .assert_status(200);

    let published = json!({ "title": "Now", "slug": "not-yet", "body": "Here." });
    let changed = send(&host, "PUT /api/v1/admin/posts/not-yet", &owner, &published).await;
    let changed = changed.assert_status(200).json()["data"].clone();
    assert_eq!(
        (&changed["status"], &changed["tags"]),
        (&json!("published"), &json!([]))
    );
    assert!(changed["published_at"].is_string());
    host.client()
        .send("GET /api/v1/posts/not-yet")
        .await
        .assert_status(200);
}

/// ST-10
#[tokio::test]
async fn a_post_that_goes_takes_its_comments_along() {
    let host = with_you(&[]).await;
    let owner = token_of_operator(&host, &["admin", "comments:write"]).await;
    let post = write(
        &host,
        &owner,
        &json!({ "title": "Short", "body": "Lived.", "tags": ["x"] }),
    )
    .await;
    let comment = json!({ "post_id": post["id"], "body": "Oh." });
    send(&host, "POST /api/v1/me/comments", &owner, &comment)
        .await
        .assert_status(201);
    let gone = send(
        &host,
        "DELETE /api/v1/admin/posts/short",
        &owner,
        &Json::Null,
    )
    .await;
    assert_eq!(gone.assert_status(200).json()["message"], "Post deleted");
    for request in [
        "GET /api/v1/admin/posts/short",
        "DELETE /api/v1/admin/posts/short",
    ] {
        assert_refused(
            &send(&host, request, &owner, &Json::Null).await,
            404,
            "NOT_FOUND",
        );
    }
    let own = send(&host, "GET /api/v1/me/comments", &owner, &Json::Null)
        .await
        .json();
    assert_eq!(own["data"], json!([]));
}

/// ST-14
#[tokio::test]
async fn a_post_that_cannot_be_is_refused_with_all_that_is_wrong() {
    let host = with_you(&[]).await;
    let owner = token_of_operator(&host, &["admin"]).await;
    write(
        &host,
        &owner,
        &json!({ "title": "Beans", "body": "Slowly." }),
    )
    .await;
    for (post, fields) in [
        (json!({}), json!(["title", "body"])),
        (
            json!({ "title": "Beans", "body": "Again." }),
            json!(["slug"]),
        ),
        // No letter: a slug would be taken for a number.
        (json!({ "title": "2026", "body": "x" }), json!(["slug"])),
        (
            json!({ "title": "x", "slug": "A b", "body": "x", "tags": ["ok", "Not ok"], "status": "gone" }),
            json!(["slug", "tags.1", "status"]),
        ),
        (
            json!({ "title": ["x"], "body": 7, "tags": "x" }),
            json!(["title", "body", "tags"]),
        ),
        (
            json!({ "title": "x", "body": "x", "tags": ["1", "2", "3", "4", "5", "6", "7", "8", "9"] }),
            json!(["tags"]),
        ),
    ] {
        let refused = send(&host, "POST /api/v1/admin/posts", &owner, &post).await;
        assert_refused(&refused, 422, "VALIDATION_FAILED");
        let errors = refused.json()["errors"].clone();
        let named: Vec<&String> = errors
            .as_object()
            .expect("errors")
            .keys()
            .filter(|name| *name != "code")
            .collect();
        assert_eq!(json!(named), fields, "{post}");
    }
    // What was refused left nothing behind.
    let all = send(&host, "GET /api/v1/admin/posts", &owner, &Json::Null)
        .await
        .json();
    assert_eq!(all["meta"]["total"], 2);
}
