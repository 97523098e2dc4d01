//! A provider is one factor: whoever has a second one is asked for it.

use adyton::{Event, Via};
use adyton_testing::{Browser, TestApp, TestProvider};
use serde_json::json;

use crate::authenticator::{
    Authenticator, CHALLENGE, enrolled, prove_again, shown_codes, unlimited,
};
use crate::support::{ANA, page};
use crate::visitor::{GOOGLE, link, script, visit, visit_by, visited, who};

/// A user with a second factor who is linked to the provider, and the browser that did it.
async fn linked() -> (TestApp, TestProvider, Authenticator, Browser) {
    let (app, provider) = visited(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    prove_again(&app, &browser).await;
    link(&browser, &provider).await.assert_status(302);
    app.events();
    (app, provider, authenticator, browser)
}

#[tokio::test]
async fn the_second_factor_is_asked_as_after_a_password() {
    let (app, provider, authenticator, _) = linked().await;
    let (browser, answer) = visit(&app, &provider).await;
    assert_eq!(answer.assert_status(302).header("location"), CHALLENGE);
    assert_eq!(who(&browser).await, None);
    let answer = script(&browser)
        .post(CHALLENGE, authenticator.answer())
        .await;
    answer.assert_status(204);
    assert!(who(&browser).await.is_some());
    let by_provider = |event: &Event| match event {
        Event::TwoFactorChallenged { via, .. } | Event::LoggedIn { via, .. } => *via == Via::Social,
        _ => false,
    };
    let events = app.events();
    assert_eq!(events.len(), 2, "{events:#?}");
    assert!(events.iter().all(by_provider), "{events:#?}");
}

#[tokio::test]
async fn a_recovery_code_and_a_wish_to_be_remembered_count() {
    let (app, provider, _, owner) = linked().await;
    prove_again(&app, &owner).await;
    let codes = shown_codes(&owner).await;
    let browser = page(&app);
    let path = format!("{GOOGLE}?remember=1");
    visit_by(&browser, &provider, &path)
        .await
        .assert_status(302);
    assert_eq!(browser.cookie("adyton_remember"), None);
    let answer = json!({ "recovery_code": codes[0] });
    script(&browser)
        .post(CHALLENGE, answer)
        .await
        .assert_status(204);
    assert!(browser.cookie("adyton_remember").is_some());
}

#[tokio::test]
async fn a_script_is_told_and_a_page_may_be_anywhere() {
    let (app, provider, ..) = linked().await;
    let browser = app.browser();
    let begun = browser.get(GOOGLE).await.assert_status(200).json();
    let url = begun["redirect"].as_str().expect("an address");
    let back = provider.visit(url).await.path_and_query();
    let answer = browser.get(&back).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": true })
    );
    let app = app.restarted(|config| {
        crate::visitor::known(config, &provider);
        let page = "https://app.example.com/code".to_owned();
        config.redirects.insert("two-factor.login".to_owned(), page);
    });
    let (_, answer) = visit(&app.await, &provider).await;
    assert_eq!(answer.header("location"), "https://app.example.com/code");
}

#[tokio::test]
async fn a_link_that_ends_meanwhile_takes_the_question_with_it() {
    let (app, provider, authenticator, owner) = linked().await;
    let (browser, _) = visit(&app, &provider).await;
    prove_again(&app, &owner).await;
    owner
        .delete("/user/social-accounts/1")
        .await
        .assert_status(204);
    assert_eq!(app.count("two_factor_challenges").await, 0);
    let answer = script(&browser)
        .post(CHALLENGE, authenticator.answer())
        .await;
    answer.assert_status(422);
    assert_eq!(who(&browser).await, None);
}
