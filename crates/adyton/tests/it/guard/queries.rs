//! What knowing the caller costs the database, and what happens without one.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{ANA, Watched, credentials, hosting};

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
