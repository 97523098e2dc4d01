//! All users, for an operator's program.

use adyton::{UserDraft, config::Config};
use adyton_testing::{Browser, TestApp};
use serde_json::{Value as Json, json};

const USERS: &str = "/api/v1/admin/users";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn named(app: &TestApp, name: &str, email: &str) {
    let draft = UserDraft::new(name, email);
    app.adyton.create_user(draft).await.expect("a user");
}

async fn operator(app: &TestApp) -> Browser {
    let user = app.user("root@example.com").await;
    app.bearer(&app.token(&user, &["admin"]).await)
}

fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn names(program: &Browser, query: &str) -> Vec<String> {
    let answer = program.get(&format!("{USERS}?{query}")).await;
    let body = answer.assert_status(200).json();
    let entries = body["data"].as_array().expect("a list");
    let name = |entry: &Json| entry["name"].as_str().expect("a name").to_owned();
    entries.iter().map(name).collect()
}

#[tokio::test]
async fn users_are_listed_in_pages() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    for number in 1..=19 {
        named(
            &app,
            &format!("User {number}"),
            &format!("u{number}@example.com"),
        )
        .await;
    }
    let answer = program.get(USERS).await;
    let body = answer.assert_status(200).json();
    assert_eq!(
        body["data"].as_array().map(Vec::len),
        Some(15),
        "Laravel's default"
    );
    let meta = json!({ "current_page": 1, "per_page": 15, "last_page": 2, "total": 20 });
    assert_eq!(body["meta"], meta);
    let shown: Vec<_> = body["data"][0]
        .as_object()
        .expect("a user")
        .keys()
        .collect();
    let keys = [
        "id",
        "name",
        "email",
        "email_verified",
        "created_at",
        "updated_at",
        "disabled",
    ];
    assert_eq!(shown, keys);
    assert!(!answer.body.contains("argon2") && !answer.body.contains("password"));
    assert_eq!(names(&program, "page=2").await.len(), 5);
    assert_eq!(
        names(&program, "page=4&per_page=6").await,
        ["User 18", "User 19"]
    );
    assert!(
        names(&program, "page=1000000&per_page=100")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn page_numbers_have_bounds() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    for name in ["page", "per_page"] {
        for value in [
            "0",
            "-1",
            "1000000000",
            "1e9",
            "abc",
            "1.5",
            "99999999999999999999999999999999999999999",
            "0x10",
            "%00",
            "1%00",
            "%EF%BC%91",
            "1;2",
            "NaN",
            "''",
            "1,000",
            "%ff",
        ] {
            let answer = program.get(&format!("{USERS}?{name}={value}")).await;
            let errors = answer.assert_status(422).json();
            assert!(
                errors["errors"][name].is_array(),
                "{name}={value}: {errors}"
            );
        }
        for value in ["", "%20", "1", "+1", "01"] {
            program
                .get(&format!("{USERS}?{name}={value}"))
                .await
                .assert_status(200);
        }
    }
    program
        .get(&format!("{USERS}?per_page=101"))
        .await
        .assert_status(422);
    program
        .get(&format!("{USERS}?per_page=100"))
        .await
        .assert_status(200);
    program
        .get(&format!("{USERS}?page[]=2&per_page[x]=0&page"))
        .await
        .assert_status(200);
}

#[tokio::test]
async fn a_search_looks_into_names_and_addresses_in_any_case() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    named(&app, "Beatriz Ñáñez", "bea@example.com").await;
    named(&app, "Carlos", "CARLOS@Example.org").await;
    for (search, found) in [
        ("beatriz", &["Beatriz Ñáñez"][..]),
        ("EATRI", &["Beatriz Ñáñez"]),
        ("Ñáñez", &["Beatriz Ñáñez"]),
        ("bea@", &["Beatriz Ñáñez"]),
        ("BEA@EXAMPLE", &["Beatriz Ñáñez"]),
        ("example.org", &["Carlos"]),
        ("  carlos ", &["Carlos"]),
        ("nobody", &[]),
    ] {
        let query = format!("search={}", escaped(search));
        assert_eq!(names(&program, &query).await, found, "{search}");
    }
    assert_eq!(names(&program, "search=").await.len(), 3);
    assert_eq!(
        names(&program, "search=example&search=nobody").await.len(),
        3,
        "the first counts"
    );
}

#[tokio::test]
async fn what_sql_reads_as_a_pattern_is_searched_as_it_is() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    let odd = [
        "100%",
        "a_b",
        "Wow!",
        "O'Brien",
        "\"q\"",
        "back\\slash",
        "$1 ?",
        "-- x",
        "😀 smile",
    ];
    for (at, name) in odd.iter().enumerate() {
        named(&app, name, &format!("u{at}@example.net")).await;
    }
    for (search, found) in [
        ("%", &["100%"][..]),
        ("_", &["a_b"]),
        ("!", &["Wow!"]),
        ("!%", &[]),
        ("!!", &[]),
        ("%%", &[]),
        ("a%b", &[]),
        ("'", &["O'Brien"]),
        ("\"", &["\"q\""]),
        ("\\", &["back\\slash"]),
        ("$1", &["$1 ?"]),
        ("?", &["$1 ?"]),
        ("--", &["-- x"]),
        ("😀", &["😀 smile"]),
        ("' OR '1'='1", &[]),
        ("'; DROP TABLE users; --", &[]),
    ] {
        let query = format!("search={}", escaped(search));
        assert_eq!(names(&program, &query).await, found, "{search}");
    }
}

#[tokio::test]
async fn a_search_that_no_column_could_hold_is_refused() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    let longest = escaped(&"ñ".repeat(255));
    program
        .get(&format!("{USERS}?search={longest}"))
        .await
        .assert_status(200);
    for wrong in ["a%00b", "%00", &escaped(&"x".repeat(256))] {
        let answer = program.get(&format!("{USERS}?search={wrong}")).await;
        assert!(
            answer.assert_status(422).json()["errors"]["search"].is_array(),
            "{wrong}"
        );
    }
    for odd in [
        "%ff%fe",
        "%E2%80%AE",
        "%ED%A0%80",
        "[]=x",
        "%F0%9F%98%80%EF%BF%BF",
    ] {
        program
            .get(&format!("{USERS}?search={odd}"))
            .await
            .assert_status(200);
    }
}

#[tokio::test]
async fn it_takes_the_ability_admin_by_its_name() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.users.roles = vec!["admin".to_owned()];
    })
    .await;
    let user = app.user("ana@example.com").await;
    app.adyton
        .set_role(&user, Some("admin".to_owned()))
        .await
        .expect("a role");
    for abilities in [
        &["*"][..],
        &["user"],
        &[],
        &["Admin"],
        &["admin:read"],
        &["administrator"],
    ] {
        let program = app.bearer(&app.token(&user, abilities).await);
        let answer = program.get(USERS).await;
        assert_eq!(
            answer.assert_status(403).code(),
            "TOKEN_ABILITY_MISSING",
            "{abilities:?}"
        );
        assert_eq!(answer.json()["errors"]["code"], "FORBIDDEN");
    }
    let program = app.bearer(&app.token(&user, &["user", "admin"]).await);
    program.get(USERS).await.assert_status(200);
    app.anonymous().get(USERS).await.assert_status(401);
}

#[tokio::test]
async fn a_session_never_lists_users() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    let answer = browser.get(USERS).await;
    assert_eq!(answer.assert_status(403).code(), "SESSION_ABILITY_MISSING");
    let token = app.token(&user, &["admin"]).await;
    let both = browser.with("authorization", &format!("Bearer {token}"));
    both.get(USERS).await.assert_status(200);
}

#[tokio::test]
async fn a_disabled_user_is_listed_as_such_and_lists_nobody() {
    let app = TestApp::with(unlimited).await;
    let program = operator(&app).await;
    let eva = app.user("eva@example.com").await;
    let hers = app.bearer(&app.token(&eva, &["admin"]).await);
    hers.get(USERS).await.assert_status(200);
    app.adyton.disable_user(&eva).await.expect("disabled");
    hers.get(USERS).await.assert_status(401);
    let body = program.get(USERS).await.json();
    assert_eq!(
        (&body["data"][0]["disabled"], &body["data"][1]["disabled"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn no_variant_of_the_path_is_an_unguarded_way_in() {
    let app = TestApp::with(unlimited).await;
    app.user("ana@example.com").await;
    for path in [
        "/api/v1/admin//users",
        "/api/v1/admin/users/",
        "/api/v1/admin/./users",
        "/api/v1/admin/users;x",
        "/api/v1/admin/%75sers",
        "/API/v1/admin/users",
        "//api/v1/admin/users",
        "/api/v1/admin/users%20",
    ] {
        app.anonymous().get(path).await.assert_status(404);
    }
    for method in ["HEAD", "GET"] {
        let method = method.parse().expect("a method");
        app.anonymous()
            .json(method, USERS, Json::Null)
            .await
            .assert_status(401);
    }
    for header in [
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ] {
        let answer = app
            .anonymous()
            .with(header, "GET")
            .post(USERS, json!({ "_method": "GET" }))
            .await;
        answer.assert_status(405);
    }
}
