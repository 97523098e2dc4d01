//! A provider that people log in with, on a port of this machine. It speaks OpenID Connect, and the
//! words of Facebook, X and GitHub. It is strict about what it is asked, and breaks the one rule in its
//! answers that a test names.
//!
//! ```no_run
//! # async fn example() {
//! use adyton::config::SocialKind;
//! use adyton_testing::{Fault, Person, TestApp, TestProvider};
//!
//! let provider = TestProvider::start().await;
//! let google = provider.settings(SocialKind::Oidc);
//! let app = TestApp::with(|config| {
//!     config.social.insert("google".to_owned(), google);
//! })
//! .await;
//! provider.person(Person::new("1", "ana@example.com"));
//! provider.breaks(Fault::WrongNonce);
//! let browser = app.browser();
//! let begun = browser.get("/auth/google/redirect").await;
//! let back = provider.visit(&begun.header("location")).await;
//! browser.get(&back.path_and_query()).await.assert_status(403);
//! # }
//! ```

mod answers;
mod id_token;
mod routes;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adyton::Clock;
use adyton::config::{Provider as Settings, SocialKind};
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use id_token::Key;

/// The id of the client that has [`CLIENT_SECRET`].
const CLIENT_ID: &str = "adyton-at-the-provider";
/// Its secret.
const CLIENT_SECRET: &str = "a-secret-between-adyton-and-the-provider";
/// The id of a client without a secret.
const PUBLIC_CLIENT_ID: &str = "adyton-without-a-secret";

/// Whom the provider vouches for.
#[derive(Clone, Debug)]
pub struct Person {
    /// Theirs for ever.
    pub subject: String,
    /// Their address of today, if they let it be told.
    pub email: Option<String>,
    /// Whether the provider says that it is proved. Facebook and X never say so.
    pub email_verified: bool,
    /// Their name of today.
    pub name: Option<String>,
}

impl Person {
    /// Somebody with an address that is proved.
    pub fn new(subject: &str, email: &str) -> Self {
        Self {
            subject: subject.to_owned(),
            email: Some(email.to_owned()),
            email_verified: true,
            name: Some("Ana Example".to_owned()),
        }
    }
}

/// What may be asked of the provider by a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// `/jwks`.
    Keys,
    /// `/token`, and `/facebook/token` and so on.
    Token,
    /// `/userinfo`, `/facebook/me`, `/x/me`, `/github/user`, `/github/user/emails`.
    Profile,
}

/// The one rule that is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The browser brings back another state than it was sent with.
    WrongState,
    /// The browser brings back `error=access_denied`.
    Denied,
    /// The browser brings back a code that was used before.
    SpentCode,
    /// The browser brings back another provider's `iss` (RFC 9207).
    ForeignIss,
    /// The browser brings no `iss`, which the discovery promised.
    NoIss,
    /// The discovery is another issuer's.
    ForeignDiscovery,
    /// The token endpoint gives no ID token.
    NoIdToken,
    /// The ID token is of another login.
    WrongNonce,
    /// The ID token is of no login.
    NoNonce,
    /// The ID token is for another client.
    WrongAudience,
    /// The ID token is for us, and for another client.
    SecondAudience,
    /// The ID token is for us, and was given to another client.
    WrongAuthorizedParty,
    /// The ID token goes with another access token.
    WrongAccessTokenHash,
    /// The ID token is another issuer's.
    WrongIssuer,
    /// The ID token's time is over.
    Expired,
    /// The ID token was made an hour from now.
    FromTheFuture,
    /// The ID token says that its user proved who they are a day ago.
    StaleLogin,
    /// The ID token does not say when its user proved who they are.
    NoLoginTime,
    /// The ID token has no signature.
    AlgNone,
    /// The ID token is signed with the client's secret (HS256).
    Hs256,
    /// The ID token is signed by a key that is not the provider's, under the name of one that is.
    ForeignKey,
    /// The ID token names a key that the provider does not have.
    UnknownKey,
    /// The ID token names nobody.
    NoSubject,
    /// The ID token's user has an empty name.
    EmptySubject,
    /// The ID token holds a time that no calendar has.
    AbsurdTime,
    /// The profile is somebody else's. The ID token tells no address, so that it is asked for.
    ForeignProfile,
    /// The access token has a line break in it. The ID token tells no address.
    BrokenAccessToken,
    /// Asks for thirty seconds of patience.
    Slow(Endpoint),
    /// Answers with two hundred megabytes.
    Huge(Endpoint),
    /// Sends on to `/elsewhere`, and whatever path it was.
    Redirects(Endpoint),
    /// Answers with a page.
    Html(Endpoint),
    /// Answers with an empty object.
    Empty(Endpoint),
    /// Answers 500.
    Fails(Endpoint),
}

/// What a browser brings back from the provider.
#[derive(Clone, Debug)]
pub struct Back {
    /// The address without its query.
    pub url: String,
    /// `code`, `state` and so on, as a query writes them.
    pub query: String,
    /// Whether they are the body of a POST (`response_mode=form_post`).
    pub is_post: bool,
}

impl Back {
    /// Path and query, for a GET.
    ///
    /// # Panics
    /// When the provider sends the browser nowhere.
    pub fn path_and_query(&self) -> String {
        let url: http::Uri = self.url.parse().expect("an address");
        format!("{}?{}", url.path(), self.query)
    }
}

/// A running provider. It ends with this value.
#[derive(Debug)]
pub struct TestProvider {
    world: Arc<World>,
    server: tokio::task::JoinHandle<()>,
}

/// What a request to the provider was.
type Asked = (String, BTreeMap<String, String>);

#[derive(Debug)]
struct World {
    issuer: String,
    clock: Clock,
    state: Mutex<State>,
    /// Bytes of [`Fault::Huge`] that were taken.
    sent: AtomicUsize,
}

#[derive(Debug)]
struct State {
    person: Person,
    faults: HashSet<Fault>,
    key: Key,
    is_email_at_userinfo: bool,
    asked: Vec<Asked>,
    grants: HashMap<String, Grant>,
    /// By access token.
    people: HashMap<String, Person>,
}

/// What a code stands for.
#[derive(Clone, Debug)]
struct Grant {
    person: Person,
    client_id: String,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    is_spent: bool,
}

impl World {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_broken(&self, fault: Fault) -> bool {
        self.state().faults.contains(&fault)
    }
}

impl TestProvider {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        Self::start_with(Clock::system()).await
    }

    /// Starts one whose ID tokens go by this clock.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start_with(clock: Clock) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let state = State {
            person: Person::new("10769150350006150715113082367", "ana@example.com"),
            faults: HashSet::new(),
            key: Key::new("first"),
            is_email_at_userinfo: false,
            asked: Vec::new(),
            grants: HashMap::new(),
            people: HashMap::new(),
        };
        let world = Arc::new(World {
            issuer: format!("http://127.0.0.1:{port}"),
            clock,
            state: Mutex::new(state),
            sent: AtomicUsize::new(0),
        });
        let router = routes::router(Arc::clone(&world));
        let server = tokio::spawn(async move {
            let ended = axum::serve(listener, router).await;
            ended.expect("it serves until it is aborted");
        });
        Self { world, server }
    }

    /// Its issuer, and the address that all its endpoints begin with.
    pub fn issuer(&self) -> &str {
        &self.world.issuer
    }

    /// What `[social.<name>]` holds for a client of this provider.
    pub fn settings(&self, kind: SocialKind) -> Settings {
        let mut settings = Settings::new(CLIENT_ID, CLIENT_SECRET);
        settings.kind = Some(kind);
        let issuer = self.issuer();
        let (token, profile) = match kind {
            SocialKind::Facebook => ("facebook/token", "facebook/me"),
            SocialKind::X => ("x/token", "x/me"),
            SocialKind::Github => ("github/token", "github/user"),
            _ => {
                settings.issuer = Some(issuer.to_owned());
                return settings;
            }
        };
        settings.authorize_url = Some(format!("{issuer}/authorize"));
        settings.token_url = Some(format!("{issuer}/{token}"));
        settings.profile_url = Some(format!("{issuer}/{profile}"));
        settings
    }

    /// As [`TestProvider::settings`] of a client that has no secret.
    pub fn public_settings(&self) -> Settings {
        let mut settings = self.settings(SocialKind::Oidc);
        settings.client_id = PUBLIC_CLIENT_ID.to_owned();
        settings.client_secret = None;
        settings
    }

    /// Whoever is logged in there from now on.
    pub fn person(&self, person: Person) {
        self.world.state().person = person;
    }

    /// Breaks this rule from now on, and keeps all others.
    pub fn breaks(&self, fault: Fault) {
        self.world.state().faults = HashSet::from([fault]);
    }

    /// Keeps all rules from now on.
    pub fn behaves(&self) {
        self.world.state().faults.clear();
    }

    /// Tells addresses in profiles from now on and not in ID tokens, as the standard lets it.
    pub fn tells_emails_at_userinfo(&self) {
        self.world.state().is_email_at_userinfo = true;
    }

    /// Signs with another key from now on, and shows that one only.
    pub fn rotates(&self) {
        self.world.state().key = Key::new("second");
    }

    /// What was asked at this path, in order: queries and forms by their names, and `:method` and the
    /// header `:authorization` where there is one.
    pub fn asked(&self, path: &str) -> Vec<BTreeMap<String, String>> {
        let state = self.world.state();
        let at_path = state.asked.iter().filter(|(at, _)| at == path);
        at_path.map(|(_, asked)| asked.clone()).collect()
    }

    /// How many bytes of a huge answer were taken.
    pub fn sent(&self) -> usize {
        self.world.sent.load(Ordering::Relaxed)
    }

    /// Sends a browser there, whose user says yes at once.
    ///
    /// # Panics
    /// When it is not sent back.
    pub async fn visit(&self, url: &str) -> Back {
        let uri: http::Uri = url.parse().expect("an address");
        assert!(url.starts_with(self.issuer()), "{url} is elsewhere");
        let request = Request::get(uri.path_and_query().expect("a path").as_str());
        let request = request.body(Body::empty()).expect("a request");
        let router = routes::router(Arc::clone(&self.world));
        let answer = router.oneshot(request).await.expect("it never fails");
        if let Some(to) = answer.headers().get("location") {
            let to = to.to_str().expect("an address");
            let (url, query) = to.split_once('?').expect("a query");
            return Back {
                url: url.to_owned(),
                query: query.to_owned(),
                is_post: false,
            };
        }
        let body = answer.into_body().collect().await.expect("a page");
        let page = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        let (url, query) = answers::read_form_post(&page).unwrap_or_else(|| panic!("{page}"));
        Back {
            url,
            query,
            is_post: true,
        }
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}
