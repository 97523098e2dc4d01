//! The store that `--demo` fills.

use adyton_testing::HostProcess;
use serde_json::{Value as Json, json};

use crate::{BEANQUICK, Person, Store, text};

async fn log_in(store: &Store, email: &str) -> (Person, Json) {
    let body = json!({ "email": email, "password": "cafe con leche 26" });
    let request = format!("POST /api/login\nContent-Type: application/json\n\n{body}");
    let answer = store.host.client().send(&request).await;
    let answer = answer.assert_status(200).json();
    let person = Person {
        id: answer["user"]["id"].as_i64().expect("an id"),
        email: email.to_owned(),
        token: text(&answer["token"]),
    };
    (person, answer["redirectTo"].clone())
}

#[tokio::test]
async fn the_demo_is_a_store_that_was_used_for_months() {
    let host = HostProcess::told(BEANQUICK, &["--demo"], &[]).await;
    let store = Store { host };
    for (path, total) in [("categorias", 7), ("empresas", 5), ("productos", 40)] {
        let page = store.get(&format!("/api/{path}")).await;
        assert_eq!(page.assert_status(200).json()["total"], total, "{path}");
    }
    let (ana, start) = log_in(&store, "ana@example.com").await;
    assert_eq!(start, "/");
    let (cafe, start) = log_in(&store, "cafe@example.com").await;
    assert_eq!(start, "/empresa/panel");
    let (_, start) = log_in(&store, "nueva@example.com").await;
    assert_eq!(start, "/empresa/create");
    let (admin, start) = log_in(&store, "admin@example.com").await;
    assert_eq!(start, "/admin/dashboard");
    let numbers = store.read(&admin, "/api/admin/dashboard").await.json();
    assert_eq!(
        numbers["usuarios"],
        json!({ "cliente": 12, "empresa": 6, "admin": 1 })
    );
    assert_eq!(numbers["solicitudes_pendientes"], 1);
    let pedidos = numbers["pedidos"].as_object().expect("by estado");
    assert!(
        pedidos.values().all(|number| number.as_i64() > Some(0)),
        "{pedidos:?}"
    );
    let all: i64 = pedidos.values().filter_map(Json::as_i64).sum();
    assert_eq!(all, 150);
    let panel = store.read(&cafe, "/api/empresa/panel").await;
    let panel = panel.assert_status(200).json();
    assert!(
        panel["ventas_30_dias"]["centimos"].as_i64() > Some(0),
        "{panel}"
    );
    assert!(
        panel["pocas_existencias"][0]["nombre"].is_string(),
        "{panel}"
    );
    // An order of the printed words, by the printed user.
    store.order(&ana, 1, 2).await.assert_status(201);
    let mine = store.read(&ana, "/api/pedidos?sort=-total").await;
    assert!(mine.assert_status(200).json()["total"].as_i64() > Some(10));
    assert!(store.host.says("cafe con leche 26").await);
    let said = store.host.said();
    assert!(
        said.contains("cafe con leche 26") && !said.contains("ADDRESS"),
        "{said}"
    );
}
