//! The mailbox for development: a page, and the same as JSON.

use adyton::{DevMailbox, Mail, Mailer as _};
use adyton_testing::{Browser, TestApp};
use axum::Router;

const NAME: &str = "</pre><script>alert(1)</script>";

/// A mailbox with two mails, and a browser at its page.
async fn mailbox() -> (TestApp, Browser) {
    let mailbox = DevMailbox::new();
    let routes = mailbox.routes();
    let app = TestApp::host(|_| {}, |builder| builder, |_| Router::new().merge(routes)).await;
    let text = "Hello.\n\nChoose:\nhttps://app.example.com/reset?a=1&b=2\n";
    let mut first = Mail::new("ana@example.com", "A new password", text);
    first.html = "<p>Hello</p>".to_owned();
    mailbox.send(&first).await.expect("kept");
    let second = Mail::new("eve@example.com", NAME, NAME);
    mailbox.send(&second).await.expect("kept");
    let browser = app.browser().with("accept", "text/html");
    (app, browser)
}

#[tokio::test]
async fn the_page_shows_the_newest_first_with_links_to_press() {
    let (_app, browser) = mailbox().await;
    let page = browser.get("/_dev/mail").await;
    page.assert_status(200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let link = "<a href=\"https://app.example.com/reset?a=1&amp;b=2\">";
    assert!(page.body.contains(link), "{}", page.body);
    let at = |text: &str| page.body.find(text).expect(text);
    assert!(at("eve@example.com") < at("ana@example.com"));
    assert!(page.body.contains("name=\"viewport\""));
}

#[tokio::test]
async fn what_others_wrote_stays_text_on_the_page() {
    let (_app, browser) = mailbox().await;
    let page = browser.get("/_dev/mail").await;
    assert!(!page.body.contains("<script>"), "{}", page.body);
    assert!(page.body.contains("&lt;script&gt;"), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str();
    assert!(policy.expect("ASCII").starts_with("default-src 'none'"));
}

#[tokio::test]
async fn a_program_reads_it_as_json() {
    let (_app, browser) = mailbox().await;
    let answer = browser
        .with("accept", "application/json")
        .get("/_dev/mail")
        .await;
    answer.assert_status(200);
    let json: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    let mail = &json["mails"][1];
    assert_eq!(mail["id"], 1);
    assert_eq!(mail["to"], "ana@example.com");
    assert_eq!(mail["subject"], "A new password");
    assert_eq!(mail["html"], "<p>Hello</p>");
    let links = serde_json::json!(["https://app.example.com/reset?a=1&b=2"]);
    assert_eq!(mail["links"], links);
    assert_eq!(mail["sent_at"], "1970-01-01T00:00:00.000000Z");
}

#[tokio::test]
async fn a_mail_is_shown_as_it_would_look_and_the_mailbox_emptied() {
    let (_app, browser) = mailbox().await;
    let mail = browser.get("/_dev/mail/1").await;
    assert_eq!(mail.assert_status(200).body, "<p>Hello</p>");
    browser.get("/_dev/mail/7").await.assert_status(404);
    browser.delete("/_dev/mail").await.assert_status(204);
    browser.get("/_dev/mail/1").await.assert_status(404);
    let page = browser.get("/_dev/mail").await;
    assert!(page.body.contains("No mail yet"), "{}", page.body);
}
