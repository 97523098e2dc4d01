//! A cliente's own pedidos.

use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result};
use axum::extract::State;
use serde_json::Value as Json;

use super::{estado, place};
use crate::id::Id;

/// `POST /api/pedidos`: 201; 200 for a `referencia` that was sent before.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let wish = place::Wish::of(&input)?;
    let (id, is_new) = place::place(&adyton, &auth.user().id, &wish).await?;
    let pedido = find(&adyton, &auth, id).await?;
    match is_new {
        true => Ok(Reply::Created(pedido, "pedidos.created")),
        false => Ok(Reply::Data(pedido)),
    }
}

/// `GET /api/pedidos?filter[estado]=listo&sort=-total`
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut own = super::all();
    own.only("pedidos.user_id = ?", [&auth.user().id]);
    super::page(&adyton, &query, own).await
}

/// `GET /api/pedidos/{pedido}`
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// `POST /api/pedidos/{pedido}/cancelar`, while nobody has begun with it.
pub async fn cancel(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    find(&adyton, &auth, id).await?;
    estado::change(&adyton, id, estado::CANCELADO, &[estado::PENDIENTE]).await?;
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// One of one's own; nobody is told of another's.
async fn find(adyton: &Adyton, auth: &Auth, id: i64) -> Result<Json> {
    let mut own = super::all();
    own.only("pedidos.user_id = ?", [&auth.user().id]);
    super::find(adyton, own, id).await?.ok_or(Error::NotFound)
}
