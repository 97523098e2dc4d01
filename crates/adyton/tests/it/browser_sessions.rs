//! Where a user is logged in: one list, and the end of one or all others.

mod limits;
mod others;

use adyton::{Event, User};
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials};

const PATH: &str = "/user/sessions";
const FIREFOX: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0";
const BO: &str = "bo@example.com";

async fn ana(app: &TestApp) -> User {
    app.user(ANA).await
}

/// A browser in which the user asked to be remembered.
async fn remembered(app: &TestApp) -> Browser {
    let browser = app.browser().with("user-agent", FIREFOX);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    browser.post("/login", body).await.assert_status(200);
    browser
}

async fn list(browser: &Browser) -> Vec<Json> {
    let answer = browser.get(PATH).await;
    let list = answer.assert_status(200).json();
    list["sessions"].as_array().expect("a list").clone()
}

async fn end(browser: &Browser, entry: &Json) -> Answer {
    let id = entry["id"].as_str().expect("an id");
    browser.delete(&format!("{PATH}/{id}")).await
}

/// The entry of the caller's own session.
fn own(list: &[Json]) -> &Json {
    let found = list.iter().find(|entry| entry["is_current_device"] == true);
    found.expect("the caller's own")
}

fn other(list: &[Json]) -> &Json {
    let found = list
        .iter()
        .find(|entry| entry["is_current_device"] == false);
    found.expect("another")
}

#[tokio::test]
async fn a_session_is_told_in_words_with_all_that_is_known() {
    let app = TestApp::new().await;
    ana(&app).await;
    let browser = app
        .browser()
        .with("user-agent", FIREFOX)
        .from("203.0.113.7");
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let login = browser.post("/login", credentials(ANA)).await;
    login.assert_status(200);
    let list = list(&browser).await;
    let entry = &list[0];
    assert_eq!(list.len(), 1);
    assert_eq!(entry["type"], "session");
    let agent = json!({ "is_desktop": true, "platform": "Windows", "browser": "Firefox" });
    assert_eq!(entry["agent"], agent);
    assert_eq!(entry["device"], "Firefox, Windows");
    assert_eq!(entry["ip_address"], "203.0.113.7");
    assert_eq!(entry["is_current_device"], true);
    assert_eq!(entry["remembered"], false);
    assert_eq!(entry["via"], "password");
    assert_eq!(entry["name"], Json::Null);
    for moment in ["created_at", "last_active", "expires_at"] {
        assert!(entry[moment].as_str().is_some_and(|at| at.ends_with('Z')));
    }
}

#[tokio::test]
async fn what_is_listed_opens_nothing() {
    let app = TestApp::new().await;
    ana(&app).await;
    let browser = remembered(&app).await;
    let body = browser.get(PATH).await.body;
    for cookie in ["adyton_session", "adyton_remember", "XSRF-TOKEN"] {
        let secret = browser.cookie(cookie).expect("it is set");
        for part in secret.split('.').filter(|part| part.len() > 8) {
            assert!(!body.contains(part), "{cookie}");
        }
    }
    let id = list(&browser).await[0]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let thief = app.browser();
    for cookie in [id.as_str(), id.trim_start_matches("session-")] {
        thief.set_cookie("adyton_session", Some(cookie));
        thief.get("/api/user").await.assert_status(401);
    }
}

#[tokio::test]
async fn the_latest_used_is_first_and_the_use_is_of_this_moment() {
    let app = TestApp::new().await;
    ana(&app).await;
    let (first, second) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    app.clock.advance(TimeDelta::minutes(30));
    first.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(30));
    let list = list(&second).await;
    assert_eq!(list[0]["is_current_device"], true);
    // Both uses are in memory only: nothing was flushed.
    let ago = |entry: &Json| {
        let at = entry["last_active"].as_str().expect("a moment");
        let at = chrono::DateTime::parse_from_rfc3339(at).expect("a moment");
        (app.clock.now() - at.to_utc()).num_minutes()
    };
    assert_eq!((ago(&list[0]), ago(&list[1])), (0, 30));
}

#[tokio::test]
async fn a_remembered_browser_with_a_session_is_one_entry() {
    let app = TestApp::new().await;
    ana(&app).await;
    let browser = remembered(&app).await;
    let entries = list(&browser).await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    assert_eq!(entries[0]["type"], "session");
    assert_eq!(entries[0]["remembered"], true);
    // Its session is over; it is still remembered.
    app.clock.advance(TimeDelta::hours(3));
    let other = app.logged_in(ANA).await;
    let entries = list(&other).await;
    assert_eq!(entries.len(), 2, "{entries:#?}");
    let asleep = &entries[1];
    assert_eq!(
        (&asleep["type"], &asleep["via"]),
        (&json!("browser"), &json!("remember"))
    );
    assert_eq!(asleep["device"], "Firefox, Windows");
}

#[tokio::test]
async fn sessions_that_one_browser_opened_at_once_are_one_entry_and_end_together() {
    let app = TestApp::new().await;
    ana(&app).await;
    let browser = remembered(&app).await;
    let (one, two) = (browser.copied(), browser.copied());
    for tab in [&one, &two] {
        tab.set_cookie("adyton_session", None);
        tab.get("/api/user").await.assert_status(200);
    }
    let caller = app.logged_in(ANA).await;
    let entries = list(&caller).await;
    assert_eq!(entries.len(), 2, "{entries:#?}");
    end(&caller, other(&entries)).await.assert_status(200);
    for tab in [&browser, &one, &two] {
        tab.get("/api/user").await.assert_status(401);
    }
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn tokens_stand_in_the_same_list() {
    let app = TestApp::new().await;
    let ana = ana(&app).await;
    let token = app.token(&ana, &["user"]).await;
    let program = app.bearer(&token);
    let entries = list(&program).await;
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!(
        (&entry["type"], &entry["name"]),
        (&json!("token"), &json!("test"))
    );
    assert_eq!(entry["is_current_device"], true);
    assert!(
        entry["last_active"].is_string(),
        "noted, though not written yet"
    );
    let browser = app.logged_in(ANA).await;
    let entries = list(&browser).await;
    assert_eq!(entries.len(), 2);
    end(&browser, other(&entries)).await.assert_status(200);
    program.get("/api/user").await.assert_status(401);
    let kinds: Vec<&str> = app.events().iter().map(Event::name).collect();
    assert_eq!(kinds.last(), Some(&"token_revoked"));
}

#[tokio::test]
async fn a_token_needs_the_ability_and_ends_no_session() {
    let app = TestApp::new().await;
    let ana = ana(&app).await;
    let weak = app.bearer(&app.token(&ana, &["comments:write"]).await);
    let refused = weak.get(PATH).await;
    assert_eq!(refused.assert_status(403).code(), "TOKEN_ABILITY_MISSING");
    let strong = app.bearer(&app.token(&ana, &["*"]).await);
    let browser = app.logged_in(ANA).await;
    let entries = list(&strong).await;
    let session = entries.iter().find(|entry| entry["type"] == "session");
    let refused = end(&strong, session.expect("a session")).await;
    assert_eq!(refused.assert_status(403).code(), "SESSION_REQUIRED");
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn what_is_over_is_not_listed() {
    let app = TestApp::with(|config| {
        config.tokens.expiration = Some(std::time::Duration::from_secs(3600));
    })
    .await;
    let ana = ana(&app).await;
    app.token(&ana, &["user"]).await;
    app.logged_in(ANA).await;
    app.clock.advance(TimeDelta::hours(3));
    let browser = app.logged_in(ANA).await;
    let list = list(&browser).await;
    assert_eq!(list.len(), 1, "{list:#?}");
    assert_eq!(own(&list)["type"], "session");
}

#[tokio::test]
async fn one_session_ends_and_the_others_go_on() {
    let app = TestApp::new().await;
    let ana = ana(&app).await;
    let (browser, stolen) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    let third = app.logged_in(ANA).await;
    stolen.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::seconds(5));
    third.get("/api/user").await.assert_status(200);
    let entries = list(&browser).await;
    app.events();
    // The one that was used the longest ago.
    end(&browser, &entries[2]).await.assert_status(200);
    assert_eq!(app.events(), [Event::SessionEnded { user: ana.id }]);
    stolen.get("/api/user").await.assert_status(401);
    for going_on in [&browser, &third] {
        going_on.get("/api/user").await.assert_status(200);
    }
}

#[tokio::test]
async fn with_a_session_its_remembered_browser_is_forgotten() {
    let app = TestApp::new().await;
    ana(&app).await;
    let stolen = remembered(&app).await;
    let browser = app.logged_in(ANA).await;
    let entries = list(&browser).await;
    end(&browser, other(&entries)).await.assert_status(200);
    let answer = stolen.get("/api/user").await;
    answer.assert_status(401);
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn a_remembered_browser_that_sleeps_can_be_forgotten() {
    let app = TestApp::new().await;
    ana(&app).await;
    let stolen = remembered(&app).await;
    app.clock.advance(TimeDelta::hours(3));
    let browser = app.logged_in(ANA).await;
    let entries = list(&browser).await;
    assert_eq!(other(&entries)["type"], "browser");
    end(&browser, other(&entries)).await.assert_status(200);
    stolen.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn to_end_ones_own_session_is_to_log_out() {
    let app = TestApp::new().await;
    let ana = ana(&app).await;
    let browser = remembered(&app).await;
    let copy = browser.copied();
    let entries = list(&browser).await;
    app.events();
    let answer = end(&browser, own(&entries)).await;
    answer.assert_status(200);
    let address = [127, 0, 0, 1].into();
    let user = ana.id;
    assert_eq!(app.events(), [Event::LoggedOut { user, address }]);
    assert_eq!(browser.cookie("adyton_remember"), None);
    for browser in [&browser, &copy] {
        browser.get("/api/user").await.assert_status(401);
    }
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn what_is_anothers_or_nobodys_is_not_found() {
    let app = TestApp::new().await;
    ana(&app).await;
    let bo = app.user(BO).await;
    let hers = app.logged_in(BO).await;
    let token = app.token(&bo, &["user"]).await;
    let theirs = list(&hers).await;
    assert_eq!(theirs.len(), 2);
    let browser = app.logged_in(ANA).await;
    for entry in &theirs {
        end(&browser, entry).await.assert_status(404);
    }
    let no_session = format!("session-{}", "0".repeat(64));
    for id in [
        no_session.as_str(),
        "browser-1",
        "token-999",
        "token--1",
        "token-99999999999999999999",
        "session-",
        "session",
        "1",
        "%ff",
        "token-1%00",
        "session-'%20OR%201=1",
    ] {
        let answer = browser.delete(&format!("{PATH}/{id}")).await;
        assert_eq!(answer.status, 404, "{id}");
    }
    hers.get("/api/user").await.assert_status(200);
    app.bearer(&token).get("/api/user").await.assert_status(200);
    assert_eq!(list(&browser).await.len(), 1, "nobody else's is listed");
}

#[tokio::test]
async fn to_end_one_takes_a_csrf_token_and_a_session() {
    let app = TestApp::new().await;
    ana(&app).await;
    let browser = app.logged_in(ANA).await;
    let entries = list(&browser).await;
    let without = browser.clone().without_csrf_header();
    end(&without, own(&entries)).await.assert_status(419);
    end(&app.anonymous(), own(&entries))
        .await
        .assert_status(401);
    app.anonymous().get(PATH).await.assert_status(401);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_sender_that_can_only_post_ends_one_too() {
    let app = TestApp::new().await;
    ana(&app).await;
    let (browser, stolen) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    let entries = list(&browser).await;
    let id = other(&entries)["id"].as_str().expect("an id");
    let post = browser.clone().with("x-http-method-override", "DELETE");
    let answer = post
        .json(Method::POST, &format!("{PATH}/{id}"), json!({}))
        .await;
    answer.assert_status(200);
    stolen.get("/api/user").await.assert_status(401);
}
