//! `[social.<name>]`, `[passkeys]`: other ways in than a password.

use std::collections::BTreeMap;
use std::time::Duration;

use super::adapters::{at_least, checked};
use super::setting::{Entries, Visit};
use super::values::SocialKind;
use crate::crypto::secret::Secret;

/// What `[social]` is, for the reference.
pub(super) const SOCIAL: &str = "Providers by which users get in: one table for each, by its name. \
    Of google, facebook, twitter, x, github, apple and gitlab all but the credentials is known; \
    any other name is an OpenID Connect provider by its issuer.";

/// `[social.<name>]`: a provider by which users get in. The name is in the path of its routes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Provider {
    /// What it speaks; `None` for what is known of a provider of this name, else OpenID Connect.
    pub kind: Option<SocialKind>,
    /// What users read, for instance `Google`; `None` for what is known of the name, or the name.
    pub label: Option<String>,
    /// The client id that the provider gave.
    pub client_id: String,
    /// The client secret that the provider gave.
    pub client_secret: Option<Secret<String>>,
    /// The id of the private key that `client_secret` holds in the place of a secret, as Apple has it.
    pub key_id: Option<String>,
    /// The id of the team whose key it is.
    pub team_id: Option<String>,
    /// An OpenID Connect provider's issuer.
    pub issuer: Option<String>,
    /// What is asked for; empty for what is known of the provider.
    pub scopes: Vec<String>,
    /// Whether an address counts as proved though the provider does not say so.
    pub trust_email: bool,
    /// Where browsers are sent, of a provider without discovery.
    pub authorize_url: Option<String>,
    /// Where a code is exchanged, of a provider without discovery.
    pub token_url: Option<String>,
    /// Where a profile is read, of a provider without discovery.
    pub profile_url: Option<String>,
}

impl Provider {
    /// The provider of these credentials, and all else as it is known of its name.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: Some(Secret::new(client_secret.into())),
            ..Self::default()
        }
    }

    fn visit(&mut self, v: &mut dyn Visit) {
        let help = "What it speaks; none for what is known of a provider of this name, else oidc.";
        v.setting("kind", &mut self.kind, help);
        let help = "What users read; none for what is known of the name, or the name.";
        v.setting("label", &mut self.label, help);
        let help = "The client id that the provider gave.";
        v.setting("client_id", &mut self.client_id, help);
        let help = "The client secret that the provider gave; of Apple, the text of the .p8 file.";
        v.setting("client_secret", &mut self.client_secret, help);
        let help = "The id of the private key in client_secret.";
        v.setting("key_id", &mut self.key_id, help);
        let help = "The id of the team whose key it is.";
        v.setting("team_id", &mut self.team_id, help);
        let help = "An OpenID Connect provider's issuer, such as https://accounts.google.com.";
        v.setting("issuer", &mut self.issuer, help);
        let help = "What is asked for; empty for what is known of the provider.";
        v.setting("scopes", &mut self.scopes, help);
        let help = "Whether an address counts as proved though the provider does not say so: for \
                    a company's own login alone.";
        v.setting("trust_email", &mut self.trust_email, help);
        let help = "Where browsers are sent, of a provider without discovery.";
        v.setting("authorize_url", &mut self.authorize_url, help);
        let help = "Where a code is exchanged, of a provider without discovery.";
        v.setting("token_url", &mut self.token_url, help);
        let help = "Where a profile is read, of a provider without discovery.";
        v.setting("profile_url", &mut self.profile_url, help);
    }
}

/// The keys of a provider, as variables may set them.
const KEYS: [&str; 12] = [
    "kind",
    "label",
    "client_id",
    "client_secret",
    "key_id",
    "team_id",
    "issuer",
    "scopes",
    "trust_email",
    "authorize_url",
    "token_url",
    "profile_url",
];

/// `[social]`: one table a provider.
pub(super) struct ProviderEntries<'a>(pub(super) &'a mut BTreeMap<String, Provider>);

impl Entries for ProviderEntries<'_> {
    fn refusal(&self, name: &str) -> Option<&'static str> {
        (!is_provider_name(name))
            .then_some("cannot be a provider's name: small letters, digits, - and _, up to 64")
    }

    fn visit(&mut self, name: &str, v: &mut dyn Visit) {
        self.0.entry(name.to_owned()).or_default().visit(v);
    }

    fn keys(&self) -> &'static [&'static str] {
        &KEYS
    }
}

/// Whether a provider may have this name: it is in paths, in variables and in a column.
pub(super) fn is_provider_name(name: &str) -> bool {
    let is_letter =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(is_letter)
}

/// `[passkeys]`: WebAuthn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Passkeys {
    /// The domain that passkeys belong to; `None` for the host of `public_url`.
    pub rp_id: Option<String>,
    /// Origins whose pages may use them; empty for that of `public_url`.
    pub origins: Vec<String>,
    /// How long a browser waits for its user.
    pub timeout: Duration,
    /// Whether a passkey that verified its user counts as two factors.
    pub counts_as_two_factors: bool,
    /// Whether only a user whose address is proved may add one.
    pub requires_verified_email: bool,
    /// How many one user may have.
    pub max_per_user: usize,
    /// The page on which a user adds one, for password managers.
    pub enroll_url: Option<String>,
    /// The page on which a user sees theirs, for password managers.
    pub manage_url: Option<String>,
}

impl Default for Passkeys {
    fn default() -> Self {
        Self {
            rp_id: None,
            origins: Vec::new(),
            timeout: Duration::from_secs(60),
            counts_as_two_factors: true,
            requires_verified_email: true,
            max_per_user: 20,
            enroll_url: None,
            manage_url: None,
        }
    }
}

impl Passkeys {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let help = "The domain that passkeys belong to; none for the host of `public_url`. Another \
                    one ends all passkeys there are.";
        v.setting("rp_id", &mut self.rp_id, help);
        let help = "Origins whose pages may use them; empty for that of `public_url`.";
        v.setting("origins", &mut self.origins, help);
        let timeout = &mut at_least(Duration::from_secs(1), &mut self.timeout);
        v.setting("timeout", timeout, "How long a browser waits for its user.");
        let help = "Whether a passkey that verified its user counts as two factors.";
        v.setting(
            "counts_as_two_factors",
            &mut self.counts_as_two_factors,
            help,
        );
        let help = "Whether only a user whose address is proved may add one.";
        let verified = &mut self.requires_verified_email;
        v.setting("requires_verified_email", verified, help);
        let number = |number: &usize| (1..=100).contains(number);
        let number = &mut checked(&mut self.max_per_user, number, "1 to 100");
        v.setting("max_per_user", number, "How many one user may have.");
        let help = "The page on which a user adds one: password managers find it by \
                    /.well-known/passkey-endpoints.";
        v.setting("enroll_url", &mut self.enroll_url, help);
        let help = "The page on which a user sees theirs: password managers find it by \
                    /.well-known/passkey-endpoints.";
        v.setting("manage_url", &mut self.manage_url, help);
    }
}
