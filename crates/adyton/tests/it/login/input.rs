//! What a login is sent.

use http::Method;
use serde_json::json;

use super::{log_in, unlimited, visitor};
use crate::support::{ANA, credentials, text};

#[tokio::test]
async fn an_address_is_trimmed_and_in_small_letters_whatever_was_typed() {
    let app = unlimited().await;
    app.user(ANA).await;
    for email in [
        "Ana@Example.COM",
        "  ana@example.com ",
        "\tana@example.com\n",
        "ANA@EXAMPLE.COM",
    ] {
        let answer = log_in(&app, credentials(email)).await;
        assert_eq!(answer.status, 200, "{email:?} {answer:#?}");
    }
    for email in [
        "an\u{212a}@example.com",
        "ana\u{200b}@example.com",
        "ana＠example.com",
    ] {
        log_in(&app, credentials(email)).await.assert_status(422);
    }
}

#[tokio::test]
async fn what_is_missing_or_of_a_wrong_type_is_a_422_by_field() {
    let app = unlimited().await;
    app.user(ANA).await;
    let required = |name: &str| format!("The {name} field is required.");
    let answer = log_in(&app, json!({})).await;
    let expected = json!({
        "message": format!("{} (and 1 more error)", required("email")),
        "errors": { "email": [required("email")], "password": [required("password")] },
    });
    assert_eq!(answer.assert_status(422).json(), expected);
    for wrong in [
        json!(["a"]),
        json!({}),
        json!(1),
        json!(true),
        json!("a\0b"),
        json!(""),
    ] {
        for name in ["email", "password"] {
            let mut body = credentials(ANA);
            body[name] = wrong.clone();
            let answer = log_in(&app, body).await;
            let errors = &answer.assert_status(422).json()["errors"];
            assert!(errors.get(name).is_some(), "{name} {wrong} {errors}");
        }
    }
    let long = json!({ "email": ANA, "password": "x".repeat(5_000) });
    log_in(&app, long).await.assert_status(422);
    let long = json!({ "email": format!("{}@example.com", "a".repeat(300)), "password": "x" });
    log_in(&app, long).await.assert_status(422);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_4xx() {
    let app = unlimited().await;
    let browser = visitor(&app).await;
    let json = "application/json";
    let cases: [(&str, &[u8], u16); 12] = [
        (json, b"", 422),
        (json, b"{", 400),
        (json, b"null", 400),
        (json, b"[]", 400),
        (json, b"\"x\"", 400),
        (json, b"{\"email\":\"a\",\"email\":\"b\"}", 400),
        (json, b"\xff\xfe", 400),
        ("", b"", 422),
        ("text/plain", b"email=x", 415),
        ("multipart/form-data", b"x", 400),
        ("application/x-www-form-urlencoded", b"email=%ff", 400),
        ("application/x-www-form-urlencoded", b"email=a&email=b", 422),
    ];
    for (kind, body, status) in cases {
        let answer = browser
            .raw(Method::POST, "/login", kind, body.to_vec())
            .await;
        assert_eq!(answer.status, status, "{kind} {body:?} {answer:#?}");
        assert!(answer.json()["message"].is_string());
    }
    let deep = format!("{{\"email\":{}", "[".repeat(30_000));
    let answer = browser.raw(Method::POST, "/login", json, deep).await;
    answer.assert_status(400);
}

#[tokio::test]
async fn a_login_with_odd_header_values_is_written_all_the_same() {
    let app = unlimited().await;
    app.user(ANA).await;
    for agent in [
        "x".repeat(5_000),
        "emoji 🦀".repeat(100),
        "a'\"\\%".to_owned(),
    ] {
        let browser = visitor(&app).await.with("user-agent", &agent);
        browser
            .post("/login", credentials(ANA))
            .await
            .assert_status(200);
    }
    let browser = visitor(&app)
        .await
        .from("2001:db8:1234:5678:9abc:def0:1234:5678");
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    let sql = "SELECT ip_address AS value FROM sessions WHERE ip_address <> $1";
    let address = text(&app, sql, "127.0.0.1").await;
    assert_eq!(
        address.as_deref(),
        Some("2001:db8:1234:5678:9abc:def0:1234:5678")
    );
}
