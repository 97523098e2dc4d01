//! The links that change an address, and that take the change back.

mod races;
mod undo;

use adyton::{Event, NewToken};
use adyton_testing::{PASSWORD, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::mailbox::{PAGES, address_of, change_path, changed, path_in_mail, wish};
use crate::support::ANA;

const NEW: &str = "new@example.com";
const BEN: &str = "ben@example.com";

async fn app() -> TestApp {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    app
}

#[tokio::test]
async fn the_link_shows_and_only_a_post_changes() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let path = change_path(&app, &browser, NEW).await;
    app.events();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let answer = app.anonymous().raw(method.clone(), &path, "", "").await;
        answer.assert_status(200);
        if method == Method::GET {
            assert_eq!(answer.json(), json!({ "valid": true, "email": NEW }));
        }
    }
    assert_eq!(address_of(&app, 1).await, ANA);
    assert_eq!(app.events(), []);
    app.anonymous().post_nothing(&path).await.assert_status(204);
    assert_eq!(address_of(&app, 1).await, NEW);
    assert_eq!(app.events(), [Event::EmailChanged { user: 1.into() }]);
    let me = browser.get("/api/user").await.assert_status(200).json();
    assert_eq!(me["email"], NEW);
    assert!(me["email_verified_at"].is_string());
    let again = app.anonymous().post_nothing(&path).await;
    assert_eq!(again.assert_status(403).code(), "LINK_INVALID");
    app.anonymous().get(&path).await.assert_status(403);
}

#[tokio::test]
async fn a_person_gets_a_page_with_a_button() {
    let app = app().await;
    let path = change_path(&app, &app.logged_in(ANA).await, NEW).await;
    let person = app.anonymous().with("accept", "text/html");
    let page = person.get(&path).await;
    assert!(
        page.assert_status(200)
            .body
            .contains("<form method=\"post\"")
    );
    assert!(page.body.contains(NEW), "{}", page.body);
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    let done = person.form(&path, &[]).await;
    let sentence = "Your email address has been changed.";
    assert!(
        done.assert_status(200).body.contains(sentence),
        "{}",
        done.body
    );
    assert_eq!(address_of(&app, 1).await, NEW);
}

#[tokio::test]
async fn both_addresses_are_told_and_the_old_one_can_take_it_back() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    changed(&app, &browser, ANA, NEW).await;
    for (to, has_way_back) in [(ANA, true), (NEW, false)] {
        let mail = app.last_mail(to).expect("both are told");
        assert_eq!(
            mail.subject,
            "The address of your account at Adyton was changed"
        );
        assert!(
            mail.text.contains(ANA) && mail.text.contains(NEW),
            "{}",
            mail.text
        );
        assert_eq!(mail.text.contains(PAGES[1]), has_way_back, "{}", mail.text);
        assert!(mail.text.contains(PAGES[2]), "{}", mail.text);
    }
}

#[tokio::test]
async fn the_session_that_asked_goes_on_and_no_other() {
    let app = app().await;
    let ana = app
        .adyton
        .users()
        .find(&1.into())
        .await
        .expect("read")
        .expect("Ana");
    let token = app.token(&ana, &["user"]).await;
    let other = app.logged_in(ANA).await;
    let browser = app.logged_in(ANA).await;
    let path = change_path(&app, &browser, NEW).await;
    app.anonymous().post_nothing(&path).await.assert_status(204);
    browser.get("/api/user").await.assert_status(200);
    other.get("/api/user").await.assert_status(401);
    app.bearer(&token).get("/api/user").await.assert_status(200);
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let old = json!({ "email": ANA, "password": PASSWORD });
    visitor.post("/login", old).await.assert_status(422);
    let new = json!({ "email": NEW, "password": PASSWORD });
    visitor.post("/login", new).await.assert_status(200);
}

#[tokio::test]
async fn what_is_no_link_of_this_kind_is_refused_alike() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let back = changed(&app, &browser, ANA, NEW).await;
    let not_me = path_in_mail(&app, NEW, PAGES[2]).expect("a link");
    let change = change_path(&app, &browser, "third@example.com").await;
    let secret = |path: &str| path.rsplit('/').next().expect("a secret").to_owned();
    let alive = [secret(&change), secret(&back), secret(&not_me)];
    let never = [
        "null",
        "undefined",
        "0",
        "%00",
        "%20",
        "%20%09",
        "%ff",
        "x",
        "%2e%2e",
    ];
    let never = never.map(str::to_owned).into_iter();
    let never: Vec<String> = never.chain(["a".repeat(43), "a".repeat(5_000)]).collect();
    let mut said = None;
    for (at, page) in PAGES.iter().enumerate() {
        let others = alive.iter().enumerate().filter(|(of, _)| *of != at);
        let others: Vec<String> = others.map(|(_, secret)| secret.clone()).collect();
        for wrong in never.iter().chain(&others) {
            let path = format!("{page}{wrong}");
            for answer in [
                app.anonymous().post_nothing(&path).await,
                app.anonymous().get(&path).await,
            ] {
                assert_eq!(answer.assert_status(403).code(), "LINK_INVALID", "{path}");
                let first = said.get_or_insert_with(|| answer.body.clone());
                assert_eq!(*first, answer.body, "{path}");
            }
        }
        let blank = app.anonymous().post_nothing(page).await;
        assert_eq!(blank.assert_status(404).code(), "ROUTE_NOT_FOUND");
    }
    for (page, secret) in ["/reset-password", "/register/complete"].iter().zip(&alive) {
        let body = json!({
            "token": secret, "email": NEW, "password": "a long new one",
            "password_confirmation": "a long new one",
        });
        let answer = app.anonymous().post(page, body.clone()).await;
        assert!(answer.status.is_client_error(), "{answer:?}");
        let answer = app
            .anonymous()
            .post(&format!("{page}/{secret}"), body)
            .await;
        assert!(answer.status.is_client_error(), "{answer:?}");
    }
    assert_eq!(address_of(&app, 1).await, NEW, "nothing of it did anything");
    browser.get("/api/user").await.assert_status(200);
    app.anonymous()
        .post_nothing(&change)
        .await
        .assert_status(204);
}

#[tokio::test]
async fn a_link_ends_after_an_hour() {
    let app = app().await;
    let path = change_path(&app, &app.logged_in(ANA).await, NEW).await;
    app.clock.advance(TimeDelta::minutes(61));
    app.anonymous().post_nothing(&path).await.assert_status(403);
    assert_eq!(address_of(&app, 1).await, ANA);
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_is_told_to_nobody() {
    let app = app().await;
    let path = change_path(&app, &app.logged_in(ANA).await, BEN).await;
    app.user(BEN).await;
    let answer = app.anonymous().post_nothing(&path).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    assert_eq!(address_of(&app, 1).await, ANA);
    assert_eq!(address_of(&app, 2).await, BEN);
    let sql = "DELETE FROM users WHERE email = $1";
    app.adyton
        .db()
        .run(sql, &[BEN.into()])
        .await
        .expect("deleted");
    app.anonymous().post_nothing(&path).await.assert_status(403);
}

#[tokio::test]
async fn only_the_last_wish_can_be_granted() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let first = change_path(&app, &browser, "first@example.com").await;
    let second = change_path(&app, &browser, "second@example.com").await;
    app.anonymous()
        .post_nothing(&first)
        .await
        .assert_status(403);
    app.anonymous()
        .post_nothing(&second)
        .await
        .assert_status(204);
    assert_eq!(address_of(&app, 1).await, "second@example.com");
}

#[tokio::test]
async fn a_wish_that_waits_dies_with_the_password() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let pending = change_path(&app, &browser, NEW).await;
    wish(&browser, BEN).await;
    let body = json!({
        "current_password": PASSWORD, "password": "another long one",
        "password_confirmation": "another long one",
    });
    browser
        .json(Method::PUT, "/user/password", body)
        .await
        .assert_status(200);
    app.mails();
    app.deliver().await;
    assert!(app.last_mail(BEN).is_none(), "the errand was not yet run");
    app.anonymous()
        .post_nothing(&pending)
        .await
        .assert_status(403);
    assert_eq!(address_of(&app, 1).await, ANA);
}

#[tokio::test]
async fn a_reset_that_was_mailed_to_the_old_address_dies() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let ask = json!({ "email": ANA });
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    visitor
        .post("/forgot-password", ask)
        .await
        .assert_status(200);
    app.deliver().await;
    assert_eq!(app.count("password_reset_tokens").await, 1);
    changed(&app, &browser, ANA, NEW).await;
    assert_eq!(app.count("password_reset_tokens").await, 0);
}

#[tokio::test]
async fn a_front_ends_page_takes_the_link() {
    let app = TestApp::with(|config| {
        config.links.email_change = Some("https://app.example.com/confirm?t={token}".to_owned());
    })
    .await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    wish(&browser, NEW).await;
    app.deliver().await;
    let mail = app.last_mail(NEW).expect("a mail");
    let start = "https://app.example.com/confirm?t=";
    let at = mail.text.find(start).expect("the link") + start.len();
    let secret = mail.text[at..].split_whitespace().next().expect("a secret");
    let path = format!("{}{secret}", PAGES[0]);
    browser.post(&path, json!({})).await.assert_status(204);
    let new = NewToken::new("n", adyton::Abilities::new(["user"]));
    app.adyton
        .issue_token(&ana, new)
        .await
        .expect("the account is there");
    assert_eq!(address_of(&app, 1).await, NEW);
}

/// Whoever asks for one address after another has the link of the first as a witness.
#[tokio::test]
async fn a_later_wish_ends_an_earlier_link_whether_or_not_its_address_is_taken() {
    for (address, is_taken) in [(BEN, true), ("free@example.com", false)] {
        let app = app().await;
        app.user(BEN).await;
        let browser = app.logged_in(ANA).await;
        let path = change_path(&app, &browser, NEW).await;
        wish(&browser, address).await;
        app.deliver().await;
        let answer = app.anonymous().get(&path).await;
        assert_eq!(answer.status, 403, "taken: {is_taken}");
    }
}

#[tokio::test]
async fn an_address_that_somebody_may_take_back_is_not_given_to_another() {
    let app = app().await;
    let asker = app.logged_in(ANA).await;
    let path = change_path(&app, &asker, NEW).await;
    // Somebody registers with it, changes it, and may change it back for a week.
    app.user(NEW).await;
    let theirs = app.logged_in(NEW).await;
    changed(&app, &theirs, NEW, "later@example.com").await;
    let answer = app.anonymous().post_nothing(&path).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    assert_eq!(address_of(&app, 1).await, ANA);
}

/// A reset or a registration that was mailed there is its former reader's.
#[tokio::test]
async fn what_was_mailed_to_the_new_address_before_is_worth_nothing() {
    let app = app().await;
    let browser = app.logged_in(ANA).await;
    let path = change_path(&app, &browser, NEW).await;
    let (db, now) = (app.adyton.db(), app.clock.now());
    let sql = "INSERT INTO password_reset_tokens (email, token, created_at) VALUES ($1, $2, $3)";
    let params = [NEW.into(), "t".into(), now.into()];
    db.run(sql, &params).await.expect("a reset");
    let sql = "INSERT INTO one_time_links (id, purpose, address, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)";
    let soon = now + TimeDelta::hours(1);
    let params = [
        "a".into(),
        "registration".into(),
        NEW.into(),
        now.into(),
        soon.into(),
    ];
    db.run(sql, &params).await.expect("a link");
    app.anonymous().post_nothing(&path).await.assert_status(204);
    assert_eq!(app.count("password_reset_tokens").await, 0);
    let sql = "SELECT id AS value FROM one_time_links WHERE id = $1";
    assert_eq!(crate::support::text(&app, sql, "a").await, None);
}
