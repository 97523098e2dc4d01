//! The document's own pages: login, register, logout, user, and what is refused there.

use adyton_testing::HostProcess;
use serde_json::json;

use crate::{
    BEANQUICK, LOGIN, LOGOUT, USER, create_empresa, operator, text, token, with_juan, with_token,
};

fn assert_is_token(token: &str) {
    let (id, secret) = token.split_once('|').expect("id|secret");
    assert!(
        id.bytes().all(|byte| byte.is_ascii_digit()) && !id.is_empty(),
        "{token}"
    );
    let is_word = secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
    assert!(is_word && secret.len() >= 40, "{token}");
}

/// BQ-01
#[tokio::test]
async fn a_login_answers_as_the_document_shows_it() {
    let host = with_juan("cliente").await;
    let answer = host.client().curl(LOGIN).await;
    let token = text(&answer.assert_status(200).json()["token"]);
    assert_is_token(&token);
    let id = answer.json()["user"]["id"].to_string();
    // The whole body, its names in the document's order.
    let documented = format!(
        r#"{{"status":"success","user":{{"id":{id},"name":"Juan Pérez","email":"juan@example.com","rol":"cliente"}},"token":"{token}","redirectTo":"/","message":"Login exitoso"}}"#
    );
    assert_eq!(answer.body, documented);
    assert_eq!(answer.header("content-type"), "application/json");
}

/// BQ-02
#[tokio::test]
async fn a_login_says_where_the_app_begins_by_role() {
    for (role, start) in [
        ("cliente", "/"),
        ("empresa", "/empresa/create"),
        ("admin", "/admin/dashboard"),
    ] {
        let host = with_juan(role).await;
        let answer = host.client().curl(LOGIN).await.json();
        assert_eq!(
            (&answer["redirectTo"], &answer["user"]["rol"]),
            (&json!(start), &json!(role))
        );
    }
    let host = with_juan("empresa").await;
    create_empresa(&host, &token(&host).await)
        .await
        .assert_status(201);
    let answer = host.client().curl(LOGIN).await.json();
    assert_eq!(answer["redirectTo"], "/empresa/panel");
}

/// BQ-03
#[tokio::test]
async fn a_registration_makes_a_cliente_and_issues_a_token() {
    let host = HostProcess::start(BEANQUICK).await;
    let command = r#"curl -X POST https://api.beanquick.com/api/register \
      -H "Content-Type: application/json" \
      -d '{"name": "Ana Ruiz", "email": "ana@example.com", "password": "SecurePass123",
           "rol": "admin", "role": "admin", "empresa": {"id": 1}}'"#;
    let answer = host.client().curl(command).await.assert_status(201).json();
    let names: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(names, ["status", "user", "token", "redirectTo", "message"]);
    assert_eq!(
        (&answer["status"], &answer["redirectTo"]),
        (&json!("success"), &json!("/"))
    );
    assert_eq!(answer["message"], "Registro exitoso");
    let token = text(&answer["token"]);
    assert_is_token(&token);
    let user = with_token(&host, USER, &token)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&user["email"], &user["rol"]),
        (&json!("ana@example.com"), &json!("cliente"))
    );
    let again = host.client().curl(command).await;
    let said = "The email has already been taken.";
    assert_eq!(
        again.assert_status(422).json(),
        json!({ "message": said, "errors": { "email": [said] } })
    );
}

/// BQ-04
#[tokio::test]
async fn a_logout_revokes_the_token_that_came_and_no_other() {
    let host = with_juan("cliente").await;
    let (phone, laptop) = (token(&host).await, token(&host).await);
    let answer = with_token(&host, LOGOUT, &phone).await;
    let documented = r#"{"status":"success","message":"Sesión cerrada correctamente"}"#;
    assert_eq!(answer.assert_status(200).body, documented);
    let refused = with_token(&host, USER, &phone).await;
    assert_eq!(
        refused.assert_status(401).body,
        r#"{"message":"Unauthenticated."}"#
    );
    with_token(&host, LOGOUT, &phone).await.assert_status(401);
    with_token(&host, USER, &laptop).await.assert_status(200);
}

/// BQ-05
#[tokio::test]
async fn the_current_user_is_shown_as_the_document_shows_it() {
    let host = with_juan("cliente").await;
    let answer = with_token(&host, USER, &token(&host).await).await;
    let id = answer.assert_status(200).json()["id"].to_string();
    let documented = format!(
        r#"{{"id":{id},"name":"Juan Pérez","email":"juan@example.com","rol":"cliente","empresa":null}}"#
    );
    assert_eq!(answer.body, documented);
    host.client().send("GET /api/user").await.assert_status(401);
}

/// BQ-06
#[tokio::test]
async fn wrong_credentials_are_told_as_the_document_tells_them() {
    let host = with_juan("cliente").await;
    let documented =
        r#"{"status":"error","message":"Las credenciales no coinciden con nuestros registros."}"#;
    for wrong in [
        LOGIN.replace("SecurePass123", "securepass123"),
        LOGIN.replace("juan@", "nadie@"),
    ] {
        let refused = host.client().curl(&wrong).await;
        assert_eq!(refused.assert_status(401).body, documented);
    }
}

/// BQ-07
#[tokio::test]
async fn the_message_of_a_422_is_the_first_broken_rule_alone() {
    let host = HostProcess::start(BEANQUICK).await;
    let command = r#"curl -X POST https://api.beanquick.com/api/login \
      -H "Content-Type: application/json" \
      -d '{ "email": "juan" }'"#;
    let refused = host.client().curl(command).await;
    let documented = r#"{"message":"The email field must be a valid email address.","errors":{"email":["The email field must be a valid email address."],"password":["The password field is required."]}}"#;
    assert_eq!(refused.assert_status(422).body, documented);
}

/// BQ-08
#[tokio::test]
async fn tokens_live_side_by_side_and_do_not_expire() {
    let host = with_juan("cliente").await;
    let tokens = [token(&host).await, token(&host).await, token(&host).await];
    tokens.iter().for_each(|token| assert_is_token(token));
    let db = host.database.connect().await;
    let old = "UPDATE personal_access_tokens SET created_at = $1";
    let decades_ago = adyton::Clock::system().now() - std::time::Duration::from_secs(900_000_000);
    db.run(old, &[decades_ago.into()])
        .await
        .expect("they are old now");
    for token in &tokens {
        with_token(&host, USER, token).await.assert_status(200);
    }
}

/// BQ-09
#[tokio::test]
async fn the_cookie_path_asks_for_csrf_tokens() {
    let host = with_juan("empresa").await;
    let browser = host.browser();
    let credentials = "\n\n{\"email\": \"juan@example.com\", \"password\": \"SecurePass123\"}";
    let documented = r#"{"message":"CSRF token mismatch."}"#;
    let bare = format!("POST /login\nContent-Type: application/json{credentials}");
    assert_eq!(
        browser.send(&bare).await.assert_status(419).body,
        documented
    );
    browser
        .send("GET /sanctum/csrf-cookie")
        .await
        .assert_status(204);
    assert_eq!(
        browser.send(&bare).await.assert_status(419).body,
        documented
    );
    let token = browser.csrf_token();
    let login = bare.replace("json\n", &format!("json\nX-XSRF-TOKEN: {token}\n"));
    browser.send(&login).await.assert_status(200);
    let shop = "Origin: http://localhost:3000\nContent-Type: application/json";
    let user = browser.send(&format!("GET /api/user\n{shop}")).await;
    assert_eq!(user.assert_status(200).json()["rol"], "empresa");
    let body = json!({ "nombre": "Café Luna", "direccion": "Calle 8" });
    let bare = format!("POST /api/empresa\n{shop}\n\n{body}");
    assert_eq!(
        browser.send(&bare).await.assert_status(419).body,
        documented
    );
    let token = browser.csrf_token();
    let proved = format!("POST /api/empresa\nX-XSRF-TOKEN: {token}\n{shop}\n\n{body}");
    browser.send(&proved).await.assert_status(201);
}

/// BQ-10, and BQ-05 for an empresa.
#[tokio::test]
async fn an_empresa_makes_and_reads_its_own_profile() {
    let host = with_juan("empresa").await;
    let token = token(&host).await;
    let read = format!("GET /api/empresa\nAuthorization: Bearer {token}");
    host.client().send(&read).await.assert_status(404);
    let user = with_token(&host, USER, &token).await.json();
    assert_eq!(user["empresa"], json!(null));
    let made = create_empresa(&host, &token)
        .await
        .assert_status(201)
        .json();
    assert_eq!(made["nombre"], "Café Luna");
    assert_eq!(
        host.client().send(&read).await.assert_status(200).json(),
        made
    );
    // At once: nothing is answered from what was remembered before.
    let user = with_token(&host, USER, &token).await.json();
    assert_eq!(user["empresa"], made);
    let twice = create_empresa(&host, &token).await;
    assert_eq!(
        twice.assert_status(422).json()["message"],
        "The empresa has already been taken."
    );
    let bad = format!(
        "POST /api/empresa\nAuthorization: Bearer {token}\nContent-Type: application/json\n\n{{}}"
    );
    let bad = host.client().send(&bad).await.assert_status(422).json();
    assert_eq!(bad["message"], "The nombre field is required.");
}

/// BQ-10
#[tokio::test]
async fn roles_are_enforced_on_the_server() {
    for (role, own, all) in [
        ("cliente", 403, 403),
        ("empresa", 404, 403),
        ("admin", 403, 200),
    ] {
        let host = with_juan(role).await;
        let token = token(&host).await;
        for (path, status) in [("/api/empresa", own), ("/api/admin/empresas", all)] {
            let request = format!("GET {path}\nAuthorization: Bearer {token}");
            host.client().send(&request).await.assert_status(status);
            host.client()
                .send(&format!("GET {path}"))
                .await
                .assert_status(401);
        }
    }
    // A role that an operator takes away is gone at the next login and for the tokens there are.
    let host = with_juan("admin").await;
    let token = token(&host).await;
    let operator = operator(&host).await;
    let juan = operator.find_user("juan@example.com").await.expect("Juan");
    let cliente = Some("cliente".to_owned());
    operator
        .set_role(&juan, cliente)
        .await
        .expect("a role there is");
    let request = format!("GET /api/admin/empresas\nAuthorization: Bearer {token}");
    let refused = host.client().send(&request).await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "This action is unauthorized." })
    );
}
