//! Changing one's password: what proves it, what ends by it, and what goes on.

use adyton::{Config, Event};
use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials, hash_of, set_hash};

const PATH: &str = "/user/password";
const NEW: &str = "another long one";

fn wanted(current: &str, new: &str) -> Json {
    json!({ "current_password": current, "password": new, "password_confirmation": new })
}

async fn change(browser: &Browser, body: Json) -> Answer {
    browser.json(Method::PUT, PATH, body).await
}

async fn app() -> TestApp {
    app_with(|_| {}).await
}

async fn app_with(set: impl FnOnce(&mut Config)) -> TestApp {
    let app = TestApp::with(set).await;
    app.user(ANA).await;
    app
}

#[tokio::test]
async fn a_right_password_makes_way_for_a_new_one() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    app.events();
    let before = browser.cookie("adyton_session");
    let answer = change(&browser, wanted(PASSWORD, NEW)).await;
    assert_eq!(answer.assert_status(200).body, "\"\"", "as Fortify says it");
    assert_ne!(browser.cookie("adyton_session"), before, "a new id");
    browser.get("/api/user").await.assert_status(200);
    assert_eq!(app.events(), [Event::PasswordChanged { user: 1.into() }]);

    let other = app.browser();
    other.get("/sanctum/csrf-cookie").await.assert_status(204);
    let old = other.post("/login", credentials(ANA)).await;
    old.assert_status(422);
    let new = json!({ "email": ANA, "password": NEW });
    other.post("/login", new).await.assert_status(200);
}

#[tokio::test]
async fn its_user_is_told_by_mail() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    change(&browser, wanted(PASSWORD, NEW))
        .await
        .assert_status(200);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert_eq!(mail.subject, "Your password for Adyton was changed");
    assert!(mail.text.contains("/account/not-me/"), "{}", mail.text);
}

#[tokio::test]
async fn what_is_missing_is_named_in_fortifys_words_and_order() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let required = |field: &str| format!("The {field} field is required.");
    let answer = change(&browser, json!({})).await;
    let body = answer.assert_status(422).json();
    assert_eq!(
        body,
        json!({
            "message": "The current password field is required. (and 1 more error)",
            "errors": {
                "current_password": [required("current password")],
                "password": [required("password")],
            }
        })
    );
    let body = wanted("", NEW);
    let answer = change(&browser, body).await;
    let errors = json!({ "current_password": [required("current password")] });
    assert_eq!(answer.assert_status(422).json()["errors"], errors);
}

#[tokio::test]
async fn a_wrong_one_is_named_in_fortifys_words_beside_all_else() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let hash = hash_of(&app, ANA).await;
    let answer = change(&browser, wanted("wrong-password", NEW)).await;
    let sentence = "The provided password does not match your current password.";
    let expected = json!({ "message": sentence, "errors": { "current_password": [sentence] } });
    assert_eq!(answer.assert_status(422).json(), expected);
    assert_eq!(answer.code(), "PASSWORD_WRONG");

    let both = json!({ "current_password": "wrong-password", "password": "short" });
    let answer = change(&browser, both).await;
    let errors = &answer.assert_status(422).json()["errors"];
    assert_eq!(errors["current_password"], json!([sentence]));
    assert_eq!(
        errors["password"].as_array().map(Vec::len),
        Some(2),
        "{errors}"
    );
    assert_eq!(hash_of(&app, ANA).await, hash, "nothing changed");
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn no_body_is_a_server_error() {
    let app = app_with(|config| config.throttle.enabled = false).await;
    let browser = app.logged_in(ANA).await;
    let long = "x".repeat(2_000);
    for wrong in [
        json!(null),
        json!(7),
        json!(["a"]),
        json!("\0"),
        json!(long),
        json!({}),
    ] {
        let mut as_current = wanted(PASSWORD, NEW);
        as_current["current_password"] = wrong.clone();
        change(&browser, as_current).await.assert_status(422);
        let mut as_new = wanted(PASSWORD, NEW);
        as_new["password"] = wrong;
        change(&browser, as_new).await.assert_status(422);
    }
    let mut unrepeated = wanted(PASSWORD, NEW);
    unrepeated["password_confirmation"] = Json::Null;
    change(&browser, unrepeated).await.assert_status(422);
}

#[tokio::test]
async fn guesses_are_counted_and_a_right_one_forgets_them() {
    let app = app_with(|config| config.throttle.login.max = 100).await;
    let browser = app.logged_in(ANA).await;
    for _ in 0..9 {
        let answer = change(&browser, wanted("wrong-password", NEW)).await;
        answer.assert_status(422);
    }
    change(&browser, wanted(PASSWORD, NEW))
        .await
        .assert_status(200);
    for _ in 0..10 {
        let answer = change(&browser, wanted("wrong-password", NEW)).await;
        answer.assert_status(422);
    }
    let refused = change(&browser, wanted(NEW, PASSWORD)).await;
    assert_eq!(refused.assert_status(429).code(), "THROTTLED");
    let failed = Event::ConfirmationFailed {
        user: 1.into(),
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(
        app.events()
            .iter()
            .filter(|event| **event == failed)
            .count(),
        19
    );
}

#[tokio::test]
async fn the_new_one_must_be_good() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    for bad in ["7 chars", "ana@example.com"] {
        let answer = change(&browser, wanted(PASSWORD, bad)).await;
        let errors = &answer.assert_status(422).json()["errors"];
        assert!(errors["password"].is_array(), "{bad}: {errors}");
    }
}

#[tokio::test]
async fn a_token_and_a_foreign_page_change_nothing() {
    let app = app().await;
    let user = app.user("ben@example.com").await;
    let program = app.bearer(&app.token(&user, &["*"]).await);
    let answer = change(&program, wanted(PASSWORD, NEW)).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
    change(&app.browser(), wanted(PASSWORD, NEW))
        .await
        .assert_status(401);
    let browser = app.logged_in(ANA).await;
    let forged = browser.without_csrf_header();
    change(&forged, wanted(PASSWORD, NEW))
        .await
        .assert_status(419);
}

#[tokio::test]
async fn a_form_is_sent_back_to_where_it_came_from() {
    let app = app().await;
    let browser = app.logged_in(ANA).await.with("accept", "text/html");
    let browser = browser.with("referer", "http://localhost:3000/settings");
    let fields = [
        ("_method", "PUT"),
        ("current_password", PASSWORD),
        ("password", NEW),
        ("password_confirmation", NEW),
    ];
    let answer = browser.form(PATH, &fields).await;
    assert_eq!(
        answer.assert_status(302).header("location"),
        "http://localhost:3000/settings"
    );
}

#[tokio::test]
async fn a_user_without_a_password_sets_the_first_one_only_when_confirmed_of_late() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let old = hash_of(&app, ANA).await;
    set_hash(&app, ANA, "").await;
    let first = json!({ "password": NEW, "password_confirmation": NEW });
    let refused = change(&browser, first.clone()).await;
    assert_eq!(refused.assert_status(423).code(), "CONFIRMATION_REQUIRED");
    assert_eq!(hash_of(&app, ANA).await, "");

    set_hash(&app, ANA, &old).await;
    let password = json!({ "password": PASSWORD });
    browser
        .post("/user/confirm-password", password)
        .await
        .assert_status(201);
    set_hash(&app, ANA, "").await;
    app.clock.advance(TimeDelta::minutes(14));
    change(&browser, first).await.assert_status(200);
    assert!(!hash_of(&app, ANA).await.is_empty());
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_refused() {
    let app = app_with(|config| config.throttle.enabled = false).await;
    for round in 0..4 {
        let mine = app.logged_in(ANA).await;
        let theirs = app.logged_in(ANA).await;
        let (one, two) = tokio::join!(
            change(&mine, wanted(PASSWORD, NEW)),
            change(&theirs, wanted(PASSWORD, "the thief's own one")),
        );
        let right = [&one, &two]
            .iter()
            .filter(|answer| answer.status == 200)
            .count();
        assert_eq!(right, 1, "round {round}: {one:?} {two:?}");
        assert_eq!(app.count("sessions").await, 1, "round {round}");
        let now = if one.status == 200 {
            NEW
        } else {
            "the thief's own one"
        };
        let stays = if one.status == 200 { mine } else { theirs };
        change(&stays, wanted(now, PASSWORD))
            .await
            .assert_status(200);
        app.adyton
            .db()
            .run("DELETE FROM sessions", &[])
            .await
            .expect("deleted");
    }
}
