//! The pedidos that an empresa gets.

use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result};
use axum::extract::State;
use serde_json::Value as Json;

use super::perfil;
use crate::fields;
use crate::id::Id;
use crate::pedidos::{self, estado};

/// `GET /api/empresa/pedidos?filter[estado]=pendiente&sort=created_at`
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut own = pedidos::all();
    own.only("pedidos.empresa_id = ?", [perfil::id_of(auth.user())?]);
    pedidos::page(&adyton, &query, own).await
}

/// `GET /api/empresa/pedidos/{pedido}`
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// `PUT /api/empresa/pedidos/{pedido}/estado`
pub async fn set_estado(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let to = fields::choice(&mut read, "estado", &estado::ALL);
    read.finish()?;
    find(&adyton, &auth, id).await?;
    estado::change(&adyton, id, to, estado::before(to)).await?;
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// One of one's own; nobody is told of another's.
async fn find(adyton: &Adyton, auth: &Auth, id: i64) -> Result<Json> {
    let mut own = pedidos::all();
    own.only("pedidos.empresa_id = ?", [perfil::id_of(auth.user())?]);
    pedidos::find(adyton, own, id).await?.ok_or(Error::NotFound)
}
