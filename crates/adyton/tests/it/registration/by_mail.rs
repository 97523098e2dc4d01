//! `verify_first`: one answer for all, and a mail tells the rest.

use chrono::TimeDelta;

use adyton::config::{Config, RegistrationMode};
use adyton::db::Value as DbValue;
use adyton::{Changes, Event};
use adyton_testing::{PASSWORD, TestApp};
use serde_json::{Value as Json, json};

use super::{TOKEN, WEB, ana, ana_with, tried, users};
use crate::support::{
    ANA, change, credentials, found, mailed_path, one_of_twenty, outbox, page, raced, without_mail,
};

fn by_mail(config: &mut Config) {
    config.registration.mode = RegistrationMode::VerifyFirst;
    config.throttle.enabled = false;
}

/// The path of the link that a registration is completed by.
async fn link(app: &TestApp) -> String {
    tried(app, TOKEN, ana()).await.assert_status(202);
    let path = mailed_path(app, ANA).await;
    assert!(path.starts_with("/register/complete/"), "{path}");
    path
}

async fn complete(app: &TestApp, path: &str) -> adyton_testing::Answer {
    app.anonymous().post(path, json!({})).await
}

#[tokio::test]
async fn a_mailed_link_makes_a_verified_account_and_logs_nobody_in() {
    let app = TestApp::with(by_mail).await;
    let path = link(&app).await;
    assert!(users(&app).await.is_empty(), "not before");
    let answer = complete(&app, &path).await;
    answer.assert_status(204);
    assert!(answer.set_cookies().is_empty());
    assert!(matches!(
        app.events()[..],
        [Event::Registered { .. }, Event::EmailVerified { .. }]
    ));
    assert!(found(&app, ANA).await.expect("Ana").has_verified_email());
    assert_eq!(app.count("sessions").await, 0);
    let mut login = credentials(ANA);
    login["password"] = json!("long enough");
    let path = "/api/v1/auth/login";
    app.anonymous().post(path, login).await.assert_status(200);
}

#[tokio::test]
async fn free_and_taken_addresses_get_one_answer_and_leave_one_row() {
    let app = TestApp::with(by_mail).await;
    app.user(ANA).await;
    let disabled = app.user("dan@example.com").await;
    let mut changes = Changes::default();
    changes.disabled_at = Some(Some(app.clock.now()));
    change(&app, &disabled, changes).await;
    for path in [WEB, TOKEN] {
        let mut answers = Vec::new();
        for email in [ANA, "dan@example.com", "eva@example.com"] {
            let answer = tried(&app, path, ana_with("email", json!(email))).await;
            let names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
            answers.push((answer.status, answer.body.clone(), names));
        }
        assert!(
            answers.iter().all(|answer| *answer == answers[0]),
            "{answers:?}"
        );
    }
    let rows = outbox(&app).await;
    assert_eq!(rows.len(), 6);
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:?}");
    assert_eq!(app.count("one_time_links").await, 0, "not yet");
    app.deliver().await;
    let mut told: Vec<(String, String)> = app
        .mails()
        .into_iter()
        .map(|mail| (mail.to, mail.subject))
        .collect();
    told.sort();
    let already = "You already have an account at Adyton".to_owned();
    let finish = "Finish your registration at Adyton".to_owned();
    let eva = ("eva@example.com".to_owned(), finish);
    let ana = (ANA.to_owned(), already);
    assert_eq!(told, [ana.clone(), ana, eva.clone(), eva]);
}

#[tokio::test]
async fn the_answers_are_fortifys_and_the_envelopes() {
    let app = TestApp::with(by_mail).await;
    let answer = tried(&app, WEB, ana()).await;
    assert_eq!(answer.assert_status(201).body, "\"\"");
    let answer = tried(&app, TOKEN, ana()).await;
    let said = "We have emailed you a link to complete your registration.";
    assert_eq!(
        answer.assert_status(202).json(),
        json!({ "success": true, "message": said })
    );
    let browser = page(&app);
    browser.get("/sanctum/csrf-cookie").await;
    let browser = browser.with("origin", "http://localhost:3000");
    let fields = ana();
    let fields = fields.as_object().expect("fields").iter();
    let pairs: Vec<(&str, &str)> = fields
        .map(|(name, value)| (name.as_str(), value.as_str().expect("a text")))
        .collect();
    let answer = browser.form(WEB, &pairs).await;
    assert!(answer.assert_status(200).body.contains(said));
}

#[tokio::test]
async fn whoever_has_an_account_is_mailed_a_way_back_into_it() {
    let app = TestApp::with(by_mail).await;
    app.user(ANA).await;
    tried(&app, TOKEN, ana()).await.assert_status(202);
    let path = mailed_path(&app, ANA).await;
    let token = path.strip_prefix("/reset-password/").expect("a reset");
    let token = token.split('?').next().expect("a token");
    let body = json!({ "token": token, "email": ANA, "password": "an entirely new one" });
    let reset = "/api/v1/auth/reset-password";
    app.anonymous().post(reset, body).await.assert_status(200);
    assert_eq!(users(&app).await.len(), 1);
}

#[tokio::test]
async fn the_page_shows_and_its_button_makes_the_account() {
    let app = TestApp::with(by_mail).await;
    let path = link(&app).await;
    let browser = page(&app).with("origin", "null");
    for _ in 0..2 {
        let shown = browser.get(&path).await;
        let said = "An account for ana@example.com will be made.";
        assert!(shown.assert_status(200).body.contains(said));
    }
    let facts = app.anonymous().get(&path).await.assert_status(200).json();
    assert_eq!(facts, json!({ "valid": true, "email": ANA }));
    assert!(users(&app).await.is_empty());
    let done = browser.form(&path, &[]).await;
    assert!(
        done.assert_status(200)
            .body
            .contains("Registered successfully")
    );
    assert_eq!(users(&app).await.len(), 1);
    browser.get(&path).await.assert_status(403);
}

#[tokio::test]
async fn a_link_works_once_and_for_a_day() {
    let app = TestApp::with(by_mail).await;
    let path = link(&app).await;
    app.clock.advance(TimeDelta::seconds(24 * 60 * 60 + 1));
    let answer = complete(&app, &path).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    let path = link(&app).await;
    complete(&app, &path).await.assert_status(204);
    complete(&app, &path).await.assert_status(403);
    for token in ["%00", "%20", "x", "%FF", "..", "%2e%2e"] {
        let answer = complete(&app, &format!("/register/complete/{token}")).await;
        assert!([403, 404, 405].contains(&answer.status.as_u16()), "{token}");
    }
    assert_eq!(users(&app).await.len(), 1);
}

#[tokio::test]
async fn of_two_who_ask_for_one_address_the_first_to_complete_has_it() {
    let app = TestApp::with(by_mail).await;
    let first = link(&app).await;
    let second = link(&app).await;
    complete(&app, &second).await.assert_status(204);
    let late = complete(&app, &first).await;
    assert_eq!(late.assert_status(403).code(), "LINK_INVALID");
    // Nor does it help that the address was taken in another way meanwhile.
    let third = tried(&app, TOKEN, ana_with("email", json!("bob@example.com"))).await;
    third.assert_status(202);
    let third = mailed_path(&app, "bob@example.com").await;
    app.user("bob@example.com").await;
    let taken = complete(&app, &third).await;
    let said = json!(["The email has already been taken."]);
    assert_eq!(taken.assert_status(422).json()["errors"]["email"], said);
    let mut login = credentials("bob@example.com");
    login["password"] = json!(PASSWORD);
    let path = "/api/v1/auth/login";
    app.anonymous().post(path, login).await.assert_status(200);
}

#[tokio::test]
async fn an_address_that_its_last_owner_may_take_back_is_taken() {
    for mode in [RegistrationMode::VerifyFirst, RegistrationMode::Open] {
        let app = TestApp::with(|config| {
            by_mail(config);
            config.registration.mode = mode;
        })
        .await;
        let sql = "INSERT INTO one_time_links (id, purpose, user_id, address, payload, \
             created_at, expires_at) VALUES ($1, 'email_undo', $2, $3, NULL, $4, $5)";
        let now = app.clock.now();
        let end = now + chrono::TimeDelta::days(7);
        let row: [DbValue; 5] = ["x".into(), 1_i64.into(), ANA.into(), now.into(), end.into()];
        app.adyton.db().run(sql, &row).await.expect("a link");
        let answer = tried(&app, TOKEN, ana()).await;
        if mode == RegistrationMode::Open {
            let said = json!(["The email has already been taken."]);
            assert_eq!(answer.assert_status(422).json()["errors"]["email"], said);
            continue;
        }
        answer.assert_status(202);
        app.deliver().await;
        let mail = app.last_mail(ANA).expect("a mail");
        assert_eq!(mail.subject, "You already have an account at Adyton");
        assert!(!mail.text.contains("http"), "{}", mail.text);
    }
}

#[tokio::test]
async fn what_a_registration_may_bring_is_kept_until_it_is_completed() {
    let app = TestApp::with(|config| {
        by_mail(config);
        config.users.roles = ["customer", "owner"].map(str::to_owned).to_vec();
        config.users.default_role = Some("customer".to_owned());
        let phone = adyton::config::Field::new(adyton::config::FieldKind::Text);
        config.users.fields = [("phone".to_owned(), phone)].into();
    })
    .await;
    let mut body = ana_with("phone", json!("555 0100"));
    body["role"] = json!("owner");
    body["email_verified_at"] = json!("2020-01-01 00:00:00");
    tried(&app, WEB, body).await.assert_status(201);
    let stored = outbox_payload(&app).await;
    assert!(
        !stored.contains("argon2") && !stored.contains(ANA),
        "sealed"
    );
    let path = mailed_path(&app, ANA).await;
    let sql = "SELECT payload AS value FROM one_time_links WHERE address = $1";
    let sealed = crate::support::text(&app, sql, ANA).await.expect("a link");
    assert!(!sealed.contains("argon2"));
    complete(&app, &path).await.assert_status(204);
    let made = found(&app, ANA).await.expect("Ana");
    assert_eq!(made.role.as_deref(), Some("customer"));
    assert_eq!(made.fields["phone"], Json::from("555 0100"));
}

async fn outbox_payload(app: &TestApp) -> String {
    let sql = "SELECT payload AS value FROM mail_outbox WHERE kind = $1";
    crate::support::text(app, sql, "errand")
        .await
        .expect("a row")
}

#[tokio::test]
async fn one_address_is_not_mailed_without_end() {
    let app = TestApp::with(|config| {
        by_mail(config);
        config.throttle.enabled = true;
        config.throttle.register.max = 100;
    })
    .await;
    for _ in 0..9 {
        tried(&app, TOKEN, ana()).await.assert_status(202);
    }
    assert_eq!(app.deliver().await, 5);
}

#[tokio::test]
async fn without_mail_nobody_can_register_and_a_closed_one_says_so() {
    let (_database, wire) = without_mail(by_mail).await;
    for body in [ana(), json!({})] {
        let request = format!("POST {TOKEN}\nContent-Type: application/json\n\n{body}");
        let answer = wire.send(&request).await;
        assert_eq!(answer.assert_status(503).code(), "MAIL_NOT_CONFIGURED");
    }
    let app = TestApp::with(by_mail).await;
    let path = link(&app).await;
    let app = app.restarted(|config| config.registration.mode = RegistrationMode::Closed);
    let answer = complete(&app.await, &path).await;
    assert_eq!(answer.assert_status(403).code(), "REGISTRATION_CLOSED");
}

#[tokio::test]
async fn it_is_what_a_new_install_has() {
    let mode = Config::default().registration.mode;
    assert_eq!(mode, RegistrationMode::VerifyFirst);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_uses_of_one_link_at_once_one_makes_the_account() {
    let app = TestApp::with(by_mail).await;
    for round in 0..4 {
        let email = format!("ana{round}@example.com");
        let sent = tried(&app, TOKEN, ana_with("email", json!(email))).await;
        sent.assert_status(202);
        let path = mailed_path(&app, &email).await;
        let statuses = raced(&app, &path, &json!({})).await;
        assert_eq!(statuses, one_of_twenty(204, 403));
    }
    assert_eq!(users(&app).await.len(), 4);
}
