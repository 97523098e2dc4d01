//! What is sealed in the table, sealed and opened here by hand: XChaCha20-Poly1305 under a key that
//! is derived for this purpose, bound to the version, the table, the column and the row.

use adyton::{Config, Keys};
use adyton_testing::TestApp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::{AeadInOut as _, KeyInit as _, XChaCha20Poly1305};
use serde_json::json;

use crate::authenticator::{
    Authenticator, CHALLENGE, OWN, SECRET_KEY, challenged, confirmed, enrolled, unlimited,
};
use crate::support::{ANA, text};

const KEY: &str = "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Settings with a key that is known here.
pub fn with_key(config: &mut Config) {
    config.key = Some(KEY.into());
}

fn keys() -> Keys {
    Keys::parse(KEY, &[]).expect("a good key")
}

fn key_id() -> String {
    let id = keys().derive("key-id");
    id[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn associated_data(column: &str, user: i64) -> Vec<u8> {
    let id = user.to_string();
    let mut data = Vec::new();
    for part in ["v1", "users", column, &id] {
        data.extend((part.len() as u64).to_le_bytes());
        data.extend(part.as_bytes());
    }
    data
}

fn cipher() -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&keys().derive("two_factor").into())
}

/// Seals a text for a column of a user's row.
pub fn seal(plain: &str, column: &str, user: i64) -> String {
    let (nonce, mut buffer) = ([7; 24], plain.as_bytes().to_vec());
    let data = associated_data(column, user);
    let sealed = cipher().encrypt_in_place(&nonce.into(), &data, &mut buffer);
    sealed.expect("it is short");
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    format!("v1.{}.{}.{}", key_id(), encode(&nonce), encode(&buffer))
}

fn open(sealed: &str, column: &str, user: i64) -> String {
    let parts: Vec<&str> = sealed.split('.').collect();
    assert_eq!(parts[..2], ["v1", &key_id()]);
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64url");
    let nonce: [u8; 24] = decode(parts[2]).try_into().expect("24 bytes");
    let mut buffer = decode(parts[3]);
    let data = associated_data(column, user);
    let opened = cipher().decrypt_in_place(&nonce.into(), &data, &mut buffer);
    opened.expect("it was sealed for this place");
    String::from_utf8(buffer).expect("a text")
}

/// The recovery codes that the table holds, not shown yet.
pub async fn opened_codes(app: &TestApp, user: i64) -> Vec<String> {
    let sql = "SELECT two_factor_recovery_codes AS value FROM users WHERE id = $1";
    let sealed = text(app, sql, user).await.expect("there are some");
    let codes = open(&sealed, "two_factor_recovery_codes", user);
    serde_json::from_str(&codes).expect("a list of texts")
}

async fn stored_secret(app: &TestApp) -> String {
    let sql = "SELECT two_factor_secret AS value FROM users WHERE email = $1";
    text(app, sql, ANA).await.expect("there is one")
}

/// Writes a secret into a user's row, confirmed a while ago.
pub async fn import(app: &TestApp, user: i64, base32: &str) -> Authenticator {
    let sql = "UPDATE users SET two_factor_secret = $1, two_factor_confirmed_at = $2 WHERE id = $3";
    let sealed = seal(base32, "two_factor_secret", user);
    let params = [sealed.into(), Some(app.clock.now()).into(), user.into()];
    app.adyton.db().run(sql, &params).await.expect("written");
    app.adyton.user_changed(&user.into());
    Authenticator::of(app, base32)
}

#[tokio::test]
async fn the_secret_is_sealed_for_its_row() {
    let app = TestApp::with(with_key).await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    let shown = browser.get(SECRET_KEY).await.json();
    let stored = stored_secret(&app).await;
    assert_eq!(shown["secretKey"], open(&stored, "two_factor_secret", 1));
}

#[tokio::test]
async fn an_imported_secret_of_80_bits_logs_in() {
    let app = TestApp::with(with_key).await;
    app.user(ANA).await;
    let authenticator = import(&app, 1, "ADUMJO5634NPDEKW").await;
    let browser = challenged(&app, ANA).await;
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn two_users_with_one_secret_do_not_disturb_each_other() {
    let app = TestApp::with(with_key).await;
    app.user(ANA).await;
    app.user("other@example.com").await;
    let authenticator = import(&app, 1, "ADUMJO5634NPDEKW").await;
    import(&app, 2, "ADUMJO5634NPDEKW").await;
    for email in [ANA, "other@example.com"] {
        let browser = challenged(&app, email).await;
        let answer = browser.post(CHALLENGE, authenticator.answer()).await;
        answer.assert_status(204);
    }
    for email in [ANA, "other@example.com"] {
        let browser = challenged(&app, email).await;
        let answer = browser.post(CHALLENGE, authenticator.answer()).await;
        assert_eq!(answer.assert_status(422).code(), "TWO_FACTOR_CODE_REPLAYED");
    }
}

#[tokio::test]
async fn a_secret_that_was_copied_into_another_row_lets_nobody_in() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let (other, _, _) = enrolled(&app, "other@example.com").await;
    let sql = "UPDATE users SET two_factor_secret = $1 WHERE id = $2";
    let params = [stored_secret(&app).await.into(), (&other.id).into()];
    app.adyton.db().run(sql, &params).await.expect("written");
    let browser = challenged(&app, "other@example.com").await;
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(500);
    browser.get("/api/user").await.assert_status(401);
}
