//! What is taken away while somebody is on their way.

use adyton_testing::{Browser, Person, TestApp, TestProvider};

use crate::authenticator::{confirmed, unlimited};
use crate::support::{ANA, Watched, page};
use crate::visitor::{
    GOOGLE, LINK, assert_refused, begun, brought_back, come_back, known, link, linked_to, script,
    squatter, user, visit_by, who,
};

/// Ana, whose users are watched, and a provider that knows her as `7`.
async fn scene() -> (TestApp, Watched, TestProvider, Browser) {
    let provider = TestProvider::start().await;
    let (app, users) = Watched::app(|config| {
        unlimited(config);
        known(config, &provider);
    })
    .await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    provider.person(Person::new("7", ANA));
    (app, users, provider, browser)
}

/// Empties a table when the next one who asks for a user has read them.
fn empty_after_the_next_find(app: &TestApp, users: &Watched, table: &'static str) {
    let db = app.adyton.db().clone();
    users.after_the_next_find(move || {
        let db = db.clone();
        async move {
            let gone = db.run(&format!("DELETE FROM {table}"), &[]).await;
            assert_eq!(gone.expect("it can be emptied"), 1);
        }
    });
}

#[tokio::test]
async fn a_link_that_ends_meanwhile_lets_nobody_in() {
    let (app, users, provider, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    let visitor = page(&app);
    let path = brought_back(&visitor, &provider, GOOGLE).await;
    empty_after_the_next_find(&app, &users, "social_accounts");
    // She is there, and the link is not: a provider's word for an address is none for her account.
    assert_refused(&come_back(&visitor, &path).await, "SOCIAL_ACCOUNT_EXISTS");
    assert_eq!(who(&visitor).await, None);
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_links_nobody() {
    let (app, users, provider, browser) = scene().await;
    let path = begun(&browser, &provider, LINK).await;
    // The guard reads her anew, with the session that is there still.
    app.adyton.user_changed(&1.into());
    empty_after_the_next_find(&app, &users, "sessions");
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
    assert_eq!(linked_to(&app, "7").await, None);
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_unlinks_nobody() {
    let (app, users, provider, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    empty_after_the_next_find(&app, &users, "sessions");
    let answer = browser.delete("/user/social-accounts/1").await;
    answer.assert_status(401);
    assert_eq!(linked_to(&app, "7").await, Some(1));
}

#[tokio::test]
async fn a_link_that_ends_meanwhile_confirms_nobody() {
    let (app, users, provider, _) = scene().await;
    let browser = page(&app);
    provider.person(Person::new("8", "bo@example.com"));
    visit_by(&browser, &provider, GOOGLE)
        .await
        .assert_status(302);
    let browser = script(&browser);
    let path = begun(&browser, &provider, "/user/social-accounts/google/confirm").await;
    empty_after_the_next_find(&app, &users, "social_accounts");
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
    let status = browser.get("/user/confirmed-password-status").await;
    assert_eq!(status.assert_status(200).json()["confirmed"], false);
}

#[tokio::test]
async fn an_account_whose_address_is_proved_meanwhile_is_not_taken_back() {
    let provider = TestProvider::start().await;
    let (app, users) = Watched::app(|config| known(config, &provider)).await;
    squatter(&app, ANA).await;
    provider.person(Person::new("7", ANA));
    let visitor = page(&app);
    let path = brought_back(&visitor, &provider, GOOGLE).await;
    let db = app.adyton.db().clone();
    users.during_the_next_login(move || {
        let db = db.clone();
        async move {
            let sql = "UPDATE users SET email_verified_at = created_at";
            assert_eq!(db.run(sql, &[]).await.expect("written"), 1);
        }
    });
    assert_refused(&come_back(&visitor, &path).await, "SOCIAL_ACCOUNT_EXISTS");
    assert_eq!(linked_to(&app, "7").await, None);
    assert!(user(&app, ANA).await.has_password());
}
