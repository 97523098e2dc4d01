//! Who sells, for everybody.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Error, Query, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::{OPEN, productos};
use crate::id::Id;
use crate::search;

const COLUMNS: &str = "empresas.id, empresas.nombre, empresas.ciudad, empresas.direccion, \
     empresas.telefono, empresas.descripcion";

/// Productos that an empresa's page shows at most; `GET /api/productos?filter[empresa]={empresa_id}`
/// turns pages.
const LISTED: i64 = 100;

/// `GET /api/empresas?q=luna&filter[ciudad]=Sevilla&sort=nombre`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let known = [
        ("nombre", "empresas.nombre"),
        ("created_at", "empresas.created_at"),
    ];
    let order = query.sort(&known, "empresas.id DESC")?;
    let filters = query.filters(&["ciudad"])?;
    let paging = query.paging()?;
    let mut empresas = open();
    if let Some(ciudad) = filters.get("ciudad") {
        empresas.only("empresas.ciudad = ?", [ciudad]);
    }
    if let Some(words) = query.text("q")? {
        search::only(&mut empresas, "empresas.busqueda", &words);
    }
    let (rows, total) = empresas.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `GET /api/empresas/{empresa}`, with what it sells.
pub async fn show(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let mut empresas = open();
    empresas.only("empresas.id = ?", [id]);
    let found = empresas.first(adyton.db(), "empresas.id", 1).await?;
    let mut empresa = shown(found.first().ok_or(Error::NotFound)?)?;
    let mut sold = productos::all();
    sold.only("productos.empresa_id = ?", [id]);
    let rows = sold
        .first(adyton.db(), "productos.nombre, productos.id", LISTED)
        .await?;
    let sold: Vec<Json> = rows.iter().map(productos::shown).collect::<Result<_>>()?;
    empresa["productos"] = sold.into();
    Ok(Reply::Data(empresa))
}

fn open() -> Listing {
    let mut empresas = Listing::new(
        COLUMNS,
        "empresas JOIN users ON users.id = empresas.user_id",
    );
    empresas.only(OPEN, [] as [Value; 0]);
    empresas
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "ciudad": row.get::<Option<String>>("ciudad")?,
        "direccion": row.get::<String>("direccion")?,
        "telefono": row.get::<Option<String>>("telefono")?,
        "descripcion": row.get::<Option<String>>("descripcion")?,
    }))
}
