//! The API's description, generated from the code that answers: `GET /api/v1/openapi.json`.
//!
//! Each handler says what it takes and gives by `#[utoipa::path]`, and the router that mounts it
//! collects that. `adyton.rs` describes the routes that are Adyton's; `refusals.rs` adds to every
//! operation the answers that its gate and its reader give.

mod adyton;
mod refusals;
pub mod shapes;

use std::sync::Arc;

use ::adyton::Adyton;
use adyton::AdytonApi;
use axum::http::header;
use axum::response::IntoResponse;
use axum::{Extension, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

const ABOUT: &str = "Posts for everybody, an account for readers, an API for the owner. The path \
     tells the audience: `/api/v1/me` takes a token, `/api/v1/admin` a token with the ability \
     `admin`, all else is public. Each operation names the ability that it asks for.";

const TOKEN: &str = "From `POST /api/v1/auth/login`, which gives the ability `user`, or from \
     `POST /api/v1/me/tokens` with `comments:write`, `tickets:write`, `newsletter:manage`. \
     A token with `admin` is made on the server's command line only.";

#[derive(OpenApi)]
#[openapi(info(
    title = "The Site",
    version = "1",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
))]
struct Site;

/// The description, as it is sent.
#[derive(Clone)]
pub struct Described(Arc<str>);

/// The routes, with the description of all that is served.
pub fn described(adyton: &Adyton, routes: OpenApiRouter<Adyton>) -> Router<Adyton> {
    let (router, hosts) = routes.split_for_parts();
    let mut document = Site::openapi();
    document.info.description = Some(ABOUT.to_owned());
    document.merge(hosts);
    document.merge(AdytonApi::openapi());
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(TOKEN));
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("token", SecurityScheme::Http(bearer.build()));
    refusals::add(&mut document, &adyton.route_table());
    let text = serde_json::to_string(&document).expect("a description is JSON");
    router.layer(Extension(Described(text.into())))
}

/// This description.
#[utoipa::path(get, path = "/openapi.json", tag = "description", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub async fn show(Extension(Described(text)): Extension<Described>) -> impl IntoResponse {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, text.to_string())
}
