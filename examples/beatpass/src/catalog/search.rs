//! Search: tracks by title and artists by name, for everybody.

use adyton::db::Value;
use adyton::{Adyton, Invalid, Query, Reply, Result, Rule};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::catalog::tracks;

/// Results of each kind at most.
const LISTED: i64 = 20;

/// `GET /search?q=night`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let Some(wanted) = query.text("q")? else {
        return Err(Invalid::field("q", Rule::Required).into());
    };
    let values: [Value; 2] = [pattern(&wanted).into(), LISTED.into()];
    let sql = format!(
        "SELECT {} FROM tracks JOIN users ON users.id = tracks.user_id \
         WHERE LOWER(tracks.title) LIKE $1 ESCAPE '!' ORDER BY tracks.id DESC LIMIT $2",
        tracks::COLUMNS
    );
    let rows = adyton.db().all(&sql, &values).await?;
    let tracks: Vec<Json> = rows.iter().map(tracks::shown).collect::<Result<_>>()?;
    let sql = "SELECT id, name FROM users WHERE LOWER(name) LIKE $1 ESCAPE '!' \
               AND EXISTS (SELECT 1 FROM tracks WHERE tracks.user_id = users.id) \
               ORDER BY id LIMIT $2";
    let rows = adyton.db().all(sql, &values).await?;
    let artist = |row: &adyton::db::Row| -> Result<Json> {
        Ok(json!({ "id": row.get::<i64>("id")?, "name": row.get::<String>("name")? }))
    };
    let artists: Vec<Json> = rows.iter().map(artist).collect::<Result<_>>()?;
    Ok(Reply::data(json!({ "tracks": tracks, "artists": artists })))
}

/// The text anywhere, its own `%` and `_` taken literally.
fn pattern(wanted: &str) -> String {
    let escaped = wanted.to_lowercase().replace('!', "!!");
    format!("%{}%", escaped.replace('%', "!%").replace('_', "!_"))
}
