//! The empresas: all of them, and whether they may sell.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Error, Input, Query, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::empresa::perfil::{self, ACTIVA, SUSPENDIDA};
use crate::id::Id;
use crate::{fields, search};

/// `GET /api/admin/empresas?q=luna&filter[estado]=suspendida&sort=-created_at`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let known = [
        ("nombre", "empresas.nombre"),
        ("created_at", "empresas.created_at"),
    ];
    let order = query.sort(&known, "empresas.id")?;
    let filters = query.filters(&["estado"])?;
    let paging = query.paging()?;
    let mut empresas = all();
    let none: [Value; 0] = [];
    match fields::chosen(&filters, "estado", &[ACTIVA, SUSPENDIDA])? {
        Some(ACTIVA) => drop(empresas.only("suspendida_at IS NULL", none)),
        Some(_) => drop(empresas.only("suspendida_at IS NOT NULL", none)),
        None => {}
    }
    if let Some(words) = query.text("q")? {
        search::only(&mut empresas, "empresas.busqueda", &words);
    }
    let (rows, total) = empresas.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `PUT /api/admin/empresas/{empresa}/estado`. What a suspended empresa has is not sold, and there
/// again when it is active again.
pub async fn set_estado(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let estado = fields::choice(&mut read, "estado", &[ACTIVA, SUSPENDIDA]);
    read.finish()?;
    let since = (estado == SUSPENDIDA).then(|| adyton.clock().now());
    let sql = "UPDATE empresas SET suspendida_at = $1 WHERE id = $2";
    adyton.db().run(sql, &[since.into(), id.into()]).await?;
    let mut empresa = all();
    empresa.only("empresas.id = ?", [id]);
    let rows = empresa.first(adyton.db(), "empresas.id", 1).await?;
    let row = rows.first().ok_or(Error::NotFound)?;
    // Its estado is part of what its owner's routes show.
    adyton.user_changed(&row.get::<i64>("user_id")?.into());
    Ok(Reply::Data(shown(row)?))
}

fn all() -> Listing {
    let columns = format!(
        "{}, empresas.user_id, users.name AS propietario, users.email",
        perfil::COLUMNS
    );
    let from = "empresas LEFT JOIN users ON users.id = empresas.user_id";
    Listing::new(columns, from)
}

fn shown(row: &Row) -> Result<Json> {
    let mut empresa = perfil::shown(row)?;
    empresa["propietario"] = json!({
        "id": row.get::<i64>("user_id")?,
        "name": row.get::<Option<String>>("propietario")?,
        "email": row.get::<Option<String>>("email")?,
    });
    Ok(empresa)
}
