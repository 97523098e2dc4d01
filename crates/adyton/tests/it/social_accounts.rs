//! Whom a user is linked to at providers: listed, linked, unlinked, and asked once more.

use adyton::config::SocialKind;
use adyton::{Event, User};
use adyton_testing::{Browser, Fault, Person, TestApp, TestProvider};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::authenticator::{confirmed, prove_again, unlimited};
use crate::support::{ANA, page};
use crate::visitor::{
    GOOGLE, LINK, assert_refused, begun, come_back, link, linked_to, names, script, visit,
    visit_by, visited, who,
};

const LIST: &str = "/user/social-accounts";
const CONFIRM: &str = "/user/social-accounts/google/confirm";
const BO: &str = "bo@example.com";

/// A user who proved of late who they are, their browser, and the provider that knows them as `7`.
async fn scene() -> (TestApp, TestProvider, User, Browser) {
    let (app, provider) = visited(unlimited).await;
    let ana = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    provider.person(Person::new("7", "ana@provider.example"));
    app.events();
    (app, provider, ana, browser)
}

/// A user who came by the provider, and has no password.
async fn newcomer(app: &TestApp, provider: &TestProvider) -> Browser {
    provider.person(Person::new("7", ANA));
    let (browser, answer) = visit(app, provider).await;
    answer.assert_status(302);
    app.events();
    script(&browser)
}

async fn list(browser: &Browser) -> Vec<Json> {
    let answer = browser.get(LIST).await;
    let list = answer.assert_status(200).json();
    list["social_accounts"].as_array().expect("a list").clone()
}

async fn is_confirmed(browser: &Browser) -> bool {
    let answer = browser.get("/user/confirmed-password-status").await;
    answer.assert_status(200).json()["confirmed"] == true
}

#[tokio::test]
async fn a_link_is_made_told_and_lets_its_user_in() {
    let (app, provider, ana, browser) = scene().await;
    assert_eq!(list(&browser).await, [json!(null); 0]);
    let answer = link(&browser, &provider).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
    let linked = Event::SocialLinked {
        user: ana.id.clone(),
        provider: "google".to_owned(),
    };
    assert_eq!(app.events(), [linked]);
    let listed = list(&browser).await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["provider"], "google");
    assert_eq!(listed[0]["email"], "ana@provider.example");
    assert!(
        listed[0]["created_at"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z'))
    );
    assert!(
        !browser.get(LIST).await.body.contains("\"7\""),
        "the subject is not told"
    );
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert!(mail.text.contains("/account/not-me/"), "{}", mail.text);
    let (other, answer) = visit(&app, &provider).await;
    answer.assert_status(302);
    // The address at the provider is another one, and makes nobody.
    assert_eq!(who(&other).await.expect("in")["email"], ANA);
    assert_eq!(app.count("users").await, 1);
}

#[tokio::test]
async fn what_is_linked_is_shown_to_its_user_alone() {
    let (app, provider, _, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    app.user(BO).await;
    let other = confirmed(&app, BO).await;
    assert!(list(&other).await.is_empty());
    let id = list(&browser).await[0]["id"].to_string();
    for path in [
        format!("{LIST}/{id}"),
        format!("{LIST}/x"),
        format!("{LIST}/-1"),
    ] {
        let answer = other.delete(&path).await;
        assert_eq!(answer.assert_status(404).code(), "NOT_FOUND", "{path}");
    }
    assert_eq!(list(&browser).await.len(), 1);
}

#[tokio::test]
async fn it_begins_with_a_post_of_a_session_that_is_confirmed() {
    let (app, _provider) = visited(|_| {}).await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    for answer in [
        browser.post(LINK, json!({})).await,
        browser.delete(&format!("{LIST}/1")).await,
    ] {
        assert_eq!(answer.assert_status(423).code(), "CONFIRMATION_REQUIRED");
    }
    prove_again(&app, &browser).await;
    browser.get(LINK).await.assert_status(405);
    let forged = browser.clone().without_csrf_header();
    for path in [LINK, CONFIRM] {
        forged.post(path, json!({})).await.assert_status(419);
    }
    let cross = browser.clone().with("sec-fetch-site", "cross-site");
    cross.post(LINK, json!({})).await.assert_status(419);
    let token = app.token(&ana, &["user"]).await;
    for answer in [
        app.bearer(&token).get(LIST).await,
        app.bearer(&token).post(LINK, json!({})).await,
        app.bearer(&token).delete(&format!("{LIST}/1")).await,
    ] {
        assert_eq!(answer.assert_status(403).code(), "SESSION_REQUIRED");
    }
    app.anonymous().get(LIST).await.assert_status(401);
    let other = browser.post("/user/social-accounts/other", json!({})).await;
    assert_eq!(other.assert_status(404).code(), "NOT_FOUND");
    let evil = json!({ "return_to": "//evil.example" });
    browser.post(LINK, evil).await.assert_status(422);
    assert_eq!(browser.cookie("adyton_social"), None);
    // The proof grows old.
    app.clock.advance(TimeDelta::minutes(16));
    browser.post(LINK, json!({})).await.assert_status(423);
}

#[tokio::test]
async fn a_form_is_sent_to_the_provider_and_back_to_its_page() {
    let (_app, provider, _, browser) = scene().await;
    let form = browser.clone().with("accept", "text/html");
    let answer = form.form(LINK, &[("return_to", "/settings")]).await;
    let url = answer.assert_status(302).header("location").to_owned();
    let path = provider.visit(&url).await.path_and_query();
    let answer = come_back(&browser, &path).await;
    assert_eq!(answer.assert_status(302).header("location"), "/settings");
    let form = form.with("referer", "http://localhost:3000/settings");
    let answer = form
        .form(&format!("{LIST}/1"), &[("_method", "DELETE")])
        .await;
    let back = "http://localhost:3000/settings";
    assert_eq!(answer.assert_status(302).header("location"), back);
    assert!(list(&browser).await.is_empty());
}

#[tokio::test]
async fn to_link_once_more_is_to_link_once() {
    let (app, provider, _, browser) = scene().await;
    for _ in 0..2 {
        link(&browser, &provider).await.assert_status(302);
    }
    assert_eq!(names(&app), ["social_linked"]);
    assert_eq!(app.deliver().await, 1);
    assert_eq!(app.count("social_accounts").await, 1);
}

#[tokio::test]
async fn somebody_elses_login_is_not_taken_from_them() {
    let (app, provider, ana, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    let bo = app.user(BO).await;
    let other = confirmed(&app, BO).await;
    app.events();
    assert_refused(&link(&other, &provider).await, "SOCIAL_LINKED_ELSEWHERE");
    let failed = Event::SocialFailed {
        user: Some(bo.id),
        provider: "google".to_owned(),
        code: "SOCIAL_LINKED_ELSEWHERE",
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
    assert_eq!(json!(linked_to(&app, "7").await), json!(ana.id));
}

#[tokio::test]
async fn what_a_user_began_ends_with_their_session() {
    let (app, provider, ..) = scene().await;
    app.user(BO).await;
    let browser = confirmed(&app, ANA).await;
    let path = begun(&browser, &provider, LINK).await;
    browser.post_nothing("/logout").await.assert_status(204);
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
    // Another user logs in between.
    let browser = confirmed(&app, ANA).await;
    let path = begun(&browser, &provider, LINK).await;
    browser.post_nothing("/logout").await.assert_status(204);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let login = crate::support::credentials(BO);
    browser.post("/login", login).await.assert_status(200);
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
    // In another browser, in which the same user is logged in.
    let (first, second) = (confirmed(&app, ANA).await, app.logged_in(ANA).await);
    let path = begun(&first, &provider, LINK).await;
    assert_refused(&come_back(&second, &path).await, "SOCIAL_STATE_INVALID");
    assert_eq!(app.count("social_accounts").await, 0);
    // The provider was not even asked.
    assert!(provider.asked("/token").is_empty());
}

#[tokio::test]
async fn a_session_that_was_ended_elsewhere_links_nothing() {
    let (app, provider, ana, browser) = scene().await;
    let path = begun(&browser, &provider, LINK).await;
    let ended = app.adyton.end_sessions(&ana).await;
    ended.expect("ended");
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
    assert_eq!(app.count("social_accounts").await, 0);
}

#[tokio::test]
async fn a_login_that_began_never_links() {
    let (app, provider, _, browser) = scene().await;
    let visitor = page(&app);
    let path = crate::visitor::brought_back(&visitor, &provider, GOOGLE).await;
    // The thief's flow and answer, in a browser where somebody is logged in.
    browser.set_cookie("adyton_social", visitor.cookie("adyton_social").as_deref());
    come_back(&browser, &path).await.assert_status(302);
    assert_eq!(
        who(&browser).await.expect("in")["email"],
        "ana@provider.example"
    );
    assert_eq!(linked_to(&app, "7").await, Some(2));
}

#[tokio::test]
async fn an_end_is_told_and_lets_nobody_in_any_more() {
    let (app, provider, ana, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    app.deliver().await;
    app.events();
    let id = list(&browser).await[0]["id"].to_string();
    browser
        .delete(&format!("{LIST}/{id}"))
        .await
        .assert_status(204);
    let unlinked = Event::SocialUnlinked {
        user: ana.id,
        provider: "google".to_owned(),
    };
    assert_eq!(app.events(), [unlinked]);
    app.mails();
    app.deliver().await;
    assert!(app.last_mail(ANA).is_some(), "a notice");
    assert!(list(&browser).await.is_empty());
    browser
        .delete(&format!("{LIST}/{id}"))
        .await
        .assert_status(404);
    let (visitor, _) = visit(&app, &provider).await;
    assert_ne!(
        who(&visitor).await.map(|shown| shown["email"].clone()),
        Some(ANA.into())
    );
}

#[tokio::test]
async fn the_last_way_in_stays() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    prove_again(&app, &browser).await;
    let id = list(&browser).await[0]["id"].to_string();
    let answer = browser.delete(&format!("{LIST}/{id}")).await;
    assert_eq!(answer.assert_status(403).code(), "LAST_WAY_IN");
    // With a second one, the first may go, and then that is the last.
    provider.person(Person::new("8", "ana@company.example"));
    let path = begun(&browser, &provider, "/user/social-accounts/company").await;
    come_back(&browser, &path).await.assert_status(302);
    browser
        .delete(&format!("{LIST}/{id}"))
        .await
        .assert_status(204);
    let id = list(&browser).await[0]["id"].to_string();
    let answer = browser.delete(&format!("{LIST}/{id}")).await;
    assert_eq!(answer.assert_status(403).code(), "LAST_WAY_IN");
    assert_eq!(app.count("social_accounts").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_end_the_last_two_at_once_one_is_refused() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    prove_again(&app, &browser).await;
    provider.person(Person::new("8", "ana@company.example"));
    link(&browser, &provider).await.assert_status(302);
    let listed = list(&browser).await;
    let ends = listed.iter().map(|entry| {
        let path = format!("{LIST}/{}", entry["id"]);
        browser.written(Method::DELETE, &path, &json!({}))
    });
    let answers = app.race(ends.collect()).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 403], "{answers:#?}");
    assert_eq!(app.count("social_accounts").await, 1);
}

#[tokio::test]
async fn a_link_with_a_provider_that_is_gone_can_be_ended_and_is_no_way_in() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    provider.person(Person::new("8", "ana@company.example"));
    prove_again(&app, &browser).await;
    let path = begun(&browser, &provider, "/user/social-accounts/company").await;
    come_back(&browser, &path).await.assert_status(302);
    let cookies = ["adyton_session", "XSRF-TOKEN"].map(|name| (name, browser.cookie(name)));
    let app = app.restarted(|config| {
        let google = provider.settings(SocialKind::Oidc);
        config.social.insert("google".to_owned(), google);
    });
    let app = app.await;
    let browser = app.browser();
    for (name, value) in &cookies {
        browser.set_cookie(name, value.as_deref());
    }
    let listed = list(&browser).await;
    assert_eq!(listed[1]["label"], "company");
    let end = |entry: &Json| format!("{LIST}/{}", entry["id"]);
    let answer = browser.delete(&end(&listed[0])).await;
    assert_eq!(answer.assert_status(403).code(), "LAST_WAY_IN");
    browser.delete(&end(&listed[1])).await.assert_status(204);
}

#[tokio::test]
async fn whoever_has_no_password_confirms_by_a_provider() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    assert!(!is_confirmed(&browser).await);
    let before = browser.copied();
    let path = begun(&browser, &provider, CONFIRM).await;
    let asked = provider.asked("/authorize").pop().expect("it was asked");
    assert!(
        asked.contains_key("max_age") || asked.contains_key("prompt"),
        "{asked:?}"
    );
    assert!(!is_confirmed(&browser).await, "not before they are back");
    come_back(&browser, &path).await.assert_status(302);
    assert!(is_confirmed(&browser).await);
    assert_eq!(who(&before).await, None, "the session has another id");
    let by_provider = |event: &Event| matches!(event, Event::Confirmed { by: "social", .. });
    assert!(app.events().iter().any(by_provider));
    // And what asks for it is open now.
    begun(&browser, &provider, LINK).await;
}

#[tokio::test]
async fn whoever_has_a_password_confirms_by_that() {
    let (_app, provider, _, browser) = scene().await;
    link(&browser, &provider).await.assert_status(302);
    let answer = browser.post(CONFIRM, json!({})).await;
    assert_eq!(answer.assert_status(403).code(), "PASSWORD_REQUIRED");
    assert_eq!(browser.cookie("adyton_social"), None);
}

#[tokio::test]
async fn nobody_else_confirms_a_user() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    let unlinked = browser
        .post("/user/social-accounts/company/confirm", json!({}))
        .await;
    assert_eq!(unlinked.assert_status(404).code(), "NOT_FOUND");
    // Nobody here, and then another user here.
    provider.person(Person::new("8", BO));
    for _ in 0..2 {
        let path = begun(&browser, &provider, CONFIRM).await;
        assert_refused(&come_back(&browser, &path).await, "SOCIAL_USER_CHANGED");
        visit_by(&page(&app), &provider, GOOGLE)
            .await
            .assert_status(302);
    }
    assert!(!is_confirmed(&browser).await);
    assert_eq!(json!(linked_to(&app, "8").await), json!(2));
}

#[tokio::test]
async fn a_login_of_yesterday_at_the_provider_confirms_nothing() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    for (fault, why) in [
        (Fault::StaleLogin, "auth_time_too_old"),
        (Fault::NoLoginTime, "auth_time_missing"),
    ] {
        provider.breaks(fault);
        let path = begun(&browser, &provider, CONFIRM).await;
        let answer = come_back(&browser, &path).await;
        assert_refused(&answer, "SOCIAL_PROVIDER_FAILED");
        assert_eq!(answer.header("x-adyton-reason"), why);
    }
    assert!(!is_confirmed(&browser).await);
    assert_eq!(names(&app), ["social_failed"; 2]);
    // For a login it does not matter.
    visit(&app, &provider).await.1.assert_status(302);
}

#[tokio::test]
async fn a_provider_without_id_tokens_confirms_by_the_way_through_it() {
    let (app, provider) = visited(|_| {}).await;
    let app = app.restarted(|config| {
        let github = provider.settings(SocialKind::Github);
        config.social.insert("github".to_owned(), github);
    });
    let app = app.await;
    provider.person(Person::new("7", ANA));
    let browser = page(&app);
    let answer = visit_by(&browser, &provider, "/auth/github/redirect").await;
    answer.assert_status(302);
    let browser = script(&browser);
    let path = "/user/social-accounts/github/confirm";
    let path = begun(&browser, &provider, path).await;
    come_back(&browser, &path).await.assert_status(302);
    assert!(is_confirmed(&browser).await);
}

#[tokio::test]
async fn what_confirms_is_no_login() {
    let (app, provider) = visited(|_| {}).await;
    let browser = newcomer(&app, &provider).await;
    let path = begun(&browser, &provider, CONFIRM).await;
    let flow = browser.cookie("adyton_social");
    let thief = page(&app);
    thief.set_cookie("adyton_social", flow.as_deref());
    assert_refused(&come_back(&thief, &path).await, "SOCIAL_USER_CHANGED");
    assert_eq!(who(&thief).await, None);
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn without_the_way_back_nothing_begins() {
    let (app, _provider) = visited(|config| {
        config.features = ["login", "csrf-cookie", "social-accounts"]
            .map(str::to_owned)
            .into();
    })
    .await;
    let names: Vec<&str> = app
        .adyton
        .route_table()
        .iter()
        .map(|route| route.name)
        .collect();
    assert!(names.contains(&"social-accounts.index"));
    assert!(names.contains(&"social-accounts.destroy"));
    assert!(!names.contains(&"social-accounts.store"));
    assert!(!names.contains(&"social.callback"));
}
