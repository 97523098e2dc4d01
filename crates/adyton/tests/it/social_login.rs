//! Getting in by way of a provider: every outcome, on a provider that keeps the rules.

mod hostile;
mod kinds;
mod meanwhile;
mod newcomers;
mod races;
mod real;
mod reclaimed;
mod second_step;
mod single_page;
mod way;

use adyton::config::RegistrationMode;
use adyton::{Changes, Event, Via};
use adyton_testing::{Fault, Person};

use crate::support::{ANA, change, credentials, hash_of};
use crate::visitor::{
    COMPANY, assert_refused, linked_to, names, squatter, unvouched, user, visit, visit_by, visited,
    who,
};

/// Where no page of the product's is set for it, ours says what happened and leads home.
#[tokio::test]
async fn whoever_changed_their_mind_is_shown_a_way_on() {
    let (app, provider) = visited(|_| {}).await;
    provider.breaks(Fault::Denied);
    let (_, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_DENIED");
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer.body.contains("the login was cancelled"),
        "{}",
        answer.body
    );
    assert!(
        answer.body.contains("<a href=\"/home\">"),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_first_visit_makes_the_account_and_the_session() {
    let (app, provider) = visited(|_| {}).await;
    provider.person(Person::new("7", ANA));
    let (browser, answer) = visit(&app, &provider).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
    // The code and its state are in the address that the browser comes from.
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let ana = user(&app, ANA).await;
    let shown = who(&browser).await.expect("somebody is in");
    assert_eq!(
        (&shown["email"], &shown["name"]),
        (&ANA.into(), &"Ana Example".into())
    );
    assert!(ana.has_verified_email() && !ana.has_password());
    assert_eq!(hash_of(&app, ANA).await, "");
    assert_eq!(app.count("social_accounts").await, 1);
    let (id, address) = (|| ana.id.clone(), [127, 0, 0, 1].into());
    let happened = [
        Event::Registered {
            user: id(),
            address,
        },
        Event::EmailVerified { user: id() },
        Event::SocialLinked {
            user: id(),
            provider: "google".to_owned(),
        },
        Event::LoggedIn {
            user: id(),
            via: Via::Social,
            address,
        },
    ];
    assert_eq!(app.events(), happened);
    // The provider proved the address: there is nothing to mail.
    assert_eq!(app.deliver().await, 0);
}

#[tokio::test]
async fn a_later_visit_is_the_same_user_whatever_the_provider_calls_them() {
    let (app, provider) = visited(|_| {}).await;
    provider.person(Person::new("7", ANA));
    visit(&app, &provider).await.1.assert_status(302);
    let before = user(&app, ANA).await;
    names(&app);
    let mut person = unvouched("7", "another@example.com");
    person.name = Some("Somebody Else".to_owned());
    provider.person(person.clone());
    let (browser, answer) = visit(&app, &provider).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
    person.email = None;
    provider.person(person);
    visit(&app, &provider).await.1.assert_status(302);
    assert_eq!(names(&app), ["logged_in", "logged_in"]);
    let shown = who(&browser).await.expect("somebody is in");
    assert_eq!(
        (&shown["email"], &shown["name"]),
        (&ANA.into(), &before.name.into())
    );
    assert_eq!(app.count("users").await, 1);
    assert_eq!(app.count("social_accounts").await, 1);
}

#[tokio::test]
async fn somebody_else_at_the_provider_with_the_same_address_is_somebody_else() {
    let (app, provider) = visited(|_| {}).await;
    provider.person(Person::new("7", ANA));
    visit(&app, &provider).await.1.assert_status(302);
    provider.person(Person::new("8", ANA));
    let (browser, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
    assert_eq!(who(&browser).await, None);
    assert_eq!(linked_to(&app, "8").await, None);
}

#[tokio::test]
async fn one_subject_at_two_providers_is_two_people() {
    let (app, provider) = visited(|_| {}).await;
    provider.person(Person::new("7", ANA));
    visit(&app, &provider).await.1.assert_status(302);
    provider.person(Person::new("7", "bo@example.com"));
    let browser = crate::support::page(&app);
    let answer = visit_by(&browser, &provider, COMPANY).await;
    answer.assert_status(302);
    assert_eq!(who(&browser).await.expect("in")["email"], "bo@example.com");
    assert_eq!(app.count("users").await, 2);
}

#[tokio::test]
async fn an_account_whose_address_is_proved_is_never_linked_silently() {
    let (app, provider) = visited(|_| {}).await;
    let ana = app.user(ANA).await;
    let (browser, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
    let failed = Event::SocialFailed {
        user: Some(ana.id),
        provider: "google".to_owned(),
        code: "SOCIAL_ACCOUNT_EXISTS",
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
    assert_eq!(who(&browser).await, None);
    assert_eq!(app.count("social_accounts").await, 0);
    assert_eq!(app.count("sessions").await, 0);
    // And the password is what it was.
    app.logged_in(ANA).await;
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_reaches_no_account() {
    let (app, provider) = visited(|_| {}).await;
    app.user(ANA).await;
    squatter(&app, "bo@example.com").await;
    for email in [ANA, "bo@example.com"] {
        provider.person(unvouched("7", email));
        let (browser, answer) = visit(&app, &provider).await;
        assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
        assert_eq!(who(&browser).await, None);
    }
    assert_eq!(names(&app), ["social_failed", "social_failed"]);
    assert_eq!(app.count("social_accounts").await, 0);
    assert_eq!(app.count("users").await, 2);
}

#[tokio::test]
async fn where_mailboxes_are_asked_first_an_unvouched_address_tells_nothing() {
    let first = RegistrationMode::VerifyFirst;
    let (app, provider) = visited(|config| config.registration.mode = first).await;
    app.user(ANA).await;
    let mut said = Vec::new();
    for email in [ANA, "nobody@example.com"] {
        provider.person(unvouched("7", email));
        let (_, answer) = visit(&app, &provider).await;
        assert_refused(&answer, "SOCIAL_EMAIL_UNVERIFIED");
        said.push(answer.body);
    }
    assert_eq!(said[0], said[1]);
    let strangers = |event: &Event| matches!(event, Event::SocialFailed { user: None, .. });
    assert!(app.events().iter().all(strangers));
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn without_an_address_there_is_no_account_but_a_link_still_works() {
    let (app, provider) = visited(|_| {}).await;
    let mut person = Person::new("7", ANA);
    person.email = None;
    provider.person(person.clone());
    assert_refused(&visit(&app, &provider).await.1, "SOCIAL_EMAIL_MISSING");
    assert_eq!(app.count("users").await, 0);
    assert_eq!(names(&app), ["social_failed"]);
    provider.person(Person::new("7", ANA));
    visit(&app, &provider).await.1.assert_status(302);
    provider.person(person);
    visit(&app, &provider).await.1.assert_status(302);
}

#[tokio::test]
async fn a_disabled_user_is_refused_and_told_no_more_than_that_it_did_not_work() {
    let (app, provider) = visited(|config| config.debug = false).await;
    visit(&app, &provider).await.1.assert_status(302);
    let ana = user(&app, ANA).await;
    let mut disabled = Changes::default();
    disabled.disabled_at = Some(Some(app.clock.now()));
    change(&app, &ana, disabled).await;
    app.events();
    let (browser, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_PROVIDER_FAILED");
    assert_eq!(answer.header("x-adyton-reason"), "");
    assert_eq!(who(&browser).await, None);
    let failed = Event::SocialFailed {
        user: Some(ana.id),
        provider: "google".to_owned(),
        code: "USER_DISABLED",
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
}

#[tokio::test]
async fn a_user_without_a_password_gets_in_by_none() {
    let (app, provider) = visited(|_| {}).await;
    visit(&app, &provider).await.1.assert_status(302);
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    for password in ["password", "", " "] {
        let mut sent = credentials(ANA);
        sent["password"] = password.into();
        browser.post("/login", sent).await.assert_status(422);
    }
}
