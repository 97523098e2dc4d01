//! Recovery codes: shown, spent and replaced.

mod kept;
mod spent;

use adyton::Event;
use adyton_testing::TestApp;
use http::Method;
use serde_json::json;

use crate::authenticator::{CODES, OWN, confirmed, enrolled, prove_again, shown_codes};
use crate::support::ANA;

/// The column as it is kept.
async fn column(app: &TestApp) -> String {
    let sql = "SELECT two_factor_recovery_codes AS value FROM users WHERE email = $1";
    crate::support::text(app, sql, ANA).await.expect("a text")
}

#[tokio::test]
async fn there_are_none_without_a_second_factor() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    let answer = browser.get(CODES).await;
    assert_eq!(answer.assert_status(200).json(), json!([]));
}

#[tokio::test]
async fn eight_codes_of_fortifys_shape_are_made_with_the_secret() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    let codes = shown_codes(&browser).await;
    assert_eq!(codes.len(), 8);
    for code in &codes {
        let (one, other) = code.split_once('-').expect("a hyphen");
        assert_eq!((one.len(), other.len()), (10, 10), "{code}");
    }
}

#[tokio::test]
async fn they_are_shown_as_often_as_asked_until_the_factor_is_confirmed() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    let codes = shown_codes(&browser).await;
    assert_eq!(shown_codes(&browser).await, codes);
    assert!(
        !app.events()
            .contains(&Event::RecoveryCodesShown { user: 1.into() })
    );
}

#[tokio::test]
async fn once_confirmed_they_are_shown_one_time_more() {
    let app = TestApp::new().await;
    let (ana, _, browser) = enrolled(&app, ANA).await;
    assert_eq!(shown_codes(&browser).await.len(), 8);
    assert_eq!(app.events(), [Event::RecoveryCodesShown { user: ana.id }]);
    assert_eq!(shown_codes(&browser).await, Vec::<String>::new());
    assert_eq!(app.events(), []);
}

#[tokio::test]
async fn a_head_request_shows_nothing_and_takes_nothing_away() {
    let app = TestApp::new().await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let before = column(&app).await;
    browser
        .raw(Method::HEAD, CODES, "", "")
        .await
        .assert_status(200);
    assert_eq!(column(&app).await, before);
    assert_eq!(shown_codes(&browser).await.len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_last_showings_at_once_one_shows_them() {
    let app = TestApp::new().await;
    for round in 0..4 {
        let email = format!("ana{round}@example.com");
        let (_, _, browser) = enrolled(&app, &email).await;
        let request = browser.written(Method::GET, CODES, &json!({}));
        let answers = app.race(vec![request; 20]).await;
        let shown = answers.iter().filter(|answer| {
            let codes = answer.assert_status(200).json();
            codes.as_array().is_some_and(|codes| !codes.is_empty())
        });
        assert_eq!(shown.count(), 1);
    }
}

#[tokio::test]
async fn new_ones_take_the_place_of_the_old_ones_and_are_shown_once() {
    let app = TestApp::new().await;
    let (ana, _, browser) = enrolled(&app, ANA).await;
    let old = shown_codes(&browser).await;
    app.events();
    let answer = browser.post_nothing(CODES).await;
    assert_eq!(answer.assert_status(200).json(), json!(""));
    assert_eq!(
        app.events(),
        [Event::RecoveryCodesReplaced { user: ana.id }]
    );
    let new = shown_codes(&browser).await;
    assert_eq!(new.len(), 8);
    assert!(new.iter().all(|code| !old.contains(code)));
    assert_eq!(shown_codes(&browser).await, Vec::<String>::new());
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a notice");
    assert_eq!(mail.subject, "New recovery codes for Adyton");
}

#[tokio::test]
async fn they_take_a_session_that_was_confirmed_of_late() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let program = app.bearer(&app.token(&ana, &["user"]).await);
    for method in [Method::GET, Method::POST] {
        let asked = browser.json(method.clone(), CODES, json!({})).await;
        assert_eq!(asked.assert_status(423).code(), "CONFIRMATION_REQUIRED");
        let asked = program.json(method.clone(), CODES, json!({})).await;
        assert_eq!(asked.assert_status(403).code(), "SESSION_REQUIRED");
        let visitor = app.browser().json(method, CODES, json!({})).await;
        visitor.assert_status(401);
    }
    prove_again(&app, &browser).await;
    let forged = browser.clone().without_csrf_header();
    forged.post_nothing(CODES).await.assert_status(419);
    browser.post_nothing(CODES).await.assert_status(200);
}

#[tokio::test]
async fn a_form_is_sent_back() {
    let app = TestApp::new().await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let token = browser.cookie("XSRF-TOKEN").expect("a token");
    let page = browser
        .with("accept", "text/html")
        .with("referer", "http://localhost:3000/settings");
    let answer = page.form(CODES, &[("_token", &token)]).await;
    let location = answer.assert_status(302).header("location");
    assert_eq!(location, "http://localhost:3000/settings");
}

#[tokio::test]
async fn their_shape_and_number_are_settings() {
    let app = TestApp::with(|config| {
        config.two_factor.recovery_code_shape = "aaaa-aaaa-aaaa".to_owned();
        config.two_factor.recovery_codes = 3;
    })
    .await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    assert_eq!(codes.len(), 3);
    for code in &codes {
        let parts: Vec<usize> = code.split('-').map(str::len).collect();
        assert_eq!(parts, [4, 4, 4], "{code}");
        let is_small = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        assert!(code.chars().all(is_small), "{code}");
    }
}

#[tokio::test]
async fn a_shape_that_could_be_guessed_is_no_setting() {
    for shape in ["999999", "abc", ""] {
        let mut config = TestApp::config();
        config.two_factor.recovery_code_shape = shape.to_owned();
        let wrong = config.check().expect_err("too weak");
        assert_eq!(wrong.setting, "two_factor.recovery_code_shape");
    }
}
