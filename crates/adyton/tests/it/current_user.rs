//! Who am I?

use adyton_testing::TestApp;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::ANA;

#[tokio::test]
async fn the_user_is_shown_as_laravel_shows_it() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let answer = browser.get("/api/user").await;
    let shown = answer.assert_status(200).json();
    let names: Vec<_> = shown.as_object().expect("an object").keys().collect();
    let expected = [
        "id",
        "name",
        "email",
        "email_verified_at",
        "created_at",
        "updated_at",
    ];
    assert_eq!(names, expected);
    assert_eq!((&shown["id"], &shown["name"]), (&json!(1), &json!("Ana")));
    let created = adyton::timestamp(ana.created_at.expect("it was made"));
    let (seconds, _) = created.split_once('.').expect("a fraction");
    assert_eq!(shown["created_at"], json!(format!("{seconds}.000000Z")));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn in_the_envelope_it_says_whether_the_address_is_verified() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    let answer = program.get("/api/v1/me").await;
    let body = answer.assert_status(200).json();
    assert_eq!(body["success"], true);
    assert_eq!(body["data"]["email"], ANA);
    assert_eq!(body["data"]["email_verified"], true);
    assert_eq!(body["data"].get("email_verified_at"), None);
}

#[tokio::test]
async fn a_token_without_the_ability_is_told_its_name_but_not_its_profile() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["other"]).await);
    program.get("/api/user").await.assert_status(200);
    let answer = program.get("/api/v1/me").await;
    assert_eq!(
        answer.assert_status(403).json()["errors"]["code"],
        "FORBIDDEN"
    );
}

#[tokio::test]
async fn no_secret_of_a_user_is_shown() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    for caller in [&browser, &program] {
        for path in ["/api/user", "/api/v1/me"] {
            let body = caller.get(path).await.assert_status(200).body.clone();
            for secret in [
                "password",
                "argon2",
                "remember_token",
                "two_factor",
                "disabled_at",
            ] {
                assert!(!body.contains(secret), "{body}");
            }
        }
    }
}

#[tokio::test]
async fn head_is_answered_without_a_body() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let answer = browser.raw(Method::HEAD, "/api/user", "", "").await;
    assert_eq!(answer.assert_status(200).body, "");
    let stranger = app.anonymous();
    let answer = stranger.raw(Method::HEAD, "/api/user", "", "").await;
    answer.assert_status(401);
}

#[tokio::test]
async fn nobody_gets_a_401_in_json_and_a_person_a_page() {
    let app = TestApp::new().await;
    for accept in ["", "application/json", "*/*", "text/html"] {
        let answer = app
            .anonymous()
            .with("accept", accept)
            .get("/api/user")
            .await;
        let expected = json!({ "message": "Unauthenticated." });
        assert_eq!(answer.assert_status(401).json(), expected, "{accept}");
        assert_eq!(answer.headers.get("location"), None);
    }
}

#[tokio::test]
async fn nobody_is_told_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for path in [
        "/api/user",
        "/api/v1/me",
        "/api/user?id=1",
        "/api/user?user=ana@example.com",
    ] {
        let answer = app.anonymous().get(path).await;
        let body = answer.assert_status(401).json();
        assert_eq!(
            (&body["message"], &body["data"]),
            (&json!("Unauthenticated."), &Json::Null)
        );
    }
}

#[tokio::test]
async fn a_role_is_shown_to_those_who_have_one() {
    let app = TestApp::with(|config| config.users.roles = vec!["owner".to_owned()]).await;
    let user = app.user(ANA).await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    assert_eq!(program.get("/api/user").await.json().get("role"), None);
    app.adyton
        .set_role(&user, Some("owner".to_owned()))
        .await
        .expect("a role");
    assert_eq!(program.get("/api/user").await.json()["role"], "owner");
}
