//! Logging in by cookie.

use std::time::{Duration, Instant};

use adyton::{Event, Via};
use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, Watched, credentials, hash_of, set_hash, text};

/// Hashes of `password` as Laravel writes them: its user factory's bcrypt, and its argon2id.
const BCRYPT: &str = "$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi";
const CHEAP_BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

async fn visitor(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

/// A login of a browser that has just come, with what it sends.
async fn log_in(app: &TestApp, body: Json) -> Answer {
    visitor(app).await.post("/login", body).await
}

/// Without the limits that are not the matter here.
async fn unlimited() -> TestApp {
    TestApp::with(|config| config.throttle.enabled = false).await
}

#[track_caller]
fn assert_failed(answer: &Answer) {
    answer.assert_status(422);
    let said = "These credentials do not match our records.";
    let expected = json!({ "message": said, "errors": { "email": [said] } });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
}

#[tokio::test]
async fn a_user_logs_in_and_is_known() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = visitor(&app).await;
    app.events();
    let answer = browser.post("/login", credentials(ANA)).await;
    let expected = json!({ "two_factor": false });
    assert_eq!(answer.assert_status(200).json(), expected);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let me = browser.get("/api/user").await;
    assert_eq!(me.assert_status(200).json()["email"], ANA);
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Password,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
}

#[tokio::test]
async fn a_form_is_sent_on_to_the_home_page() {
    let app = TestApp::with(|config| config.wire.home = "/dashboard".to_owned()).await;
    app.user(ANA).await;
    let browser = visitor(&app).await.with("accept", "text/html,*/*;q=0.8");
    let pairs = [("email", ANA), ("password", PASSWORD)];
    let answer = browser.form("/login", &pairs).await;
    assert_eq!(answer.assert_status(302).header("location"), "/dashboard");
    assert_eq!(answer.body, "");
    browser.get("/api/user").await.assert_status(200);
    let answer = browser.form("/logout", &[]).await;
    assert_eq!(answer.assert_status(302).header("location"), "/");
}

#[tokio::test]
async fn a_wrong_password_is_a_422_and_opens_nothing() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    app.events();
    let answer = log_in(&app, json!({ "email": ANA, "password": "Password" })).await;
    assert_failed(&answer);
    assert_eq!(answer.code(), "CREDENTIALS_WRONG");
    assert_eq!(app.count("sessions").await, 0);
    let failed = Event::LoginFailed {
        user: Some(ana.id),
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
}

#[tokio::test]
async fn a_wrong_password_in_a_form_is_a_page() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await.with("accept", "text/html");
    let pairs = [("email", ANA), ("password", "wrong")];
    let answer = browser.form("/login", &pairs).await;
    answer.assert_status(422);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer
            .body
            .contains("These credentials do not match our records.")
    );
    assert!(!answer.body.contains(ANA));
}

#[tokio::test]
async fn known_unknown_and_disabled_users_get_one_answer_in_the_same_time() {
    let floor = Duration::from_millis(200);
    let app = TestApp::with(|config| {
        config.throttle.enabled = false;
        config.hashing.failure_floor = floor;
    })
    .await;
    app.user(ANA).await;
    let gone = app.user("gone@example.com").await;
    app.adyton.disable_user(&gone).await.expect("disabled");
    app.user("hashless@example.com").await;
    set_hash(&app, "hashless@example.com", "").await;
    app.user("garbage@example.com").await;
    set_hash(&app, "garbage@example.com", "not a hash").await;
    app.user("imported@example.com").await;
    set_hash(&app, "imported@example.com", CHEAP_BCRYPT).await;
    let mut answers = Vec::new();
    for (email, password) in [
        (ANA, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("gone@example.com", PASSWORD),
        ("gone@example.com", "wrong"),
        ("hashless@example.com", PASSWORD),
        ("garbage@example.com", "not a hash"),
        ("imported@example.com", "wrong"),
    ] {
        let browser = visitor(&app).await;
        let begun = Instant::now();
        let answer = browser
            .post("/login", json!({ "email": email, "password": password }))
            .await;
        assert!(begun.elapsed() >= floor, "{email}");
        assert_failed(&answer);
        answers.push((answer.headers, answer.body));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[tokio::test]
async fn laravels_bcrypt_is_accepted_and_made_anew() {
    let app = unlimited().await;
    app.user(ANA).await;
    set_hash(&app, ANA, BCRYPT).await;
    assert_failed(&log_in(&app, json!({ "email": ANA, "password": "wrong" })).await);
    assert_eq!(
        hash_of(&app, ANA).await,
        BCRYPT,
        "a failure changes nothing"
    );
    log_in(&app, credentials(ANA)).await.assert_status(200);
    let hash = hash_of(&app, ANA).await;
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    log_in(&app, credentials(ANA)).await.assert_status(200);
    assert_eq!(hash_of(&app, ANA).await, hash, "it is current now");
}

#[tokio::test]
async fn laravels_argon2id_is_accepted_and_made_anew() {
    let app = unlimited().await;
    app.user(ANA).await;
    // What PHP's password_hash writes: the same text, at another cost than ours.
    let other = TestApp::with(|config| {
        config.hashing.memory_kib = 256;
        config.hashing.iterations = 4;
    })
    .await;
    other.user(ANA).await;
    let laravels = hash_of(&other, ANA).await;
    assert!(laravels.starts_with("$argon2id$v=19$m=256,t=4,p=1$"));
    set_hash(&app, ANA, &laravels).await;
    log_in(&app, credentials(ANA)).await.assert_status(200);
    let hash = hash_of(&app, ANA).await;
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
}

#[tokio::test]
async fn a_password_that_changes_during_a_login_stays_changed_and_keeps_it_out() {
    let (app, users) = Watched::app(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    app.user("other@example.com").await;
    let browser = visitor(&app).await;
    for old in [CHEAP_BCRYPT.to_owned(), hash_of(&app, ANA).await] {
        set_hash(&app, ANA, &old).await;
        let (adyton, other) = (app.adyton.clone(), BCRYPT.replace("92IX", "93IX"));
        users.during_the_next_login({
            let other = other.clone();
            move || {
                let (adyton, other) = (adyton.clone(), other.clone());
                async move {
                    let sql = "UPDATE users SET password = $1 WHERE email = $2";
                    let params = [other.into(), ANA.into()];
                    adyton.db().run(sql, &params).await.expect("updated");
                }
            }
        });
        let answer = browser.post("/login", credentials(ANA)).await;
        assert_eq!(hash_of(&app, ANA).await, other);
        assert_failed(&answer);
        assert_eq!(app.count("sessions").await, 0);
    }
}

#[tokio::test]
async fn a_password_that_changes_during_a_token_login_keeps_it_out() {
    let (app, users) = Watched::app(|_| {}).await;
    app.user(ANA).await;
    let adyton = app.adyton.clone();
    users.during_the_next_login(move || {
        let adyton = adyton.clone();
        async move {
            let ana = adyton.find_user(ANA).await.expect("she is there");
            let changed = adyton.set_password(&ana, "another-password".into()).await;
            changed.expect("it is long enough");
        }
    });
    let answer = app
        .anonymous()
        .post("/api/v1/auth/login", credentials(ANA))
        .await;
    answer.assert_status(401);
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn a_user_who_is_disabled_during_a_login_stays_out() {
    let (app, users) = Watched::app(|_| {}).await;
    app.user(ANA).await;
    let adyton = app.adyton.clone();
    users.during_the_next_login(move || {
        let adyton = adyton.clone();
        async move {
            let ana = adyton.find_user(ANA).await.expect("she is there");
            adyton.disable_user(&ana).await.expect("disabled");
        }
    });
    assert_failed(&log_in(&app, credentials(ANA)).await);
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn two_first_logins_of_an_imported_user_at_once_both_succeed() {
    let (app, users) = Watched::app(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    set_hash(&app, ANA, CHEAP_BCRYPT).await;
    let other = visitor(&app).await;
    users.during_the_next_login(move || {
        let other = other.clone();
        // The other login makes the hash anew while this one still holds the old one.
        async move {
            let answer = other.post("/login", credentials(ANA)).await;
            answer.assert_status(200);
        }
    });
    log_in(&app, credentials(ANA)).await.assert_status(200);
}

#[tokio::test]
async fn a_login_gives_the_browser_a_new_session() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    let before = browser.copied();
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    for name in ["adyton_session", "XSRF-TOKEN"] {
        assert_ne!(browser.cookie(name), before.cookie(name));
    }
    before.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn an_id_that_somebody_else_chose_is_worthless_after_the_login() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    // The attacker plants a session of their own, token and all.
    let attacker = visitor(&app).await;
    let victim = attacker.copied();
    victim
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    attacker.get("/api/user").await.assert_status(401);
    let answer = attacker.post("/login", json!({})).await;
    answer.assert_status(422);
    victim.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn two_users_in_one_browser_share_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    let browser = visitor(&app).await;
    let mut seen = std::collections::HashSet::new();
    let mut keep = |browser: &Browser| {
        for name in ["adyton_session", "XSRF-TOKEN"] {
            assert!(seen.insert(browser.cookie(name)), "{name}");
        }
    };
    keep(&browser);
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    keep(&browser);
    browser.post_nothing("/logout").await.assert_status(204);
    keep(&browser);
    let answer = browser.post("/login", credentials("ben@example.com")).await;
    answer.assert_status(200);
    keep(&browser);
    let me = browser.get("/api/user").await;
    assert_eq!(me.json()["email"], "ben@example.com");
}

#[tokio::test]
async fn remember_takes_what_fortifys_clients_send() {
    let app = unlimited().await;
    app.user(ANA).await;
    let yes = [
        json!(true),
        json!(1),
        json!("1"),
        json!("true"),
        json!("on"),
        json!("yes"),
    ];
    let no = [
        json!(false),
        json!(0),
        json!("0"),
        json!("false"),
        json!("off"),
        json!(null),
        json!(""),
    ];
    for (values, is_remembered) in [(&yes[..], true), (&no[..], false)] {
        for value in values {
            let mut body = credentials(ANA);
            body["remember"] = value.clone();
            let answer = log_in(&app, body).await;
            let cookie = answer.assert_status(200).set_cookie("adyton_remember");
            assert_eq!(cookie.is_some(), is_remembered, "{value}");
        }
    }
    for value in [json!("perhaps"), json!(2), json!([]), json!({})] {
        let mut body = credentials(ANA);
        body["remember"] = value;
        log_in(&app, body).await.assert_status(422);
    }
}

#[tokio::test]
async fn a_login_without_remember_is_not_remembered() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let answer = log_in(&app, credentials(ANA)).await;
    assert_eq!(answer.set_cookie("adyton_remember"), None);
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn who_is_logged_in_already_gets_a_409() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let id = browser.cookie("adyton_session");
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_eq!(
        answer.assert_status(409).json(),
        json!({ "message": "You are already logged in." })
    );
    assert_eq!(answer.code(), "ALREADY_AUTHENTICATED");
    assert_eq!(browser.cookie("adyton_session"), id);
}

#[tokio::test]
async fn a_program_with_a_token_may_log_in_by_cookie() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["user"]).await;
    let browser = visitor(&app).await;
    let browser = browser.with("authorization", &format!("Bearer {token}"));
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn while_all_threads_hash_a_login_is_a_503() {
    let app = TestApp::with(|config| {
        config.hashing.memory_kib = 65_536;
        config.hashing.iterations = 4;
        config.hashing.threads = 1;
        config.hashing.queue = 0;
    })
    .await;
    app.user(ANA).await;
    let (first, second) = (visitor(&app).await, visitor(&app).await);
    let answers = tokio::join!(
        first.post("/login", credentials(ANA)),
        second.post("/login", credentials(ANA)),
    );
    let busy = if answers.0.status == 503 {
        answers.0
    } else {
        answers.1
    };
    assert_eq!(
        busy.assert_status(503).json(),
        json!({ "message": "Service Unavailable" })
    );
    assert_eq!((busy.code(), busy.header("retry-after")), ("BUSY", "1"));
    assert_eq!(busy.set_cookies(), Vec::<String>::new());
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn an_attempt_that_was_never_checked_does_not_count_against_the_account() {
    let app = TestApp::with(|config| {
        config.hashing.memory_kib = 65_536;
        config.hashing.iterations = 4;
        config.hashing.threads = 1;
        config.hashing.queue = 0;
        config.throttle.account.max = 2;
    })
    .await;
    app.user(ANA).await;
    let wrong = json!({ "email": ANA, "password": "wrong" });
    let (first, second) = (visitor(&app).await, visitor(&app).await);
    let answers = tokio::join!(
        first.post("/login", wrong.clone()),
        second.post("/login", wrong.clone()),
    );
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [422, 503]);
    for status in [422, 429] {
        let answer = first.post("/login", wrong.clone()).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn an_address_is_trimmed_and_in_small_letters_whatever_was_typed() {
    let app = unlimited().await;
    app.user(ANA).await;
    for email in [
        "Ana@Example.COM",
        "  ana@example.com ",
        "\tana@example.com\n",
        "ANA@EXAMPLE.COM",
    ] {
        let answer = log_in(&app, credentials(email)).await;
        assert_eq!(answer.status, 200, "{email:?} {answer:#?}");
    }
    for email in [
        "an\u{212a}@example.com",
        "ana\u{200b}@example.com",
        "ana＠example.com",
    ] {
        log_in(&app, credentials(email)).await.assert_status(422);
    }
}

#[tokio::test]
async fn a_password_is_never_trimmed() {
    let app = unlimited().await;
    let ana = app.user(ANA).await;
    for password in [" password", "password ", "password\n", "\u{a0}password"] {
        assert_failed(&log_in(&app, json!({ "email": ANA, "password": password })).await);
    }
    let spaced = "  spaced  password  ";
    app.adyton
        .set_password(&ana, spaced.into())
        .await
        .expect("it is long enough");
    assert_failed(&log_in(&app, json!({ "email": ANA, "password": spaced.trim() })).await);
    let answer = log_in(&app, json!({ "email": ANA, "password": spaced })).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn what_is_missing_or_of_a_wrong_type_is_a_422_by_field() {
    let app = unlimited().await;
    app.user(ANA).await;
    let required = |name: &str| format!("The {name} field is required.");
    let answer = log_in(&app, json!({})).await;
    let expected = json!({
        "message": format!("{} (and 1 more error)", required("email")),
        "errors": { "email": [required("email")], "password": [required("password")] },
    });
    assert_eq!(answer.assert_status(422).json(), expected);
    for wrong in [
        json!(["a"]),
        json!({}),
        json!(1),
        json!(true),
        json!("a\0b"),
        json!(""),
    ] {
        for name in ["email", "password"] {
            let mut body = credentials(ANA);
            body[name] = wrong.clone();
            let answer = log_in(&app, body).await;
            let errors = &answer.assert_status(422).json()["errors"];
            assert!(errors.get(name).is_some(), "{name} {wrong} {errors}");
        }
    }
    let long = json!({ "email": ANA, "password": "x".repeat(5_000) });
    log_in(&app, long).await.assert_status(422);
    let long = json!({ "email": format!("{}@example.com", "a".repeat(300)), "password": "x" });
    log_in(&app, long).await.assert_status(422);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_a_4xx() {
    let app = unlimited().await;
    let browser = visitor(&app).await;
    let json = "application/json";
    let cases: [(&str, &[u8], u16); 12] = [
        (json, b"", 422),
        (json, b"{", 400),
        (json, b"null", 400),
        (json, b"[]", 400),
        (json, b"\"x\"", 400),
        (json, b"{\"email\":\"a\",\"email\":\"b\"}", 400),
        (json, b"\xff\xfe", 400),
        ("", b"", 422),
        ("text/plain", b"email=x", 415),
        ("multipart/form-data", b"x", 400),
        ("application/x-www-form-urlencoded", b"email=%ff", 400),
        ("application/x-www-form-urlencoded", b"email=a&email=b", 422),
    ];
    for (kind, body, status) in cases {
        let answer = browser
            .raw(Method::POST, "/login", kind, body.to_vec())
            .await;
        assert_eq!(answer.status, status, "{kind} {body:?} {answer:#?}");
        assert!(answer.json()["message"].is_string());
    }
    let deep = format!("{{\"email\":{}", "[".repeat(30_000));
    let answer = browser.raw(Method::POST, "/login", json, deep).await;
    answer.assert_status(400);
}

#[tokio::test]
async fn a_login_with_odd_header_values_is_written_all_the_same() {
    let app = unlimited().await;
    app.user(ANA).await;
    for agent in [
        "x".repeat(5_000),
        "emoji 🦀".repeat(100),
        "a'\"\\%".to_owned(),
    ] {
        let browser = visitor(&app).await.with("user-agent", &agent);
        browser
            .post("/login", credentials(ANA))
            .await
            .assert_status(200);
    }
    let browser = visitor(&app)
        .await
        .from("2001:db8:1234:5678:9abc:def0:1234:5678");
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    let sql = "SELECT ip_address AS value FROM sessions WHERE ip_address <> $1";
    let address = text(&app, sql, "127.0.0.1").await;
    assert_eq!(
        address.as_deref(),
        Some("2001:db8:1234:5678:9abc:def0:1234:5678")
    );
}

#[tokio::test]
async fn no_secret_is_in_an_answer_or_an_event() {
    let app = unlimited().await;
    app.user(ANA).await;
    let secret = "correct-horse-battery";
    let mut seen = String::new();
    for body in [
        json!({ "email": ANA, "password": secret }),
        json!({ "email": "nobody@example.com", "password": secret }),
        json!({ "email": secret, "password": secret }),
        json!({ "email": ANA, "password": [secret] }),
    ] {
        let answer = log_in(&app, body).await;
        seen += &format!("{answer:?} {:?}", app.events());
    }
    let malformed = format!("{{\"password\":\"{secret}\",");
    let browser = visitor(&app).await;
    let answer = browser
        .raw(Method::POST, "/login", "application/json", malformed)
        .await;
    seen += &format!("{answer:?}");
    assert!(!seen.contains(secret), "{seen}");
}
