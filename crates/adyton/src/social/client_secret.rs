//! By what a client proves to a provider who it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::{ClientId, ClientSecret};
use serde_json::json;

use super::preset::{APPLE, Known};
use crate::crypto::es256::SigningKey;
use crate::error::BuildError;

/// How long a signed secret is good. Apple takes them for six months; one is made for each login.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// A client's secret.
pub(super) enum Secret {
    /// A public client has none.
    None,
    /// As the provider gave it.
    Text(ClientSecret),
    /// Signed anew each time, as Apple wants it.
    Signed {
        key: Box<SigningKey>,
        key_id: String,
        team_id: String,
    },
}

impl Secret {
    /// The secret of the settings. A text that begins as a private key does is one.
    ///
    /// # Errors
    /// A private key that cannot be read, or whose name or team is not set.
    pub(super) fn new(known: &Known<'_>) -> Result<Self, BuildError> {
        let Some(text) = known.secret() else {
            return Ok(Self::None);
        };
        if !SigningKey::is_meant(text) {
            return Ok(Self::Text(ClientSecret::new(text.to_owned())));
        }
        let key = SigningKey::from_pem(text).ok_or_else(|| {
            let problem = "begins as a private key does and is none: it takes the whole .p8 file";
            known.wrong("client_secret", problem)
        })?;
        Ok(Self::Signed {
            key: Box::new(key),
            key_id: known.needed("key_id")?,
            team_id: known.needed("team_id")?,
        })
    }

    /// What is sent with a code.
    pub(super) fn at(&self, client_id: &ClientId, now: DateTime<Utc>) -> Option<ClientSecret> {
        match self {
            Self::None => None,
            Self::Text(text) => Some(text.clone()),
            Self::Signed {
                key,
                key_id,
                team_id,
            } => {
                let header = json!({ "alg": "ES256", "kid": key_id });
                let claims = json!({
                    "iss": team_id,
                    "iat": now.timestamp(),
                    "exp": (now + LIFETIME).timestamp(),
                    "aud": APPLE,
                    "sub": client_id.as_str(),
                });
                let [header, claims] =
                    [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
                let message = format!("{header}.{claims}");
                let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()));
                Some(ClientSecret::new(format!("{message}.{signature}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value as Json;

    use super::*;
    use crate::config::Provider;
    use crate::crypto::es256::tests::{is_signed, pem};

    fn apple(secret: &str, key_id: Option<&str>) -> Result<Secret, String> {
        let mut settings = Provider::new("com.example.web", secret);
        settings.key_id = key_id.map(str::to_owned);
        settings.team_id = Some("TEAM".to_owned());
        let known = Known::new("apple", &settings).map_err(|error| error.to_string())?;
        Secret::new(&known).map_err(|error| error.to_string())
    }

    #[test]
    fn apples_secret_is_signed_for_each_login() {
        let secret = apple(&pem(), Some("KEY")).expect("a key");
        let id = ClientId::new("com.example.web".to_owned());
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a date");
        let signed = secret.at(&id, now).expect("a secret");
        let parts: Vec<&str> = signed.secret().split('.').collect();
        let read = |part: &str| -> Json {
            let plain = URL_SAFE_NO_PAD.decode(part).expect("base64url");
            serde_json::from_slice(&plain).expect("JSON")
        };
        assert_eq!(read(parts[0]), json!({ "alg": "ES256", "kid": "KEY" }));
        let claims = json!({
            "iss": "TEAM",
            "iat": 1_700_000_000,
            "exp": 1_700_000_300,
            "aud": "https://appleid.apple.com",
            "sub": "com.example.web",
        });
        assert_eq!(read(parts[1]), claims);
        let Secret::Signed { key, .. } = &secret else {
            panic!("a text");
        };
        let signature = URL_SAFE_NO_PAD.decode(parts[2]).expect("base64url");
        let message = format!("{}.{}", parts[0], parts[1]);
        assert!(is_signed(key, message.as_bytes(), &signature));
    }

    #[test]
    fn a_key_that_cannot_sign_is_told_by_its_setting() {
        let told = apple(&pem(), None).err().expect("a problem");
        assert!(told.contains("social.apple.key_id"), "{told}");
        assert!(told.contains("ADYTON_SOCIAL_APPLE_KEY_ID"), "{told}");
        let broken = pem().replace("MIG", "???");
        let told = apple(&broken, Some("KEY")).err().expect("a problem");
        assert!(told.contains("social.apple.client_secret"), "{told}");
        assert!(!told.contains("???"), "{told}");
    }

    /// It would be sent to them.
    #[test]
    fn a_private_key_is_for_apple_alone() {
        for name in ["google", "facebook", "company"] {
            let mut settings = Provider::new("adyton", pem());
            settings.issuer = Some("https://login.example.com".to_owned());
            let told = Known::new(name, &settings).err().expect("a refusal");
            let told = told.to_string();
            assert!(
                told.contains(&format!("social.{name}.client_secret")),
                "{told}"
            );
            assert!(!told.contains("BEGIN"), "{told}");
        }
        let older = pem().replace("PRIVATE", "EC PRIVATE");
        let told = apple(&older, Some("KEY")).err().expect("a refusal");
        assert!(told.contains("social.apple.client_secret"), "{told}");
    }

    #[test]
    fn a_text_is_sent_as_it_is() {
        let secret = apple("made.by.hand", None).expect("a text");
        let id = ClientId::new("com.example.web".to_owned());
        let sent = secret.at(&id, DateTime::UNIX_EPOCH).expect("a secret");
        assert_eq!(sent.secret(), "made.by.hand");
    }
}
