//! Trusted browsers: not asked for the second factor for a while.

use adyton::db::Value;
use adyton::{Config, Event, Via};
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::authenticator::{
    Authenticator, CHALLENGE, OWN, TOKEN_CHALLENGE, challenged, challenged_with, enrolled,
    prove_again, set_up, token_challenge, unlimited,
};
use crate::support::{ANA, credentials};

const COOKIE: &str = "adyton_trusted";

fn trusting(config: &mut Config) {
    unlimited(config);
    config.two_factor.trusted_browsers = true;
}

fn trust(authenticator: &Authenticator) -> Json {
    json!({ "code": authenticator.code(), "trust_browser": true })
}

/// Answers a challenge, and waits until the next code.
async fn answered(app: &TestApp, browser: &Browser, body: Json) -> Answer {
    let answer = browser.post(CHALLENGE, body).await;
    answer.assert_status(204);
    app.clock.advance(TimeDelta::seconds(30));
    answer
}

/// A browser that was trusted, and is logged out.
async fn trusted(app: &TestApp, authenticator: &Authenticator) -> Browser {
    let browser = challenged(app, ANA).await;
    answered(app, &browser, trust(authenticator)).await;
    leave(&browser).await;
    app.events();
    browser
}

async fn leave(browser: &Browser) {
    browser.post_nothing("/logout").await.assert_status(204);
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
}

/// Whether a login is asked for the second factor.
async fn is_asked(browser: &Browser, email: &str) -> bool {
    let answer = browser.post("/login", credentials(email)).await;
    let asked = answer.assert_status(200).json()["two_factor"].clone();
    let user = browser.get("/api/user").await;
    assert_eq!(user.status == 200, asked == json!(false));
    asked == json!(true)
}

#[tokio::test]
async fn a_trusted_browser_is_asked_for_the_password_alone() {
    let app = TestApp::with(trusting).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    app.events();
    let answer = answered(&app, &browser, trust(&authenticator)).await;
    let cookie = answer.set_cookie(COOKIE).expect("a cookie");
    assert!(cookie.contains("Max-Age=2592000"), "{cookie}");
    let (user, address) = (ana.id, [127, 0, 0, 1].into());
    let via = Via::Password;
    let logged_in = Event::LoggedIn {
        user: user.clone(),
        via,
        address,
    };
    let given = Event::BrowserTrusted { user };
    assert_eq!(app.events(), [logged_in.clone(), given]);
    leave(&browser).await;
    app.events();
    assert!(!is_asked(&browser, ANA).await);
    assert_eq!(app.events(), [logged_in]);
    assert!(is_asked(&app.browser_at_login().await, ANA).await);
}

/// A browser on the login page.
trait AtLogin {
    async fn browser_at_login(&self) -> Browser;
}

impl AtLogin for TestApp {
    async fn browser_at_login(&self) -> Browser {
        let browser = self.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        browser
    }
}

#[tokio::test]
async fn who_does_not_wish_it_is_asked_again() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    for wish in [json!(null), json!(false), json!("off")] {
        let browser = challenged(&app, ANA).await;
        let body = json!({ "code": authenticator.code(), "trust_browser": wish });
        let answer = answered(&app, &browser, body).await;
        assert_eq!(answer.set_cookie(COOKIE), None);
    }
    let browser = challenged(&app, ANA).await;
    let no_answer = json!({ "code": authenticator.code(), "trust_browser": "perhaps" });
    browser.post(CHALLENGE, no_answer).await.assert_status(422);
    let wrong = json!({ "code": authenticator.wrong_code(), "trust_browser": true });
    let refused = browser.post(CHALLENGE, wrong).await;
    assert_eq!(refused.assert_status(422).set_cookie(COOKIE), None);
    assert_eq!(app.count("trusted_browsers").await, 0);
}

#[tokio::test]
async fn off_as_it_is_nobody_is_trusted() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let body = json!({ "code": authenticator.code(), "trust_browser": "whatever" });
    let answer = answered(&app, &browser, body).await;
    assert_eq!(answer.set_cookie(COOKIE), None);
    assert_eq!(app.count("trusted_browsers").await, 0);
}

#[tokio::test]
async fn switched_off_later_it_counts_no_more() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let cookie = trusted(&app, &authenticator).await.cookie(COOKIE);
    let app = app.restarted(unlimited).await;
    let browser = app.browser_at_login().await;
    browser.set_cookie(COOKIE, cookie.as_deref());
    assert!(is_asked(&browser, ANA).await);
}

#[tokio::test]
async fn a_cookie_that_is_not_this_users_own_good_one_is_nothing() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    enrolled(&app, "bo@example.com").await;
    let browser = trusted(&app, &authenticator).await;
    assert!(is_asked(&browser.copied(), "bo@example.com").await);
    let cookie = browser.cookie(COOKIE).expect("a cookie");
    let row = app
        .adyton
        .db()
        .one("SELECT secret FROM trusted_browsers", &[]);
    let stored: String = row
        .await
        .expect("read")
        .expect("a row")
        .get("secret")
        .expect("a text");
    let forged = ["", "x", &stored, &cookie.to_uppercase(), &cookie[..42], "%"];
    for forged in forged {
        let other = browser.copied();
        other.set_cookie(COOKIE, Some(forged));
        assert!(is_asked(&other, ANA).await, "{forged}");
    }
    // Twice: another page of the site may have set one of them.
    let twice = app.browser_at_login().await;
    twice.set_cookie(COOKIE, Some(&format!("{cookie}; {COOKIE}=x")));
    assert!(is_asked(&twice, ANA).await);
    assert!(!is_asked(&browser, ANA).await, "the good one is good still");
}

#[tokio::test]
async fn it_lasts_thirty_days_however_often_it_is_used() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    app.clock.advance(TimeDelta::days(29));
    assert!(!is_asked(&browser, ANA).await);
    leave(&browser).await;
    app.clock.advance(TimeDelta::days(1));
    assert!(is_asked(&browser, ANA).await);
}

/// A reset of the second factor once left a bypass of 30 days (nodewarden issue 370).
#[tokio::test]
async fn another_second_factor_ends_it() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, own) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    prove_again(&app, &own).await;
    own.delete(OWN).await.assert_status(200);
    assert_eq!(app.count("trusted_browsers").await, 0);
    prove_again(&app, &own).await;
    set_up(&app, &own).await;
    assert!(is_asked(&browser, ANA).await);
}

#[tokio::test]
async fn whatever_ends_credentials_ends_it_even_if_the_row_were_left() {
    let app = TestApp::with(trusting).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    let sql = "UPDATE user_security SET epoch = epoch + 1 WHERE user_id = $1";
    let moved = app.adyton.db().run(sql, &[Value::from(&ana.id)]).await;
    assert_eq!(moved.expect("moved"), 1);
    assert!(is_asked(&browser.copied(), ANA).await);
    app.adyton.end_sessions(&ana).await.expect("ended");
    assert_eq!(app.count("trusted_browsers").await, 0);
}

#[tokio::test]
async fn a_remembered_browser_comes_back_without_being_asked() {
    let app = TestApp::with(trusting).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    let browser = challenged_with(&app, body).await;
    answered(&app, &browser, trust(&authenticator)).await;
    browser.set_cookie("adyton_session", None);
    app.events();
    browser.get("/api/user").await.assert_status(200);
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Remember,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
    browser.set_cookie("adyton_session", None);
    browser.set_cookie(COOKIE, Some("x"));
    let asked = browser.get("/api/user").await;
    assert_eq!(asked.assert_status(401).code(), "TWO_FACTOR_REQUIRED");
    // The trust alone is no login.
    let alone = trusted(&app, &authenticator).await;
    alone.set_cookie("adyton_session", None);
    alone.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn confirming_and_tokens_ask_all_the_same() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    assert!(!is_asked(&browser, ANA).await);
    browser.delete(OWN).await.assert_status(423);
    let answer = browser.post("/api/v1/auth/login", credentials(ANA)).await;
    assert_eq!(answer.assert_status(200).json()["data"]["two_factor"], true);
    let challenge = token_challenge(&app).await;
    let body = json!({
        "challenge": challenge, "code": authenticator.code(), "trust_browser": true,
    });
    let answer = app.anonymous().post(TOKEN_CHALLENGE, body).await;
    assert_eq!(answer.assert_status(200).set_cookie(COOKIE), None);
    assert_eq!(app.count("trusted_browsers").await, 1);
}

#[tokio::test]
async fn it_is_in_the_list_of_devices_and_ends_from_there() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, own) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    assert!(!is_asked(&browser, ANA).await);
    let listed = |answer: &Answer| {
        let all = answer.assert_status(200).json()["sessions"].clone();
        let all = all.as_array().expect("a list").clone();
        let of_type = |entry: &Json| entry["type"] == "trusted";
        all.into_iter().filter(of_type).collect::<Vec<_>>()
    };
    let seen = listed(&browser.get("/user/sessions").await);
    assert_eq!(
        (seen.len(), &seen[0]["is_current_device"]),
        (1, &json!(true))
    );
    assert_eq!(seen[0]["via"], json!(null));
    let seen = listed(&own.get("/user/sessions").await);
    assert_eq!(seen[0]["is_current_device"], false);
    let path = format!("/user/sessions/{}", seen[0]["id"].as_str().expect("a text"));
    let (_, _, bo) = enrolled(&app, "bo@example.com").await;
    bo.delete(&path).await.assert_status(404);
    own.delete(&path).await.assert_status(200);
    own.delete(&path).await.assert_status(404);
    assert_eq!(listed(&own.get("/user/sessions").await).len(), 0);
    // What is logged in stays so; the next login asks.
    browser.get("/api/user").await.assert_status(200);
    leave(&browser).await;
    assert!(is_asked(&browser, ANA).await);
}

#[tokio::test]
async fn ending_all_other_sessions_ends_all_trust() {
    let app = TestApp::with(trusting).await;
    let (_, authenticator, own) = enrolled(&app, ANA).await;
    let browser = trusted(&app, &authenticator).await;
    let password = json!({ "password": "password" });
    let others = "/user/other-browser-sessions";
    let ended = own.json(Method::DELETE, others, password).await;
    ended.assert_status(204);
    assert!(is_asked(&browser, ANA).await);
}

#[tokio::test]
async fn twenty_are_kept_and_a_browser_that_is_trusted_again_has_one() {
    let app = TestApp::with(|config| {
        trusting(config);
        config.two_factor.tries.max = 1_000;
    })
    .await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let first = trusted(&app, &authenticator).await;
    let again = first.copied();
    again.set_cookie(COOKIE, None);
    assert!(is_asked(&again, ANA).await);
    again.set_cookie(COOKIE, first.cookie(COOKIE).as_deref());
    answered(&app, &again, trust(&authenticator)).await;
    assert_eq!(app.count("trusted_browsers").await, 1);
    assert!(is_asked(&first, ANA).await, "its cookie was replaced");
    for _ in 0..20 {
        trusted(&app, &authenticator).await;
    }
    assert_eq!(app.count("trusted_browsers").await, 20);
    leave(&again).await;
    assert!(is_asked(&again, ANA).await, "the oldest went");
}
