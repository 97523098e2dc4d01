//! The catalogue: what there is to listen to and to buy, and who made it.

pub mod artists;
pub mod search;
pub mod tracks;

use axum::Router;
use axum::routing::{get, post, put};

use crate::shop::Shop;

/// What everybody may see.
pub fn for_everybody() -> Router<Shop> {
    Router::new()
        .route("/tracks", get(tracks::index))
        .route("/tracks/{track}", get(tracks::show))
        .route("/artists/{artist}", get(artists::show))
        .route("/search", get(search::index))
}

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .route("/tracks", post(tracks::store))
        .route("/tracks/{track}", put(tracks::update).patch(tracks::update))
        .route(
            "/artists/{artist}/follow",
            put(artists::follow).delete(artists::unfollow),
        )
}
