//! When a token ends.

use std::time::Duration;

use adyton::db::Value;
use adyton_testing::TestApp;
use chrono::TimeDelta;

use super::{assert_refused, authorized, sha256_hex};
use crate::support::{ANA, LaravelToken};

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
