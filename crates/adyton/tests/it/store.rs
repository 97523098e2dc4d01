//! What the tables promise: they are made and adopted in place, and kept as Laravel keeps them.

use adyton::db::Value;
use adyton::{Abilities, Adyton, Db, NewToken, UserDraft};
use adyton_testing::{TestApp, TestDatabase};
use chrono::TimeDelta;
use http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt as _;

/// What Laravel's migrations of some age make, word for word as its schema builder writes it.
struct Laravel {
    sqlite: &'static str,
    postgres: &'static str,
    mysql: &'static str,
}

impl Laravel {
    fn ddl(&self, db: &Db) -> &'static str {
        match db.kind() {
            "SQLite" => self.sqlite,
            "PostgreSQL" => self.postgres,
            _ => self.mysql,
        }
    }
}

/// Laravel 8 with Sanctum 2: no `expires_at`, no two-factor columns, `payload` a `text`.
const LARAVEL_8: Laravel = Laravel {
    sqlite: r#"
create table "users" ("id" integer not null primary key autoincrement, "name" varchar not null, "email" varchar not null, "email_verified_at" datetime null, "password" varchar not null, "remember_token" varchar null, "created_at" datetime null, "updated_at" datetime null);
create unique index "users_email_unique" on "users" ("email");
create table "personal_access_tokens" ("id" integer not null primary key autoincrement, "tokenable_type" varchar not null, "tokenable_id" integer not null, "name" varchar not null, "token" varchar not null, "abilities" text null, "last_used_at" datetime null, "created_at" datetime null, "updated_at" datetime null);
create index "personal_access_tokens_tokenable_type_tokenable_id_index" on "personal_access_tokens" ("tokenable_type", "tokenable_id");
create unique index "personal_access_tokens_token_unique" on "personal_access_tokens" ("token");
create table "sessions" ("id" varchar not null, "user_id" integer null, "ip_address" varchar null, "user_agent" text null, "payload" text not null, "last_activity" integer not null);
create unique index "sessions_id_unique" on "sessions" ("id")"#,
    postgres: r#"
create table "users" ("id" bigserial primary key not null, "name" varchar(255) not null, "email" varchar(255) not null, "email_verified_at" timestamp(0) without time zone null, "password" varchar(255) not null, "remember_token" varchar(100) null, "created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null);
alter table "users" add constraint "users_email_unique" unique ("email");
create table "personal_access_tokens" ("id" bigserial primary key not null, "tokenable_type" varchar(255) not null, "tokenable_id" bigint not null, "name" varchar(255) not null, "token" varchar(64) not null, "abilities" text null, "last_used_at" timestamp(0) without time zone null, "created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null);
create index "personal_access_tokens_tokenable_type_tokenable_id_index" on "personal_access_tokens" ("tokenable_type", "tokenable_id");
alter table "personal_access_tokens" add constraint "personal_access_tokens_token_unique" unique ("token");
create table "sessions" ("id" varchar(255) not null, "user_id" bigint null, "ip_address" varchar(45) null, "user_agent" text null, "payload" text not null, "last_activity" integer not null);
alter table "sessions" add constraint "sessions_id_unique" unique ("id")"#,
    mysql: r"
create table `users` (`id` bigint unsigned not null auto_increment primary key, `name` varchar(255) not null, `email` varchar(255) not null, `email_verified_at` timestamp null, `password` varchar(255) not null, `remember_token` varchar(100) null, `created_at` timestamp null, `updated_at` timestamp null) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `users` add unique `users_email_unique`(`email`);
create table `personal_access_tokens` (`id` bigint unsigned not null auto_increment primary key, `tokenable_type` varchar(255) not null, `tokenable_id` bigint unsigned not null, `name` varchar(255) not null, `token` varchar(64) not null, `abilities` text null, `last_used_at` timestamp null, `created_at` timestamp null, `updated_at` timestamp null) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `personal_access_tokens` add index `personal_access_tokens_tokenable_type_tokenable_id_index`(`tokenable_type`, `tokenable_id`);
alter table `personal_access_tokens` add unique `personal_access_tokens_token_unique`(`token`);
create table `sessions` (`id` varchar(255) not null, `user_id` bigint unsigned null, `ip_address` varchar(45) null, `user_agent` text null, `payload` text not null, `last_activity` int not null) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `sessions` add unique `sessions_id_unique`(`id`)",
};

/// Laravel 11 with Sanctum 4 and Fortify.
const LARAVEL_11: Laravel = Laravel {
    sqlite: r#"
create table "users" ("id" integer primary key autoincrement not null, "name" varchar not null, "email" varchar not null, "email_verified_at" datetime, "password" varchar not null, "remember_token" varchar, "created_at" datetime, "updated_at" datetime, "two_factor_secret" text, "two_factor_recovery_codes" text, "two_factor_confirmed_at" datetime);
create unique index "users_email_unique" on "users" ("email");
create table "personal_access_tokens" ("id" integer primary key autoincrement not null, "tokenable_type" varchar not null, "tokenable_id" integer not null, "name" varchar not null, "token" varchar not null, "abilities" text, "last_used_at" datetime, "expires_at" datetime, "created_at" datetime, "updated_at" datetime);
create index "personal_access_tokens_tokenable_type_tokenable_id_index" on "personal_access_tokens" ("tokenable_type", "tokenable_id");
create unique index "personal_access_tokens_token_unique" on "personal_access_tokens" ("token");
create table "sessions" ("id" varchar not null, "user_id" integer, "ip_address" varchar, "user_agent" text, "payload" text not null, "last_activity" integer not null, primary key ("id"));
create index "sessions_user_id_index" on "sessions" ("user_id");
create index "sessions_last_activity_index" on "sessions" ("last_activity")"#,
    postgres: r#"
create table "users" ("id" bigserial not null primary key, "name" varchar(255) not null, "email" varchar(255) not null, "email_verified_at" timestamp(0) without time zone null, "password" varchar(255) not null, "two_factor_secret" text null, "two_factor_recovery_codes" text null, "two_factor_confirmed_at" timestamp(0) without time zone null, "remember_token" varchar(100) null, "created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null);
alter table "users" add constraint "users_email_unique" unique ("email");
create table "personal_access_tokens" ("id" bigserial not null primary key, "tokenable_type" varchar(255) not null, "tokenable_id" bigint not null, "name" varchar(255) not null, "token" varchar(64) not null, "abilities" text null, "last_used_at" timestamp(0) without time zone null, "expires_at" timestamp(0) without time zone null, "created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null);
create index "personal_access_tokens_tokenable_type_tokenable_id_index" on "personal_access_tokens" ("tokenable_type", "tokenable_id");
alter table "personal_access_tokens" add constraint "personal_access_tokens_token_unique" unique ("token");
create table "sessions" ("id" varchar(255) not null, "user_id" bigint null, "ip_address" varchar(45) null, "user_agent" text null, "payload" text not null, "last_activity" integer not null);
alter table "sessions" add primary key ("id");
create index "sessions_user_id_index" on "sessions" ("user_id");
create index "sessions_last_activity_index" on "sessions" ("last_activity")"#,
    mysql: r"
create table `users` (`id` bigint unsigned not null auto_increment primary key, `name` varchar(255) not null, `email` varchar(255) not null, `email_verified_at` timestamp null, `password` varchar(255) not null, `two_factor_secret` text null, `two_factor_recovery_codes` text null, `two_factor_confirmed_at` timestamp null, `remember_token` varchar(100) null, `created_at` timestamp null, `updated_at` timestamp null) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `users` add unique `users_email_unique`(`email`);
create table `personal_access_tokens` (`id` bigint unsigned not null auto_increment primary key, `tokenable_type` varchar(255) not null, `tokenable_id` bigint unsigned not null, `name` varchar(255) not null, `token` varchar(64) not null, `abilities` text null, `last_used_at` timestamp null, `expires_at` timestamp null, `created_at` timestamp null, `updated_at` timestamp null) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `personal_access_tokens` add index `personal_access_tokens_tokenable_type_tokenable_id_index`(`tokenable_type`, `tokenable_id`);
alter table `personal_access_tokens` add unique `personal_access_tokens_token_unique`(`token`);
create table `sessions` (`id` varchar(255) not null, `user_id` bigint unsigned null, `ip_address` varchar(45) null, `user_agent` text null, `payload` longtext not null, `last_activity` int not null, primary key (`id`)) default character set utf8mb4 collate 'utf8mb4_unicode_ci';
alter table `sessions` add index `sessions_user_id_index`(`user_id`);
alter table `sessions` add index `sessions_last_activity_index`(`last_activity`)",
};

/// Laravel 12: a token's `name` is a `text`, and `expires_at` has an index.
const SINCE_LARAVEL_12: Laravel = Laravel {
    sqlite: r#"create index "personal_access_tokens_expires_at_index" on "personal_access_tokens" ("expires_at")"#,
    postgres: r#"
alter table "personal_access_tokens" alter column "name" type text;
create index "personal_access_tokens_expires_at_index" on "personal_access_tokens" ("expires_at")"#,
    mysql: r"
alter table `personal_access_tokens` modify `name` text not null;
alter table `personal_access_tokens` add index `personal_access_tokens_expires_at_index`(`expires_at`)",
};

/// `password`, as a Laravel of that age hashed it.
const BCRYPT: &str = "$2y$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";

async fn run(db: &Db, statements: &str) {
    for statement in statements.split(";\n") {
        db.run(statement, &[])
            .await
            .unwrap_or_else(|error| panic!("{error} in {statement}"));
    }
}

async fn total(db: &Db, from: &str) -> i64 {
    let row = db
        .one(&format!("SELECT COUNT(*) AS total FROM {from}"), &[])
        .await;
    row.expect("read")
        .expect("a row")
        .get("total")
        .expect("a number")
}

fn built(db: &Db) -> Adyton {
    Adyton::builder(db.clone())
        .config(TestApp::config())
        .build()
        .expect("the settings are right")
}

/// Rows as that Laravel left them: a user, a token whose text is `1|test` and a session.
async fn lived_in(db: &Db, password: &str) {
    let user = "INSERT INTO users (name, email, password, remember_token, created_at) VALUES ($1, $2, $3, $4, $5)";
    let made = adyton::Clock::system().now() - TimeDelta::days(400);
    let values: [Value; 5] = [
        "Taylor".into(),
        "taylor@example.com".into(),
        password.into(),
        "x".into(),
        made.into(),
    ];
    db.run(user, &values).await.expect("a user");
    let token = "INSERT INTO personal_access_tokens (tokenable_type, tokenable_id, name, token, abilities, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)";
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let values: [Value; 6] = [
        "App\\Models\\User".into(),
        1_i64.into(),
        "old".into(),
        hash.into(),
        "[\"*\"]".into(),
        made.into(),
    ];
    db.run(token, &values).await.expect("a token");
    let session =
        "INSERT INTO sessions (id, user_id, payload, last_activity) VALUES ($1, $2, $3, $4)";
    let values: [Value; 4] = [
        "a".repeat(40).into(),
        1_i64.into(),
        "YTowOnt9".into(),
        made.timestamp().into(),
    ];
    db.run(session, &values).await.expect("a session");
}

async fn asked(adyton: &Adyton, request: Request<axum::body::Body>) -> StatusCode {
    let router = adyton.routes().layer(adyton.layer());
    router.oneshot(request).await.expect("an answer").status()
}

async fn adopts(before: &[&Laravel]) {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    for laravel in before {
        run(&db, laravel.ddl(&db)).await;
    }
    lived_in(&db, BCRYPT).await;
    let adyton = built(&db);
    let applied = adyton.migrate().await.expect("migrated");
    assert_eq!(
        applied,
        ["adyton/0001_laravel_tables", "adyton/0002_adyton"]
    );
    assert!(
        adyton.migrate().await.expect("migrated").is_empty(),
        "a second time there is nothing to do"
    );
    assert!(adyton.pending_migrations().await.expect("read").is_empty());
    for table in ["users", "personal_access_tokens", "sessions"] {
        assert_eq!(total(&db, table).await, 1, "{table}");
    }
    assert_eq!(
        total(&db, "users WHERE remember_token = 'x'").await,
        1,
        "Laravel's own columns stay"
    );

    let user = adyton.find_user("taylor@example.com").await.expect("there");
    assert_eq!(
        (&*user.name, &user.role, user.disabled_at),
        ("Taylor", &None, None)
    );
    let bearer = Request::get("/api/user").header("authorization", "Bearer 1|test");
    let bearer = bearer.body(axum::body::Body::empty()).expect("a request");
    assert_eq!(asked(&adyton, bearer).await, 200, "its tokens go on");
    let credentials = json!({ "email": "taylor@example.com", "password": "password" });
    let login = Request::post("/api/v1/auth/login").header("content-type", "application/json");
    let login = login
        .body(axum::body::Body::from(credentials.to_string()))
        .expect("a request");
    assert_eq!(asked(&adyton, login).await, 200, "its passwords too");
    let stolen =
        Request::get("/api/user").header("cookie", format!("adyton_session={}", "a".repeat(40)));
    let stolen = stolen.body(axum::body::Body::empty()).expect("a request");
    assert_eq!(asked(&adyton, stolen).await, 401, "a row's id is no cookie");
    assert!(adyton.sessions_of(&user.id).await.expect("read").is_empty());
    let tokens = adyton.tokens_of(&user.id).await.expect("read");
    assert_eq!((tokens.len(), &*tokens[1].name), (2, "old"));
    adyton.flush().await.expect("written");
    assert_eq!(
        total(&db, "personal_access_tokens WHERE last_used_at IS NOT NULL").await,
        1
    );
    let mut new = NewToken::new("new", Abilities::new(["user"]));
    new.expires_at = Some(adyton.clock().now() + TimeDelta::days(1));
    adyton.issue_token(&user, new).await.expect("issued");
}

#[tokio::test]
async fn a_database_of_laravel_8_is_adopted_in_place() {
    adopts(&[&LARAVEL_8]).await;
}

#[tokio::test]
async fn a_database_of_laravel_11_is_adopted_in_place() {
    adopts(&[&LARAVEL_11]).await;
}

#[tokio::test]
async fn a_database_of_laravel_12_is_adopted_in_place() {
    adopts(&[&LARAVEL_11, &SINCE_LARAVEL_12]).await;
}

#[tokio::test]
async fn an_empty_database_is_made_into_laravels() {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    let adyton = built(&db);
    assert_eq!(adyton.pending_migrations().await.expect("read").len(), 2);
    adyton.migrate().await.expect("migrated");
    // What a Laravel writes there, by its columns' names.
    lived_in(&db, BCRYPT).await;
    let columns = "two_factor_secret, two_factor_recovery_codes, two_factor_confirmed_at, remember_token, \
                   email_verified_at, updated_at";
    let rows = db.all(&format!("SELECT {columns} FROM users"), &[]).await;
    assert_eq!(rows.expect("read").len(), 1);
    let again = "INSERT INTO users (name, email, password) VALUES ('x', 'taylor@example.com', 'x')";
    assert!(matches!(
        db.run(again, &[]).await,
        Err(adyton::db::DbError::Taken)
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_processes_may_migrate_at_once() {
    let database = TestDatabase::fresh().await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let db = database.connect().await;
        tasks.push(tokio::spawn(async move {
            let mut config = TestApp::config();
            for name in ["phone", "city"] {
                let field = adyton::config::Field::new(adyton::config::FieldKind::Text);
                config.users.fields.insert(name.to_owned(), field);
            }
            let adyton = Adyton::builder(db).config(config).build().expect("built");
            adyton.migrate().await
        }));
    }
    let mut applied = Vec::new();
    for task in tasks {
        applied.extend(task.await.expect("no panic").expect("migrated"));
    }
    applied.sort();
    let once = [
        "adyton/0001_laravel_tables",
        "adyton/0002_adyton",
        "users.city",
        "users.phone",
    ];
    assert_eq!(applied, once, "each step by one of them");
}

#[tokio::test]
async fn a_step_that_fails_is_not_recorded_and_can_be_mended() {
    let database = TestDatabase::fresh().await;
    let adyton = built(&database.connect().await);
    let step = |sql| adyton::db::Migration {
        name: "shop/0001",
        sql,
    };
    let broken = step("CREATE TABLE shop (id {id});\nCREATE NONSENSE;");
    assert!(adyton.migrate_host(&[broken]).await.is_err());
    let mended = step("CREATE TABLE IF NOT EXISTS shop (id {id});");
    assert_eq!(
        adyton.migrate_host(&[mended]).await.expect("migrated"),
        ["shop/0001"]
    );
}

/// What is in a cookie or a bearer header is nowhere in the database.
#[tokio::test]
async fn no_secret_is_kept_as_it_is() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let token = app.token(&user, &["user"]).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    let body = json!({ "email": "ana@example.com", "password": "password", "remember": true });
    browser.post("/login", body).await.assert_status(200);
    let (_, secret) = token.split_once('|').expect("an id and a secret");
    let session = browser.cookie("adyton_session").expect("a cookie");
    let remember = browser.cookie("adyton_remember").expect("a cookie");
    let (selector, validator) = remember.split_once('.').expect("two parts");
    let mut kept = Vec::new();
    for (table, columns) in [
        ("users", &["password", "remember_token"][..]),
        ("personal_access_tokens", &["token", "abilities"]),
        ("sessions", &["id", "payload"]),
        (
            "remembered_browsers",
            &["selector", "validator", "previous_validator"],
        ),
    ] {
        let sql = format!("SELECT {} FROM {table}", columns.join(", "));
        let rows = app.adyton.db().all(&sql, &[]).await.expect("rows");
        assert_eq!(rows.len(), 1, "{table}");
        for column in columns {
            kept.extend(rows[0].get::<Option<String>>(column).expect("a text"));
        }
    }
    for secret in [secret, &session, selector, validator, "password"] {
        assert!(
            !kept.iter().any(|text| text.contains(secret)),
            "{secret} in {kept:?}"
        );
    }
}

#[tokio::test]
async fn tokens_and_sessions_whose_time_is_over_are_pruned() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    app.token(&user, &["user"]).await;
    let mut short = NewToken::new("short", Abilities::new(["user"]));
    short.expires_at = Some(app.clock.now() + TimeDelta::hours(1));
    app.adyton.issue_token(&user, short).await.expect("issued");
    app.logged_in("ana@example.com").await;
    let day = std::time::Duration::from_secs(24 * 3_600);
    app.clock.advance(TimeDelta::hours(24));
    assert_eq!(
        app.adyton.prune_tokens(day).await.expect("pruned"),
        0,
        "the grace is not over"
    );
    app.clock
        .advance(TimeDelta::hours(1) + TimeDelta::seconds(1));
    assert_eq!(app.adyton.prune_tokens(day).await.expect("pruned"), 1);
    assert_eq!(app.adyton.prune_sessions().await.expect("pruned"), 1);
    assert_eq!(
        app.adyton.tokens_of(&user.id).await.expect("read")[0].name,
        "test"
    );
}

/// Times are told to the second by every column, whatever the database.
#[tokio::test]
async fn what_is_written_is_read_back_as_it_was() {
    let app = TestApp::new().await;
    app.clock.advance(chrono::TimeDelta::milliseconds(1_234));
    let user = app.user("ana@example.com").await;
    let again = app.adyton.find_user("ana@example.com").await;
    let again = again.expect("there");
    assert_eq!(
        (again.created_at, again.email_verified_at, again.email),
        (user.created_at, user.email_verified_at, user.email)
    );
    let names = [
        "😀 ünï \u{202e}x",
        "quote ' \" ` \\ %",
        "line\nbreak\ttab",
        "\u{7f}\u{1}",
    ];
    for (at, name) in names.into_iter().enumerate() {
        let draft = UserDraft::new(name, format!("u{at}@example.com"));
        let made = app.adyton.create_user(draft).await.expect("made");
        let read = app
            .adyton
            .users()
            .find(&made.id)
            .await
            .expect("read")
            .expect("there");
        assert_eq!(read.name, name.trim());
    }
}
