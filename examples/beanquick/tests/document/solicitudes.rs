//! How a cliente becomes an empresa.

use adyton_testing::Answer;
use serde_json::{Value as Json, json};

use crate::{
    LOGIN, Person, Store, USER, column, create_empresa, id, operator, token, with_juan, with_token,
};

async fn ask(store: &Store, by: &Person) -> Answer {
    let body = json!({ "nombre": "Café Sol", "mensaje": "Abrimos en mayo." });
    store.send(by, "POST /api/empresa/solicitud", &body).await
}

async fn decide(store: &Store, by: &Person, asked: i64, estado: &str) -> Answer {
    let request = format!("PUT /api/admin/solicitudes/{asked}/estado");
    store.send(by, &request, &json!({ "estado": estado })).await
}

#[tokio::test]
async fn a_cliente_asks_and_an_admin_makes_them_an_empresa() {
    let store = Store::start().await;
    let marta = store.person("Marta", "admin").await;
    let ana = store.person("Ana", "cliente").await;
    store
        .read(&ana, "/api/empresa/solicitud")
        .await
        .assert_status(404);
    let asked = ask(&store, &ana).await.assert_status(201).json();
    assert_eq!(asked["estado"], "pendiente");
    assert_eq!(
        ask(&store, &ana).await.assert_status(409).code(),
        "SOLICITUD_PENDIENTE"
    );
    let waiting = store
        .read(&marta, "/api/admin/solicitudes?filter[estado]=pendiente")
        .await;
    assert_eq!(column(&waiting, "id"), [asked["id"].clone()]);
    assert_eq!(
        waiting.json()["data"][0]["cliente"]["email"],
        ana.email.as_str()
    );
    create_empresa(&store.host, &ana.token)
        .await
        .assert_status(403);
    decide(&store, &marta, id(&asked), "quizás")
        .await
        .assert_status(422);
    decide(&store, &marta, 999, "aprobada")
        .await
        .assert_status(404);
    let decided = decide(&store, &marta, id(&asked), "aprobada").await;
    assert_eq!(decided.assert_status(200).json()["estado"], "aprobada");
    assert_eq!(store.last_event().await.0, "role_changed");
    let user = with_token(&store.host, USER, &ana.token).await.json();
    assert_eq!(
        (&user["rol"], &user["empresa"]),
        (&json!("empresa"), &Json::Null)
    );
    create_empresa(&store.host, &ana.token)
        .await
        .assert_status(201);
    let own = store.read(&ana, "/api/empresa/solicitud").await;
    assert_eq!(own.assert_status(200).json()["estado"], "aprobada");
    // What was ordered before is theirs still.
    store.read(&ana, "/api/pedidos").await.assert_status(200);
    let again = decide(&store, &marta, id(&asked), "rechazada").await;
    assert_eq!(again.assert_status(409).code(), "SOLICITUD_RESUELTA");
}

#[tokio::test]
async fn who_was_refused_may_ask_again() {
    let store = Store::start().await;
    let marta = store.person("Marta", "admin").await;
    let ana = store.person("Ana", "cliente").await;
    let asked = id(&ask(&store, &ana).await.json());
    decide(&store, &marta, asked, "rechazada")
        .await
        .assert_status(200);
    let user = with_token(&store.host, USER, &ana.token).await.json();
    assert_eq!(user["rol"], "cliente");
    let again = ask(&store, &ana).await.assert_status(201).json();
    assert_eq!((id(&again), &again["resuelta_at"]), (asked, &Json::Null));
    // Whoever became something else meanwhile stays it.
    let role = format!("PUT /api/admin/usuarios/{}/rol", ana.id);
    store
        .send(&marta, &role, &json!({ "rol": "admin" }))
        .await
        .assert_status(200);
    let late = decide(&store, &marta, asked, "aprobada").await;
    assert_eq!(late.assert_status(409).code(), "NO_ES_CLIENTE");
    let open = store
        .read(&marta, "/api/admin/solicitudes?filter[estado]=pendiente")
        .await;
    assert_eq!(column(&open, "id"), [json!(asked)]);
}

#[tokio::test]
async fn of_two_decisions_at_once_one_counts() {
    let store = Store::start().await;
    let marta = store.person("Marta", "admin").await;
    let ana = store.person("Ana", "cliente").await;
    let asked = id(&ask(&store, &ana).await.json());
    let (yes, no) = tokio::join!(
        decide(&store, &marta, asked, "aprobada"),
        decide(&store, &marta, asked, "rechazada"),
    );
    let (role, refused) = match yes.status.as_u16() {
        200 => ("empresa", no),
        _ => ("cliente", yes),
    };
    assert_eq!(refused.assert_status(409).code(), "SOLICITUD_RESUELTA");
    let user = with_token(&store.host, USER, &ana.token).await.json();
    assert_eq!(user["rol"], role);
}

/// What was opened as a cliente ends with the role, as whenever an operator gives one.
#[tokio::test]
async fn an_approval_ends_the_sessions_of_before() {
    let host = with_juan("cliente").await;
    let browser = host.browser();
    browser.send("GET /sanctum/csrf-cookie").await;
    let login = format!(
        "POST /login\nContent-Type: application/json\nX-XSRF-TOKEN: {}\n\n{}",
        browser.csrf_token(),
        json!({ "email": "juan@example.com", "password": "SecurePass123" })
    );
    browser.send(&login).await.assert_status(200);
    let me = "GET /api/user\nOrigin: http://localhost:3000";
    browser.send(me).await.assert_status(200);
    let operator = operator(&host).await;
    let juan = operator.find_user("juan@example.com").await.expect("Juan");
    let juan = Person {
        id: juan.id.to_string().parse().expect("ids are numbers"),
        email: juan.email,
        token: token(&host).await,
    };
    let store = Store { host };
    let marta = store.person("Marta", "admin").await;
    let asked = id(&ask(&store, &juan).await.json());
    decide(&store, &marta, asked, "aprobada")
        .await
        .assert_status(200);
    browser.send(me).await.assert_status(401);
    let login = store.host.client().curl(LOGIN).await.json();
    assert_eq!(login["redirectTo"], "/empresa/create");
}
