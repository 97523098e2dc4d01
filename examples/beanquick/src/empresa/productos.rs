//! What an empresa sells: it adds, changes and takes away its own productos.

use adyton::db::Value;
use adyton::{Adyton, Auth, Error, Input, Invalid, Query, Reply, Result, Rule};
use axum::extract::State;
use serde_json::Value as Json;

use super::perfil;
use crate::catalogo::productos;
use crate::fields::IDS;
use crate::id::Id;
use crate::search;

/// A thousand euros, in céntimos.
const MOST_EXPENSIVE: i64 = 100_000;

/// Pieces of one producto at most.
pub const MOST_STOCK: i64 = 100_000;

/// What is said of a producto.
struct Draft {
    categoria: i64,
    nombre: String,
    descripcion: Option<String>,
    precio: i64,
    existencias: Option<i64>,
    disponible: bool,
}

impl Draft {
    async fn of(adyton: &Adyton, input: &Input) -> Result<Self> {
        let mut read = input.reader();
        let draft = Self {
            categoria: read.integer("categoria_id", IDS),
            nombre: read.text("nombre", 128),
            descripcion: read.optional_text("descripcion", 1000),
            precio: read.integer("precio_centimos", 1..=MOST_EXPENSIVE),
            existencias: read.optional_integer("existencias"),
            disponible: read.boolean("disponible"),
        };
        match draft.existencias {
            Some(pieces) if pieces < 0 => read.broken("existencias", Rule::MinNumber(0)),
            Some(pieces) if pieces > MOST_STOCK => {
                read.broken("existencias", Rule::MaxNumber(MOST_STOCK));
            }
            _ => {}
        }
        read.finish()?;
        let sql = "SELECT id FROM categorias WHERE id = $1";
        match adyton.db().one(sql, &[draft.categoria.into()]).await? {
            Some(_) => Ok(draft),
            None => Err(Invalid::field("categoria_id", Rule::In).into()),
        }
    }

    fn folded(&self) -> String {
        search::folded(&[
            &self.nombre,
            self.descripcion.as_deref().unwrap_or_default(),
        ])
    }
}

/// `GET /api/empresa/productos`: one's own, for sale or not. Filters and orders are those of
/// `GET /api/productos`.
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut own = productos::all();
    own.only("productos.empresa_id = ?", [perfil::id_of(auth.user())?]);
    productos::page(&adyton, &query, own).await
}

/// `GET /api/empresa/productos/{producto}`
pub async fn show(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// `POST /api/empresa/productos`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let empresa = perfil::id_of(auth.user())?;
    let draft = Draft::of(&adyton, &input).await?;
    let sql = "INSERT INTO productos (empresa_id, categoria_id, busqueda, nombre, descripcion, \
               precio_centimos, existencias, disponible, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let now = adyton.clock().now();
    let values = [
        empresa.into(),
        draft.categoria.into(),
        draft.folded().into(),
        draft.nombre.into(),
        draft.descripcion.into(),
        draft.precio.into(),
        draft.existencias.unwrap_or_default().into(),
        draft.disponible.into(),
        now.into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let made = find(&adyton, &auth, id).await?;
    Ok(Reply::Created(made, "productos.created"))
}

/// `PUT /api/empresa/productos/{producto}`. The stock is set only when it is sent: a new name must
/// not undo what was sold meanwhile.
pub async fn update(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    find(&adyton, &auth, id).await?;
    let draft = Draft::of(&adyton, &input).await?;
    let mut values: Vec<Value> = vec![
        draft.categoria.into(),
        draft.folded().into(),
        draft.nombre.into(),
        draft.descripcion.into(),
        draft.precio.into(),
        draft.disponible.into(),
        adyton.clock().now().into(),
    ];
    let stock = match draft.existencias {
        Some(pieces) => {
            values.push(pieces.into());
            ", existencias = $8"
        }
        None => "",
    };
    values.push(id.into());
    let sql = format!(
        "UPDATE productos SET categoria_id = $1, busqueda = $2, nombre = $3, descripcion = $4, \
         precio_centimos = $5, disponible = $6, updated_at = $7{stock} WHERE id = ${}",
        values.len()
    );
    adyton.db().run(&sql, &values).await?;
    Ok(Reply::Data(find(&adyton, &auth, id).await?))
}

/// `DELETE /api/empresa/productos/{producto}`
pub async fn destroy(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    find(&adyton, &auth, id).await?;
    let sql = "UPDATE productos SET retirado_at = $1 WHERE id = $2 AND retirado_at IS NULL";
    let values = [adyton.clock().now().into(), id.into()];
    adyton.db().run(sql, &values).await?;
    Ok(Reply::Empty)
}

/// One's own; another's is everybody's to see, so that it is no secret that it is there.
async fn find(adyton: &Adyton, auth: &Auth, id: i64) -> Result<Json> {
    let empresa = perfil::id_of(auth.user())?;
    let mut wanted = productos::all();
    wanted.only("productos.id = ?", [id]);
    let found = wanted.first(adyton.db(), "productos.id", 1).await?;
    let found = found.first().ok_or(Error::NotFound)?;
    match found.get::<i64>("empresa_id")? == empresa {
        true => productos::shown(found),
        false => Err(Error::not_yours()),
    }
}
