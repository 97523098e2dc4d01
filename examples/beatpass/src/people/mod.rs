//! People: what members say to each other, and what they look for.

pub mod beat_requests;
pub mod messaging;

use axum::Router;
use axum::routing::{get, post};

use crate::shop::Shop;

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .route(
            "/messaging/conversations",
            get(messaging::index).post(messaging::store),
        )
        .route("/beat-requests", post(beat_requests::store))
}
