//! What was revoked is refused by the very next request, even in a race.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use adyton_testing::{Browser, TestApp};
use http::Method;
use serde_json::json;

use super::BEN;
use crate::support::{ANA, credentials};

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
    app.adyton.end_sessions(&ana).await.expect("ended");
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
