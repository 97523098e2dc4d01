//! Who is calling: sessions, bearer tokens and both, with the cases of Sanctum's own `GuardTest`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use adyton::db::Value;
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::support::{ANA, HASH_OF_TEST, LaravelToken, Watched, credentials, hosting};

const BEN: &str = "ben@example.com";

/// Tells which token was used when, as the table has it.
async fn last_used_at(app: &TestApp, id: i64) -> Option<chrono::DateTime<chrono::Utc>> {
    let sql = "SELECT last_used_at FROM personal_access_tokens WHERE id = $1";
    let row = app.adyton.db().one(sql, &[id.into()]).await;
    let row = row.expect("the statement is right").expect("a row");
    row.get("last_used_at").expect("a time")
}

async fn authorized(app: &TestApp, value: &str) -> Answer {
    let program = app.anonymous().with("authorization", value);
    program.get("/api/user").await
}

#[track_caller]
fn assert_refused(answer: &Answer, code: &str) {
    answer.assert_status(401);
    assert_eq!(answer.json(), json!({ "message": "Unauthenticated." }));
    assert_eq!(answer.code(), code, "{answer:#?}");
}

#[tokio::test]
async fn nobody_is_known_without_credentials() {
    let app = TestApp::new().await;
    assert_refused(
        &app.anonymous().get("/api/user").await,
        "CREDENTIALS_MISSING",
    );
}

#[tokio::test]
async fn a_session_may_do_anything_but_what_is_reserved() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/anything").await.assert_status(200);
    let refused = browser.get("/api/admin").await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
    assert_eq!(refused.code(), "SESSION_ABILITY_MISSING");
}

#[tokio::test]
async fn an_unknown_token_is_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for text in ["test", "1|test", "99|test"] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_refused(&answer, "TOKEN_UNKNOWN");
    }
}

#[tokio::test]
async fn a_token_is_found_with_and_without_its_id() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    for text in ["test".to_owned(), format!("{id}|test")] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_eq!(answer.assert_status(200).json()["email"], ANA);
    }
    let of_another_row = authorized(&app, &format!("Bearer {}|test", id + 1)).await;
    assert_refused(&of_another_row, "TOKEN_UNKNOWN");
}

#[tokio::test]
async fn a_wrong_secret_under_a_right_id_is_refused() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    for secret in ["Test", "test ", "tes", "testt", HASH_OF_TEST] {
        let answer = authorized(&app, &format!("Bearer {id}|{secret}")).await;
        answer.assert_status(401);
    }
}

#[tokio::test]
async fn the_stored_hash_is_no_token() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let answer = authorized(&app, &format!("Bearer {HASH_OF_TEST}")).await;
    assert_refused(&answer, "TOKEN_UNKNOWN");
}

#[tokio::test]
async fn the_older_token_forms_of_sanctum_are_read() {
    // Before 3.2.6 forty random characters, before 2.6.0 eighty; before 2.3.0 without an id.
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    for length in [40, 80] {
        let secret = "aB3".repeat(30)[..length].to_owned();
        let mut token = LaravelToken::fixture(&app);
        token.hash = sha256_hex(length);
        let id = token.insert(&app, &ana).await;
        for text in [secret.clone(), format!("{id}|{secret}")] {
            authorized(&app, &format!("Bearer {text}"))
                .await
                .assert_status(200);
        }
    }
}

/// SHA-256 of the first characters of `aB3aB3…`, as `sha256sum` tells it.
fn sha256_hex(length: usize) -> String {
    let known = [
        (
            40,
            "34dbe5cdbcad4b8d1c2e38f39afbb9f401d67c7e72927d52acccc61dcd6ac734",
        ),
        (
            80,
            "5aa412dd24a06263f5d585761c7f946fc3c9cfd51a20774b65df6628831aa146",
        ),
    ];
    let found = known.iter().find(|(known, _)| *known == length);
    found.expect("one of the two").1.to_owned()
}

#[tokio::test]
async fn what_is_no_token_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    // The list of Sanctum's GuardTest, and some more.
    for value in [
        "",
        "|",
        "test",
        "|test",
        "1ABC|test",
        "1ABC|",
        "1,2|test",
        "Bearer",
        "Bearer ",
        "Bearer |test",
        "Bearer 1,2|test",
        "Bearer 1ABC|test",
        "Bearer 1ABC|",
        "Bearer 1|",
        "Bearer 1|0",
        "Bearer -1|test",
        "Bearer +1|test",
        "Bearer 1.0|test",
        "Bearer \t1|test",
        "Bearer  test",
        "Bearer test ,x",
        "Bearer test, Bearer test",
        "Bearer 99999999999999999999|test",
        "Bearer 9223372036854775808|test",
        "Bearer 18446744073709551616|test",
        "Bearertest",
        "Bearer\ttest",
        "xBearer test",
        "Token test",
        "Basic test",
        "Basic Bearer test",
    ] {
        let answer = authorized(&app, value).await;
        answer.assert_status(401);
        assert_eq!(answer.json(), json!({ "message": "Unauthenticated." }));
    }
    let long = format!("Bearer 1|{}", "a".repeat(10_000));
    authorized(&app, &long).await.assert_status(401);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_token() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let value = http::HeaderValue::from_bytes(b"Bearer 1|\xff\xfe").expect("a header value");
    let request = http::Request::get("/api/user").header("authorization", value);
    let request = request.body(axum::body::Body::empty()).expect("a request");
    app.send(request).await.assert_status(401);
}

#[tokio::test]
async fn two_authorization_headers_are_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let request = http::Request::get("/api/user")
        .header("authorization", "Bearer test")
        .header("authorization", "Bearer test");
    let request = request.body(axum::body::Body::empty()).expect("a request");
    assert_refused(&app.send(request).await, "TOKEN_MALFORMED");
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        authorized(&app, &format!("{scheme} test"))
            .await
            .assert_status(200);
    }
}

#[tokio::test]
async fn a_token_counts_in_its_header_only() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    for path in [
        "/api/user?token=test",
        "/api/user?access_token=test",
        "/api/user?api_token=test",
    ] {
        app.anonymous().get(path).await.assert_status(401);
    }
    let in_another_header = app.anonymous().with("x-auth-token", "test");
    in_another_header.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_token_of_another_kind_of_owner_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.owner_type = "App\\Models\\Team";
    let id = token.insert(&app, &ana).await;
    for text in ["test".to_owned(), format!("{id}|test")] {
        let answer = authorized(&app, &format!("Bearer {text}")).await;
        assert_refused(&answer, "TOKEN_UNKNOWN");
    }
}

#[tokio::test]
async fn a_token_whose_owner_is_gone_is_nobodys() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    LaravelToken::fixture(&app).insert(&app, &ana).await;
    let sql = "DELETE FROM users WHERE email = $1";
    app.adyton
        .db()
        .run(sql, &[ANA.into()])
        .await
        .expect("deleted");
    assert_refused(&authorized(&app, "Bearer test").await, "USER_DISABLED");
}

#[tokio::test]
async fn a_token_ends_with_the_configured_age() {
    let app = TestApp::with(|config| {
        config.tokens.expiration = Some(Duration::from_secs(60));
        config.guard.memory = Duration::from_secs(3600);
    })
    .await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.created_at = Some(app.clock.now() - TimeDelta::seconds(30));
    token.insert(&app, &ana).await;
    authorized(&app, "Bearer test").await.assert_status(200);
    app.clock.advance(TimeDelta::seconds(30));
    assert_refused(&authorized(&app, "Bearer test").await, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_token_without_a_date_of_birth_cannot_be_young_enough() {
    let app =
        TestApp::with(|config| config.tokens.expiration = Some(Duration::from_secs(60))).await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.created_at = None;
    token.insert(&app, &ana).await;
    assert_refused(&authorized(&app, "Bearer test").await, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_token_ends_with_its_own_date() {
    let app = TestApp::with(|config| config.guard.memory = Duration::from_secs(36_000)).await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.expires_at = Some(app.clock.now() + TimeDelta::minutes(60));
    token.insert(&app, &ana).await;
    authorized(&app, "Bearer test").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(61));
    assert_refused(&authorized(&app, "Bearer test").await, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn at_the_very_second_of_its_date_a_token_is_still_good() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    // Until a whole exchange falls into the second.
    loop {
        let now = app.clock.now();
        let sql = "UPDATE personal_access_tokens SET expires_at = $1 WHERE id = $2";
        let params = [Value::from(now), id.into()];
        app.adyton.db().run(sql, &params).await.expect("updated");
        let answer = authorized(&app, "Bearer test").await;
        if app.clock.now().timestamp() == now.timestamp() {
            answer.assert_status(200);
            break;
        }
        app.clock.advance(TimeDelta::seconds(2));
    }
    app.clock.advance(TimeDelta::seconds(2));
    assert_refused(&authorized(&app, "Bearer test").await, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn of_two_ends_the_earlier_one_counts() {
    let app =
        TestApp::with(|config| config.tokens.expiration = Some(Duration::from_secs(60))).await;
    let ana = app.user(ANA).await;
    // Old, but with a date far away: the setting ends it.
    let mut old = LaravelToken::fixture(&app);
    old.created_at = Some(app.clock.now() - TimeDelta::minutes(60));
    old.expires_at = Some(app.clock.now() + TimeDelta::days(60));
    old.insert(&app, &ana).await;
    assert_refused(&authorized(&app, "Bearer test").await, "TOKEN_EXPIRED");
    // Young, but past its date: the date ends it.
    let mut past = LaravelToken::fixture(&app);
    past.hash = sha256_hex(40);
    past.expires_at = Some(app.clock.now() - TimeDelta::seconds(2));
    let id = past.insert(&app, &ana).await;
    let secret = &"aB3".repeat(30)[..40];
    let answer = authorized(&app, &format!("Bearer {id}|{secret}")).await;
    assert_refused(&answer, "TOKEN_EXPIRED");
}

#[tokio::test]
async fn a_token_may_do_what_it_lists() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["posts:write", "other"]).await;
    let program = app.bearer(&token);
    program.get("/api/either").await.assert_status(200);
    let refused = program.get("/api/anything").await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
    assert_eq!(refused.code(), "TOKEN_ABILITY_MISSING");
}

#[tokio::test]
async fn a_token_with_a_star_may_do_all_but_what_is_reserved() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let all = app.bearer(&app.token(&ana, &["*"]).await);
    all.get("/api/anything").await.assert_status(200);
    all.get("/api/either").await.assert_status(200);
    all.get("/api/admin").await.assert_status(403);
    let admin = app.bearer(&app.token(&ana, &["admin"]).await);
    admin.get("/api/admin").await.assert_status(200);
    admin.get("/api/anything").await.assert_status(403);
}

#[tokio::test]
async fn abilities_that_are_no_list_allow_nothing() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    for abilities in [
        None,
        Some("[]"),
        Some(""),
        Some("\"*\""),
        Some("{\"0\":\"*\"}"),
        Some("*"),
    ] {
        let mut token = LaravelToken::fixture(&app);
        token.abilities = abilities;
        let id = token.insert(&app, &ana).await;
        let program = app.bearer("test");
        program.get("/api/user").await.assert_status(200);
        program.get("/api/anything").await.assert_status(403);
        app.adyton.revoke_token(id).await.expect("it is there");
    }
}

#[tokio::test]
async fn nobody_is_asked_for_abilities_before_they_are_known() {
    let app = hosting(|_| {}).await;
    assert_refused(
        &app.anonymous().get("/api/admin").await,
        "CREDENTIALS_MISSING",
    );
}

#[tokio::test]
async fn a_session_beside_a_token_has_the_tokens_power() {
    let app = hosting(|_| {}).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ana, &["posts:read"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
    both.get("/api/either").await.assert_status(200);
    let refused = both.get("/api/anything").await;
    refused.assert_status(403);
    assert_eq!(refused.code(), "TOKEN_ABILITY_MISSING");
}

#[tokio::test]
async fn a_session_and_a_token_of_different_users_are_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let ben = app.user(BEN).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ben, &["*"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    assert_refused(&both.get("/api/user").await, "CREDENTIALS_DIFFER");
}

#[tokio::test]
async fn a_bad_token_beside_a_session_is_refused() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let both = browser.with("authorization", "Bearer 99|test");
    assert_refused(&both.get("/api/user").await, "TOKEN_BESIDE_SESSION");
}

#[tokio::test]
async fn what_is_no_token_beside_a_session_is_ignored() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for value in [
        "Bearer",
        "Bearer ",
        "Bearer |test",
        "Bearer 1ABC|test",
        "Bearer a, Bearer b",
        "Bearer null undefined",
        "Basic YTpi",
    ] {
        let both = browser.clone().with("authorization", value);
        both.get("/api/user").await.assert_status(200);
    }
}

#[tokio::test]
async fn what_is_no_token_does_not_spare_a_session_its_csrf_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for value in ["Bearer", "Bearer |test", "Basic YTpi"] {
        let forged = browser.clone().with("authorization", value);
        let forged = forged.without_csrf_header();
        forged.post_nothing("/notes").await.assert_status(419);
        forged.post_nothing("/logout").await.assert_status(419);
    }
}

#[tokio::test]
async fn a_dead_session_does_not_hurt_a_token_beside_it() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    app.adyton.end_sessions(&ana.id).await.expect("ended");
    let token = app.token(&ana, &["*"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn tokens_that_are_switched_off_authenticate_nothing() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["*"]).await;
    assert_refused(
        &app.bearer(&token).get("/api/user").await,
        "TOKENS_DISABLED",
    );
    let browser = app.logged_in(ANA).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get("/api/user").await.assert_status(200);
    let forged = both.without_csrf_header();
    forged.post_nothing("/logout").await.assert_status(419);
}

#[tokio::test]
async fn outside_development_a_401_does_not_say_which_check_failed() {
    let app = TestApp::with(|config| config.debug = false).await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.expires_at = Some(app.clock.now() - TimeDelta::days(1));
    let id = token.insert(&app, &ana).await;
    let mut answers = Vec::new();
    for value in [
        "Bearer test".to_owned(),
        format!("Bearer {id}|wrong"),
        format!("Bearer {}|test", id + 1),
        "Bearer 1ABC|test".to_owned(),
    ] {
        let answer = authorized(&app, &value).await;
        answer.assert_status(401);
        answers.push((answer.headers.clone(), answer.body.clone()));
    }
    for (headers, body) in &answers {
        assert_eq!((headers, body), (&answers[0].0, &answers[0].1));
        assert_eq!(headers["x-adyton-code"], "UNAUTHENTICATED");
        assert!(!headers.contains_key("x-adyton-reason"));
    }
}

#[tokio::test]
async fn the_last_use_is_written_by_the_flush_and_not_by_the_request() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    app.clock.advance(TimeDelta::hours(1));
    let now = app.clock.now();
    authorized(&app, "Bearer test").await.assert_status(200);
    assert_eq!(last_used_at(&app, id).await, None);
    app.adyton.flush().await.expect("the database is there");
    let used = last_used_at(&app, id).await.expect("it was used");
    assert!((used - now).num_seconds().abs() <= 2, "{used} {now}");
}

#[tokio::test]
async fn a_refused_token_was_not_used() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let mut token = LaravelToken::fixture(&app);
    token.expires_at = Some(app.clock.now() - TimeDelta::days(1));
    let id = token.insert(&app, &ana).await;
    authorized(&app, "Bearer test").await.assert_status(401);
    app.adyton.flush().await.expect("the database is there");
    assert_eq!(last_used_at(&app, id).await, None);
}

#[tokio::test]
async fn the_last_use_is_written_at_shutdown() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    authorized(&app, "Bearer test").await.assert_status(200);
    end.send(()).expect("the server waits");
    let ended = async { ended.await.expect("it was sent") };
    let served = adyton::serve(&app.adyton, listener, app.router(), ended).await;
    served.expect("the server ends well");
    assert!(last_used_at(&app, id).await.is_some());
}

#[tokio::test]
async fn a_flush_that_fails_loses_nothing() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let id = LaravelToken::fixture(&app).insert(&app, &ana).await;
    authorized(&app, "Bearer test").await.assert_status(200);
    let db = app.adyton.db();
    let away = "ALTER TABLE personal_access_tokens RENAME TO away";
    db.run(away, &[]).await.expect("renamed");
    assert!(app.adyton.flush().await.is_err());
    let back = "ALTER TABLE away RENAME TO personal_access_tokens";
    db.run(back, &[]).await.expect("renamed");
    app.adyton.flush().await.expect("the table is back");
    assert!(last_used_at(&app, id).await.is_some());
}

#[tokio::test]
async fn a_route_that_does_not_ask_costs_no_query() {
    let (app, users) = Watched::app(|config| config.guard.memory = Duration::ZERO).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    users.queries();
    browser.get("/free").await.assert_status(200);
    browser.post("/free", json!({})).await.assert_status(200);
    assert_eq!(users.queries(), 0);
    browser.get("/api/user").await.assert_status(200);
    assert_eq!(users.queries(), 1);
    app.adyton.db().close().await;
    browser.get("/free").await.assert_status(200);
    let with_token = browser.with("authorization", "Bearer 1|test");
    with_token.get("/free").await.assert_status(200);
}

#[tokio::test]
async fn a_caller_in_memory_costs_no_query() {
    let (app, users) = Watched::app(|config| config.guard.memory = Duration::from_secs(60)).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    for caller in [&browser, &program] {
        users.queries();
        for _ in 0..10 {
            caller.get("/api/user").await.assert_status(200);
        }
        assert_eq!(users.queries(), 1);
        app.clock.advance(TimeDelta::seconds(61));
        caller.get("/api/user").await.assert_status(200);
        assert_eq!(users.queries(), 1, "the moment is over");
    }
}

#[tokio::test]
async fn a_database_that_cannot_tell_is_a_503_and_clears_no_cookie() {
    let app = hosting(|config| config.guard.memory = Duration::ZERO).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    app.adyton.db().close().await;
    for caller in [&browser, &program] {
        for path in ["/api/user", "/api/closed", "/open", "/api/anything"] {
            let answer = caller.get(path).await;
            answer.assert_status(503);
            assert_eq!(answer.header("retry-after"), "1");
            assert_eq!(answer.set_cookies(), Vec::<String>::new());
        }
    }
    let remembering = app
        .browser()
        .with("cookie", "adyton_remember=selector.validator");
    let answer = remembering.get("/api/user").await;
    answer.assert_status(503);
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(503);
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
}

/// An application that believes what it found for an hour.
async fn forgetful_of_nothing() -> TestApp {
    TestApp::with(|config| {
        config.guard.memory = Duration::from_secs(3600);
        config.throttle.enabled = false;
    })
    .await
}

#[tokio::test]
async fn a_revoked_token_is_refused_by_the_very_next_request() {
    let app = forgetful_of_nothing().await;
    let ana = app.user(ANA).await;
    let kept = app.bearer(&app.token(&ana, &["user"]).await);
    let text = app.token(&ana, &["user"]).await;
    let (id, secret) = text.split_once('|').expect("id|secret");
    let revoked = [app.bearer(&text), app.bearer(secret)];
    for program in &revoked {
        program.get("/api/user").await.assert_status(200);
    }
    kept.get("/api/user").await.assert_status(200);
    let path = format!("/api/v1/me/tokens/{id}");
    kept.delete(&path).await.assert_status(200);
    for program in &revoked {
        program.get("/api/user").await.assert_status(401);
    }
    kept.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn an_ended_session_is_refused_by_the_very_next_request() {
    let app = forgetful_of_nothing().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let copy = browser.copied();
    browser.get("/api/user").await.assert_status(200);
    browser.post_nothing("/logout").await.assert_status(204);
    copy.get("/api/user").await.assert_status(401);
    let second = app.logged_in(ANA).await;
    second.get("/api/user").await.assert_status(200);
    app.adyton.end_sessions(&ana.id).await.expect("ended");
    second.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_disabled_user_is_refused_by_the_very_next_request() {
    let app = forgetful_of_nothing().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    let browser = app.logged_in(ANA).await;
    for caller in [&browser, &program] {
        caller.get("/api/user").await.assert_status(200);
    }
    app.adyton.disable_user(&ana).await.expect("disabled");
    for caller in [&browser, &program] {
        caller.get("/api/user").await.assert_status(401);
    }
    app.adyton.enable_user(&ana).await.expect("enabled");
    program.get("/api/user").await.assert_status(200);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_new_role_counts_for_the_very_next_request() {
    let app = TestApp::with(|config| {
        config.guard.memory = Duration::from_secs(3600);
        config.users.roles = vec!["owner".to_owned()];
    })
    .await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    assert_eq!(program.get("/api/user").await.json().get("role"), None);
    let role = Some("owner".to_owned());
    app.adyton.set_role(&ana, role).await.expect("a known role");
    assert_eq!(program.get("/api/user").await.json()["role"], "owner");
}

#[tokio::test]
async fn a_session_that_a_login_replaced_is_refused_by_the_very_next_request() {
    // A bad token hides the live session from the login's gate; the login replaces it all the
    // same, and with it what is kept in memory under its first owner.
    let app = forgetful_of_nothing().await;
    app.user(ANA).await;
    app.user(BEN).await;
    let browser = app.logged_in(ANA).await;
    let copy = browser.copied();
    copy.get("/api/user").await.assert_status(200);
    let with_bad_token = browser.with("authorization", "Bearer 99|test");
    let answer = with_bad_token.post("/login", credentials(BEN)).await;
    answer.assert_status(200);
    copy.get("/api/user").await.assert_status(401);
}

/// Callers that ask without a pause, and what they saw after something was acknowledged.
async fn race(callers: Vec<Browser>, acknowledge: impl Future<Output = ()>) -> usize {
    let (is_over, is_done) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let (let_in, asked) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = callers
        .into_iter()
        .map(|caller| {
            let (is_over, is_done) = (Arc::clone(&is_over), Arc::clone(&is_done));
            let (let_in, asked) = (Arc::clone(&let_in), Arc::clone(&asked));
            tokio::spawn(async move {
                while !is_done.load(Ordering::SeqCst) {
                    let was_over = is_over.load(Ordering::SeqCst);
                    let answer = caller.get("/api/user").await;
                    asked.fetch_add(1, Ordering::SeqCst);
                    if was_over && answer.status == 200 {
                        let_in.fetch_add(1, Ordering::SeqCst);
                    }
                }
            })
        })
        .collect();
    while asked.load(Ordering::SeqCst) < 50 {
        tokio::task::yield_now().await;
    }
    acknowledge.await;
    is_over.store(true, Ordering::SeqCst);
    let then = asked.load(Ordering::SeqCst);
    while asked.load(Ordering::SeqCst) < then + 50 {
        tokio::task::yield_now().await;
    }
    is_done.store(true, Ordering::SeqCst);
    for task in tasks {
        task.await.expect("no caller panics");
    }
    let_in.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_let_in_after_a_revocation_was_acknowledged() {
    // Without memory each request reads the database; with it, what was read may be kept.
    for memory in [0, 0, 3600, 3600, 3600, 3600] {
        let app = TestApp::with(|config| config.guard.memory = Duration::from_secs(memory)).await;
        let ana = app.user(ANA).await;
        let text = app.token(&ana, &["user"]).await;
        let id = text.split('|').next().and_then(|id| id.parse().ok());
        let callers = (0..4).map(|_| app.bearer(&text)).collect();
        let let_in = race(callers, async {
            let revoked = app.adyton.revoke_token(id.expect("an id")).await;
            revoked.expect("it is there");
        })
        .await;
        assert_eq!(let_in, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_let_in_after_a_logout_was_acknowledged() {
    for _ in 0..4 {
        let app = forgetful_of_nothing().await;
        app.user(ANA).await;
        let browser = app.logged_in(ANA).await;
        let callers = (0..4).map(|_| browser.copied()).collect();
        let let_in = race(callers, async {
            let answer = browser.json(Method::POST, "/logout", json!({})).await;
            answer.assert_status(204);
        })
        .await;
        assert_eq!(let_in, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_is_let_in_after_a_user_was_disabled() {
    for _ in 0..4 {
        let app = forgetful_of_nothing().await;
        let ana = app.user(ANA).await;
        let text = app.token(&ana, &["user"]).await;
        let browser = app.logged_in(ANA).await;
        let callers = vec![
            app.bearer(&text),
            app.bearer(&text),
            browser.copied(),
            browser,
        ];
        let let_in = race(callers, async {
            app.adyton.disable_user(&ana).await.expect("disabled");
        })
        .await;
        assert_eq!(let_in, 0);
    }
}

#[tokio::test]
async fn a_flush_is_over_when_one_that_was_begun_before_is() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    program.get("/api/user").await.assert_status(200);
    let mut holding = app.adyton.db().begin().await.expect("a transaction");
    let untouched = "UPDATE personal_access_tokens SET name = name";
    holding.run(untouched, &[]).await.expect("the row is held");
    let (mut first, mut second) = (Box::pin(app.adyton.flush()), Box::pin(app.adyton.flush()));
    for flush in [&mut first, &mut second] {
        tokio::select! {
            biased;
            _ = flush => panic!("nothing can be written yet"),
            () = tokio::task::yield_now() => {}
        }
    }
    holding.commit().await.expect("the row is let go");
    first.await.expect("it is written");
    second.await.expect("it is written");
    let written = "SELECT id FROM personal_access_tokens WHERE last_used_at IS NOT NULL";
    let row = app.adyton.db().one(written, &[]).await;
    assert!(row.expect("an answer").is_some());
}
