//! What admins look after, and that nobody else does (BQ-10).

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::{Store, USER, column, create_empresa, draft, id, with_token};

/// What whoever is signed in may ask, of what is theirs.
const SIGNED_IN: &[&str] = &[
    "GET /api/pedidos",
    "GET /api/pedidos/1",
    "POST /api/pedidos/1/cancelar",
    "GET /api/empresa/solicitud",
];

/// Every route that asks for a role, and the role that it asks for.
const GUARDED: &[(&str, &str)] = &[
    ("cliente", "POST /api/pedidos"),
    ("cliente", "POST /api/empresa/solicitud"),
    ("empresa", "GET /api/empresa"),
    ("empresa", "POST /api/empresa"),
    ("empresa", "PUT /api/empresa"),
    ("empresa", "GET /api/empresa/panel"),
    ("empresa", "GET /api/empresa/productos"),
    ("empresa", "POST /api/empresa/productos"),
    ("empresa", "GET /api/empresa/productos/1"),
    ("empresa", "PUT /api/empresa/productos/1"),
    ("empresa", "DELETE /api/empresa/productos/1"),
    ("empresa", "GET /api/empresa/pedidos"),
    ("empresa", "GET /api/empresa/pedidos/1"),
    ("empresa", "PUT /api/empresa/pedidos/1/estado"),
    ("admin", "GET /api/admin/dashboard"),
    ("admin", "GET /api/admin/usuarios"),
    ("admin", "PUT /api/admin/usuarios/1/rol"),
    ("admin", "PUT /api/admin/usuarios/1/estado"),
    ("admin", "GET /api/admin/empresas"),
    ("admin", "PUT /api/admin/empresas/1/estado"),
    ("admin", "GET /api/admin/pedidos"),
    ("admin", "GET /api/admin/pedidos/1"),
    ("admin", "GET /api/admin/categorias"),
    ("admin", "POST /api/admin/categorias"),
    ("admin", "PUT /api/admin/categorias/1"),
    ("admin", "DELETE /api/admin/categorias/1"),
    ("admin", "GET /api/admin/solicitudes"),
    ("admin", "PUT /api/admin/solicitudes/1/estado"),
];

/// BQ-10
#[tokio::test]
async fn another_role_is_refused_everywhere_and_written_down() {
    let store = Store::start().await;
    let people = [
        ("cliente", store.person("Ana", "cliente").await),
        ("empresa", store.person("Luna", "empresa").await),
        ("admin", store.person("Marta", "admin").await),
    ];
    for request in SIGNED_IN {
        let stranger = store.host.client().send(request).await;
        stranger.assert_status(401);
    }
    for (asked, request) in GUARDED.iter().copied() {
        let stranger = store.host.client().send(request).await;
        stranger.assert_status(401);
        for (role, person) in people.iter().filter(|(role, _)| *role != asked) {
            let refused = store.send(person, request, &json!({})).await;
            assert_eq!(
                refused.assert_status(403).code(),
                "ROLE_MISSING",
                "{role}: {request}"
            );
        }
    }
    let (event, facts) = store.last_event().await;
    assert_eq!(event, "access_refused", "{facts}");
    assert_eq!(facts["code"], "ROLE_MISSING", "{facts}");
}

/// The README's table and the router have the same routes, and each that asks for a role is tried
/// above by somebody of another one.
#[test]
fn every_route_is_in_the_readme() {
    let (routes, readme) = (
        include_str!("../../src/routes.rs"),
        include_str!("../../README.md"),
    );
    let paths = |text: &'static str, quote: char| {
        let words = text
            .split(quote)
            .filter_map(|word| word.find("/api/").map(|at| &word[at..]));
        words
            .filter(|path| !path.contains([' ', '"', '?']))
            .collect::<BTreeSet<&str>>()
    };
    let (routed, told) = (paths(routes, '"'), paths(readme, '`'));
    let adytons = ["/api/register", "/api/login", "/api/logout", "/api/user"];
    let own: BTreeSet<&str> = told
        .into_iter()
        .filter(|path| !adytons.contains(path))
        .collect();
    assert_eq!(own, routed);
    let public = ["/api/categorias", "/api/productos", "/api/empresas"];
    for path in routed
        .iter()
        .filter(|path| !public.iter().any(|start| path.starts_with(start)))
    {
        let mut tried = GUARDED.iter().map(|(_, request)| request).chain(SIGNED_IN);
        let is_tried = tried.any(|request| {
            let (_, tried) = request.split_once(' ').expect("a method and a path");
            let words = tried.split('/').zip(path.split('/'));
            tried.split('/').count() == path.split('/').count()
                && words
                    .into_iter()
                    .all(|(word, name)| word == name || name.starts_with('{'))
        });
        assert!(is_tried, "{path}");
    }
}

#[tokio::test]
async fn the_dashboard_counts_the_store() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let ana = store.person("Ana", "cliente").await;
    let marta = store.person("Marta", "admin").await;
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 9)).await;
    store.order(&ana, producto, 5).await.assert_status(201);
    let cancelled = id(&store.order(&ana, producto, 1).await.json());
    let request = format!("POST /api/pedidos/{cancelled}/cancelar");
    store.send(&ana, &request, &Json::Null).await;
    let shown = store.read(&marta, "/api/admin/dashboard").await;
    assert_eq!(
        shown.assert_status(200).json(),
        json!({
            "usuarios": { "cliente": 1, "empresa": 1, "admin": 2 },
            "empresas": 1,
            "empresas_suspendidas": 0,
            "productos": 1,
            "solicitudes_pendientes": 0,
            "pedidos": {
                "pendiente": 1, "preparando": 0, "listo": 0, "entregado": 0, "cancelado": 1,
            },
            "ventas_30_dias": { "pedidos": 1, "centimos": 800 },
        })
    );
    let all = store
        .read(&marta, "/api/admin/pedidos?filter[estado]=cancelado")
        .await;
    assert_eq!(column(&all, "id"), [json!(cancelled)]);
    let own = format!("/api/admin/pedidos?filter[cliente]={}", ana.id);
    assert_eq!(column(&store.read(&marta, &own).await, "id").len(), 2);
    let path = format!("/api/admin/pedidos/{cancelled}");
    let shown = store.read(&marta, &path).await;
    assert_eq!(shown.assert_status(200).json()["cliente"]["nombre"], "Ana");
}

#[tokio::test]
async fn users_are_searched_given_roles_and_shut_out() {
    let store = Store::start().await;
    let marta = store.person("Marta", "admin").await;
    let ana = store.person("Ana", "cliente").await;
    store.person("Bruno", "cliente").await;
    let list = async |query: &str| {
        let path = format!("/api/admin/usuarios?{query}");
        column(&store.read(&marta, &path).await, "name")
    };
    assert_eq!(list("q=ANA").await, [json!("Ana")]);
    assert_eq!(list("q=bruno@").await, [json!("Bruno")]);
    assert_eq!(
        list("filter[rol]=cliente&sort=-name").await,
        [json!("Bruno"), json!("Ana")]
    );
    store
        .read(&marta, "/api/admin/usuarios?filter[rol]=rey")
        .await
        .assert_status(422);
    let set = async |id: i64, what: &str, body: Json| {
        let request = format!("PUT /api/admin/usuarios/{id}/{what}");
        store.send(&marta, &request, &body).await
    };
    set(ana.id, "rol", json!({ "rol": "rey" }))
        .await
        .assert_status(422);
    set(ana.id, "rol", json!({})).await.assert_status(422);
    set(9999, "rol", json!({ "rol": "admin" }))
        .await
        .assert_status(404);
    let made = set(ana.id, "rol", json!({ "rol": "empresa" })).await;
    assert_eq!(made.assert_status(200).json()["rol"], "empresa");
    assert_eq!(store.last_event().await.0, "role_changed");
    // At once, for the token there is.
    create_empresa(&store.host, &ana.token)
        .await
        .assert_status(201);
    let out = set(ana.id, "estado", json!({ "estado": "desactivado" })).await;
    assert_eq!(out.assert_status(200).json()["estado"], "desactivado");
    with_token(&store.host, USER, &ana.token)
        .await
        .assert_status(401);
    assert_eq!(list("filter[estado]=desactivado").await, [json!("Ana")]);
    set(ana.id, "estado", json!({ "estado": "activo" }))
        .await
        .assert_status(200);
    with_token(&store.host, USER, &ana.token)
        .await
        .assert_status(200);
    for (what, body) in [
        ("rol", json!({ "rol": "cliente" })),
        ("estado", json!({ "estado": "desactivado" })),
    ] {
        let refused = set(marta.id, what, body).await;
        assert_eq!(refused.assert_status(403).code(), "USUARIO_PROPIO");
    }
    store
        .read(&marta, "/api/admin/dashboard")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn what_a_suspended_empresa_has_is_not_sold() {
    let store = Store::start().await;
    let cafes = store.categoria("Cafés").await;
    let luna = store.empresa("Luna").await;
    let ana = store.person("Ana", "cliente").await;
    let marta = store.person("Marta", "admin").await;
    let producto = store.producto(&luna, draft(cafes, "Cortado", 160, 9)).await;
    let listed = store
        .read(&marta, "/api/admin/empresas?q=luna")
        .await
        .json();
    let empresa = id(&listed["data"][0]);
    assert_eq!(
        listed["data"][0]["propietario"]["email"],
        luna.email.as_str()
    );
    let set = async |estado: &str| {
        let request = format!("PUT /api/admin/empresas/{empresa}/estado");
        store
            .send(&marta, &request, &json!({ "estado": estado }))
            .await
    };
    set("cerrada").await.assert_status(422);
    let shown = set("suspendida").await.assert_status(200).json();
    assert_eq!(shown["estado"], "suspendida");
    for path in ["productos", "empresas"] {
        assert_eq!(store.get(&format!("/api/{path}")).await.json()["total"], 0);
    }
    store
        .get(&format!("/api/empresas/{empresa}"))
        .await
        .assert_status(404);
    let refused = store.order(&ana, producto, 1).await;
    assert_eq!(refused.assert_status(422).code(), "PRODUCTO_NO_DISPONIBLE");
    let own = store.read(&luna, "/api/empresa").await;
    assert_eq!(own.assert_status(200).json()["estado"], "suspendida");
    let user = with_token(&store.host, USER, &luna.token).await.json();
    assert_eq!(user["empresa"]["estado"], "suspendida");
    let suspended = "/api/admin/empresas?filter[estado]=suspendida";
    assert_eq!(
        column(&store.read(&marta, suspended).await, "id"),
        [json!(empresa)]
    );
    set("activa").await.assert_status(200);
    store.order(&ana, producto, 1).await.assert_status(201);
    // Neither does somebody sell who is shut out.
    let request = format!("PUT /api/admin/usuarios/{}/estado", luna.id);
    store
        .send(&marta, &request, &json!({ "estado": "desactivado" }))
        .await;
    store.order(&ana, producto, 1).await.assert_status(422);
}

#[tokio::test]
async fn categorias_are_made_renamed_and_deleted_while_they_are_empty() {
    let store = Store::start().await;
    let marta = store.person("Marta", "admin").await;
    let luna = store.empresa("Luna").await;
    let body = |nombre: &str| json!({ "nombre": nombre });
    let made = store
        .send(&marta, "POST /api/admin/categorias", &body("Tes"))
        .await;
    let tes = id(&made.assert_status(201).json());
    let twice = store
        .send(&marta, "POST /api/admin/categorias", &body("Tes"))
        .await;
    assert_eq!(
        twice.assert_status(422).json()["errors"]["nombre"][0],
        "The nombre has already been taken."
    );
    let path = format!("/api/admin/categorias/{tes}");
    let renamed = store
        .send(&marta, &format!("PUT {path}"), &body("Tés"))
        .await;
    assert_eq!(renamed.assert_status(200).json()["nombre"], "Tés");
    assert_eq!(
        column(&store.read(&marta, "/api/admin/categorias").await, "nombre"),
        [json!("Tés")]
    );
    let producto = store.producto(&luna, draft(tes, "Té verde", 210, 1)).await;
    let delete = format!("DELETE {path}");
    let refused = store.send(&marta, &delete, &Json::Null).await;
    assert_eq!(refused.assert_status(409).code(), "CATEGORIA_EN_USO");
    let taken_away = format!("DELETE /api/empresa/productos/{producto}");
    store
        .send(&luna, &taken_away, &Json::Null)
        .await
        .assert_status(204);
    store
        .send(&marta, &delete, &Json::Null)
        .await
        .assert_status(204);
    store
        .send(&marta, &delete, &Json::Null)
        .await
        .assert_status(404);
    store
        .send(&marta, &format!("PUT {path}"), &body("Más"))
        .await
        .assert_status(404);
}
