//! OpenID Connect: the library asks and checks, here is what it is told to insist on.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
    CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm as Algorithm,
    CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId,
    CsrfToken, EndUserName, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    LocalizedClaim, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope, SignatureVerificationError, SubjectIdentifier, TokenResponse as _,
    UserInfoError,
};

use super::client_secret::Secret;
use super::exchange::refused;
use super::fetch::{Unanswered, ask};
use super::metadata::{Directory, Metadata};
use super::preset::Known;
use super::profile::Told;
use super::{Answer, Pending};
use crate::crypto::secret::random_id;
use crate::error::BuildError;

/// Signatures that a provider's published key checks. Never one by a shared secret, and never none.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// So far two clocks may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// A provider with discovery.
pub(super) struct Oidc {
    client_id: ClientId,
    secret: Secret,
    scopes: Vec<Scope>,
    is_form_post: bool,
    issuer: IssuerUrl,
    directory: Directory,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Oidc {
    pub(super) fn new(known: &Known<'_>) -> Result<Self, BuildError> {
        let issuer = IssuerUrl::new(known.issuer()?).expect("it was read as an address");
        // The library asks for it by itself.
        let scopes = known.scopes().into_iter().filter(|name| name != "openid");
        Ok(Self {
            client_id: ClientId::new(known.client_id()),
            secret: Secret::new(known)?,
            scopes: scopes.map(Scope::new).collect(),
            is_form_post: known.is_form_post(),
            directory: Directory::new(issuer.clone()),
            issuer,
        })
    }

    /// Who must be named in `iss` everywhere.
    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(super) async fn begin(
        &self,
        redirect_uri: &str,
        anew: bool,
        now: DateTime<Utc>,
    ) -> Result<(String, Pending), String> {
        let metadata = self.directory.read(now).await?;
        let client = self.client(&metadata, redirect_uri, now)?;
        let verifier = random_id();
        let challenge = PkceCodeVerifier::new(verifier.clone());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&challenge);
        let state = || CsrfToken::new(random_id());
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, state, || Nonce::new(random_id()))
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(challenge);
        if anew {
            let (max_age, prompt) = asking_anew(&self.issuer);
            request = request.add_prompt(prompt);
            if let Some(max_age) = max_age {
                request = request.set_max_age(max_age);
            }
        }
        if self.is_form_post {
            request = request.add_extra_param("response_mode", "form_post");
        }
        let (url, state, nonce) = request.url();
        let pending = Pending {
            state: state.into_secret(),
            nonce: Some(nonce.secret().clone()),
            verifier,
        };
        Ok((url.into(), pending))
    }

    pub(super) async fn finish(
        &self,
        pending: &Pending,
        answer: &Answer,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<Told, String> {
        let metadata = self.directory.read(now).await?;
        self.check_who_answers(&metadata, answer)?;
        let nonce = pending
            .nonce
            .clone()
            .ok_or("this way was begun without a nonce")?;
        let client = self.client(&metadata, redirect_uri, now)?;
        let code = AuthorizationCode::new(answer.code.expose().clone());
        let tokens = client
            .exchange_code(code)
            .map_err(|error| error.to_string())?
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
            .request_async(&ask)
            .await
            .map_err(refused)?;
        let claims = self
            .verify(metadata, &tokens, &Nonce::new(nonce), now)
            .await?;
        let mut told = told(claims);
        if told.email.is_none() && client.user_info_url().is_some() {
            let profile = profile(&client, tokens.access_token(), claims.subject()).await?;
            told.email = profile.email().map(|email| email.to_string());
            told.is_email_verified = profile.email_verified();
            told.name = told.name.or(profile.name().and_then(any));
        }
        Ok(told)
    }

    /// Another provider's answer at our door is not this one's (RFC 9207).
    fn check_who_answers(&self, metadata: &Metadata, answer: &Answer) -> Result<(), String> {
        let extra = metadata.additional_metadata();
        match answer.issuer.as_deref() {
            Some(iss) if iss != self.issuer.as_str() => {
                Err("the answer's `iss` is another issuer's".to_owned())
            }
            None if extra.authorization_response_iss_parameter_supported => {
                Err("the answer has no `iss`, which the discovery promised".to_owned())
            }
            _ => Ok(()),
        }
    }

    fn client(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<Client, String> {
        let redirect_uri = RedirectUrl::new(redirect_uri.to_owned());
        let redirect_uri = redirect_uri.map_err(|_| "our own address is none")?;
        let (id, secret) = (self.client_id.clone(), self.secret.at(&self.client_id, now));
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, secret);
        Ok(client
            .set_redirect_uri(redirect_uri)
            .set_auth_type(auth_type(metadata)))
    }

    /// What an ID token claims, once all of it has been checked.
    async fn verify<'t>(
        &self,
        mut metadata: Arc<Metadata>,
        tokens: &'t CoreTokenResponse,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> Result<&'t CoreIdTokenClaims, String> {
        let id_token = tokens.id_token().ok_or("the answer has no ID token")?;
        let mut verified = id_token.claims(&self.verifier(&metadata, now), nonce);
        if is_key_missing(&verified)
            && let Some(newer) = self.directory.read_newer(&metadata, now).await?
        {
            metadata = newer;
            verified = id_token.claims(&self.verifier(&metadata, now), nonce);
        }
        let claims = verified.map_err(unproved)?;
        // The library leaves these two to whoever uses it.
        if claims
            .authorized_party()
            .is_some_and(|party| *party != self.client_id)
        {
            return Err("the ID token's `azp` is another client".to_owned());
        }
        check_access_token(&self.verifier(&metadata, now), id_token, claims, tokens)?;
        Ok(claims)
    }

    fn verifier(&self, metadata: &Metadata, now: DateTime<Utc>) -> CoreIdTokenVerifier<'static> {
        let keys = metadata.jwks().clone();
        // Of a client without a secret, whatever we have: a signature by the secret proves nothing
        // that whoever knows the secret could not write.
        CoreIdTokenVerifier::new_public_client(self.client_id.clone(), self.issuer.clone(), keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - LEEWAY)
            .set_issue_time_verifier_fn(move |issued| {
                let is_past = issued <= now + LEEWAY;
                is_past
                    .then_some(())
                    .ok_or_else(|| "it was issued in the future".to_owned())
            })
    }
}

/// How a provider is told to ask its user once more. Some know the age, some the prompt. Google knows
/// neither, and takes a prompt that it does not know for a mistake: there a user chooses who they are.
fn asking_anew(issuer: &str) -> (Option<Duration>, CoreAuthPrompt) {
    match issuer {
        "https://accounts.google.com" => (None, CoreAuthPrompt::SelectAccount),
        _ => (Some(Duration::ZERO), CoreAuthPrompt::Login),
    }
}

/// How the provider wants the secret: in a header unless it takes it in the form only.
fn auth_type(metadata: &Metadata) -> AuthType {
    let known = metadata.token_endpoint_auth_methods_supported();
    let takes = |method| known.is_none_or(|known| known.contains(&method));
    if !takes(CoreClientAuthMethod::ClientSecretBasic)
        && takes(CoreClientAuthMethod::ClientSecretPost)
    {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

fn is_key_missing<T>(verified: &Result<T, ClaimsVerificationError>) -> bool {
    matches!(
        verified,
        Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey
        ))
    )
}

fn unproved(error: ClaimsVerificationError) -> String {
    match error {
        ClaimsVerificationError::SignatureVerification(why) => {
            format!("the ID token's signature is refused: {why}")
        }
        other => format!("the ID token is refused: {other}"),
    }
}

/// An access token that came with another ID token is another's.
fn check_access_token(
    verifier: &CoreIdTokenVerifier<'_>,
    id_token: &CoreIdToken,
    claims: &CoreIdTokenClaims,
    tokens: &CoreTokenResponse,
) -> Result<(), String> {
    let Some(expected) = claims.access_token_hash() else {
        return Ok(());
    };
    let unreadable = |_| "the ID token's `at_hash` cannot be checked".to_owned();
    let algorithm = id_token.signing_alg().map_err(unreadable)?;
    let key = id_token.signing_key(verifier).map_err(unreadable)?;
    let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key);
    match actual {
        Ok(actual) if actual == *expected => Ok(()),
        _ => Err("the ID token's `at_hash` is of another access token".to_owned()),
    }
}

fn told(claims: &CoreIdTokenClaims) -> Told {
    Told {
        subject: claims.subject().to_string(),
        email: claims.email().map(|email| email.to_string()),
        is_email_verified: claims.email_verified(),
        name: claims.name().and_then(any),
        authenticated_at: claims.auth_time(),
    }
}

/// A name in no language, or else in any.
fn any(name: &LocalizedClaim<EndUserName>) -> Option<String> {
    let name = name.get(None).or_else(|| Some(name.iter().next()?.1));
    name.map(|name| name.to_string())
}

/// The profile of the person that the ID token named, and of nobody else.
async fn profile(
    client: &Client,
    token: &AccessToken,
    subject: &SubjectIdentifier,
) -> Result<CoreUserInfoClaims, String> {
    // The library puts it into a header and takes for granted that it can.
    if http::HeaderValue::from_str(token.secret()).is_err() {
        return Err("the access token cannot be sent".to_owned());
    }
    let request = client.user_info(token.clone(), Some(subject.clone()));
    let request = request.map_err(|error| error.to_string())?;
    request
        .request_async(&ask)
        .await
        .map_err(|error| match error {
            UserInfoError::Request(error) => unanswered(error),
            UserInfoError::ClaimsVerification(error) => format!("the profile is refused: {error}"),
            UserInfoError::Parse(error) => {
                format!("the profile cannot be read, at {}", error.path())
            }
            UserInfoError::Response(status, _, _) => {
                format!("the profile was answered by {status}")
            }
            other => format!("the profile cannot be read: {other}"),
        })
}

fn unanswered(error: Unanswered) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(verified: &serde_json::Value) -> CoreIdTokenClaims {
        let claims = json!({
            "iss": "https://example.com", "aud": "an-id", "sub": "7", "iat": 0, "exp": 0,
            "email": "ana@example.com", "email_verified": verified,
        });
        serde_json::from_value(claims).expect("claims")
    }

    #[test]
    fn apple_writes_true_as_a_text() {
        assert_eq!(told(&claims(&json!("true"))).is_email_verified, Some(true));
        assert_eq!(told(&claims(&json!(true))).is_email_verified, Some(true));
        assert_eq!(
            told(&claims(&json!("false"))).is_email_verified,
            Some(false)
        );
        assert_eq!(told(&claims(&json!(null))).is_email_verified, None);
    }

    #[test]
    fn google_is_asked_with_what_it_knows() {
        let (max_age, prompt) = asking_anew("https://accounts.google.com");
        assert_eq!((max_age, prompt), (None, CoreAuthPrompt::SelectAccount));
        let (max_age, prompt) = asking_anew("https://login.example.com");
        assert_eq!(
            (max_age, prompt),
            (Some(Duration::ZERO), CoreAuthPrompt::Login)
        );
    }
}
