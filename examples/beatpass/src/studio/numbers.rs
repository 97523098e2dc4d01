//! Plays and sales, counted by the database: by the day, and by the track.

use std::collections::HashMap;

use adyton::chrono::{NaiveDate, NaiveTime};
use adyton::db::Value;
use adyton::{Adyton, Error, Result, UserId};
use serde_json::{Value as Json, json};

use super::period::Period;
use crate::money::purchases::PAID;
use crate::sql;

/// What was heard and sold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbers {
    pub plays: i64,
    pub sales: i64,
    pub revenue_cents: i64,
}

impl Numbers {
    pub fn add(&mut self, other: Self) {
        self.plays += other.plays;
        self.sales += other.sales;
        self.revenue_cents += other.revenue_cents;
    }

    /// Sales a play, to four digits; none where nothing was played.
    pub fn conversion(self) -> f64 {
        match self.plays {
            0 => 0.0,
            plays => (self.sales as f64 / plays as f64 * 10_000.0).round() / 10_000.0,
        }
    }

    pub fn shown(self) -> Json {
        json!({
            "plays": self.plays,
            "sales": self.sales,
            "revenue_cents": self.revenue_cents,
        })
    }
}

/// An artist's numbers of each day from the period before on that has any.
pub async fn by_day(
    adyton: &Adyton,
    artist: &UserId,
    period: &Period,
) -> Result<HashMap<NaiveDate, Numbers>> {
    let mut days: HashMap<NaiveDate, Numbers> = HashMap::new();
    let plays = "SELECT plays.day, COUNT(*) AS plays FROM plays \
                 JOIN tracks ON tracks.id = plays.track_id \
                 WHERE tracks.user_id = $1 AND plays.day >= $2 AND plays.day <= $3 \
                 GROUP BY plays.day";
    let values = [artist.into(), text(period.before), text(period.to)];
    for row in adyton.db().all(plays, &values).await? {
        days.entry(read(&row.get::<String>("day")?)?)
            .or_default()
            .plays += row.get::<i64>("plays")?;
    }
    let day = sql::day(adyton.db(), "purchases.paid_at");
    let sold = sql::sum(adyton.db(), "purchases.price_cents");
    let sales = format!(
        "SELECT {day} AS day, COUNT(*) AS sales, {sold} AS revenue FROM purchases \
         JOIN tracks ON tracks.id = purchases.track_id \
         WHERE tracks.user_id = $1 AND purchases.status = $2 AND purchases.paid_at >= $3 \
         GROUP BY {day}"
    );
    let values = [artist.into(), PAID.into(), midnight(period.before)];
    for row in adyton.db().all(&sales, &values).await? {
        let day = days.entry(read(&row.get::<String>("day")?)?).or_default();
        day.sales += row.get::<i64>("sales")?;
        day.revenue_cents += row.get::<i64>("revenue")?;
    }
    Ok(days)
}

/// The numbers of each of an artist's tracks in the period that has any.
pub async fn by_track(
    adyton: &Adyton,
    artist: &UserId,
    period: &Period,
) -> Result<HashMap<i64, Numbers>> {
    let mut tracks: HashMap<i64, Numbers> = HashMap::new();
    let plays = "SELECT plays.track_id, COUNT(*) AS plays FROM plays \
                 JOIN tracks ON tracks.id = plays.track_id \
                 WHERE tracks.user_id = $1 AND plays.day >= $2 AND plays.day <= $3 \
                 GROUP BY plays.track_id";
    let values = [artist.into(), text(period.from), text(period.to)];
    for row in adyton.db().all(plays, &values).await? {
        tracks.entry(row.get("track_id")?).or_default().plays += row.get::<i64>("plays")?;
    }
    let sold = sql::sum(adyton.db(), "purchases.price_cents");
    let sales = format!(
        "SELECT purchases.track_id, COUNT(*) AS sales, {sold} AS revenue FROM purchases \
         JOIN tracks ON tracks.id = purchases.track_id \
         WHERE tracks.user_id = $1 AND purchases.status = $2 AND purchases.paid_at >= $3 \
         GROUP BY purchases.track_id"
    );
    let values = [artist.into(), PAID.into(), midnight(period.from)];
    for row in adyton.db().all(&sales, &values).await? {
        let track = tracks.entry(row.get("track_id")?).or_default();
        track.sales += row.get::<i64>("sales")?;
        track.revenue_cents += row.get::<i64>("revenue")?;
    }
    Ok(tracks)
}

fn text(day: NaiveDate) -> Value {
    day.to_string().into()
}

fn midnight(day: NaiveDate) -> Value {
    day.and_time(NaiveTime::MIN).and_utc().into()
}

fn read(day: &str) -> Result<NaiveDate> {
    day.parse().map_err(Error::unexpected)
}
