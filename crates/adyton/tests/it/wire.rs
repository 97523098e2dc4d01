//! What is said: every reply and every error, in every dialect and language.

use std::sync::Arc;
use std::time::Duration;

use adyton::config::{Config, Locale};
use adyton::{
    CsrfMismatch, Envelope, Error, Fields, Forbidden, Invalid, Laravel, Malformed, Overlay, Page,
    Reply, Rule, Secret, Throttled, Unauthenticated,
};
use adyton_testing::{Answer, TestApp};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::DateTime;
use serde_json::json;

fn user() -> Fields {
    let user = json!({ "id": 1, "name": "Ana", "email": "a@b", "email_verified_at": null, "phone": "600" });
    user.as_object().cloned().expect("an object")
}

fn replies() -> Vec<(&'static str, Reply)> {
    let token = || Secret::new("1|x".to_owned());
    vec![
        ("empty", Reply::Empty),
        ("message", Reply::Message("auth.logged_out")),
        ("data", Reply::data(user())),
        (
            "created",
            Reply::Created(json!({ "id": 7, "name": "blog" }), "tokens.created"),
        ),
        ("page", Reply::Page(Page::new(vec![json!(user())], 2, 3, 7))),
        ("page-empty", Reply::Page(Page::new(vec![], 1, 15, 0))),
        ("logged-in", Reply::admitted(user(), false)),
        ("registered", Reply::admitted(user(), true)),
        ("token", Reply::issued(user(), token(), false)),
        ("token-new", Reply::issued(user(), token(), true)),
    ]
}

#[derive(Debug, thiserror::Error)]
#[error("the disk is on fire at /var/lib/secret")]
struct Fire;

fn errors() -> Vec<(&'static str, Error)> {
    let needed = || vec!["admin".to_owned()];
    let mut invalid = Invalid::field("email", Rule::Required);
    invalid.add("name", Rule::Max(255));
    let mut many = invalid.clone();
    many.add("name", Rule::String);
    let until = DateTime::from_timestamp(2_000_000_000, 0).expect("a date");
    let throttled = Throttled::new("login", 5, Duration::from_secs(42), until);
    vec![
        ("unauthenticated", Unauthenticated::TokenExpired.into()),
        ("wrong-credentials", Error::WrongCredentials),
        (
            "ability",
            Forbidden::MissingAbility { needed: needed() }.into(),
        ),
        (
            "session-ability",
            Forbidden::SessionLacksAbility { needed: needed() }.into(),
        ),
        ("role", Forbidden::MissingRole { needed: needed() }.into()),
        ("not-yours", Error::not_yours()),
        ("closed", Forbidden::RegistrationClosed.into()),
        ("https", Forbidden::HttpsRequired.into()),
        ("csrf", CsrfMismatch::TokenMissing.into()),
        ("invalid-one", Invalid::field("email", Rule::Email).into()),
        ("invalid-two", invalid.into()),
        ("invalid-three", many.into()),
        ("invalid-none", Invalid::none().into()),
        ("throttled", Error::Throttled(throttled)),
        ("guest", Error::AlreadyAuthenticated),
        ("json", Malformed::Json { line: 2, column: 7 }.into()),
        (
            "json-twice",
            Malformed::JsonDuplicate("email".to_owned()).into(),
        ),
        ("json-object", Malformed::JsonNotObject.into()),
        ("utf8", Malformed::Utf8.into()),
        ("multipart", Malformed::Multipart.into()),
        ("body", Malformed::Body.into()),
        ("too-large", Error::TooLarge { limit: 65_536 }),
        ("body-kind", Error::UnsupportedBody("text/plain".to_owned())),
        ("not-found", Error::NotFound),
        ("no-route", Error::RouteNotFound),
        (
            "method",
            Error::MethodNotAllowed {
                allowed: "GET,HEAD".to_owned(),
            },
        ),
        ("busy", Error::Busy),
        ("unavailable", Error::unavailable(Fire)),
        ("unexpected", Error::unexpected(Fire)),
    ]
}

async fn said(Path((_, case)): Path<(String, String)>) -> Response {
    let reply = replies().into_iter().find(|(name, _)| *name == case);
    let error = errors().into_iter().find(|(name, _)| *name == case);
    match (reply, error) {
        (Some((_, reply)), _) => reply.into_response(),
        (_, Some((_, error))) => error.into_response(),
        _ => StatusCode::IM_A_TEAPOT.into_response(),
    }
}

async fn app(change: fn(&mut Config)) -> TestApp {
    let overlay = Overlay::new(Laravel)
        .rename("email", "correo")
        .rename("phone", "telefono")
        .text("auth.failed", "No.")
        .text("validation.required", ":attribute?")
        .on_error(|error, ask| match error {
            Error::Unauthenticated(_) => Some((
                StatusCode::FORBIDDEN,
                json!({ "status": "error", "why": ask.message(error) }),
            )),
            _ => None,
        });
    let both = Overlay::new(
        Overlay::new(Envelope)
            .rename("email", "mail")
            .rename("role", "rol"),
    );
    let both = both
        .rename("mail", "correo")
        .rename("email_verified", "verificado");
    TestApp::host(
        |config| {
            config.wire.envelope = vec!["/envelope/*".to_owned()];
            change(config);
        },
        |builder| {
            builder
                .dialect_at("/overlay/*", overlay)
                .dialect_at("/both/*", both)
        },
        |_| Router::new().route("/{dialect}/{case}", get(said)),
    )
    .await
}

fn line(answer: &Answer) -> String {
    let case_specific = answer
        .body
        .replace("/envelope/", "/laravel/")
        .replace("/overlay/", "/laravel/");
    format!("{} {case_specific}", answer.status.as_u16())
        .trim_end()
        .to_owned()
}

/// A row of the table: what all three say, one below the other.
async fn row(app: &TestApp, case: &str) -> String {
    let mut row = format!("{case}\n");
    for dialect in ["laravel", "envelope", "overlay"] {
        let answer = app.anonymous().get(&format!("/{dialect}/{case}")).await;
        row += &format!("  {:9}{}\n", dialect, line(&answer));
    }
    row
}

const REPLIES: &str = r#"
empty
  laravel  204
  envelope 204
  overlay  204
message
  laravel  200 {"message":"Logged out successfully"}
  envelope 200 {"success":true,"message":"Logged out successfully"}
  overlay  200 {"message":"Logged out successfully"}
data
  laravel  200 {"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"}
  envelope 200 {"success":true,"message":"OK","data":{"id":1,"name":"Ana","email":"a@b","email_verified":false,"phone":"600"}}
  overlay  200 {"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"}
created
  laravel  201 {"id":7,"name":"blog"}
  envelope 201 {"success":true,"message":"Token created successfully","data":{"id":7,"name":"blog"}}
  overlay  201 {"id":7,"name":"blog"}
page
  laravel  200 {"current_page":2,"data":[{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"}],"from":4,"last_page":3,"per_page":3,"to":4,"total":7}
  envelope 200 {"success":true,"message":"OK","data":[{"id":1,"name":"Ana","email":"a@b","email_verified":false,"phone":"600"}],"meta":{"current_page":2,"per_page":3,"last_page":3,"total":7}}
  overlay  200 {"current_page":2,"data":[{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"}],"from":4,"last_page":3,"per_page":3,"to":4,"total":7}
page-empty
  laravel  200 {"current_page":1,"data":[],"from":null,"last_page":1,"per_page":15,"to":null,"total":0}
  envelope 200 {"success":true,"message":"OK","data":[],"meta":{"current_page":1,"per_page":15,"last_page":1,"total":0}}
  overlay  200 {"current_page":1,"data":[],"from":null,"last_page":1,"per_page":15,"to":null,"total":0}
logged-in
  laravel  200 {"two_factor":false}
  envelope 200 {"success":true,"message":"Logged in successfully","data":{"user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  200 {"two_factor":false}
registered
  laravel  201 ""
  envelope 201 {"success":true,"message":"Registered successfully","data":{"user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  201 ""
token
  laravel  200 {"user":{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"},"token":"1|x","token_type":"Bearer"}
  envelope 200 {"success":true,"message":"Logged in successfully","data":{"token":"1|x","token_type":"Bearer","user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  200 {"user":{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"},"token":"1|x","token_type":"Bearer"}
token-new
  laravel  201 {"user":{"id":1,"name":"Ana","email":"a@b","email_verified_at":null,"phone":"600"},"token":"1|x","token_type":"Bearer"}
  envelope 201 {"success":true,"message":"Registered successfully","data":{"token":"1|x","token_type":"Bearer","user":{"id":1,"name":"Ana","email":"a@b","email_verified":false}}}
  overlay  201 {"user":{"id":1,"name":"Ana","correo":"a@b","email_verified_at":null,"telefono":"600"},"token":"1|x","token_type":"Bearer"}
"#;

#[tokio::test]
async fn every_reply_in_every_dialect() {
    let app = app(|_| {}).await;
    let mut table = String::from("\n");
    for (case, _) in replies() {
        table += &row(&app, case).await;
    }
    assert_eq!(table, REPLIES, "{table}");
}

const ERRORS: &str = r#"
unauthenticated
  laravel  401 {"message":"Unauthenticated."}
  envelope 401 {"success":false,"message":"Unauthenticated.","errors":{"code":"UNAUTHENTICATED"}}
  overlay  403 {"status":"error","why":"Unauthenticated."}
wrong-credentials
  laravel  422 {"message":"These credentials do not match our records.","errors":{"email":["These credentials do not match our records."]}}
  envelope 401 {"success":false,"message":"These credentials do not match our records.","errors":{"code":"INVALID_CREDENTIALS"}}
  overlay  422 {"message":"No.","errors":{"correo":["No."]}}
ability
  laravel  403 {"message":"Invalid ability provided."}
  envelope 403 {"success":false,"message":"Invalid ability provided.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Invalid ability provided."}
session-ability
  laravel  403 {"message":"Invalid ability provided."}
  envelope 403 {"success":false,"message":"Invalid ability provided.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Invalid ability provided."}
role
  laravel  403 {"message":"This action is unauthorized."}
  envelope 403 {"success":false,"message":"This action is unauthorized.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"This action is unauthorized."}
not-yours
  laravel  403 {"message":"This action is unauthorized."}
  envelope 403 {"success":false,"message":"This action is unauthorized.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"This action is unauthorized."}
closed
  laravel  403 {"message":"Registration is closed."}
  envelope 403 {"success":false,"message":"Registration is closed.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"Registration is closed."}
https
  laravel  403 {"message":"HTTPS is required."}
  envelope 403 {"success":false,"message":"HTTPS is required.","errors":{"code":"FORBIDDEN"}}
  overlay  403 {"message":"HTTPS is required."}
csrf
  laravel  419 {"message":"CSRF token mismatch."}
  envelope 419 {"success":false,"message":"CSRF token mismatch.","errors":{"code":"CSRF_MISMATCH"}}
  overlay  419 {"message":"CSRF token mismatch."}
invalid-one
  laravel  422 {"message":"The email field must be a valid email address.","errors":{"email":["The email field must be a valid email address."]}}
  envelope 422 {"success":false,"message":"The email field must be a valid email address.","errors":{"code":"VALIDATION_FAILED","email":["The email field must be a valid email address."]}}
  overlay  422 {"message":"The correo field must be a valid email address.","errors":{"correo":["The correo field must be a valid email address."]}}
invalid-two
  laravel  422 {"message":"The email field is required. (and 1 more error)","errors":{"email":["The email field is required."],"name":["The name field must not be greater than 255 characters."]}}
  envelope 422 {"success":false,"message":"The email field is required. (and 1 more error)","errors":{"code":"VALIDATION_FAILED","email":["The email field is required."],"name":["The name field must not be greater than 255 characters."]}}
  overlay  422 {"message":"correo? (and 1 more error)","errors":{"correo":["correo?"],"name":["The name field must not be greater than 255 characters."]}}
invalid-three
  laravel  422 {"message":"The email field is required. (and 2 more errors)","errors":{"email":["The email field is required."],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
  envelope 422 {"success":false,"message":"The email field is required. (and 2 more errors)","errors":{"code":"VALIDATION_FAILED","email":["The email field is required."],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
  overlay  422 {"message":"correo? (and 2 more errors)","errors":{"correo":["correo?"],"name":["The name field must not be greater than 255 characters.","The name field must be a string."]}}
invalid-none
  laravel  422 {"message":"The given data was invalid.","errors":{}}
  envelope 422 {"success":false,"message":"The given data was invalid.","errors":{"code":"VALIDATION_FAILED"}}
  overlay  422 {"message":"The given data was invalid.","errors":{}}
throttled
  laravel  429 {"message":"Too Many Attempts."}
  envelope 429 {"success":false,"message":"Too Many Attempts.","errors":{"code":"TOO_MANY_REQUESTS"}}
  overlay  429 {"message":"Too Many Attempts."}
guest
  laravel  409 {"message":"You are already logged in."}
  envelope 409 {"success":false,"message":"You are already logged in.","errors":{"code":"ALREADY_AUTHENTICATED"}}
  overlay  409 {"message":"You are already logged in."}
json
  laravel  400 {"message":"The request body is not valid JSON (line 2, column 7)."}
  envelope 400 {"success":false,"message":"The request body is not valid JSON (line 2, column 7).","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body is not valid JSON (line 2, column 7)."}
json-twice
  laravel  400 {"message":"The name email stands more than once in the request body."}
  envelope 400 {"success":false,"message":"The name email stands more than once in the request body.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The name email stands more than once in the request body."}
json-object
  laravel  400 {"message":"The request body must be a JSON object."}
  envelope 400 {"success":false,"message":"The request body must be a JSON object.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body must be a JSON object."}
utf8
  laravel  400 {"message":"The request is not valid UTF-8."}
  envelope 400 {"success":false,"message":"The request is not valid UTF-8.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request is not valid UTF-8."}
multipart
  laravel  400 {"message":"The request body is not valid multipart form data."}
  envelope 400 {"success":false,"message":"The request body is not valid multipart form data.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body is not valid multipart form data."}
body
  laravel  400 {"message":"The request body could not be read."}
  envelope 400 {"success":false,"message":"The request body could not be read.","errors":{"code":"BAD_REQUEST"}}
  overlay  400 {"message":"The request body could not be read."}
too-large
  laravel  413 {"message":"The request body must not be larger than 65536 bytes."}
  envelope 413 {"success":false,"message":"The request body must not be larger than 65536 bytes.","errors":{"code":"PAYLOAD_TOO_LARGE"}}
  overlay  413 {"message":"The request body must not be larger than 65536 bytes."}
body-kind
  laravel  415 {"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding."}
  envelope 415 {"success":false,"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding.","errors":{"code":"UNSUPPORTED_MEDIA_TYPE"}}
  overlay  415 {"message":"Send the body as application/json, application/x-www-form-urlencoded or multipart/form-data, without Content-Encoding."}
not-found
  laravel  404 {"message":"Not found."}
  envelope 404 {"success":false,"message":"Not found.","errors":{"code":"NOT_FOUND"}}
  overlay  404 {"message":"Not found."}
no-route
  laravel  404 {"message":"The route laravel/no-route could not be found."}
  envelope 404 {"success":false,"message":"The route envelope/no-route could not be found.","errors":{"code":"NOT_FOUND"}}
  overlay  404 {"message":"The route overlay/no-route could not be found."}
method
  laravel  405 {"message":"The GET method is not supported for route laravel/method. Supported methods: GET, HEAD."}
  envelope 405 {"success":false,"message":"The GET method is not supported for route envelope/method. Supported methods: GET, HEAD.","errors":{"code":"METHOD_NOT_ALLOWED"}}
  overlay  405 {"message":"The GET method is not supported for route overlay/method. Supported methods: GET, HEAD."}
busy
  laravel  503 {"message":"Service Unavailable"}
  envelope 503 {"success":false,"message":"Service Unavailable","errors":{"code":"SERVICE_UNAVAILABLE"}}
  overlay  503 {"message":"Service Unavailable"}
unavailable
  laravel  503 {"message":"Service Unavailable"}
  envelope 503 {"success":false,"message":"Service Unavailable","errors":{"code":"SERVICE_UNAVAILABLE"}}
  overlay  503 {"message":"Service Unavailable"}
unexpected
  laravel  500 {"message":"Server Error"}
  envelope 500 {"success":false,"message":"Server Error","errors":{"code":"SERVER_ERROR"}}
  overlay  500 {"message":"Server Error"}
"#;

#[tokio::test]
async fn every_error_in_every_dialect() {
    let app = app(|_| {}).await;
    let mut table = String::from("\n");
    for (case, _) in errors() {
        table += &row(&app, case).await;
    }
    assert_eq!(table, ERRORS, "{table}");
}

const SPANISH: &str = r#"
unauthenticated   No autenticado.
wrong-credentials Las credenciales no coinciden con nuestros registros.
ability           El token no tiene la habilidad necesaria.
session-ability   El token no tiene la habilidad necesaria.
role              Esta acción no está autorizada.
not-yours         Esta acción no está autorizada.
closed            El registro está cerrado.
https             Se requiere HTTPS.
csrf              El token CSRF no coincide.
invalid-one       El campo email debe ser una dirección de correo válida.
invalid-two       El campo email es obligatorio. (y 1 error más)
invalid-three     El campo email es obligatorio. (y 2 errores más)
invalid-none      Los datos enviados no son válidos.
throttled         Demasiados intentos.
guest             Ya has iniciado sesión.
json              El cuerpo de la petición no es JSON válido (línea 2, columna 7).
json-twice        El nombre email aparece más de una vez en el cuerpo de la petición.
json-object       El cuerpo de la petición debe ser un objeto JSON.
utf8              La petición no es UTF-8 válido.
multipart         El cuerpo de la petición no es un formulario multipart válido.
body              No se pudo leer el cuerpo de la petición.
too-large         El cuerpo de la petición no debe superar 65536 bytes.
body-kind         Envía el cuerpo como application/json, application/x-www-form-urlencoded o multipart/form-data, sin Content-Encoding.
not-found         No encontrado.
no-route          No se encontró la ruta laravel/no-route.
method            El método GET no está permitido en la ruta laravel/method. Métodos permitidos: GET, HEAD.
busy              Servicio no disponible
unavailable       Servicio no disponible
unexpected        Error del servidor
message           Sesión cerrada correctamente
created           Token creado correctamente
logged-in         Login exitoso
registered        Registro exitoso
"#;

#[tokio::test]
async fn every_sentence_in_spanish() {
    let app = app(|config| config.locale = Locale::Es).await;
    let mut table = String::from("\n");
    for (case, _) in errors() {
        let answer = app
            .anonymous()
            .get(&format!("/laravel/{case}"))
            .await
            .json();
        table += &format!(
            "{case:18}{}\n",
            answer["message"].as_str().expect("a sentence")
        );
    }
    for case in ["message", "created", "logged-in", "registered"] {
        let answer = app
            .anonymous()
            .get(&format!("/envelope/{case}"))
            .await
            .json();
        table += &format!(
            "{case:18}{}\n",
            answer["message"].as_str().expect("a sentence")
        );
    }
    assert_eq!(table, SPANISH, "{table}");
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .get("/laravel/csrf")
        .await;
    assert!(
        page.body.contains("<html lang=\"es\">")
            && page.body.contains("El token CSRF no coincide.")
    );
}

#[tokio::test]
async fn every_rule_is_said_in_laravels_words() {
    let end = DateTime::from_timestamp(2_147_472_000, 0).expect("a date");
    let rules = [
        (Rule::Required, "The first name field is required."),
        (Rule::String, "The first name field must be a string."),
        (Rule::Integer, "The first name field must be an integer."),
        (Rule::Boolean, "The first name field must be true or false."),
        (Rule::Array, "The first name field must be an array."),
        (
            Rule::Email,
            "The first name field must be a valid email address.",
        ),
        (
            Rule::Max(9),
            "The first name field must not be greater than 9 characters.",
        ),
        (
            Rule::Min(8),
            "The first name field must be at least 8 characters.",
        ),
        (
            Rule::MaxNumber(100),
            "The first name field must not be greater than 100.",
        ),
        (
            Rule::MinNumber(1),
            "The first name field must be at least 1.",
        ),
        (
            Rule::MaxItems(50),
            "The first name field must not have more than 50 items.",
        ),
        (
            Rule::Confirmed,
            "The first name field confirmation does not match.",
        ),
        (Rule::Unique, "The first name has already been taken."),
        (Rule::In, "The selected first name is invalid."),
        (
            Rule::FutureDate,
            "The first name field must be a date in the future.",
        ),
        (
            Rule::Before(end),
            "The first name field must be a date before 2038-01-19.",
        ),
        (
            Rule::NotGrantable(":attribute <x>".to_owned()),
            "The ability first name <x> is not offered.",
        ),
        (
            Rule::Duplicate,
            "The first name field stands more than once in the request.",
        ),
    ];
    let all: Arc<Vec<(Rule, &str)>> = Arc::new(rules.to_vec());
    let asked = Arc::clone(&all);
    let route = move |Path(at): Path<usize>| {
        let rule = asked[at].0.clone();
        async move { Error::from(Invalid::field("first_name", rule)) }
    };
    let routes = |_: &adyton::Adyton| Router::new().route("/rule/{at}", get(route));
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    for (at, (_, words)) in all.iter().enumerate() {
        let answer = app
            .anonymous()
            .get(&format!("/rule/{at}"))
            .await
            .assert_status(422)
            .json();
        assert_eq!(answer["errors"]["first_name"], json!([words]));
        assert_eq!(answer["message"], *words);
    }
}

/// An envelope whose fields have other names still has all of them.
#[tokio::test]
async fn an_overlay_may_lie_over_another_and_over_the_envelope() {
    let app = app(|_| {}).await;
    let user = json!({ "id": 1, "name": "Ana", "correo": "a@b", "verificado": false });
    let token = app.anonymous().get("/both/token").await.json();
    assert_eq!(token["data"]["user"], user);
    let data = app.anonymous().get("/both/data").await.json();
    let profile =
        json!({ "id": 1, "name": "Ana", "correo": "a@b", "verificado": false, "phone": "600" });
    assert_eq!(data["data"], profile);
    assert_eq!(
        app.anonymous().get("/both/page").await.json()["data"],
        json!([profile])
    );
    let invalid = app.anonymous().get("/both/invalid-one").await.json();
    let said = json!(["The correo field must be a valid email address."]);
    assert_eq!(
        invalid["errors"],
        json!({ "code": "VALIDATION_FAILED", "correo": said })
    );
}

#[tokio::test]
async fn nothing_of_a_fault_is_told() {
    for debug in [true, false] {
        let app = app(if debug {
            |_| {}
        } else {
            |config| config.debug = false
        })
        .await;
        for path in ["/laravel/unexpected", "/envelope/unexpected"] {
            for accept in ["application/json", "text/html"] {
                let answer = app.anonymous().with("accept", accept).get(path).await;
                answer.assert_status(500);
                let shown = format!("{answer:?}");
                assert!(
                    !shown.contains("fire") && !shown.contains("/var/lib"),
                    "{shown}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_refusal_has_a_code_and_in_development_a_reason() {
    let (shown, hidden) = (app(|_| {}).await, app(|config| config.debug = false).await);
    for (case, error) in errors() {
        let path = format!("/laravel/{case}");
        let (loud, quiet) = (
            shown.anonymous().get(&path).await,
            hidden.anonymous().get(&path).await,
        );
        assert_eq!(loud.code(), error.code());
        let told = if case == "unauthenticated" {
            "UNAUTHENTICATED"
        } else {
            error.code()
        };
        assert_eq!(quiet.code(), told, "which check failed would tell a thief");
        assert_eq!(quiet.header("x-adyton-reason"), "", "{case}");
        assert_eq!(loud.body, quiet.body, "{case}");
    }
    let reason = shown.anonymous().get("/laravel/ability").await;
    assert_eq!(
        reason.header("x-adyton-reason"),
        "the token has none of the abilities admin"
    );
    for (case, _) in replies() {
        let answer = shown.anonymous().get(&format!("/laravel/{case}")).await;
        assert_eq!((answer.code(), answer.header("x-adyton-reason")), ("", ""));
    }
}

#[tokio::test]
async fn answers_of_our_own_bring_the_headers_that_guard_them() {
    let app = app(|_| {}).await;
    for path in [
        "/laravel/data",
        "/envelope/data",
        "/laravel/csrf",
        "/overlay/unauthenticated",
        "/nowhere/at/all",
    ] {
        let answer = app.anonymous().get(path).await;
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("content-type", "application/json"),
            (
                "vary",
                "Origin, Cookie, Authorization, Accept, Sec-Fetch-Site",
            ),
            ("strict-transport-security", ""),
            ("server", ""),
            ("x-powered-by", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(
            answer
                .header("content-security-policy")
                .starts_with("default-src 'none'; frame-ancestors 'none'")
        );
    }
    let wait = app.anonymous().get("/laravel/throttled").await;
    let told = [
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "retry-after",
        "x-ratelimit-reset",
    ];
    assert_eq!(
        told.map(|name| wait.header(name)),
        ["5", "0", "42", "2000000000"]
    );
    for case in ["busy", "unavailable"] {
        assert_eq!(
            app.anonymous()
                .get(&format!("/laravel/{case}"))
                .await
                .header("retry-after"),
            "1"
        );
    }
}

/// Errors are pages for whoever asks for one by its name and for nobody else.
#[tokio::test]
async fn a_page_is_for_a_persons_browser_and_json_for_all_others() {
    let app = app(|_| {}).await;
    let browsers = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (accept, kind, script, is_page) in [
        ("", "", "", false),
        ("*/*", "", "", false),
        ("application/json", "", "", false),
        ("application/vnd.api+json", "", "", false),
        ("application/json, text/html", "", "", false),
        ("text/html;q=0.5, application/json", "", "", false),
        ("image/png", "", "", false),
        ("text/html;q=0", "", "", false),
        ("text/html", "", "", true),
        (browsers, "", "", true),
        ("text/html, application/json", "", "", true),
        ("application/xhtml+xml", "", "", true),
        ("*/*, text/html;q=0.1", "", "", true),
        ("*/*, text/html;q=0.1", "", "XMLHttpRequest", false),
        (browsers, "", "XMLHttpRequest", true),
        (browsers, "application/json", "", false),
        (browsers, "application/x-www-form-urlencoded", "", true),
        ("", "application/x-www-form-urlencoded", "", false),
    ] {
        let asked = app
            .anonymous()
            .with("accept", accept)
            .with("content-type", kind);
        let asked = asked.with("x-requested-with", script);
        let answer = asked.get("/laravel/csrf").await;
        let got = answer.assert_status(419).header("content-type");
        let expected = if is_page {
            "text/html; charset=utf-8"
        } else {
            "application/json"
        };
        assert_eq!(got, expected, "{accept:?} {kind:?} {script:?}");
        // Below /api there are no pages, and the envelope has none.
        for path in ["/api/csrf", "/envelope/csrf"] {
            assert_eq!(
                asked.get(path).await.header("content-type"),
                "application/json"
            );
        }
    }
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .get("/laravel/csrf")
        .await;
    assert_eq!(
        page.body,
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>419</title><h1>419</h1>\
         <p>CSRF token mismatch.</p></html>\n"
    );
}

/// A success is sent on only where a form was posted by somebody who did not ask for JSON.
#[tokio::test]
async fn a_form_is_sent_on_and_a_script_is_answered() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user("ana@example.com").await;
    let login = [("email", "ana@example.com"), ("password", "password")];
    let body = json!({ "email": "ana@example.com", "password": "password" });
    for (accept, is_form, to) in [
        ("", true, "/home"),
        ("*/*", true, "/home"),
        ("text/html", true, "/home"),
        ("application/json", true, ""),
        ("", false, ""),
        ("*/*", false, ""),
        ("text/html", false, ""),
        ("application/json", false, ""),
    ] {
        let browser = app.browser().with("accept", accept);
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        let answer = match is_form {
            true => browser.form("/login", &login).await,
            false => browser.post("/login", body.clone()).await,
        };
        answer.assert_status(if to.is_empty() { 200 } else { 302 });
        assert_eq!(answer.header("location"), to, "{accept:?} {is_form}");
        let again = browser.form("/login", &login).await;
        again.assert_status(409);
    }
}

#[tokio::test]
async fn a_logout_is_empty_unless_json_always_has_a_body() {
    for (json_bodies, status, body) in [
        (false, 204, ""),
        (true, 200, "{\"message\":\"Logged out successfully\"}"),
    ] {
        let app = TestApp::with(|config| config.wire.json_bodies = json_bodies).await;
        app.user("ana@example.com").await;
        let answer = app
            .logged_in("ana@example.com")
            .await
            .post("/logout", json!({}))
            .await;
        assert_eq!(answer.assert_status(status).body, body);
        let form = app
            .logged_in("ana@example.com")
            .await
            .with("accept", "text/html")
            .form("/logout", &[])
            .await;
        assert_eq!(form.assert_status(302).header("location"), "/");
    }
}

#[tokio::test]
async fn a_hosts_own_bodies_pass_untouched() {
    async fn own(Path(status): Path<u16>) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "text/x-own".parse().expect("a value"));
        headers.insert("cache-control", "max-age=60".parse().expect("a value"));
        headers.insert("vary", "X-Own".parse().expect("a value"));
        let status = StatusCode::from_u16(status).expect("a status");
        (status, headers, "the host's own words").into_response()
    }
    let routes = |_: &adyton::Adyton| {
        Router::new()
            .route("/own/{status}", get(own))
            .route("/api/v1/own/{status}", get(own))
    };
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    for status in [
        200, 201, 301, 400, 401, 403, 404, 405, 419, 422, 429, 500, 503,
    ] {
        for path in [format!("/own/{status}"), format!("/api/v1/own/{status}")] {
            let answer = app.anonymous().get(&path).await;
            assert_eq!(answer.assert_status(status).body, "the host's own words");
            let told = [
                "content-type",
                "cache-control",
                "vary",
                "x-adyton-code",
                "x-frame-options",
            ];
            assert_eq!(
                told.map(|name| answer.header(name)),
                ["text/x-own", "max-age=60", "X-Own", "", ""]
            );
        }
    }
}

/// A host's handler that returns our error is answered in the words of its place.
#[tokio::test]
async fn a_hosts_handler_may_return_our_errors() {
    async fn refuse() -> adyton::Result<String> {
        Err(Error::not_yours())
    }
    let routes = |_: &adyton::Adyton| {
        Router::new()
            .route("/mine", get(refuse))
            .route("/api/v1/mine", get(refuse))
    };
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    let laravel = app.anonymous().get("/mine").await;
    assert_eq!(
        laravel.assert_status(403).json(),
        json!({ "message": "This action is unauthorized." })
    );
    let envelope = app.anonymous().get("/api/v1/mine").await;
    let errors = json!({ "code": "FORBIDDEN" });
    let body =
        json!({ "success": false, "message": "This action is unauthorized.", "errors": errors });
    assert_eq!(envelope.assert_status(403).json(), body);
    assert_eq!(
        (laravel.code(), envelope.code()),
        ("NOT_YOURS", "NOT_YOURS")
    );
}
