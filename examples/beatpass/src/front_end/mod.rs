//! The front end: what `npm run build` made of `web/`, at every path that is not the API's.
//!
//! It is a single page that reads the address by itself. So whoever opens `/beats/{track}` in a
//! browser is given the same file as at `/`; a script that asks for a path that is not there is told
//! so, as everywhere.

mod build;
mod pages;
mod policy;

use std::path::{Path, PathBuf};

use adyton::Error;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

pub use self::build::build;

/// Names the folder that is served, or turns the front end `off`.
const VARIABLE: &str = "BEATPASS_WEB";

/// The name of a file below it has a digest of what is in it.
const HASHED: &str = "/assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// What is served, and under which rules.
#[derive(Clone)]
struct FrontEnd {
    files: ServeDir,
    policy: HeaderValue,
}

/// The front end's routes, with room on its pages for the payment script at this address, if any.
pub fn routes(payment_script: Option<&str>) -> Router {
    let Some(folder) = folder() else {
        return Router::new();
    };
    let front_end = FrontEnd {
        files: ServeDir::new(folder).append_index_html_on_directories(false),
        policy: policy::for_pages(payment_script),
    };
    pages::beside_the_api()
        .fallback(serve)
        .with_state(front_end)
}

/// The sources, beside this crate's manifest.
fn sources() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/web"))
}

fn folder() -> Option<PathBuf> {
    match std::env::var_os(VARIABLE) {
        Some(word) if word == "off" => None,
        Some(folder) => Some(folder.into()),
        None => Some(sources().join("dist")),
    }
}

/// A file, else the page where a person asks, else the API's own 404.
async fn serve(State(front_end): State<FrontEnd>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let path = parts.uri.path();
    let is_ours = matches!(parts.method, Method::GET | Method::HEAD) && !path.starts_with("/api/");
    if !is_ours {
        return Error::RouteNotFound.into_response();
    }
    let caching = if path.starts_with(HASHED) {
        FOR_EVER
    } else {
        "no-cache"
    };
    let file = match path {
        "/" => None,
        _ => {
            front_end
                .file(&parts.method, parts.uri.clone(), &parts.headers)
                .await
        }
    };
    match file {
        Some(file) => front_end.dressed(file, caching),
        None if path == "/" || shows_pages(&parts.headers) => {
            front_end.page(&parts.method, &parts.headers).await
        }
        None => Error::RouteNotFound.into_response(),
    }
}

impl FrontEnd {
    /// The one page; in its place how to make it, where nobody has.
    async fn page(&self, method: &Method, headers: &HeaderMap) -> Response {
        let index = Uri::from_static("/index.html");
        match self.file(method, index, headers).await {
            Some(page) => self.dressed(page, "no-cache"),
            None => self.dressed(pages::not_built(), "no-store"),
        }
    }

    async fn file(&self, method: &Method, uri: Uri, headers: &HeaderMap) -> Option<Response> {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers.clone();
        let answer = self.files.clone().oneshot(request).await;
        let answer = answer.unwrap_or_else(|never| match never {});
        (answer.status() != StatusCode::NOT_FOUND).then(|| answer.map(Body::new))
    }

    fn dressed(&self, mut answer: Response, caching: &'static str) -> Response {
        let rules: [(HeaderName, &'static str); 4] = [
            (header::CACHE_CONTROL, caching),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        ];
        let headers = answer.headers_mut();
        for (name, value) in rules {
            headers.insert(name, HeaderValue::from_static(value));
        }
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        answer
    }
}

/// Whether a person opens an address: browsers name pages by their type then, and scripts do not.
fn shows_pages(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT);
    accepted.is_some_and(|types| {
        types
            .to_str()
            .is_ok_and(|types| types.contains("text/html"))
    })
}
