//! What an OpenID Connect provider publishes of itself: where it is asked, and the keys that it signs
//! with. Read when it is first needed and kept for an hour: a provider that is down keeps no server
//! from starting.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, JsonWebKeySet, ProviderMetadata,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::fetch::{Unanswered, ask};
use super::preset::is_secret;
use crate::clock::later;

/// What was read is read again after that.
const LIFETIME: Duration = Duration::from_secs(3600);

/// However many unknown keys are named: a provider is not asked for all of them.
const PAUSE: Duration = Duration::from_secs(10);

/// What the library does not read by itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Extra {
    /// Whether every answer says who answers (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

pub(super) type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What a provider publishes, read once for all who ask at a time.
pub(super) struct Directory {
    issuer: IssuerUrl,
    found: Mutex<Option<Found>>,
}

/// What was found at a time.
#[derive(Clone)]
struct Found {
    metadata: Arc<Metadata>,
    read_at: DateTime<Utc>,
    /// When the keys were last asked for because one was missing.
    asked_again_at: Option<DateTime<Utc>>,
}

impl Directory {
    pub(super) fn new(issuer: IssuerUrl) -> Self {
        Self {
            issuer,
            found: Mutex::new(None),
        }
    }

    /// What the provider publishes, with its keys. A failure is not kept: whoever asks next asks the
    /// provider.
    ///
    /// # Errors
    /// When it cannot be read, or is another issuer's.
    pub(super) async fn read(&self, now: DateTime<Utc>) -> Result<Arc<Metadata>, String> {
        let mut found = self.found.lock().await;
        let is_fresh = |found: &&Found| now < later(found.read_at, LIFETIME);
        if let Some(found) = found.as_ref().filter(is_fresh) {
            return Ok(Arc::clone(&found.metadata));
        }
        let read = Metadata::discover_async(self.issuer.clone(), &ask).await;
        let metadata = Arc::new(read.map_err(undiscovered)?);
        check(&metadata)?;
        *found = Some(Found {
            metadata: Arc::clone(&metadata),
            read_at: now,
            asked_again_at: None,
        });
        Ok(metadata)
    }

    /// The same with newer keys than these, where there are any: one of them was missing. `None` when
    /// that was asked a moment ago.
    ///
    /// # Errors
    /// When the keys cannot be read.
    pub(super) async fn read_newer(
        &self,
        known: &Arc<Metadata>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<Metadata>>, String> {
        let mut found = self.found.lock().await;
        let Some(found) = found.as_mut() else {
            return Ok(None);
        };
        if !Arc::ptr_eq(&found.metadata, known) {
            return Ok(Some(Arc::clone(&found.metadata)));
        }
        let was_asked = |at: DateTime<Utc>| now < later(at, PAUSE);
        if found.asked_again_at.is_some_and(was_asked) {
            return Ok(None);
        }
        found.asked_again_at = Some(now);
        let keys: CoreJsonWebKeySet = JsonWebKeySet::fetch_async(known.jwks_uri(), &ask)
            .await
            .map_err(undiscovered)?;
        found.metadata = Arc::new(Metadata::clone(known).set_jwks(keys));
        Ok(Some(Arc::clone(&found.metadata)))
    }
}

/// A provider's own word could send a secret over plain HTTP.
fn check(metadata: &Metadata) -> Result<(), String> {
    let token = metadata.token_endpoint().map(|url| url.url());
    let token = token.ok_or("the discovery names no token endpoint")?;
    let named: [Option<&Url>; 4] = [
        Some(metadata.authorization_endpoint().url()),
        Some(token),
        Some(metadata.jwks_uri().url()),
        metadata.userinfo_endpoint().map(|url| url.url()),
    ];
    match named.into_iter().flatten().find(|url| !is_secret(url)) {
        Some(url) => Err(format!("the discovery names {url}, which is not https")),
        None => Ok(()),
    }
}

fn undiscovered(error: DiscoveryError<Unanswered>) -> String {
    match error {
        DiscoveryError::Request(error) => error.to_string(),
        DiscoveryError::Parse(error) => {
            format!(
                "the discovery or the keys cannot be read, at {}",
                error.path()
            )
        }
        DiscoveryError::Response(_, _, why) | DiscoveryError::Validation(why) => {
            format!("the discovery or the keys are refused: {why}")
        }
        DiscoveryError::UrlParse(error) => error.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    /// A discovery that says so of one thing.
    fn checked(name: &str, said: Json) -> Result<(), String> {
        let mut discovery = json!({
            "issuer": "https://login.example.com",
            "authorization_endpoint": "https://login.example.com/authorize",
            "token_endpoint": "https://login.example.com/token",
            "jwks_uri": "https://login.example.com/jwks",
            "userinfo_endpoint": "https://login.example.com/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        discovery[name] = said;
        check(&serde_json::from_value(discovery).expect("a discovery"))
    }

    #[test]
    fn a_discovery_leads_nowhere_in_the_clear() {
        let names = [
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
        ];
        for name in names {
            let plain = checked(name, json!("http://login.example.com/there"));
            let told = plain.expect_err("it is refused");
            assert!(told.contains("not https"), "{told}");
            checked(name, json!("http://127.0.0.1:9000/there")).expect("it stays on this machine");
        }
        checked("token_endpoint", Json::Null).expect_err("no code could be exchanged");
        checked("userinfo_endpoint", Json::Null).expect("it is not needed");
    }
}
