//! The catalogue: what there is to listen to and to buy, and who made it.

pub mod albums;
pub mod artists;
mod changes;
mod fields;
mod files;
pub mod follows;
mod genres;
mod plays;
pub mod refusals;
pub mod search;
mod sleeve;
pub mod tracks;
pub mod words;

pub use plays::hour_and_day;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};

use crate::media;
use crate::shop::Shop;

/// Recordings and covers. They are counted by no limit: one page shows dozens of them.
pub fn for_players() -> Router<Shop> {
    Router::new()
        .route("/tracks/{track}/audio", get(files::audio))
        .route("/tracks/{track}/cover", get(files::cover))
        .route("/albums/{album}/cover", get(files::album_cover))
}

/// What everybody may see.
pub fn for_everybody() -> Router<Shop> {
    Router::new()
        .route("/tracks", get(tracks::index))
        .route("/tracks/{track}", get(tracks::show))
        .route("/tracks/{track}/plays", post(plays::store))
        .route("/albums", get(albums::index))
        .route("/albums/{album}", get(albums::show))
        .route("/artists", get(artists::index))
        .route("/artists/{artist}", get(artists::show))
        .route("/search", get(search::index))
        .route("/genres", get(genres::index))
}

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .merge(with_files())
        .route("/tracks/{track}/download", get(files::download))
        .route("/me/tracks", get(tracks::mine))
        .route("/me/albums", get(albums::mine))
        .route("/me/following", get(follows::index))
        .route("/me/artist", put(artists::update))
        .route(
            "/artists/{artist}/follow",
            put(follows::store).delete(follows::destroy),
        )
}

/// Routes whose requests may bring files, and are as large as those.
fn with_files() -> Router<Shop> {
    Router::new()
        .route("/tracks", post(changes::store))
        .route(
            "/tracks/{track}",
            put(changes::update)
                .patch(changes::update)
                .delete(changes::destroy),
        )
        .route("/albums", post(sleeve::store))
        .route(
            "/albums/{album}",
            put(sleeve::update).delete(sleeve::destroy),
        )
        .route_layer(DefaultBodyLimit::max(media::MOST_BYTES))
}
