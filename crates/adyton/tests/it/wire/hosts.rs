//! A host's own dialects, bodies and errors.

use adyton::Error;
use adyton_testing::TestApp;
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;

use super::app;

/// An envelope whose fields have other names still has all of them.
#[tokio::test]
async fn an_overlay_may_lie_over_another_and_over_the_envelope() {
    let app = app(|_| {}).await;
    let user = json!({ "id": 1, "name": "Ana", "correo": "a@b", "verificado": false });
    let token = app.anonymous().get("/both/token").await.json();
    assert_eq!(token["data"]["user"], user);
    let data = app.anonymous().get("/both/data").await.json();
    let profile =
        json!({ "id": 1, "name": "Ana", "correo": "a@b", "verificado": false, "phone": "600" });
    assert_eq!(data["data"], profile);
    assert_eq!(
        app.anonymous().get("/both/page").await.json()["data"],
        json!([profile])
    );
    let invalid = app.anonymous().get("/both/invalid-one").await.json();
    let said = json!(["The correo field must be a valid email address."]);
    assert_eq!(
        invalid["errors"],
        json!({ "code": "VALIDATION_FAILED", "correo": said })
    );
}

#[tokio::test]
async fn a_hosts_own_bodies_pass_untouched() {
    async fn own(Path(status): Path<u16>) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "text/x-own".parse().expect("a value"));
        headers.insert("cache-control", "max-age=60".parse().expect("a value"));
        headers.insert("vary", "X-Own".parse().expect("a value"));
        let status = StatusCode::from_u16(status).expect("a status");
        (status, headers, "the host's own words").into_response()
    }
    let routes = |_: &adyton::Adyton| {
        Router::new()
            .route("/own/{status}", get(own))
            .route("/api/v1/own/{status}", get(own))
    };
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    for status in [
        200, 201, 301, 400, 401, 403, 404, 405, 419, 422, 429, 500, 503,
    ] {
        for path in [format!("/own/{status}"), format!("/api/v1/own/{status}")] {
            let answer = app.anonymous().get(&path).await;
            assert_eq!(answer.assert_status(status).body, "the host's own words");
            let told = [
                "content-type",
                "cache-control",
                "vary",
                "x-adyton-code",
                "x-frame-options",
            ];
            assert_eq!(
                told.map(|name| answer.header(name)),
                ["text/x-own", "max-age=60", "X-Own", "", ""]
            );
        }
    }
}

/// A host's handler that returns our error is answered in the words of its place.
#[tokio::test]
async fn a_hosts_handler_may_return_our_errors() {
    async fn refuse() -> adyton::Result<String> {
        Err(Error::not_yours())
    }
    let routes = |_: &adyton::Adyton| {
        Router::new()
            .route("/mine", get(refuse))
            .route("/api/v1/mine", get(refuse))
    };
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    let laravel = app.anonymous().get("/mine").await;
    assert_eq!(
        laravel.assert_status(403).json(),
        json!({ "message": "This action is unauthorized." })
    );
    let envelope = app.anonymous().get("/api/v1/mine").await;
    let errors = json!({ "code": "FORBIDDEN" });
    let body =
        json!({ "success": false, "message": "This action is unauthorized.", "errors": errors });
    assert_eq!(envelope.assert_status(403).json(), body);
    assert_eq!(
        (laravel.code(), envelope.code()),
        ("NOT_YOURS", "NOT_YOURS")
    );
}
