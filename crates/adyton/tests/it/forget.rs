//! An operator takes ways in away: for somebody who lost a phone.

use adyton::{Event, Forget};
use adyton_testing::TestApp;
use serde_json::json;

use crate::authenticator::{enrolled, unlimited};
use crate::support::{ANA, credentials};

/// Rows as a passkey's registration and a provider's first visit leave them.
async fn linked(app: &TestApp, user: i64) {
    let now = app.clock.now();
    let db = app.adyton.db();
    let passkey =
        "INSERT INTO passkeys (user_id, name, credential_id, credential) VALUES ($1, $2, $3, $4)";
    let values = [user.into(), "phone".into(), "aaaa".into(), "{}".into()];
    db.run(passkey, &values).await.expect("a passkey");
    let account = "INSERT INTO social_accounts (user_id, provider, identity, issuer, subject, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        user.into(),
        "google".into(),
        "bbbb".into(),
        "https://accounts.google.com".into(),
        "1".into(),
        now.into(),
    ];
    db.run(account, &values).await.expect("a link");
}

#[tokio::test]
async fn what_was_lost_goes_with_the_sessions_and_the_rest_stays() {
    let app = TestApp::with(unlimited).await;
    let (ana, _, browser) = enrolled(&app, ANA).await;
    let id = ana.id.to_string().parse().expect("a number");
    linked(&app, id).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    let before = app.adyton.ways_in(&ana).await.expect("read");
    assert!(before.password && before.second_factor);
    assert_eq!(
        (before.passkeys, before.providers),
        (vec!["phone".to_owned()], vec!["google".to_owned()])
    );
    app.deliver().await;
    app.mails();
    app.events();
    let mut what = Forget::default();
    what.second_factor = true;
    app.adyton
        .forget_ways_in(&ana, what)
        .await
        .expect("forgotten");
    let user = || ana.id.clone();
    let told = [
        Event::SessionsEnded { user: user() },
        Event::TwoFactorDisabled { user: user() },
    ];
    assert_eq!(app.events(), told);
    app.deliver().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, ANA);
    browser.get("/api/user").await.assert_status(401);
    program.get("/api/user").await.assert_status(200);
    let stranger = app.browser();
    stranger.get("/sanctum/csrf-cookie").await;
    let answer = stranger.post("/login", credentials(ANA)).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": false })
    );
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    let after = app.adyton.ways_in(&ana).await.expect("read");
    assert!(!after.second_factor && after.passkeys.len() + after.providers.len() == 2);
}

#[tokio::test]
async fn passkeys_and_providers_are_told_one_by_one() {
    let app = TestApp::with(unlimited).await;
    let ana = app.user(ANA).await;
    linked(&app, ana.id.to_string().parse().expect("a number")).await;
    app.events();
    let mut what = Forget::default();
    (what.passkeys, what.providers) = (true, true);
    app.adyton
        .forget_ways_in(&ana, what)
        .await
        .expect("forgotten");
    let names: Vec<_> = app.events().iter().map(Event::name).collect();
    assert_eq!(
        names,
        ["sessions_ended", "passkey_removed", "social_unlinked"]
    );
    app.deliver().await;
    assert_eq!(app.mails().len(), 2);
    assert_eq!(
        app.count("passkeys").await + app.count("social_accounts").await,
        0
    );
    // Once more there is nothing to tell of but the sessions.
    app.adyton
        .forget_ways_in(&ana, what)
        .await
        .expect("nothing is left");
    assert_eq!(app.events().len(), 1);
}
