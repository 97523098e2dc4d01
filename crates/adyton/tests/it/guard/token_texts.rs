//! Which texts are a token, and whose.

use adyton_testing::TestApp;
use serde_json::json;

use super::{assert_refused, authorized, sha256_hex};
use crate::support::{ANA, HASH_OF_TEST, LaravelToken};

#[tokio::test]
async fn an_unknown_token_is_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for text in ["test", "1|test", "99|test"] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_refused(&answer, "TOKEN_UNKNOWN");
    }
}

#[tokio::test]
async fn a_token_is_found_with_and_without_its_id() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    for text in ["test".to_owned(), format!("{id}|test")] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_eq!(answer.assert_status(200).json()["email"], ANA);
    }
    let of_another_row = authorized(&app, &format!("Bearer {}|test", id + 1)).await;
    assert_refused(&of_another_row, "TOKEN_UNKNOWN");
}

#[tokio::test]
async fn a_wrong_secret_under_a_right_id_is_refused() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    for secret in ["Test", "test ", "tes", "testt", HASH_OF_TEST] {
        let answer = authorized(&app, &format!("Bearer {id}|{secret}")).await;
        answer.assert_status(401);
    }
}

#[tokio::test]
async fn the_stored_hash_is_no_token() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let answer = authorized(&app, &format!("Bearer {HASH_OF_TEST}")).await;
    assert_refused(&answer, "TOKEN_UNKNOWN");
}

#[tokio::test]
async fn the_older_token_forms_of_sanctum_are_read() {
    // Before 3.2.6 forty random characters, before 2.6.0 eighty; before 2.3.0 without an id.
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    for length in [40, 80] {
        let secret = "aB3".repeat(30)[..length].to_owned();
        let mut token = LaravelToken::fixture(&app);
        token.hash = sha256_hex(length);
        let id = token.insert(&app, &ana).await;
        for text in [secret.clone(), format!("{id}|{secret}")] {
            authorized(&app, &format!("Bearer {text}"))
                .await
                .assert_status(200);
        }
    }
}

#[tokio::test]
async fn what_is_no_token_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    // The list of Sanctum's GuardTest, and some more.
    for value in [
        "",
        "|",
        "test",
        "|test",
        "1ABC|test",
        "1ABC|",
        "1,2|test",
        "Bearer",
        "Bearer ",
        "Bearer |test",
        "Bearer 1,2|test",
        "Bearer 1ABC|test",
        "Bearer 1ABC|",
        "Bearer 1|",
        "Bearer 1|0",
        "Bearer -1|test",
        "Bearer +1|test",
        "Bearer 1.0|test",
        "Bearer \t1|test",
        "Bearer  test",
        "Bearer test ,x",
        "Bearer test, Bearer test",
        "Bearer 99999999999999999999|test",
        "Bearer 9223372036854775808|test",
        "Bearer 18446744073709551616|test",
        "Bearertest",
        "Bearer\ttest",
        "xBearer test",
        "Token test",
        "Basic test",
        "Basic Bearer test",
    ] {
        let answer = authorized(&app, value).await;
        answer.assert_status(401);
        assert_eq!(answer.json(), json!({ "message": "Unauthenticated." }));
    }
    let long = format!("Bearer 1|{}", "a".repeat(10_000));
    authorized(&app, &long).await.assert_status(401);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let value = http::HeaderValue::from_bytes(b"Bearer 1|\xff\xfe").expect("a header value");
    let request = http::Request::get("/api/user").header("authorization", value);
    let request = request.body(axum::body::Body::empty()).expect("a request");
    app.send(request).await.assert_status(401);
}

#[tokio::test]
async fn two_authorization_headers_are_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let request = http::Request::get("/api/user")
        .header("authorization", "Bearer test")
        .header("authorization", "Bearer test");
    let request = request.body(axum::body::Body::empty()).expect("a request");
    assert_refused(&app.send(request).await, "TOKEN_MALFORMED");
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        authorized(&app, &format!("{scheme} test"))
            .await
            .assert_status(200);
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    for path in [
        "/api/user?token=test",
        "/api/user?access_token=test",
        "/api/user?api_token=test",
    ] {
        app.anonymous().get(path).await.assert_status(401);
    }
    let in_another_header = app.anonymous().with("x-auth-token", "test");
    in_another_header.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_token_of_another_kind_of_owner_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.owner_type = "App\\Models\\Team";
    let id = token.insert(&app, &ana).await;
    for text in ["test".to_owned(), format!("{id}|test")] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_refused(&answer, "TOKEN_UNKNOWN");
    }
}

#[tokio::test]
async fn a_token_whose_owner_is_gone_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let sql = "DELETE FROM users WHERE email = $1";
    app.adyton
        .db()
        .run(sql, &[ANA.into()])
        .await
        .expect("deleted");
    assert_refused(&authorized(&app, "Bearer test").await, "USER_DISABLED");
}
