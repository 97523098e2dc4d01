//! The server under load: the bare route, and the same answer behind Adyton.

use adyton::db::ConnectOptions;
use adyton::{Adyton, Auth, Db};
use anyhow::Result;
use axum::http::header;
use axum::response::IntoResponse;
use axum::{Router, routing::get};
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;

use crate::seed;

/// Serves until it is killed, and prints its address.
pub(crate) async fn run(database: &str) -> Result<()> {
    let db = Db::connect(database, ConnectOptions::default()).await?;
    let adyton = Adyton::builder(db).config(seed::config()).build()?;
    let guarded = Router::new()
        .route("/guarded", get(guarded))
        .merge(adyton.routes())
        .layer(adyton.layer());
    let router = Router::new().route("/bare", get(bare)).merge(guarded);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    adyton::serve(&adyton, listener, router, adyton::ctrl_c()).await?;
    Ok(())
}

/// What `GET /api/user` answers, without asking who is calling.
async fn bare() -> impl IntoResponse {
    answer(json!({
        "id": 1, "name": "Ana Pérez", "email": "ana@example.com", "email_verified_at": null,
        "created_at": "2026-01-01T00:00:00.000000Z", "updated_at": "2026-01-01T00:00:00.000000Z"
    }))
}

/// A host's own route that asks.
async fn guarded(auth: Auth) -> impl IntoResponse {
    answer(Json::Object(auth.user().public_fields()))
}

fn answer(body: Json) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
}
