//! What the account pages ask beside Adyton's own routes.

use adyton::{Adyton, Auth, Reply, Result};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::json;

use crate::shop::Shop;

/// What members do.
pub fn for_members() -> Router<Shop> {
    Router::new().route("/me/ways-in", get(ways_in))
}

/// `GET /me/ways-in`: by what the member gets in. A page shows by it what is on and what is not.
async fn ways_in(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let ways = adyton.ways_in(auth.user()).await?;
    Ok(Reply::data(json!({
        "password": ways.password,
        "two_factor": ways.second_factor,
        "passkeys": ways.passkeys.len(),
        "providers": ways.providers,
    })))
}
