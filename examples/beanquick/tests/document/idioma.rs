//! The document's sentences for whoever asks for no language, Spanish for whoever asks for it.

use serde_json::json;

use crate::Store;

/// BQ-07
#[tokio::test]
async fn validation_is_told_in_the_language_that_is_asked_for() {
    let store = Store::start().await;
    let body = "Content-Type: application/json\n\n{\"email\": \"juan\"}";
    for (language, email, password) in [
        (
            "",
            "The email field must be a valid email address.",
            "The password field is required.",
        ),
        (
            "Accept-Language: es-ES,es;q=0.9,en;q=0.8\n",
            "El campo email debe ser una dirección de correo válida.",
            "El campo password es obligatorio.",
        ),
        (
            "Accept-Language: fr\n",
            "The email field must be a valid email address.",
            "The password field is required.",
        ),
    ] {
        let request = format!("POST /api/login\n{language}{body}");
        let refused = store.host.client().send(&request).await;
        assert_eq!(
            refused.assert_status(422).json(),
            json!({
                "message": email,
                "errors": { "email": [email], "password": [password] },
            })
        );
        let vary: Vec<_> = refused.headers.get_all("vary").iter().collect();
        assert!(
            vary.iter().any(|name| *name == "accept-language"),
            "{vary:?}"
        );
    }
}

#[tokio::test]
async fn what_the_store_says_itself_is_spanish_always() {
    let store = Store::start().await;
    let none = "GET /api/productos/9\nAccept-Language: en";
    let refused = store.host.client().send(none).await;
    assert_eq!(
        refused.assert_status(404).json()["message"],
        "No encontrado."
    );
    let wrong = "POST /api/login\nAccept-Language: en\nContent-Type: application/json\n\n\
                 {\"email\": \"ana@example.com\", \"password\": \"no\"}";
    let refused = store.host.client().send(wrong).await;
    let said = "Las credenciales no coinciden con nuestros registros.";
    assert_eq!(refused.assert_status(401).json()["message"], said);
}
