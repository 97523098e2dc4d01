//! The business profile of an empresa: its owner makes and reads it, an admin sees all.

use adyton::db::{DbError, Row};
use adyton::{
    Adyton, Auth, Db, Error, Input, Invalid, Page, Query, Reply, Result, Rule, UserId, timestamp,
};
use axum::extract::State;
use serde_json::{Value as Json, json};

const COLUMNS: &str = "id, nombre, direccion, telefono, created_at";

/// `GET /api/empresa`: one's own.
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let empresa = of(adyton.db(), &auth.user().id).await?;
    empresa.map(Reply::Data).ok_or(Error::NotFound)
}

/// `POST /api/empresa`: makes one's own, once.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let nombre = read.text("nombre", 255);
    let direccion = read.text("direccion", 255);
    let telefono = read.optional_text("telefono", 32);
    read.finish()?;
    let user = &auth.user().id;
    let sql = "INSERT INTO empresas (user_id, nombre, direccion, telefono, created_at) \
               VALUES ($1, $2, $3, $4, $5)";
    let now = adyton.clock().now();
    let values = [
        user.into(),
        nombre.into(),
        direccion.into(),
        telefono.into(),
        now.into(),
    ];
    match adyton.db().run(sql, &values).await {
        Ok(_) => {}
        Err(DbError::Taken) => return Err(Invalid::field("empresa", Rule::Unique).into()),
        Err(error) => return Err(error.into()),
    }
    // It is part of what the user's own routes show.
    adyton.user_changed(user);
    let made = of(adyton.db(), user).await?;
    Ok(Reply::Created(
        made.ok_or(Error::NotFound)?,
        "empresas.created",
    ))
}

/// `GET /api/admin/empresas`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let sql = format!("SELECT {COLUMNS} FROM empresas ORDER BY id LIMIT $1 OFFSET $2");
    let rows = adyton.db().all(&sql, &paging.bounds()).await?;
    let empresas = rows.iter().map(shown).collect::<Result<_>>()?;
    let count = "SELECT COUNT(*) AS total FROM empresas";
    let total = adyton.db().one(count, &[]).await?;
    let total: i64 = total.ok_or(Error::NotFound)?.get("total")?;
    let page = Page::new(empresas, paging.page, paging.per_page, total.unsigned_abs());
    Ok(Reply::Page(page))
}

/// The profile of a user who has one.
pub async fn of(db: &Db, user: &UserId) -> Result<Option<Json>> {
    let sql = format!("SELECT {COLUMNS} FROM empresas WHERE user_id = $1");
    let row = db.one(&sql, &[user.into()]).await?;
    row.as_ref().map(shown).transpose()
}

fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "direccion": row.get::<String>("direccion")?,
        "telefono": row.get::<Option<String>>("telefono")?,
        "created_at": timestamp(row.get("created_at")?),
    }))
}
