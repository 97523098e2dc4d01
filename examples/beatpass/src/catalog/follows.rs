//! Who follows whom.

use adyton::db::{DbError, Listing};
use adyton::{Adyton, Auth, Error, Query, Reply, Result, User, UserId};
use axum::extract::State;
use serde_json::json;

use super::artists;
use super::refusals::OWN_ARTIST;
use crate::id::Id;

/// `GET /me/following`
pub async fn index(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let mut followed = Listing::new(artists::columns(&adyton), "users");
    followed.only(
        "users.disabled_at IS NULL AND EXISTS (SELECT 1 FROM follows mine \
         WHERE mine.artist_id = users.id AND mine.user_id = ?)",
        [&auth.user().id],
    );
    artists::page(&adyton, &followed, &query).await
}

/// `PUT /artists/{artist}/follow`
pub async fn store(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let artist = artists::find(&adyton, id).await?;
    if artist.id == auth.user().id {
        return Err(OWN_ARTIST.into());
    }
    let sql = "INSERT INTO follows (user_id, artist_id, created_at) VALUES ($1, $2, $3)";
    let now = adyton.clock().now();
    let values = [(&auth.user().id).into(), id.into(), now.into()];
    match adyton.db().run(sql, &values).await {
        // Followed already is followed.
        Ok(_) | Err(DbError::Taken) => told(&adyton, id, true).await,
        Err(error) => Err(error.into()),
    }
}

/// `DELETE /artists/{artist}/follow`
pub async fn destroy(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let sql = "DELETE FROM follows WHERE user_id = $1 AND artist_id = $2";
    let values = [(&auth.user().id).into(), id.into()];
    adyton.db().run(sql, &values).await?;
    told(&adyton, id, false).await
}

/// How many follow an artist.
pub async fn count(adyton: &Adyton, artist: &UserId) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS followers FROM follows WHERE artist_id = $1";
    let row = adyton.db().one(sql, &[artist.into()]).await?;
    Ok(row.ok_or(Error::NotFound)?.get("followers")?)
}

/// Whether somebody follows an artist.
pub async fn is_followed(adyton: &Adyton, user: &User, artist: &User) -> Result<bool> {
    let sql = "SELECT id FROM follows WHERE user_id = $1 AND artist_id = $2";
    let values = [(&user.id).into(), (&artist.id).into()];
    Ok(adyton.db().one(sql, &values).await?.is_some())
}

async fn told(adyton: &Adyton, artist: i64, is_followed: bool) -> Result<Reply> {
    let followers = count(adyton, &UserId::Integer(artist)).await?;
    Ok(Reply::data(
        json!({ "followed": is_followed, "followers": followers }),
    ))
}
