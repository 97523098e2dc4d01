//! A year of it: plays, sales, followers, letters and requests.

use adyton::chrono::{DateTime, Datelike as _, Duration, Utc, Weekday};
use adyton::db::Value;
use adyton::{Adyton, Result, Tx};

use super::Made;
use super::dice::Dice;
use super::people::People;
use crate::catalog::{hour_and_day, words};

/// Rows of one statement.
const AT_ONCE: usize = 200;

/// The letters of one conversation: whether the first of the two wrote it, how many hours ago.
type Letters = [(bool, i64, &'static str)];

const BEN_AND_ANA: &Letters = &[
    (
        true,
        76,
        "Hi Ana, is there a version of Night Drive without the bells?",
    ),
    (
        false,
        74,
        "There is! I can send you the stems when you have bought it.",
    ),
    (true, 52, "Bought. It sounds huge in the car."),
    (false, 50, "Thank you! They are on their way."),
    (
        true,
        3,
        "Got them. Are you free for something slower next week?",
    ),
];

const IRIS_AND_ANA: &Letters = &[
    (
        true,
        30,
        "Slow Motion has been on repeat here for three days.",
    ),
    (false, 28, "That makes my week. More like it soon."),
    (true, 5, "Would you take 30 dollars for two of them?"),
];

/// What people look for: the title, details, and what they would pay.
const REQUESTS: [(&str, &str, i64); 5] = [
    (
        "Slow and dark, with a real piano",
        "Around 70 bpm, nothing busy in the middle: there is a lot of text.",
        9_000,
    ),
    (
        "Drill beat for a short film",
        "Ninety seconds, no vocals, an ending that stops dead.",
        15_000,
    ),
    (
        "Something to run to",
        "House or Afrobeat between 120 and 126 bpm.",
        4_000,
    ),
    (
        "Intro music for a podcast",
        "Twenty seconds, warm, no drums until the end.",
        6_000,
    ),
    ("Trap with a flute", "Like Neon Puddles, but sadder.", 5_000),
];

pub async fn write(
    adyton: &Adyton,
    people: &People,
    tracks: &[Made],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut tx = adyton.db().begin().await?;
    let ids: Vec<i64> = tracks.iter().map(|track| track.id).collect();
    words::refresh(&mut tx, &ids).await?;
    plays(&mut tx, tracks, now).await?;
    sales(&mut tx, people, tracks, now).await?;
    follows(&mut tx, people, now).await?;
    let (ben, ana, iris) = (people.ben, people.artists[0], people.listeners[0]);
    conversation(&mut tx, (ben, ana), BEN_AND_ANA, now).await?;
    conversation(&mut tx, (iris, ana), IRIS_AND_ANA, now).await?;
    requests(&mut tx, people, now).await?;
    Ok(tx.commit().await?)
}

/// More each month, and most at the end of the week.
async fn plays(tx: &mut Tx, tracks: &[Made], now: DateTime<Utc>) -> Result<()> {
    let mut dice = Dice::of("plays");
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for track in tracks {
        let mut count: i64 = 0;
        let days = (now - track.released).num_days();
        for age in (0..days).rev() {
            let moment = now - Duration::days(age);
            let is_weekend = matches!(moment.weekday(), Weekday::Fri | Weekday::Sat | Weekday::Sun);
            let sides = 2 + track.appeal * if is_weekend { 2 } else { 1 };
            // What is a year old is heard a third as often as what is new in the shop's best time.
            let listeners = dice.below(sides) * (540 - age.unsigned_abs().min(360)) / 540;
            for _ in 0..listeners {
                let moment = moment - Duration::hours(dice.below(20) as i64);
                let (hour, day) = hour_and_day(moment);
                let listener = format!("demo:{count}");
                rows.push(vec![
                    track.id.into(),
                    listener.into(),
                    hour.into(),
                    day.into(),
                ]);
                count += 1;
            }
        }
        let update = "UPDATE tracks SET plays = $1 WHERE id = $2";
        tx.run(update, &[count.into(), track.id.into()]).await?;
    }
    insert(tx, "plays (track_id, listener, hour, day)", rows).await
}

/// Nobody buys a track twice, and nobody their own. Ben is one of those who buy.
async fn sales(tx: &mut Tx, people: &People, tracks: &[Made], now: DateTime<Utc>) -> Result<()> {
    let mut dice = Dice::of("sales");
    let mut rows: Vec<Vec<Value>> = Vec::new();
    let buyers = people.listeners.iter().chain([&people.ben]);
    for buyer in buyers {
        for track in tracks.iter().filter(|track| track.artist != *buyer) {
            if dice.below(10) >= track.appeal {
                continue;
            }
            let age = (now - track.released).num_minutes().max(1);
            // Mostly the newer of two days: the shop grows.
            let (one, other) = (dice.below(age as u64), dice.below(age as u64));
            let ago = if dice.below(3) == 0 {
                one
            } else {
                one.min(other)
            };
            let bought = now - Duration::minutes(ago as i64);
            let status = if dice.below(40) == 0 {
                "pending"
            } else {
                "paid"
            };
            rows.push(vec![
                (*buyer).into(),
                track.id.into(),
                track.price_cents.into(),
                status.into(),
                (status == "paid").then_some(bought).into(),
                bought.into(),
            ]);
        }
    }
    // As they happened, so that the newest has the highest id.
    rows.sort_by_key(|row| match row.last() {
        Some(Value::Time(moment)) => *moment,
        _ => None,
    });
    let table = "purchases (user_id, track_id, price_cents, status, paid_at, created_at)";
    insert(tx, table, rows).await
}

async fn follows(tx: &mut Tx, people: &People, now: DateTime<Utc>) -> Result<()> {
    let mut dice = Dice::of("follows");
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for user in people.listeners.iter().chain([&people.ben]) {
        for (at, artist) in people.artists.iter().enumerate() {
            let is_liked = dice.below(4) == 0 || (at == 0 && dice.below(4) > 0);
            if is_liked {
                let since = now - Duration::days(dice.below(300) as i64);
                rows.push(vec![(*user).into(), (*artist).into(), since.into()]);
            }
        }
    }
    insert(tx, "follows (user_id, artist_id, created_at)", rows).await
}

async fn conversation(
    tx: &mut Tx,
    (one, other): (i64, i64),
    letters: &Letters,
    now: DateTime<Utc>,
) -> Result<()> {
    let sql = "INSERT INTO conversations (first_user_id, second_user_id, created_at) \
               VALUES ($1, $2, $3)";
    let begun = now - Duration::days(4);
    let values = [one.min(other).into(), one.max(other).into(), begun.into()];
    let id = tx.insert(sql, &values).await?;
    let rows = letters.iter().map(|(is_first, hours, body)| {
        let sender = if *is_first { one } else { other };
        let sent = now - Duration::hours(*hours);
        vec![id.into(), sender.into(), (*body).into(), sent.into()]
    });
    let table = "messages (conversation_id, sender_id, body, created_at)";
    insert(tx, table, rows.collect()).await
}

async fn requests(tx: &mut Tx, people: &People, now: DateTime<Utc>) -> Result<()> {
    let members = [people.ben]
        .into_iter()
        .chain(people.listeners.iter().copied());
    let rows = REQUESTS.iter().zip(members).enumerate();
    let rows = rows.map(|(at, ((title, details, budget), member))| {
        let asked = now - Duration::days(REQUESTS.len() as i64 - at as i64);
        vec![
            member.into(),
            (*title).into(),
            (*details).into(),
            (*budget).into(),
            asked.into(),
        ]
    });
    let table = "beat_requests (user_id, title, details, budget_cents, created_at)";
    insert(tx, table, rows.collect()).await
}

/// Many rows by few statements. Each row has a value for each of the table's named columns.
async fn insert(tx: &mut Tx, table: &str, rows: Vec<Vec<Value>>) -> Result<()> {
    for some in rows.chunks(AT_ONCE) {
        let mut number = 0;
        let places: Vec<String> = some
            .iter()
            .map(|row| {
                let marks: Vec<String> = row
                    .iter()
                    .map(|_| {
                        number += 1;
                        format!("${number}")
                    })
                    .collect();
                format!("({})", marks.join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {table} VALUES {}", places.join(", "));
        tx.run(&sql, &some.concat()).await?;
    }
    Ok(())
}
