//! What the provider is asked, and how strictly it reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, body};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use ring::hmac;
use serde_json::{Value as Json, json};

use super::id_token::{base64, id_token, random, sha256};
use super::{
    CLIENT_ID, CLIENT_SECRET, Endpoint, Fault, Grant, PUBLIC_CLIENT_ID, Person, World, answers,
};

type Pairs = BTreeMap<String, String>;
type Shared = State<Arc<World>>;

struct Answer(Json);

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];
        (kind, self.0.to_string()).into_response()
    }
}

pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/authorize", get(authorize))
        .route("/jwks", get(keys))
        .route("/token", post(token))
        .route("/facebook/token", post(token))
        .route("/x/token", post(token))
        .route("/github/token", post(token))
        .route("/userinfo", get(userinfo))
        .route("/facebook/me", get(facebook))
        .route("/x/me", get(x))
        .route("/github/user", get(github))
        .route("/github/user/emails", get(github_emails))
        .layer(from_fn_with_state(Arc::clone(&world), open))
        .with_state(world)
}

/// Reads a request once, writes it down, and answers wrongly where that is what a test wants.
async fn open(State(world): Shared, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, content) = request.into_parts();
    let content = body::to_bytes(content, 64 * 1024).await.unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    let both = [query, &content].into_iter();
    let mut pairs: Pairs = both
        .flat_map(|text| form_urlencoded::parse(text).into_owned())
        .collect();
    pairs.insert(":method".to_owned(), parts.method.to_string());
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let value = value.to_str().unwrap_or_default().to_owned();
        pairs.insert(":authorization".to_owned(), value);
    }
    world.state().asked.push((path.clone(), pairs.clone()));
    let endpoint = match path.rsplit('/').next() {
        Some("openid-configuration") => Some(Endpoint::Discovery),
        Some("jwks") => Some(Endpoint::Keys),
        Some("token") => Some(Endpoint::Token),
        Some("authorize") => None,
        _ => Some(Endpoint::Profile),
    };
    if let Some(endpoint) = endpoint
        && let Some(answer) = answers::in_place(&world, endpoint, &path).await
    {
        return answer;
    }
    let mut request = Request::from_parts(parts, body::Body::empty());
    request.extensions_mut().insert(pairs);
    next.run(request).await
}

fn pairs(request: &Request) -> Pairs {
    let pairs = request.extensions().get::<Pairs>();
    pairs.expect("every request is opened").clone()
}

async fn discovery(State(world): Shared) -> Answer {
    let issuer = &world.issuer;
    let said = if world.is_broken(Fault::ForeignDiscovery) {
        "https://another.example.com"
    } else {
        issuer
    };
    Answer(json!({
        "issuer": said,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(State(world): Shared) -> Answer {
    let key = world.state().key.public();
    Answer(json!({ "keys": [key] }))
}

/// What a way in must have to begin with, or what it lacks.
fn check_beginning(asked: &Pairs) -> Result<(), &'static str> {
    let value = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let is_oidc = value("scope").split(' ').any(|scope| scope == "openid");
    if ![CLIENT_ID, PUBLIC_CLIENT_ID].contains(&value("client_id")) {
        Err("client_id")
    } else if value("response_type") != "code" {
        Err("response_type")
    } else if value("code_challenge_method") != "S256" || value("code_challenge").len() != 43 {
        Err("code_challenge")
    } else if value("state").len() < 32 {
        Err("state")
    } else if is_oidc && value("nonce").len() < 32 {
        Err("nonce")
    } else {
        Ok(())
    }
}

async fn authorize(State(world): Shared, request: Request) -> Response {
    let asked = pairs(&request);
    let value = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let broken = |fault| world.is_broken(fault);
    // Whoever asks wrongly is not sent back at all.
    if let Err(wrong) = check_beginning(&asked) {
        return (StatusCode::BAD_REQUEST, wrong).into_response();
    }
    let mut back = form_urlencoded::Serializer::new(String::new());
    if broken(Fault::Denied) {
        back.append_pair("error", "access_denied");
    } else {
        back.append_pair("code", &grant(&world, &asked));
    }
    let state = value("state");
    let state = if broken(Fault::WrongState) {
        random()
    } else {
        state
    };
    back.append_pair("state", &state);
    if broken(Fault::ForeignIss) {
        back.append_pair("iss", "https://another.example.com");
    } else if asked.contains_key("nonce") && !broken(Fault::NoIss) {
        back.append_pair("iss", &world.issuer);
    }
    let (url, query) = (value("redirect_uri"), back.finish());
    if value("response_mode") == "form_post" {
        return answers::form_post(&url, &query);
    }
    (
        StatusCode::FOUND,
        [(header::LOCATION, format!("{url}?{query}"))],
    )
        .into_response()
}

/// A new code for what is asked.
fn grant(world: &World, asked: &Pairs) -> String {
    let value = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let is_spent = world.is_broken(Fault::SpentCode);
    let mut state = world.state();
    let code = random();
    let grant = Grant {
        person: state.person.clone(),
        client_id: value("client_id"),
        redirect_uri: value("redirect_uri"),
        challenge: value("code_challenge"),
        nonce: asked.get("nonce").cloned(),
        is_spent,
    };
    state.grants.insert(code.clone(), grant);
    code
}

/// Who asks at a token endpoint. X takes the secret in a header only, Facebook and GitHub in the form
/// only.
fn client(path: &str, asked: &Pairs) -> Option<String> {
    let basic = asked.get(":authorization").and_then(|value| {
        let decoded = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
        let text = String::from_utf8(decoded).ok()?;
        let (id, secret) = text.split_once(':')?;
        Some((id.to_owned(), Some(secret.to_owned())))
    });
    let form = asked
        .get("client_id")
        .map(|id| (id.clone(), asked.get("client_secret").cloned()));
    let (id, secret) = match path {
        "/x/token" => basic?,
        "/facebook/token" | "/github/token" => form?,
        _ => basic.or(form)?,
    };
    let is_right = match id.as_str() {
        CLIENT_ID => secret.as_deref() == Some(CLIENT_SECRET),
        PUBLIC_CLIENT_ID => secret.is_none(),
        _ => false,
    };
    is_right.then_some(id)
}

/// The grant of a code, whose last use this is.
fn spend(world: &World, client_id: &str, asked: &Pairs) -> Option<Grant> {
    let value = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let mut state = world.state();
    let grant = state.grants.get_mut(value("code"))?;
    let is_good = !grant.is_spent
        && value("grant_type") == "authorization_code"
        && grant.client_id == client_id
        && grant.redirect_uri == value("redirect_uri")
        && grant.challenge == base64(&sha256(value("code_verifier")));
    grant.is_spent = true;
    is_good.then(|| grant.clone())
}

/// A refusal in the words of each: GitHub says it with 200, Facebook in an object.
fn refused(path: &str, error: &str) -> Response {
    let told = match path {
        "/facebook/token" => json!({ "error": { "type": "OAuthException", "code": 100 } }),
        _ => json!({ "error": error }),
    };
    let status = match path {
        "/github/token" => StatusCode::OK,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, Answer(told)).into_response()
}

async fn token(State(world): Shared, request: Request) -> Response {
    let asked = pairs(&request);
    let path = request.uri().path();
    let Some(client_id) = client(path, &asked) else {
        return refused(path, "invalid_client");
    };
    let Some(grant) = spend(&world, &client_id, &asked) else {
        return refused(path, "invalid_grant");
    };
    let mut access_token = random();
    if world.is_broken(Fault::BrokenAccessToken) {
        access_token.push_str("\r\nx: y");
    }
    let person = grant.person.clone();
    world.state().people.insert(access_token.clone(), person);
    let mut answer = json!({ "access_token": access_token, "token_type": "bearer" });
    if path != "/github/token" {
        answer["expires_in"] = json!(300);
    }
    if path == "/token" && !world.is_broken(Fault::NoIdToken) {
        answer["id_token"] = id_token(&world, &grant, &access_token).into();
    }
    Answer(answer).into_response()
}

/// Whose access token a request brings, or 401.
fn person(world: &World, headers: &HeaderMap) -> Result<(String, Person), StatusCode> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .ok_or(StatusCode::UNAUTHORIZED)?;
    let person = world.state().people.get(token).cloned();
    let mut person = person.ok_or(StatusCode::UNAUTHORIZED)?;
    if world.is_broken(Fault::ForeignProfile) {
        person = Person::new("somebody-else", "somebody.else@example.com");
    }
    Ok((token.to_owned(), person))
}

type Told = Result<Answer, StatusCode>;

async fn userinfo(State(world): Shared, headers: HeaderMap) -> Told {
    let (_, person) = person(&world, &headers)?;
    let mut told = json!({ "sub": person.subject, "name": person.name });
    if let Some(email) = person.email {
        told["email"] = email.into();
        told["email_verified"] = person.email_verified.into();
    }
    Ok(Answer(told))
}

async fn facebook(State(world): Shared, headers: HeaderMap, request: Request) -> Told {
    let (token, person) = person(&world, &headers)?;
    let asked = pairs(&request);
    let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
    let proof = hmac::sign(&key, token.as_bytes());
    let proof: String = proof
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if asked.get("appsecret_proof") != Some(&proof) {
        return Err(StatusCode::BAD_REQUEST);
    }
    let mut told = json!({ "id": person.subject });
    let fields = asked.get("fields").cloned().unwrap_or_default();
    for field in fields.split(',') {
        match field {
            "name" => told["name"] = json!(person.name),
            "email" if person.email.is_some() => told["email"] = json!(person.email),
            _ => {}
        }
    }
    Ok(Answer(told))
}

async fn x(State(world): Shared, headers: HeaderMap, request: Request) -> Told {
    let (_, person) = person(&world, &headers)?;
    let mut told = json!({ "id": person.subject, "name": person.name, "username": "ana" });
    let fields = pairs(&request).remove("user.fields").unwrap_or_default();
    if fields.split(',').any(|field| field == "confirmed_email") && person.email.is_some() {
        told["confirmed_email"] = json!(person.email);
    }
    Ok(Answer(json!({ "data": told })))
}

/// A number where the subject is one, as GitHub writes it.
async fn github(State(world): Shared, headers: HeaderMap) -> Told {
    let (_, person) = person(&world, &headers)?;
    let id = match person.subject.parse::<u64>() {
        Ok(number) => json!(number),
        Err(_) => json!(person.subject),
    };
    // The address that is shown to everybody, which need not be the one that is proved.
    let told =
        json!({ "id": id, "login": "ana", "name": person.name, "email": "shown@example.com" });
    Ok(Answer(told))
}

async fn github_emails(State(world): Shared, headers: HeaderMap) -> Told {
    let (_, person) = person(&world, &headers)?;
    let mut told = vec![json!({
        "email": "second@example.com", "primary": false, "verified": true, "visibility": null,
    })];
    if let Some(email) = &person.email {
        told.push(json!({
            "email": email, "primary": true, "verified": person.email_verified, "visibility": "private",
        }));
    }
    Ok(Answer(told.into()))
}
