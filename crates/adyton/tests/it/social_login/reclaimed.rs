//! An account whose address nobody proved goes to whom the provider vouches for, and its first
//! holder is left with nothing.

use adyton::{Changes, Event};
use adyton_testing::Person;
use serde_json::json;

use crate::authenticator::{prove_again, set_up};
use crate::mailbox::{path_in_mail, reset};
use crate::support::{ANA, change, credentials, hash_of, page};
use crate::visitor::{
    COMPANY, assert_refused, link as link_by, linked_to, names, squatter, unvouched, user, visit,
    visit_by, visited, who,
};

#[tokio::test]
async fn everything_that_the_first_holder_set_up_is_gone() {
    let (app, provider) = visited(|config| {
        config.two_factor.requires_verified_email = false;
        config.throttle.enabled = false;
    })
    .await;
    let mallory = squatter(&app, ANA).await;
    let thief = app.browser();
    thief.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut login = credentials(ANA);
    login["remember"] = true.into();
    thief.post("/login", login).await.assert_status(200);
    prove_again(&app, &thief).await;
    set_up(&app, &thief).await;
    let token = app.token(&mallory, &["user"]).await;
    let copy = thief.copied();
    app.deliver().await;
    let disown = crate::mailbox::path_in_mail(&app, ANA, "/account/not-me/");
    names(&app);
    app.mails();
    let (browser, answer) = visit(&app, &provider).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
    let events = names(&app);
    let expected = [
        "account_reclaimed",
        "two_factor_disabled",
        "email_verified",
        "social_linked",
        "logged_in",
    ];
    assert_eq!(events, expected);
    let shown = who(&browser).await.expect("the owner is in");
    assert_eq!(shown["name"], "Ana Example");
    assert_eq!(shown["id"], json!(mallory.id));
    assert_eq!(who(&thief).await, None);
    assert_eq!(who(&copy).await, None);
    app.bearer(&token).get("/api/user").await.assert_status(401);
    assert_eq!(hash_of(&app, ANA).await, "");
    let ana = user(&app, ANA).await;
    assert!(ana.has_verified_email());
    assert!(ana.two_factor_secret.is_none() && ana.two_factor_recovery_codes.is_none());
    for table in [
        "remembered_browsers",
        "personal_access_tokens",
        "two_factor_challenges",
    ] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    assert_eq!(app.count("sessions").await, 1);
    if let Some(disown) = disown {
        let answer = app.anonymous().post_nothing(&disown).await;
        assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    }
    // The owner is told that there is a new way in.
    app.deliver().await;
    assert!(
        app.last_mail(ANA)
            .is_some_and(|mail| mail.text.contains("Google"))
    );
}

#[tokio::test]
async fn a_link_that_the_first_holder_made_is_gone_too() {
    let (app, provider) = visited(|_| {}).await;
    // At the company nobody vouches for the address that somebody gives.
    provider.person(unvouched("thief", ANA));
    let thief = page(&app);
    visit_by(&thief, &provider, COMPANY)
        .await
        .assert_status(302);
    assert!(linked_to(&app, "thief").await.is_some());
    provider.person(Person::new("ana", ANA));
    let (browser, answer) = visit(&app, &provider).await;
    answer.assert_status(302);
    assert!(who(&browser).await.is_some());
    assert_eq!(who(&thief).await, None);
    assert_eq!(linked_to(&app, "thief").await, None);
    provider.person(unvouched("thief", ANA));
    let answer = visit_by(&thief, &provider, COMPANY).await;
    assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
}

#[tokio::test]
async fn what_was_mailed_for_the_first_holder_works_no_more() {
    let (app, provider) = visited(|_| {}).await;
    let thief = app.browser();
    thief.get("/sanctum/csrf-cookie").await.assert_status(204);
    let account = json!({
        "name": "Mallory", "email": ANA, "password": "a-good-password",
        "password_confirmation": "a-good-password",
    });
    thief.post("/register", account).await.assert_status(201);
    // A change to an address of the thief's waits for its link.
    let change = crate::mailbox::change_path(&app, &thief, "thief@example.com").await;
    visit(&app, &provider).await.1.assert_status(302);
    let answer = app.anonymous().post_nothing(&change).await;
    assert_eq!(answer.assert_status(403).code(), "LINK_INVALID");
    assert_eq!(crate::mailbox::address_of(&app, 1).await, ANA);
}

#[tokio::test]
async fn an_account_that_is_disabled_stays_as_it_is() {
    let (app, provider) = visited(|_| {}).await;
    let mallory = squatter(&app, ANA).await;
    let mut disabled = Changes::default();
    disabled.disabled_at = Some(Some(app.clock.now()));
    change(&app, &mallory, disabled).await;
    let hash = hash_of(&app, ANA).await;
    let (_, answer) = visit(&app, &provider).await;
    assert_refused(&answer, "SOCIAL_ACCOUNT_EXISTS");
    assert_eq!(hash_of(&app, ANA).await, hash);
    assert_eq!(app.count("social_accounts").await, 0);
}

#[tokio::test]
async fn the_role_stays_and_a_name_that_nobody_tells_does_too() {
    let (app, provider) = visited(|_| {}).await;
    let mallory = squatter(&app, ANA).await;
    let mut promoted = Changes::default();
    promoted.role = Some(Some("member".to_owned()));
    change(&app, &mallory, promoted).await;
    let mut person = Person::new("7", ANA);
    person.name = None;
    provider.person(person);
    visit(&app, &provider).await.1.assert_status(302);
    let ana = user(&app, ANA).await;
    assert_eq!(
        (ana.name.as_str(), ana.role.as_deref()),
        ("Mallory", Some("member"))
    );
    let reclaimed = Event::AccountReclaimed {
        user: ana.id,
        provider: "google".to_owned(),
    };
    assert_eq!(app.events()[0], reclaimed);
}

#[tokio::test]
async fn a_link_of_before_the_address_was_proved_ends_with_a_reset_and_a_later_one_stays() {
    let (app, provider) = visited(|_| {}).await;
    provider.person(unvouched("thief", ANA));
    let thief = page(&app);
    let answer = visit_by(&thief, &provider, COMPANY).await;
    answer.assert_status(302);
    // The owner follows a link that they did not ask for, and later wonders what this account is.
    app.clock.advance(chrono::TimeDelta::minutes(5));
    app.deliver().await;
    let link = path_in_mail(&app, ANA, "/email/verify/").expect("a link");
    app.anonymous().post_nothing(&link).await.assert_status(204);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    reset(&app, ANA).await;
    assert_eq!(linked_to(&app, "thief").await, None);
    assert_eq!(who(&thief).await, None);
    let owner = app.logged_in(ANA).await;
    prove_again(&app, &owner).await;
    provider.person(Person::new("ana", ANA));
    link_by(&owner, &provider).await.assert_status(302);
    app.clock.advance(chrono::TimeDelta::minutes(5));
    reset(&app, ANA).await;
    assert!(linked_to(&app, "ana").await.is_some());
}
