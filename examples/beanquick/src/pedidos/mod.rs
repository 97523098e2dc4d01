//! Pedidos: what a cliente orders of one empresa. Who asks decides which of them there are.

pub mod cliente;
pub mod estado;
pub mod place;

use std::collections::BTreeMap;

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Query, Reply, Result, timestamp};
use serde_json::{Value as Json, json};

use crate::fields;

const COLUMNS: &str = "pedidos.id, pedidos.estado, pedidos.total_centimos, pedidos.nota, \
     pedidos.referencia, pedidos.empresa_id, empresas.nombre AS empresa, pedidos.user_id, \
     users.name AS cliente, pedidos.created_at, pedidos.updated_at";

const ORDERS: [(&str, &str); 3] = [
    ("created_at", "pedidos.created_at"),
    ("total", "pedidos.total_centimos"),
    ("estado", "pedidos.estado"),
];

/// Lines of a page of pedidos at most.
const LINES: i64 = 100 * place::MOST_LINES as i64;

/// All pedidos there are.
pub fn all() -> Listing {
    let from = "pedidos JOIN empresas ON empresas.id = pedidos.empresa_id \
                LEFT JOIN users ON users.id = pedidos.user_id";
    Listing::new(COLUMNS, from)
}

/// The page of a list that the query asks for.
pub async fn page(adyton: &Adyton, query: &Query, mut pedidos: Listing) -> Result<Reply> {
    let order = query.sort(&ORDERS, "pedidos.id DESC")?;
    let filters = query.filters(&["estado", "empresa", "cliente"])?;
    let paging = query.paging()?;
    if let Some(wanted) = fields::chosen(&filters, "estado", &estado::ALL)? {
        pedidos.only("pedidos.estado = ?", [wanted]);
    }
    for (name, condition) in [
        ("empresa", "pedidos.empresa_id = ?"),
        ("cliente", "pedidos.user_id = ?"),
    ] {
        if let Some(id) = fields::number(&filters, name)? {
            pedidos.only(condition, [id]);
        }
    }
    let (rows, total) = pedidos.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = shown(adyton, &rows).await?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// One pedido of a list.
pub async fn find(adyton: &Adyton, mut pedidos: Listing, id: i64) -> Result<Option<Json>> {
    pedidos.only("pedidos.id = ?", [id]);
    let rows = pedidos.first(adyton.db(), "pedidos.id", 1).await?;
    Ok(shown(adyton, &rows).await?.pop())
}

/// The pedidos with their lines, which one query finds for all of them.
async fn shown(adyton: &Adyton, rows: &[Row]) -> Result<Vec<Json>> {
    let ids: Vec<i64> = rows
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<_, _>>()?;
    let mut lines = lines(adyton, &ids).await?;
    let mut shown = Vec::with_capacity(rows.len());
    for (row, id) in rows.iter().zip(ids) {
        shown.push(json!({
            "id": id,
            "estado": row.get::<String>("estado")?,
            "empresa": {
                "id": row.get::<i64>("empresa_id")?,
                "nombre": row.get::<String>("empresa")?,
            },
            "cliente": {
                "id": row.get::<i64>("user_id")?,
                "nombre": row.get::<Option<String>>("cliente")?,
            },
            "lineas": lines.remove(&id).unwrap_or_default(),
            "total_centimos": row.get::<i64>("total_centimos")?,
            "nota": row.get::<Option<String>>("nota")?,
            "referencia": row.get::<Option<String>>("referencia")?,
            "created_at": timestamp(row.get("created_at")?),
            "updated_at": timestamp(row.get("updated_at")?),
        }));
    }
    Ok(shown)
}

async fn lines(adyton: &Adyton, pedidos: &[i64]) -> Result<BTreeMap<i64, Vec<Json>>> {
    let mut by_pedido: BTreeMap<i64, Vec<Json>> = BTreeMap::new();
    if pedidos.is_empty() {
        return Ok(by_pedido);
    }
    let mut lines = Listing::new(
        "pedido_id, producto_id, nombre, precio_centimos, cantidad",
        "pedido_lineas",
    );
    let marks = vec!["?"; pedidos.len()].join(", ");
    let ids = pedidos.iter().map(|id| Value::from(*id));
    lines.only(&format!("pedido_id IN ({marks})"), ids);
    for row in lines.first(adyton.db(), "id", LINES).await? {
        let (price, cantidad): (i64, i64) = (row.get("precio_centimos")?, row.get("cantidad")?);
        let line = json!({
            "producto_id": row.get::<i64>("producto_id")?,
            "nombre": row.get::<String>("nombre")?,
            "precio_centimos": price,
            "cantidad": cantidad,
            "importe_centimos": price * cantidad,
        });
        by_pedido
            .entry(row.get("pedido_id")?)
            .or_default()
            .push(line);
    }
    Ok(by_pedido)
}
