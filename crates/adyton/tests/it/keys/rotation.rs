//! From one key to the next.

use adyton::Keys;
use adyton_testing::{Browser, PASSWORD, TestApp};
use serde_json::json;

use super::sealing::id;
use super::{CODES, Pair, SECRET, protected, seen, set};
use crate::support::ANA;

/// The cookies of a browser, in a browser of another process.
fn moved(browser: &Browser, app: &TestApp) -> Browser {
    let moved = app.browser();
    for name in ["adyton_session", "XSRF-TOKEN"] {
        moved.set_cookie(name, browser.cookie(name).as_deref());
    }
    moved
}

#[tokio::test]
async fn every_sealed_value_moves_to_the_new_key() {
    let keys = Pair::made();
    let before = TestApp::with(keys.only_old()).await;
    before.adyton.check_key().await.expect("the first key");
    let ana = protected(&before, &keys.old, ANA).await;
    let ben = before.user("ben@example.com").await;
    let hashed = r#"{"kid":"x","hashes":[]}"#;
    set(&before, &ben, CODES, hashed).await;
    before.token(&ana, &["user"]).await; // a mail waits
    assert_eq!(before.count("mail_outbox").await, 1);

    let app = before.beside(keys.both()).await;
    app.adyton.check_key().await.expect("a previous key");
    let done = app.adyton.rotate_keys().await.expect("rotated");
    assert_eq!((done.resealed, done.current), (3, 0));
    assert!(done.unopened.is_empty());
    let again = app.adyton.rotate_keys().await.expect("rotated");
    assert_eq!((again.resealed, again.current), (0, 3));

    let after = before.beside(keys.only_new()).await;
    after.adyton.check_key().await.expect("its own key");
    let secret = seen(&after, &keys.new, &ana, SECRET).await;
    assert_eq!(secret.as_deref(), Some("JBSWY3DP"));
    let codes = seen(&after, &keys.new, &ana, CODES).await;
    assert_eq!(codes.as_deref(), Some("[\"abcd-efgh\"]"));
    let ben = after.adyton.users().find(&ben.id).await.expect("read");
    let codes = ben.expect("there").two_factor_recovery_codes;
    assert_eq!(codes.expect("left alone").expose(), hashed);
    assert_eq!(after.deliver().await, 1);
    assert!(after.last_mail(ANA).is_some(), "the mail is readable");
}

#[tokio::test]
async fn a_mail_that_was_sealed_with_the_old_key_leaves_with_the_new_one() {
    let keys = Pair::made();
    let before = TestApp::with(keys.only_old()).await;
    let ana = before.user(ANA).await;
    before.token(&ana, &["user"]).await;
    let app = before.beside(keys.both()).await;
    assert_eq!(app.deliver().await, 1);
}

#[tokio::test]
async fn nobody_is_logged_out() {
    let keys = Pair::made();
    let before = TestApp::with(keys.only_old()).await;
    protected(&before, &keys.old, ANA).await;
    before.user("ben@example.com").await;
    let browser = before.logged_in("ben@example.com").await;

    let app = before.beside(keys.both()).await;
    let between = moved(&browser, &app);
    between.get("/api/user").await.assert_status(200);
    app.adyton.rotate_keys().await.expect("rotated");
    between.get("/api/user").await.assert_status(200);
    let token = json!({ "name": "laptop", "abilities": ["user"] });
    let made = moved(&browser, &app).post("/api/v1/me/tokens", token).await;
    made.assert_status(201); // by a CSRF token of the old key

    let after = before.beside(keys.only_new()).await;
    let browser = moved(&between, &after);
    browser.get("/api/user").await.assert_status(200);
    let credentials = json!({ "email": "ben@example.com", "password": PASSWORD });
    let login = after.anonymous();
    let login = login.post("/api/v1/auth/login", credentials).await;
    login.assert_status(200);
}

#[tokio::test]
async fn the_old_key_can_be_dropped_only_after_the_rotation() {
    let keys = Pair::made();
    let before = TestApp::with(keys.only_old()).await;
    before.adyton.check_key().await.expect("the first key");
    protected(&before, &keys.old, ANA).await;

    let both = before.beside(keys.both()).await;
    let status = both.adyton.key_status().await.expect("read");
    let (old, new) = (id(&keys.old), id(&keys.new));
    assert_eq!(
        (&status.current, &*status.previous),
        (&new, std::slice::from_ref(&old))
    );
    assert_eq!(status.values.get(&old), Some(&2));
    assert!(!status.can_be_dropped(&old) && status.missing().is_empty());

    let early = before.beside(keys.only_new()).await;
    let refusal = early.adyton.check_key().await.expect_err("too early");
    let said = refusal.to_string();
    for words in [&*old, &*new, "ADYTON_PREVIOUS_KEYS", "was not touched"] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
    assert!(!said.contains("base64:"), "{said}");
    let status = early.adyton.key_status().await.expect("read");
    assert_eq!(status.missing(), [&old]);
    assert!(early.adyton.rotate_keys().await.is_err());

    both.adyton.rotate_keys().await.expect("rotated");
    let status = both.adyton.key_status().await.expect("read");
    assert!(status.can_be_dropped(&old) && !status.can_be_dropped(&new));
    assert_eq!(status.values.get(&new), Some(&2));
    early.adyton.check_key().await.expect("in time");
    let late = before
        .adyton
        .check_key()
        .await
        .expect_err("the old key alone");
    assert!(late.to_string().contains(&new), "{late}");
}

#[tokio::test]
async fn what_does_not_open_is_named_and_the_rest_goes_on() {
    let keys = Pair::made();
    let app = TestApp::with(keys.both()).await;
    let ana = protected(&app, &keys.old, ANA).await;
    let ben = protected(&app, &keys.old, "ben@example.com").await;
    let cleo = protected(&app, &keys.old, "cleo@example.com").await;
    let lost = protected(&app, &Keys::generate(), "dora@example.com").await;
    // Another user's secret, and one changed byte.
    let anas = app.adyton.users().find(&ana.id).await.expect("read");
    let anas = anas.expect("there").two_factor_secret.expect("set");
    set(&app, &ben, SECRET, anas.expose()).await;
    let mut changed = anas.expose().clone().into_bytes();
    let last = changed.len() - 3;
    changed[last] = if changed[last] == b'A' { b'B' } else { b'A' };
    let changed = String::from_utf8(changed).expect("ASCII");
    set(&app, &ana, SECRET, &changed).await;
    set(&app, &cleo, CODES, "eyJpdiI6Imxhcn").await;

    for done in [
        app.adyton.rotate_keys().await.expect("rotated"),
        app.adyton.rotate_keys().await.expect("again"),
    ] {
        let named: Vec<_> = done
            .unopened
            .iter()
            .map(|row| (row.column, &*row.id))
            .collect();
        let ids = [&ana, &ben, &cleo, &lost].map(|user| user.id.to_string());
        let expected = [
            (SECRET, &*ids[0]),
            (SECRET, &*ids[1]),
            (CODES, &*ids[2]),
            (SECRET, &*ids[3]),
            (CODES, &*ids[3]),
        ];
        assert_eq!(named, expected);
        for row in &done.unopened {
            assert_eq!(row.table, "users");
            assert!(!row.problem.contains("eyJ"), "{}", row.problem);
        }
        assert_eq!(done.resealed + done.current, 3);
    }
    let there = app.adyton.users().find(&ana.id).await.expect("read");
    let there = there.expect("there").two_factor_secret.expect("left");
    assert_eq!(there.expose(), &changed, "left as it was");
    assert!(seen(&app, &keys.new, &cleo, SECRET).await.is_some());
    let status = app.adyton.key_status().await.expect("read");
    assert_eq!(status.unopened.len(), 3);
    assert_eq!(status.missing().len(), 1, "dora's key");
    assert!(status.can_be_dropped(&id(&keys.old)), "it opens nothing");
}
