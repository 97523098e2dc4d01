//! A user's own tokens: list, issue, revoke.

use adyton::config::Config;
use adyton::{Abilities, Event, NewToken};
use adyton_testing::{Browser, TestApp};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value as Json, json};

const OWN: &str = "/api/v1/me/tokens";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

async fn ana(app: &TestApp) -> Browser {
    let user = app.user("ana@example.com").await;
    app.bearer(&app.token(&user, &["user"]).await)
}

async fn held(app: &TestApp, id: i64) -> Vec<Vec<String>> {
    let tokens = app.adyton.tokens_of(&id.into()).await.expect("tokens");
    tokens
        .iter()
        .map(|token| token.abilities.as_slice().to_vec())
        .collect()
}

#[tokio::test]
async fn a_token_is_issued_shown_once_listed_and_revoked() {
    let app = TestApp::new().await;
    let program = ana(&app).await;
    let new = json!({ "name": "blog", "abilities": ["comments:write", "comments:write"] });
    let answer = program.post(OWN, new).await;
    let body = answer.assert_status(201).json();
    assert_eq!(body["message"], "Token created successfully");
    let (made, text) = (
        &body["data"],
        body["data"]["token"].as_str().expect("a token"),
    );
    assert_eq!(made["abilities"], json!(["comments:write"]));
    assert_eq!(
        (&made["id"], &made["token_type"]),
        (&json!(2), &json!("Bearer"))
    );

    let listed = program.get(OWN).await;
    let entries = listed.assert_status(200).json();
    let names: Vec<_> = entries["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|t| &t["name"])
        .collect();
    assert_eq!(names, ["blog", "test"], "the newest first");
    assert!(!listed.body.contains(&text[2..]) && !listed.body.contains("hash"));

    app.bearer(text).get("/api/user").await.assert_status(200);
    let gone = program.delete("/api/v1/me/tokens/2").await;
    assert_eq!(
        gone.assert_status(200).json()["message"],
        "Token revoked successfully"
    );
    app.bearer(text).get("/api/user").await.assert_status(401);
    program
        .delete("/api/v1/me/tokens/2")
        .await
        .assert_status(404);
    assert!(app.events().contains(&Event::TokenRevoked {
        user: 1.into(),
        token: 2
    }));
}

#[tokio::test]
async fn a_token_may_end_itself() {
    let app = TestApp::new().await;
    let program = ana(&app).await;
    program
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(200);
    program.get(OWN).await.assert_status(401);
}

#[tokio::test]
async fn a_session_manages_tokens_and_proves_where_it_comes_from() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let browser = app.logged_in("ana@example.com").await;
    browser
        .post(OWN, json!({ "name": "blog" }))
        .await
        .assert_status(201);
    let forged = browser.clone().without_csrf_header();
    forged
        .post(OWN, json!({ "name": "x" }))
        .await
        .assert_status(419);
    forged
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(419);
    browser
        .delete("/api/v1/me/tokens/1")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn somebody_elses_token_is_not_there() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let eva = app.user("eva@example.com").await;
    let hers = app.token(&eva, &["user"]).await;
    let missing = program.delete("/api/v1/me/tokens/99").await;
    let not_mine = program.delete("/api/v1/me/tokens/2").await;
    assert_eq!(not_mine.assert_status(404).code(), "NOT_FOUND");
    assert_eq!(
        missing.body.replace("99", "2"),
        not_mine.body,
        "no word tells them apart"
    );
    app.bearer(&hers).get("/api/user").await.assert_status(200);
    assert!(
        app.events()
            .iter()
            .all(|event| !matches!(event, Event::TokenRevoked { .. }))
    );
    let all = program.get(OWN).await.json();
    assert_eq!(
        all["data"].as_array().map(Vec::len),
        Some(1),
        "a list shows one's own"
    );
}

#[tokio::test]
async fn an_id_that_is_none_is_not_there() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for id in [
        "0",
        "-1",
        "x",
        "1x",
        "1.0",
        "0x1",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999999",
        "%31%00",
        "%ff",
        "%F0%9F%98%80",
        "1%20",
        "1;x",
        "1%2F1",
        "null",
    ] {
        let answer = program.delete(&format!("{OWN}/{id}")).await;
        assert_eq!(answer.assert_status(404).code(), "NOT_FOUND", "{id}");
        assert_eq!(answer.json()["success"], false, "{id}");
    }
    program.get(OWN).await.assert_status(200);
}

/// `userId` in the body of a key's creation once replaced authentication (CVE-2025-61928).
#[tokio::test]
async fn a_user_id_in_the_body_changes_nothing() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let eva = app.user("eva@example.com").await;
    let mut new = json!({ "name": "x" });
    for name in ["user_id", "userId", "user", "owner", "tokenable_id", "id"] {
        new[name] = json!(eva.id);
    }
    new["tokenable_type"] = json!("Admin");
    app.anonymous()
        .post(OWN, new.clone())
        .await
        .assert_status(401);
    let answer = program.post(&format!("{OWN}?user_id=2"), new).await.json();
    let token = answer["data"]["token"].as_str().expect("a token");
    let me = app.bearer(token).get("/api/user").await.json();
    assert_eq!(me["email"], "ana@example.com");
    assert!(held(&app, 2).await.is_empty());
}

#[tokio::test]
async fn asking_for_a_reserved_ability_is_refused_aloud_on_every_way() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let (login, register) = ("/api/v1/auth/login", "/api/v1/auth/register");
    let said = "The ability admin is never issued over HTTP. The owner makes such a token on the \
                server's command line: adyton token issue --ability admin.";
    for path in [OWN, login, register] {
        let asked = |abilities: Json| match path {
            OWN => json!({ "name": "x", "abilities": abilities }),
            _ => json!({
                "name": "Eva", "password": "password", "abilities": abilities,
                "email": if path == login { "ana@example.com" } else { "eva@example.com" },
            }),
        };
        for abilities in [
            json!(["admin"]),
            json!(["user", "admin"]),
            json!(["admin", "*"]),
        ] {
            let answer = program.post(path, asked(abilities.clone())).await;
            let errors = answer.assert_status(422).json()["errors"].clone();
            let at = abilities
                .as_array()
                .and_then(|all| all.iter().position(|a| a == "admin"));
            let field = format!("abilities.{}", at.expect("it is asked for"));
            assert_eq!(errors[&field], json!([said]), "{path} {abilities}");
        }
        // Not a list, and yet plainly asked for.
        for abilities in [json!("admin"), json!({ "x": "admin" }), json!([["admin"]])] {
            let answer = program.post(path, asked(abilities.clone())).await;
            assert!(
                answer.assert_status(422).body.contains("abilities"),
                "{path} {abilities}"
            );
        }
    }
    for (first, second) in [
        ("abilities[]", "abilities[]"),
        ("abilities[0]", "abilities[1]"),
    ] {
        let form = [("name", "x"), (first, "user"), (second, "admin")];
        let errors = program.form(OWN, &form).await.assert_status(422).json();
        assert_eq!(errors["errors"]["abilities.1"], json!([said]));
    }
    for tokens in held(&app, 1).await {
        assert_eq!(tokens, ["user"]);
    }
}

#[tokio::test]
async fn nothing_that_http_issues_is_good_for_a_reserved_ability() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.tokens.grantable = vec!["*".to_owned()];
        config.tokens.login_abilities = vec!["*".to_owned()];
    })
    .await;
    let program = ana(&app).await;
    for abilities in [
        json!(["*"]),
        json!(["Admin"]),
        json!([" admin"]),
        json!(["admin "]),
        json!(["administrator"]),
        json!(["admin:*"]),
        json!(["ad\u{200b}min"]),
        json!(["admin,user"]),
        json!(["**"]),
        json!([]),
    ] {
        let answer = program
            .post(OWN, json!({ "name": "x", "abilities": abilities }))
            .await;
        let body = answer.assert_status(201).json();
        let token = body["data"]["token"].as_str().expect("a token");
        app.bearer(token)
            .get("/api/v1/admin/users")
            .await
            .assert_status(403);
    }
    let login = json!({ "email": "ana@example.com", "password": "password" });
    let body = app
        .anonymous()
        .post("/api/v1/auth/login", login)
        .await
        .json();
    let token = body["data"]["token"].as_str().expect("a token");
    app.bearer(token)
        .get("/api/v1/admin/users")
        .await
        .assert_status(403);
    app.bearer(token).get("/api/v1/me").await.assert_status(200);
}

#[tokio::test]
async fn many_or_deep_abilities_get_one_short_refusal() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let many = json!(vec!["admin"; 5_000]);
    let deep = (0..100).fold(
        json!(["admin"]),
        |inner, _| json!({ "k".repeat(500): inner }),
    );
    for path in ["/api/v1/auth/login", "/api/v1/auth/register"] {
        for abilities in [&many, &deep] {
            let asked = json!({
                "name": "Eva", "email": "eva@example.com", "password": "password",
                "abilities": abilities,
            });
            let answer = program.post(path, asked).await;
            answer.assert_status(422);
            assert!(
                answer
                    .body
                    .contains("The ability admin is never issued over HTTP.")
            );
            assert!(
                answer.body.len() < 1_000,
                "{path}: {} bytes",
                answer.body.len()
            );
        }
    }
}

#[tokio::test]
async fn only_what_the_settings_offer_is_given() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for ability in [
        "*",
        "posts:write",
        "comments",
        "comments:write ",
        "COMMENTS:WRITE",
        "comments:*",
    ] {
        let new = json!({ "name": "x", "abilities": ["user", ability] });
        let errors = program.post(OWN, new).await.assert_status(422).json();
        let said = format!("The ability {ability} is not offered.");
        assert_eq!(errors["errors"]["abilities.1"], json!([said]));
    }
    for wrong in [json!("user"), json!(7), json!(true), json!({ "a": "user" })] {
        let new = json!({ "name": "x", "abilities": wrong });
        let errors = program.post(OWN, new).await.assert_status(422).json();
        assert_eq!(
            errors["errors"]["abilities"],
            json!(["The abilities field must be an array."])
        );
    }
    for wrong in [
        json!([7]),
        json!([null]),
        json!([""]),
        json!([["user"]]),
        json!(["a\0"]),
    ] {
        let new = json!({ "name": "x", "abilities": wrong });
        let errors = program.post(OWN, new).await.assert_status(422).json();
        assert!(errors["errors"]["abilities.0"].is_array(), "{errors}");
    }
    let many = vec!["user"; 51];
    let new = json!({ "name": "x", "abilities": many });
    program.post(OWN, new).await.assert_status(422);
    assert_eq!(held(&app, 1).await.len(), 1);
}

/// None asked is what a login gives; an empty list is a token that may do nothing.
#[tokio::test]
async fn abilities_that_are_not_named_are_a_logins() {
    let app = TestApp::new().await;
    let program = ana(&app).await;
    for body in [
        json!({ "name": "x" }),
        json!({ "name": "x", "abilities": null }),
    ] {
        let made = program.post(OWN, body).await.assert_status(201).json();
        assert_eq!(made["data"]["abilities"], json!(["user"]));
    }
    let made = program
        .post(OWN, json!({ "name": "x", "abilities": [] }))
        .await
        .json();
    assert_eq!(made["data"]["abilities"], json!([]));
    let token = made["data"]["token"].as_str().expect("a token");
    app.bearer(token).get(OWN).await.assert_status(403);
}

#[tokio::test]
async fn a_token_without_the_ability_user_manages_no_tokens() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    for abilities in [
        &["comments:write"][..],
        &[],
        &["users"],
        &["User"],
        &["admin"],
    ] {
        let program = app.bearer(&app.token(&user, abilities).await);
        for answer in [
            program.get(OWN).await,
            program
                .post(OWN, json!({ "name": "x", "abilities": ["user"] }))
                .await,
            program.delete("/api/v1/me/tokens/1").await,
            program.json(Method::HEAD, OWN, Json::Null).await,
        ] {
            assert_eq!(answer.assert_status(403).code(), "TOKEN_ABILITY_MISSING");
        }
    }
}

#[tokio::test]
async fn a_token_ends_at_its_date() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let end = app.clock.now() + TimeDelta::hours(1);
    for written in [
        end.format("%Y-%m-%d %H:%M:%S").to_string(),
        end.to_rfc3339(),
        end.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
    ] {
        let new = json!({ "name": "x", "expires_at": written });
        let body = program.post(OWN, new).await.assert_status(201).json();
        let shown = end.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string();
        assert_eq!(body["data"]["expires_at"], shown, "{written}");
        let listed = program.get(OWN).await.json();
        assert_eq!(listed["data"][0]["expires_at"], shown, "{written}");
    }
    let new = json!({ "name": "x", "expires_at": end.to_rfc3339() });
    let token = program.post(OWN, new).await.json()["data"]["token"].clone();
    let short = app.bearer(token.as_str().expect("a token"));
    short.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(59));
    short.get("/api/user").await.assert_status(200);
    app.clock
        .advance(TimeDelta::minutes(1) + TimeDelta::seconds(1));
    short.get("/api/user").await.assert_status(401);
    program.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_date_that_is_none_or_has_passed_is_refused() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for wrong in [
        json!("2020-01-01"),
        json!("yesterday"),
        json!("2030-13-01"),
        json!("2030-02-30"),
        json!("1"),
        json!("2030-01-01T00:00"),
        json!("-1"),
        json!("0000-00-00 00:00:00"),
        json!("+1 year"),
        json!("not 2030-01-01"),
        json!("2030-01-01'; --"),
        json!(4_102_444_800_u64),
        json!([]),
        json!(true),
        // Beyond what a column keeps: read back, none of them would be a date.
        json!("10000-01-01"),
        json!("+10000-01-01"),
        json!("99999-12-31 00:00:00"),
        json!("+262142-12-31"),
        json!("-0001-01-01"),
        json!("2030-12-31T23:59:60Z"),
    ] {
        let new = json!({ "name": "x", "expires_at": wrong });
        let answer = program.post(OWN, new).await;
        let errors = answer.assert_status(422).json();
        assert!(errors["errors"]["expires_at"].is_array(), "{wrong}");
    }
    program.get(OWN).await.assert_status(200);
}

/// MySQL's TIMESTAMP ends in 2038; the others keep any year of four digits.
#[tokio::test]
async fn a_date_far_away_is_kept_or_refused_but_never_a_fault() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for (written, is_late) in [
        ("2037-12-31", false),
        ("2050-01-01", true),
        ("9999-12-30", true),
    ] {
        let answer = program
            .post(OWN, json!({ "name": "x", "expires_at": written }))
            .await;
        let expected = if is_late && app.adyton.db().kind() == "MySQL" {
            422
        } else {
            201
        };
        answer.assert_status(expected);
        program.get(OWN).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_name_is_needed_and_a_line_long() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let longest = "ñ".repeat(255);
    program
        .post(OWN, json!({ "name": longest }))
        .await
        .assert_status(201);
    for wrong in [
        Json::Null,
        json!(""),
        json!("  "),
        json!(7),
        json!("x".repeat(256)),
        json!("\0"),
    ] {
        let errors = program
            .post(OWN, json!({ "name": wrong }))
            .await
            .assert_status(422)
            .json();
        assert!(errors["errors"]["name"].is_array(), "{wrong}");
    }
}

#[tokio::test]
async fn with_tokens_switched_off_nothing_issues_lists_or_takes_one() {
    let app = TestApp::with(|config| config.tokens.enabled = false).await;
    let user = app.user("ana@example.com").await;
    let token = app.token(&user, &["*", "user", "admin"]).await;
    for (method, path) in [
        (Method::POST, "/api/v1/auth/login"),
        (Method::POST, "/api/v1/auth/register"),
        (Method::POST, "/api/v1/auth/logout"),
        (Method::GET, "/api/v1/me"),
        (Method::GET, OWN),
        (Method::POST, OWN),
        (Method::DELETE, "/api/v1/me/tokens/1"),
        (Method::GET, "/api/v1/admin/users"),
    ] {
        let answer = app.bearer(&token).json(method, path, json!({})).await;
        assert_eq!(
            answer.assert_status(404).code(),
            "ROUTE_NOT_FOUND",
            "{path}"
        );
    }
    let refused = app.bearer(&token).get("/api/user").await;
    assert_eq!(refused.assert_status(401).code(), "TOKENS_DISABLED");
    assert!(
        app.adyton
            .route_table()
            .iter()
            .all(|route| !route.path.starts_with("/api/v1"))
    );
    // A token beside a session counts as little as a token alone.
    let browser = app.logged_in("ana@example.com").await;
    browser
        .with("authorization", &format!("Bearer {token}"))
        .get("/api/user")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn an_operator_issues_what_http_does_not() {
    let app = TestApp::new().await;
    let user = app.user("ana@example.com").await;
    let new = NewToken::new("integration", Abilities::new(["admin"]));
    let issued = app.adyton.issue_token(&user, new).await.expect("issued");
    let program = app.bearer(issued.plain_text.expose());
    program.get("/api/v1/admin/users").await.assert_status(200);
    app.adyton
        .revoke_token(issued.token.id)
        .await
        .expect("revoked");
    program.get("/api/v1/admin/users").await.assert_status(401);
}
