//! BeatPass's two documents, example by example: sent as they are written, to the real program.
//! The identifiers (BP-01 …) are those of its promises.

mod admin;
mod catalogue;
mod demo;
mod front_end;
mod javascript;
mod localstripe;
mod media;
mod payments;
mod people;
mod practice;
mod product;
mod sessions;
mod studio;
mod two_factor;
mod ways_in;
mod webhooks;
mod wire;

use adyton::UserDraft;
use adyton_testing::{Answer, HostProcess, Wire};

const BEATPASS: &str = env!("CARGO_BIN_EXE_beatpass");
/// Payments by the program's own Stripe.
const PRACTICE: (&str, &str) = ("BEATPASS_STRIPE_ADDRESS", "practice");
const PASSWORD: &str = "your-password";

/// The documents' login, with the token from the cookie.
fn login(token: &str) -> String {
    format!(
        "POST /login
Content-Type: application/json
X-XSRF-TOKEN: {token}

{{
  \"email\": \"ana@example.com\",
  \"password\": \"{PASSWORD}\"
}}"
    )
}

async fn user(host: &HostProcess, name: &str, email: &str) -> i64 {
    let operator = host.operator(|_| {}).await;
    let mut draft = UserDraft::new(name, email);
    draft.password = Some(PASSWORD.into());
    draft.verified = true;
    let user = operator.create_user(draft).await.expect("the user is new");
    user.id.to_string().parse().expect("ids are numbers")
}

/// A host with Ana, and her browser, logged in as the documents say.
async fn logged_in() -> (HostProcess, Wire) {
    let host = HostProcess::with(BEATPASS, &[PRACTICE]).await;
    user(&host, "Ana", "ana@example.com").await;
    let browser = host.browser();
    log_in(&browser).await;
    (host, browser)
}

async fn log_in(browser: &Wire) -> Answer {
    browser
        .send("GET /sanctum/csrf-cookie")
        .await
        .assert_status(204);
    let answer = browser.send(&login(&browser.csrf_token())).await;
    answer.assert_status(200);
    answer
}

/// Another member's browser.
async fn member(host: &HostProcess, name: &str) -> Wire {
    let email = format!("{}@example.com", name.to_lowercase());
    user(host, name, &email).await;
    let browser = host.browser();
    browser.send("GET /sanctum/csrf-cookie").await;
    let request = login(&browser.csrf_token()).replace("ana@example.com", &email);
    browser.send(&request).await.assert_status(200);
    browser
}

/// A JSON request as the documents' `apiPost` sends it.
async fn api(browser: &Wire, request: &str, body: &str) -> Answer {
    let token = browser.csrf_token();
    let headers =
        format!("Content-Type: application/json\nAccept: application/json\nX-XSRF-TOKEN: {token}");
    browser
        .send(&format!("{request}\n{headers}\n\n{body}"))
        .await
}

async fn upload(browser: &Wire, title: &str) -> i64 {
    let body = format!(r#"{{"title": "{title}", "price_cents": 2500}}"#);
    let made = api(browser, "POST /tracks", &body).await;
    made.assert_status(201).json()["id"]
        .as_i64()
        .expect("an id")
}
