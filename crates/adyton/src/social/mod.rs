//! Providers that vouch for a person: what is asked of them, and what they answer. Which user that
//! is, is decided elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::secret::Secret;
use crate::error::{BuildError, SocialRefusal};

/// The providers of an installation, by name.
pub(crate) struct Providers {
    by_name: BTreeMap<String, Provider>,
}

impl Providers {
    /// Those of the settings. None is asked anything yet.
    ///
    /// # Errors
    /// When a provider cannot work with what is set.
    pub(crate) fn new(config: &Config) -> Result<Self, BuildError> {
        let provider = |(name, _): (&String, _)| {
            let provider = Provider {
                name: name.clone(),
                label: name.clone(),
            };
            (name.clone(), provider)
        };
        Ok(Self {
            by_name: config.social.iter().map(provider).collect(),
        })
    }

    /// The provider of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Provider> {
        self.by_name.get(name)
    }

    /// All of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Provider> {
        self.by_name.values()
    }
}

/// One provider.
pub(crate) struct Provider {
    name: String,
    label: String,
}

/// What must be remembered of a way to a provider until its user is back. It is kept sealed.
/// Without `Debug`: all of it is secret.
#[derive(Serialize, Deserialize)]
pub(crate) struct Pending {
    /// What the provider gives back unchanged.
    pub state: String,
    /// What an ID token must hold, of a provider that gives one.
    pub nonce: Option<String>,
    /// PKCE's secret (RFC 7636).
    pub verifier: String,
}

/// What a browser brought back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The code to exchange.
    pub code: Secret<String>,
    /// Who answers, where the provider says so (RFC 9207).
    pub issuer: Option<String>,
}

/// A person as a provider tells of them.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    /// Within it `subject` is one person's for ever.
    pub issuer: String,
    /// Who it is: never an address or a name, which change hands.
    pub subject: String,
    /// Their address in canonical form.
    pub email: Option<String>,
    /// Whether the provider vouches for the address.
    pub is_email_verified: bool,
    /// Their name.
    pub name: Option<String>,
    /// When they last proved to the provider who they are, where it says so.
    pub authenticated_at: Option<DateTime<Utc>>,
}

impl Provider {
    /// The name, as in the settings and the paths.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What users read.
    pub(crate) fn label(&self) -> &str {
        &self.label
    }

    /// Where to send a browser, and what to remember until it is back. `anew`: the provider is to
    /// ask its user once more who they are.
    ///
    /// # Errors
    /// [`SocialRefusal::ProviderFailed`] when its discovery cannot be read.
    pub(crate) async fn begin(
        &self,
        _redirect_uri: &str,
        _anew: bool,
    ) -> Result<(String, Pending), SocialRefusal> {
        Err(SocialRefusal::ProviderFailed { why: String::new() })
    }

    /// The person that a provider's answer proves. The state was compared before.
    ///
    /// # Errors
    /// [`SocialRefusal::ProviderFailed`] when anything of it is not as it must be.
    pub(crate) async fn finish(
        &self,
        _pending: &Pending,
        _answer: &Answer,
        _redirect_uri: &str,
        _clock: &Clock,
    ) -> Result<Profile, SocialRefusal> {
        Err(SocialRefusal::ProviderFailed { why: String::new() })
    }
}
