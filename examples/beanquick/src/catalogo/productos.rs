//! What is sold, for everybody.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Error, Query, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::OPEN;
use crate::fields::{self, Filters};
use crate::id::Id;
use crate::search;

pub const COLUMNS: &str = "productos.id, productos.nombre, productos.descripcion, \
     productos.precio_centimos, productos.existencias, productos.disponible, \
     productos.categoria_id, categorias.nombre AS categoria, productos.empresa_id, \
     empresas.nombre AS empresa, empresas.ciudad, productos.created_at";

/// Productos and whose they are.
pub const SELLERS: &str = "productos JOIN empresas ON empresas.id = productos.empresa_id \
     JOIN users ON users.id = empresas.user_id";

/// Those that were not taken away.
pub const KEPT: &str = "productos.retirado_at IS NULL";

/// By what a list of them is ordered.
pub const ORDERS: [(&str, &str); 3] = [
    ("precio", "productos.precio_centimos"),
    ("nombre", "productos.nombre"),
    ("created_at", "productos.created_at"),
];

const FILTERS: [&str; 5] = [
    "categoria",
    "empresa",
    "disponible",
    "precio_min",
    "precio_max",
];

/// `GET /api/productos?q=cafe&filter[categoria]=1&sort=-precio`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut productos = all();
    productos.only(OPEN, [] as [Value; 0]);
    page(&adyton, &query, productos).await
}

/// `GET /api/productos/{producto}`
pub async fn show(State(adyton): State<Adyton>, Id(id): Id) -> Result<Reply> {
    let mut productos = all();
    productos.only(OPEN, [] as [Value; 0]);
    productos.only("productos.id = ?", [id]);
    let found = productos.first(adyton.db(), "productos.id", 1).await?;
    Ok(Reply::Data(shown(found.first().ok_or(Error::NotFound)?)?))
}

/// All that were not taken away, sold or not.
pub fn all() -> Listing {
    let from = format!("{SELLERS} LEFT JOIN categorias ON categorias.id = productos.categoria_id");
    let mut productos = Listing::new(COLUMNS, from);
    productos.only(KEPT, [] as [Value; 0]);
    productos
}

/// The page of a list that the query asks for.
pub async fn page(adyton: &Adyton, query: &Query, mut productos: Listing) -> Result<Reply> {
    let order = query.sort(&ORDERS, "productos.id DESC")?;
    let filters = query.filters(&FILTERS)?;
    let paging = query.paging()?;
    narrow(&mut productos, &filters)?;
    if let Some(words) = query.text("q")? {
        search::only(&mut productos, "productos.busqueda", &words);
    }
    let (rows, total) = productos.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

fn narrow(productos: &mut Listing, filters: &Filters) -> Result<()> {
    for (name, condition) in [
        ("categoria", "productos.categoria_id = ?"),
        ("empresa", "productos.empresa_id = ?"),
        ("precio_min", "productos.precio_centimos >= ?"),
        ("precio_max", "productos.precio_centimos <= ?"),
    ] {
        if let Some(number) = fields::number(filters, name)? {
            productos.only(condition, [number]);
        }
    }
    let to_be_had = "productos.disponible = ? AND productos.existencias > 0";
    match fields::yes(filters, "disponible")? {
        Some(true) => drop(productos.only(to_be_had, [true])),
        Some(false) => drop(productos.only(&format!("NOT ({to_be_had})"), [true])),
        None => {}
    }
    Ok(())
}

pub fn shown(row: &Row) -> Result<Json> {
    let existencias: i64 = row.get("existencias")?;
    let categoria: Option<String> = row.get("categoria")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "descripcion": row.get::<Option<String>>("descripcion")?,
        "precio_centimos": row.get::<i64>("precio_centimos")?,
        "existencias": existencias,
        "disponible": row.get::<bool>("disponible")? && existencias > 0,
        "categoria": { "id": row.get::<i64>("categoria_id")?, "nombre": categoria },
        "empresa": {
            "id": row.get::<i64>("empresa_id")?,
            "nombre": row.get::<String>("empresa")?,
            "ciudad": row.get::<Option<String>>("ciudad")?,
        },
        "created_at": timestamp(row.get("created_at")?),
    }))
}
