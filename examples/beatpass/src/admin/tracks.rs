//! `/admin/tracks`: all tracks, and taking one out of the shop.

use adyton::db::Listing;
use adyton::{Adyton, Error, Input, Invalid, Page, Query, Reply, Result, Rule};
use axum::extract::State;
use serde_json::Value as Json;

use crate::catalog::tracks::{COLUMNS, FROM, NEWEST, find, shown};
use crate::id::Id;

const SORTS: [(&str, &str); 3] = [
    ("created_at", "tracks.created_at"),
    ("title", "tracks.title"),
    ("plays", "tracks.plays"),
];

/// `GET /admin/tracks?filter[published]=no`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let (paging, order) = (query.paging()?, query.sort(&SORTS, NEWEST)?);
    let mut tracks = Listing::new(COLUMNS, FROM);
    if let Some(published) = query.filters(&["published"])?.get("published") {
        let published = match published.as_str() {
            "yes" | "true" | "1" => true,
            "no" | "false" | "0" => false,
            _ => return Err(Invalid::field("filter", Rule::In).into()),
        };
        tracks.only("tracks.is_published = ?", [published]);
    }
    let (rows, total) = tracks.page(adyton.db(), &order, paging.bounds()).await?;
    let items = rows.iter().map(in_full).collect::<Result<_>>()?;
    Ok(Reply::Page(Page::new(
        items,
        paging.page,
        paging.per_page,
        total,
    )))
}

/// `PUT /admin/tracks/{track}`: whoever bought it keeps it.
pub async fn update(State(adyton): State<Adyton>, Id(id): Id, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    if !read.is_sent("is_published") {
        read.broken("is_published", Rule::Required);
    }
    let is_published = read.boolean("is_published");
    read.finish()?;
    let sql = "UPDATE tracks SET is_published = $1, updated_at = $2 WHERE id = $3";
    let values = [is_published.into(), adyton.clock().now().into(), id.into()];
    if adyton.db().run(sql, &values).await? == 0 {
        return Err(Error::NotFound);
    }
    Ok(Reply::data(in_full(&find(&adyton, id).await?)?))
}

fn in_full(row: &adyton::db::Row) -> Result<Json> {
    let mut track = shown(row)?;
    track["is_published"] = row.get::<bool>("is_published")?.into();
    Ok(track)
}
