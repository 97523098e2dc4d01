//! A pedido is placed: prices and stock are the server's, and all of it happens or nothing.

use std::collections::BTreeMap;

use adyton::db::{DbError, Tx};
use adyton::{Adyton, Input, Invalid, Refusal, Result, Rule, UserId};

use super::estado;
use crate::catalogo::{OPEN, productos};
use crate::fields::IDS;
use crate::refusals;

/// Productos of one pedido at most.
pub const MOST_LINES: usize = 50;

/// Pieces of one line at most.
const MOST_PIECES: i64 = 99;

/// What a cliente asks for.
pub struct Wish {
    /// By producto, so that two pedidos take stock in the same order and never wait for each other:
    /// the place in what was sent, and how many.
    lines: BTreeMap<i64, (usize, i64)>,
    empresa: Option<i64>,
    nota: Option<String>,
    referencia: Option<String>,
}

impl Wish {
    pub fn of(input: &Input) -> Result<Self> {
        let mut read = input.reader();
        let empresa = read.optional_integer("empresa_id");
        let sent = read.each("lineas", MOST_LINES, |line| {
            let producto = line.integer("producto_id", IDS);
            (producto, line.integer("cantidad", 1..=MOST_PIECES))
        });
        let nota = read.optional_text("nota", 500);
        let referencia = read.optional_text("referencia", 64);
        read.finish()?;
        if sent.is_empty() {
            return Err(Invalid::field("lineas", Rule::Required).into());
        }
        let mut lines = BTreeMap::new();
        for (at, (producto, pieces)) in sent.into_iter().enumerate() {
            lines.entry(producto).or_insert((at, 0)).1 += pieces;
        }
        Ok(Self {
            lines,
            empresa,
            nota,
            referencia,
        })
    }

    /// A line that is refused, by its place in what was sent.
    fn refused(&self, producto: i64, field: &str, why: Refusal) -> adyton::Error {
        let at = self.lines.get(&producto).map_or(0, |(at, _)| *at);
        Invalid::field(format!("lineas.{at}.{field}"), Rule::Own(why)).into()
    }
}

/// A producto as it is ordered.
struct Sold {
    producto: i64,
    empresa: i64,
    nombre: String,
    price: i64,
    pieces: i64,
}

/// Places the pedido, and tells its id and whether it is new: the same `referencia` is the same
/// pedido, however often it is sent.
pub async fn place(adyton: &Adyton, user: &UserId, wish: &Wish) -> Result<(i64, bool)> {
    if let Some(pedido) = earlier(adyton, user, wish).await? {
        return Ok((pedido, false));
    }
    let mut tx = adyton.db().begin().await?;
    let sold = find(&mut tx, wish).await?;
    let pedido = match insert(adyton, &mut tx, user, wish, &sold).await {
        Ok(pedido) => pedido,
        Err(DbError::Taken) => {
            drop(tx);
            let pedido = earlier(adyton, user, wish).await?;
            return Ok((pedido.ok_or(adyton::Error::NotFound)?, false));
        }
        Err(error) => return Err(error.into()),
    };
    for line in &sold {
        take(&mut tx, wish, line).await?;
        let sql = "INSERT INTO pedido_lineas \
                   (pedido_id, producto_id, nombre, precio_centimos, cantidad) \
                   VALUES ($1, $2, $3, $4, $5)";
        let values = [
            pedido.into(),
            line.producto.into(),
            line.nombre.as_str().into(),
            line.price.into(),
            line.pieces.into(),
        ];
        tx.run(sql, &values).await?;
    }
    tx.commit().await?;
    Ok((pedido, true))
}

/// The productos, if all of them are for sale and of one empresa.
async fn find(tx: &mut Tx, wish: &Wish) -> Result<Vec<Sold>> {
    let sql = format!(
        "SELECT productos.empresa_id, productos.nombre, productos.precio_centimos FROM {} \
         WHERE productos.id = $1 AND productos.disponible = $2 AND {} AND {OPEN}",
        productos::SELLERS,
        productos::KEPT,
    );
    let mut empresa = wish.empresa;
    let mut sold = Vec::with_capacity(wish.lines.len());
    for (producto, (_, pieces)) in &wish.lines {
        let row = tx.one(&sql, &[(*producto).into(), true.into()]).await?;
        let Some(row) = row else {
            return Err(wish.refused(*producto, "producto_id", refusals::NOT_SOLD));
        };
        let line = Sold {
            producto: *producto,
            empresa: row.get("empresa_id")?,
            nombre: row.get("nombre")?,
            price: row.get("precio_centimos")?,
            pieces: *pieces,
        };
        if *empresa.get_or_insert(line.empresa) != line.empresa {
            return Err(wish.refused(*producto, "producto_id", refusals::OTHER_EMPRESA));
        }
        sold.push(line);
    }
    Ok(sold)
}

/// Before any stock is taken: whoever comes second with a `referencia` waits here for the first.
async fn insert(
    adyton: &Adyton,
    tx: &mut Tx,
    user: &UserId,
    wish: &Wish,
    sold: &[Sold],
) -> Result<i64, DbError> {
    let total: i64 = sold.iter().map(|line| line.price * line.pieces).sum();
    let empresa = sold.first().map(|line| line.empresa);
    let now = adyton.clock().now();
    let sql = "INSERT INTO pedidos (user_id, empresa_id, estado, total_centimos, nota, \
               referencia, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        user.into(),
        empresa.into(),
        estado::PENDIENTE.into(),
        total.into(),
        wish.nota.as_deref().into(),
        wish.referencia.as_deref().into(),
        now.into(),
        now.into(),
    ];
    tx.insert(sql, &values).await
}

/// One statement decides whether there is enough: of two who want the last piece, one finds none.
async fn take(tx: &mut Tx, wish: &Wish, line: &Sold) -> Result<()> {
    let sql = "UPDATE productos SET existencias = existencias - $1 \
               WHERE id = $2 AND retirado_at IS NULL AND existencias >= $3";
    let pieces = line.pieces.into();
    let values = [line.pieces.into(), line.producto.into(), pieces];
    match tx.run(sql, &values).await? {
        0 => Err(wish.refused(line.producto, "cantidad", refusals::OUT_OF_STOCK)),
        _ => Ok(()),
    }
}

/// The pedido that this `referencia` made before.
async fn earlier(adyton: &Adyton, user: &UserId, wish: &Wish) -> Result<Option<i64>> {
    let Some(referencia) = wish.referencia.as_deref() else {
        return Ok(None);
    };
    let sql = "SELECT id FROM pedidos WHERE user_id = $1 AND referencia = $2";
    let row = adyton
        .db()
        .one(sql, &[user.into(), referencia.into()])
        .await?;
    Ok(row.map(|row| row.get("id")).transpose()?)
}
