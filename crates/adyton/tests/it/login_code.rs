//! A mailed code, for whoever logs in while strangers guess at the account.

mod silence;

use adyton::config::{Config, Limit};
use adyton::{Event, Via};
use adyton_testing::{Answer, Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

use crate::authenticator::{CHALLENGE, enrolled};
use crate::support::{ANA, credentials};

pub const ASK: &str = "/login/code";
pub const ASK_TOKEN: &str = "/api/v1/auth/login/code";
const TOKEN_LOGIN: &str = "/api/v1/auth/login";

/// What addresses may do is out of the way: what is tested are the accounts' lanes.
pub fn by_account(config: &mut Config) {
    let wide = Limit::new(100_000, std::time::Duration::from_secs(60));
    config.throttle.login = wide;
    config.throttle.forgot_password = wide;
    config.throttle.two_factor = wide;
}

/// Strangers fail at an account until their lane is full.
pub async fn besiege(app: &TestApp, email: &str) {
    let stranger = app.anonymous().from("203.0.113.66");
    let body = json!({ "email": email, "password": "wrong" });
    for _ in 0..10 {
        let answer = stranger.post(TOKEN_LOGIN, body.clone()).await;
        answer.assert_status(401);
    }
    let full = stranger.post(TOKEN_LOGIN, body).await;
    assert_eq!(full.assert_status(429).code(), "LOGIN_CODE_REQUIRED");
    app.events();
}

/// A browser that nobody has logged in from.
pub async fn newcomer(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

/// Asks for a code and reads it in the mail.
pub async fn mailed_code(app: &TestApp, email: &str) -> String {
    let browser = newcomer(app).await;
    let answer = browser.post(ASK, json!({ "email": email })).await;
    answer.assert_status(202);
    app.deliver().await;
    code_in_mail(app, email).expect("a mail with a code")
}

fn code_in_mail(app: &TestApp, email: &str) -> Option<String> {
    let text = app.last_mail(email)?.text;
    let is_code = |line: &&str| line.len() == 19 && line.matches('-').count() == 3;
    text.lines().find(is_code).map(str::to_owned)
}

pub fn with_code(email: &str, password: &str, code: &str) -> Json {
    json!({ "email": email, "password": password, "login_code": code })
}

async fn tried(browser: &Browser, password: &str, code: &str) -> Answer {
    browser.post("/login", with_code(ANA, password, code)).await
}

#[tokio::test]
async fn a_code_and_the_password_let_in_while_strangers_guess() {
    let app = TestApp::with(by_account).await;
    let ana = app.user(ANA).await;
    besiege(&app, ANA).await;
    let browser = newcomer(&app).await;
    let answer = browser.post("/login", credentials(ANA)).await;
    assert_eq!(answer.assert_status(429).code(), "LOGIN_CODE_REQUIRED");
    let code = mailed_code(&app, ANA).await;
    let requested = Event::LoginCodeRequested {
        user: ana.id.clone(),
    };
    assert_eq!(app.events(), [requested]);
    // As people type it.
    let typed = code.to_lowercase().replace('-', " ");
    tried(&browser, "password", &typed).await.assert_status(200);
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Password,
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [logged_in]);
    // The browser is known from now on, and needs no code though the siege goes on.
    browser.post_nothing("/logout").await.assert_status(204);
    browser.get("/sanctum/csrf-cookie").await;
    let again = browser.post("/login", credentials(ANA)).await;
    again.assert_status(200);
    let stranger = app.anonymous().post(TOKEN_LOGIN, credentials(ANA)).await;
    stranger.assert_status(429);
}

#[tokio::test]
async fn the_code_alone_lets_nobody_in() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    besiege(&app, ANA).await;
    let (browser, code) = (newcomer(&app).await, mailed_code(&app, ANA).await);
    let alone = json!({ "email": ANA, "login_code": code });
    browser.post("/login", alone).await.assert_status(422);
    // Five passwords may be tried with it, whichever.
    for _ in 0..5 {
        let answer = tried(&browser, "wrong", &code).await;
        assert_eq!(answer.assert_status(422).code(), "CREDENTIALS_WRONG");
    }
    let sixth = tried(&browser, "password", &code).await;
    assert_eq!(sixth.assert_status(429).code(), "LOGIN_CODE_REQUIRED");
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_program_gets_its_token_by_a_code_too() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    besiege(&app, ANA).await;
    let program = app.anonymous();
    let asked = program.post(ASK_TOKEN, json!({ "email": ANA })).await;
    assert_eq!(asked.assert_status(202).json()["success"], true);
    app.deliver().await;
    let code = code_in_mail(&app, ANA).expect("a code");
    let body = with_code(ANA, "password", &code);
    let answer = program.post(TOKEN_LOGIN, body.clone()).await;
    answer.assert_status(200);
    assert_eq!(answer.set_cookies(), [""; 0]);
    program.post(TOKEN_LOGIN, body).await.assert_status(429);
}

#[tokio::test]
async fn a_code_is_its_users_for_a_quarter_of_an_hour_and_no_link() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    app.user("bo@example.com").await;
    besiege(&app, ANA).await;
    besiege(&app, "bo@example.com").await;
    let browser = newcomer(&app).await;
    let code = mailed_code(&app, "bo@example.com").await;
    tried(&browser, "password", &code).await.assert_status(429);
    let code = mailed_code(&app, ANA).await;
    app.clock.advance(TimeDelta::minutes(14));
    let wrong = tried(&browser, "wrong", &code).await;
    wrong.assert_status(422);
    app.clock.advance(TimeDelta::minutes(2));
    besiege(&app, ANA).await;
    tried(&browser, "password", &code).await.assert_status(429);
}

#[tokio::test]
async fn what_ends_credentials_ends_codes() {
    let app = TestApp::with(by_account).await;
    let ana = app.user(ANA).await;
    besiege(&app, ANA).await;
    let (browser, code) = (newcomer(&app).await, mailed_code(&app, ANA).await);
    app.adyton.end_sessions(&ana).await.expect("ended");
    tried(&browser, "password", &code).await.assert_status(429);
    assert_eq!(app.count("one_time_links").await, 0);
}

#[tokio::test]
async fn wrong_codes_count_with_the_strangers() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    let browser = newcomer(&app).await;
    let mut statuses = Vec::new();
    for code in ["0000-0000-0000-0000", "no code", "é", "-"]
        .iter()
        .cycle()
        .take(12)
    {
        statuses.push(tried(&browser, "wrong", code).await.status.as_u16());
    }
    assert_eq!(statuses, [[422; 10].as_slice(), &[429; 2]].concat());
    let no_text = json!({ "email": ANA, "password": "password", "login_code": [1] });
    browser.post("/login", no_text).await.assert_status(422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_at_twenty_requests_lets_in_once() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    for _ in 0..3 {
        besiege(&app, ANA).await;
        let code = mailed_code(&app, ANA).await;
        let mut written = Vec::new();
        for _ in 0..20 {
            let browser = newcomer(&app).await;
            let body = with_code(ANA, "password", &code);
            written.push(browser.written(Method::POST, "/login", &body));
        }
        let answers = app.race(written).await;
        let let_in = answers.iter().filter(|answer| answer.status == 200);
        assert_eq!(let_in.count(), 1);
        let checked = answers.iter().filter(|answer| answer.status != 429);
        assert!(checked.count() <= 5, "no more passwords than a code has");
        app.clock.advance(TimeDelta::minutes(16));
    }
}

#[tokio::test]
async fn the_second_factor_is_asked_all_the_same() {
    let app = TestApp::with(by_account).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    besiege(&app, ANA).await;
    let (browser, code) = (newcomer(&app).await, mailed_code(&app, ANA).await);
    let asked = tried(&browser, "password", &code).await;
    assert_eq!(
        asked.assert_status(200).json(),
        json!({ "two_factor": true })
    );
    assert_eq!(asked.set_cookie("adyton_device"), None, "not in yet");
    let other = newcomer(&app).await;
    let again = tried(&other, "password", &code).await;
    again.assert_status(429);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    assert!(answer.set_cookie("adyton_device").is_some());
}

#[tokio::test]
async fn at_most_three_codes_are_alive_and_none_is_pushed_out() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    besiege(&app, ANA).await;
    let first = mailed_code(&app, ANA).await;
    let program = app.anonymous();
    for _ in 0..6 {
        let asked = program.post(ASK_TOKEN, json!({ "email": ANA })).await;
        asked.assert_status(202);
        app.deliver().await;
    }
    assert_eq!(app.mails().len(), 3);
    let browser = newcomer(&app).await;
    tried(&browser, "password", &first).await.assert_status(200);
}

#[tokio::test]
async fn in_laravels_words_and_for_a_form() {
    let app = TestApp::with(by_account).await;
    let browser = newcomer(&app).await;
    let answer = browser.post(ASK, json!({ "email": ANA })).await;
    let sentence = "If there is such an account, we have emailed it a code.";
    let said = answer.assert_status(202).json();
    assert_eq!(said, json!({ "message": sentence }));
    let page = "http://localhost:3000/login";
    let form = browser
        .copied()
        .with("accept", "text/html")
        .with("referer", page);
    let answer = form.form(ASK, &[("email", ANA)]).await;
    assert_eq!(answer.assert_status(302).header("location"), page);
    let none = browser.post(ASK, json!({ "email": "ana" })).await;
    none.assert_status(422);
    let forged = browser.copied().without_csrf_header();
    let answer = forged.post(ASK, json!({ "email": ANA })).await;
    answer.assert_status(419);
    app.user("bo@example.com").await;
    let inside = app.logged_in("bo@example.com").await;
    let answer = inside.post(ASK, json!({ "email": ANA })).await;
    answer.assert_status(409);
}

#[tokio::test]
async fn the_mail_says_what_it_is_for_in_both_parts() {
    let app = TestApp::with(by_account).await;
    app.user(ANA).await;
    let code = mailed_code(&app, ANA).await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert!(
        mail.subject.starts_with("Your code for "),
        "{}",
        mail.subject
    );
    assert!(
        !mail.subject.contains(&code),
        "subjects are shown on locked screens"
    );
    assert!(mail.text.contains("for 15 minutes"), "{}", mail.text);
    assert!(mail.html.contains(&format!(">{code}</p>")), "{}", mail.html);
    let sql = "SELECT id FROM one_time_links WHERE purpose = 'login_code'";
    let row = app.adyton.db().one(sql, &[]).await.expect("read");
    let id: String = row.expect("a row").get("id").expect("a text");
    assert_eq!(id.len(), 64, "its hash alone is kept");
}
