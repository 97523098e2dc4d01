//! The business profile of an empresa: its owner makes, reads and changes it.

use adyton::db::{DbError, Row};
use adyton::{
    Adyton, Auth, Db, Error, Input, Invalid, Reply, Result, Rule, User, UserId, timestamp,
};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::{refusals, search};

pub const COLUMNS: &str = "empresas.id, empresas.nombre, empresas.direccion, empresas.telefono, \
     empresas.ciudad, empresas.descripcion, empresas.suspendida_at, empresas.created_at";

pub const ACTIVA: &str = "activa";
pub const SUSPENDIDA: &str = "suspendida";

/// What its owner says of it.
struct Profile {
    nombre: String,
    direccion: String,
    telefono: Option<String>,
    ciudad: Option<String>,
    descripcion: Option<String>,
}

impl Profile {
    fn of(input: &Input) -> Result<Self> {
        let mut read = input.reader();
        let profile = Self {
            nombre: read.text("nombre", 255),
            direccion: read.text("direccion", 255),
            telefono: read.optional_text("telefono", 32),
            ciudad: read.optional_text("ciudad", 128),
            descripcion: read.optional_text("descripcion", 1000),
        };
        read.finish()?;
        Ok(profile)
    }

    fn folded(&self) -> String {
        search::folded(&[&self.nombre, self.ciudad.as_deref().unwrap_or_default()])
    }
}

/// `GET /api/empresa`: one's own.
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    let empresa = of(adyton.db(), &auth.user().id).await?;
    empresa.map(Reply::Data).ok_or(Error::NotFound)
}

/// `POST /api/empresa`: makes one's own, once.
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let profile = Profile::of(&input)?;
    let user = &auth.user().id;
    let sql = "INSERT INTO empresas \
               (user_id, busqueda, nombre, direccion, telefono, ciudad, descripcion, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let values = [
        user.into(),
        profile.folded().into(),
        profile.nombre.into(),
        profile.direccion.into(),
        profile.telefono.into(),
        profile.ciudad.into(),
        profile.descripcion.into(),
        adyton.clock().now().into(),
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

/// `PUT /api/empresa`
pub async fn update(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let profile = Profile::of(&input)?;
    let user = &auth.user().id;
    let sql = "UPDATE empresas SET busqueda = $1, nombre = $2, direccion = $3, telefono = $4, \
               ciudad = $5, descripcion = $6, updated_at = $7 WHERE user_id = $8";
    let values = [
        profile.folded().into(),
        profile.nombre.into(),
        profile.direccion.into(),
        profile.telefono.into(),
        profile.ciudad.into(),
        profile.descripcion.into(),
        adyton.clock().now().into(),
        user.into(),
    ];
    adyton.db().run(sql, &values).await?;
    adyton.user_changed(user);
    let empresa = of(adyton.db(), user).await?;
    empresa.map(Reply::Data).ok_or(Error::NotFound)
}

/// The profile of a user who has one.
pub async fn of(db: &Db, user: &UserId) -> Result<Option<Json>> {
    let sql = format!("SELECT {COLUMNS} FROM empresas WHERE user_id = $1");
    let row = db.one(&sql, &[user.into()]).await?;
    row.as_ref().map(shown).transpose()
}

/// The key of a user's profile; without one there is nothing to sell by.
pub fn id_of(user: &User) -> Result<i64> {
    let empresa = user.fields.get("empresa");
    let id = empresa.and_then(|empresa| empresa["id"].as_i64());
    id.ok_or_else(|| refusals::NO_PROFILE.into())
}

pub fn shown(row: &Row) -> Result<Json> {
    let suspended: Option<adyton::chrono::DateTime<adyton::chrono::Utc>> =
        row.get("suspendida_at")?;
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "nombre": row.get::<String>("nombre")?,
        "direccion": row.get::<String>("direccion")?,
        "telefono": row.get::<Option<String>>("telefono")?,
        "ciudad": row.get::<Option<String>>("ciudad")?,
        "descripcion": row.get::<Option<String>>("descripcion")?,
        "estado": match suspended {
            Some(_) => SUSPENDIDA,
            None => ACTIVA,
        },
        "created_at": timestamp(row.get("created_at")?),
    }))
}
