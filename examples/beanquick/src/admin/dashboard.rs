//! The store in numbers.

use std::time::Duration;

use adyton::db::Value;
use adyton::{Adyton, Error, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::empresa::panel::DAYS;
use crate::empresa::solicitud;
use crate::pedidos::estado;
use crate::users::ROLES;

/// `GET /api/admin/dashboard`
pub async fn show(State(adyton): State<Adyton>) -> Result<Reply> {
    let by_role = "SELECT role AS name, COUNT(*) AS number FROM users \
                   WHERE role IS NOT NULL GROUP BY role";
    let by_estado = "SELECT estado AS name, COUNT(*) AS number FROM pedidos GROUP BY estado";
    let empresas = "SELECT COUNT(*) AS number FROM empresas";
    let suspended = "SELECT COUNT(*) AS number FROM empresas WHERE suspendida_at IS NOT NULL";
    let productos = "SELECT COUNT(*) AS number FROM productos WHERE retirado_at IS NULL";
    let asked = "SELECT COUNT(*) AS number FROM solicitudes WHERE estado = $1";
    Ok(Reply::data(json!({
        "usuarios": counts(&adyton, by_role, &ROLES).await?,
        "empresas": count(&adyton, empresas, &[]).await?,
        "empresas_suspendidas": count(&adyton, suspended, &[]).await?,
        "productos": count(&adyton, productos, &[]).await?,
        "solicitudes_pendientes": count(&adyton, asked, &[solicitud::PENDIENTE.into()]).await?,
        "pedidos": counts(&adyton, by_estado, &estado::ALL).await?,
        "ventas_30_dias": sales(&adyton).await?,
    })))
}

async fn count(adyton: &Adyton, sql: &str, values: &[Value]) -> Result<i64> {
    let row = adyton.db().one(sql, values).await?;
    Ok(row.ok_or(Error::NotFound)?.get("number")?)
}

/// Numbers by name, each name told even if there is none.
async fn counts(adyton: &Adyton, sql: &str, names: &[&str]) -> Result<Json> {
    let mut shown = json!({});
    for name in names {
        shown[*name] = 0.into();
    }
    for row in adyton.db().all(sql, &[]).await? {
        shown[row.get::<String>("name")?] = row.get::<i64>("number")?.into();
    }
    Ok(shown)
}

async fn sales(adyton: &Adyton) -> Result<Json> {
    let sql = "SELECT COUNT(*) AS pedidos, SUM(total_centimos) AS centimos FROM pedidos \
               WHERE created_at >= $1 AND estado <> $2";
    let since = adyton.clock().now() - Duration::from_secs(DAYS * 24 * 60 * 60);
    let values = [since.into(), estado::CANCELADO.into()];
    let row = adyton.db().one(sql, &values).await?;
    let row = row.ok_or(Error::NotFound)?;
    Ok(json!({
        "pedidos": row.get::<i64>("pedidos")?,
        "centimos": row.get::<Option<i64>>("centimos")?.unwrap_or_default(),
    }))
}
