//! A link is the one that was mailed, for the user and the address that it was mailed for.

use chrono::TimeDelta;

use super::*;
use crate::support::{one_of_twenty, raced};

#[tokio::test]
async fn a_link_that_was_altered_is_none() {
    let app = TestApp::with(unlimited).await;
    let bob = app.user("bob@example.com").await;
    let (_, path) = registered(&app).await;
    let (start, query) = path.split_once('?').expect("a query");
    let (expires, signature) = query.split_once('&').expect("two values");
    let hash = start.rsplit_once('/').expect("a hash").1;
    let later = format!("expires={}", i64::MAX);
    let of_bob = format!("/email/verify/{}/{hash}", bob.id);
    for altered in [
        format!("{start}?{later}&{signature}"),
        format!("{start}?{expires}&{signature}x"),
        format!("{start}?{expires}&signature="),
        format!("{start}?{expires}&signature=%00"),
        format!("{start}?{expires}&signature=%20"),
        format!("{start}?{expires}"),
        format!("{start}?{signature}"),
        start.to_owned(),
        format!("{of_bob}?{query}"),
        format!("{}?{query}", start.replace(hash, &"0".repeat(40))),
        format!("{}?{query}", start.replace(hash, &hash.to_uppercase())),
    ] {
        assert_dead(&spent(&app, &altered).await);
        assert_dead(&app.anonymous().get(&altered).await);
        let shown = page(&app).get(&altered).await;
        assert_eq!(shown.status, 403, "{altered}");
    }
    assert!(!is_verified(&app, ANA).await);
    spent(&app, &path).await.assert_status(204);
}

#[tokio::test]
async fn another_user_or_address_is_unauthorized_whatever_the_link() {
    let app = TestApp::with(unlimited).await;
    app.user("bob@example.com").await;
    let (ana, path) = registered(&app).await;
    let bob = app.logged_in("bob@example.com").await;
    let hash = path
        .split('?')
        .next()
        .and_then(|start| start.rsplit_once('/'));
    let hash = hash.expect("a hash").1;
    let unlike = path.replace(hash, &"0".repeat(40));
    let made_up = "/email/verify/4711/abc?expires=1&signature=x".to_owned();
    for (browser, path) in [(&bob, &path), (&ana, &unlike), (&bob, &made_up)] {
        let answer = browser.get(path).await;
        let body = answer.assert_status(403).json();
        assert_eq!(body["message"], "This action is unauthorized.");
    }
    assert!(!is_verified(&app, ANA).await);
}

#[tokio::test]
async fn a_link_dies_with_its_time_its_address_and_its_password() {
    let app = TestApp::with(unlimited).await;
    let (browser, path) = registered(&app).await;
    app.clock.advance(TimeDelta::seconds(60 * 60 + 1));
    assert_dead(&spent(&app, &path).await);
    assert_dead(&browser.get(&path).await);
    browser.post_nothing(SEND).await.assert_status(202);
    let path = mailed_path(&app, ANA).await;
    let user = found(&app, ANA).await.expect("Ana");
    let mut changes = Changes::default();
    changes.email = Some("new@example.com".to_owned());
    change(&app, &user, changes).await;
    assert_dead(&spent(&app, &path).await);
    assert!(!is_verified(&app, "new@example.com").await);
    let mut changes = Changes::default();
    changes.email = Some(ANA.to_owned());
    change(&app, &user, changes).await;
    let set = app
        .adyton
        .set_password(&user, "set by somebody".into())
        .await;
    set.expect("set");
    assert_dead(&spent(&app, &path).await);
    assert!(!is_verified(&app, ANA).await);
}

#[tokio::test]
async fn a_disabled_user_proves_nothing() {
    let app = TestApp::with(unlimited).await;
    let (_, path) = registered(&app).await;
    let user = found(&app, ANA).await.expect("Ana");
    let mut changes = Changes::default();
    changes.disabled_at = Some(Some(app.clock.now()));
    change(&app, &user, changes).await;
    assert_dead(&spent(&app, &path).await);
    assert!(!is_verified(&app, ANA).await);
}

#[tokio::test]
async fn looking_with_a_token_or_by_head_spends_nothing() {
    let app = TestApp::with(unlimited).await;
    let (browser, path) = registered(&app).await;
    let user = found(&app, ANA).await.expect("Ana");
    let token = app.token(&user, &["user"]).await;
    let looked = app.bearer(&token).get(&path).await;
    assert_eq!(looked.assert_status(200).json()["email"], ANA);
    let head = browser.raw(http::Method::HEAD, &path, "", "").await;
    head.assert_status(200);
    assert!(!is_verified(&app, ANA).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_uses_of_one_link_at_once_one_succeeds() {
    let app = TestApp::with(unlimited).await;
    let (browser, mut path) = registered(&app).await;
    let user = found(&app, ANA).await.expect("Ana");
    for _ in 0..4 {
        let statuses = raced(&app, &path, &json!({})).await;
        assert_eq!(statuses, one_of_twenty(204, 403));
        let mut changes = Changes::default();
        changes.email_verified_at = Some(None);
        change(&app, &user, changes).await;
        browser.post_nothing(SEND).await.assert_status(202);
        path = mailed_path(&app, ANA).await;
    }
    assert_eq!(app.events().len(), 4);
}
