//! A Stripe to practise with, for who has no key: the calls that the shop makes and the script that
//! its front end loads, below `/practice-stripe` of this very program. The shop speaks to it as to
//! Stripe, over HTTP; only the address differs. It keeps nothing, and charges nobody.

mod api;
mod book;
mod card;
mod intent;
mod webhook;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adyton::{Adyton, Clock, Secret};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{any, get};

use self::book::Book;

/// Where it is.
pub const PATH: &str = "/practice-stripe";

/// Said in every answer.
const NOTE: &str = "This is practice: no card is charged, and no bank is asked.";

/// The script that stands in for Stripe.js.
const SCRIPT: &str = include_str!("script.js");

/// Bytes of a request. A card has a few hundred.
const LARGEST: usize = 16 * 1024;

/// A Stripe of this process. Clones are the same.
#[derive(Clone, Debug)]
pub struct Practice {
    shop: SocketAddr,
    clock: Clock,
    pub secret: Secret<String>,
    pub publishable: String,
    pub webhook: Secret<String>,
    book: Arc<Mutex<Book>>,
}

impl Practice {
    /// One for a shop on this machine; none where strangers come over HTTPS.
    pub fn of(adyton: &Adyton) -> Option<Self> {
        let config = adyton.config();
        let address = config.public_url.as_deref().unwrap_or_default();
        if address.starts_with("https:") {
            tracing::error!("payments cannot be practised at an https public_url: they are off");
            return None;
        }
        let mut shop: SocketAddr = config.listen.parse().ok()?;
        if shop.ip().is_unspecified() {
            shop.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
        }
        Some(Self {
            shop,
            clock: adyton.clock().clone(),
            secret: format!("sk_test_practice{}", Secret::random(24).expose()).into(),
            publishable: "pk_test_practice".to_owned(),
            webhook: format!("whsec_{}", Secret::random(32).expose()).into(),
            book: Arc::default(),
        })
    }

    /// What the shop's client is told in place of Stripe's address.
    pub fn address(&self) -> String {
        format!("http://{}{PATH}", self.shop)
    }

    /// Where the front end finds the script.
    pub fn script() -> String {
        format!("{PATH}/v3/")
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its routes.
pub fn routes(practice: &Practice) -> Router {
    let routes = Router::new()
        .route("/v3/", get(script))
        .route("/v1/{*call}", any(api::answer))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(practice.clone());
    Router::new().nest(PATH, routes)
}

async fn script() -> impl IntoResponse {
    let kind = "text/javascript; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], SCRIPT)
}
