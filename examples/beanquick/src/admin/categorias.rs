//! The categorías: admins make, rename and delete them.

use adyton::db::DbError;
use adyton::{Adyton, Error, Input, Invalid, Reply, Result, Rule};
use axum::extract::State;
use serde_json::json;

use crate::id::Id;
use crate::refusals;

/// `POST /api/admin/categorias`
pub async fn store(State(adyton): State<Adyton>, input: Input) -> Result<Reply> {
    let nombre = nombre(&input)?;
    let sql = "INSERT INTO categorias (nombre, created_at) VALUES ($1, $2)";
    let values = [nombre.as_str().into(), adyton.clock().now().into()];
    let id = adyton.db().insert(sql, &values).await.map_err(taken)?;
    let made = json!({ "id": id, "nombre": nombre });
    Ok(Reply::Created(made, "categorias.created"))
}

/// `PUT /api/admin/categorias/{categoria}`
pub async fn update(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let nombre = nombre(&input)?;
    let sql = "UPDATE categorias SET nombre = $1 WHERE id = $2";
    let values = [nombre.as_str().into(), id.into()];
    match adyton.db().run(sql, &values).await.map_err(taken)? {
        0 => Err(Error::NotFound),
        _ => Ok(Reply::data(json!({ "id": id, "nombre": nombre }))),
    }
}

/// `DELETE /api/admin/categorias/{categoria}`, if nothing is in it that is kept.
pub async fn destroy(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let sql = "DELETE FROM categorias WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM productos \
               WHERE productos.categoria_id = categorias.id AND productos.retirado_at IS NULL)";
    if adyton.db().run(sql, &[id.into()]).await? == 1 {
        return Ok(Reply::Empty);
    }
    let sql = "SELECT id FROM categorias WHERE id = $1";
    match adyton.db().one(sql, &[id.into()]).await? {
        Some(_) => Err(refusals::CATEGORY_IN_USE.into()),
        None => Err(Error::NotFound),
    }
}

fn nombre(input: &Input) -> Result<String> {
    let mut read = input.reader();
    let nombre = read.text("nombre", 64);
    read.finish()?;
    Ok(nombre)
}

fn taken(error: DbError) -> Error {
    match error {
        DbError::Taken => Invalid::field("nombre", Rule::Unique).into(),
        other => other.into(),
    }
}
