//! A device with passkeys, in software: it makes ES256 credentials without attestation and signs
//! what it is asked, or does something wrong of it on purpose.

use adyton::Config;
use adyton_testing::{Answer, Browser, TestApp};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use crate::authenticator::unlimited;

pub const OWN: &str = "/user/passkeys";
pub const REGISTRATION: &str = "/user/passkeys/options";
pub const LOGIN: &str = "/passkeys/login";
pub const LOGIN_OPTIONS: &str = "/passkeys/login/options";
pub const CONFIRM: &str = "/passkeys/confirm";
pub const CONFIRM_OPTIONS: &str = "/passkeys/confirm/options";

pub const NOT_VERIFIED: &str = "Unable to verify passkey. Please try again.";
pub const NOT_REGISTERED: &str = "Unable to register passkey. Please try again.";
pub const LOGIN_EXPIRED: &str = "Passkey verification session expired. Please try again.";
pub const REGISTRATION_EXPIRED: &str = "Passkey registration session expired. Please try again.";
pub const FORMAT: &str = "Invalid credential format.";
pub const UNKNOWN: &str = "Passkey not recognized. It may have been removed from your account.";
pub const TAKEN: &str = "This passkey is already registered.";

const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const ELIGIBLE: u8 = 8;
const ATTESTED: u8 = 64;

/// What a device does otherwise than it should.
#[derive(Clone, Debug, Default)]
pub struct Wrong {
    pub not_present: bool,
    pub not_verified: bool,
    pub origin: Option<&'static str>,
    pub rp_id: Option<&'static str>,
    pub challenge: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub counter: Option<u32>,
    pub handle: Option<Vec<u8>>,
    pub eligible: bool,
    pub cross_origin: bool,
    pub signs_other_bytes: bool,
}

/// A device, and the one credential on it.
pub struct Device {
    key: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub handle: Vec<u8>,
    pub counter: u32,
}

impl Device {
    /// With a key of its own, and nobody's credential yet.
    pub fn new() -> Self {
        Self::with_id(32)
    }

    /// Whose credential ids have so many bytes.
    pub fn with_id(length: usize) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random);
        let mut id = vec![0; length];
        ring::rand::SecureRandom::fill(&random, &mut id).expect("bytes");
        Self {
            key: key.expect("a key"),
            id,
            handle: Vec::new(),
            counter: 0,
        }
    }

    /// The credential's id as the wire has it.
    pub fn id(&self) -> String {
        BASE64URL.encode(&self.id)
    }

    /// Its public key, as COSE.
    pub fn cose(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let head: &[u8] = &[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        [head, x, &[0x22, 0x58, 32], y].concat()
    }

    /// Makes the credential that is asked for.
    pub fn make(&mut self, options: &Json, wrong: &Wrong) -> Json {
        self.handle = bytes(&options["user"]["id"]);
        let length = u16::try_from(self.id.len())
            .expect("a short id")
            .to_be_bytes();
        let attested = [&[0_u8; 16], length.as_slice(), &self.id, &self.cose()].concat();
        let id = options["rp"]["id"].as_str().expect("an rp id");
        let data = [self.data(id, ATTESTED, wrong), attested].concat();
        self.attest(options, &data, wrong)
    }

    /// A credential of these data.
    fn attest(&self, options: &Json, data: &[u8], wrong: &Wrong) -> Json {
        let length = u16::try_from(data.len()).expect("short data").to_be_bytes();
        let mut object = vec![0xa3, 0x63];
        object.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        object.extend(length);
        object.extend(data);
        let client = client_data(options, "webauthn.create", wrong);
        let response = json!({
            "attestationObject": BASE64URL.encode(object),
            "clientDataJSON": BASE64URL.encode(client),
            "transports": ["internal", "hybrid", "a-way-to-come"],
        });
        self.credential(response)
    }

    /// Signs what is asked.
    pub fn sign(&mut self, options: &Json, wrong: &Wrong) -> Json {
        self.counter += 1;
        let data = self.data(options["rpId"].as_str().expect("an rp id"), 0, wrong);
        let client = client_data(options, "webauthn.get", wrong);
        let hash = Sha256::digest(&client);
        let mut signed = [data.as_slice(), hash.as_slice()].concat();
        if wrong.signs_other_bytes {
            signed.push(0);
        }
        let signature = self
            .key
            .sign(&SystemRandom::new(), &signed)
            .expect("signed");
        let handle = wrong.handle.as_ref().unwrap_or(&self.handle);
        let response = json!({
            "authenticatorData": BASE64URL.encode(data),
            "clientDataJSON": BASE64URL.encode(client),
            "signature": BASE64URL.encode(signature),
            "userHandle": BASE64URL.encode(handle),
        });
        self.credential(response)
    }

    fn credential(&self, response: Json) -> Json {
        json!({
            "id": self.id(), "rawId": self.id(), "type": "public-key", "response": response,
            "authenticatorAttachment": "platform",
            "clientExtensionResults": { "credProps": { "rk": true }, "prf": { "enabled": false } },
        })
    }

    fn data(&self, rp_id: &str, flags: u8, wrong: &Wrong) -> Vec<u8> {
        let mut flags = flags | PRESENT | VERIFIED;
        if wrong.not_present {
            flags &= !PRESENT;
        }
        if wrong.not_verified {
            flags &= !VERIFIED;
        }
        if wrong.eligible {
            flags |= ELIGIBLE;
        }
        let counter = wrong.counter.unwrap_or(self.counter).to_be_bytes();
        let hash = Sha256::digest(wrong.rp_id.unwrap_or(rp_id));
        [hash.as_slice(), &[flags], &counter].concat()
    }
}

fn client_data(options: &Json, kind: &str, wrong: &Wrong) -> Vec<u8> {
    let challenge = options["challenge"].as_str().expect("a challenge");
    let said = json!({
        "type": wrong.kind.unwrap_or(kind),
        "challenge": wrong.challenge.unwrap_or(challenge),
        "origin": wrong.origin.unwrap_or("http://localhost:3000"),
        "crossOrigin": wrong.cross_origin,
    });
    said.to_string().into_bytes()
}

/// Bytes of the wire.
pub fn bytes(text: &Json) -> Vec<u8> {
    BASE64URL
        .decode(text.as_str().expect("a text"))
        .expect("base64url")
}

/// Settings of an application that has passkeys; limits are tested apart.
pub fn settings(config: &mut Config) {
    config.public_url = Some("http://localhost:3000".to_owned());
    unlimited(config);
}

/// An application with them.
pub async fn app() -> TestApp {
    TestApp::with(settings).await
}

/// What a browser is asked.
pub async fn asked(browser: &Browser, path: &str) -> Json {
    let answer = browser.get(path).await;
    answer.assert_status(200).json()["options"].clone()
}

/// Sends a new credential.
pub async fn register(browser: &Browser, credential: Json) -> Answer {
    let body = json!({ "name": "My phone", "credential": credential });
    browser.post(OWN, body).await
}

/// A device with a passkey that was just added in this browser.
pub async fn added(browser: &Browser) -> Device {
    let mut device = Device::new();
    let options = asked(browser, REGISTRATION).await;
    let credential = device.make(&options, &Wrong::default());
    register(browser, credential).await.assert_status(200);
    device
}

/// A browser in which nobody is logged in.
pub async fn guest(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

/// Logs in by a device.
pub async fn log_in(browser: &Browser, device: &mut Device, wrong: &Wrong) -> Answer {
    let options = asked(browser, LOGIN_OPTIONS).await;
    let credential = device.sign(&options, wrong);
    browser
        .post(LOGIN, json!({ "credential": credential }))
        .await
}

/// Confirms by a device.
pub async fn confirm(browser: &Browser, device: &mut Device, wrong: &Wrong) -> Answer {
    let options = asked(browser, CONFIRM_OPTIONS).await;
    let credential = device.sign(&options, wrong);
    browser
        .post(CONFIRM, json!({ "credential": credential }))
        .await
}

/// Everything that can be wrong with an answer, by name.
pub fn everything_wrong() -> Vec<(&'static str, Wrong)> {
    let right = Wrong::default;
    let origins = [
        "https://evilexample.com",
        "http://sub.localhost:3000",
        "http://localhost:3001",
        "https://localhost:3000",
        "http://localhost:3000.evilexample.com",
    ];
    let origins = origins.map(|origin| {
        (
            origin,
            Wrong {
                origin: Some(origin),
                ..right()
            },
        )
    });
    let challenge = Some("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let mut all = vec![
        (
            "no user verification",
            Wrong {
                not_verified: true,
                ..right()
            },
        ),
        (
            "no user presence",
            Wrong {
                not_present: true,
                ..right()
            },
        ),
        (
            "another rp id",
            Wrong {
                rp_id: Some("evilexample.com"),
                ..right()
            },
        ),
        (
            "another challenge",
            Wrong {
                challenge,
                ..right()
            },
        ),
        (
            "another type",
            Wrong {
                kind: Some("payment.get"),
                ..right()
            },
        ),
        (
            "another site's frame",
            Wrong {
                cross_origin: true,
                ..right()
            },
        ),
    ];
    all.extend(origins);
    all
}
