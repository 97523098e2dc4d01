//! Each use changes the cookie, once, however many requests bring it.

use adyton_testing::TestApp;
use chrono::TimeDelta;

use super::{COOKIE, remembered, reopened, reuses};
use crate::support::ANA;

#[tokio::test]
async fn the_selector_stays_and_the_validator_changes_at_each_use() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let mut browser = remembered(&app).await;
    let mut seen = std::collections::HashSet::new();
    let mut selectors = std::collections::HashSet::new();
    for _ in 0..4 {
        let cookie = browser.cookie(COOKIE).expect("it is set");
        let (selector, validator) = cookie.split_once('.').expect("two parts");
        assert_eq!((selector.len(), validator.len()), (43, 43));
        selectors.insert(selector.to_owned());
        assert!(seen.insert(validator.to_owned()));
        browser = reopened(&browser);
        browser.get("/api/user").await.assert_status(200);
    }
    assert_eq!(selectors.len(), 1);
    assert_eq!(app.count("remembered_browsers").await, 1);
}

#[tokio::test]
async fn two_browsers_have_cookies_of_their_own() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let (one, other) = (remembered(&app).await, remembered(&app).await);
    assert_ne!(one.cookie(COOKIE), other.cookie(COOKIE));
    one.post_nothing("/logout").await.assert_status(204);
    reopened(&other).get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn requests_sent_at_once_are_all_let_in() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let tabs: Vec<_> = (0..5).map(|_| reopened(&browser)).collect();
    let asking = tabs.iter().map(|tab| tab.get("/api/user"));
    let mut setting = 0;
    for asked in asking {
        let answer = asked.await;
        answer.assert_status(200);
        setting += usize::from(answer.set_cookie(COOKIE).is_some());
    }
    assert_eq!(setting, 1, "one answer alone brings the new cookie");
    assert_eq!(reuses(&app), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_in_parallel_rotate_once() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for _ in 0..4 {
        let browser = remembered(&app).await;
        let tabs = (0..6).map(|_| reopened(&browser));
        let asking: Vec<_> = tabs
            .map(|tab| tokio::spawn(async move { (tab.get("/api/user").await, tab) }))
            .collect();
        let mut next = None;
        for asked in asking {
            let (answer, tab) = asked.await.expect("no panic");
            answer.assert_status(200);
            if answer.set_cookie(COOKIE).is_some() {
                assert!(next.replace(tab).is_none(), "it rotated twice");
            }
        }
        let next = next.expect("one brings the new cookie");
        reopened(&next).get("/api/user").await.assert_status(200);
        browser.post_nothing("/logout").await.assert_status(204);
        app.clock.advance(TimeDelta::minutes(2));
    }
}
