//! A user's own passkeys: made, listed, renamed, removed, and confirming by one.

mod added;
mod confirmation;
mod meanwhile;

use adyton::{Changes, Event, Secret};
use adyton_testing::TestApp;
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::authenticator::{confirmed, prove_again};
use crate::mailbox::{changed, path_in_mail, reset};
use crate::passkey_device::*;
use crate::support::{ANA, change};

#[tokio::test]
async fn a_list_tells_what_there_is() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    assert_eq!(browser.get(OWN).await.json(), json!({ "passkeys": [] }));
    let device = added(&browser).await;
    let answer = browser.get(OWN).await;
    let entry = answer.assert_status(200).json()["passkeys"][0].clone();
    assert_eq!(entry["id"], "1");
    assert_eq!(entry["name"], "My phone");
    assert_eq!(entry["synced"], false);
    assert_eq!(entry["backed_up"], false);
    assert_eq!(entry["last_used_at"], json!(null));
    assert!(entry["created_at"].is_string());
    // Nothing by which it could be found elsewhere.
    assert!(!answer.body.contains(&device.id()));
    app.user("ben@example.com").await;
    let other = app.logged_in("ben@example.com").await;
    assert_eq!(other.get(OWN).await.json(), json!({ "passkeys": [] }));
    app.anonymous().get(OWN).await.assert_status(401);
}

#[tokio::test]
async fn its_own_routes_have_the_limit_of_a_users_own() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let answer = app.logged_in(ANA).await.get(OWN).await;
    assert_eq!(answer.assert_status(200).header("x-ratelimit-limit"), "120");
}

#[tokio::test]
async fn one_gets_another_name() {
    let app = app().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    added(&browser).await;
    let one = format!("{OWN}/1");
    let rename = async |name: &str| {
        browser
            .json(Method::PUT, &one, json!({ "name": name }))
            .await
    };
    let answer = rename("Office key").await;
    assert_eq!(
        answer.assert_status(200).json()["passkey"]["name"],
        "Office key"
    );
    rename("").await.assert_status(422);
    rename(&"x".repeat(256)).await.assert_status(422);
    let list = browser.get(OWN).await.json();
    assert_eq!(list["passkeys"][0]["name"], "Office key");
}

#[tokio::test]
async fn a_removed_one_is_gone_and_its_user_is_told() {
    let app = app().await;
    let user = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    added(&browser).await;
    app.deliver().await;
    app.mails();
    app.events();
    let answer = browser.delete(&format!("{OWN}/1")).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "status": "passkey-deleted" })
    );
    let events = app.events();
    let [
        Event::PasskeyRemoved {
            user: whose,
            passkey: 1,
        },
    ] = events.as_slice()
    else {
        panic!("{events:#?}");
    };
    assert_eq!(*whose, user.id);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert!(mail.text.contains("My phone"), "{}", mail.text);
    assert_eq!(browser.get(OWN).await.json(), json!({ "passkeys": [] }));
    browser.delete(&format!("{OWN}/1")).await.assert_status(404);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn anothers_is_neither_renamed_nor_removed() {
    let app = app().await;
    app.user(ANA).await;
    app.user("ben@example.com").await;
    added(&confirmed(&app, ANA).await).await;
    let ben = confirmed(&app, "ben@example.com").await;
    let one = format!("{OWN}/1");
    let answer = ben.delete(&one).await;
    assert_eq!(answer.assert_status(403).code(), "NOT_YOURS");
    let answer = ben.json(Method::PUT, &one, json!({ "name": "Mine" })).await;
    assert_eq!(answer.assert_status(403).code(), "NOT_YOURS");
    for id in ["2", "nonsense", "%ff", "99999999999999999999"] {
        ben.delete(&format!("{OWN}/{id}")).await.assert_status(404);
    }
    assert_eq!(app.count("passkeys").await, 1);
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let app = app().await;
    let user = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let (mut first, _) = (added(&browser).await, added(&browser).await);
    let mut none = Changes::default();
    none.password = Some(Secret::new(String::new()));
    change(&app, &user, none).await;
    browser.delete(&format!("{OWN}/2")).await.assert_status(200);
    let answer = browser.delete(&format!("{OWN}/1")).await;
    assert_eq!(answer.assert_status(403).code(), "LAST_WAY_IN");
    let answer = log_in(&guest(&app).await, &mut first, &Wrong::default()).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn changes_ask_for_a_session_that_was_confirmed() {
    let app = app().await;
    let user = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let one = format!("{OWN}/1");
    let name = json!({ "name": "x" });
    browser.get(REGISTRATION).await.assert_status(423);
    browser.post(OWN, name.clone()).await.assert_status(423);
    browser
        .json(Method::PUT, &one, name.clone())
        .await
        .assert_status(423);
    browser.delete(&one).await.assert_status(423);
    prove_again(&app, &browser).await;
    browser.get(REGISTRATION).await.assert_status(200);
    app.clock.advance(TimeDelta::hours(4));
    let token = app.token(&user, &["*"]).await;
    let program = app.bearer(&token);
    program.get(REGISTRATION).await.assert_status(403);
    program.get(OWN).await.assert_status(403);
    program.post(OWN, name).await.assert_status(403);
    program.get(CONFIRM_OPTIONS).await.assert_status(403);
}

#[tokio::test]
async fn an_unproved_address_has_none_unless_the_settings_let_it() {
    for requires in [true, false] {
        let app = TestApp::with(|config| {
            settings(config);
            config.passkeys.requires_verified_email = requires;
        })
        .await;
        let user = app.user(ANA).await;
        let browser = confirmed(&app, ANA).await;
        let mut unproved = Changes::default();
        unproved.email_verified_at = Some(None);
        change(&app, &user, unproved).await;
        app.adyton.user_changed(&user.id);
        let answer = browser.get(REGISTRATION).await;
        match requires {
            true => assert_eq!(answer.assert_status(403).code(), "EMAIL_UNVERIFIED"),
            false => drop(answer.assert_status(200)),
        }
    }
}

#[tokio::test]
async fn password_managers_find_the_pages_where_there_are_some() {
    let path = "/.well-known/passkey-endpoints";
    app().await.anonymous().get(path).await.assert_status(404);
    let app = TestApp::with(|config| {
        config.passkeys.enroll_url = Some("https://example.com/settings/passkeys/new".to_owned());
        config.passkeys.manage_url = Some("https://example.com/settings/passkeys".to_owned());
    })
    .await;
    let answer = app.anonymous().get(path).await;
    let told = answer.assert_status(200).json();
    assert_eq!(answer.header("content-type"), "application/json");
    let expected = json!({
        "enroll": "https://example.com/settings/passkeys/new",
        "manage": "https://example.com/settings/passkeys",
    });
    assert_eq!(told, expected);
}

#[tokio::test]
async fn one_of_before_the_address_was_proved_ends_with_a_reset_and_a_later_one_stays() {
    let app = app().await;
    app.user("thief@example.com").await;
    let thief = confirmed(&app, "thief@example.com").await;
    let mut old = added(&thief).await;
    app.clock.advance(TimeDelta::minutes(5));
    // The owner follows a link that they did not ask for, and later wonders what this account is.
    changed(&app, &thief, "thief@example.com", ANA).await;
    app.clock.advance(TimeDelta::minutes(5));
    reset(&app, ANA).await;
    let visitor = guest(&app).await;
    let answer = log_in(&visitor, &mut old, &Wrong::default()).await;
    assert_eq!(answer.assert_status(422).json()["message"], UNKNOWN);
    let owner = confirmed(&app, ANA).await;
    let mut own = added(&owner).await;
    app.clock.advance(TimeDelta::minutes(5));
    reset(&app, ANA).await;
    let answer = log_in(&visitor, &mut own, &Wrong::default()).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn all_go_with_what_cannot_be_vouched_for() {
    // The owner of an address that was never proved resets the password.
    let app = app().await;
    let user = app.user(ANA).await;
    added(&confirmed(&app, ANA).await).await;
    let mut unproved = Changes::default();
    unproved.email_verified_at = Some(None);
    change(&app, &user, unproved).await;
    reset(&app, ANA).await;
    assert_eq!(app.count("passkeys").await, 0);
    // "This wasn't me", by the notice that one was added.
    let mut device = added(&confirmed(&app, ANA).await).await;
    app.deliver().await;
    let path = path_in_mail(&app, ANA, "/account/not-me/").expect("a link");
    app.anonymous().post_nothing(&path).await.assert_status(204);
    let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
    assert_eq!(answer.assert_status(422).json()["message"], UNKNOWN);
    assert_eq!(app.count("passkeys").await, 0);
}
