//! Databases of Laravel, from 8 on, adopted in place.

use adyton::{Abilities, Adyton, Db, NewToken};
use adyton_testing::TestDatabase;
use chrono::TimeDelta;
use http::{Request, StatusCode};
use serde_json::json;
use tower::ServiceExt as _;

use super::{BCRYPT, built, lived_in, run, total};

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
    let steps = [
        "0001_laravel_tables",
        "0002_adyton",
        "0003_mail",
        "0004_account",
        "0005_keys",
        "0006_ways_in",
    ];
    assert_eq!(applied, steps.map(|step| format!("adyton/{step}")));
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

/// `laravel/passkeys`, whose `credential` is the database's own kind of JSON where it has one.
const PASSKEYS: Laravel = Laravel {
    sqlite: r#"create table "passkeys" ("id" integer primary key autoincrement not null, "user_id" integer not null, "name" varchar not null, "credential_id" varchar not null, "credential" text not null, "last_used_at" datetime, "created_at" datetime, "updated_at" datetime)"#,
    postgres: r#"create table "passkeys" ("id" bigserial not null primary key, "user_id" bigint not null, "name" varchar(255) not null, "credential_id" varchar(255) not null, "credential" json not null, "last_used_at" timestamp(0) without time zone null, "created_at" timestamp(0) without time zone null, "updated_at" timestamp(0) without time zone null)"#,
    mysql: "create table `passkeys` (`id` bigint unsigned not null auto_increment primary key, `user_id` bigint unsigned not null, `name` varchar(255) not null, `credential_id` varchar(255) not null, `credential` json not null, `last_used_at` timestamp null, `created_at` timestamp null, `updated_at` timestamp null) default character set utf8mb4 collate 'utf8mb4_unicode_ci'",
};

/// What a counter is compared with at each use must be what was written.
#[tokio::test]
async fn a_passkey_of_laravels_can_be_compared_once_its_table_is_adopted() {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    run(&db, PASSKEYS.ddl(&db)).await;
    let written = r#"{"type": "public-key", "counter": 7}"#;
    let row = format!(
        "INSERT INTO passkeys (user_id, name, credential_id, credential) \
         VALUES (1, 'phone', 'aaaa', '{written}')"
    );
    run(&db, &row).await;
    built(&db).migrate().await.expect("migrated");
    let used = "UPDATE passkeys SET credential = $1 WHERE credential = $2";
    let values = [r#"{"counter": 8}"#.into(), written.into()];
    assert_eq!(db.run(used, &values).await.expect("compared"), 1);
    assert_eq!(db.run(used, &values).await.expect("compared"), 0);
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
