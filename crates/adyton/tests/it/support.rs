//! What several of these files need: rows as Laravel writes them, users that are asked about
//! again, and an application that is served over HTTPS.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adyton::db::Value;
use adyton::{
    Adyton, Auth, Changes, Config, Fields, NewUser, Result, Tx, User, UserId, UserQuery, Users,
    UsersTable,
};
use adyton_testing::{Browser, TestApp};
use async_trait::async_trait;
use axum::Router;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

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

    fn table(&self) -> &UsersTable {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.table.get().expect("the application is built")
    }
}

#[async_trait]
impl Users for Watched {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        self.table().find(id).await
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
