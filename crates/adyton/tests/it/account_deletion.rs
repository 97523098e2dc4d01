//! A user deletes their own account, and nothing of it can be used any more.

use adyton::Event;
use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials};

const BO: &str = "bo@example.com";

async fn delete(browser: &Browser, body: Json) -> Answer {
    browser.json(Method::DELETE, "/user", body).await
}

async fn rows(app: &TestApp) -> Vec<(&'static str, i64)> {
    let mut rows = Vec::new();
    for table in [
        "users",
        "sessions",
        "remembered_browsers",
        "personal_access_tokens",
        "user_security",
        "one_time_links",
        "password_reset_tokens",
        "two_factor_challenges",
    ] {
        rows.push((table, app.count(table).await));
    }
    rows
}

#[tokio::test]
async fn an_account_goes_with_everything_that_proves_it() {
    let app = TestApp::new().await;
    app.user(BO).await;
    app.logged_in(BO).await;
    let before = rows(&app).await;
    let ana = app.user(ANA).await;
    let (browser, other) = (app.logged_in(ANA).await, app.browser());
    other.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    other.post("/login", body).await.assert_status(200);
    let token = app.token(&ana, &["user"]).await;
    let program = app.bearer(&token);
    program.get("/api/user").await.assert_status(200);
    leave_traces(&app, &ana).await;
    app.deliver().await;
    app.mails();
    app.events();
    let copy = browser.copied();
    let answer = delete(&browser, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(204).body, "");
    assert_eq!(app.events(), [Event::UserDeleted { user: ana.id }]);
    assert_eq!(rows(&app).await, before, "only what is Bo's is left");
    for gone in [&browser, &copy, &other, &program] {
        gone.get("/api/user").await.assert_status(401);
    }
    let again = app.browser();
    again.get("/sanctum/csrf-cookie").await;
    again
        .post("/login", credentials(ANA))
        .await
        .assert_status(422);
    app.deliver().await;
    let told = app.last_mail(ANA).expect("a notice");
    assert!(!told.text.contains("/account/not-me/"), "{}", told.text);
}

/// A link, a pending reset and a challenge of a user.
async fn leave_traces(app: &TestApp, user: &adyton::User) {
    let db = app.adyton.db();
    let now = app.clock.now();
    let soon = now + chrono::TimeDelta::hours(1);
    for (id, purpose) in [("a", "not_me"), ("b", "email_undo"), ("c", "email_change")] {
        let sql = "INSERT INTO one_time_links (id, purpose, user_id, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5)";
        let params = [
            id.into(),
            purpose.into(),
            (&user.id).into(),
            now.into(),
            soon.into(),
        ];
        db.run(sql, &params).await.expect("a link");
    }
    let sql = "INSERT INTO password_reset_tokens (email, token, created_at) VALUES ($1, $2, $3)";
    let params = [ANA.into(), "t".into(), now.into()];
    db.run(sql, &params).await.expect("a reset");
    let sql = "INSERT INTO two_factor_challenges (id, user_id, via, wish, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    let wish = "{\"session\":{\"remember\":false}}";
    let params = [
        "x".into(),
        (&user.id).into(),
        "password".into(),
        wish.into(),
        now.into(),
        soon.into(),
    ];
    db.run(sql, &params).await.expect("a challenge");
}

#[tokio::test]
async fn the_cookies_are_cleared() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    browser.post("/login", body).await.assert_status(200);
    let before = browser.copied();
    let password = json!({ "password": PASSWORD });
    delete(&browser, password).await.assert_status(204);
    assert_eq!(browser.cookie("adyton_remember"), None);
    assert_ne!(
        browser.cookie("adyton_session"),
        before.cookie("adyton_session")
    );
    assert_ne!(browser.cookie("XSRF-TOKEN"), before.cookie("XSRF-TOKEN"));
}

#[tokio::test]
async fn a_wrong_password_and_none_delete_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for body in [json!({ "password": "another" }), json!({})] {
        let answer = delete(&browser, body).await;
        let sentence = "The password is incorrect.";
        let expected = json!({ "message": sentence, "errors": { "password": [sentence] } });
        assert_eq!(answer.assert_status(422).json(), expected);
        assert_eq!(answer.code(), "PASSWORD_WRONG");
    }
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn who_proved_of_late_who_they_are_needs_no_password() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let password = json!({ "password": PASSWORD });
    browser.post("/user/confirm-password", password).await;
    delete(&browser, json!({})).await.assert_status(204);
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn the_password_alone_is_not_enough_for_who_has_a_second_factor() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let sql = "UPDATE users SET two_factor_secret = 'sealed', two_factor_confirmed_at = $1";
    let now = app.clock.now();
    let set = app.adyton.db().run(sql, &[now.into()]).await;
    set.expect("updated");
    app.clock.advance(chrono::TimeDelta::seconds(2));
    let answer = delete(&browser, json!({ "password": PASSWORD })).await;
    assert_eq!(answer.assert_status(423).code(), "CONFIRMATION_REQUIRED");
    assert_eq!(app.count("users").await, 1);
    let password = json!({ "password": PASSWORD });
    browser.post("/user/confirm-password", password).await;
    delete(&browser, json!({})).await.assert_status(204);
}

#[tokio::test]
async fn a_form_is_sent_to_the_front_page() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await.with("accept", "text/html");
    let pairs = [("_method", "DELETE"), ("password", PASSWORD)];
    let answer = browser.form("/user", &pairs).await;
    assert_eq!(answer.assert_status(302).header("location"), "/");
}

#[tokio::test]
async fn a_token_deletes_nobody_and_a_csrf_token_is_asked() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    let password = json!({ "password": PASSWORD });
    let refused = delete(&program, password.clone()).await;
    assert_eq!(refused.assert_status(403).code(), "SESSION_REQUIRED");
    let browser = app.logged_in(ANA).await.without_csrf_header();
    delete(&browser, password).await.assert_status(419);
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn without_the_feature_there_is_no_such_route() {
    let app = TestApp::with(|config| {
        config.features = ["csrf-cookie", "login"].map(str::to_owned).to_vec();
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let password = json!({ "password": PASSWORD });
    delete(&browser, password).await.assert_status(404);
}

#[tokio::test]
async fn of_two_deletions_at_once_one_is_told_and_recorded() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    for round in 0..4 {
        app.user(ANA).await;
        let (one, two) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
        app.events();
        let body = || json!({ "password": PASSWORD });
        let (first, second) = tokio::join!(delete(&one, body()), delete(&two, body()));
        let mut statuses = [first.status.as_u16(), second.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 204, "round {round}: {statuses:?}");
        assert!(
            [401, 422].contains(&statuses[1]),
            "round {round}: {statuses:?}"
        );
        let events = app.events();
        let deleted = events
            .iter()
            .filter(|event| matches!(event, Event::UserDeleted { .. }));
        assert_eq!(deleted.count(), 1, "round {round}: {events:?}");
        assert_eq!(app.count("users").await, 0);
    }
}

#[tokio::test]
async fn a_login_in_flight_does_not_outlive_the_account() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    for round in 0..4 {
        app.user(ANA).await;
        let browser = app.logged_in(ANA).await;
        let late = app.browser();
        late.get("/sanctum/csrf-cookie").await.assert_status(204);
        let (gone, _) = tokio::join!(
            delete(&browser, json!({ "password": PASSWORD })),
            late.post("/login", credentials(ANA))
        );
        gone.assert_status(204);
        assert_eq!(app.count("sessions").await, 0, "round {round}");
        late.get("/api/user").await.assert_status(401);
    }
}
