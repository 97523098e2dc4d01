//! What comes at one moment.

use adyton::config::RegistrationMode;
use http::Method;
use serde_json::json;

use crate::support::ANA;
use crate::support::page;
use crate::visitor::{GOOGLE, brought_back, names, squatter, user, visited};

#[tokio::test(flavor = "multi_thread")]
async fn one_flow_lets_in_once() {
    let (app, provider) = visited(crate::authenticator::unlimited).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let request = browser.written(Method::GET, &path, &json!({}));
    let answers = app.race(vec![request; 10]).await;
    let (lost, won): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 403);
    assert_eq!(won.len(), 1, "{answers:#?}");
    assert!(
        lost.iter()
            .all(|answer| answer.code() == "SOCIAL_STATE_INVALID")
    );
    assert_eq!(app.count("sessions").await, 1);
    assert_eq!(app.count("spent_flows").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn first_visits_of_one_person_make_one_user_with_one_link() {
    for mode in [RegistrationMode::Open, RegistrationMode::VerifyFirst] {
        let (app, provider) = visited(|config| {
            config.throttle.enabled = false;
            config.registration.mode = mode;
        })
        .await;
        let mut requests = Vec::new();
        for _ in 0..6 {
            let browser = page(&app);
            let path = brought_back(&browser, &provider, GOOGLE).await;
            requests.push(browser.written(Method::GET, &path, &json!({})));
        }
        let answers = app.race(requests).await;
        assert!(
            answers
                .iter()
                .all(|answer| answer.status == 200 || answer.status == 201),
            "{answers:#?}"
        );
        assert_eq!(app.count("users").await, 1);
        assert_eq!(app.count("social_accounts").await, 1);
        assert_eq!(app.count("sessions").await, 6);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_reclaimed_once() {
    let (app, provider) = visited(crate::authenticator::unlimited).await;
    squatter(&app, ANA).await;
    let mut requests = Vec::new();
    for _ in 0..6 {
        let browser = page(&app);
        let path = brought_back(&browser, &provider, GOOGLE).await;
        requests.push(browser.written(Method::GET, &path, &json!({})));
    }
    let answers = app.race(requests).await;
    assert!(
        answers.iter().all(|answer| answer.status == 200),
        "{answers:#?}"
    );
    let events = names(&app);
    let reclaimed = events.iter().filter(|name| **name == "account_reclaimed");
    assert_eq!(reclaimed.count(), 1, "{events:?}");
    // Nobody who got in by the link was thrown out by another who reclaimed.
    assert_eq!(app.count("sessions").await, 6);
    assert!(!user(&app, ANA).await.has_password());
}
