//! Genres: those that there is something of.

use adyton::{Adyton, Reply, Result};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::tracks;

/// Genres that a list shows at most: artists write them freely.
const LISTED: i64 = 100;

/// `GET /genres`, those with most tracks first.
pub async fn index(State(adyton): State<Adyton>) -> Result<Reply> {
    let sql = format!(
        "SELECT tracks.genre AS name, COUNT(*) AS tracks FROM {} \
         WHERE {} AND tracks.genre IS NOT NULL \
         GROUP BY tracks.genre ORDER BY COUNT(*) DESC, tracks.genre LIMIT $1",
        tracks::FROM,
        tracks::PUBLIC
    );
    let rows = adyton.db().all(&sql, &[LISTED.into()]).await?;
    let genres: Result<Vec<Json>> = rows
        .iter()
        .map(|row| {
            Ok(json!({
                "name": row.get::<String>("name")?,
                "tracks_count": row.get::<i64>("tracks")?,
            }))
        })
        .collect();
    Ok(Reply::data(json!({ "data": genres? })))
}
