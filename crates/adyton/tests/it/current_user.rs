//! Who am I?

use adyton_testing::TestApp;
use http::Method;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn a_user_is_shown_as_laravel_shows_one() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &[]).await);
    let browser = app.logged_in("ana@example.com").await;
    let moment = adyton::timestamp(user.created_at.expect("made just now"));
    let shown = json!({
        "id": 1, "name": "Ana", "email": "ana@example.com", "email_verified_at": moment,
        "created_at": moment, "updated_at": moment,
    });
    for known in [program, browser] {
        let me = known.get("/api/user").await;
        let me = me.assert_status(200).json();
        let verified = me["email_verified_at"].as_str().expect("a moment");
        assert!(verified.ends_with(".000000Z"), "{verified}");
        let names: Vec<_> = me.as_object().expect("a user").keys().collect();
        assert_eq!(
            names,
            [
                "id",
                "name",
                "email",
                "email_verified_at",
                "created_at",
                "updated_at"
            ]
        );
        assert_eq!(
            (&me["id"], &me["email"], &me["created_at"]),
            (&shown["id"], &shown["email"], &shown["created_at"])
        );
    }
}

#[tokio::test]
async fn in_the_envelope_it_takes_the_ability_user() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let me = app
        .bearer(&app.token(&user, &["user"]).await)
        .get("/api/v1/me")
        .await;
    let body = me.assert_status(200).json();
    assert_eq!(
        (&body["success"], &body["message"]),
        (&json!(true), &json!("OK"))
    );
    assert_eq!(
        (&body["data"]["email"], &body["data"]["email_verified"]),
        (&json!("ana@example.com"), &json!(true))
    );
    for abilities in [
        &[][..],
        &["comments:write"],
        &["User"],
        &["user "],
        &["admin"],
    ] {
        let program = app.bearer(&app.token(&user, abilities).await);
        assert_eq!(
            program.get("/api/v1/me").await.assert_status(403).code(),
            "TOKEN_ABILITY_MISSING"
        );
        program.get("/api/user").await.assert_status(200);
    }
    app.logged_in("ana@example.com")
        .await
        .get("/api/v1/me")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn nobody_is_told_nothing() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
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
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    assert_eq!(program.get("/api/user").await.json().get("role"), None);
    app.adyton
        .set_role(&user, Some("owner".to_owned()))
        .await
        .expect("a role");
    assert_eq!(program.get("/api/user").await.json()["role"], "owner");
}

#[tokio::test]
async fn no_secret_of_a_user_is_shown() {
    let app = TestApp::new().await;
    let ana = app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
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
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
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
