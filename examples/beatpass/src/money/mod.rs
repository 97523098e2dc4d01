//! Money: who bought what. Stripe takes it; here is what was asked of Stripe, and what came of it.
//!
//! A purchase is one a member and track. It is charged by attempts, of which one is open at most, and
//! an attempt is one PaymentIntent, which charges once. So neither a double click nor a second server,
//! neither a lost answer nor a late webhook charges twice.

mod attempts;
mod confirm;
mod customers;
mod payments;
mod practice;
pub mod purchase;
pub mod purchases;
pub mod refund;
pub mod refusals;
mod settings;
mod settle;
mod signature;
mod stripe;
mod webhook;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub use self::payments::Payments;
pub use self::settings::Settings;
use crate::shop::Shop;

/// What everybody may know.
pub fn for_everybody() -> Router<Shop> {
    Router::new().route("/payments/settings", get(payments::show))
}

/// What Stripe calls. It has no limit: a flood of payments is not to be turned away.
pub fn for_stripe() -> Router<Shop> {
    let limit = DefaultBodyLimit::max(webhook::LARGEST);
    Router::new().route("/stripe/webhook", post(webhook::store).layer(limit))
}

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new()
        .route("/tracks/{track}/purchase/initiate", post(purchases::store))
        .route("/tracks/{track}/purchase/confirm", post(confirm::store))
        .route("/tracks/{track}/purchase/refresh", post(confirm::refresh))
        .route("/purchases", get(purchases::index))
        .route("/purchases/{purchase}", get(purchases::show))
}
