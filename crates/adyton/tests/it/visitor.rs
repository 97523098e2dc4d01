//! A provider, an application that knows it under two names, and browsers that go there and back.

use adyton::config::{Config, SocialKind};
use adyton::db::Value;
use adyton::{Event, User, UserDraft};
use adyton_testing::{Answer, Browser, PASSWORD, Person, TestApp, TestProvider};
use serde_json::Value as Json;

use crate::support::page;

/// Where a way in by the first name begins, and by the second.
pub const GOOGLE: &str = "/auth/google/redirect";
pub const COMPANY: &str = "/auth/company/redirect";

/// The address that begins what a user links.
pub const LINK: &str = "/user/social-accounts/google";

/// An application with some settings changed, and the provider that it knows as `google` and as
/// `company`. Both go by one clock.
pub async fn visited(change: impl FnOnce(&mut Config)) -> (TestApp, TestProvider) {
    let blank = TestApp::new().await;
    let provider = TestProvider::start_with(blank.clock.clone()).await;
    let app = blank.restarted(|config| {
        known(config, &provider);
        change(config);
    });
    (app.await, provider)
}

/// The settings of an application that knows a provider.
pub fn known(config: &mut Config, provider: &TestProvider) {
    for name in ["google", "company"] {
        let settings = provider.settings(SocialKind::Oidc);
        config.social.insert(name.to_owned(), settings);
    }
}

/// A person's browser, and a visit by it.
pub async fn visit(app: &TestApp, provider: &TestProvider) -> (Browser, Answer) {
    let browser = page(app);
    let answer = visit_by(&browser, provider, GOOGLE).await;
    (browser, answer)
}

/// Begins at an address, goes to the provider and comes back.
pub async fn visit_by(browser: &Browser, provider: &TestProvider, path: &str) -> Answer {
    let path = brought_back(browser, provider, path).await;
    come_back(browser, &path).await
}

/// What a browser that began at an address is sent back to.
pub async fn brought_back(browser: &Browser, provider: &TestProvider, path: &str) -> String {
    let begun = browser.get(path).await;
    let to = begun.assert_status(302).header("location").to_owned();
    provider.visit(&to).await.path_and_query()
}

/// A browser is sent back as it is from another site.
pub async fn come_back(browser: &Browser, path: &str) -> Answer {
    let sent = browser
        .clone()
        .with("accept", "text/html,application/xhtml+xml")
        .without("origin")
        .with("sec-fetch-site", "cross-site")
        .with("sec-fetch-mode", "navigate")
        .with("sec-fetch-dest", "document");
    sent.get(path).await
}

/// Begins a link in a session that is confirmed, goes to the provider and comes back.
pub async fn link(browser: &Browser, provider: &TestProvider) -> Answer {
    let path = begun(browser, provider, LINK).await;
    come_back(browser, &path).await
}

/// What a browser that posted to an address is sent back to.
pub async fn begun(browser: &Browser, provider: &TestProvider, path: &str) -> String {
    let begun = browser.post(path, serde_json::json!({})).await;
    let body = begun.assert_status(200).json();
    let url = body["redirect"].as_str().expect("an address");
    provider.visit(url).await.path_and_query()
}

/// Whoever a browser is logged in as; none where nobody is.
pub async fn who(browser: &Browser) -> Option<Json> {
    let answer = script(browser).get("/api/user").await;
    (answer.status == 200).then(|| answer.json())
}

/// A page's script in the same browser.
pub fn script(browser: &Browser) -> Browser {
    let same = browser.clone().with("accept", "application/json");
    same.with("origin", "http://localhost:3000")
}

/// A refusal that let nobody in, and made nothing.
#[track_caller]
pub fn assert_refused(answer: &Answer, code: &str) {
    answer.assert_status(403);
    assert_eq!(answer.code(), code, "{answer:#?}");
    assert_eq!(answer.set_cookie("adyton_session"), None);
}

/// A user with a password and an address that nobody has proved.
pub async fn squatter(app: &TestApp, email: &str) -> User {
    let mut draft = UserDraft::new("Mallory", email);
    draft.password = Some(PASSWORD.into());
    let made = app.adyton.create_user(draft).await;
    app.events();
    made.expect("the user is new")
}

/// Somebody with an address that the provider does not vouch for.
pub fn unvouched(subject: &str, email: &str) -> Person {
    let mut person = Person::new(subject, email);
    person.email_verified = false;
    person
}

/// The user of an address, who must be there.
pub async fn user(app: &TestApp, email: &str) -> User {
    crate::support::found(app, email).await.expect("a user")
}

/// The names of what happened.
pub fn names(app: &TestApp) -> Vec<&'static str> {
    app.events().iter().map(Event::name).collect()
}

/// Whom a link is to, by the subject.
pub async fn linked_to(app: &TestApp, subject: &str) -> Option<i64> {
    let sql = "SELECT user_id FROM social_accounts WHERE subject = $1";
    let row = app.adyton.db().one(sql, &[Value::from(subject)]).await;
    row.expect("read")
        .map(|row| row.get("user_id").expect("a number"))
}
