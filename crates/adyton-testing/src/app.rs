//! An application under test.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adyton::config::{Config, RegistrationMode};
use adyton::{
    Abilities, Adyton, Builder, Clock, Event, Mail, MailError, Mailer, NewToken, User, UserDraft,
    async_trait,
};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::{Answer, Browser, TestDatabase, race};

/// The password of every user that [`TestApp::user`] makes.
pub const PASSWORD: &str = "password";

/// The key of [`TestApp::config`]: without one, nothing that must be sealed is kept.
const KEY: &str = "base64:VGhpcyBrZXkgaXMgdG9sZCB0byBldmVyeWJvZHkhISE=";

/// An application with a database, a clock and ears of its own.
pub struct TestApp {
    /// The Adyton in it.
    pub adyton: Adyton,
    /// The clock that everything in it reads.
    pub clock: Clock,
    /// Its database.
    pub database: TestDatabase,
    router: Router,
    events: Arc<Mutex<Vec<Event>>>,
    mails: MemoryMailer,
}

impl TestApp {
    /// With the settings of [`TestApp::config`] and Adyton's own routes only.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With some settings changed.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::host(change, |builder| builder, |_| Router::new()).await
    }

    /// A host's application: its settings, what it brings, and its own routes.
    ///
    /// # Panics
    /// When the settings are wrong or the database cannot be migrated.
    pub async fn host(
        change: impl FnOnce(&mut Config),
        bring: impl FnOnce(Builder) -> Builder,
        routes: impl FnOnce(&Adyton) -> Router,
    ) -> Self {
        let ground = (TestDatabase::fresh().await, Clock::system());
        Self::on(ground, change, bring, routes).await
    }

    /// The same database and clock under a new process with other settings: nothing is left of
    /// what the old one had in memory.
    ///
    /// # Panics
    /// As [`TestApp::host`].
    pub async fn restarted(self, change: impl FnOnce(&mut Config)) -> Self {
        let ground = (self.database, self.clock);
        Self::on(ground, change, |builder| builder, |_| Router::new()).await
    }

    /// Another process on the same database and clock, with settings of its own, while this one
    /// goes on.
    ///
    /// # Panics
    /// As [`TestApp::host`].
    pub async fn beside(&self, change: impl FnOnce(&mut Config)) -> Self {
        let ground = (self.database.shared(), self.clock.clone());
        Self::on(ground, change, |builder| builder, |_| Router::new()).await
    }

    async fn on(
        (database, clock): (TestDatabase, Clock),
        change: impl FnOnce(&mut Config),
        bring: impl FnOnce(Builder) -> Builder,
        routes: impl FnOnce(&Adyton) -> Router,
    ) -> Self {
        let mut config = Self::config();
        change(&mut config);
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let heard = Arc::clone(&events);
        let mails = MemoryMailer::default();
        let builder = Adyton::builder(database.connect().await)
            .config(config)
            .clock(clock.clone())
            .mailer(mails.clone())
            // Mail leaves when the test says so, however slow the machine is.
            .without_courier()
            .on_event(move |event| lock(&heard).push(event.clone()));
        let adyton = bring(builder).build().expect("the settings are right");
        adyton
            .migrate()
            .await
            .expect("the database can be migrated");
        let router = routes(&adyton).merge(adyton.routes()).layer(adyton.layer());
        Self {
            adyton,
            clock,
            database,
            router,
            events,
            mails,
        }
    }

    /// Settings for tests: a key that everybody knows, cheap hashes, no pause after a failed login,
    /// passwords of eight characters and common ones too, everything forgotten at once, open
    /// registration, one stateful origin (`http://localhost:3000`), and reasons on refusals.
    pub fn config() -> Config {
        let mut config = Config::default();
        config.key = Some(KEY.into());
        config.debug = true;
        config.hashing.memory_kib = 64;
        config.hashing.iterations = 1;
        config.hashing.failure_floor = Duration::ZERO;
        config.passwords.min_length = 8;
        // `PASSWORD` is on the list.
        config.passwords.refuse_common = false;
        config.registration.mode = RegistrationMode::Open;
        config.stateful.origins = vec!["http://localhost:3000".to_owned()];
        config.tokens.grantable = ["user", "comments:write", "tickets:write"]
            .map(str::to_owned)
            .to_vec();
        config
    }

    /// A user with this address and [`PASSWORD`].
    ///
    /// # Panics
    /// When there is one already.
    pub async fn user(&self, email: &str) -> User {
        let mut draft = UserDraft::new("Ana", email);
        draft.password = Some(PASSWORD.into());
        draft.verified = true;
        let made = self.adyton.create_user(draft).await;
        // It is how a test begins, nothing that happened in it.
        let is_news = |event: &Event| !matches!(event, Event::UserCreated { .. });
        lock(&self.events).retain(is_news);
        made.expect("the user is new")
    }

    /// The plain text of a new token for a user.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn token(&self, user: &User, abilities: &[&str]) -> String {
        let new = NewToken::new("test", Abilities::new(abilities.iter().copied()));
        let issued = self
            .adyton
            .issue_token(user, new)
            .await
            .expect("a token can be issued");
        issued.plain_text.expose().clone()
    }

    /// A browser on the front end's page, without cookies yet.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A program without cookies, `Origin` or token.
    pub fn anonymous(&self) -> Browser {
        self.browser().without_cookies().without("origin")
    }

    /// A program with a bearer token.
    pub fn bearer(&self, token: &str) -> Browser {
        self.anonymous()
            .with("authorization", &format!("Bearer {token}"))
    }

    /// A browser in which a user with [`PASSWORD`] is logged in.
    ///
    /// # Panics
    /// When the login fails.
    pub async fn logged_in(&self, email: &str) -> Browser {
        let browser = self.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        let credentials = serde_json::json!({ "email": email, "password": PASSWORD });
        browser.post("/login", credentials).await.assert_status(200);
        browser
    }

    /// How many rows a table has.
    ///
    /// # Panics
    /// When there is no such table.
    pub async fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT COUNT(*) AS total FROM {table}");
        let row = self.adyton.db().one(&sql, &[]).await.expect("a table");
        let row = row.expect("a count is always there");
        row.get("total").expect("a count is a number")
    }

    /// A request as it is, from `127.0.0.1`.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    /// The router, for tests that serve it on a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Sends requests whose last bytes arrive together, each on a connection of its own, and gives
    /// the answers in their order. Of a test with several threads, or they would take turns.
    ///
    /// # Panics
    /// When a connection breaks.
    pub async fn race(&self, requests: Vec<String>) -> Vec<Answer> {
        race::run(self.router(), requests).await
    }

    /// Sends all mail that is due at this moment of the clock, and tells how many mails left.
    ///
    /// # Panics
    /// When the database refuses.
    pub async fn deliver(&self) -> usize {
        let delivered = self.adyton.deliver_mail().await;
        delivered.expect("the outbox can be read and written")
    }

    /// What was sent since the last call, the oldest first; see [`TestApp::deliver`]. A mailer that
    /// [`TestApp::host`] brings has its mails to itself.
    pub fn mails(&self) -> Vec<Mail> {
        std::mem::take(&mut *lock(&self.mails.0))
    }

    /// The last mail to an address that [`TestApp::mails`] has not told yet; it tells it still.
    pub fn last_mail(&self, to: &str) -> Option<Mail> {
        let mails = lock(&self.mails.0);
        mails.iter().rev().find(|mail| mail.to == to).cloned()
    }

    /// What happened since the last call.
    pub fn events(&self) -> Vec<Event> {
        std::mem::take(&mut *lock(&self.events))
    }
}

/// Keeps what is sent to it.
#[derive(Clone, Default)]
struct MemoryMailer(Arc<Mutex<Vec<Mail>>>);

#[async_trait]
impl Mailer for MemoryMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        lock(&self.0).push(mail.clone());
        Ok(())
    }
}

pub(crate) async fn send(router: &Router, mut request: Request<Body>) -> Answer {
    if request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .is_none()
    {
        let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
        request.extensions_mut().insert(ConnectInfo(peer));
    }
    let response = router
        .clone()
        .oneshot(request)
        .await
        .unwrap_or_else(|never| match never {});
    let (parts, body) = response.into_parts();
    let bytes = body
        .collect()
        .await
        .expect("the body can be read")
        .to_bytes();
    let body = String::from_utf8(bytes.to_vec()).expect("the body is UTF-8");
    Answer {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
