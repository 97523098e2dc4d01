//! What a pedido goes through: pendiente, preparando, listo, entregado. Until it is handed over it
//! may be cancelled, which gives the stock back.

use adyton::db::Tx;
use adyton::{Adyton, Result};

use crate::refusals;

pub const PENDIENTE: &str = "pendiente";
pub const PREPARANDO: &str = "preparando";
pub const LISTO: &str = "listo";
pub const ENTREGADO: &str = "entregado";
pub const CANCELADO: &str = "cancelado";

pub const ALL: [&str; 5] = [PENDIENTE, PREPARANDO, LISTO, ENTREGADO, CANCELADO];

/// The estados from which an empresa may take a pedido to this one.
pub fn before(estado: &str) -> &'static [&'static str] {
    match estado {
        PREPARANDO => &[PENDIENTE],
        LISTO => &[PREPARANDO],
        ENTREGADO => &[LISTO],
        CANCELADO => &[PENDIENTE, PREPARANDO, LISTO],
        _ => &[],
    }
}

/// Takes a pedido to another estado. One statement decides, so that of two who change it at once
/// one is refused, and no stock is given back twice.
pub async fn change(adyton: &Adyton, pedido: i64, to: &str, from: &[&str]) -> Result<()> {
    let mut tx = adyton.db().begin().await?;
    // They are words of ours; with none of them nothing is found.
    let from = format!("'{}'", from.join("', '"));
    let sql = format!(
        "UPDATE pedidos SET estado = $1, updated_at = $2 WHERE id = $3 AND estado IN ({from})"
    );
    let values = [to.into(), adyton.clock().now().into(), pedido.into()];
    if tx.run(&sql, &values).await? == 0 {
        return Err(refusals::ESTADO.into());
    }
    if to == CANCELADO {
        give_back(&mut tx, pedido).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// In the order of the productos, as they were taken: two transactions never wait for each other.
async fn give_back(tx: &mut Tx, pedido: i64) -> Result<()> {
    let sql = "SELECT producto_id, cantidad FROM pedido_lineas WHERE pedido_id = $1 \
               ORDER BY producto_id";
    for line in tx.all(sql, &[pedido.into()]).await? {
        let sql = "UPDATE productos SET existencias = existencias + $1 WHERE id = $2";
        let (pieces, producto): (i64, i64) = (line.get("cantidad")?, line.get("producto_id")?);
        tx.run(sql, &[pieces.into(), producto.into()]).await?;
    }
    Ok(())
}
