//! Hashes as Laravel writes them, and passwords as they are typed.

use adyton_testing::TestApp;
use serde_json::json;

use super::{BCRYPT, assert_failed, log_in, unlimited};
use crate::support::{ANA, credentials, hash_of, set_hash};

#[tokio::test]
async fn laravels_bcrypt_is_accepted_and_made_anew() {
    let app = unlimited().await;
    app.user(ANA).await;
    set_hash(&app, ANA, BCRYPT).await;
    assert_failed(&log_in(&app, json!({ "email": ANA, "password": "wrong" })).await);
    assert_eq!(
        hash_of(&app, ANA).await,
        BCRYPT,
        "a failure changes nothing"
    );
    log_in(&app, credentials(ANA)).await.assert_status(200);
    let hash = hash_of(&app, ANA).await;
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    log_in(&app, credentials(ANA)).await.assert_status(200);
    assert_eq!(hash_of(&app, ANA).await, hash, "it is current now");
}

#[tokio::test]
async fn laravels_argon2id_is_accepted_and_made_anew() {
    let app = unlimited().await;
    app.user(ANA).await;
    // What PHP's password_hash writes: the same text, at another cost than ours.
    let other = TestApp::with(|config| {
        config.hashing.memory_kib = 256;
        config.hashing.iterations = 4;
    })
    .await;
    other.user(ANA).await;
    let laravels = hash_of(&other, ANA).await;
    assert!(laravels.starts_with("$argon2id$v=19$m=256,t=4,p=1$"));
    set_hash(&app, ANA, &laravels).await;
    log_in(&app, credentials(ANA)).await.assert_status(200);
    let hash = hash_of(&app, ANA).await;
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
}

#[tokio::test]
async fn a_password_is_never_trimmed() {
    let app = unlimited().await;
    let ana = app.user(ANA).await;
    for password in [" password", "password ", "password\n", "\u{a0}password"] {
        assert_failed(&log_in(&app, json!({ "email": ANA, "password": password })).await);
    }
    let spaced = "  spaced  password  ";
    app.adyton
        .set_password(&ana, spaced.into())
        .await
        .expect("it is long enough");
    assert_failed(&log_in(&app, json!({ "email": ANA, "password": spaced.trim() })).await);
    let answer = log_in(&app, json!({ "email": ANA, "password": spaced })).await;
    answer.assert_status(200);
}
