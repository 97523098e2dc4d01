//! Artists: everybody who uploads, and what they say of themselves.

use adyton::db::{DbError, Listing, Row};
use adyton::{Adyton, Auth, Error, Input, Query, Reply, Result, User, UserId, timestamp};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::search::{WORDS, name_condition, name_patterns};
use super::{albums, follows, tracks};
use crate::id::Id;
use crate::sql::sum;

/// Tracks and albums that a profile shows at most.
const LISTED: i64 = 50;

/// Characters of a bio.
const LONGEST_BIO: usize = 2000;

/// Whoever has something to hear.
pub const PUBLIC: &str = "users.disabled_at IS NULL AND EXISTS (SELECT 1 FROM tracks \
     WHERE tracks.user_id = users.id AND tracks.is_published = TRUE)";

/// What [`shown`] needs of `users`.
pub fn columns(adyton: &Adyton) -> String {
    let plays = sum(adyton.db(), "tracks.plays");
    let published = "tracks WHERE tracks.user_id = users.id AND tracks.is_published = TRUE";
    format!(
        "users.id, users.name, users.created_at, \
         (SELECT artists.bio FROM artists WHERE artists.user_id = users.id) AS bio, \
         (SELECT COUNT(*) FROM follows WHERE follows.artist_id = users.id) AS followers, \
         (SELECT COUNT(*) FROM {published}) AS tracks_count, \
         (SELECT {plays} FROM {published}) AS plays"
    )
}

/// `GET /artists`
pub async fn index(State(adyton): State<Adyton>, query: Query) -> Result<Reply> {
    let mut artists = Listing::new(columns(&adyton), "users");
    artists.only(PUBLIC, tracks::NOTHING);
    if let Some(wanted) = query.filters(&["q"])?.get("q") {
        for word in wanted.split_whitespace().take(WORDS) {
            let patterns = name_patterns(word);
            artists.only(&name_condition(patterns.len()), patterns);
        }
    }
    page(&adyton, &artists, &query).await
}

/// `GET /artists/{artist}`; a member also sees whether they follow the artist. Strangers see those who
/// published something: nobody else who registered is told by their number.
pub async fn show(State(adyton): State<Adyton>, auth: Option<Auth>, Id(id): Id) -> Result<Reply> {
    let artist = find(&adyton, id).await?;
    let sql = format!("SELECT {} FROM users WHERE users.id = $1", columns(&adyton));
    let row = adyton.db().one(&sql, &[id.into()]).await?;
    let row = row.ok_or(Error::NotFound)?;
    if auth.is_none() && row.get::<i64>("tracks_count")? == 0 {
        return Err(Error::NotFound);
    }
    let mut artist_shown = shown(&row)?;
    let mut own = Listing::new(tracks::COLUMNS, tracks::FROM);
    own.only("tracks.user_id = ?", [id]);
    if auth.as_ref().is_none_or(|auth| auth.user().id != artist.id) {
        own.only("tracks.is_published = TRUE", tracks::NOTHING);
    }
    let rows = own.first(adyton.db(), tracks::NEWEST, LISTED).await?;
    let listed = rows.iter().map(|row| tracks::shown_to(auth.as_ref(), row));
    artist_shown["tracks"] = listed.collect::<Result<Vec<Json>>>()?.into();
    artist_shown["albums"] = albums::of_artist(&adyton, id, LISTED).await?.into();
    if let Some(auth) = auth {
        artist_shown["followed"] = follows::is_followed(&adyton, auth.user(), &artist)
            .await?
            .into();
    }
    Ok(Reply::data(artist_shown))
}

/// `PUT /me/artist`: what an artist says of themselves.
pub async fn update(State(adyton): State<Adyton>, auth: Auth, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let bio = read.optional_text("bio", LONGEST_BIO);
    read.finish()?;
    let me = &auth.user().id;
    let insert = "INSERT INTO artists (bio, user_id) VALUES ($1, $2)";
    let values = [bio.into(), me.into()];
    match adyton.db().run(insert, &values).await {
        Ok(_) => {}
        Err(DbError::Taken) => {
            let update = "UPDATE artists SET bio = $1 WHERE user_id = $2";
            adyton.db().run(update, &values).await?;
        }
        Err(error) => return Err(error.into()),
    }
    let sql = format!("SELECT {} FROM users WHERE users.id = $1", columns(&adyton));
    let row = adyton.db().one(&sql, &[me.into()]).await?;
    Ok(Reply::data(shown(&row.ok_or(Error::NotFound)?)?))
}

/// A page of artists as the query orders them.
pub async fn page(adyton: &Adyton, artists: &Listing, query: &Query) -> Result<Reply> {
    let order = query.sort(
        &[
            ("name", "users.name"),
            ("followers", "followers"),
            ("created_at", "users.created_at"),
        ],
        "users.id DESC",
    )?;
    let paging = query.paging()?;
    let (rows, total) = artists.page(adyton.db(), &order, paging.bounds()).await?;
    let artists = rows.iter().map(shown).collect::<Result<_>>()?;
    Ok(Reply::Page(paging.page_of(artists, total)))
}

/// Somebody in good standing.
pub async fn find(adyton: &Adyton, id: i64) -> Result<User> {
    let found = adyton.users().find(&UserId::Integer(id)).await?;
    let in_good_standing = found.filter(|user| !user.is_disabled());
    in_good_standing.ok_or(Error::NotFound)
}

/// An artist, of [`columns`].
pub fn shown(row: &Row) -> Result<Json> {
    Ok(json!({
        "id": row.get::<i64>("id")?,
        "name": row.get::<String>("name")?,
        "bio": row.get::<Option<String>>("bio")?,
        "followers": row.get::<i64>("followers")?,
        "tracks_count": row.get::<i64>("tracks_count")?,
        "plays": row.get::<i64>("plays")?,
        "joined_at": timestamp(row.get("created_at")?),
    }))
}
