//! OAuth 2 without OpenID Connect: Facebook, X and GitHub. A code is exchanged by the library, and the
//! profile is asked for in each one's own words.

use hmac::{Hmac, KeyInit as _, Mac as _};
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
    TokenUrl,
};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use url::Url;

use super::exchange::refused;
use super::fetch::{ask, with_token};
use super::preset::Known;
use super::profile::{Facebook, Github, GithubEmail, Told, X};
use super::{Answer, Pending};
use crate::config::SocialKind;
use crate::crypto::secret::{Secret, hex, random_id};
use crate::error::BuildError;

/// A provider of one of these kinds.
pub(super) struct OAuth {
    kind: SocialKind,
    client: Client,
    secret: Secret<String>,
    scopes: Vec<Scope>,
    profile: Url,
    issuer: String,
}

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

impl OAuth {
    pub(super) fn new(known: &Known<'_>) -> Result<Self, BuildError> {
        let urls = known.urls()?;
        let secret = known.secret().unwrap_or_default().to_owned();
        // X takes it in a header, the others in the form.
        let auth_type = match known.kind() {
            SocialKind::X => AuthType::BasicAuth,
            _ => AuthType::RequestBody,
        };
        // Who vouches is where browsers are sent: `https://github.com`, or a company's own.
        let issuer = urls.authorize.origin().ascii_serialization();
        let client = BasicClient::new(ClientId::new(known.client_id()))
            .set_client_secret(ClientSecret::new(secret.clone()))
            .set_auth_uri(AuthUrl::from_url(urls.authorize))
            .set_token_uri(TokenUrl::from_url(urls.token))
            .set_auth_type(auth_type);
        Ok(Self {
            kind: known.kind(),
            client,
            secret: Secret::new(secret),
            scopes: known.scopes().into_iter().map(Scope::new).collect(),
            profile: urls.profile,
            issuer,
        })
    }

    /// Within it a subject is one person's.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// None of the three says when its user last proved who they are, so none is asked to ask.
    pub(super) fn begin(&self, redirect_uri: &str) -> Result<(String, Pending), String> {
        let verifier = random_id();
        let challenge = PkceCodeVerifier::new(verifier.clone());
        let client = self.client(redirect_uri)?;
        let (url, state) = client
            .authorize_url(|| CsrfToken::new(random_id()))
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&challenge))
            .url();
        let pending = Pending {
            state: state.into_secret(),
            nonce: None,
            verifier,
        };
        Ok((url.into(), pending))
    }

    pub(super) async fn finish(
        &self,
        pending: &Pending,
        answer: &Answer,
        redirect_uri: &str,
    ) -> Result<Told, String> {
        let client = self.client(redirect_uri)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(answer.code.expose().clone()))
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request_async(&ask)
            .await
            .map_err(refused)?;
        self.profile(tokens.access_token().secret()).await
    }

    /// What the provider tells of whom the token was given for. The token is not used again.
    async fn profile(&self, token: &str) -> Result<Told, String> {
        let url = |pairs: &[(&str, &str)]| {
            let mut url = self.profile.clone();
            url.query_pairs_mut().extend_pairs(pairs);
            url
        };
        match self.kind {
            SocialKind::Facebook => {
                let proof = self.proof(token);
                let pairs = [("fields", "id,name,email"), ("appsecret_proof", &proof)];
                Ok(read::<Facebook>(&url(&pairs), token).await?.into())
            }
            SocialKind::X => {
                let pairs = [("user.fields", "confirmed_email")];
                Ok(read::<X>(&url(&pairs), token).await?.into())
            }
            _ => {
                let mut emails = self.profile.clone();
                emails.set_path(&format!("{}/emails", self.profile.path()));
                // The primary one may be beyond the thirty of a page.
                emails.query_pairs_mut().append_pair("per_page", "100");
                let user = read::<Github>(&self.profile, token).await?;
                let emails = read::<Vec<GithubEmail>>(&emails, token).await?;
                Ok((user, emails).into())
            }
        }
    }

    fn client(&self, redirect_uri: &str) -> Result<Client, String> {
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned());
        let redirect_uri = redirect_uri.map_err(|_| "our own address is none")?;
        Ok(self.client.clone().set_redirect_uri(redirect_uri))
    }

    /// What shows Facebook that an access token is used by whom it was given to.
    fn proof(&self, token: &str) -> String {
        let key = self.secret.expose().as_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length will do");
        hex(&mac.chain_update(token).finalize().into_bytes())
    }
}

async fn read<T: DeserializeOwned>(url: &Url, token: &str) -> Result<T, String> {
    let asked = with_token(url, token).ok_or("the access token cannot be sent")?;
    let answer = ask(asked).await.map_err(|error| error.to_string())?;
    if answer.status() != http::StatusCode::OK {
        return Err(format!("the profile was answered by {}", answer.status()));
    }
    // serde would quote what it found.
    serde_json::from_slice(answer.body())
        .map_err(|error| format!("the profile cannot be read, at column {}", error.column()))
}
