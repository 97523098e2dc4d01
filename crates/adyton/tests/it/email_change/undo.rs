//! Taking a change of address back.

use adyton::Event;
use adyton_testing::{PASSWORD, TestApp};
use chrono::TimeDelta;
use serde_json::json;

use super::{ANA, NEW, app};
use crate::mailbox::{PAGES, address_of, change_path, changed, path_in_mail};
use crate::support::hash_of;

async fn is_let_in(app: &TestApp, email: &str, password: &str) -> bool {
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let login = json!({ "email": email, "password": password });
    visitor.post("/login", login).await.status == 200
}

#[tokio::test]
async fn the_old_address_comes_back_and_everything_ends() {
    let app = app().await;
    let ana = app
        .adyton
        .users()
        .find(&1.into())
        .await
        .expect("read")
        .expect("Ana");
    let verified_at = ana.email_verified_at;
    let token = app.token(&ana, &["user"]).await;
    let thief = app.logged_in(ANA).await;
    let back = changed(&app, &thief, ANA, NEW).await;
    let not_me = path_in_mail(&app, NEW, PAGES[2]).expect("a link");
    let pending = change_path(&app, &thief, "third@example.com").await;
    for _ in 0..2 {
        let shown = app.anonymous().get(&back).await;
        assert_eq!(shown.assert_status(200).json()["email"], ANA);
    }
    assert_eq!(address_of(&app, 1).await, NEW, "shown only");
    app.events();
    app.mails();
    app.anonymous().post_nothing(&back).await.assert_status(204);
    assert_eq!(app.events(), [Event::EmailRestored { user: 1.into() }]);
    let after = app
        .adyton
        .users()
        .find(&1.into())
        .await
        .expect("read")
        .expect("Ana");
    assert_eq!((&*after.email, after.email_verified_at), (ANA, verified_at));
    thief.get("/api/user").await.assert_status(401);
    app.bearer(&token).get("/api/user").await.assert_status(401);
    for dead in [&back, &not_me, &pending] {
        app.anonymous().post_nothing(dead).await.assert_status(403);
    }
    assert!(
        !is_let_in(&app, ANA, PASSWORD).await,
        "the thief may know it"
    );
    assert!(!is_let_in(&app, NEW, PASSWORD).await);

    app.deliver().await;
    let mails = app.mails();
    let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
    assert!(mails.iter().all(|mail| mail.to == ANA), "{subjects:?}");
    assert!(subjects.contains(&"The address of your account at Adyton is the old one again"));
    assert!(
        subjects.contains(&"A new password for Adyton"),
        "{subjects:?}"
    );
    let reset = mails
        .iter()
        .find(|mail| mail.text.contains("/reset-password/"));
    let text = &reset.expect("a link").text;
    let at = text.find("/reset-password/").expect("it is there") + "/reset-password/".len();
    let secret = text[at..].split('?').next().expect("a secret");
    let chosen = json!({
        "token": secret, "email": ANA, "password": "Ana's own again",
        "password_confirmation": "Ana's own again",
    });
    app.anonymous()
        .post("/reset-password", chosen)
        .await
        .assert_status(200);
    assert!(is_let_in(&app, ANA, "Ana's own again").await);
}

#[tokio::test]
async fn it_can_be_undone_for_seven_days() {
    for (days, status) in [(6, 204), (7, 403)] {
        let app = app().await;
        let back = changed(&app, &app.logged_in(ANA).await, ANA, NEW).await;
        app.clock
            .advance(TimeDelta::days(days) + TimeDelta::minutes(1));
        app.anonymous()
            .post_nothing(&back)
            .await
            .assert_status(status);
    }
}

#[tokio::test]
async fn two_changes_are_undone_to_the_first_address() {
    let app = app().await;
    let thief = app.logged_in(ANA).await;
    let owners = changed(&app, &thief, ANA, NEW).await;
    let thiefs = changed(&app, &thief, NEW, "third@example.com").await;
    assert_eq!(address_of(&app, 1).await, "third@example.com");
    app.anonymous()
        .post_nothing(&owners)
        .await
        .assert_status(204);
    assert_eq!(address_of(&app, 1).await, ANA);
    app.anonymous()
        .post_nothing(&thiefs)
        .await
        .assert_status(403);
    assert_eq!(
        address_of(&app, 1).await,
        ANA,
        "the thief's way back is closed"
    );
}

#[tokio::test]
async fn a_thief_who_undoes_their_own_change_does_not_close_the_owners_way_back() {
    let app = app().await;
    let thief = app.logged_in(ANA).await;
    let owners = changed(&app, &thief, ANA, NEW).await;
    let thiefs = changed(&app, &thief, NEW, "third@example.com").await;
    app.anonymous()
        .post_nothing(&thiefs)
        .await
        .assert_status(204);
    assert_eq!(address_of(&app, 1).await, NEW);
    app.anonymous()
        .post_nothing(&owners)
        .await
        .assert_status(204);
    assert_eq!(address_of(&app, 1).await, ANA);
}

#[tokio::test]
async fn nobody_registers_or_moves_to_an_address_that_can_be_taken_back() {
    let app = app().await;
    let back = changed(&app, &app.logged_in(ANA).await, ANA, NEW).await;
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let squatter = json!({
        "name": "X", "email": ANA, "password": "long enough",
        "password_confirmation": "long enough",
    });
    visitor.post("/register", squatter).await.assert_status(422);
    app.user("ben@example.com").await;
    let ben = app.logged_in("ben@example.com").await;
    crate::mailbox::wish(&ben, ANA).await;
    app.mails();
    app.deliver().await;
    assert!(path_in_mail(&app, ANA, PAGES[0]).is_none());
    app.anonymous().post_nothing(&back).await.assert_status(204);
}

#[tokio::test]
async fn who_changed_back_by_themselves_may() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    changed(&app, &browser, ANA, NEW).await;
    changed(&app, &browser, NEW, ANA).await;
    assert_eq!(address_of(&app, 1).await, ANA);
}

#[tokio::test]
async fn an_address_that_somebody_has_by_now_is_told() {
    let app = app().await;
    let back = changed(&app, &app.logged_in(ANA).await, ANA, NEW).await;
    // An operator may give it away.
    app.user(ANA).await;
    let hash = hash_of(&app, NEW).await;
    let answer = app.anonymous().post_nothing(&back).await;
    let body = answer.assert_status(422).json();
    assert_eq!(body["message"], "The email has already been taken.");
    assert_eq!(address_of(&app, 1).await, NEW);
    assert_eq!(hash_of(&app, NEW).await, hash, "all or nothing");
    let sql = "DELETE FROM users WHERE email = $1";
    app.adyton
        .db()
        .run(sql, &[ANA.into()])
        .await
        .expect("deleted");
    app.anonymous().post_nothing(&back).await.assert_status(204);
}
