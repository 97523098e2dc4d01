//! The Site's document, example by example: sent as it is written, to the real program.
//! The identifiers (ST-01 …) are those of its promises.

mod abilities;
mod comments;
mod demo;
mod description;
mod limits;
mod owner;
mod posts;
mod schemathesis;
mod tickets;
mod tokens;

use adyton::{Abilities, NewToken, UserDraft};
use adyton_testing::{Answer, HostProcess};
use serde_json::{Value as Json, json};

const SITE: &str = env!("CARGO_BIN_EXE_site");

/// The document's login; only the address is filled in.
const LOGIN: &str = r#"curl -X POST https://your-site.com/api/v1/auth/login \
  -H "Content-Type: application/json" \
  -H "Accept: application/json" \
  -d '{
    "email": "you@example.com",
    "password": "your-password",
    "device_name": "my-mobile-app"
  }'"#;

const ME: &str = r#"curl https://your-site.com/api/v1/me \
  -H "Authorization: Bearer 1|abc123XYZ..." \
  -H "Accept: application/json""#;

const LOGOUT: &str = r#"curl -X POST https://your-site.com/api/v1/auth/logout \
  -H "Authorization: Bearer 1|abc123XYZ...""#;

const NEW_TOKEN: &str = r#"curl -X POST https://your-site.com/api/v1/me/tokens \
  -H "Authorization: Bearer YOUR_USER_TOKEN" \
  -H "Content-Type: application/json" \
  -d '{
    "name": "Read-only mobile app",
    "abilities": ["user"]
  }'"#;

/// A host where you have an account.
async fn with_you(variables: &[(&str, &str)]) -> HostProcess {
    let host = HostProcess::with(SITE, variables).await;
    let mut draft = UserDraft::new("You", "you@example.com");
    draft.password = Some("your-password".into());
    draft.verified = true;
    let made = host.operator(|_| {}).await.create_user(draft).await;
    made.expect("the user is new");
    host
}

/// The token of a login.
async fn token(host: &HostProcess) -> String {
    let answer = host.client().curl(LOGIN).await;
    text(&answer.assert_status(200).json()["data"]["token"])
}

/// A token as the owner makes it on the server's command line: `adyton token issue`.
async fn token_of_operator(host: &HostProcess, abilities: &[&str]) -> String {
    token_of(host, "you@example.com", abilities).await
}

/// The same for another user.
async fn token_of(host: &HostProcess, email: &str, abilities: &[&str]) -> String {
    let operator = host.operator(|_| {}).await;
    let owner = operator.find_user(email).await.expect("a user");
    let new = NewToken::new("my-integration", Abilities::new(abilities.iter().copied()));
    let issued = operator.issue_token(&owner, new).await.expect("a token");
    issued.plain_text.expose().clone()
}

/// One of the document's commands, with a token in the place of its own.
async fn with_token(host: &HostProcess, command: &str, token: &str) -> Answer {
    let command = command
        .replace("1|abc123XYZ...", token)
        .replace("YOUR_USER_TOKEN", token);
    host.client().curl(&command).await
}

/// A request in JSON.
async fn send(host: &HostProcess, request: &str, token: &str, body: &Json) -> Answer {
    let headers = format!("Authorization: Bearer {token}\nContent-Type: application/json");
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    host.client()
        .send(&format!("{request}\n{headers}\n\n{body}"))
        .await
}

fn text(value: &Json) -> String {
    value.as_str().expect("a text").to_owned()
}

/// ST-14: every refusal is an envelope with a code.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, code: &str) {
    let body = answer.assert_status(status).json();
    let names: Vec<&String> = body.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["success", "message", "errors"], "{body}");
    assert_eq!(
        (&body["success"], &body["errors"]["code"]),
        (&json!(false), &json!(code))
    );
    assert!(
        body["message"]
            .as_str()
            .is_some_and(|said| !said.is_empty()),
        "{body}"
    );
}

/// ST-01
#[tokio::test]
async fn posts_are_public() {
    let host = HostProcess::start(SITE).await;
    let answer = host
        .client()
        .curl("curl https://your-site.com/api/v1/posts")
        .await;
    let body = answer.assert_status(200).json();
    assert_eq!(
        (&body["success"], &body["data"][0]["title"]),
        (&json!(true), &json!("Hello"))
    );
    assert_eq!(body["meta"]["total"], 1);
    let path = format!("GET /api/v1/posts/{}", body["data"][0]["id"]);
    let post = host.client().send(&path).await.assert_status(200).json();
    assert_eq!(post["data"]["comments"], json!([]));
}

/// ST-14
#[tokio::test]
async fn every_error_is_an_envelope_with_a_code() {
    let host = with_you(&[]).await;
    let client = host.client();
    let login = "POST /api/v1/auth/login\nContent-Type: application/json\n\n";
    for (request, status, code) in [
        ("GET /api/v1/me".to_owned(), 401, "UNAUTHENTICATED"),
        ("GET /api/v1/nowhere".to_owned(), 404, "NOT_FOUND"),
        ("GET /nowhere".to_owned(), 404, "NOT_FOUND"),
        ("GET /api/v1/posts/999999".to_owned(), 404, "NOT_FOUND"),
        ("GET /api/v1/posts/none".to_owned(), 404, "NOT_FOUND"),
        ("DELETE /api/v1/posts".to_owned(), 405, "METHOD_NOT_ALLOWED"),
        (
            "GET /api/v1/posts?page=0".to_owned(),
            422,
            "VALIDATION_FAILED",
        ),
        (format!("{login}{{}}"), 422, "VALIDATION_FAILED"),
        (format!("{login}{{\"email\""), 400, "BAD_REQUEST"),
        (
            format!(
                "{login}{}",
                json!({ "email": "you@example.com", "password": "wrong" })
            ),
            401,
            "INVALID_CREDENTIALS",
        ),
    ] {
        assert_refused(&client.send(&request).await, status, code);
    }
    let invalid = client.send(&format!("{login}{{}}")).await.json();
    assert_eq!(
        invalid["errors"]["email"],
        json!(["The email field is required."])
    );
}

/// ST-13
#[test]
fn it_does_not_start_unsafely_in_production() {
    let folder = std::env::temp_dir().join(format!("site-unsafe-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let ran = std::process::Command::new(SITE)
        .current_dir(&folder)
        .env("ADYTON_PUBLIC_URL", "https://your-site.com")
        .output()
        .expect("the program runs");
    let made: Vec<_> = std::fs::read_dir(&folder).expect("a folder").collect();
    std::fs::remove_dir_all(&folder).expect("the folder can be removed");
    let said = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(
        said.contains("key: there is no key") && said.contains("http.trusted_proxies: "),
        "{said}"
    );
    assert!(made.is_empty(), "no key or database is made: {made:?}");
}

/// ST-13
#[tokio::test]
async fn production_takes_https_only() {
    let production = [
        ("ADYTON_PUBLIC_URL", "https://your-site.com"),
        ("ADYTON_HTTP_TRUSTED_PROXIES", "127.0.0.1"),
        (
            "ADYTON_KEY",
            "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        ),
    ];
    let host = with_you(&production).await;
    let token = token_of_operator(&host, &["user"]).await;
    for request in [
        "GET /api/v1/posts",
        "GET /api/v1/me",
        "POST /api/v1/auth/login",
    ] {
        assert_refused(
            &send(&host, request, &token, &Json::Null).await,
            403,
            "FORBIDDEN",
        );
    }
    let over_https = host.client().with("X-Forwarded-Proto", "https");
    over_https
        .send("GET /api/v1/posts")
        .await
        .assert_status(200);
    let me = format!("GET /api/v1/me\nAuthorization: Bearer {token}");
    over_https.send(&me).await.assert_status(200);
}
