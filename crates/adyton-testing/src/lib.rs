//! What tests of Adyton, and of applications that embed it, stand on: a fresh database each, an
//! application with a clock that moves, browsers that keep cookies, and hosts' real programs,
//! asked over real sockets in the words of their documents, a mail server to be killed, a provider
//! that breaks one rule at a time, and a browser with an authenticator.
//!
//! ```
//! # async fn example() {
//! use adyton_testing::TestApp;
//! use serde_json::json;
//!
//! let app = TestApp::new().await;
//! app.user("ana@example.com").await;
//! let browser = app.browser();
//! browser.get("/sanctum/csrf-cookie").await;
//! let answer = browser.post("/login", json!({ "email": "ana@example.com", "password": "password" })).await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```

mod answer;
mod app;
mod browser;
mod chromium;
mod database;
mod process;
mod provider;
mod race;
mod smtp;
mod wire;

pub use answer::Answer;
pub use app::{PASSWORD, TestApp};
pub use browser::Browser;
pub use chromium::Chromium;
pub use database::TestDatabase;
pub use process::HostProcess;
pub use provider::{Back, Endpoint, Fault, Person, TestProvider};
pub use smtp::SmtpServer;
pub use wire::Wire;
