//! The host's door: its routes, gates, users, fields, pool and ears around Adyton's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use adyton::config::{Config, Field, FieldKind, IdKind};
use adyton::db::Migration;
use adyton::{
    Adyton, Auth, Changes, Db, Envelope, Error, Fields, Laravel, NewUser, Overlay, Result, Tx,
    User, UserId, UserQuery, Users, UsersTable,
};
use adyton_testing::{TestApp, TestDatabase};
use async_trait::async_trait;
use axum::Router;
use axum::routing::{get, post};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

const LOGIN: &str = "/api/v1/auth/login";
const REGISTER: &str = "/api/v1/auth/register";

async fn who(auth: Auth) -> String {
    auth.user().email.clone()
}

async fn maybe(auth: Option<Auth>) -> String {
    auth.map_or_else(|| "nobody".to_owned(), |auth| auth.user().email.clone())
}

fn shop(adyton: &Adyton) -> Router {
    Router::new()
        .route("/open", get(|| async { "open" }))
        .route("/who", get(who).post(who))
        .route("/maybe", get(maybe).post(maybe))
        .route(
            "/auth",
            get(|| async { "in" }).route_layer(adyton.require_auth()),
        )
        .route(
            "/tickets",
            post(who).route_layer(adyton.require_ability("tickets:write")),
        )
        .route(
            "/any",
            get(who).route_layer(adyton.require_any_ability(&["a", "comments:write"])),
        )
        .route(
            "/power",
            get(who).route_layer(adyton.require_ability("admin")),
        )
        .route(
            "/owner",
            get(who).route_layer(adyton.require_role(&["owner", "boss"])),
        )
        .route(
            "/public",
            get(|| async { "counted" }).route_layer(adyton.throttle("public")),
        )
}

async fn shop_app() -> TestApp {
    let change = |config: &mut Config| {
        config.users.roles = ["customer", "owner"].map(str::to_owned).to_vec();
        config.throttle.public.max = 2;
    };
    TestApp::host(change, |builder| builder, shop).await
}

#[tokio::test]
async fn a_hosts_handler_is_told_who_is_calling() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    let browser = app.logged_in("ana@example.com").await;
    for known in [&program, &browser] {
        assert_eq!(
            known.get("/who").await.assert_status(200).body,
            "ana@example.com"
        );
        assert_eq!(
            known.get("/maybe").await.assert_status(200).body,
            "ana@example.com"
        );
        assert_eq!(known.get("/auth").await.assert_status(200).body, "in");
    }
    let anonymous = app.anonymous();
    for path in ["/who", "/auth", "/tickets", "/any", "/power", "/owner"] {
        let answer = match path {
            "/tickets" => anonymous.post(path, json!({})).await,
            _ => anonymous.get(path).await,
        };
        assert_eq!(
            answer.assert_status(401).json(),
            json!({ "message": "Unauthenticated." })
        );
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(anonymous.get("/maybe").await.body, "nobody");
    assert_eq!(anonymous.get("/open").await.body, "open");
    assert_eq!(app.bearer("1|wrong").get("/maybe").await.body, "nobody");
}

#[tokio::test]
async fn a_session_on_a_hosts_unsafe_route_proves_where_it_comes_from() {
    let app = shop_app().await;
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    for path in ["/who", "/maybe", "/tickets"] {
        browser.post(path, json!({})).await.assert_status(200);
        let forged = browser.clone().without_csrf_header();
        forged.post(path, json!({})).await.assert_status(419);
        let foreign = browser.clone().with("origin", "https://evil.example");
        assert_ne!(foreign.post(path, json!({})).await.body, "ana@example.com");
    }
}

#[tokio::test]
async fn gates_ask_for_abilities_by_their_exact_names() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    for (abilities, tickets, any, power) in [
        (&["tickets:write"][..], 200, 403, 403),
        (&["comments:write"], 403, 200, 403),
        (&["*"], 200, 200, 403),
        (&["admin"], 403, 403, 200),
        (
            &[
                "tickets",
                "tickets:*",
                "tickets:write2",
                "Tickets:write",
                "tickets:write ",
            ],
            403,
            403,
            403,
        ),
        (&[], 403, 403, 403),
    ] {
        let program = app.bearer(&app.token(&user, abilities).await);
        program
            .post("/tickets", json!({}))
            .await
            .assert_status(tickets);
        program.get("/any").await.assert_status(any);
        program.get("/power").await.assert_status(power);
    }
    let browser = app.logged_in("ana@example.com").await;
    browser.get("/any").await.assert_status(200);
    let answer = browser.get("/power").await;
    assert_eq!(
        answer.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
}

#[tokio::test]
async fn a_gate_asks_for_a_role_and_a_change_counts_at_once() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    let refused = program.get("/owner").await;
    assert_eq!(refused.assert_status(403).code(), "ROLE_MISSING");
    for (role, status) in [(Some("owner"), 200), (Some("customer"), 403), (None, 403)] {
        app.adyton
            .set_role(&user, role.map(str::to_owned))
            .await
            .expect("a role");
        program.get("/owner").await.assert_status(status);
    }
    assert!(
        app.adyton
            .set_role(&user, Some("boss".to_owned()))
            .await
            .is_err(),
        "not configured"
    );
}

#[tokio::test]
async fn a_hosts_route_is_limited_by_name() {
    let app = shop_app().await;
    for left in ["1", "0"] {
        let answer = app.anonymous().get("/public").await;
        assert_eq!(
            answer.assert_status(200).header("x-ratelimit-remaining"),
            left
        );
    }
    app.anonymous().get("/public").await.assert_status(429);
    app.anonymous()
        .from("192.0.2.9")
        .get("/public")
        .await
        .assert_status(200);
}

#[tokio::test]
#[should_panic(expected = "there is no limit `lunch`; there are login, register")]
async fn a_misspelt_limit_is_found_at_the_start() {
    let _ = shop_app().await.adyton.throttle("lunch");
}

#[tokio::test]
async fn a_route_that_asks_nothing_costs_no_query() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    let token = app.token(&user, &["user"]).await;
    let browser = app
        .logged_in("ana@example.com")
        .await
        .with("authorization", &format!("Bearer {token}"));
    app.adyton.db().close().await;
    browser.get("/open").await.assert_status(200);
    browser.get("/public").await.assert_status(200);
    app.clock.advance(chrono::TimeDelta::minutes(1));
    for path in ["/who", "/auth", "/maybe", "/any"] {
        let answer = browser.get(path).await;
        assert_eq!(
            answer.assert_status(503).code(),
            "UNAVAILABLE",
            "never an answer about the caller"
        );
    }
}

/// Nested routers see the end of a path only; what the settings say of paths is of whole ones.
#[tokio::test]
async fn a_nested_router_asks_for_the_origin_that_its_whole_path_asks_for() {
    let app = TestApp::host(
        |_| {},
        |builder| builder.dialect_at("/api/shop/*", Envelope),
        |adyton| {
            let gated = get(who).route_layer(adyton.require_auth());
            let orders = Router::new().route("/orders", gated);
            Router::new().nest("/api", Router::new().nest("/shop", orders))
        },
    )
    .await;
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    browser.get("/api/shop/orders").await.assert_status(200);
    let nowhere = browser.without("origin").get("/api/shop/orders").await;
    assert_eq!(nowhere.assert_status(401).code(), "ORIGIN_MISSING");
    assert_eq!(nowhere.json()["success"], false);
}

#[tokio::test]
async fn adytons_routes_may_be_nested_too() {
    let app = TestApp::host(
        |_| {},
        |builder| builder.dialect_at("/auth/*", Overlay::new(Laravel).rename("email", "correo")),
        |adyton| Router::new().nest("/auth", adyton.routes()),
    )
    .await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser
        .get("/auth/sanctum/csrf-cookie")
        .await
        .assert_status(204);
    let body = json!({ "correo": "ana@example.com", "password": "password" });
    browser.post("/auth/login", body).await.assert_status(200);
    let me = browser.get("/auth/api/user").await;
    assert_eq!(me.assert_status(200).json()["correo"], "ana@example.com");
}

/// Members of a club, by a text key, in memory.
#[derive(Clone, Default)]
struct Members(Arc<Mutex<BTreeMap<String, User>>>);

#[async_trait]
impl Users for Members {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        Ok(self
            .0
            .lock()
            .expect("members")
            .get(&id.to_string())
            .cloned())
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        let members = self.0.lock().expect("members");
        Ok(members
            .values()
            .find(|member| member.email == login)
            .cloned())
    }

    async fn create(&self, new: NewUser, _: &mut Tx) -> Result<User> {
        let mut members = self.0.lock().expect("members");
        let id = UserId::Text(format!("member-{}", members.len()));
        let mut user = User::new(1, new.name, new.email);
        (user.id, user.password) = (id.clone(), new.password);
        members.insert(id.to_string(), user.clone());
        Ok(user)
    }

    async fn update(&self, id: &UserId, changes: Changes) -> Result<()> {
        if let (Some(member), Some(disabled_at)) = (
            self.0.lock().expect("members").get_mut(&id.to_string()),
            changes.disabled_at,
        ) {
            member.disabled_at = disabled_at;
        }
        Ok(())
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        let members = self.0.lock().expect("members");
        let limit = usize::try_from(query.limit).unwrap_or(usize::MAX);
        Ok((
            members.values().take(limit).cloned().collect(),
            members.len() as u64,
        ))
    }

    fn present(&self, user: &User) -> Fields {
        let mut shown = Fields::new();
        shown.insert("member".to_owned(), json!(user.id));
        shown
    }
}

#[tokio::test]
async fn a_host_brings_its_own_users() {
    let members = Members::default();
    let kept = members.clone();
    let app = TestApp::host(
        |config| {
            config.users.id = IdKind::Text;
            config.wire.envelope.clear();
        },
        |builder| builder.users(members),
        shop,
    )
    .await;
    let eva = json!({ "name": "Eva", "email": "eva@example.com", "password": "password",
        "password_confirmation": "password" });
    let answer = app
        .anonymous()
        .post(REGISTER, eva.clone())
        .await
        .assert_status(201)
        .json();
    assert_eq!(answer["user"], json!({ "member": "member-0" }));
    let program = app.bearer(answer["token"].as_str().expect("a token"));
    assert_eq!(
        program.get("/api/user").await.json(),
        json!({ "member": "member-0" })
    );
    let browser = app.logged_in("eva@example.com").await;
    assert_eq!(
        browser.get("/who").await.assert_status(200).body,
        "eva@example.com"
    );
    let tokens = program.get("/api/v1/me/tokens").await.json();
    assert_eq!(tokens.as_array().map(Vec::len), Some(1));

    let eva = kept
        .find_by_login("eva@example.com")
        .await
        .expect("read")
        .expect("a member");
    app.adyton.disable_user(&eva).await.expect("disabled");
    browser.get("/who").await.assert_status(401);
    program.get("/who").await.assert_status(401);
}

/// Laravel's table with a row of the host's beside each user, in one transaction.
struct Customers(UsersTable);

#[async_trait]
impl Users for Customers {
    async fn find(&self, id: &UserId) -> Result<Option<User>> {
        self.0.find(id).await
    }

    async fn find_by_login(&self, login: &str) -> Result<Option<User>> {
        self.0.find_by_login(login).await
    }

    async fn create(&self, new: NewUser, tx: &mut Tx) -> Result<User> {
        let phone = new
            .fields
            .get("phone")
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned();
        let user = self.0.create(new, tx).await?;
        let UserId::Integer(id) = user.id else {
            return Err(Error::NotFound);
        };
        let row = "INSERT INTO customers (user_id, phone) VALUES ($1, $2)";
        tx.run(row, &[id.into(), phone.into()]).await?;
        Ok(user)
    }

    async fn update(&self, id: &UserId, changes: Changes) -> Result<()> {
        self.0.update(id, changes).await
    }

    async fn list(&self, query: &UserQuery) -> Result<(Vec<User>, u64)> {
        self.0.list(query).await
    }
}

#[tokio::test]
async fn a_hosts_row_and_ours_are_one_transaction() {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    let mut config = TestApp::config();
    config
        .users
        .fields
        .insert("phone".to_owned(), Field::new(FieldKind::Text));
    let clock = adyton::Clock::system();
    let table = UsersTable::new(db.clone(), clock, []);
    let adyton = Adyton::builder(db.clone())
        .config(config)
        .users(Customers(table))
        .build();
    let adyton = adyton.expect("the settings are right");
    adyton.migrate().await.expect("migrated");
    let own = Migration {
        name: "shop/0001_customers",
        sql: "CREATE TABLE customers (user_id {ref} NOT NULL, phone varchar(20) NOT NULL UNIQUE);",
    };
    let applied = adyton.migrate_host(&[own]).await.expect("migrated");
    assert_eq!(applied, ["shop/0001_customers"]);
    assert!(
        adyton
            .migrate_host(&[own])
            .await
            .expect("migrated")
            .is_empty()
    );

    let router = adyton.routes().layer(adyton.layer());
    let register = async |email: &str, phone: &str| {
        let body = json!({ "name": "Eva", "email": email, "password": "password", "phone": phone });
        let request = http::Request::post(REGISTER)
            .header("content-type", "application/json")
            .body(axum::body::Body::from(body.to_string()))
            .expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        response.status().as_u16()
    };
    let rows = async |table: &str| {
        let row = db
            .one(&format!("SELECT COUNT(*) AS total FROM {table}"), &[])
            .await;
        row.expect("read")
            .expect("a row")
            .get::<i64>("total")
            .expect("a number")
    };
    assert_eq!(register("eva@example.com", "600").await, 201);
    assert_eq!((rows("users").await, rows("customers").await), (1, 1));
    assert_ne!(
        register("ana@example.com", "600").await,
        201,
        "the phone is taken"
    );
    assert_eq!(
        (rows("users").await, rows("customers").await),
        (1, 1),
        "no half of it"
    );
    assert_eq!(rows("personal_access_tokens").await, 1);
}

#[tokio::test]
async fn a_host_lends_its_own_pool() {
    let database = TestDatabase::fresh().await;
    let url = database.url.as_str();
    let db: Db = match url.split(':').next() {
        Some("sqlite") => {
            let options: sqlx::sqlite::SqliteConnectOptions = url.parse().expect("an address");
            sqlx::SqlitePool::connect_with(options.create_if_missing(true))
                .await
                .expect("a pool")
                .into()
        }
        Some("postgres") => sqlx::PgPool::connect(url).await.expect("a pool").into(),
        _ => sqlx::MySqlPool::connect(url).await.expect("a pool").into(),
    };
    let adyton = Adyton::builder(db)
        .config(TestApp::config())
        .build()
        .expect("built");
    adyton.migrate().await.expect("migrated");
    let draft = adyton::UserDraft::new("Ana", "ana@example.com");
    let made = adyton.create_user(draft).await.expect("made");
    assert_eq!(
        adyton.find_user("ana@example.com").await.expect("found").id,
        made.id
    );
}

#[tokio::test]
async fn a_login_field_may_have_another_name_on_the_wire() {
    let app = TestApp::host(
        |config| config.wire.envelope.clear(),
        |builder| {
            builder.dialect(
                Overlay::new(Laravel)
                    .rename("email", "correo")
                    .rename("name", "nombre"),
            )
        },
        shop,
    )
    .await;
    app.user("ana@example.com").await;
    let missing = app
        .anonymous()
        .post(LOGIN, json!({ "email": "ana@example.com" }))
        .await;
    let missing = missing.assert_status(422).json();
    assert_eq!(
        missing["errors"]["correo"],
        json!(["The correo field is required."])
    );
    let wrong = json!({ "correo": "ana@example.com", "password": "wrong" });
    let wrong = app
        .anonymous()
        .post(LOGIN, wrong)
        .await
        .assert_status(422)
        .json();
    let said = json!(["These credentials do not match our records."]);
    assert_eq!(wrong["errors"], json!({ "correo": said }));
    let right = json!({ "correo": "ana@example.com", "password": "password" });
    let right = app
        .anonymous()
        .post(LOGIN, right)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&right["user"]["correo"], &right["user"]["nombre"]),
        (&json!("ana@example.com"), &json!("Ana"))
    );
    assert!(right["user"].get("email").is_none());
}

#[tokio::test]
async fn routes_move_by_setting_and_features_go() {
    let app = TestApp::with(|config| {
        config
            .routes
            .insert("login.store".to_owned(), "/entrar".to_owned());
        config.features = ["login", "csrf-cookie", "logout"]
            .map(str::to_owned)
            .to_vec();
    })
    .await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let body = json!({ "email": "ana@example.com", "password": "password" });
    browser
        .post("/login", body.clone())
        .await
        .assert_status(404);
    browser
        .post("/entrar", body.clone())
        .await
        .assert_status(200);
    browser
        .post("/register", json!({}))
        .await
        .assert_status(404);
    app.anonymous().post(LOGIN, body).await.assert_status(404);
    browser.get("/api/user").await.assert_status(404);
    browser.post("/logout", json!({})).await.assert_status(204);
}

#[tokio::test]
async fn what_cannot_be_built_is_said_by_setting() {
    let db = TestDatabase::fresh().await.connect().await;
    for (change, setting) in [
        (
            (|config: &mut Config| config.features = vec!["log-in".to_owned()]) as fn(&mut Config),
            "features",
        ),
        (
            |config| drop(config.routes.insert("login".to_owned(), "/x".to_owned())),
            "routes.\"login\"",
        ),
        (
            |config| {
                drop(
                    config
                        .routes
                        .insert("logout".to_owned(), "/login".to_owned()),
                )
            },
            "routes.\"logout\"",
        ),
        (
            |config| config.stateful.origins = vec!["not an origin".to_owned()],
            "stateful.origins",
        ),
        (|config| config.key = Some("short".into()), "key"),
    ] {
        let mut config = TestApp::config();
        change(&mut config);
        let refused = Adyton::builder(db.clone()).config(config).build();
        assert_eq!(refused.err().expect("refused").setting, setting);
    }
}
