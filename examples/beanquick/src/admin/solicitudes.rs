//! Who asks to become an empresa, and what an admin says to it.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Error, Input, Query, Reply, Result, UserId};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::empresa::solicitud::{self, APROBADA, PENDIENTE, RECHAZADA};
use crate::id::Id;
use crate::users::{CLIENTE, EMPRESA};
use crate::{fields, refusals};

/// `GET /api/admin/solicitudes?filter[estado]=pendiente`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let known = [("created_at", "solicitudes.created_at")];
    let order = query.sort(&known, "solicitudes.id")?;
    let filters = query.filters(&["estado"])?;
    let paging = query.paging()?;
    let mut asked = all();
    let estados = [PENDIENTE, APROBADA, RECHAZADA];
    if let Some(estado) = fields::chosen(&filters, "estado", &estados)? {
        asked.only("solicitudes.estado = ?", [estado]);
    }
    let (rows, total) = asked.page(adyton.db(), &order, paging.bounds()).await?;
    let shown = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(shown, total)))
}

/// `PUT /api/admin/solicitudes/{solicitud}/estado`: decided once. With an approval the role comes in
/// the same transaction, so that there is never one without the other.
pub async fn set_estado(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let estado = fields::choice(&mut read, "estado", &[APROBADA, RECHAZADA]);
    read.finish()?;
    let asked = find(&adyton, id).await?;
    let user = UserId::Integer(asked.get("user_id")?);
    let user = adyton.users().find(&user).await?.ok_or(Error::NotFound)?;
    let mut tx = adyton.db().begin().await?;
    let sql = "UPDATE solicitudes SET estado = $1, resuelta_at = $2 \
               WHERE id = $3 AND estado = $4";
    let now = adyton.clock().now();
    let values = [estado.into(), now.into(), id.into(), PENDIENTE.into()];
    if tx.run(sql, &values).await? == 0 {
        return Err(refusals::DECIDED.into());
    }
    match estado {
        // An admin must not lose that role by a question from former days.
        APROBADA if user.role.as_deref() != Some(CLIENTE) => {
            return Err(refusals::NO_CLIENTE.into());
        }
        APROBADA => {
            let role = Some(EMPRESA.to_owned());
            adyton.set_role_in(tx, &user, role).await?;
        }
        _ => tx.commit().await?,
    }
    Ok(Reply::Data(shown(&find(&adyton, id).await?)?))
}

async fn find(adyton: &Adyton, id: i64) -> Result<Row> {
    let mut asked = all();
    asked.only("solicitudes.id = ?", [id]);
    let mut rows = asked.first(adyton.db(), "solicitudes.id", 1).await?;
    rows.pop().ok_or(Error::NotFound)
}

fn all() -> Listing {
    let columns = "solicitudes.id, solicitudes.nombre, solicitudes.mensaje, solicitudes.estado, \
                   solicitudes.created_at, solicitudes.resuelta_at, solicitudes.user_id, \
                   users.name AS cliente, users.email";
    let from = "solicitudes LEFT JOIN users ON users.id = solicitudes.user_id";
    Listing::new(columns, from)
}

fn shown(row: &Row) -> Result<Json> {
    let mut asked = solicitud::shown(row)?;
    asked["cliente"] = json!({
        "id": row.get::<i64>("user_id")?,
        "name": row.get::<Option<String>>("cliente")?,
        "email": row.get::<Option<String>>("email")?,
    });
    Ok(asked)
}
