//! The administration: members, tracks, purchases, and what was refused. Whoever lacks the role
//! `admin` is refused at the gate, and the security log keeps that.

mod purchases;
pub mod refusals;
mod refused;
mod tracks;
mod users;

use axum::Router;
use axum::routing::{get, post, put};

use crate::shop::Shop;

/// Who may come in here.
pub const ROLE: &str = "admin";

/// What the administration does.
pub fn for_admins() -> Router<Shop> {
    Router::new()
        .route("/admin/users", get(users::index))
        .route("/admin/users/{user}", put(users::update))
        .route("/admin/tracks", get(tracks::index))
        .route("/admin/tracks/{track}", put(tracks::update))
        .route("/admin/purchases", get(purchases::index))
        .route(
            "/admin/purchases/{purchase}/refund",
            post(purchases::refund),
        )
        .route("/admin/refusals", get(refused::index))
}
