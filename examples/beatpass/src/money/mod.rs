//! Money: who bought what.

pub mod purchases;

use axum::Router;
use axum::routing::{get, post};

use crate::shop::Shop;

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .route("/tracks/{track}/purchase/initiate", post(purchases::store))
        .route("/purchases", get(purchases::index))
}
