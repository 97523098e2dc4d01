//! What is known of providers by their names, and what `[social.<name>]` says beside it.

use url::{Host, Url};

use crate::config::{Provider as Settings, SocialKind};
use crate::crypto::es256::SigningKey;
use crate::error::BuildError;

/// As long as the column of issuers.
const LONGEST_ISSUER: usize = 255;

/// What is known of a name.
struct Preset {
    name: &'static str,
    label: &'static str,
    kind: SocialKind,
    issuer: Option<&'static str>,
    needs_secret: bool,
}

const fn oidc(name: &'static str, label: &'static str, issuer: Option<&'static str>) -> Preset {
    Preset {
        name,
        label,
        kind: SocialKind::Oidc,
        issuer,
        needs_secret: true,
    }
}

const fn oauth(name: &'static str, label: &'static str, kind: SocialKind) -> Preset {
    Preset {
        name,
        label,
        kind,
        issuer: None,
        needs_secret: true,
    }
}

const PRESETS: [Preset; 8] = [
    oidc("google", "Google", Some("https://accounts.google.com")),
    oidc("apple", "Apple", Some(APPLE)),
    oidc("microsoft", "Microsoft", None),
    oidc("gitlab", "GitLab", Some("https://gitlab.com")),
    oauth("facebook", "Facebook", SocialKind::Facebook),
    // One service by its names of then and now, as Socialite has them.
    oauth("twitter", "X", SocialKind::X),
    oauth("x", "X", SocialKind::X),
    oauth("github", "GitHub", SocialKind::Github),
];

pub(super) const APPLE: &str = "https://appleid.apple.com";

/// Where a provider without discovery is asked.
pub(super) struct Urls {
    pub authorize: Url,
    pub token: Url,
    pub profile: Url,
}

/// Facebook keeps a version of its Graph for two years at least.
const FACEBOOK: [&str; 3] = [
    "https://www.facebook.com/v23.0/dialog/oauth",
    "https://graph.facebook.com/v23.0/oauth/access_token",
    "https://graph.facebook.com/v23.0/me",
];
const X: [&str; 3] = [
    "https://x.com/i/oauth2/authorize",
    "https://api.x.com/2/oauth2/token",
    "https://api.x.com/2/users/me",
];
const GITHUB: [&str; 3] = [
    "https://github.com/login/oauth/authorize",
    "https://github.com/login/oauth/access_token",
    "https://api.github.com/user",
];

/// A provider's settings as they are in force.
pub(super) struct Known<'a> {
    name: &'a str,
    settings: &'a Settings,
    preset: Option<&'static Preset>,
}

impl<'a> Known<'a> {
    /// The settings of a name, with what is known of it.
    ///
    /// # Errors
    /// When an identifier or a secret is missing.
    pub(super) fn new(name: &'a str, settings: &'a Settings) -> Result<Self, BuildError> {
        let preset = PRESETS.iter().find(|preset| preset.name == name);
        let known = Self {
            name,
            settings,
            preset,
        };
        if settings.client_id.is_empty() {
            let from = "gives one where an application is registered";
            return Err(known.missing("client_id", from));
        }
        let needs_secret = known.kind() != SocialKind::Oidc
            || preset.is_some_and(|preset| preset.needs_secret && settings.issuer.is_none());
        if known.secret().is_some_and(SigningKey::is_meant) && !known.is_apple() {
            let problem =
                "is a private key, which is Apple's way alone: a provider is sent its secret";
            return Err(known.wrong("client_secret", problem));
        }
        if needs_secret && known.secret().is_none() {
            return Err(known.missing("client_secret", "gives one beside the client id"));
        }
        Ok(known)
    }

    /// What a private key is known by at its provider.
    ///
    /// # Errors
    /// When it is not set.
    pub(super) fn needed(&self, key: &str) -> Result<String, BuildError> {
        let set = match key {
            "key_id" => &self.settings.key_id,
            _ => &self.settings.team_id,
        };
        let from = "shows it beside the key that client_secret holds";
        set.clone().ok_or_else(|| self.missing(key, from))
    }

    pub(super) fn wrong(&self, key: &str, problem: &str) -> BuildError {
        BuildError::new(format!("social.{}.{key}", self.name), problem)
    }

    /// A credential that is not there, with the variable that a secret belongs into.
    fn missing(&self, key: &str, from: &str) -> BuildError {
        let [name, end] = [self.name, key].map(str::to_uppercase);
        let variable = format!("ADYTON_SOCIAL_{name}_{end}");
        let problem = format!("is missing: the provider {from}; set it here or as {variable}");
        self.wrong(key, &problem)
    }

    pub(super) fn kind(&self) -> SocialKind {
        let known = self.preset.map(|preset| preset.kind);
        self.settings.kind.or(known).unwrap_or_default()
    }

    pub(super) fn label(&self) -> String {
        let known = self.preset.map_or(self.name, |preset| preset.label);
        let label = self.settings.label.as_deref().unwrap_or(known);
        label.to_owned()
    }

    pub(super) fn client_id(&self) -> String {
        self.settings.client_id.clone()
    }

    /// The client secret. An empty one is none.
    pub(super) fn secret(&self) -> Option<&'a str> {
        let secret = self.settings.client_secret.as_ref()?;
        Some(secret.expose().as_str()).filter(|secret| !secret.is_empty())
    }

    /// What is asked for: no more than who it is, by which name and at which address.
    pub(super) fn scopes(&self) -> Vec<String> {
        if !self.settings.scopes.is_empty() {
            return self.settings.scopes.clone();
        }
        let scopes: &[&str] = match self.kind() {
            // Apple knows no `profile`.
            SocialKind::Oidc if self.name == "apple" => &["openid", "email", "name"],
            SocialKind::Oidc => &["openid", "email", "profile"],
            SocialKind::Facebook => &["email", "public_profile"],
            SocialKind::X => &["users.read", "tweet.read", "users.email"],
            SocialKind::Github => &["read:user", "user:email"],
        };
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    fn is_apple(&self) -> bool {
        self.name == "apple" || self.settings.issuer.as_deref() == Some(APPLE)
    }

    /// Whether the answer comes as a form: Apple's does wherever a name or an address is asked for.
    pub(super) fn is_form_post(&self) -> bool {
        let asks = |scope: &String| scope == "email" || scope == "name";
        self.is_apple() && self.scopes().iter().any(asks)
    }

    /// The issuer, as it must be in the discovery and in every ID token.
    ///
    /// # Errors
    /// When none is set or known, or it cannot be one user's provider.
    pub(super) fn issuer(&self) -> Result<String, BuildError> {
        let known = self.preset.and_then(|preset| preset.issuer);
        let Some(issuer) = self.settings.issuer.as_deref().or(known) else {
            return Err(self.wrong("issuer", &missing_issuer(self.name)));
        };
        let url = self.checked("issuer", issuer)?;
        if url.query().is_some() || url.fragment().is_some() || issuer.len() > LONGEST_ISSUER {
            let problem = "has a query or a fragment, or is too long for an issuer";
            return Err(self.wrong("issuer", problem));
        }
        match unfit(&url) {
            Some(why) => Err(self.wrong("issuer", why)),
            None => Ok(issuer.to_owned()),
        }
    }

    /// Where a provider without discovery is asked.
    ///
    /// # Errors
    /// When one of the addresses is none, or not secret enough.
    pub(super) fn urls(&self) -> Result<Urls, BuildError> {
        let known = match self.kind() {
            SocialKind::Facebook => FACEBOOK,
            SocialKind::X => X,
            SocialKind::Github => GITHUB,
            SocialKind::Oidc => [""; 3],
        };
        let one = |key: &str, set: &Option<String>, known: &str| {
            self.checked(key, set.as_deref().unwrap_or(known))
        };
        Ok(Urls {
            authorize: one("authorize_url", &self.settings.authorize_url, known[0])?,
            token: one("token_url", &self.settings.token_url, known[1])?,
            profile: one("profile_url", &self.settings.profile_url, known[2])?,
        })
    }

    fn checked(&self, key: &str, text: &str) -> Result<Url, BuildError> {
        let url = Url::parse(text).map_err(|_| self.wrong(key, NO_ADDRESS))?;
        if !is_secret(&url) {
            let problem = "must begin with https://; http:// is for this machine alone";
            return Err(self.wrong(key, problem));
        }
        Ok(url)
    }
}

/// Whether nobody on the way reads along.
pub(super) fn is_secret(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_here)
}

const NO_ADDRESS: &str = "is no address such as https://login.example.com";

fn missing_issuer(name: &str) -> String {
    match name {
        "microsoft" => {
            "is missing: https://login.microsoftonline.com/{tenant}/v2.0 with the id of the tenant"
                .to_owned()
        }
        "linkedin" => LINKEDIN.to_owned(),
        _ => {
            let known: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            let known = known.join(", ");
            format!(
                "is missing: the address below which the provider has \
                 /.well-known/openid-configuration. Without one these names are known: {known}"
            )
        }
    }
}

const LINKEDIN: &str = "cannot be LinkedIn's: its ID tokens do not repeat the nonce, and it takes no \
    PKCE of a client with a secret, so nothing binds its answer to the browser that asked";

/// Why an issuer is none that can be told from others.
fn unfit(issuer: &Url) -> Option<&'static str> {
    let host = issuer.host_str().unwrap_or_default();
    let tenant = issuer.path_segments().and_then(|mut path| path.next());
    match (host, tenant) {
        ("login.microsoftonline.com", Some("common" | "organizations" | "consumers")) => Some(
            "must name one tenant by its id: `common` and its like stand for every tenant's issuer, \
             and any tenant's owner may claim any address",
        ),
        ("www.linkedin.com", _) => Some(LINKEDIN),
        _ => None,
    }
}
