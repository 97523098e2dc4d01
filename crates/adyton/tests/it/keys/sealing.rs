//! Sealing as decision 0016 describes it, built a second time from its words: what is in a
//! database must be readable for ever, so a change of the form is a failed test.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use hkdf::Hkdf;
use sha2::Sha256;

fn derived(key: &str, label: &str) -> [u8; 32] {
    let encoded = key.strip_prefix("base64:").expect("a key");
    let master = STANDARD.decode(encoded).expect("base64");
    let mut derived = [0; 32];
    let info = [b"adyton:v1:", label.as_bytes()].concat();
    let hkdf = Hkdf::<Sha256>::new(None, &master);
    hkdf.expand(&info, &mut derived).expect("short enough");
    derived
}

/// The id of a key.
pub fn id(key: &str) -> String {
    let bytes = &derived(key, "key-id")[..4];
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place(context: &[&str]) -> Vec<u8> {
    let parts = ["v1"].iter().chain(context);
    let part = |part: &&str| [&(part.len() as u64).to_le_bytes(), part.as_bytes()].concat();
    parts.flat_map(part).collect()
}

/// Seals a text for a place.
pub fn sealed(key: &str, label: &str, context: &[&str], plain: &str) -> String {
    // One nonce will do for tests.
    let nonce = [7; 24];
    let aad = &place(context);
    let msg = plain.as_bytes();
    let cipher = XChaCha20Poly1305::new(&derived(key, label).into());
    let text = cipher.encrypt(&nonce.into(), Payload { msg, aad });
    let (nonce, text) = (URL_SAFE_NO_PAD.encode(nonce), text.expect("sealed"));
    format!("v1.{}.{nonce}.{}", id(key), URL_SAFE_NO_PAD.encode(text))
}

/// Opens a text, if this key sealed it for this place.
pub fn opened(key: &str, label: &str, context: &[&str], text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('.').collect();
    let [_, kid, nonce, text] = parts[..] else {
        return None;
    };
    if kid != id(key) {
        return None;
    }
    let read = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let nonce: [u8; 24] = read(nonce)?.try_into().ok()?;
    let (msg, aad) = (&*read(text)?, &*place(context));
    let cipher = XChaCha20Poly1305::new(&derived(key, label).into());
    let plain = cipher.decrypt(&nonce.into(), Payload { msg, aad }).ok()?;
    String::from_utf8(plain).ok()
}
