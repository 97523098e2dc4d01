//! What everybody sees: categorías, productos, empresas.

use adyton_testing::Answer;
use serde_json::json;

use crate::{Store, column, draft, id};

fn names(page: &Answer) -> Vec<String> {
    let names = column(page, "nombre").into_iter();
    names
        .map(|name| name.as_str().expect("a text").to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_turns_pages_searches_sorts_and_filters() {
    let store = Store::start().await;
    let (cafes, dulces) = (
        store.categoria("Cafés").await,
        store.categoria("Dulces").await,
    );
    let (luna, sol) = (store.empresa("Luna").await, store.empresa("Sol").await);
    for (owner, draft) in [
        (&luna, draft(cafes, "Café solo", 150, 5)),
        (&luna, draft(dulces, "Piñón tostado", 300, 0)),
        (&sol, draft(cafes, "Cortado", 160, 5)),
        (&sol, draft(dulces, "Tarta de café", 420, 5)),
    ] {
        store.producto(owner, draft).await;
    }
    let list = async |query: &str| names(&store.get(&format!("/api/productos?{query}")).await);
    assert_eq!(
        list("").await,
        ["Tarta de café", "Cortado", "Piñón tostado", "Café solo"]
    );
    assert_eq!(
        list("sort=-precio&per_page=1&page=2").await,
        ["Piñón tostado"]
    );
    assert_eq!(list("sort=nombre&per_page=1").await, ["Café solo"]);
    assert_eq!(
        list("sort=created_at,precio&per_page=1").await,
        ["Café solo"]
    );
    // Neither capitals nor accents make a difference, and every word counts.
    assert_eq!(
        list("q=CAFE&sort=precio").await,
        ["Café solo", "Tarta de café"]
    );
    assert_eq!(list("q=caf%C3%A9+tarta").await, ["Tarta de café"]);
    assert_eq!(list("q=pinon").await, ["Piñón tostado"]);
    assert_eq!(list("q=%25").await, [] as [&str; 0]);
    let filter = format!("filter[categoria]={cafes}&sort=precio");
    assert_eq!(list(&filter).await, ["Café solo", "Cortado"]);
    assert_eq!(
        list("filter[precio_min]=160&filter[precio_max]=300&sort=precio").await,
        ["Cortado", "Piñón tostado"]
    );
    assert_eq!(list("filter[disponible]=0").await, ["Piñón tostado"]);
    let to_be_had = store
        .get("/api/productos?filter[disponible]=1")
        .await
        .json();
    assert_eq!(to_be_had["total"], 3);
    let empresa = to_be_had["data"][0]["empresa"]["id"].clone();
    let filter = format!("filter[empresa]={empresa}&sort=precio");
    assert_eq!(list(&filter).await, ["Cortado", "Tarta de café"]);
    for wrong in [
        "sort=existencias",
        "filter[secreto]=1",
        "filter[categoria]=cafes",
        "filter[disponible]=quizas",
        "page=0",
        "per_page=101",
    ] {
        let refused = store.get(&format!("/api/productos?{wrong}")).await;
        refused.assert_status(422);
    }
}

#[tokio::test]
async fn a_producto_is_shown_with_its_empresa_and_what_is_none_is_told_in_spanish() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 2)).await;
    let shown = store.get(&format!("/api/productos/{producto}")).await;
    let shown = shown.assert_status(200).json();
    assert_eq!(
        (
            &shown["precio_centimos"],
            &shown["existencias"],
            &shown["disponible"]
        ),
        (&json!(160), &json!(2), &json!(true))
    );
    assert_eq!(
        shown["categoria"],
        json!({ "id": cafes, "nombre": "Cafés" })
    );
    assert_eq!(shown["empresa"]["nombre"], "Café Luna");
    for nothing in [
        "/api/productos/999",
        "/api/productos/uno",
        "/api/empresas/0",
    ] {
        let refused = store.get(nothing).await;
        assert_eq!(
            refused.assert_status(404).json(),
            json!({ "message": "No encontrado." })
        );
    }
}

#[tokio::test]
async fn empresas_and_categorias_are_listed_with_what_they_have() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    store.categoria("Tartas").await;
    let (luna, _) = (store.empresa("Luna").await, store.empresa("Sol").await);
    let profile = json!({ "nombre": "Peñón", "direccion": "Calle 8", "ciudad": "Cádiz" });
    let updated = store.send(&luna, "PUT /api/empresa", &profile).await;
    updated.assert_status(200);
    store.producto(&luna, draft(cafes, "Cortado", 160, 2)).await;
    let list = async |query: &str| names(&store.get(&format!("/api/empresas?{query}")).await);
    assert_eq!(list("sort=nombre").await, ["Café Luna", "Peñón"]);
    assert_eq!(list("q=penon+cadiz").await, ["Peñón"]);
    assert_eq!(list("filter[ciudad]=C%C3%A1diz").await, ["Peñón"]);
    let found = store.get("/api/empresas?q=penon").await.json();
    let shown = store
        .get(&format!("/api/empresas/{}", id(&found["data"][0])))
        .await;
    let shown = shown.assert_status(200).json();
    assert_eq!(shown["productos"][0]["nombre"], "Cortado");
    // Nobody is told whose it is.
    assert_eq!(shown.get("user_id"), None);
    let categorias = store.get("/api/categorias?sort=-productos").await;
    assert_eq!(names(&categorias), ["Cafés", "Tartas"]);
    assert_eq!(column(&categorias, "productos"), [json!(1), json!(0)]);
}
