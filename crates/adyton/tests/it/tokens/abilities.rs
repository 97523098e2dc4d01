//! What a token may be issued for, and what it takes to issue one.

use adyton_testing::TestApp;
use http::Method;
use serde_json::{Value as Json, json};

use super::{OWN, ana, held, unlimited};

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
