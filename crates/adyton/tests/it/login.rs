//! Logging in by cookie.

mod busy;
mod input;
mod meanwhile;
mod passwords;
mod refusals;
mod sessions;

use adyton::{Event, Via};
use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials};

/// Hashes of `password` as Laravel writes them: its user factory's bcrypt, and its argon2id.
const BCRYPT: &str = "$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi";
const CHEAP_BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

async fn visitor(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

/// A login of a browser that has just come, with what it sends.
async fn log_in(app: &TestApp, body: Json) -> Answer {
    visitor(app).await.post("/login", body).await
}

/// Without the limits that are not the matter here.
async fn unlimited() -> TestApp {
    TestApp::with(|config| config.throttle.enabled = false).await
}

#[track_caller]
fn assert_failed(answer: &Answer) {
    answer.assert_status(422);
    let said = "These credentials do not match our records.";
    let expected = json!({ "message": said, "errors": { "email": [said] } });
    assert_eq!(answer.json(), expected);
    assert_eq!(answer.set_cookies(), Vec::<String>::new());
}

#[tokio::test]
async fn a_user_logs_in_and_is_known() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = visitor(&app).await;
    app.events();
    let answer = browser.post("/login", credentials(ANA)).await;
    let expected = json!({ "two_factor": false });
    assert_eq!(answer.assert_status(200).json(), expected);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    let me = browser.get("/api/user").await;
    assert_eq!(me.assert_status(200).json()["email"], ANA);
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Password,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
}

#[tokio::test]
async fn a_form_is_sent_on_to_the_home_page() {
    let app = TestApp::with(|config| config.wire.home = "/dashboard".to_owned()).await;
    app.user(ANA).await;
    let browser = visitor(&app).await.with("accept", "text/html,*/*;q=0.8");
    let pairs = [("email", ANA), ("password", PASSWORD)];
    let answer = browser.form("/login", &pairs).await;
    assert_eq!(answer.assert_status(302).header("location"), "/dashboard");
    assert_eq!(answer.body, "");
    browser.get("/api/user").await.assert_status(200);
    let answer = browser.form("/logout", &[]).await;
    assert_eq!(answer.assert_status(302).header("location"), "/");
}

#[tokio::test]
async fn who_is_logged_in_already_gets_a_409() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let id = browser.cookie("adyton_session");
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_eq!(
        answer.assert_status(409).json(),
        json!({ "message": "You are already logged in." })
    );
    assert_eq!(answer.code(), "ALREADY_AUTHENTICATED");
    assert_eq!(browser.cookie("adyton_session"), id);
}

#[tokio::test]
async fn a_program_with_a_token_may_log_in_by_cookie() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let token = app.token(&ana, &["user"]).await;
    let browser = visitor(&app).await;
    let browser = browser.with("authorization", &format!("Bearer {token}"));
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_login_from_another_device_is_told_by_mail_and_a_known_one_is_not() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 \
                  (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
    for (agent, news) in [
        (firefox, 0),
        (firefox, 0),
        (iphone, 1),
        (iphone, 0),
        (firefox, 0),
    ] {
        let browser = app.browser().with("user-agent", agent);
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        browser
            .post("/login", credentials(ANA))
            .await
            .assert_status(200);
        app.deliver().await;
        let mails = app.mails();
        assert_eq!(mails.len(), news, "{agent}");
        if let Some(mail) = mails.first() {
            assert_eq!(mail.to, ANA);
            assert!(mail.text.contains("Safari, iOS"), "{}", mail.text);
        }
    }
}
