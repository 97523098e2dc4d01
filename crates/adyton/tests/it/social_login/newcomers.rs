//! Who may come as somebody new, by `registration.mode` and by what the provider vouches for.

use adyton::config::RegistrationMode;
use adyton_testing::{PASSWORD, Person, TestApp, TestProvider};

use crate::mailbox::changed;
use crate::support::ANA;
use crate::visitor::{assert_refused, names, squatter, unvouched, user, visit, visited, who};

const NEW: &str = "new@example.com";

async fn in_mode(mode: RegistrationMode) -> (TestApp, TestProvider) {
    visited(|config| config.registration.mode = mode).await
}

#[tokio::test]
async fn an_open_registration_takes_an_unvouched_address_as_unproved() {
    let (app, provider) = in_mode(RegistrationMode::Open).await;
    provider.person(unvouched("7", NEW));
    let (browser, answer) = visit(&app, &provider).await;
    answer.assert_status(302);
    assert!(!user(&app, NEW).await.has_verified_email());
    assert_eq!(names(&app), ["registered", "social_linked", "logged_in"]);
    app.deliver().await;
    let mail = app.last_mail(NEW).expect("a link to prove the address");
    assert!(mail.text.contains("/email/verify/"), "{}", mail.text);
    let shown = who(&browser).await.expect("somebody is in");
    assert!(shown["email_verified_at"].is_null());
}

#[tokio::test]
async fn where_mailboxes_are_asked_first_the_provider_has_asked_it() {
    let (app, provider) = in_mode(RegistrationMode::VerifyFirst).await;
    provider.person(Person::new("7", NEW));
    visit(&app, &provider).await.1.assert_status(302);
    assert!(user(&app, NEW).await.has_verified_email());
}

#[tokio::test]
async fn a_registration_that_waits_for_its_mail_comes_too_late() {
    let (app, provider) = in_mode(RegistrationMode::VerifyFirst).await;
    let thief = app.browser();
    thief.get("/sanctum/csrf-cookie").await.assert_status(204);
    let account = serde_json::json!({
        "name": "Mallory", "email": NEW, "password": PASSWORD, "password_confirmation": PASSWORD,
    });
    let asked = thief.post("/register", account).await;
    // Nobody is in: a mail decides.
    asked.assert_status(201);
    app.deliver().await;
    let link = crate::mailbox::path_in_mail(&app, NEW, "/register/complete/");
    let link = link.expect("a link");
    provider.person(Person::new("7", NEW));
    visit(&app, &provider).await.1.assert_status(302);
    let answer = app.anonymous().post_nothing(&link).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    assert!(!user(&app, NEW).await.has_password());
}

#[tokio::test]
async fn a_closed_registration_lets_in_those_who_are_there() {
    let (app, provider) = in_mode(RegistrationMode::Open).await;
    provider.person(Person::new("7", ANA));
    visit(&app, &provider).await.1.assert_status(302);
    let app = app.restarted(|config| {
        crate::visitor::known(config, &provider);
        config.registration.mode = RegistrationMode::Closed;
    });
    let app = app.await;
    visit(&app, &provider).await.1.assert_status(302);
    for person in [
        Person::new("8", NEW),
        unvouched("8", NEW),
        unvouched("8", ANA),
    ] {
        provider.person(person);
        let (_, answer) = visit(&app, &provider).await;
        assert_refused(&answer, "REGISTRATION_CLOSED");
    }
    let happened = names(&app);
    assert_eq!(happened[0], "logged_in");
    assert_eq!(happened[1..], ["social_failed"; 3]);
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn an_account_that_an_operator_made_is_its_mailboxs_in_a_closed_registration_too() {
    let (app, provider) = in_mode(RegistrationMode::Closed).await;
    squatter(&app, NEW).await;
    provider.person(Person::new("7", NEW));
    visit(&app, &provider).await.1.assert_status(302);
    assert_eq!(names(&app)[0], "account_reclaimed");
}

#[tokio::test]
async fn an_address_that_its_last_owner_may_take_back_is_not_free() {
    let (app, provider) = in_mode(RegistrationMode::Open).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    changed(&app, &browser, ANA, NEW).await;
    provider.person(Person::new("7", ANA));
    let (_, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn a_name_that_the_provider_does_not_tell_is_the_addresss() {
    let (app, provider) = in_mode(RegistrationMode::Open).await;
    for (subject, name, called) in [
        ("1", None, "new.person"),
        ("2", Some("  "), "new.person"),
        ("3", Some("Ana\u{7}\nMaría"), "AnaMaría"),
    ] {
        let email = format!("new.person@{subject}.example.com");
        let mut person = Person::new(subject, &email);
        person.name = name.map(str::to_owned);
        provider.person(person);
        visit(&app, &provider).await.1.assert_status(302);
        assert_eq!(user(&app, &email).await.name, called);
    }
}

#[tokio::test]
async fn a_new_user_has_the_role_of_everybody_who_registers() {
    let (app, provider) = visited(|config| {
        config.users.roles = vec!["member".to_owned(), "owner".to_owned()];
        config.users.default_role = Some("member".to_owned());
    })
    .await;
    provider.person(Person::new("7", NEW));
    visit(&app, &provider).await.1.assert_status(302);
    assert_eq!(user(&app, NEW).await.role.as_deref(), Some("member"));
}
