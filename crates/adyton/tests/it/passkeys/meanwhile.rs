//! What ends while somebody's device answers.

use adyton_testing::TestApp;
use serde_json::json;

use crate::authenticator::{assert_refused, confirmed};
use crate::passkey_device::*;
use crate::support::{ANA, Watched};

/// Ana, whose users are watched.
async fn scene() -> (TestApp, Watched) {
    let (app, users) = Watched::app(settings).await;
    app.user(ANA).await;
    (app, users)
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
async fn a_session_that_ends_meanwhile_adds_no_passkey() {
    let (app, users) = scene().await;
    let browser = confirmed(&app, ANA).await;
    let options = asked(&browser, REGISTRATION).await;
    let credential = Device::new().make(&options, &Wrong::default());
    empty_after_the_next_find(&app, &users, "sessions");
    register(&browser, credential).await.assert_status(401);
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_removes_no_passkey() {
    let (app, users) = scene().await;
    let browser = confirmed(&app, ANA).await;
    added(&browser).await;
    empty_after_the_next_find(&app, &users, "sessions");
    let answer = browser.delete(&format!("{OWN}/1")).await;
    answer.assert_status(401);
    assert_eq!(app.count("passkeys").await, 1);
}

#[tokio::test]
async fn a_passkey_that_is_removed_meanwhile_confirms_nobody() {
    let (app, users) = scene().await;
    let mut device = added(&confirmed(&app, ANA).await).await;
    let browser = app.logged_in(ANA).await;
    let options = asked(&browser, CONFIRM_OPTIONS).await;
    let credential = device.sign(&options, &Wrong::default());
    empty_after_the_next_find(&app, &users, "passkeys");
    let body = json!({ "credential": credential });
    let answer = browser.post(CONFIRM, body).await;
    assert_refused(&answer, "credential", NOT_VERIFIED);
    let status = browser.get("/user/confirmed-password-status").await;
    assert_eq!(status.assert_status(200).json()["confirmed"], false);
}
