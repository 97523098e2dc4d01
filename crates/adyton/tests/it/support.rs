//! What several of these files need: rows as Laravel writes them, users that are asked about
//! again, and an application that is served over HTTPS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adyton::db::Value;
use adyton::{
    Adyton, Auth, Changes, Config, Fields, NewUser, Result, Tx, User, UserId, UserQuery, Users,
    UsersTable,
};
use adyton_testing::{Browser, TestApp, TestDatabase, Wire};
use async_trait::async_trait;
use axum::Router;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use http::Method;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

/// SHA-256 of `test`: the token of Sanctum's own tests.
pub const HASH_OF_TEST: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// The address of the user of most tests.
pub const ANA: &str = "ana@example.com";

/// What a login sends.
pub fn credentials(email: &str) -> Json {
    json!({ "email": email, "password": adyton_testing::PASSWORD })
}

/// A row of `personal_access_tokens` as Laravel writes it.
pub struct LaravelToken {
    pub owner_type: &'static str,
    pub hash: String,
    pub abilities: Option<&'static str>,
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
}

impl LaravelToken {
    /// Sanctum's fixture: the token `test`, made now, without an end and without abilities.
    pub fn fixture(app: &TestApp) -> Self {
        Self {
            owner_type: "App\\Models\\User",
            hash: HASH_OF_TEST.to_owned(),
            abilities: None,
            expires_at: None,
            created_at: Some(app.clock.now()),
        }
    }

    /// Writes the row and tells its id.
    pub async fn insert(self, app: &TestApp, owner: &User) -> i64 {
        let sql = "INSERT INTO personal_access_tokens (tokenable_type, tokenable_id, name, token, \
             abilities, expires_at, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let params: [Value; 8] = [
            self.owner_type.into(),
            (&owner.id).into(),
            "test".into(),
            self.hash.into(),
            self.abilities.into(),
            self.expires_at.into(),
            self.created_at.into(),
            self.created_at.into(),
        ];
        let id = app.adyton.db().insert(sql, &params).await;
        id.expect("the row is new")
    }
}

/// A text of one row, found by one value.
pub async fn text(app: &TestApp, sql: &str, value: impl Into<Value>) -> Option<String> {
    let row = app.adyton.db().one(sql, &[value.into()]).await;
    let row = row.expect("the statement is right")?;
    row.get("value").expect("a text")
}

/// The stored hash of a user's password.
pub async fn hash_of(app: &TestApp, email: &str) -> String {
    let sql = "SELECT password AS value FROM users WHERE email = $1";
    text(app, sql, email).await.expect("there is such a user")
}

/// Writes a password hash that came from elsewhere.
pub async fn set_hash(app: &TestApp, email: &str, hash: &str) {
    let sql = "UPDATE users SET password = $1 WHERE email = $2";
    let params = [hash.into(), email.into()];
    app.adyton.db().run(sql, &params).await.expect("updated");
}

/// An application with routes of its own: `/free` asks nothing, `/open` says more to who is
/// known, `/closed` and `/notes` are for who is known, `/api/closed` and the abilities too.
pub async fn hosting(change: impl FnOnce(&mut Config)) -> TestApp {
    TestApp::host(change, |builder| builder, routes).await
}

/// The routes of [`hosting`].
pub fn routes(adyton: &Adyton) -> Router {
    let anything = get(|| async { "anything" }).route_layer(adyton.require_ability("anything"));
    let admin = get(|| async { "admin" }).route_layer(adyton.require_ability("admin"));
    let either = adyton.require_any_ability(&["posts:read", "posts:write"]);
    Router::new()
        .route("/free", get(|| async { "free" }).post(|| async { "free" }))
        .route("/open", get(open).post(open))
        .route("/closed", get(name))
        .route("/api/closed", get(name).post(name))
        .route("/notes", post(name))
        .route("/api/anything", anything)
        .route("/api/admin", admin)
        .route(
            "/api/either",
            get(|| async { "either" }).route_layer(either),
        )
}

async fn name(auth: Auth) -> String {
    auth.user().email.clone()
}

async fn open(auth: Option<Auth>) -> String {
    auth.map_or_else(|| "nobody".to_owned(), |auth| auth.user().email.clone())
}

/// Settings of an application at `https://api.example.com` with its front end at
/// `https://app.example.com`, behind a proxy on this machine.
pub fn https(config: &mut Config) {
    config.public_url = Some("https://api.example.com".to_owned());
    config.stateful.origins = vec!["https://app.example.com".to_owned()];
    config.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
}

/// A browser on the front end of an application with the settings of [`https`].
pub fn https_browser(app: &TestApp) -> Browser {
    app.browser()
        .with("origin", "https://app.example.com")
        .with("x-forwarded-proto", "https")
}

/// Runs when a login has read its user, before the password is checked.
type Meanwhile = Box<dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Adyton's own users, with a count of how often they were asked for and something that happens
/// in the middle of a login.
#[derive(Default, Clone)]
pub struct Watched {
    pub asked: Arc<AtomicUsize>,
    pub meanwhile: Arc<std::sync::Mutex<Option<Meanwhile>>>,
    after: Arc<std::sync::Mutex<Option<Meanwhile>>>,
    table: Arc<std::sync::OnceLock<UsersTable>>,
}

impl Watched {
    /// An application whose users are watched.
    pub async fn app(change: impl FnOnce(&mut Config)) -> (TestApp, Watched) {
        let users = Watched::default();
        let app = TestApp::host(change, |builder| builder.users(users.clone()), routes).await;
        let (db, clock) = (app.adyton.db().clone(), app.clock.clone());
        let table = UsersTable::new(db, clock, []);
        assert!(users.table.set(table).is_ok(), "it is set once");
        (app, users)
    }

    /// How often users were asked for since the last call.
    pub fn queries(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }

    /// Does this once, in the middle of the next login.
    pub fn during_the_next_login<F>(&self, work: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        *self.meanwhile.lock().expect("nobody panics") = Some(Box::new(move || Box::pin(work())));
    }

    /// Does this once, when the next one who asks for a user by their id has read them: of
    /// whoever is to be let in, their epoch was read before.
    pub fn after_the_next_find<F>(&self, work: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        *self.after.lock().expect("nobody panics") = Some(Box::new(move || Box::pin(work())));
    }

    fn table(&self) -> &UsersTable {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.table.get().expect("the application is built")
    }
}

#[async_trait]
impl Users for Watched {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        let found = self.table().find(id).await;
        let work = self.after.lock().expect("nobody panics").take();
        if let Some(work) = work {
            work().await;
        }
        found
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        let found = self.table().find_by_login(login).await;
        let work = self.meanwhile.lock().expect("nobody panics").take();
        if let Some(work) = work {
            work().await;
        }
        found
    }

    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User> {
        self.table().create(new, tx).await
    }

    async fn update(&self, id: &UserId, changes: Changes, tx: &mut Tx) -> Result<bool> {
        self.table().update(id, changes, tx).await
    }

    async fn delete(&self, id: &UserId, tx: &mut Tx) -> Result<bool> {
        self.table().delete(id, tx).await
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        self.table().list(query).await
    }

    fn present(&self, user: &User) -> Fields {
        user.public_fields()
    }
}

/// A router on a port of its own, for the life of the test.
pub async fn served(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// Sends one `POST` twenty times at once, and tells the statuses, in order.
pub async fn raced(app: &TestApp, path: &str, body: &Json) -> Vec<u16> {
    let request = app.anonymous().written(Method::POST, path, body);
    let answers = app.race(vec![request; 20]).await;
    let mut statuses: Vec<u16> = answers
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    statuses.sort_unstable();
    statuses
}

/// Twenty statuses of which one is the winner's.
pub fn one_of_twenty(winner: u16, others: u16) -> Vec<u16> {
    let mut statuses = vec![others; 19];
    statuses.push(winner);
    statuses.sort_unstable();
    statuses
}

/// The path and query of the first link in the last mail to an address.
pub async fn mailed_path(app: &TestApp, to: &str) -> String {
    app.deliver().await;
    let mail = app.last_mail(to).expect("a mail");
    let link = mail.text.split_whitespace();
    let mut links = link.filter(|word| word.starts_with("http"));
    let link = links.next().expect("a link").to_owned();
    let host = link.match_indices('/').nth(2).expect("a path").0;
    link[host..].to_owned()
}

/// What the outbox holds, without what is random: kind, owner, and how long the payload is.
pub async fn outbox(app: &TestApp) -> Vec<(String, Option<i64>, usize)> {
    let sql = "SELECT kind, user_id, payload FROM mail_outbox ORDER BY id";
    let rows = app.adyton.db().all(sql, &[]).await.expect("rows");
    let read = rows.iter().map(|row| {
        let payload: String = row.get("payload").expect("a text");
        let kind = row.get("kind").expect("a text");
        (kind, row.get("user_id").expect("a number"), payload.len())
    });
    read.collect()
}

/// Changes a user behind everybody's back, as a host may.
pub async fn change(app: &TestApp, user: &User, changes: Changes) {
    let mut tx = app.adyton.db().begin().await.expect("a transaction");
    let changed = app.adyton.users().update(&user.id, changes, &mut tx).await;
    assert!(changed.expect("changed"));
    tx.commit().await.expect("committed");
}

/// A user as the table has them now.
pub async fn found(app: &TestApp, email: &str) -> Option<User> {
    let found = app.adyton.users().find_by_login(email).await;
    found.expect("the table can be read")
}

/// An application that has no way to send mail, on a port.
pub async fn without_mail(change: impl FnOnce(&mut Config)) -> (TestDatabase, Wire) {
    let database = TestDatabase::fresh().await;
    let mut config = TestApp::config();
    change(&mut config);
    let builder = Adyton::builder(database.connect().await).config(config);
    let adyton = builder.build().expect("the settings are right");
    adyton.migrate().await.expect("tables");
    let router = Router::new().merge(adyton.routes()).layer(adyton.layer());
    (database, Wire::to(served(router).await))
}

/// A browser that follows links and posts forms, and runs no scripts.
pub fn page(app: &TestApp) -> Browser {
    app.browser()
        .with("accept", "text/html,application/xhtml+xml")
        .without("origin")
}
