//! The sentences themselves: in Spanish, and each rule in Laravel's words.

use std::sync::Arc;

use adyton::config::Locale;
use adyton::{Error, Invalid, Rule};
use adyton_testing::TestApp;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use chrono::DateTime;
use serde_json::json;

use super::{app, errors};

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
host              There are no more of these.
host-field        The track id is your own.
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
        (
            Rule::Breached,
            "The given first name has appeared in a data leak. \
             Please choose a different first name.",
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

/// The languages are chosen between where the setting says so, and only there.
#[tokio::test]
async fn a_request_chooses_the_language_of_its_answer() {
    let chosen = app(|config| config.wire.accept_language = true).await;
    let fixed = app(|_| {}).await;
    for (app, language, said) in [
        (&chosen, "es-MX,es;q=0.9,en;q=0.8", "No encontrado."),
        (&chosen, "fr, es;q=0.5", "No encontrado."),
        (&chosen, "en, es;q=0.5", "Not found."),
        (&chosen, "fr", "Not found."),
        (&fixed, "es", "Not found."),
    ] {
        let client = app.anonymous().with("accept-language", language);
        let answer = client.get("/laravel/not-found").await;
        assert_eq!(answer.json()["message"], said, "{language}");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        let is_named = vary.iter().any(|value| *value == "accept-language");
        assert_eq!(is_named, app.adyton.config().wire.accept_language);
    }
}
