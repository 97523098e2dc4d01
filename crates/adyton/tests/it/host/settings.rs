//! What a host sets: fields, routes, features, and what cannot be built.

use adyton::config::Config;
use adyton::{Adyton, Laravel, Overlay};
use adyton_testing::{TestApp, TestDatabase};
use serde_json::json;

use super::{LOGIN, shop};

#[tokio::test]
async fn a_login_field_may_have_another_name_on_the_wire() {
    let app = TestApp::host(
        |config| config.wire.envelope.clear(),
        |builder| {
            builder.dialect(
                Overlay::new(Laravel)
                    .rename("email", "correo")
                    .rename("name", "nombre"),
            )
        },
        shop,
    )
    .await;
    app.user("ana@example.com").await;
    let missing = app
        .anonymous()
        .post(LOGIN, json!({ "email": "ana@example.com" }))
        .await;
    let missing = missing.assert_status(422).json();
    assert_eq!(
        missing["errors"]["correo"],
        json!(["The correo field is required."])
    );
    let wrong = json!({ "correo": "ana@example.com", "password": "wrong" });
    let wrong = app
        .anonymous()
        .post(LOGIN, wrong)
        .await
        .assert_status(422)
        .json();
    let said = json!(["These credentials do not match our records."]);
    assert_eq!(wrong["errors"], json!({ "correo": said }));
    let right = json!({ "correo": "ana@example.com", "password": "password" });
    let right = app
        .anonymous()
        .post(LOGIN, right)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&right["user"]["correo"], &right["user"]["nombre"]),
        (&json!("ana@example.com"), &json!("Ana"))
    );
    assert!(right["user"].get("email").is_none());
}

#[tokio::test]
async fn routes_move_by_setting_and_features_go() {
    let app = TestApp::with(|config| {
        config
            .routes
            .insert("login.store".to_owned(), "/entrar".to_owned());
        config.features = ["login", "csrf-cookie", "logout"]
            .map(str::to_owned)
            .to_vec();
    })
    .await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let body = json!({ "email": "ana@example.com", "password": "password" });
    browser
        .post("/login", body.clone())
        .await
        .assert_status(404);
    browser
        .post("/entrar", body.clone())
        .await
        .assert_status(200);
    browser
        .post("/register", json!({}))
        .await
        .assert_status(404);
    app.anonymous().post(LOGIN, body).await.assert_status(404);
    browser.get("/api/user").await.assert_status(404);
    browser.post("/logout", json!({})).await.assert_status(204);
}

#[tokio::test]
async fn what_cannot_be_built_is_said_by_setting() {
    let db = TestDatabase::fresh().await.connect().await;
    for (change, setting) in [
        (
            (|config: &mut Config| config.features = vec!["log-in".to_owned()]) as fn(&mut Config),
            "features",
        ),
        (
            |config| drop(config.routes.insert("login".to_owned(), "/x".to_owned())),
            "routes.\"login\"",
        ),
        (
            |config| {
                drop(
                    config
                        .routes
                        .insert("logout".to_owned(), "/login".to_owned()),
                )
            },
            "routes.\"logout\"",
        ),
        (
            |config| config.stateful.origins = vec!["not an origin".to_owned()],
            "stateful.origins",
        ),
        (|config| config.key = Some("short".into()), "key"),
    ] {
        let mut config = TestApp::config();
        change(&mut config);
        let refused = Adyton::builder(db.clone()).config(config).build();
        assert_eq!(refused.err().expect("refused").setting, setting);
    }
}
