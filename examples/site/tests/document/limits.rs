//! ST-12: the numbers of the document, each reached and passed.

use adyton_testing::{Answer, HostProcess};
use serde_json::Value as Json;

use crate::{LOGIN, SITE, assert_refused, send, token, token_of_operator, with_you};

/// Sends a request as often as a limit allows, and once more.
async fn assert_limit<F: Future<Output = Answer>>(limit: u32, request: impl Fn() -> F) {
    for sent in 1..=limit {
        let answer = request().await;
        assert_ne!(answer.status, 429, "number {sent} of {limit}");
        assert_eq!(answer.header("x-ratelimit-limit"), limit.to_string());
        assert_eq!(
            answer.header("x-ratelimit-remaining"),
            (limit - sent).to_string()
        );
    }
    let refused = request().await;
    assert_refused(&refused, 429, "TOO_MANY_REQUESTS");
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
}

/// ST-12
#[tokio::test]
async fn logins_are_five_a_minute_and_address() {
    let host = with_you(&[]).await;
    let wrong = LOGIN.replace("your-password", "wrong");
    assert_limit(5, || async { host.client().curl(&wrong).await }).await;
    // The right password waits too, and a route that is not limited so does not.
    assert_refused(&host.client().curl(LOGIN).await, 429, "TOO_MANY_REQUESTS");
    host.client()
        .send("GET /api/v1/posts")
        .await
        .assert_status(200);
}

/// ST-12
#[tokio::test]
async fn registrations_are_three_a_minute_and_address() {
    let host = HostProcess::start(SITE).await;
    let request = "POST /api/v1/auth/register\nContent-Type: application/json\n\n{}";
    assert_limit(3, || async { host.client().send(request).await }).await;
}

/// ST-12
#[tokio::test]
async fn forgotten_passwords_are_three_a_minute_and_address() {
    let host = HostProcess::start(SITE).await;
    let request = "POST /api/v1/auth/forgot-password\nContent-Type: application/json\n\n\
        {\"email\":\"you@example.com\"}";
    assert_limit(3, || async { host.client().send(request).await }).await;
}

/// ST-12
#[tokio::test]
async fn public_routes_are_sixty_a_minute_and_address() {
    let host = HostProcess::start(SITE).await;
    assert_limit(60, || async {
        host.client().send("GET /api/v1/posts").await
    })
    .await;
}

/// ST-12
#[tokio::test]
async fn a_users_own_routes_are_a_hundred_and_twenty_a_minute() {
    let host = with_you(&[]).await;
    let (phone, laptop) = (token(&host).await, token(&host).await);
    assert_limit(120, || send(&host, "GET /api/v1/me", &phone, &Json::Null)).await;
    // Counted by user, whichever the token and the route.
    let other = send(&host, "GET /api/v1/me/tokens", &laptop, &Json::Null).await;
    assert_refused(&other, 429, "TOO_MANY_REQUESTS");
}

/// ST-12
#[tokio::test]
async fn the_owners_routes_are_thirty_a_minute() {
    let host = with_you(&[]).await;
    let admin = token_of_operator(&host, &["admin"]).await;
    assert_limit(30, || {
        send(&host, "GET /api/v1/admin/users", &admin, &Json::Null)
    })
    .await;
}
