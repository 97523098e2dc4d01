//! The host's door: its routes, gates, users, fields, pool and ears around Adyton's.

mod gates;
mod nesting;
mod settings;
mod users;

use adyton::config::Config;
use adyton::{Adyton, Auth, Db};
use adyton_testing::{TestApp, TestDatabase};
use axum::Router;
use axum::routing::{get, post};
use serde_json::json;

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
