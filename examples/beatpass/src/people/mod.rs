//! People: what members say to each other, and what they look for.

mod beat_requests;
mod conversations;
mod messages;
mod offers;
pub mod refusals;

use axum::Router;
use axum::routing::{get, post};

use crate::shop::Shop;

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .route(
            "/messaging/conversations",
            get(conversations::index).post(conversations::store),
        )
        .route(
            "/messaging/conversations/{conversation}",
            get(messages::index),
        )
        .route(
            "/messaging/conversations/{conversation}/messages",
            post(messages::store),
        )
        .route("/messaging/unread", get(conversations::unread))
        .route(
            "/beat-requests",
            get(beat_requests::index).post(beat_requests::store),
        )
        .route(
            "/beat-requests/{beat_request}",
            get(beat_requests::show)
                .put(beat_requests::update)
                .patch(beat_requests::update),
        )
        .route("/beat-requests/{beat_request}/offers", post(offers::store))
}
