//! Routers inside routers.

use adyton::{Envelope, Laravel, Overlay};
use adyton_testing::TestApp;
use axum::Router;
use axum::routing::get;
use serde_json::json;

use super::who;

/// Nested routers see the end of a path only; what the settings say of paths is of whole ones.
#[tokio::test]
async fn a_nested_router_asks_for_the_origin_that_its_whole_path_asks_for() {
    let app = TestApp::host(
        |_| {},
        |builder| builder.dialect_at("/api/shop/*", Envelope),
        |adyton| {
            let gated = get(who).route_layer(adyton.require_auth());
            let orders = Router::new().route("/orders", gated);
            Router::new().nest("/api", Router::new().nest("/shop", orders))
        },
    )
    .await;
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    browser.get("/api/shop/orders").await.assert_status(200);
    let nowhere = browser.without("origin").get("/api/shop/orders").await;
    assert_eq!(nowhere.assert_status(401).code(), "ORIGIN_MISSING");
    assert_eq!(nowhere.json()["success"], false);
}

#[tokio::test]
async fn adytons_routes_may_be_nested_too() {
    let app = TestApp::host(
        |_| {},
        |builder| builder.dialect_at("/auth/*", Overlay::new(Laravel).rename("email", "correo")),
        |adyton| Router::new().nest("/auth", adyton.routes()),
    )
    .await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser
        .get("/auth/sanctum/csrf-cookie")
        .await
        .assert_status(204);
    let body = json!({ "correo": "ana@example.com", "password": "password" });
    browser.post("/auth/login", body).await.assert_status(200);
    let me = browser.get("/auth/api/user").await;
    assert_eq!(me.assert_status(200).json()["correo"], "ana@example.com");
}
