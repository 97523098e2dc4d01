//! The demo's pedidos: ninety days of them, in every estado.

use std::time::Duration;

use adyton::db::Tx;
use adyton::{Adyton, Result, UserId};

use super::{Offer, Shop};
use crate::pedidos::estado::{CANCELADO, ENTREGADO, LISTO, PENDIENTE, PREPARANDO};

const PEDIDOS: usize = 150;

/// The last of them are of today, and not done yet.
const OPEN: usize = 12;

const HOUR: u64 = 60 * 60;

/// From the oldest on, so that their numbers go with time.
pub async fn fill(adyton: &Adyton, tx: &mut Tx, clientes: &[UserId], shops: &[Shop]) -> Result<()> {
    for number in 0..PEDIDOS {
        let shop = &shops[number % shops.len()];
        let cliente = &clientes[(number * 7) % clientes.len()];
        let lines = lines(number, &shop.offers);
        let total: i64 = lines
            .iter()
            .map(|(offer, pieces)| offer.price * pieces)
            .sum();
        let at = adyton.clock().now() - age(number);
        let sql = "INSERT INTO pedidos \
                   (user_id, empresa_id, estado, total_centimos, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            cliente.into(),
            shop.id.into(),
            estado(number).into(),
            total.into(),
            at.into(),
            at.into(),
        ];
        let pedido = tx.insert(sql, &values).await?;
        for (offer, pieces) in lines {
            let sql = "INSERT INTO pedido_lineas \
                       (pedido_id, producto_id, nombre, precio_centimos, cantidad) \
                       VALUES ($1, $2, $3, $4, $5)";
            let values = [
                pedido.into(),
                offer.id.into(),
                offer.nombre.into(),
                offer.price.into(),
                pieces.into(),
            ];
            tx.run(sql, &values).await?;
        }
    }
    Ok(())
}

/// The open ones came within the last hours, the others about fifteen hours one after another.
fn age(number: usize) -> Duration {
    let before = (PEDIDOS - number) as u64;
    match number + OPEN < PEDIDOS {
        true => Duration::from_secs(before * 90 * 24 * HOUR / PEDIDOS as u64),
        false => Duration::from_secs(before * HOUR / 6),
    }
}

fn estado(number: usize) -> &'static str {
    match number + OPEN < PEDIDOS {
        true if number % 11 == 5 => CANCELADO,
        true => ENTREGADO,
        false => [LISTO, PREPARANDO, PENDIENTE][number % 3],
    }
}

/// One to three productos of an empresa.
fn lines(number: usize, offers: &[Offer]) -> Vec<(&Offer, i64)> {
    let nth = |line: usize| &offers[(number / 5 + line * 3) % offers.len()];
    let pieces = |line: usize| 1 + ((number + line) % 3) as i64;
    (0..=number % 3)
        .map(|line| (nth(line), pieces(line)))
        .collect()
}
