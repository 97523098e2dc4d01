//! Whose database is it?

use adyton::{Error, KeyRefusal, Keys};
use adyton_testing::TestApp;

use super::sealing::{id, opened};
use super::{canary, with};
use crate::support::ANA;

#[tokio::test]
async fn the_first_key_is_written_down_once() {
    let key = Keys::generate();
    let app = TestApp::with(with(&key, &[])).await;
    assert_eq!(canary(&app).await, None, "not by building or migrating");
    app.adyton.check_key().await.expect("the first");
    let written = canary(&app).await.expect("a canary");
    let context = ["adyton_state", "value", "canary"];
    assert!(opened(&key, "canary", &context, &written).is_some());
    app.adyton.check_key().await.expect("the same");
    assert_eq!(canary(&app).await, Some(written));
}

#[tokio::test]
async fn another_key_is_refused_and_touches_nothing() {
    let app = TestApp::new().await;
    app.adyton.check_key().await.expect("the first");
    let before = canary(&app).await;
    let other = app.beside(with(&Keys::generate(), &[])).await;
    let refusal = other.adyton.check_key().await.expect_err("another");
    assert!(matches!(refusal, KeyRefusal::Wrong { .. }));
    assert!(other.adyton.rotate_keys().await.is_err());
    assert_eq!(canary(&app).await, before);
}

#[tokio::test]
async fn one_changed_byte_is_noticed() {
    let app = TestApp::new().await;
    app.adyton.check_key().await.expect("the first");
    let good = canary(&app).await.expect("a canary");
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'b' { b'c' } else { b'b' };
        let text = String::from_utf8(bytes).expect("ASCII");
        let sql = "UPDATE adyton_state SET value = $1";
        let db = app.adyton.db();
        db.run(sql, &[text.as_str().into()]).await.expect("updated");
        let refusal = app.adyton.check_key().await.expect_err("changed");
        let is_told = matches!(refusal, KeyRefusal::Wrong { .. } | KeyRefusal::Damaged);
        assert!(is_told, "{at}: {refusal}");
        assert_eq!(canary(&app).await, Some(text), "byte {at}");
    }
}

#[tokio::test]
async fn without_a_key_nothing_is_sealed() {
    let app = TestApp::with(|config| config.key = None).await;
    let ana = app.user(ANA).await;
    app.token(&ana, &["user"]).await;
    assert_eq!(app.count("mail_outbox").await, 0, "it would be lost");
    app.adyton.check_key().await.expect("it belongs to no key");
    assert_eq!(canary(&app).await, None);
    let refusal = app.adyton.rotate_keys().await.expect_err("no key");
    assert!(matches!(
        refusal,
        KeyRefusal::Failed(Error::KeyUnconfigured)
    ));
    assert!(app.adyton.key_status().await.is_err());

    let key = Keys::generate();
    let owner = app.beside(with(&key, &[])).await;
    owner.adyton.check_key().await.expect("the first");
    owner.token(&ana, &["user"]).await;
    let refusal = app.adyton.check_key().await.expect_err("a key's database");
    assert!(refusal.to_string().contains(&id(&key)), "{refusal}");
    assert!(refusal.to_string().contains("ADYTON_KEY"), "{refusal}");
    assert_eq!(app.deliver().await, 0, "it leaves others' mail alone");
    assert_eq!(owner.deliver().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_first_keys_one_is_written_down() {
    for _ in 0..4 {
        let app = TestApp::new().await;
        let mut checks = Vec::new();
        for _ in 0..4 {
            let other = app.beside(with(&Keys::generate(), &[])).await;
            checks.push(tokio::spawn(async move { other.adyton.check_key().await }));
        }
        let mut accepted = 0;
        for check in checks {
            accepted += usize::from(check.await.expect("no panic").is_ok());
        }
        assert_eq!((accepted, app.count("adyton_state").await), (1, 1));
    }
}
