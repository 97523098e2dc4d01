//! Producer intelligence: what an artist's tracks were played and sold, and how that changes.

use std::collections::{BTreeMap, HashMap};

use adyton::chrono::NaiveDate;
use adyton::{Adyton, Auth, Query, Reply, Result, UserId};
use axum::extract::State;
use serde_json::{Value as Json, json};

use super::numbers::{self, Numbers};
use super::period::Period;
use crate::catalog::follows;

/// Tracks that are looked at, at most.
const LISTED: i64 = 1000;

/// A track and its numbers.
struct Track {
    id: i64,
    title: String,
    genre: Option<String>,
    numbers: Numbers,
}

/// `GET /producer-intelligence/dashboard?period=30d`
pub async fn show(State(adyton): State<Adyton>, auth: Auth, query: Query) -> Result<Reply> {
    let name = query.text("period")?;
    let today = adyton.clock().now().date_naive();
    let period = Period::ending(today, name.as_deref())?;
    let me = &auth.user().id;
    let days = numbers::by_day(&adyton, me, &period).await?;
    let tracks = tracks(&adyton, me, &period).await?;
    let (now, before) = totals(&days, &period);
    Ok(Reply::data(json!({
        "period": period.name,
        "from": period.from.to_string(),
        "to": period.to.to_string(),
        "followers": follows::count(&adyton, me).await?,
        "plays": now.plays,
        "sales": now.sales,
        "revenue_cents": now.revenue_cents,
        "conversion": now.conversion(),
        "previous": before.shown(),
        "series": series(&days, &period),
        "tracks": tracks.iter().map(shown).collect::<Vec<Json>>(),
        "genres": genres(&tracks),
    })))
}

/// All tracks of an artist, those that brought most first.
async fn tracks(adyton: &Adyton, artist: &UserId, period: &Period) -> Result<Vec<Track>> {
    let mut numbers = numbers::by_track(adyton, artist, period).await?;
    let sql = "SELECT id, title, genre FROM tracks WHERE user_id = $1 ORDER BY id DESC LIMIT $2";
    let rows = adyton
        .db()
        .all(sql, &[artist.into(), LISTED.into()])
        .await?;
    let mut tracks = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: i64 = row.get("id")?;
        tracks.push(Track {
            id,
            title: row.get("title")?,
            genre: row.get("genre")?,
            numbers: numbers.remove(&id).unwrap_or_default(),
        });
    }
    tracks.sort_by_key(|track| {
        let Numbers {
            plays,
            revenue_cents,
            ..
        } = track.numbers;
        std::cmp::Reverse((revenue_cents, plays))
    });
    Ok(tracks)
}

/// The period's sums, and those of the one before.
fn totals(days: &HashMap<NaiveDate, Numbers>, period: &Period) -> (Numbers, Numbers) {
    let (mut now, mut before) = (Numbers::default(), Numbers::default());
    for (day, numbers) in days {
        match *day < period.from {
            true => before.add(*numbers),
            false => now.add(*numbers),
        }
    }
    (now, before)
}

/// An entry for each place of the period, also for those at which nothing happened.
fn series(days: &HashMap<NaiveDate, Numbers>, period: &Period) -> Vec<Json> {
    let places = period.places().into_iter();
    let mut sums: BTreeMap<NaiveDate, Numbers> =
        places.map(|place| (place, Numbers::default())).collect();
    for (day, numbers) in days {
        if let Some(sum) = sums.get_mut(&period.place(*day)) {
            sum.add(*numbers);
        }
    }
    let entry = |(day, sum): (NaiveDate, Numbers)| {
        let mut entry = json!({ "date": day.to_string() });
        if let (Some(entry), Json::Object(sum)) = (entry.as_object_mut(), sum.shown()) {
            entry.extend(sum);
        }
        entry
    };
    sums.into_iter().map(entry).collect()
}

fn genres(tracks: &[Track]) -> Vec<Json> {
    let mut plays: BTreeMap<&str, i64> = BTreeMap::new();
    for track in tracks {
        if let Some(genre) = &track.genre {
            *plays.entry(genre).or_default() += track.numbers.plays;
        }
    }
    let mut genres: Vec<_> = plays.into_iter().collect();
    genres.sort_by_key(|(_, plays)| std::cmp::Reverse(*plays));
    let shown = |(name, plays)| json!({ "name": name, "plays": plays });
    genres.into_iter().map(shown).collect()
}

fn shown(track: &Track) -> Json {
    json!({
        "id": track.id,
        "title": track.title,
        "plays": track.numbers.plays,
        "sales": track.numbers.sales,
        "revenue_cents": track.numbers.revenue_cents,
        "conversion": track.numbers.conversion(),
    })
}
