//! Producer intelligence: what an artist's tracks sold, and who listens.

use adyton::{Adyton, Auth, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::catalog::artists;
use crate::money::purchase;

/// `GET /producer-intelligence/dashboard`
pub async fn show(State(adyton): State<Adyton>, auth: Auth) -> Result<Reply> {
    // A track's price may have changed between two sales: one row a price.
    let sql = "SELECT tracks.id, tracks.title, purchases.price_cents, \
                      COUNT(purchases.id) AS sales \
               FROM tracks LEFT JOIN purchases \
                 ON purchases.track_id = tracks.id AND purchases.status = $1 \
               WHERE tracks.user_id = $2 \
               GROUP BY tracks.id, tracks.title, purchases.price_cents \
               ORDER BY tracks.id";
    let values = [purchase::PAID.into(), (&auth.user().id).into()];
    let mut by_track: Vec<(i64, String, i64, i64)> = Vec::new();
    for row in adyton.db().all(sql, &values).await? {
        let (id, sales): (i64, i64) = (row.get("id")?, row.get("sales")?);
        let revenue = sales * row.get::<Option<i64>>("price_cents")?.unwrap_or_default();
        match by_track.last_mut().filter(|(last, ..)| *last == id) {
            Some(track) => {
                track.2 += sales;
                track.3 += revenue;
            }
            None => by_track.push((id, row.get("title")?, sales, revenue)),
        }
    }
    let sum = |part: fn(&(i64, String, i64, i64)) -> i64| by_track.iter().map(part).sum::<i64>();
    let tracks = by_track.iter().map(|(id, title, sales, revenue)| {
        json!({ "id": id, "title": title, "sales": sales, "revenue_cents": revenue })
    });
    Ok(Reply::data(json!({
        "followers": artists::followers(&adyton, auth.user()).await?,
        "sales": sum(|track| track.2),
        "revenue_cents": sum(|track| track.3),
        "tracks": tracks.collect::<Vec<Json>>(),
    })))
}
