//! Staying logged in past the session.

mod copies;
mod rotation;

use adyton::{Event, Via};
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;
use serde_json::json;

use crate::support::{ANA, credentials, hosting};

const COOKIE: &str = "adyton_remember";
const SESSION: &str = "adyton_session";

/// A browser in which the user asked to be remembered.
async fn remembered(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    browser.post("/login", body).await.assert_status(200);
    browser
}

/// As after the browser was closed: the session's cookie is gone.
fn reopened(browser: &Browser) -> Browser {
    let reopened = browser.copied();
    reopened.set_cookie(SESSION, None);
    reopened
}

fn reuses(app: &TestApp) -> usize {
    let events = app.events();
    let is_reuse = |event: &&Event| matches!(event, Event::RememberCookieReused { .. });
    events.iter().filter(is_reuse).count()
}

#[tokio::test]
async fn a_remembered_browser_gets_a_new_session_and_a_new_cookie() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let first = remembered(&app).await;
    let browser = reopened(&first);
    app.events();
    let answer = browser.get("/api/user").await;
    assert_eq!(answer.assert_status(200).json()["email"], ANA);
    let names: Vec<_> = answer.set_cookies();
    let names: Vec<_> = names
        .iter()
        .filter_map(|line| line.split('=').next())
        .collect();
    assert_eq!(names, ["XSRF-TOKEN", SESSION, COOKIE, "adyton_device"]);
    assert_ne!(browser.cookie(COOKIE), first.cookie(COOKIE));
    assert_ne!(browser.cookie(SESSION), first.cookie(SESSION));
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Remember,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
    let again = browser.get("/api/user").await;
    assert_eq!(again.assert_status(200).set_cookies(), Vec::<String>::new());
    browser.post_nothing("/logout").await.assert_status(204);
}

#[tokio::test]
async fn an_idle_session_is_followed_by_a_remembered_one() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let before = browser.cookie(SESSION);
    app.clock.advance(TimeDelta::hours(3));
    browser.get("/api/user").await.assert_status(200);
    assert_ne!(browser.cookie(SESSION), before);
}

#[tokio::test]
async fn the_database_holds_hashes_only() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let cookie = browser.cookie(COOKIE).expect("it is set");
    let sql = "SELECT selector, validator FROM remembered_browsers";
    let row = app
        .adyton
        .db()
        .one(sql, &[])
        .await
        .expect("read")
        .expect("a row");
    for (column, part) in ["selector", "validator"].iter().zip(cookie.split('.')) {
        let stored: String = row.get(column).expect("a text");
        assert_eq!(stored.len(), 64);
        assert_ne!(stored, part);
    }
    let selector: String = row.get("selector").expect("a text");
    let validator: String = row.get("validator").expect("a text");
    let thief = app.browser();
    thief.set_cookie(COOKIE, Some(&format!("{selector}.{validator}")));
    thief.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_cookie_that_is_none_of_ours_is_taken_away() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    for value in [
        "x",
        "x.y",
        ".",
        "a.b.c",
        &format!("1|{}|x", "a".repeat(60)),
        &"x".repeat(4000),
    ] {
        let browser = app.browser();
        browser.set_cookie(COOKIE, Some(value));
        let answer = browser.get("/api/user").await;
        answer.assert_status(401);
        assert_eq!(browser.cookie(COOKIE), None, "{value}");
    }
    assert_eq!(reuses(&app), 0);
}

#[tokio::test]
async fn a_remembered_browser_is_forgotten_after_its_time() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    app.clock.advance(TimeDelta::days(29));
    let used = reopened(&browser);
    used.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::days(29));
    reopened(&used).get("/api/user").await.assert_status(200);
    let unused = remembered(&app).await;
    app.clock
        .advance(TimeDelta::days(30) + TimeDelta::seconds(2));
    let late = reopened(&unused);
    let answer = late.get("/api/user").await;
    answer.assert_status(401);
    assert_eq!(late.cookie(COOKIE), None);
}

#[tokio::test]
async fn a_disabled_user_is_not_recalled() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = remembered(&app).await;
    // As another program writes it: Adyton's own disabling forgets the browsers anyway.
    let sql = "UPDATE users SET disabled_at = $1 WHERE email = $2";
    let params = [app.clock.now().into(), ANA.into()];
    app.adyton.db().run(sql, &params).await.expect("updated");
    reopened(&browser).get("/api/user").await.assert_status(401);
    app.adyton.enable_user(&ana).await.expect("enabled");
    reopened(&browser).get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn disabling_a_user_or_changing_their_password_forgets_their_browsers() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    let ana = app.user(ANA).await;
    let browser = remembered(&app).await;
    let same = adyton_testing::PASSWORD;
    app.adyton
        .set_password(&ana, same.into())
        .await
        .expect("long enough");
    reopened(&browser).get("/api/user").await.assert_status(401);
    let browser = remembered(&app).await;
    app.adyton.disable_user(&ana).await.expect("disabled");
    app.adyton.enable_user(&ana).await.expect("enabled");
    reopened(&browser).get("/api/user").await.assert_status(401);
    assert_eq!(app.count("remembered_browsers").await, 0);
}

#[tokio::test]
async fn a_logout_forgets_this_browser_only() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let (one, other) = (remembered(&app).await, remembered(&app).await);
    let copy = reopened(&one);
    let answer = one.post_nothing("/logout").await;
    answer.assert_status(204);
    assert_eq!(one.cookie(COOKIE), None);
    copy.get("/api/user").await.assert_status(401);
    other.get("/api/user").await.assert_status(200);
    reopened(&other).get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_token_that_is_switched_off_does_not_hide_a_remembered_browser() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    app.user(ANA).await;
    let browser = reopened(&remembered(&app).await);
    let browser = browser.with("authorization", "Bearer 1|abc");
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_foreign_page_recalls_nobody() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let foreign = reopened(&browser).with("origin", "https://evil.example");
    for path in ["/api/user", "/closed"] {
        let answer = foreign.get(path).await;
        answer.assert_status(401);
        assert_eq!(answer.set_cookies(), Vec::<String>::new());
    }
    assert_eq!(foreign.get("/open").await.body, "nobody");
    reopened(&browser).get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_request_that_changes_something_recalls_nobody_without_a_csrf_token() {
    let app = hosting(|_| {}).await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let forged = reopened(&browser).without_csrf_header();
    for path in ["/notes", "/open", "/logout"] {
        let answer = forged.post_nothing(path).await;
        answer.assert_status(419);
        assert_eq!(answer.set_cookies(), Vec::<String>::new());
    }
    // With a token of the visitor's new session it is let in.
    let visitor = reopened(&browser);
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    visitor.post_nothing("/notes").await.assert_status(200);
}

#[tokio::test]
async fn a_bad_token_beside_the_cookie_is_not_mended_by_it() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = reopened(&remembered(&app).await);
    let both = browser.with("authorization", "Bearer 99|test");
    let answer = both.get("/api/user").await;
    answer.assert_status(401);
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
}

#[tokio::test]
async fn a_remembered_browser_is_logged_in_already_at_the_login() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = reopened(&remembered(&app).await);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(409);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn switched_off_nobody_is_remembered() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = remembered(&app).await;
    let recalled = reopened(&browser);
    recalled.get("/api/user").await.assert_status(200);
    let app = app
        .restarted(|config| config.remember.enabled = false)
        .await;
    let after = |browser: &Browser| {
        let cookies = [SESSION, COOKIE].map(|name| {
            let value = browser.cookie(name).unwrap_or_default();
            format!("{name}={value}")
        });
        app.browser()
            .without_cookies()
            .with("cookie", &cookies.join("; "))
    };
    after(&reopened(&browser))
        .get("/api/user")
        .await
        .assert_status(401);
    // A session that the cookie opened ends too; one that a password opened goes on.
    after(&recalled).get("/api/user").await.assert_status(401);
    let answer = after(&browser).get("/api/user").await;
    answer.assert_status(200);
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = visitor.post("/login", body).await;
    assert_eq!(answer.assert_status(200).set_cookie(COOKIE), None);
}

#[tokio::test]
async fn a_browser_that_is_forgotten_meanwhile_gets_no_session() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    for _ in 0..8 {
        let browser = remembered(&app).await;
        let recalling = reopened(&browser);
        let (answer, ended) =
            tokio::join!(recalling.get("/api/user"), app.adyton.end_sessions(&ana),);
        ended.expect("ended");
        drop(answer);
        recalling.get("/api/user").await.assert_status(401);
        app.clock.advance(TimeDelta::minutes(2));
    }
}

#[tokio::test]
async fn a_remembered_session_says_how_it_was_opened() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = reopened(&remembered(&app).await);
    browser.get("/api/user").await.assert_status(200);
    let sessions = app.adyton.sessions_of(&ana.id).await.expect("read");
    let mut ways: Vec<_> = sessions.iter().filter_map(|session| session.via).collect();
    ways.sort_unstable();
    assert_eq!(ways, ["password", "remember"]);
    assert_eq!(sessions[0].to_json()["user_id"], json!(1));
}

#[tokio::test]
async fn a_login_takes_a_cookie_away_that_is_no_good() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser.set_cookie(COOKIE, Some("x.y"));
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    assert_eq!(browser.cookie(COOKIE), None);
}
