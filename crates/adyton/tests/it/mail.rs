//! Mail leaves through the outbox: at least once, in time, and nobody waits for it.

use adyton_testing::TestApp;

#[tokio::test]
async fn who_is_given_a_token_is_told_by_mail() {
    let app = TestApp::new().await;
    let ana = app.user("ana@example.com").await;
    app.token(&ana, &["user"]).await;
    app.deliver().await;
    let mail = app.last_mail("ana@example.com").expect("a mail");
    assert_eq!(mail.subject, "A new token for your account at Adyton");
    assert!(mail.text.contains("Its name is “test”."), "{}", mail.text);
    assert!(mail.html.contains("Its name is “test”."), "{}", mail.html);
    assert_eq!(app.mails().len(), 1);
    assert_eq!(app.mails().len(), 0, "told once");
    assert_eq!(app.count("mail_outbox").await, 0);
}
