//! Methods that a path does not have, and paths that are none.

use adyton::Adyton;
use adyton_testing::TestApp;
use axum::Router;
use axum::body::Body;
use axum::routing::put;
use http::{Method, Request};
use serde_json::json;

use super::{JSON, assert_worded, unlimited};

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_a_405_with_those_it_has() {
    let app = TestApp::with(unlimited).await;
    for route in app.adyton.route_table() {
        let path = route.path.replace("{token_id}", "1");
        let methods = [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "get",
        ];
        for method in methods {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header("accept", JSON);
            let answer = app
                .send(request.body(Body::empty()).expect("a request"))
                .await;
            if answer.status != 405 {
                continue;
            }
            let mut allowed: Vec<&str> = answer.header("allow").split(',').collect();
            allowed.sort_unstable();
            assert!(
                allowed.contains(&&*route.method),
                "{method} {path}: {allowed:?}"
            );
            assert!(!allowed.contains(&method), "{method} {path}");
            if method != "HEAD" {
                assert_worded(&answer, &path, method);
                let methods = answer.header("allow").replace(',', ", ");
                let words = format!(
                    "The {method} method is not supported for route {}. Supported methods: {methods}.",
                    &path[1..]
                );
                assert_eq!(answer.json()["message"], words);
            }
        }
        let unknown = Request::builder()
            .method("PURGE")
            .uri(&path)
            .body(Body::empty());
        assert_eq!(
            app.send(unknown.expect("a request")).await.status,
            405,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_405_names_a_hosts_methods_at_a_path_of_ours_too() {
    let routes = |_: &Adyton| Router::new().route("/api/v1/me", put(|| async { "renamed" }));
    let app = TestApp::host(unlimited, |builder| builder, routes).await;
    let answer = app
        .anonymous()
        .json(Method::DELETE, "/api/v1/me", json!({}))
        .await;
    let allowed = answer.assert_status(405).header("allow").to_owned();
    let mut allowed: Vec<&str> = allowed.split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "PUT"]);
}

#[tokio::test]
async fn a_path_that_is_none_is_a_404_in_the_words_of_its_place() {
    let app = TestApp::new().await;
    for path in [
        "/nowhere",
        "/",
        "/api/nowhere",
        "/api/v1/nowhere",
        "/api/v1/",
        "/apis",
        "/%00",
        "/%ff",
        "/a/../b",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
            let answer = app.anonymous().json(method, path, json!({})).await;
            assert_worded(answer.assert_status(404), path, "no route");
            // Laravel names the root by its slash.
            let named = if path == "/" { path } else { &path[1..] };
            let words = format!("The route {named} could not be found.");
            assert_eq!(answer.json()["message"], words);
        }
    }
    let longest = format!("/{}", "x".repeat(60_000));
    app.anonymous().get(&longest).await.assert_status(404);
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .get("/\"&amp;x")
        .await;
    assert!(page.assert_status(404).body.starts_with("<!doctype html>"));
    assert!(
        page.body.contains("The route &quot;&amp;amp;x could"),
        "{}",
        page.body
    );
}
