//! ID tokens, right and wrong, and the keys that sign them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use ring::{digest, hmac};
use serde_json::{Value as Json, json};

use super::{CLIENT_SECRET, Fault, Grant, World};

/// A key on the curve P-256.
pub(super) struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.id)
    }
}

impl Key {
    pub(super) fn new(id: &str) -> Self {
        let random = SystemRandom::new();
        let kind = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let made = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key can be made");
        let pair = EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random);
        Self {
            id: id.to_owned(),
            pair: pair.expect("it was just made"),
        }
    }

    /// As others may know it.
    pub(super) fn public(&self) -> Json {
        // One byte says that both coordinates follow.
        let point = &self.pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(32);
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id,
            "x": base64(x), "y": base64(y),
        })
    }

    fn sign(&self, text: &str) -> String {
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes());
        base64(signature.expect("a text can be signed").as_ref())
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn sha256(text: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, text.as_bytes())
        .as_ref()
        .to_vec()
}

/// A text that nobody guesses.
pub(super) fn random() -> String {
    let mut bytes = [0; 24];
    let filled = SystemRandom::new().fill(&mut bytes);
    filled.expect("the system has randomness");
    base64(&bytes)
}

/// The ID token of a grant, but for what is broken.
pub(super) fn id_token(world: &World, grant: &Grant, access_token: &str) -> String {
    let broken = |fault| world.is_broken(fault);
    let key = world.state().key.public();
    let mut header = json!({ "alg": "ES256", "typ": "JWT", "kid": key["kid"] });
    if broken(Fault::AlgNone) {
        header = json!({ "alg": "none", "typ": "JWT" });
    } else if broken(Fault::Hs256) {
        header = json!({ "alg": "HS256", "typ": "JWT" });
    } else if broken(Fault::UnknownKey) {
        header["kid"] = random().into();
    }
    let part = |json: &Json| base64(json.to_string().as_bytes());
    let claims = claims(world, grant, access_token);
    let text = format!("{}.{}", part(&header), part(&claims));
    let signature = if broken(Fault::AlgNone) {
        String::new()
    } else if broken(Fault::Hs256) {
        let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
        base64(hmac::sign(&key, text.as_bytes()).as_ref())
    } else if broken(Fault::ForeignKey) {
        Key::new("first").sign(&text)
    } else {
        world.state().key.sign(&text)
    };
    format!("{text}.{signature}")
}

fn claims(world: &World, grant: &Grant, access_token: &str) -> Json {
    let broken = |fault| world.is_broken(fault);
    let now = world.clock.now().timestamp();
    let mut claims = json!({
        "iss": world.issuer,
        "sub": grant.person.subject,
        "aud": grant.client_id,
        "exp": now + 300,
        "iat": now,
        "auth_time": now,
        "nonce": grant.nonce,
        "at_hash": base64(&sha256(access_token)[..16]),
        "name": grant.person.name,
    });
    let is_silent = world.state().is_email_at_userinfo
        || broken(Fault::ForeignProfile)
        || broken(Fault::BrokenAccessToken);
    if let (Some(email), false) = (&grant.person.email, is_silent) {
        claims["email"] = email.as_str().into();
        claims["email_verified"] = grant.person.email_verified.into();
    }
    let faults = world.state().faults.clone();
    for fault in faults {
        break_claim(fault, &mut claims, now);
    }
    claims
}

fn break_claim(fault: Fault, claims: &mut Json, now: i64) {
    let (claim, value) = match fault {
        Fault::WrongNonce => ("nonce", json!("another")),
        Fault::NoNonce => ("nonce", Json::Null),
        Fault::WrongAudience => ("aud", json!("another-client")),
        Fault::SecondAudience => ("aud", json!([claims["aud"], "another-client"])),
        Fault::WrongAuthorizedParty => ("azp", json!("another-client")),
        Fault::WrongAccessTokenHash => ("at_hash", json!(base64(&sha256("another")[..16]))),
        Fault::WrongIssuer => ("iss", json!("https://another.example.com")),
        Fault::Expired => ("exp", json!(now - 300)),
        Fault::FromTheFuture => {
            claims["exp"] = json!(now + 7200);
            ("iat", json!(now + 3600))
        }
        Fault::StaleLogin => ("auth_time", json!(now - 86400)),
        Fault::NoLoginTime => ("auth_time", Json::Null),
        Fault::NoSubject => ("sub", Json::Null),
        Fault::EmptySubject => ("sub", json!("")),
        Fault::AbsurdTime => ("exp", json!(1e300)),
        _ => return,
    };
    claims[claim] = value;
    if claims[claim].is_null() {
        let claims = claims.as_object_mut().expect("claims are an object");
        claims.remove(claim);
    }
}
