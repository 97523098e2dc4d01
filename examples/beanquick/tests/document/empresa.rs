//! An empresa's own rooms: profile, productos, pedidos and panel (BQ-10).

use adyton_testing::Answer;
use serde_json::{Value as Json, json};

use crate::{Person, Store, USER, column, draft, id, with_token};

#[tokio::test]
async fn an_empresa_changes_its_profile_and_sees_it_at_once() {
    let store = Store::start().await;
    let luna = store.empresa("Luna").await;
    let profile = json!({ "nombre": "Luna Nueva", "direccion": "Calle 9", "ciudad": "Sevilla" });
    let changed = store.send(&luna, "PUT /api/empresa", &profile).await;
    let changed = changed.assert_status(200).json();
    assert_eq!(
        (&changed["nombre"], &changed["telefono"], &changed["estado"]),
        (&json!("Luna Nueva"), &Json::Null, &json!("activa"))
    );
    let user = with_token(&store.host, USER, &luna.token).await;
    assert_eq!(user.json()["empresa"], changed);
    let bare = store.person("Nueva", "empresa").await;
    let none = store.send(&bare, "PUT /api/empresa", &profile).await;
    none.assert_status(404);
    for path in [
        "/api/empresa/panel",
        "/api/empresa/productos",
        "/api/empresa/pedidos",
    ] {
        let refused = store.read(&bare, path).await;
        assert_eq!(refused.assert_status(409).code(), "EMPRESA_SIN_PERFIL");
    }
}

#[tokio::test]
async fn an_empresa_adds_changes_and_takes_away_its_own_productos() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let (luna, sol) = (store.empresa("Luna").await, store.empresa("Sol").await);
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 7)).await;
    let path = format!("/api/empresa/productos/{producto}");
    let change =
        json!({ "categoria_id": cafes, "nombre": "Cortado doble", "precio_centimos": 220 });
    // It exists for everybody, so that another empresa is told that it is not theirs.
    for (method, body) in [
        ("GET", Json::Null),
        ("PUT", change.clone()),
        ("DELETE", Json::Null),
    ] {
        let refused = store.send(&sol, &format!("{method} {path}"), &body).await;
        assert_eq!(refused.assert_status(403).code(), "NOT_YOURS");
    }
    let changed = store.send(&luna, &format!("PUT {path}"), &change).await;
    let changed = changed.assert_status(200).json();
    // The stock stays unless it is sent.
    assert_eq!(
        (
            &changed["nombre"],
            &changed["existencias"],
            &changed["disponible"]
        ),
        (&json!("Cortado doble"), &json!(7), &json!(false))
    );
    let mut more = change;
    more["existencias"] = 9.into();
    store.send(&luna, &format!("PUT {path}"), &more).await;
    assert_eq!(store.stock(producto).await, 9);
    assert_eq!(
        column(
            &store.read(&luna, "/api/empresa/productos?q=doble").await,
            "id"
        ),
        [json!(producto)]
    );
    let theirs = store.read(&sol, "/api/empresa/productos").await;
    assert_eq!(column(&theirs, "id"), [] as [Json; 0]);
    let gone = store
        .send(&luna, &format!("DELETE {path}"), &Json::Null)
        .await;
    gone.assert_status(204);
    store.read(&luna, &path).await.assert_status(404);
    let public = store.get(&format!("/api/productos/{producto}")).await;
    public.assert_status(404);
}

#[tokio::test]
async fn a_producto_keeps_to_its_limits() {
    let store = Store::start().await;
    let luna = store.empresa("Luna").await;
    let cafes = store.categoria("Cafés").await;
    for (field, value) in [
        ("nombre", json!("x".repeat(129))),
        ("descripcion", json!("x".repeat(1001))),
        ("precio_centimos", json!(0)),
        ("precio_centimos", json!(100_001)),
        ("precio_centimos", json!(1.5)),
        ("existencias", json!(-1)),
        ("existencias", json!(100_001)),
        ("disponible", json!("quizás")),
        ("categoria_id", json!(cafes + 1)),
    ] {
        let mut body = draft(cafes, "Cortado", 160, 7);
        body[field] = value;
        let refused = store
            .send(&luna, "POST /api/empresa/productos", &body)
            .await;
        let refused = refused.assert_status(422).json();
        assert!(refused["errors"][field][0].is_string(), "{refused}");
    }
}

async fn set(store: &Store, by: &Person, pedido: i64, estado: &str) -> Answer {
    let path = format!("PUT /api/empresa/pedidos/{pedido}/estado");
    store.send(by, &path, &json!({ "estado": estado })).await
}

#[tokio::test]
async fn a_pedido_goes_its_way_and_no_other() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let (luna, sol) = (store.empresa("Luna").await, store.empresa("Sol").await);
    let ana = store.person("Ana", "cliente").await;
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 9)).await;
    let pedido = id(&store.order(&ana, producto, 2).await.json());
    set(&store, &sol, pedido, "preparando")
        .await
        .assert_status(404);
    set(&store, &luna, pedido, "perdido")
        .await
        .assert_status(422);
    set(&store, &luna, pedido, "").await.assert_status(422);
    let mut at = "pendiente";
    for next in ["preparando", "listo", "entregado"] {
        for other in ["pendiente", "preparando", "listo", "entregado"] {
            if other != next {
                let refused = set(&store, &luna, pedido, other).await;
                let refused = refused.assert_status(409);
                assert_eq!(refused.code(), "ESTADO_NO_PERMITIDO", "{at} to {other}");
            }
        }
        let moved = set(&store, &luna, pedido, next).await;
        assert_eq!(moved.assert_status(200).json()["estado"], next);
        at = next;
    }
    // What is handed over is not given back.
    set(&store, &luna, pedido, "cancelado")
        .await
        .assert_status(409);
    assert_eq!(store.stock(producto).await, 7);
    let list = async |by: &Person, estado: &str| {
        let path = format!("/api/empresa/pedidos?filter[estado]={estado}");
        column(&store.read(by, &path).await, "id")
    };
    assert_eq!(list(&luna, "entregado").await, [json!(pedido)]);
    assert_eq!(list(&luna, "pendiente").await, [] as [Json; 0]);
    assert_eq!(list(&sol, "entregado").await, [] as [Json; 0]);
    let path = format!("/api/empresa/pedidos/{pedido}");
    assert_eq!(
        store.read(&luna, &path).await.json()["cliente"]["nombre"],
        "Ana"
    );
    store.read(&sol, &path).await.assert_status(404);
}

#[tokio::test]
async fn what_an_empresa_cancels_gives_the_stock_back_once() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let ana = store.person("Ana", "cliente").await;
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 9)).await;
    let pedido = id(&store.order(&ana, producto, 4).await.json());
    assert_eq!(store.stock(producto).await, 5);
    set(&store, &luna, pedido, "preparando")
        .await
        .assert_status(200);
    let (one, two) = tokio::join!(
        set(&store, &luna, pedido, "cancelado"),
        set(&store, &luna, pedido, "cancelado"),
    );
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(store.stock(producto).await, 9);
}

#[tokio::test]
async fn the_panel_tells_of_today_sales_and_what_is_running_out() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let ana = store.person("Ana", "cliente").await;
    let cortado = store.producto(&luna, draft(cafes, "Cortado", 160, 9)).await;
    let solo = store.producto(&luna, draft(cafes, "Solo", 150, 50)).await;
    store.order(&ana, cortado, 5).await.assert_status(201);
    store.order(&ana, solo, 2).await.assert_status(201);
    let cancelled = id(&store.order(&ana, solo, 9).await.json());
    set(&store, &luna, cancelled, "cancelado")
        .await
        .assert_status(200);
    // One of two months ago is neither of today nor of these days.
    let old = id(&store.order(&ana, solo, 1).await.json());
    let db = store.host.database.connect().await;
    let long_ago = adyton::Clock::system().now() - std::time::Duration::from_secs(60 * 86_400);
    let sql = "UPDATE pedidos SET created_at = $1 WHERE id = $2";
    db.run(sql, &[long_ago.into(), old.into()])
        .await
        .expect("old");
    let panel = store.read(&luna, "/api/empresa/panel").await;
    let panel = panel.assert_status(200).json();
    assert_eq!(
        panel["hoy"],
        json!({
            "pedidos": 3, "pendiente": 2, "preparando": 0, "listo": 0, "entregado": 0,
            "cancelado": 1,
        })
    );
    let sales = &panel["ventas_30_dias"];
    assert_eq!(
        (&sales["pedidos"], &sales["centimos"]),
        (&json!(2), &json!(1100))
    );
    assert_eq!(sales["por_dia"][0]["centimos"], 1100);
    let day = sales["por_dia"][0]["dia"].as_str().expect("a day");
    assert_eq!(day.len(), "2026-01-31".len());
    assert_eq!(
        panel["mas_vendidos"],
        json!([
            { "id": cortado, "nombre": "Cortado", "vendidos": 5, "centimos": 800 },
            { "id": solo, "nombre": "Solo", "vendidos": 2, "centimos": 300 },
        ])
    );
    assert_eq!(
        panel["pocas_existencias"],
        json!([{ "id": cortado, "nombre": "Cortado", "existencias": 4 }])
    );
}
