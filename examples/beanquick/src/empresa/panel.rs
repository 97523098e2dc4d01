//! An empresa's day at a glance. Days are those of UTC.

use std::time::Duration;

use adyton::chrono::{DateTime, NaiveTime, Utc};
use adyton::db::{Row, Value};
use adyton::{Adyton, Auth, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::perfil;
use crate::pedidos::estado;

/// Days that sales are told of.
pub const DAYS: u64 = 30;

/// As many pieces or fewer are few.
const FEW: i64 = 5;

/// Entries of a list at most.
const LISTED: i64 = 10;

/// `GET /api/empresa/panel`
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let empresa = perfil::id_of(auth.user())?;
    let now = adyton.clock().now();
    let since = now - Duration::from_secs(DAYS * 24 * 60 * 60);
    Ok(Reply::data(json!({
        "hoy": today(&adyton, empresa, now).await?,
        "ventas_30_dias": sales(&adyton, empresa, since).await?,
        "mas_vendidos": best(&adyton, empresa, since).await?,
        "pocas_existencias": low(&adyton, empresa).await?,
    })))
}

/// The pedidos of today by estado, each estado named even if there is none.
async fn today(adyton: &Adyton, empresa: i64, now: DateTime<Utc>) -> Result<Json> {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc();
    let sql = "SELECT estado, COUNT(*) AS pedidos FROM pedidos \
               WHERE empresa_id = $1 AND created_at >= $2 GROUP BY estado";
    let rows = adyton
        .db()
        .all(sql, &[empresa.into(), midnight.into()])
        .await?;
    let mut shown = json!({ "pedidos": 0 });
    for name in estado::ALL {
        shown[name] = 0.into();
    }
    let mut all = 0;
    for row in rows {
        let pedidos: i64 = row.get("pedidos")?;
        all += pedidos;
        shown[row.get::<String>("estado")?] = pedidos.into();
    }
    shown["pedidos"] = all.into();
    Ok(shown)
}

/// What was sold since then, day by day; what was cancelled was not.
async fn sales(adyton: &Adyton, empresa: i64, since: DateTime<Utc>) -> Result<Json> {
    let sql = "SELECT CAST(DATE(created_at) AS char(10)) AS dia, COUNT(*) AS pedidos, \
                      SUM(total_centimos) AS centimos \
               FROM pedidos WHERE empresa_id = $1 AND created_at >= $2 AND estado <> $3 \
               GROUP BY DATE(created_at) ORDER BY dia";
    let values = [empresa.into(), since.into(), estado::CANCELADO.into()];
    let rows = adyton.db().all(sql, &values).await?;
    let (mut pedidos, mut centimos) = (0, 0);
    let mut days: Vec<Json> = Vec::with_capacity(rows.len());
    for row in rows {
        let (count, sum): (i64, i64) = (row.get("pedidos")?, row.get("centimos")?);
        pedidos += count;
        centimos += sum;
        let day: String = row.get("dia")?;
        days.push(json!({ "dia": day, "pedidos": count, "centimos": sum }));
    }
    Ok(json!({ "pedidos": pedidos, "centimos": centimos, "por_dia": days }))
}

async fn best(adyton: &Adyton, empresa: i64, since: DateTime<Utc>) -> Result<Vec<Json>> {
    let sql = "SELECT lineas.producto_id AS id, MAX(lineas.nombre) AS nombre, \
                      SUM(lineas.cantidad) AS vendidos, \
                      SUM(lineas.cantidad * lineas.precio_centimos) AS centimos \
               FROM pedido_lineas lineas JOIN pedidos ON pedidos.id = lineas.pedido_id \
               WHERE pedidos.empresa_id = $1 AND pedidos.created_at >= $2 \
                 AND pedidos.estado <> $3 \
               GROUP BY lineas.producto_id ORDER BY vendidos DESC, id LIMIT $4";
    let cancelled = estado::CANCELADO.into();
    let values: [Value; 4] = [empresa.into(), since.into(), cancelled, LISTED.into()];
    let shown = |row: &Row| {
        Ok(json!({
            "id": row.get::<i64>("id")?,
            "nombre": row.get::<String>("nombre")?,
            "vendidos": row.get::<i64>("vendidos")?,
            "centimos": row.get::<i64>("centimos")?,
        }))
    };
    adyton
        .db()
        .all(sql, &values)
        .await?
        .iter()
        .map(shown)
        .collect()
}

async fn low(adyton: &Adyton, empresa: i64) -> Result<Vec<Json>> {
    let sql = "SELECT id, nombre, existencias FROM productos \
               WHERE empresa_id = $1 AND retirado_at IS NULL AND existencias <= $2 \
               ORDER BY existencias, id LIMIT $3";
    let values = [empresa.into(), FEW.into(), LISTED.into()];
    let shown = |row: &Row| {
        Ok(json!({
            "id": row.get::<i64>("id")?,
            "nombre": row.get::<String>("nombre")?,
            "existencias": row.get::<i64>("existencias")?,
        }))
    };
    adyton
        .db()
        .all(sql, &values)
        .await?
        .iter()
        .map(shown)
        .collect()
}
