//! What several of these files need of mails: the links in them, and what is wrong as a link.

use adyton_testing::{Browser, PASSWORD, TestApp};
use http::Method;
use serde_json::json;

/// Where a front end's script asks for another address.
const PROFILE: &str = "/user/profile-information";

/// A page of ours that every secret could be tried at.
pub const PAGES: [&str; 3] = [
    "/user/email/confirm/",
    "/user/email/undo/",
    "/account/not-me/",
];

/// The path of the link in the last mail to an address that begins like this.
pub fn path_in_mail(app: &TestApp, to: &str, start: &str) -> Option<String> {
    let text = app.last_mail(to)?.text;
    let at = text.find(start)?;
    text[at..].split_whitespace().next().map(str::to_owned)
}

/// Asks for another address in a session.
pub async fn wish(browser: &Browser, address: &str) {
    let body = json!({ "name": "Ana", "email": address });
    let answer = browser.json(Method::PUT, PROFILE, body).await;
    answer.assert_status(200);
}

/// The path of the link that proves a new address, once it was asked for and mailed.
pub async fn change_path(app: &TestApp, browser: &Browser, address: &str) -> String {
    wish(browser, address).await;
    app.deliver().await;
    path_in_mail(app, address, PAGES[0]).expect("a link")
}

/// Gives the user of a session another address: the path of the way back, mailed to the old one.
pub async fn changed(app: &TestApp, browser: &Browser, old: &str, new: &str) -> String {
    let path = change_path(app, browser, new).await;
    app.anonymous().post_nothing(&path).await.assert_status(204);
    app.deliver().await;
    path_in_mail(app, old, PAGES[1]).expect("a way back")
}

/// A `POST` of a link as bytes, for races.
pub fn posted(path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
         Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
    )
}

/// Twenty at once: one does it, all others are told that the link is no good.
pub async fn assert_one_of_twenty(app: &TestApp, path: &str) {
    let answers = app.race(vec![posted(path); 20]).await;
    let done = answers.iter().filter(|answer| answer.status == 204);
    assert_eq!(done.count(), 1, "{answers:#?}");
    for other in answers.iter().filter(|answer| answer.status != 204) {
        assert_eq!(other.assert_status(403).code(), "LINK_INVALID");
    }
}

/// The one address that a user has now.
pub async fn address_of(app: &TestApp, user: i64) -> String {
    let found = app.adyton.users().find(&user.into()).await;
    found.expect("it can be read").expect("a user").email
}

/// Forgets the password, and chooses the one of all tests.
pub async fn reset(app: &TestApp, email: &str) {
    let browser = app.anonymous();
    let asked = json!({ "email": email });
    let answer = browser.post("/api/v1/auth/forgot-password", asked).await;
    answer.assert_status(200);
    app.deliver().await;
    let path = path_in_mail(app, email, "/reset-password/").expect("a link");
    let token = path
        .trim_start_matches("/reset-password/")
        .split('?')
        .next();
    let chosen = json!({ "email": email, "token": token, "password": PASSWORD });
    let answer = browser.post("/api/v1/auth/reset-password", chosen).await;
    answer.assert_status(200);
}
