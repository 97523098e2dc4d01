//! What the tables promise: they are made and adopted in place, and kept as Laravel keeps them.

mod laravel;

use adyton::db::Value;
use adyton::{Abilities, Adyton, Db, NewToken, UserDraft};
use adyton_testing::{TestApp, TestDatabase};
use chrono::TimeDelta;
use serde_json::json;

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

#[tokio::test]
async fn an_empty_database_is_made_into_laravels() {
    let database = TestDatabase::fresh().await;
    let db = database.connect().await;
    let adyton = built(&db);
    assert_eq!(adyton.pending_migrations().await.expect("read").len(), 6);
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
        "adyton/0003_mail",
        "adyton/0004_account",
        "adyton/0005_keys",
        "adyton/0006_ways_in",
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
