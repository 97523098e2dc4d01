//! The store's routes, by who may ask for them.

use adyton::Adyton;
use axum::Router;
use axum::routing::{get, post, put};

use crate::users::{ADMIN, CLIENTE, EMPRESA};
use crate::{admin, catalogo, empresa, pedidos};

pub fn store(adyton: &Adyton) -> Router {
    let by_role = |routes: Router<Adyton>, role| routes.route_layer(adyton.require_role(&[role]));
    Router::new()
        .merge(for_everybody().route_layer(adyton.throttle("public")))
        .merge(for_members().route_layer(adyton.require_auth()))
        .merge(by_role(for_clientes(), CLIENTE))
        .merge(by_role(for_empresas(), EMPRESA))
        .merge(by_role(for_admins(), ADMIN))
        .with_state(adyton.clone())
}

fn for_everybody() -> Router<Adyton> {
    use catalogo::{categorias, empresas, productos};
    Router::new()
        .route("/api/categorias", get(categorias::index))
        .route("/api/productos", get(productos::index))
        .route("/api/productos/{producto}", get(productos::show))
        .route("/api/empresas", get(empresas::index))
        .route("/api/empresas/{empresa}", get(empresas::show))
}

/// Whoever asked may see the answer, also when it made them an empresa; and whoever ordered has their
/// orders.
fn for_members() -> Router<Adyton> {
    use pedidos::cliente;
    Router::new()
        .route("/api/empresa/solicitud", get(empresa::solicitud::show))
        .route("/api/pedidos", get(cliente::index))
        .route("/api/pedidos/{pedido}", get(cliente::show))
        .route("/api/pedidos/{pedido}/cancelar", post(cliente::cancel))
}

fn for_clientes() -> Router<Adyton> {
    use pedidos::cliente;
    Router::new()
        .route("/api/pedidos", post(cliente::store))
        .route("/api/empresa/solicitud", post(empresa::solicitud::store))
}

fn for_empresas() -> Router<Adyton> {
    use empresa::{panel, pedidos, perfil, productos};
    let own = get(perfil::show).post(perfil::store).put(perfil::update);
    let producto = get(productos::show)
        .put(productos::update)
        .delete(productos::destroy);
    Router::new()
        .route("/api/empresa", own)
        .route("/api/empresa/panel", get(panel::show))
        .route(
            "/api/empresa/productos",
            get(productos::index).post(productos::store),
        )
        .route("/api/empresa/productos/{producto}", producto)
        .route("/api/empresa/pedidos", get(pedidos::index))
        .route("/api/empresa/pedidos/{pedido}", get(pedidos::show))
        .route(
            "/api/empresa/pedidos/{pedido}/estado",
            put(pedidos::set_estado),
        )
}

fn for_admins() -> Router<Adyton> {
    use admin::{categorias, dashboard, empresas, pedidos, solicitudes, usuarios};
    let all_categorias = get(catalogo::categorias::index).post(categorias::store);
    let categoria = put(categorias::update).delete(categorias::destroy);
    Router::new()
        .route("/api/admin/dashboard", get(dashboard::show))
        .route("/api/admin/usuarios", get(usuarios::index))
        .route("/api/admin/usuarios/{usuario}/rol", put(usuarios::set_rol))
        .route(
            "/api/admin/usuarios/{usuario}/estado",
            put(usuarios::set_estado),
        )
        .route("/api/admin/empresas", get(empresas::index))
        .route(
            "/api/admin/empresas/{empresa}/estado",
            put(empresas::set_estado),
        )
        .route("/api/admin/pedidos", get(pedidos::index))
        .route("/api/admin/pedidos/{pedido}", get(pedidos::show))
        .route("/api/admin/categorias", all_categorias)
        .route("/api/admin/categorias/{categoria}", categoria)
        .route("/api/admin/solicitudes", get(solicitudes::index))
        .route(
            "/api/admin/solicitudes/{solicitud}/estado",
            put(solicitudes::set_estado),
        )
}
