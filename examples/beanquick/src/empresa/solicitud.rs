//! How a cliente becomes an empresa: they ask, and an admin decides (`admin/solicitudes.rs`).

use adyton::chrono::{DateTime, Utc};
use adyton::db::{DbError, Row};
use adyton::{Adyton, Auth, Error, Input, Reply, Result, UserId, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::refusals;

pub const PENDIENTE: &str = "pendiente";
pub const APROBADA: &str = "aprobada";
pub const RECHAZADA: &str = "rechazada";

/// `POST /api/empresa/solicitud`. Who was refused may ask again.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let nombre = read.text("nombre", 128);
    let mensaje = read.optional_text("mensaje", 1000);
    read.finish()?;
    let user = &auth.user().id;
    let values = [
        nombre.into(),
        mensaje.into(),
        PENDIENTE.into(),
        adyton.clock().now().into(),
        user.into(),
    ];
    let insert = "INSERT INTO solicitudes (nombre, mensaje, estado, created_at, user_id) \
                  VALUES ($1, $2, $3, $4, $5)";
    match adyton.db().run(insert, &values).await {
        Ok(_) => {}
        Err(DbError::Taken) => {
            let again = "UPDATE solicitudes SET nombre = $1, mensaje = $2, estado = $3, \
                         created_at = $4, resuelta_at = NULL \
                         WHERE user_id = $5 AND estado <> 'pendiente'";
            if adyton.db().run(again, &values).await? == 0 {
                return Err(refusals::APPLIED.into());
            }
        }
        Err(error) => return Err(error.into()),
    }
    let made = of(&adyton, user).await?;
    Ok(Reply::Created(made, "solicitudes.created"))
}

/// `GET /api/empresa/solicitud`: one's own, and what became of it.
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    Ok(Reply::Data(of(&adyton, &auth.user().id).await?))
}

async fn of(adyton: &Adyton, user: &UserId) -> Result<Json> {
    let sql = "SELECT id, nombre, mensaje, estado, created_at, resuelta_at FROM solicitudes \
               WHERE user_id = $1";
    let row = adyton.db().one(sql, &[user.into()]).await?;
    shown(&row.ok_or(Error::NotFound)?)
}

pub fn shown(row: &Row) -> Result<Json> {
    let decided: Option<DateTime<Utc>> = row.get("resuelta_at")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "mensaje": row.get::<Option<String>>("mensaje")?,
        "estado": row.get::<String>("estado")?,
        "created_at": timestamp(row.get("created_at")?),
        "resuelta_at": decided.map(timestamp),
    }))
}
