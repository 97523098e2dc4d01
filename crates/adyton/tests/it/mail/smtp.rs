//! Mail to a real SMTP server.

use std::time::Duration;

use adyton::config::Config;
use adyton::{Adyton, Clock, User, UserDraft};
use adyton_testing::{SmtpServer, TestApp, TestDatabase};
use chrono::TimeDelta;
use serde_json::{Value as Json, json};

use super::{ANA, issue};

/// An application that sends by SMTP, when the test says so.
struct Sender {
    adyton: Adyton,
    clock: Clock,
    ana: User,
    _database: TestDatabase,
}

impl Sender {
    async fn to(url: &str, change: impl FnOnce(&mut Config)) -> Self {
        let (database, clock) = (TestDatabase::fresh().await, Clock::system());
        let mut config = TestApp::config();
        config.mail.url = Some(url.to_owned());
        config.mail.timeout = Duration::from_secs(10);
        change(&mut config);
        let builder = Adyton::builder(database.connect().await).config(config);
        let builder = builder.clock(clock.clone()).without_courier();
        let adyton = builder.build().expect("right settings");
        adyton.migrate().await.expect("tables");
        let draft = UserDraft::new("Ana", ANA);
        let ana = adyton.create_user(draft).await.expect("new");
        issue(&adyton, &ana).await;
        Self {
            adyton,
            clock,
            ana,
            _database: database,
        }
    }

    async fn deliver(&self) -> usize {
        self.adyton.deliver_mail().await.expect("delivered")
    }

    /// Why the last attempt failed, of each mail that is still to be sent.
    async fn waiting(&self) -> Vec<String> {
        let sql = "SELECT last_error FROM mail_outbox";
        let rows = self.adyton.db().all(sql, &[]).await.expect("read");
        let error = |row: &adyton::db::Row| row.get::<Option<String>>("last_error");
        let errors = rows.iter().map(|row| error(row).expect("a text"));
        errors.map(Option::unwrap_or_default).collect()
    }
}

fn header<'a>(message: &'a Json, name: &str) -> Vec<&'a str> {
    let headers = message["headers"].as_array().expect("headers");
    let named = headers.iter().filter(|header| header[0] == name);
    named
        .map(|header| header[1].as_str().expect("a text"))
        .collect()
}

#[tokio::test]
async fn a_mail_arrives_with_text_and_html_for_one_recipient() {
    let Some(server) = SmtpServer::start() else {
        return;
    };
    let sender = Sender::to(&server.url(), |config| {
        config.app_name = "Café Ñandú".to_owned();
        config.public_url = Some("https://app.example.com".to_owned());
    })
    .await;
    assert_eq!(sender.deliver().await, 1);
    let messages = server.messages();
    assert_eq!(messages.len(), 1);
    let message = &messages[0];
    assert_eq!(message["to"], json!([ANA]));
    assert_eq!(message["from"], "no-reply@app.example.com");
    assert_eq!(header(message, "To"), [ANA]);
    let from = header(message, "From").concat();
    assert!(
        from.contains("Café Ñandú") && from.contains("<no-reply@app.example.com>"),
        "{from}"
    );
    let subject = ["A new token for your account at Café Ñandú"];
    assert_eq!(header(message, "Subject"), subject);
    assert_eq!(header(message, "Auto-Submitted"), ["auto-generated"]);
    let id = header(message, "Message-ID").concat();
    assert!(id.ends_with("@app.example.com>"), "{id}");
    for kind in ["text", "html"] {
        let body = message[kind].as_str().expect(kind);
        assert!(body.contains("Its name is “test”."), "{body}");
    }
    assert!(sender.waiting().await.is_empty());
}

#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_down() {
    let Some(mut server) = SmtpServer::start() else {
        return;
    };
    server.kill();
    let sender = Sender::to(&server.url(), |_| {}).await;
    assert_eq!(sender.deliver().await, 0);
    let waiting = sender.waiting().await;
    assert!(
        waiting.len() == 1 && waiting[0].contains("onnect"),
        "{waiting:?}"
    );
    server.start_again();
    assert_eq!(sender.deliver().await, 0, "not before its time");
    sender.clock.advance(TimeDelta::seconds(11));
    assert_eq!(sender.deliver().await, 1);
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn greylisting_is_waited_out() {
    let Some(server) = SmtpServer::start() else {
        return;
    };
    server.be("greylist");
    let sender = Sender::to(&server.url(), |_| {}).await;
    assert_eq!(sender.deliver().await, 0);
    assert_eq!(sender.waiting().await, ["the server answered 451 4.7.1"]);
    sender.clock.advance(TimeDelta::seconds(11));
    assert_eq!(sender.deliver().await, 1);
    assert_eq!(server.messages().len(), 1);
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_given_up() {
    let Some(server) = SmtpServer::start() else {
        return;
    };
    server.be("refuse");
    let sender = Sender::to(&server.url(), |_| {}).await;
    assert_eq!(sender.deliver().await, 0);
    assert!(sender.waiting().await.is_empty());
    server.be("");
    issue(&sender.adyton, &sender.ana).await;
    assert_eq!(sender.deliver().await, 1);
    assert_eq!(server.messages().len(), 1, "the other one");
}

/// The unspecified address leads to this machine, but is not its loopback: nothing may be said in
/// the clear there, and this server knows no STARTTLS.
#[tokio::test]
async fn no_mail_crosses_a_network_in_the_clear() {
    let Some(server) = SmtpServer::start() else {
        return;
    };
    let url = format!("smtp://0.0.0.0:{}", server.port);
    let sender = Sender::to(&url, |_| {}).await;
    assert_eq!(sender.deliver().await, 0);
    let waiting = sender.waiting().await;
    assert!(
        waiting.len() == 1 && waiting[0].contains("STARTTLS"),
        "{waiting:?}"
    );
    assert!(server.messages().is_empty());
}
