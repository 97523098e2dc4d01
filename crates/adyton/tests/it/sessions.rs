//! How long a session lasts, and what is written of it.

use std::time::Duration;

use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;

use crate::support::{ANA, hosting};

async fn last_activity(app: &TestApp) -> i64 {
    let sql = "SELECT last_activity FROM sessions";
    let row = app.adyton.db().one(sql, &[]).await.expect("read");
    let row = row.expect("a row");
    row.get("last_activity").expect("a number")
}

#[track_caller]
fn assert_over(answer: &adyton_testing::Answer) {
    answer.assert_status(401);
    assert_eq!(answer.code(), "SESSION_EXPIRED");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_too_long() {
    for memory in [0, 36_000] {
        let app = TestApp::with(|config| config.guard.memory = Duration::from_secs(memory)).await;
        app.user(ANA).await;
        let browser = app.logged_in(ANA).await;
        app.clock.advance(TimeDelta::minutes(119));
        browser.get("/api/user").await.assert_status(200);
        app.clock.advance(TimeDelta::minutes(121));
        assert_over(&browser.get("/api/user").await);
    }
}

#[tokio::test]
async fn each_request_keeps_a_session_alive_flushed_or_not() {
    for (memory, is_flushed) in [(0, false), (0, true), (36_000, false), (36_000, true)] {
        let app = TestApp::with(|config| config.guard.memory = Duration::from_secs(memory)).await;
        app.user(ANA).await;
        let browser = app.logged_in(ANA).await;
        for _ in 0..5 {
            app.clock.advance(TimeDelta::minutes(100));
            browser.get("/api/user").await.assert_status(200);
            if is_flushed {
                app.adyton.flush().await.expect("written");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_request_keeps_nothing_alive() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let foreign = browser.clone().with("origin", "https://evil.example");
    app.clock.advance(TimeDelta::minutes(100));
    foreign.get("/api/user").await.assert_status(401);
    app.clock.advance(TimeDelta::minutes(30));
    assert_over(&browser.get("/api/user").await);
}

#[tokio::test]
async fn no_session_lasts_longer_than_the_longest() {
    let app = TestApp::with(|config| {
        config.session.absolute_lifetime = Duration::from_secs(10 * 3600);
        config.guard.memory = Duration::from_secs(360_000);
    })
    .await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for _ in 0..6 {
        app.clock.advance(TimeDelta::minutes(99));
        browser.get("/api/user").await.assert_status(200);
    }
    app.clock.advance(TimeDelta::minutes(7));
    assert_over(&browser.get("/api/user").await);
}

#[tokio::test]
async fn a_session_outlives_a_restart() {
    let app = TestApp::with(|config| config.key = Some(adyton::Keys::generate().into())).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let id = browser.cookie("adyton_session").expect("it is set");
    let app = app.restarted(|_| {}).await;
    let after = app.browser();
    after.set_cookie("adyton_session", Some(&id));
    after.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn the_last_activity_is_written_by_the_flush_and_not_by_the_request() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let opened = last_activity(&app).await;
    app.clock.advance(TimeDelta::minutes(30));
    browser.get("/api/user").await.assert_status(200);
    assert_eq!(last_activity(&app).await, opened);
    app.adyton.flush().await.expect("written");
    let moved = last_activity(&app).await - opened;
    assert!((1800..1805).contains(&moved), "{moved}");
}

#[tokio::test]
async fn a_flush_does_not_bring_an_ended_session_back() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
    browser.post_nothing("/logout").await.assert_status(204);
    app.adyton.flush().await.expect("written");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn a_visitor_writes_no_row_wherever_they_go() {
    let app = hosting(|_| {}).await;
    let browser = app.browser();
    for path in [
        "/sanctum/csrf-cookie",
        "/api/user",
        "/free",
        "/open",
        "/closed",
        "/nowhere",
    ] {
        browser.get(path).await;
    }
    let wrong = serde_json::json!({ "email": ANA, "password": "wrong-password" });
    browser.post("/login", wrong).await.assert_status(422);
    app.adyton.flush().await.expect("written");
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn pruning_ends_idle_sessions_and_no_others() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let (idle, used) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    app.clock.advance(TimeDelta::minutes(100));
    used.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(30));
    // The last use is in memory only: pruning must know it.
    assert_eq!(app.adyton.prune_sessions().await.expect("pruned"), 1);
    used.get("/api/user").await.assert_status(200);
    idle.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_row_that_laravel_wrote_is_nobodys() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    // The cookie's hash names a row whose payload is not ours.
    for payload in [
        "",
        "YToxOntzOjY6Il90b2tlbiI7czo0OiJ0ZXN0Ijt9",
        "e30=",
        "bnVsbA==",
        "{}",
        "W10=",
    ] {
        let browser = app.logged_in(ANA).await;
        let sql = "UPDATE sessions SET payload = $1";
        app.adyton
            .db()
            .run(sql, &[payload.into()])
            .await
            .expect("written");
        let answer = browser.get("/api/user").await;
        assert_eq!(answer.status, 401, "{payload}");
        app.clock.advance(TimeDelta::minutes(2));
    }
}

#[tokio::test]
async fn a_clock_that_goes_back_ends_nobodys_session() {
    let app = TestApp::with(|config| config.guard.memory = Duration::from_secs(36_000)).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(-5));
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn settings_as_long_as_time_are_no_panic() {
    let app = TestApp::with(|config| {
        for lifetime in [
            &mut config.session.lifetime,
            &mut config.session.absolute_lifetime,
            &mut config.remember.lifetime,
            &mut config.remember.grace,
            &mut config.guard.memory,
        ] {
            *lifetime = Duration::MAX;
        }
        config.tokens.expiration = Some(Duration::MAX);
    })
    .await;
    let ana = app.user(ANA).await;
    let browser: Browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    program.get("/api/user").await.assert_status(200);
    app.adyton.prune_sessions().await.expect("pruned");
    app.adyton
        .prune_tokens(Duration::MAX)
        .await
        .expect("pruned");
    browser.get("/api/user").await.assert_status(200);
}
