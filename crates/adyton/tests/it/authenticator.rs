//! An authenticator app, and a user who has one.

use adyton::User;
use adyton::db::Value;
use adyton_testing::{Answer, Browser, TestApp};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::TimeDelta;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::support::{ANA, credentials};

pub const OWN: &str = "/user/two-factor-authentication";
pub const CONFIRM: &str = "/user/confirmed-two-factor-authentication";
pub const SECRET_KEY: &str = "/user/two-factor-secret-key";
pub const QR_CODE: &str = "/user/two-factor-qr-code";
pub const CODES: &str = "/user/two-factor-recovery-codes";
pub const CHALLENGE: &str = "/two-factor-challenge";
pub const TOKEN_CHALLENGE: &str = "/api/v1/auth/two-factor";

/// Fortify's sentence for a wrong code.
pub const WRONG: &str = "The provided two factor authentication code was invalid.";

/// Makes the codes of a secret, by the clock of an application.
#[derive(Clone)]
pub struct Authenticator {
    secret: Vec<u8>,
    clock: adyton::Clock,
}

impl Authenticator {
    /// Of a secret in base32.
    pub fn of(app: &TestApp, base32: &str) -> Self {
        let secret = totp_rs::Secret::try_from_base32(base32).expect("base32");
        Self {
            secret: secret.as_bytes().to_vec(),
            clock: app.clock.clone(),
        }
    }

    /// The code of now.
    pub fn code(&self) -> String {
        self.code_at(0)
    }

    /// The code of so many steps of 30 seconds from now.
    pub fn code_at(&self, steps: i64) -> String {
        let moment = self.clock.now().timestamp() + steps * 30;
        let totp = totp_rs::Builder::new()
            .with_secret(self.secret.as_slice())
            .build_noncompliant();
        let moment = u64::try_from(moment).expect("after 1970");
        totp.generate(moment).to_string()
    }

    /// A code that is right at no time near now.
    pub fn wrong_code(&self) -> String {
        let near: Vec<String> = (-30..=30).map(|steps| self.code_at(steps)).collect();
        let codes = (0..100).map(|number| format!("{number:06}"));
        let mut codes = codes.filter(|code| !near.contains(code));
        codes.next().expect("most codes are wrong")
    }

    /// What confirms, or answers a challenge.
    pub fn answer(&self) -> Json {
        json!({ "code": self.code() })
    }
}

/// Notes that the user of a browser's session has proved once more who they are.
pub async fn prove_again(app: &TestApp, browser: &Browser) {
    let cookie = browser.cookie("adyton_session").expect("a session");
    let digest = Sha256::digest(cookie.as_bytes());
    let id: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let db = app.adyton.db();
    let sql = "SELECT payload, user_id FROM sessions WHERE id = $1";
    let row = db
        .one(sql, &[Value::from(id.as_str())])
        .await
        .expect("read");
    let row = row.expect("a live session");
    let payload: String = row.get("payload").expect("a text");
    let mut payload: Json =
        serde_json::from_slice(&BASE64.decode(payload).expect("base64")).expect("JSON");
    payload["adyton"]["confirmed_at"] = app.clock.now().timestamp().into();
    let sql = "UPDATE sessions SET payload = $1 WHERE id = $2";
    let payload = BASE64.encode(payload.to_string());
    db.run(sql, &[payload.into(), id.into()])
        .await
        .expect("written");
    let user: i64 = row.get("user_id").expect("a number");
    app.adyton.user_changed(&user.into());
}

/// A browser in which a user is logged in and has proved of late who they are.
pub async fn confirmed(app: &TestApp, email: &str) -> Browser {
    let browser = app.logged_in(email).await;
    prove_again(app, &browser).await;
    browser
}

/// The app of whoever has begun to set up a second factor.
pub async fn scanned(app: &TestApp, browser: &Browser) -> Authenticator {
    let key = browser.get(SECRET_KEY).await;
    let key = key.assert_status(200).json();
    Authenticator::of(app, key["secretKey"].as_str().expect("a text"))
}

/// Sets up a second factor as a front end does, and waits until the next code.
pub async fn set_up(app: &TestApp, browser: &Browser) -> Authenticator {
    browser.post(OWN, json!({})).await.assert_status(200);
    let authenticator = scanned(app, browser).await;
    let answer = browser.post(CONFIRM, authenticator.answer()).await;
    answer.assert_status(200);
    app.clock.advance(TimeDelta::seconds(30));
    authenticator
}

/// A user with a second factor, their app and the browser that set it up; nothing of it is news.
pub async fn enrolled(app: &TestApp, email: &str) -> (User, Authenticator, Browser) {
    let user = app.user(email).await;
    let browser = confirmed(app, email).await;
    let authenticator = set_up(app, &browser).await;
    app.deliver().await;
    app.mails();
    app.events();
    (user, authenticator, browser)
}

/// The recovery codes as they are shown.
pub async fn shown_codes(browser: &Browser) -> Vec<String> {
    let answer = browser.get(CODES).await;
    let codes = answer.assert_status(200).json();
    serde_json::from_value(codes).expect("a list of texts")
}

/// A browser of which the second factor is asked.
pub async fn challenged(app: &TestApp, email: &str) -> Browser {
    challenged_with(app, credentials(email)).await
}

/// The same after a login with these credentials.
pub async fn challenged_with(app: &TestApp, credentials: Json) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post("/login", credentials).await;
    let answer = answer.assert_status(200).json();
    assert_eq!(answer["two_factor"], true, "{answer}");
    browser
}

/// What a token login gives who has a second factor.
pub async fn token_challenge(app: &TestApp) -> String {
    let answer = app
        .anonymous()
        .post("/api/v1/auth/login", credentials(ANA))
        .await;
    let body = answer.assert_status(200).json();
    assert_eq!(body["data"]["two_factor"], true);
    body["data"]["challenge"]
        .as_str()
        .expect("a text")
        .to_owned()
}

/// A refusal of this field, in these words.
#[track_caller]
pub fn assert_refused(answer: &Answer, field: &str, sentence: &str) {
    let body = answer.assert_status(422).json();
    assert_eq!(
        body,
        json!({ "message": sentence, "errors": { field: [sentence] } })
    );
}

/// Limits by address aside: what is tested is the account's own budget.
pub fn unlimited(config: &mut adyton::Config) {
    config.throttle.enabled = false;
}
