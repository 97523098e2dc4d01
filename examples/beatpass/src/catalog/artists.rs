//! Artists: everybody who uploads. Members follow them.

use adyton::db::DbError;
use adyton::{Adyton, Auth, Error, Invalid, Reply, Result, Rule, User, UserId};
use axum::extract::State;
use serde_json::{Value as Json, json};

use crate::catalog::tracks;
use crate::id::Id;

/// Tracks that a profile shows at most.
const LISTED: i64 = 50;

/// `GET /artists/{artist}`; a member also sees whether they follow the artist.
pub async fn show(State(adyton): State<Adyton>, auth: Option<Auth>, Id(id): Id) -> Result<Reply> {
    let artist = find(&adyton, id).await?;
    let sql = format!(
        "SELECT {} FROM tracks JOIN users ON users.id = tracks.user_id \
         WHERE tracks.user_id = $1 ORDER BY tracks.id DESC LIMIT $2",
        tracks::COLUMNS
    );
    let rows = adyton.db().all(&sql, &[id.into(), LISTED.into()]).await?;
    let tracks: Vec<Json> = rows.iter().map(tracks::shown).collect::<Result<_>>()?;
    let mut shown = json!({
        "id": artist.id,
        "name": artist.name,
        "followers": followers(&adyton, &artist).await?,
        "tracks": tracks,
    });
    if let Some(auth) = auth {
        shown["followed"] = is_followed(&adyton, auth.user(), &artist).await?.into();
    }
    Ok(Reply::data(shown))
}

/// `PUT /artists/{artist}/follow`
pub async fn follow(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let artist = find(&adyton, id).await?;
    if artist.id == auth.user().id {
        return Err(Invalid::field("artist", Rule::In).into());
    }
    let sql = "INSERT INTO follows (user_id, artist_id, created_at) VALUES ($1, $2, $3)";
    let now = adyton.clock().now();
    let values = [(&auth.user().id).into(), id.into(), now.into()];
    match adyton.db().run(sql, &values).await {
        // Followed already is followed.
        Ok(_) | Err(DbError::Taken) => Ok(Reply::data(json!({ "followed": true }))),
        Err(error) => Err(error.into()),
    }
}

/// `DELETE /artists/{artist}/follow`
pub async fn unfollow(State(adyton): State<Adyton>, auth: Auth, Id(id): Id) -> Result<Reply> {
    let sql = "DELETE FROM follows WHERE user_id = $1 AND artist_id = $2";
    let values = [(&auth.user().id).into(), id.into()];
    adyton.db().run(sql, &values).await?;
    Ok(Reply::data(json!({ "followed": false })))
}

/// How many follow an artist.
pub async fn followers(adyton: &Adyton, artist: &User) -> Result<i64> {
    let sql = "SELECT COUNT(*) AS followers FROM follows WHERE artist_id = $1";
    let row = adyton.db().one(sql, &[(&artist.id).into()]).await?;
    Ok(row.ok_or(Error::NotFound)?.get("followers")?)
}

async fn is_followed(adyton: &Adyton, user: &User, artist: &User) -> Result<bool> {
    let sql = "SELECT id FROM follows WHERE user_id = $1 AND artist_id = $2";
    let values = [(&user.id).into(), (&artist.id).into()];
    Ok(adyton.db().one(sql, &values).await?.is_some())
}

async fn find(adyton: &Adyton, id: i64) -> Result<User> {
    let found = adyton.users().find(&UserId::Integer(id)).await?;
    let in_good_standing = found.filter(|user| !user.is_disabled());
    in_good_standing.ok_or(Error::NotFound)
}
