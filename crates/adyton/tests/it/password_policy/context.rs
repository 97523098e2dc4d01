//! Passwords made of what is known of the user and the product.

use adyton_testing::TestApp;
use serde_json::json;

use super::{CONTEXT, app_with, said};

async fn tried(app: &TestApp, password: &str) -> adyton_testing::Answer {
    let fields = json!({
        "name": "Marisol Vega", "email": "Marisol.V@beatpass.example", "password": password,
    });
    app.anonymous().post("/api/v1/auth/register", fields).await
}

#[tokio::test]
async fn what_is_known_of_the_user_and_the_product_is_refused() {
    let app = app_with(|config| {
        config.public_url = Some("http://localhost:8000".to_owned());
        config.passwords.context_words = vec!["Tienda Nube".to_owned()];
    })
    .await;
    for password in [
        "marisol.v@beatpass.example",
        "MARISOL.V@BEATPASS.EXAMPLE",
        "elpmaxe.ssaptaeb@v.losiram",
        "marisol.v",
        "v.losiram",
        "Marisol Vega",
        "marisolvega",
        "agev losiram",
        "MarisolVega2026!!",
        "!!2026 marisol vega",
        "adyton2026!!",
        "notyda2026!!",
        "localhost",
        "localhost:8000",
        "tienda nube",
        "ebun adneit 1",
    ] {
        assert_eq!(said(&tried(&app, password).await), [CONTEXT], "{password}");
    }
    assert_eq!(app.count("users").await, 0);
    // With a word of one's own it is another password.
    tried(&app, "marisol vega sings").await.assert_status(201);
}

#[tokio::test]
async fn another_persons_name_is_nobodys_context() {
    let app = app_with(|_| {}).await;
    tried(&app, "Lucrecia Ponce").await.assert_status(201);
}
