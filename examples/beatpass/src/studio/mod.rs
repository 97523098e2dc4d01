//! The studio: what an artist learns about their own work.

pub mod dashboard;
mod numbers;
mod period;

use axum::Router;
use axum::routing::get;

use crate::shop::Shop;

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new().route("/producer-intelligence/dashboard", get(dashboard::show))
}
