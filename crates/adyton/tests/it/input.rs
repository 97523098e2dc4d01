//! Bad input gets a clear 4xx in the route's dialect: never a 5xx, a hang or a panic.

mod bodies;
mod fields;
mod forms;
mod fuzz;
mod headers;
mod methods;

use adyton::config::Config;
use adyton_testing::{Answer, Browser, TestApp};
use axum::body::Body;
use http::Method;
use serde_json::{Value as Json, json};

const LOGIN: &str = "/api/v1/auth/login";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

/// Every route that reads fields, with a body that it takes.
fn routes() -> [(&'static str, Json); 5] {
    let ana = json!({ "email": "ana@example.com", "password": "password" });
    let with = |more: Json| {
        let mut fields = ana.clone();
        for (name, value) in more.as_object().expect("fields") {
            fields[name] = value.clone();
        }
        fields
    };
    let eva =
        json!({ "name": "Eva", "email": "eva@example.com", "password_confirmation": "password" });
    let program = json!({ "device_name": "phone", "abilities": ["user"] });
    [
        ("/login", with(json!({ "remember": true }))),
        ("/register", with(eva.clone())),
        (LOGIN, with(program.clone())),
        ("/api/v1/auth/register", {
            let mut fields = with(eva);
            fields["device_name"] = json!("phone");
            fields
        }),
        (
            "/api/v1/me/tokens",
            json!({ "name": "blog", "abilities": ["user"], "expires_at": "2037-01-01" }),
        ),
    ]
}

/// What every refusal looks like, whichever it is.
#[track_caller]
fn assert_worded(answer: &Answer, path: &str, what: &str) {
    let status = answer.status.as_u16();
    assert!((200..500).contains(&status), "{path} {what}: {answer:#?}");
    if status < 400 {
        return;
    }
    assert!(!answer.code().is_empty(), "{path} {what}: {answer:#?}");
    let body = answer.json();
    assert!(
        body["message"]
            .as_str()
            .is_some_and(|said| !said.is_empty()),
        "{path} {what}: {body}"
    );
    let is_envelope = path.starts_with("/api/v1/");
    assert_eq!(
        body.get("success"),
        is_envelope.then_some(&json!(false)),
        "{path} {what}"
    );
    assert_eq!(
        body["errors"]["code"].is_string(),
        is_envelope,
        "{path} {what}"
    );
    if status == 422 {
        assert!(
            body["errors"]
                .as_object()
                .is_some_and(|errors| errors.len() > usize::from(is_envelope))
        );
    }
}

struct Senders {
    app: TestApp,
    token: String,
}

impl Senders {
    async fn new() -> Self {
        let app = TestApp::with(unlimited).await;
        let user = app.user("ana@example.com").await;
        let token = app.token(&user, &["user"]).await;
        Self { app, token }
    }

    async fn to(&self, path: &str) -> Browser {
        if path.starts_with("/api/v1/auth/") {
            return self.app.anonymous();
        }
        if path.starts_with("/api/") {
            return self.app.bearer(&self.token);
        }
        let browser = self.app.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        browser
    }

    async fn post(&self, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        self.to(path)
            .await
            .raw(Method::POST, path, kind, body)
            .await
    }
}
