//! Providers that vouch for a person: what is asked of them, and what they answer. Which user that
//! is, is decided elsewhere.

mod client_secret;
mod exchange;
mod fetch;
mod metadata;
mod oauth;
mod oidc;
mod preset;
mod profile;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::fetch::PATIENCE;
use self::oauth::OAuth;
use self::oidc::Oidc;
use self::preset::Known;
use crate::clock::Clock;
use crate::config::{Config, Provider as Settings, SocialKind};
use crate::crypto::secret::Secret;
use crate::error::{BuildError, SocialRefusal};

/// What is told of a failure.
const LONGEST: usize = 300;

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
        let provider = |(name, settings): (&String, &Settings)| {
            Ok((name.clone(), Provider::new(name, settings)?))
        };
        let by_name = config
            .social
            .iter()
            .map(provider)
            .collect::<Result<_, _>>()?;
        Ok(Self { by_name })
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
    protocol: Protocol,
    trust_email: bool,
}

enum Protocol {
    Oidc(Box<Oidc>),
    OAuth(Box<OAuth>),
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
    fn new(name: &str, settings: &Settings) -> Result<Self, BuildError> {
        let known = Known::new(name, settings)?;
        let protocol = match known.kind() {
            SocialKind::Oidc => Protocol::Oidc(Box::new(Oidc::new(&known)?)),
            _ => Protocol::OAuth(Box::new(OAuth::new(&known)?)),
        };
        Ok(Self {
            name: name.to_owned(),
            label: known.label(),
            protocol,
            trust_email: settings.trust_email,
        })
    }

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
        redirect_uri: &str,
        anew: bool,
        clock: &Clock,
    ) -> Result<(String, Pending), SocialRefusal> {
        let begun = match &self.protocol {
            Protocol::Oidc(oidc) => {
                let begun = oidc.begin(redirect_uri, anew, clock.now());
                self.patiently(begun).await
            }
            Protocol::OAuth(oauth) => oauth.begin(redirect_uri),
        };
        begun.map_err(|why| self.failed(&why))
    }

    /// The person that a provider's answer proves. The state was compared before.
    ///
    /// # Errors
    /// [`SocialRefusal::ProviderFailed`] when anything of it is not as it must be.
    pub(crate) async fn finish(
        &self,
        pending: &Pending,
        answer: &Answer,
        redirect_uri: &str,
        clock: &Clock,
    ) -> Result<Profile, SocialRefusal> {
        let (told, issuer) = match &self.protocol {
            Protocol::Oidc(oidc) => {
                let finished = oidc.finish(pending, answer, redirect_uri, clock.now());
                (self.patiently(finished).await, oidc.issuer())
            }
            Protocol::OAuth(oauth) => {
                let finished = oauth.finish(pending, answer, redirect_uri);
                (self.patiently(finished).await, oauth.issuer())
            }
        };
        let profile = told.and_then(|told| told.by(issuer, self.trust_email));
        profile.map_err(|why| self.failed(&why))
    }

    /// However many requests it takes.
    async fn patiently<T>(
        &self,
        asked: impl Future<Output = Result<T, String>>,
    ) -> Result<T, String> {
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        answered.unwrap_or_else(|_| Err(format!("there was no answer within {PATIENCE:?}")))
    }

    /// What a provider says stands in a header and in the log: in one line, and not for long.
    fn failed(&self, why: &str) -> SocialRefusal {
        let printed = |letter: char| match letter {
            ' '..='~' => letter,
            _ => '?',
        };
        let why: String = why.chars().take(LONGEST).map(printed).collect();
        SocialRefusal::ProviderFailed {
            why: format!("{}: {why}", self.name),
        }
    }
}
