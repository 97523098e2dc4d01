//! Passwords that leaked, by a service that is asked over HTTP.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use adyton::Config;
use adyton::config::BreachCheck;
use adyton_testing::TestApp;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use tokio::net::TcpListener;

use super::breach_file::sha1_of;
use super::{LEAKED, app_with, assert_taken, registered, said};

const SAD: &str = "four sad old words";

/// What the service answers.
#[derive(Clone)]
enum Answers {
    Text(String),
    Status(StatusCode),
    Elsewhere(String),
    Never,
}

/// What the service was asked: the path and the header that asks for padding.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

struct Service {
    url: String,
    asked: Asked,
}

impl Service {
    async fn new(answers: Answers) -> Self {
        let asked = Asked::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new()
            .fallback(answer)
            .with_state((answers, Arc::clone(&asked)));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let url = format!("http://{address}/range/");
        Self { url, asked }
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().expect("no panic").clone()
    }

    async fn app(&self) -> TestApp {
        app_with(|config| asks(config, &self.url)).await
    }
}

async fn answer(State((answers, asked)): State<(Answers, Asked)>, request: Request) -> Response {
    let padding = request.headers().get("add-padding");
    let padding = padding.and_then(|value| value.to_str().ok());
    let line = (
        request.uri().to_string(),
        padding.unwrap_or_default().to_owned(),
    );
    asked.lock().expect("no panic").push(line);
    match answers {
        Answers::Text(text) => text.into_response(),
        Answers::Status(status) => status.into_response(),
        Answers::Elsewhere(url) => (StatusCode::FOUND, [("location", url)]).into_response(),
        Answers::Never => pending().await,
    }
}

fn asks(config: &mut Config, url: &str) {
    config.passwords.breach_check = BreachCheck::Service;
    config.passwords.breach_url = url.to_owned();
    config.passwords.breach_timeout = Duration::from_secs(20);
}

/// An answer with the rest of a password's hash between others.
fn with(password: &str, count: u32) -> Answers {
    let kept = &sha1_of(password)[5..];
    let zeros = "0".repeat(35);
    Answers::Text(format!(
        "{zeros}:3\r\n{kept}:{count}\r\n{}:0",
        "F".repeat(35)
    ))
}

#[tokio::test]
async fn a_password_that_the_service_knows_is_refused() {
    let service = Service::new(with(SAD, 42)).await;
    let app = service.app().await;
    assert_eq!(said(&registered(&app, SAD).await), [LEAKED]);
    let expected = (format!("/range/{}", &sha1_of(SAD)[..5]), "true".to_owned());
    assert_eq!(service.asked(), [expected], "five digits, and padding");
    assert_taken(&app, "five glad new words").await;
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn padding_is_no_leak() {
    let service = Service::new(with(SAD, 0)).await;
    assert_taken(&service.app().await, SAD).await;
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test]
async fn what_is_refused_anyway_is_not_asked_about() {
    let service = Service::new(with(SAD, 42)).await;
    let app = service.app().await;
    for password in ["", "short", "iloveyou1", "anaruiz2026", &"v".repeat(1025)] {
        registered(&app, password).await.assert_status(422);
    }
    assert_eq!(service.asked(), []);
}

#[tokio::test]
async fn nobody_is_asked_unless_the_settings_say_so() {
    let service = Service::new(with(SAD, 42)).await;
    let app = app_with(|config| config.passwords.breach_url.clone_from(&service.url)).await;
    assert_taken(&app, SAD).await;
    assert_eq!(service.asked(), []);
}

#[tokio::test]
async fn a_service_that_answers_nonsense_keeps_nobody_out() {
    let known = with(SAD, 42);
    let Answers::Text(lines) = &known else {
        unreachable!("it is a text");
    };
    let other = Service::new(known.clone()).await;
    for answers in [
        Answers::Text("<html>It works!</html>".to_owned()),
        Answers::Text(String::new()),
        Answers::Text(lines.replace(":42", ":many")),
        Answers::Text(lines.repeat(12_000)),
        Answers::Status(StatusCode::SERVICE_UNAVAILABLE),
        Answers::Status(StatusCode::NOT_FOUND),
        Answers::Elsewhere(other.url.clone()),
    ] {
        let service = Service::new(answers).await;
        assert_taken(&service.app().await, SAD).await;
        assert_eq!(service.asked().len(), 1);
    }
    assert_eq!(other.asked(), [], "it is not sent on to somebody else");
}

#[tokio::test]
async fn a_service_that_hangs_keeps_nobody_waiting() {
    let service = Service::new(Answers::Never).await;
    let app = app_with(|config| {
        asks(config, &service.url);
        config.passwords.breach_timeout = Duration::from_millis(200);
    })
    .await;
    let begin = Instant::now();
    assert_taken(&app, SAD).await;
    let took = begin.elapsed();
    assert!(took >= Duration::from_millis(200), "it was asked: {took:?}");
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test]
async fn a_service_that_is_down_keeps_nobody_out() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let app = app_with(|config| asks(config, &format!("http://{address}/range/"))).await;
    assert_taken(&app, SAD).await;
}
