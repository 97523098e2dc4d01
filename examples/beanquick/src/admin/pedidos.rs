//! All pedidos.

use adyton::{Adyton, Error, Query, Reply, Result};
use axum::extract::State;

use crate::id::Id;
use crate::pedidos;

/// `GET /api/admin/pedidos?filter[empresa]={empresa_id}&filter[cliente]={user_id}`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    pedidos::page(&adyton, &query, pedidos::all()).await
}

/// `GET /api/admin/pedidos/{pedido}`
pub async fn show(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let pedido = pedidos::find(&adyton, pedidos::all(), id).await?;
    pedido.map(Reply::Data).ok_or(Error::NotFound)
}
