//! Making an account, by cookie and by token.

mod by_mail;
mod fields;

use adyton::config::{Config, RegistrationMode};
use adyton::{Event, UserQuery};
use adyton_testing::{Answer, Browser, TestApp};
use serde_json::{Value as Json, json};

const WEB: &str = "/register";
const TOKEN: &str = "/api/v1/auth/register";

fn ana() -> Json {
    json!({
        "name": "Ana", "email": "ana@example.com",
        "password": "long enough", "password_confirmation": "long enough",
    })
}

fn ana_with(name: &str, value: Json) -> Json {
    let mut fields = ana();
    fields[name] = value;
    fields
}

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn visitor(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

async fn users(app: &TestApp) -> Vec<adyton::User> {
    let all = UserQuery::first(1_000);
    app.adyton.users().list(&all).await.expect("a list").0
}

/// The new account's own profile, by the credential that the registration gave.
async fn registered(app: &TestApp, path: &str, body: Json) -> Json {
    if path == WEB {
        let browser = visitor(app).await;
        browser.post(path, body).await.assert_status(201);
        return browser.get("/api/user").await.assert_status(200).json();
    }
    let answer = app.anonymous().post(path, body).await;
    let answer = answer.assert_status(201).json();
    let token = answer["data"]["token"].as_str().expect("a token");
    app.bearer(token).get("/api/user").await.json()
}

async fn tried(app: &TestApp, path: &str, body: Json) -> Answer {
    match path {
        WEB => visitor(app).await.post(path, body).await,
        _ => app.anonymous().post(path, body).await,
    }
}

#[tokio::test]
async fn a_browser_registers_and_is_logged_in() {
    let app = TestApp::new().await;
    let browser = visitor(&app).await;
    let visitors = browser.cookie("adyton_session");
    let answer = browser.post(WEB, ana()).await;
    assert_eq!(answer.assert_status(201).body, "\"\"", "as Fortify says it");
    assert_ne!(browser.cookie("adyton_session"), visitors, "a new id");
    let me = browser.get("/api/user").await;
    let me = me.assert_status(200).json();
    assert_eq!(
        (&me["name"], &me["email"]),
        (&json!("Ana"), &json!("ana@example.com"))
    );
    assert_eq!(me["email_verified_at"], Json::Null);
    assert!(matches!(
        app.events()[..],
        [Event::Registered { .. }, Event::LoggedIn { .. }]
    ));
    let again = browser
        .post(WEB, ana_with("email", json!("b@example.com")))
        .await;
    assert_eq!(again.assert_status(409).code(), "ALREADY_AUTHENTICATED");
}

#[tokio::test]
async fn a_program_registers_and_gets_a_token_once() {
    let app = TestApp::new().await;
    let answer = app
        .anonymous()
        .post(TOKEN, ana_with("device_name", json!("phone")))
        .await;
    let body = answer.assert_status(201).json();
    assert_eq!(body["message"], "Registered successfully");
    assert_eq!(body["data"]["token_type"], "Bearer");
    let user =
        json!({ "id": 1, "name": "Ana", "email": "ana@example.com", "email_verified": false });
    assert_eq!(body["data"]["user"], user);
    assert!(answer.set_cookies().is_empty(), "a program gets no cookies");
    let token = body["data"]["token"].as_str().expect("a token");
    let tokens = app.bearer(token).get("/api/v1/me/tokens").await;
    let listed = tokens.assert_status(200).json();
    assert_eq!(listed["data"][0]["name"], "phone");
    assert_eq!(listed["data"][0]["abilities"], json!(["user"]));
    let (_, secret) = token.split_once('|').expect("an id and a secret");
    assert!(!tokens.body.contains(secret));
    assert!(matches!(
        app.events()[..],
        [Event::Registered { .. }, Event::TokenIssued { .. }]
    ));
}

#[tokio::test]
async fn what_is_missing_is_named_field_by_field() {
    let app = TestApp::new().await;
    let answer = app.anonymous().post(TOKEN, json!({})).await;
    let required = |field| json!([format!("The {field} field is required.")]);
    assert_eq!(
        answer.assert_status(422).json(),
        json!({
            "success": false,
            "message": "The name field is required. (and 2 more errors)",
            "errors": {
                "code": "VALIDATION_FAILED",
                "name": required("name"), "email": required("email"), "password": required("password"),
            },
        })
    );
    assert!(users(&app).await.is_empty() && app.events().is_empty());
}

#[tokio::test]
async fn a_browser_repeats_the_password_and_a_program_need_not() {
    let app = TestApp::with(unlimited).await;
    let mut once = ana();
    once.as_object_mut()
        .expect("fields")
        .remove("password_confirmation");
    let said = json!(["The password field confirmation does not match."]);
    let answer = tried(&app, WEB, once.clone()).await;
    assert_eq!(answer.assert_status(422).json()["errors"]["password"], said);
    for wrong in [json!("long enougH"), json!(["long enough"]), json!(1)] {
        for path in [WEB, TOKEN] {
            let answer = tried(&app, path, ana_with("password_confirmation", wrong.clone())).await;
            assert_eq!(answer.assert_status(422).json()["errors"]["password"], said);
        }
    }
    app.anonymous().post(TOKEN, once).await.assert_status(201);
}

#[tokio::test]
async fn a_password_has_a_least_length_and_a_greatest() {
    let app = TestApp::with(unlimited).await;
    for (password, said) in [
        (
            "1234567",
            "The password field must be at least 8 characters.",
        ),
        (
            "ñandúes",
            "The password field must be at least 8 characters.",
        ),
        (
            &*"x".repeat(1_025),
            "The password field must not be greater than 1024 characters.",
        ),
        (
            &*"x".repeat(60_000),
            "The password field must not be greater than 1024 characters.",
        ),
    ] {
        let body = json!({ "name": "Ana", "email": "ana@example.com", "password": password });
        let answer = app.anonymous().post(TOKEN, body).await;
        assert_eq!(
            answer.assert_status(422).json()["errors"]["password"],
            json!([said])
        );
    }
    let spaces = json!({ "name": "Ana", "email": "ana@example.com", "password": "        " });
    app.anonymous().post(TOKEN, spaces).await.assert_status(201);
}

#[tokio::test]
async fn a_taken_address_is_refused_in_any_case() {
    let app = TestApp::with(unlimited).await;
    app.user("ana@example.com").await;
    for path in [WEB, TOKEN] {
        for entered in ["ana@example.com", "ANA@EXAMPLE.COM", "  Ana@Example.com "] {
            let answer = tried(&app, path, ana_with("email", json!(entered))).await;
            let said = json!(["The email has already been taken."]);
            assert_eq!(answer.assert_status(422).json()["errors"]["email"], said);
            assert!(app.events().is_empty());
        }
    }
    assert_eq!(users(&app).await.len(), 1);
}

#[tokio::test]
async fn a_role_is_never_taken_from_the_body() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.users.roles = ["customer", "owner"].map(str::to_owned).to_vec();
        config.users.default_role = Some("customer".to_owned());
    })
    .await;
    let names = [
        "role",
        "role->x",
        "users.role",
        "Role",
        "roles",
        "users->role",
        "role[]",
    ];
    for (at, name) in names.iter().enumerate() {
        for path in [WEB, TOKEN] {
            let mut body = ana_with("email", json!(format!("u{at}@{}.example", path.len())));
            body[*name] = json!("owner");
            body["user"] = json!({ "role": "owner" });
            let me = registered(&app, path, body).await;
            assert_eq!(me["role"], "customer", "{name} {path}");
        }
    }
    let form = [
        ("name", "Ana"),
        ("email", "form@example.com"),
        ("password", "long enough"),
        ("role", "owner"),
        ("role[]", "owner"),
        ("users[role]", "owner"),
    ];
    app.anonymous().form(TOKEN, &form).await.assert_status(201);
    let all = users(&app).await;
    assert!(
        all.iter()
            .all(|user| user.role.as_deref() == Some("customer"))
    );
}

#[tokio::test]
async fn no_other_column_can_be_set_from_the_body() {
    let app = TestApp::new().await;
    let mut body = ana();
    for (name, value) in [
        ("id", json!(4_711)),
        ("email_verified_at", json!("2020-01-01 00:00:00")),
        ("disabled_at", json!("2020-01-01 00:00:00")),
        ("remember_token", json!("x")),
        ("created_at", json!("2020-01-01 00:00:00")),
        ("is_admin", json!(true)),
    ] {
        body[name] = value;
    }
    let me = registered(&app, TOKEN, body).await;
    assert_eq!(
        (&me["id"], &me["email_verified_at"]),
        (&json!(1), &Json::Null)
    );
    assert!(me["created_at"] != json!("2020-01-01T00:00:00.000000Z"));
    assert!(me.get("is_admin").is_none());
}

#[tokio::test]
async fn a_closed_registration_says_so_and_hashes_nothing() {
    let app = TestApp::with(|config| config.registration.mode = RegistrationMode::Closed).await;
    for path in [WEB, TOKEN] {
        let answer = tried(&app, path, ana()).await;
        assert_eq!(answer.assert_status(403).code(), "REGISTRATION_CLOSED");
        assert_eq!(answer.json()["message"], "Registration is closed.");
    }
    assert!(users(&app).await.is_empty());
}

/// Fifty at once, over real tasks, by both ways in.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_parallel_registrations_of_one_address_one_makes_the_account() {
    let app = TestApp::with(unlimited).await;
    let tasks: Vec<_> = (0..50_u32)
        .map(|number| {
            let program = app.anonymous();
            let email: String = "ana@example.com"
                .char_indices()
                .map(
                    |(at, letter)| match number.rotate_left(u32::try_from(at).unwrap_or(0)) % 2 {
                        0 => letter,
                        _ => letter.to_ascii_uppercase(),
                    },
                )
                .collect();
            tokio::spawn(async move { program.post(TOKEN, ana_with("email", json!(email))).await })
        })
        .collect();
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.expect("an answer").status.as_u16());
    }
    statuses.sort_unstable();
    let expected: Vec<u16> = std::iter::once(201)
        .chain(std::iter::repeat_n(422, 49))
        .collect();
    assert_eq!(statuses, expected);
    assert_eq!(users(&app).await.len(), 1);
    let issued = app.events();
    let issued = issued
        .iter()
        .filter(|event| matches!(event, Event::TokenIssued { .. }));
    assert_eq!(
        issued.count(),
        1,
        "no token of an account that was not made"
    );
}
