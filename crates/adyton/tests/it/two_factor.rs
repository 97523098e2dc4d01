//! A user's own second factor: set up, confirmed, taken away.

mod endings;
pub mod sealed;

use adyton::Event;
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::authenticator::{
    Authenticator, CHALLENGE, CODES, CONFIRM, OWN, QR_CODE, SECRET_KEY, WRONG, assert_refused,
    challenged, confirmed, enrolled, prove_again, scanned, set_up, shown_codes, unlimited,
};
use crate::support::{ANA, credentials};

/// Whether logging in takes a second step.
async fn is_asked(app: &TestApp) -> bool {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post("/login", credentials(ANA)).await;
    answer.assert_status(200).json()["two_factor"] == true
}

async fn begun(app: &TestApp) -> (Browser, Authenticator) {
    app.user(ANA).await;
    let browser = confirmed(app, ANA).await;
    let answer = browser.post(OWN, json!({})).await;
    assert_eq!(answer.assert_status(200).json(), json!(""));
    let authenticator = scanned(app, &browser).await;
    (browser, authenticator)
}

#[tokio::test]
async fn it_is_set_up_with_a_secret_a_picture_and_codes_and_not_asked_for_yet() {
    let app = TestApp::with(unlimited).await;
    let ana = app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    app.events();
    let answer = browser.post(OWN, json!({})).await;
    assert_eq!(answer.assert_status(200).json(), json!(""));
    assert_eq!(app.events(), [Event::TwoFactorPrepared { user: ana.id }]);
    let user = app.adyton.find_user(ANA).await.expect("she is there");
    assert!(user.two_factor_secret.is_some() && user.two_factor_recovery_codes.is_some());
    assert_eq!(user.two_factor_confirmed_at, None);
    assert!(!is_asked(&app).await);
    app.deliver().await;
    assert_eq!(app.mails(), []);
}

#[tokio::test]
async fn the_secret_has_160_bits() {
    let app = TestApp::new().await;
    let (browser, _) = begun(&app).await;
    let key = browser.get(SECRET_KEY).await.json();
    let key = key["secretKey"].as_str().expect("a text").to_owned();
    assert_eq!(key.len(), 32, "{key}");
    let is_base32 = |c: char| c.is_ascii_uppercase() || ('2'..='7').contains(&c);
    assert!(key.chars().all(is_base32), "{key}");
}

#[tokio::test]
async fn the_picture_comes_with_its_address() {
    let app = TestApp::with(|config| config.app_name = "A: Shop".to_owned()).await;
    let (browser, _) = begun(&app).await;
    let key = browser.get(SECRET_KEY).await.json();
    let key = key["secretKey"].as_str().expect("a text").to_owned();
    let answer = browser.get(QR_CODE).await;
    let body = answer.assert_status(200).json();
    let url = format!(
        "otpauth://totp/A%3A%20Shop:ana%40example.com?secret={key}&issuer=A%3A%20Shop\
         &algorithm=SHA1&digits=6&period=30"
    );
    assert_eq!(body["url"], url);
    let svg = body["svg"].as_str().expect("a text");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
}

#[tokio::test]
async fn without_one_there_is_no_picture_and_no_key() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let picture = browser.get(QR_CODE).await;
    assert_eq!(picture.assert_status(200).json(), json!([]));
    let key = browser.get(SECRET_KEY).await;
    let said = json!({ "message": "Two factor authentication has not been enabled." });
    assert_eq!(key.assert_status(404).json(), said);
    assert_eq!(key.code(), "TWO_FACTOR_OFF");
}

#[tokio::test]
async fn a_second_call_keeps_the_secret_unless_another_is_forced() {
    let app = TestApp::new().await;
    let (browser, _) = begun(&app).await;
    let key = || async { browser.get(SECRET_KEY).await.json()["secretKey"].clone() };
    let (first, codes) = (key().await, shown_codes(&browser).await);
    for again in [json!({}), json!({ "force": false })] {
        browser.post(OWN, again).await.assert_status(200);
        assert_eq!(key().await, first);
        assert_eq!(shown_codes(&browser).await, codes);
    }
    let forced = browser.post(OWN, json!({ "force": true })).await;
    forced.assert_status(200);
    assert_ne!(key().await, first);
    assert_ne!(shown_codes(&browser).await, codes);
}

#[tokio::test]
async fn a_factor_that_is_asked_for_is_not_replaced_by_force() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let refused = browser.post(OWN, json!({ "force": true })).await;
    let errors = refused.assert_status(422).json();
    assert!(errors["errors"]["force"].is_array(), "{errors}");
    let asked = challenged(&app, ANA).await;
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_right_code_confirms_it_and_it_is_asked_for_from_then_on() {
    let app = TestApp::with(unlimited).await;
    let (browser, authenticator) = begun(&app).await;
    app.events();
    let answer = browser.post(CONFIRM, authenticator.answer()).await;
    assert_eq!(answer.assert_status(200).json(), json!(""));
    assert_eq!(app.events(), [Event::TwoFactorEnabled { user: 1.into() }]);
    let user = app.adyton.find_user(ANA).await.expect("she is there");
    assert!(user.two_factor_confirmed_at.is_some());
    assert!(is_asked(&app).await);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert_eq!(mail.subject, "Two-factor login is on at Adyton");
    // When the moment is cleared it is not asked for any more.
    let sql = "UPDATE users SET two_factor_confirmed_at = NULL";
    app.adyton.db().run(sql, &[]).await.expect("written");
    assert!(!is_asked(&app).await);
}

#[tokio::test]
async fn what_is_no_right_code_confirms_nothing() {
    let app = TestApp::with(|config| config.two_factor.tries.max = 100).await;
    let (browser, authenticator) = begun(&app).await;
    app.events();
    let refused = browser
        .post(CONFIRM, json!({ "code": authenticator.wrong_code() }))
        .await;
    assert_refused(&refused, "code", WRONG);
    for wrong in [
        json!({}),
        json!({ "code": "" }),
        json!({ "code": null }),
        json!({ "code": 123_456 }),
        json!({ "code": [authenticator.code()] }),
        json!({ "code": "1" }),
        json!({ "code": "1234567" }),
        json!({ "code": "１２３４５６" }),
        json!({ "code": "1".repeat(10_000) }),
        json!({ "recovery_code": shown_codes(&browser).await[0] }),
    ] {
        let refused = browser.post(CONFIRM, wrong.clone()).await;
        let errors = refused.assert_status(422).json();
        assert!(errors["errors"]["code"].is_array(), "{wrong}: {errors}");
    }
    let number = browser.post(CONFIRM, json!({ "code": 123_456 })).await;
    assert_refused(&number, "code", "The code field must be a string.");
    assert_eq!(app.events(), []);
    assert!(!is_asked(&app).await);
}

#[tokio::test]
async fn nothing_is_confirmed_without_a_secret() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let refused = browser.post(CONFIRM, json!({ "code": "123456" })).await;
    assert_refused(&refused, "code", WRONG);
}

#[tokio::test]
async fn guesses_at_a_confirmation_are_counted() {
    let app = TestApp::with(unlimited).await;
    let (browser, authenticator) = begun(&app).await;
    let wrong = json!({ "code": authenticator.wrong_code() });
    for _ in 0..10 {
        browser
            .post(CONFIRM, wrong.clone())
            .await
            .assert_status(422);
    }
    let full = browser.post(CONFIRM, authenticator.answer()).await;
    assert_eq!(full.assert_status(429).header("x-ratelimit-limit"), "10");
    app.clock.advance(TimeDelta::minutes(15));
    prove_again(&app, &browser).await;
    let answer = browser.post(CONFIRM, authenticator.answer()).await;
    answer.assert_status(200);
}

#[tokio::test]
async fn the_code_that_confirms_logs_nobody_in() {
    let app = TestApp::with(unlimited).await;
    let (browser, authenticator) = begun(&app).await;
    let answer = browser.post(CONFIRM, authenticator.answer()).await;
    answer.assert_status(200);
    let asked = challenged(&app, ANA).await;
    let replayed = asked.post(CHALLENGE, authenticator.answer()).await;
    assert_eq!(
        replayed.assert_status(422).code(),
        "TWO_FACTOR_CODE_REPLAYED"
    );
    app.clock.advance(TimeDelta::seconds(30));
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_confirmation_explains_a_clock_that_is_wrong() {
    let app = TestApp::with(unlimited).await;
    let (browser, authenticator) = begun(&app).await;
    let early = json!({ "code": authenticator.code_at(-10) });
    let refused = browser.post(CONFIRM, early).await;
    let behind = format!("{WRONG} Your device's clock is about 5 min behind: set it to automatic.");
    assert_refused(&refused, "code", &behind);
}

#[tokio::test]
async fn it_is_taken_away_with_its_codes() {
    let app = TestApp::with(unlimited).await;
    let (ana, _, browser) = enrolled(&app, ANA).await;
    let answer = browser.delete(OWN).await;
    assert_eq!(answer.assert_status(200).json(), json!(""));
    assert_eq!(app.events(), [Event::TwoFactorDisabled { user: ana.id }]);
    let user = app.adyton.find_user(ANA).await.expect("she is there");
    assert!(user.two_factor_secret.is_none() && user.two_factor_recovery_codes.is_none());
    assert_eq!(user.two_factor_confirmed_at, None);
    assert!(!is_asked(&app).await);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert_eq!(mail.subject, "Two-factor login is off at Adyton");
}

#[tokio::test]
async fn taking_away_what_is_not_there_changes_nothing() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let before = browser.cookie("adyton_session");
    app.events();
    browser.delete(OWN).await.assert_status(200);
    assert_eq!(app.events(), []);
    assert_eq!(browser.cookie("adyton_session"), before);
}

#[tokio::test]
async fn every_route_asks_for_a_session_that_was_confirmed_of_late() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["*"]).await);
    for (method, path) in [
        (Method::POST, OWN),
        (Method::DELETE, OWN),
        (Method::POST, CONFIRM),
        (Method::GET, QR_CODE),
        (Method::GET, SECRET_KEY),
        (Method::GET, CODES),
        (Method::POST, CODES),
    ] {
        let asked = browser.json(method.clone(), path, json!({})).await;
        assert_eq!(asked.assert_status(423).code(), "CONFIRMATION_REQUIRED");
        let asked = program.json(method.clone(), path, json!({})).await;
        assert_eq!(asked.assert_status(403).code(), "SESSION_REQUIRED");
        let nobody = app.browser().json(method.clone(), path, json!({})).await;
        nobody.assert_status(401);
        if method != Method::GET {
            let forged = browser.clone().without_csrf_header();
            let answer = forged.json(method, path, json!({})).await;
            answer.assert_status(419);
        }
    }
    prove_again(&app, &browser).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(16));
    browser.get(SECRET_KEY).await.assert_status(423);
}

#[tokio::test]
async fn who_has_not_proved_their_address_sets_none_up() {
    for (is_asked, status) in [(true, 403), (false, 200)] {
        let app = TestApp::with(|config| {
            config.two_factor.requires_verified_email = is_asked;
        })
        .await;
        app.user(ANA).await;
        let sql = "UPDATE users SET email_verified_at = NULL";
        app.adyton.db().run(sql, &[]).await.expect("written");
        let browser = confirmed(&app, ANA).await;
        let answer = browser.post(OWN, json!({})).await;
        answer.assert_status(status);
        if is_asked {
            assert_eq!(answer.code(), "EMAIL_UNVERIFIED");
        }
    }
}

#[tokio::test]
async fn where_no_confirmation_is_asked_it_counts_at_once() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.confirm = false;
    })
    .await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let other = app.logged_in(ANA).await;
    app.events();
    browser.post(OWN, json!({})).await.assert_status(200);
    assert_eq!(app.events(), [Event::TwoFactorEnabled { user: 1.into() }]);
    other.get("/api/user").await.assert_status(401);
    let authenticator = scanned(&app, &browser).await;
    let asked = challenged(&app, ANA).await;
    let answer = asked.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    assert_eq!(shown_codes(&browser).await.len(), 8);
    assert_eq!(shown_codes(&browser).await, Vec::<String>::new());
}

#[tokio::test]
async fn forms_are_sent_back_to_their_page() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let page = browser
        .clone()
        .with("accept", "text/html")
        .with("referer", "http://localhost:3000/settings");
    let token = |browser: &Browser| browser.cookie("XSRF-TOKEN").expect("a token");
    let answer = page.form(OWN, &[("_token", &token(&page))]).await;
    let back = answer.assert_status(302).header("location").to_owned();
    assert_eq!(back, "http://localhost:3000/settings");
    let code = scanned(&app, &browser).await.code();
    let pairs = [("_token", &*token(&page)), ("code", &code)];
    page.form(CONFIRM, &pairs).await.assert_status(302);
    let pairs = [("_token", &*token(&page)), ("_method", "DELETE")];
    page.form(OWN, &pairs).await.assert_status(302);
    assert!(!is_asked(&app).await);
}

#[tokio::test]
async fn it_can_be_set_up_again_after_it_was_taken_away() {
    let app = TestApp::with(unlimited).await;
    let (_, old, browser) = enrolled(&app, ANA).await;
    browser.delete(OWN).await.assert_status(200);
    let new = set_up(&app, &browser).await;
    let asked = challenged(&app, ANA).await;
    let refused = asked.post(CHALLENGE, old.answer()).await;
    refused.assert_status(422);
    let answer = asked.post(CHALLENGE, new.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn without_a_lasting_key_no_second_factor_is_begun() {
    let app = TestApp::with(|config| config.key = None).await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let begun = browser.post(OWN, json!({})).await;
    assert_eq!(begun.assert_status(503).code(), "KEY_NOT_CONFIGURED");
    let ana = app.adyton.find_user(ANA).await.expect("there");
    assert!(ana.two_factor_secret.is_none(), "it would open nowhere");
    assert!(ana.two_factor_recovery_codes.is_none());
}
