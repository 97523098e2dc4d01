//! A token's last use: counted in memory, written by the flush.

use adyton_testing::TestApp;
use chrono::TimeDelta;

use super::authorized;
use crate::support::{ANA, LaravelToken};

/// Tells which token was used when, as the table has it.
async fn last_used_at(app: &TestApp, id: i64) -> Option<chrono::DateTime<chrono::Utc>> {
    let sql = "SELECT last_used_at FROM personal_access_tokens WHERE id = $1";
    let row = app.adyton.db().one(sql, &[id.into()]).await;
    let row = row.expect("the statement is right").expect("a row");
    row.get("last_used_at").expect("a time")
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
