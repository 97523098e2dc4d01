//! Comments: whose they are, how long they can be changed, and who looks after them.

use std::time::Duration;

use adyton::UserDraft;
use adyton_testing::HostProcess;
use serde_json::{Value as Json, json};

use crate::{assert_refused, send, token_of, with_you};

/// You and Ana, each with a token to comment by.
async fn two_readers() -> (HostProcess, String, String) {
    let host = with_you(&[]).await;
    let ana = UserDraft::new("Ana", "ana@example.com");
    host.operator(|_| {})
        .await
        .create_user(ana)
        .await
        .expect("she is new");
    let yours = token_of(&host, "you@example.com", &["comments:write"]).await;
    let hers = token_of(&host, "ana@example.com", &["comments:write"]).await;
    (host, yours, hers)
}

/// The path of a new comment on the first post.
async fn commented(host: &HostProcess, token: &str, body: &str) -> String {
    let comment = json!({ "post_id": 1, "body": body });
    let made = send(host, "POST /api/v1/me/comments", token, &comment).await;
    let id = &made.assert_status(201).json()["data"]["id"];
    format!("/api/v1/me/comments/{id}")
}

/// ST-09
#[tokio::test]
async fn a_comment_is_changed_and_taken_back_by_who_wrote_it() {
    let (host, yours, hers) = two_readers().await;
    let path = commented(&host, &yours, "Nice.").await;
    commented(&host, &hers, "I agree.").await;
    let better = json!({ "body": "Very nice." });
    for (method, body) in [("PUT", &better), ("DELETE", &Json::Null)] {
        let refused = send(&host, &format!("{method} {path}"), &hers, body).await;
        assert_refused(&refused, 403, "FORBIDDEN");
    }
    let changed = send(&host, &format!("PUT {path}"), &yours, &better).await;
    let changed = changed.assert_status(200).json()["data"].clone();
    assert_eq!(changed["body"], "Very nice.");
    assert!(changed["edited_at"].is_string());
    let own = send(&host, "GET /api/v1/me/comments", &yours, &Json::Null)
        .await
        .json();
    assert_eq!(
        (&own["meta"]["total"], &own["data"][0]["id"]),
        (&json!(1), &changed["id"])
    );
    let all = host
        .client()
        .send("GET /api/v1/posts/1/comments?sort=-created_at&per_page=1")
        .await
        .json();
    assert_eq!(all["meta"]["total"], 2);
    let gone = send(&host, &format!("DELETE {path}"), &yours, &Json::Null).await;
    assert_eq!(gone.assert_status(200).json()["message"], "Comment deleted");
    for (method, body) in [("PUT", &better), ("DELETE", &Json::Null)] {
        let refused = send(&host, &format!("{method} {path}"), &yours, body).await;
        assert_refused(&refused, 404, "NOT_FOUND");
    }
}

/// ST-09
#[tokio::test]
async fn an_old_comment_stays_as_it_is() {
    let (host, yours, _) = two_readers().await;
    let path = commented(&host, &yours, "Nice.").await;
    let db = host.database.connect().await;
    let better = json!({ "body": "Very nice." });
    for (minutes, status) in [(14, 200), (16, 403)] {
        let then = adyton::Clock::system().now() - Duration::from_secs(minutes * 60);
        let sql = "UPDATE comments SET created_at = $1";
        db.run(sql, &[then.into()]).await.expect("it is older now");
        let answer = send(&host, &format!("PUT {path}"), &yours, &better).await;
        answer.assert_status(status);
    }
    // It can still be taken back.
    let gone = send(&host, &format!("DELETE {path}"), &yours, &Json::Null).await;
    gone.assert_status(200);
}

/// ST-10
#[tokio::test]
async fn the_owner_hides_what_should_not_be_read() {
    let (host, yours, hers) = two_readers().await;
    commented(&host, &yours, "Nice.").await;
    let path = commented(&host, &hers, "Buy my pills.").await;
    let admin = token_of(&host, "you@example.com", &["admin"]).await;
    let found = send(
        &host,
        "GET /api/v1/admin/comments?filter[q]=PILLS",
        &admin,
        &Json::Null,
    )
    .await;
    let found = found.assert_status(200).json();
    assert_eq!(
        (&found["meta"]["total"], &found["data"][0]["author"]),
        (&json!(1), &json!("Ana"))
    );
    let desk = format!("/api/v1/admin/comments/{}", found["data"][0]["id"]);
    for (status, read) in [("hidden", 1), ("approved", 2), ("hidden", 1)] {
        let judged = send(
            &host,
            &format!("PUT {desk}"),
            &admin,
            &json!({ "status": status }),
        )
        .await;
        assert_eq!(judged.assert_status(200).json()["data"]["status"], status);
        let all = host
            .client()
            .send("GET /api/v1/posts/1/comments")
            .await
            .json();
        assert_eq!(all["meta"]["total"], read);
        let post = host.client().send("GET /api/v1/posts/1").await.json();
        assert_eq!(post["data"]["comments_count"], read);
        assert_eq!(
            post["data"]["comments"].as_array().map(Vec::len),
            Some(read)
        );
    }
    let hidden = send(
        &host,
        "GET /api/v1/admin/comments?filter[status]=hidden",
        &admin,
        &Json::Null,
    )
    .await;
    assert_eq!(hidden.json()["meta"]["total"], 1);
    let refused = send(
        &host,
        &format!("PUT {desk}"),
        &admin,
        &json!({ "status": "gone" }),
    )
    .await;
    assert_refused(&refused, 422, "VALIDATION_FAILED");
    send(&host, &format!("DELETE {desk}"), &admin, &Json::Null)
        .await
        .assert_status(200);
    let gone = send(&host, &format!("DELETE {path}"), &hers, &Json::Null).await;
    assert_refused(&gone, 404, "NOT_FOUND");
}
