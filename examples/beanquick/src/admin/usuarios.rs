//! The users: who they are, what they may do, and whether they get in.

use adyton::chrono::{DateTime, Utc};
use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result, User, UserId, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::id::Id;
use crate::users::ROLES;
use crate::{fields, refusals, search};

const ACTIVO: &str = "activo";
const DESACTIVADO: &str = "desactivado";

/// `GET /api/admin/usuarios?q=ana&filter[rol]=cliente&filter[estado]=activo&sort=name`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let known = [
        ("name", "name"),
        ("email", "email"),
        ("created_at", "created_at"),
    ];
    let order = query.sort(&known, "id")?;
    let filters = query.filters(&["rol", "estado"])?;
    let paging = query.paging()?;
    let mut users = all();
    if let Some(role) = fields::chosen(&filters, "rol", &ROLES)? {
        users.only("role = ?", [role]);
    }
    let none: [Value; 0] = [];
    match fields::chosen(&filters, "estado", &[ACTIVO, DESACTIVADO])? {
        Some(ACTIVO) => drop(users.only("disabled_at IS NULL", none)),
        Some(_) => drop(users.only("disabled_at IS NOT NULL", none)),
        None => {}
    }
    if let Some(text) = query.text("q")? {
        let pattern = search::pattern(&text.to_lowercase());
        let either = "LOWER(name) LIKE ? ESCAPE '!' OR LOWER(email) LIKE ? ESCAPE '!'";
        users.only(either, [pattern.clone(), pattern]);
    }
    let (rows, total) = users.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `PUT /api/admin/usuarios/{usuario}/rol`. Whoever has another role logs in anew.
pub async fn set_rol(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let role = fields::choice(&mut read, "rol", &ROLES);
    read.finish()?;
    let user = other(&adyton, &auth, id).await?;
    adyton.set_role(&user, Some(role.to_owned())).await?;
    show(&adyton, id).await
}

/// `PUT /api/admin/usuarios/{usuario}/estado`
pub async fn set_estado(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let mut read = input.reader();
    let estado = fields::choice(&mut read, "estado", &[ACTIVO, DESACTIVADO]);
    read.finish()?;
    let user = other(&adyton, &auth, id).await?;
    match estado {
        DESACTIVADO => adyton.disable_user(&user).await?,
        _ => adyton.enable_user(&user).await?,
    }
    show(&adyton, id).await
}

/// Somebody else: an admin who shuts themselves out could leave nobody who lets them back in.
async fn other(adyton: &Adyton, auth: &Auth, id: i64) -> Result<User> {
    let id = UserId::Integer(id);
    if auth.user().id == id {
        return Err(refusals::YOURSELF.into());
    }
    adyton.users().find(&id).await?.ok_or(Error::NotFound)
}

async fn show(adyton: &Adyton, id: i64) -> Result<Reply> {
    let mut user = all();
    user.only("id = ?", [id]);
    let rows = user.first(adyton.db(), "id", 1).await?;
    Ok(Reply::Data(shown(rows.first().ok_or(Error::NotFound)?)?))
}

fn all() -> Listing {
    Listing::new("id, name, email, role, disabled_at, created_at", "users")
}

fn shown(row: &Row) -> Result<Json> {
    let disabled: Option<DateTime<Utc>> = row.get("disabled_at")?;
    let made: Option<DateTime<Utc>> = row.get("created_at")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "name": row.get::<String>("name")?,
        "email": row.get::<String>("email")?,
        "rol": row.get::<Option<String>>("role")?,
        "estado": if disabled.is_some() { DESACTIVADO } else { ACTIVO },
        "created_at": made.map(timestamp),
    }))
}
