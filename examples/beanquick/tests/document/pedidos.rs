//! What a cliente orders.

use serde_json::{Value as Json, json};

use crate::{Person, Store, column, draft, id};

/// A store with a cliente, an empresa, and so many pieces of its one producto.
async fn with_stock(pieces: i64) -> (Store, Person, Person, i64) {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let ana = store.person("Ana", "cliente").await;
    let draft = draft(cafes, "Cortado", 160, pieces);
    let producto = store.producto(&luna, draft).await;
    (store, ana, luna, producto)
}

#[tokio::test]
async fn a_pedido_has_the_servers_prices_and_takes_the_stock() {
    let (store, ana, luna, producto) = with_stock(9).await;
    let body = json!({
        "lineas": [
            { "producto_id": producto, "cantidad": 2, "precio_centimos": 1 },
            { "producto_id": producto, "cantidad": 1 },
        ],
        "total_centimos": 1,
        "estado": "entregado",
        "nota": " Sin azúcar ",
    });
    let made = store.send(&ana, "POST /api/pedidos", &body).await;
    let made = made.assert_status(201).json();
    assert_eq!(
        (&made["estado"], &made["total_centimos"], &made["nota"]),
        (&json!("pendiente"), &json!(480), &json!("Sin azúcar"))
    );
    assert_eq!(
        made["lineas"],
        json!([{
            "producto_id": producto, "nombre": "Cortado", "precio_centimos": 160, "cantidad": 3,
            "importe_centimos": 480,
        }])
    );
    assert_eq!(store.stock(producto).await, 6);
    // What it cost is not changed by a later price.
    let dearer = json!({
        "categoria_id": 1, "nombre": "Cortado", "precio_centimos": 900, "disponible": true,
    });
    let path = format!("PUT /api/empresa/productos/{producto}");
    store.send(&luna, &path, &dearer).await.assert_status(200);
    let path = format!("/api/pedidos/{}", id(&made));
    let shown = store.read(&ana, &path).await;
    assert_eq!(shown.assert_status(200).json(), made);
}

#[tokio::test]
async fn what_cannot_be_ordered_is_told_by_its_line_and_takes_nothing() {
    let (store, ana, luna, producto) = with_stock(5).await;
    let sol = store.empresa("Sol").await;
    let other = store.producto(&sol, draft(1, "Solo", 150, 5)).await;
    let hidden =
        json!({ "categoria_id": 1, "nombre": "Moka", "precio_centimos": 200, "existencias": 5 });
    let hidden = store.producto(&luna, hidden).await;
    let line = |producto: i64, pieces: i64| json!({ "producto_id": producto, "cantidad": pieces });
    let not_sold = "Este producto no está a la venta.";
    for (lines, field, said) in [
        (
            json!([line(producto, 6)]),
            "lineas.0.cantidad",
            "No quedan existencias suficientes de este producto.",
        ),
        (
            json!([line(producto, 1), line(other, 1)]),
            "lineas.1.producto_id",
            "Un pedido es de una sola empresa.",
        ),
        (
            json!([line(producto, 1), line(hidden, 1)]),
            "lineas.1.producto_id",
            not_sold,
        ),
        (json!([line(9999, 1)]), "lineas.0.producto_id", not_sold),
        (
            json!([line(producto, 0)]),
            "lineas.0.cantidad",
            "The lineas.0.cantidad field must be at least 1.",
        ),
        (
            json!([line(producto, 100)]),
            "lineas.0.cantidad",
            "The lineas.0.cantidad field must not be greater than 99.",
        ),
        (
            json!([{ "cantidad": 1 }]),
            "lineas.0.producto_id",
            "The lineas.0.producto id field is required.",
        ),
        (json!([]), "lineas", "The lineas field is required."),
        (
            json!("todo"),
            "lineas",
            "The lineas field must be an array.",
        ),
        (
            json!(vec![line(producto, 1); 51]),
            "lineas",
            "The lineas field must not have more than 50 items.",
        ),
    ] {
        let body = json!({ "lineas": lines });
        let refused = store.send(&ana, "POST /api/pedidos", &body).await;
        let refused = refused.assert_status(422).json();
        assert_eq!(refused["errors"][field], json!([said]), "{refused}");
        assert_eq!(refused["message"], said);
    }
    let elsewhere = json!({ "empresa_id": 999, "lineas": [line(producto, 1)] });
    let refused = store.send(&ana, "POST /api/pedidos", &elsewhere).await;
    assert_eq!(refused.assert_status(422).code(), "OTRA_EMPRESA");
    assert_eq!(store.stock(producto).await, 5);
    let pedidos = store.read(&ana, "/api/pedidos").await;
    assert_eq!(column(&pedidos, "id"), [] as [Json; 0]);
}

#[tokio::test]
async fn the_last_one_is_sold_once_when_many_want_it_at_once() {
    let (store, ana, _, producto) = with_stock(3).await;
    let bo = store.person("Bo", "cliente").await;
    let (a, b, c, d, e, f) = tokio::join!(
        store.order(&ana, producto, 1),
        store.order(&bo, producto, 1),
        store.order(&ana, producto, 1),
        store.order(&bo, producto, 1),
        store.order(&ana, producto, 1),
        store.order(&bo, producto, 1),
    );
    let answers = [a, b, c, d, e, f];
    let with = |status: u16| answers.iter().filter(move |answer| answer.status == status);
    assert_eq!(
        (with(201).count(), with(422).count()),
        (3, 3),
        "{answers:#?}"
    );
    assert!(with(422).all(|refused| refused.code() == "SIN_EXISTENCIAS"));
    assert_eq!(store.stock(producto).await, 0);
}

#[tokio::test]
async fn a_double_tap_is_one_pedido() {
    let (store, ana, _, producto) = with_stock(1).await;
    let body = json!({
        "lineas": [{ "producto_id": producto, "cantidad": 1 }], "referencia": "tap-1",
    });
    let tap = || store.send(&ana, "POST /api/pedidos", &body);
    let (one, two, three) = tokio::join!(tap(), tap(), tap());
    let answers = [one, two, three];
    let mut statuses = answers.clone().map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201], "{answers:#?}");
    let pedidos = answers.map(|answer| id(&answer.json()));
    assert!(pedidos.iter().all(|pedido| *pedido == pedidos[0]));
    let later = tap().await;
    assert_eq!(id(&later.assert_status(200).json()), pedidos[0]);
    assert_eq!(store.stock(producto).await, 0);
    // Another key is another pedido, however like it looks.
    let mut other = body.clone();
    other["referencia"] = "TAP-1".into();
    let refused = store.send(&ana, "POST /api/pedidos", &other).await;
    assert_eq!(refused.assert_status(422).code(), "SIN_EXISTENCIAS");
    // And so is another cliente's key of the same name.
    let bo = store.person("Bo", "cliente").await;
    let refused = store.send(&bo, "POST /api/pedidos", &body).await;
    assert_eq!(refused.assert_status(422).code(), "SIN_EXISTENCIAS");
}

#[tokio::test]
async fn a_cliente_lists_reads_and_cancels_their_own() {
    let (store, ana, luna, producto) = with_stock(50).await;
    let bo = store.person("Bo", "cliente").await;
    let first = id(&store.order(&ana, producto, 3).await.json());
    let second = id(&store.order(&ana, producto, 1).await.json());
    store.order(&bo, producto, 2).await.assert_status(201);
    let list = async |query: &str| {
        let path = format!("/api/pedidos?{query}");
        column(&store.read(&ana, &path).await, "id")
    };
    assert_eq!(list("").await, [json!(second), json!(first)]);
    assert_eq!(list("sort=-total").await, [json!(first), json!(second)]);
    assert_eq!(list("sort=total&per_page=1&page=2").await, [json!(first)]);
    let cancel = |by, pedido: i64| {
        let request = format!("POST /api/pedidos/{pedido}/cancelar");
        let store = &store;
        async move { store.send(by, &request, &Json::Null).await }
    };
    let path = format!("/api/pedidos/{first}");
    store.read(&bo, &path).await.assert_status(404);
    cancel(&bo, first).await.assert_status(404);
    let cancelled = cancel(&ana, first).await;
    assert_eq!(cancelled.assert_status(200).json()["estado"], "cancelado");
    assert_eq!(store.stock(producto).await, 47);
    assert_eq!(
        cancel(&ana, first).await.assert_status(409).code(),
        "ESTADO_NO_PERMITIDO"
    );
    let begun = json!({ "estado": "preparando" });
    let request = format!("PUT /api/empresa/pedidos/{second}/estado");
    store.send(&luna, &request, &begun).await.assert_status(200);
    let late = cancel(&ana, second).await;
    assert_eq!(
        late.assert_status(409).json(),
        json!({ "message": "El pedido ya no puede pasar a ese estado." })
    );
    assert_eq!(list("filter[estado]=preparando").await, [json!(second)]);
    let wrong = store
        .read(&ana, "/api/pedidos?filter[estado]=perdido")
        .await;
    wrong.assert_status(422);
}
