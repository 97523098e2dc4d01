//! A user's own profile: what changes at once, and what must be proved first.

use adyton::config::{Config, Field, FieldKind};
use adyton::{Event, Result, User};
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::mailbox::{PAGES, path_in_mail};
use crate::support::ANA;

const PATH: &str = "/user/profile-information";
const NEW: &str = "new@example.com";
const BEN: &str = "ben@example.com";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn put(browser: &Browser, body: Json) -> Answer {
    browser.json(Method::PUT, PATH, body).await
}

fn ana(email: &str) -> Json {
    json!({ "name": "Ana", "email": email })
}

/// Ana's browser, just logged in.
async fn opened(set: impl FnOnce(&mut Config)) -> (TestApp, Browser) {
    let app = TestApp::with(set).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    app.events();
    (app, browser)
}

async fn stored(app: &TestApp) -> User {
    let found: Result<Option<User>> = app.adyton.users().find(&1.into()).await;
    found.expect("it can be read").expect("a user")
}

#[tokio::test]
async fn a_name_changes_at_once() {
    let (app, browser) = opened(|_| {}).await;
    let answer = put(&browser, json!({ "name": " Ana María ", "email": ANA })).await;
    assert_eq!(answer.assert_status(200).body, "\"\"", "as Fortify says it");
    let me = browser.get("/api/user").await.assert_status(200).json();
    assert_eq!(
        (&me["name"], &me["email"]),
        (&json!("Ana María"), &json!(ANA))
    );
    assert_ne!(me["email_verified_at"], Json::Null);
    assert_eq!(app.events(), [Event::ProfileUpdated { user: 1.into() }]);
    put(&browser, json!({ "name": "Ana María", "email": ANA }))
        .await
        .assert_status(200);
    assert_eq!(app.events(), [], "nothing is new");
}

#[tokio::test]
async fn an_address_in_capitals_is_the_same_address() {
    let (app, browser) = opened(|_| {}).await;
    put(&browser, ana(" ANA@Example.COM "))
        .await
        .assert_status(200);
    assert_eq!(app.events(), []);
    assert_eq!(app.deliver().await, 0);
}

#[tokio::test]
async fn name_and_address_are_needed() {
    let (_app, browser) = opened(unlimited).await;
    let answer = put(&browser, json!({})).await;
    let errors = &answer.assert_status(422).json()["errors"];
    let required = |field: &str| json!([format!("The {field} field is required.")]);
    assert_eq!(errors["name"], required("name"));
    assert_eq!(errors["email"], required("email"));
    for name in [json!(null), json!("x".repeat(256)), json!(7), json!("\0")] {
        put(&browser, json!({ "name": name, "email": ANA }))
            .await
            .assert_status(422);
    }
    put(&browser, json!({ "name": "é".repeat(255), "email": ANA }))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn no_look_alike_and_no_second_recipient_is_an_address() {
    let (app, browser) = opened(unlimited).await;
    for bad in [
        "m\u{131}ke@example.com",
        "\u{fb01}@example.com",
        "\u{212a}@example.com",
        "ana\u{ff20}example.com",
        "ana\u{fe6b}example.com",
        "a@evil.example,b@example.com",
        "a@evil.example;b@example.com",
        "a b@example.com",
        "<a@example.com>",
        "a%0a@example.com",
        "a\r\nBcc: x@b.example",
        "a@b\n.example",
        "\"a\r\nBcc: x\"@b.example",
    ] {
        let answer = put(&browser, ana(bad)).await;
        let errors = &answer.assert_status(422).json()["errors"];
        assert!(errors["email"].is_array(), "{bad:?}");
    }
    assert_eq!(app.deliver().await, 0);
    assert_eq!(app.events(), []);
}

#[tokio::test]
async fn a_role_and_a_proof_are_never_taken_from_a_body() {
    let (app, browser) = opened(|config| {
        config.users.roles = vec!["admin".to_owned()];
    })
    .await;
    let before = stored(&app).await;
    let body = json!({
        "name": "Ana", "email": NEW, "role": "admin", "id": 7, "is_admin": true,
        "email_verified_at": null, "verified": true, "disabled_at": "2030-01-01",
        "password": "stolen one here", "two_factor_confirmed_at": null,
    });
    put(&browser, body).await.assert_status(200);
    let after = stored(&app).await;
    assert_eq!((after.role, after.email), (None, ANA.to_owned()));
    assert_eq!(after.email_verified_at, before.email_verified_at);
    let hashes =
        [before.password, after.password].map(|hash| hash.map(|hash| hash.expose().clone()));
    assert_eq!(hashes[0], hashes[1]);
}

#[tokio::test]
async fn a_hosts_fields_change_where_a_registration_may_bring_them() {
    let (app, browser) = opened(|config| {
        unlimited(config);
        let field = |kind, change: fn(&mut Field)| {
            let mut field = Field::new(kind);
            change(&mut field);
            field
        };
        config.users.fields = [
            (
                "phone",
                field(FieldKind::Text, |field| field.required = true),
            ),
            ("age", field(FieldKind::Integer, |_| {})),
            (
                "credit",
                field(FieldKind::Integer, |field| field.registrable = false),
            ),
        ]
        .map(|(name, field)| (name.to_owned(), field))
        .into();
    })
    .await;
    let mut body = ana(ANA);
    body["phone"] = json!("600000000");
    body["age"] = json!(42);
    body["credit"] = json!(1_000_000);
    put(&browser, body).await.assert_status(200);
    let fields = stored(&app).await.fields;
    assert_eq!(fields["phone"], "600000000");
    assert_eq!(fields["age"], 42);
    assert_eq!(fields["credit"], Json::Null);
    assert_eq!(app.events(), [Event::ProfileUpdated { user: 1.into() }]);

    put(&browser, ana(ANA)).await.assert_status(200);
    assert_eq!(
        stored(&app).await.fields["phone"],
        "600000000",
        "not sent: it stays"
    );
    let mut emptied = ana(ANA);
    emptied["age"] = json!("");
    put(&browser, emptied).await.assert_status(200);
    assert_eq!(
        stored(&app).await.fields["age"],
        Json::Null,
        "sent empty: it goes"
    );
    let mut required = ana(ANA);
    required["phone"] = Json::Null;
    put(&browser, required).await.assert_status(422);
}

#[tokio::test]
async fn another_address_changes_nothing_until_it_is_proved() {
    let (app, browser) = opened(|_| {}).await;
    let answer = put(
        &browser,
        json!({ "name": "Anna", "email": "New@Example.com" }),
    )
    .await;
    assert_eq!(answer.assert_status(200).body, "\"\"");
    let user = stored(&app).await;
    assert_eq!((&*user.name, &*user.email), ("Anna", ANA));
    assert!(user.has_verified_email());
    let (updated, requested) = (
        Event::ProfileUpdated { user: 1.into() },
        Event::EmailChangeRequested { user: 1.into() },
    );
    assert_eq!(app.events(), [updated, requested]);
    app.deliver().await;
    let told = app.last_mail(ANA).expect("the old address is told");
    assert_eq!(told.subject, "A new address for your account at Adyton");
    assert!(told.text.contains(PAGES[2]), "{}", told.text);
    assert!(!told.text.contains(NEW), "not before it is proved");
    assert!(path_in_mail(&app, NEW, PAGES[0]).is_some());
}

#[tokio::test]
async fn no_answer_tells_whether_somebody_has_the_address() {
    let (app, browser) = opened(|_| {}).await;
    app.user(BEN).await;
    let (free, taken) = (put(&browser, ana(NEW)).await, put(&browser, ana(BEN)).await);
    assert_eq!((free.status, &free.body), (taken.status, &taken.body));
    let names = |answer: &Answer| {
        let mut names: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&free), names(&taken));
    assert_eq!(
        app.count("one_time_links").await,
        2,
        "two notices, and no link yet"
    );
    app.deliver().await;
    assert!(path_in_mail(&app, NEW, PAGES[0]).is_some());
    let told = app.last_mail(BEN).expect("Ben is told");
    assert_eq!(told.subject, "You already have an account at Adyton");
    assert!(!told.text.contains(PAGES[0]), "{}", told.text);
    assert!(!told.text.contains(ANA), "{}", told.text);
    let to_ana: Vec<_> = app
        .mails()
        .into_iter()
        .filter(|mail| mail.to == ANA)
        .collect();
    assert_eq!(
        to_ana[0].subject, to_ana[1].subject,
        "nor does the old mailbox"
    );
}

#[tokio::test]
async fn an_old_session_asks_once_more_who_it_is() {
    let (app, browser) = opened(|_| {}).await;
    app.clock.advance(TimeDelta::minutes(16));
    let refused = put(&browser, json!({ "name": "Thief", "email": NEW })).await;
    assert_eq!(refused.assert_status(423).code(), "CONFIRMATION_REQUIRED");
    assert_eq!(stored(&app).await.name, "Ana", "all or nothing");
    put(&browser, json!({ "name": "Anna", "email": ANA }))
        .await
        .assert_status(200);
    let password = json!({ "password": adyton_testing::PASSWORD });
    browser
        .post("/user/confirm-password", password)
        .await
        .assert_status(201);
    put(&browser, ana(NEW)).await.assert_status(200);
}

#[tokio::test]
async fn a_remembered_browser_has_not_logged_in() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let login = json!({ "email": ANA, "password": adyton_testing::PASSWORD, "remember": true });
    browser.post("/login", login).await.assert_status(200);
    app.clock.advance(TimeDelta::hours(5));
    browser.get("/api/user").await.assert_status(200);
    let refused = put(&browser, ana(NEW)).await;
    assert_eq!(refused.assert_status(423).code(), "CONFIRMATION_REQUIRED");
}

#[tokio::test]
async fn wishes_are_limited_and_names_are_not() {
    let (app, browser) = opened(|config| config.throttle.verification.max = 2).await;
    for _ in 0..2 {
        put(&browser, ana(NEW)).await.assert_status(200);
    }
    let refused = put(&browser, ana(NEW)).await;
    assert_eq!(refused.assert_status(429).code(), "THROTTLED");
    put(&browser, json!({ "name": "Anna", "email": ANA }))
        .await
        .assert_status(200);
    app.clock.advance(TimeDelta::minutes(2));
    put(&browser, ana(NEW)).await.assert_status(200);
}

#[tokio::test]
async fn a_token_and_a_foreign_page_change_nothing() {
    let (app, browser) = opened(|_| {}).await;
    let ben = app.user(BEN).await;
    let program = app.bearer(&app.token(&ben, &["*"]).await);
    let answer = put(&program, ana(ANA)).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
    put(&app.browser(), ana(ANA)).await.assert_status(401);
    put(&browser.without_csrf_header(), ana(ANA))
        .await
        .assert_status(419);
}

#[tokio::test]
async fn a_form_is_sent_back_to_where_it_came_from() {
    let (_app, browser) = opened(|_| {}).await;
    let page = "http://localhost:3000/settings";
    let browser = browser.with("accept", "text/html").with("referer", page);
    let fields = [("_method", "PUT"), ("name", "Anna"), ("email", ANA)];
    let answer = browser.form(PATH, &fields).await;
    assert_eq!(answer.assert_status(302).header("location"), page);
}

#[tokio::test]
async fn a_host_header_is_in_no_link() {
    let (app, browser) = opened(|_| {}).await;
    let forged = browser
        .with("host", "evil.example")
        .with("x-forwarded-host", "evil.example")
        .with("forwarded", "host=evil.example");
    put(&forged, ana(NEW)).await.assert_status(200);
    app.deliver().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
        assert!(!mail.html.contains("evil.example"), "{}", mail.html);
    }
}
