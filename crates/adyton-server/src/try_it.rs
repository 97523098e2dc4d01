//! A page to try Adyton with in a browser: a front end like any other, served by `adyton dev` alone.

use adyton::RouteInfo;
use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;

/// Where it is.
pub const PATH: &str = "/";

/// The same page where a browser is sent that got in.
const HOME: &str = "/home";

/// Where a browser goes on that comes back from a provider and is not in: to the page, which says so.
pub const REDIRECTS: [(&str, &str); 2] = [
    ("social.failed", "/"),
    ("two-factor.login", "/?second-factor"),
];

/// Nothing from elsewhere, and no script but the one file.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and what belongs to it, where the settings put no route of Adyton's in its place.
pub fn routes(own: &[RouteInfo]) -> Router {
    let page = || async { file("text/html; charset=utf-8", include_str!("try_it/page.html")) };
    let script = || async {
        file(
            "text/javascript; charset=utf-8",
            include_str!("try_it/page.js"),
        )
    };
    let style = || async { file("text/css; charset=utf-8", include_str!("try_it/page.css")) };
    let router = Router::new()
        .route("/_dev/try.js", get(script))
        .route("/_dev/try.css", get(style));
    let is_free = |path: &&str| own.iter().all(|route| route.path != *path);
    let free = [PATH, HOME].into_iter().filter(is_free);
    free.fold(router, |router, path| router.route(path, get(page)))
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, text)
}
