//! Where mailed links lead: to what the settings say, whatever the request says.

use super::*;

#[tokio::test]
async fn no_header_of_a_request_is_in_a_link() {
    let app = TestApp::with(unlimited).await;
    app.user(ANA).await;
    let program = app
        .anonymous()
        .with("host", "evil.example")
        .with("x-forwarded-host", "evil.example")
        .with("forwarded", "host=evil.example")
        .with("referer", "https://evil.example/")
        .with("x-original-host", "evil.example");
    let path = "/api/v1/auth/forgot-password";
    program
        .post(path, json!({ "email": ANA }))
        .await
        .assert_status(200);
    app.deliver().await;
    let mail = app.last_mail(ANA).expect("a mail");
    assert!(
        mail.text.contains("http://127.0.0.1:8000/reset-password/"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
}

#[tokio::test]
async fn a_link_leads_to_the_front_end_that_is_set() {
    let app = TestApp::with(|config| {
        config.links.password_reset =
            Some("https://app.example.com/password-reset/{token}?email={email}".to_owned());
    })
    .await;
    app.user("ana+x@example.com").await;
    asked(&app, "ana+x@example.com").await.assert_status(200);
    let path = mailed_path(&app, "ana+x@example.com").await;
    assert!(path.starts_with("/password-reset/"), "{path}");
    assert!(path.ends_with("?email=ana%2Bx%40example.com"), "{path}");
    let token = path["/password-reset/".len()..]
        .split('?')
        .next()
        .expect("a token");
    assert_eq!(token.len(), 43);
    reset(&app, token, "ana+x@example.com")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_moved_page_is_where_the_link_leads() {
    let app = TestApp::with(|config| {
        let moved = ("password.reset".to_owned(), "/neu/{token}".to_owned());
        config.routes.extend([moved]);
        config
            .routes
            .insert("password.update".to_owned(), "/neues".to_owned());
    })
    .await;
    app.user(ANA).await;
    asked(&app, ANA).await.assert_status(200);
    let path = mailed_path(&app, ANA).await;
    let answer = crate::support::page(&app).get(&path).await;
    assert!(answer.assert_status(200).body.contains("action=\"/neues\""));
}
