//! What is there for a person beside the built page.

use adyton::Error;
use axum::Router;
use axum::http::header::ALLOW;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{MethodRouter, get};

use super::shows_pages;

/// The API's paths that people type or have kept, and the pages that they mean.
const TYPED: [(&str, &str); 3] = [
    ("/login", "/sign-in"),
    ("/register", "/sign-up"),
    ("/forgot-password", "/forgot"),
];

/// Routes from those paths. What the API answers there to scripts stays as it is.
pub fn beside_the_api<S: Clone + Send + Sync + 'static>() -> Router<S> {
    TYPED
        .into_iter()
        .fold(Router::new(), |router, (path, page)| {
            router.route(path, leads_to(page))
        })
}

fn leads_to<S: Clone + Send + Sync + 'static>(page: &'static str) -> MethodRouter<S> {
    get(
        async move |headers: HeaderMap| match shows_pages(&headers) {
            true => Redirect::to(page).into_response(),
            false => {
                let allowed = "POST".to_owned();
                let refused = Error::MethodNotAllowed { allowed };
                ([(ALLOW, "POST")], refused).into_response()
            }
        },
    )
}

/// Where `web/` was not built.
pub fn not_built() -> Response {
    let page = Html(include_str!("not_built.html"));
    (StatusCode::SERVICE_UNAVAILABLE, page).into_response()
}
