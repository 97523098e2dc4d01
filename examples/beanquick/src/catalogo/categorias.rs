//! The kinds of productos, for everybody.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Query, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::{OPEN, productos};

/// `GET /api/categorias?sort=-productos`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let known = [("nombre", "categorias.nombre"), ("productos", "productos")];
    let order = query.sort(&known, "categorias.nombre, categorias.id")?;
    let paging = query.paging()?;
    let columns = format!(
        "categorias.id, categorias.nombre, (SELECT COUNT(*) FROM {} \
         WHERE productos.categoria_id = categorias.id AND {} AND {OPEN}) AS productos",
        productos::SELLERS,
        productos::KEPT,
    );
    let listing = Listing::new(columns, "categorias");
    let (rows, total) = listing.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "productos": row.get::<i64>("productos")?,
    }))
}
