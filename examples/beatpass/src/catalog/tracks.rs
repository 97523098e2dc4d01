//! Tracks: everybody may browse them, members upload them, and only their artist changes them.

use adyton::db::Row;
use adyton::{Adyton, Auth, Error, Input, Page, Query, Reader, Reply, Result, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::id::Id;
use crate::money::purchase;

pub const COLUMNS: &str = "tracks.id, tracks.user_id, users.name AS artist, tracks.title, \
     tracks.genre, tracks.price_cents, tracks.created_at";

/// Two thousand in the shop's currency.
const HIGHEST_PRICE: i64 = 200_000;

/// `GET /tracks`, the newest first.
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    let sql = format!(
        "SELECT {COLUMNS} FROM tracks JOIN users ON users.id = tracks.user_id \
         ORDER BY tracks.id DESC LIMIT $1 OFFSET $2"
    );
    let rows = adyton.db().all(&sql, &paging.bounds()).await?;
    let tracks = rows.iter().map(shown).collect::<Result<_>>()?;
    let total = adyton
        .db()
        .one("SELECT COUNT(*) AS total FROM tracks", &[])
        .await?;
    let total: i64 = total.ok_or(Error::NotFound)?.get("total")?;
    Ok(Reply::Page(Page::new(
        tracks,
        paging.page,
        paging.per_page,
        total.unsigned_abs(),
    )))
}

/// `GET /tracks/{track}`; a member also sees whether they bought it.
pub async fn show(State(adyton): State<Adyton>, auth: Option<Auth>, Id(id): Id) -> Result<Reply> {
    let mut track = shown(&find(&adyton, id).await?)?;
    if let Some(auth) = auth {
        let purchase = purchase::of(&adyton, &auth.user().id, id).await?;
        let status = purchase.map(|purchase| purchase.status);
        track["purchased"] = (status.as_deref() == Some(purchase::PAID)).into();
        track["purchase_status"] = status.into();
    }
    Ok(Reply::data(track))
}

/// `POST /tracks`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let (title, genre, price) = fields(input.reader())?;
    let now = adyton.clock().now();
    let sql = "INSERT INTO tracks (user_id, title, genre, price_cents, created_at, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    let values = [
        (&auth.user().id).into(),
        title.into(),
        genre.into(),
        price.into(),
        now.into(),
        now.into(),
    ];
    let id = adyton.db().insert(sql, &values).await?;
    let track = shown(&find(&adyton, id).await?)?;
    Ok(Reply::Created(track, "tracks.created"))
}

/// `PUT /tracks/{track}`, for its artist alone.
pub async fn update(
    State(adyton): State<Adyton>,
    auth: Auth,
    Id(id): Id,
    input: Input,
) -> Result<Reply> {
    let artist: i64 = find(&adyton, id).await?.get("user_id")?;
    if auth.user().id != artist.into() {
        return Err(Error::not_yours());
    }
    let (title, genre, price) = fields(input.reader())?;
    let sql = "UPDATE tracks SET title = $1, genre = $2, price_cents = $3, updated_at = $4 \
               WHERE id = $5";
    let now = adyton.clock().now();
    let values = [
        title.into(),
        genre.into(),
        price.into(),
        now.into(),
        id.into(),
    ];
    adyton.db().run(sql, &values).await?;
    Ok(Reply::data(shown(&find(&adyton, id).await?)?))
}

pub async fn find(adyton: &Adyton, id: i64) -> Result<Row> {
    let sql = format!(
        "SELECT {COLUMNS} FROM tracks JOIN users ON users.id = tracks.user_id WHERE tracks.id = $1"
    );
    let found = adyton.db().one(&sql, &[id.into()]).await?;
    found.ok_or(Error::NotFound)
}

pub fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "title": row.get::<String>("title")?,
        "genre": row.get::<Option<String>>("genre")?,
        "price_cents": row.get::<i64>("price_cents")?,
        "artist": { "id": row.get::<i64>("user_id")?, "name": row.get::<String>("artist")? },
        "created_at": timestamp(row.get("created_at")?),
    }))
}

fn fields(mut read: Reader<'_>) -> Result<(String, Option<String>, i64)> {
    let title = read.text("title", 255);
    let genre = read.optional_text("genre", 64);
    let price = read.integer("price_cents", 0..=HIGHEST_PRICE);
    read.finish()?;
    Ok((title, genre, price))
}
