//! Plays: a listener counts once an hour for a track, however often they press the button.

use std::net::IpAddr;
use std::sync::LazyLock;

use adyton::chrono::{DateTime, Utc};
use adyton::db::DbError;
use adyton::{Adyton, Auth, ClientAddress, Error, Reply, Result, Secret};
use axum::extract::State;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::tracks;
use crate::id::Id;

/// Of this process alone: an address cannot be guessed from what is kept of it.
static SALT: LazyLock<Secret<String>> = LazyLock::new(|| Secret::random(32));

/// `POST /tracks/{track}/plays`
pub async fn store(
    State(adyton): State<Adyton>,
    auth: Option<Auth>,
    ClientAddress(address): ClientAddress,
    Id(id): Id,
) -> Result<Reply> {
    tracks::visible(&adyton, auth.as_ref(), id).await?;
    let listener = match &auth {
        Some(auth) => format!("user:{}", auth.user().id),
        None => salted(address),
    };
    count(&adyton, id, listener).await?;
    let sql = "SELECT plays FROM tracks WHERE id = $1";
    let row = adyton.db().one(sql, &[id.into()]).await?;
    let plays: i64 = row.ok_or(Error::NotFound)?.get("plays")?;
    Ok(Reply::data(json!({ "plays": plays })))
}

/// The hour since 1970, and the day as `2026-11-01`.
pub fn hour_and_day(moment: DateTime<Utc>) -> (i64, String) {
    let day = moment.format("%Y-%m-%d").to_string();
    (moment.timestamp().div_euclid(3600), day)
}

/// Counts it, unless the unique index says that this listener was counted.
async fn count(adyton: &Adyton, track: i64, listener: String) -> Result<()> {
    let (hour, day) = hour_and_day(adyton.clock().now());
    let mut tx = adyton.db().begin().await?;
    let insert = "INSERT INTO plays (track_id, listener, hour, day) VALUES ($1, $2, $3, $4)";
    let values = [track.into(), listener.into(), hour.into(), day.into()];
    match tx.run(insert, &values).await {
        Ok(_) => {}
        Err(DbError::Taken) => return Ok(()),
        Err(error) => return Err(error.into()),
    }
    let update = "UPDATE tracks SET plays = plays + 1 WHERE id = $1";
    tx.run(update, &[track.into()]).await?;
    Ok(tx.commit().await?)
}

fn salted(address: IpAddr) -> String {
    let mut hash = Sha256::new();
    hash.update(SALT.expose());
    hash.update(address.to_string());
    let digest = hash.finalize();
    let text: String = digest[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("address:{text}")
}
