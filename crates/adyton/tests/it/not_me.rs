//! "This wasn't me": everything ends, and a new password is mailed for.

use adyton::Event;
use adyton_testing::{PASSWORD, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::mailbox::{PAGES, assert_one_of_twenty, changed, path_in_mail};
use crate::support::{ANA, hash_of, set_hash};

/// A "this wasn't me" of a notice that Ana is sent.
async fn noticed(app: &TestApp) -> String {
    let ana = app
        .adyton
        .users()
        .find(&1.into())
        .await
        .expect("read")
        .expect("Ana");
    // Nothing that is still to be sent comes after it.
    app.deliver().await;
    app.token(&ana, &["user"]).await;
    app.deliver().await;
    path_in_mail(app, &ana.email, PAGES[2]).expect("a link")
}

async fn app() -> TestApp {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    app
}

#[tokio::test]
async fn everything_ends_and_a_new_password_is_mailed_for() {
    let app = app().await;
    let ana = app
        .adyton
        .users()
        .find(&1.into())
        .await
        .expect("read")
        .expect("Ana");
    let token = app.token(&ana, &["user"]).await;
    let thief = app.logged_in(ANA).await;
    let path = noticed(&app).await;
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let shown = app.anonymous().raw(method.clone(), &path, "", "").await;
        shown.assert_status(200);
        if method == Method::GET {
            assert_eq!(shown.json(), json!({ "valid": true, "email": ANA }));
        }
    }
    thief.get("/api/user").await.assert_status(200);
    app.events();
    app.mails();
    app.anonymous().post_nothing(&path).await.assert_status(204);
    assert_eq!(app.events(), [Event::Disowned { user: 1.into() }]);
    thief.get("/api/user").await.assert_status(401);
    app.bearer(&token).get("/api/user").await.assert_status(401);
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let known = json!({ "email": ANA, "password": PASSWORD });
    visitor.post("/login", known).await.assert_status(422);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert!(mail.text.contains("/reset-password/"), "{}", mail.text);
}

#[tokio::test]
async fn a_person_gets_a_page_with_a_button() {
    let app = app().await;
    let path = noticed(&app).await;
    let person = app.anonymous().with("accept", "text/html");
    let page = person.get(&path).await;
    assert!(
        page.assert_status(200)
            .body
            .contains("<form method=\"post\"")
    );
    let done = person.form(&path, &[]).await;
    assert!(
        done.assert_status(200).body.contains("has ended"),
        "{}",
        done.body
    );
    let again = person.form(&path, &[]).await;
    again.assert_status(403);
}

#[tokio::test]
async fn every_other_one_of_the_user_dies_and_nobody_elses() {
    let app = app().await;
    let ben = app.user("ben@example.com").await;
    let (first, second) = (noticed(&app).await, noticed(&app).await);
    app.token(&ben, &["user"]).await;
    app.deliver().await;
    let bens = path_in_mail(&app, "ben@example.com", PAGES[2]).expect("a link");
    app.anonymous()
        .post_nothing(&first)
        .await
        .assert_status(204);
    app.anonymous()
        .post_nothing(&second)
        .await
        .assert_status(403);
    app.anonymous().post_nothing(&bens).await.assert_status(204);
}

#[tokio::test]
async fn it_can_be_said_for_seven_days() {
    for (days, status) in [(6, 204), (7, 403)] {
        let app = app().await;
        let path = noticed(&app).await;
        app.clock
            .advance(TimeDelta::days(days) + TimeDelta::minutes(1));
        app.anonymous()
            .post_nothing(&path)
            .await
            .assert_status(status);
    }
}

#[tokio::test]
async fn said_from_an_old_address_the_new_password_goes_to_the_proved_one() {
    let app = app().await;
    let back = changed(&app, &app.logged_in(ANA).await, ANA, "new@example.com").await;
    let path = path_in_mail(&app, ANA, PAGES[2]).expect("a link");
    let shown = app.anonymous().get(&path).await;
    assert_eq!(
        shown.assert_status(200).json()["email"],
        ANA,
        "no other is told"
    );
    app.mails();
    app.anonymous().post_nothing(&path).await.assert_status(204);
    app.deliver().await;
    let mails = app.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, "new@example.com");
    app.anonymous().post_nothing(&back).await.assert_status(204);
}

#[tokio::test]
async fn said_from_an_old_address_nothing_is_mailed_to_one_that_nobody_proved() {
    let app = app().await;
    changed(&app, &app.logged_in(ANA).await, ANA, "new@example.com").await;
    let path = path_in_mail(&app, ANA, PAGES[2]).expect("a link");
    let sql = "UPDATE users SET email_verified_at = NULL";
    app.adyton.db().run(sql, &[]).await.expect("updated");
    app.mails();
    app.anonymous().post_nothing(&path).await.assert_status(204);
    app.deliver().await;
    assert_eq!(app.mails().len(), 0);
}

#[tokio::test]
async fn without_a_way_to_a_new_password_the_old_one_stays() {
    let app = TestApp::with(|config| {
        config.features = ["csrf-cookie", "login", "not-me", "tokens"]
            .map(str::to_owned)
            .to_vec();
    })
    .await;
    app.user(ANA).await;
    let thief = app.logged_in(ANA).await;
    let path = noticed(&app).await;
    app.anonymous().post_nothing(&path).await.assert_status(204);
    app.deliver().await;
    assert_eq!(app.count("sessions").await, 0);
    drop(thief);
    app.logged_in(ANA).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_at_once_one_is_heard() {
    let app = app().await;
    let hash = hash_of(&app, ANA).await;
    for _ in 0..4 {
        let path = noticed(&app).await;
        app.events();
        assert_one_of_twenty(&app, &path).await;
        let heard = app.events();
        let disowned = Event::Disowned { user: 1.into() };
        assert_eq!(heard.iter().filter(|event| **event == disowned).count(), 1);
        set_hash(&app, ANA, &hash).await;
    }
}
