//! Producer intelligence: the numbers of a period, and of the one before.

use adyton::chrono::{DateTime, Days, Utc};
use adyton::{Clock, Db};
use serde_json::json;

use crate::{logged_in, member, upload};

async fn played(db: &Db, track: i64, at: DateTime<Utc>, times: i64) {
    for number in 0..times {
        let sql = "INSERT INTO plays (track_id, listener, hour, day) VALUES ($1, $2, $3, $4)";
        let listener = format!("{at} {number}");
        let day = at.format("%Y-%m-%d").to_string();
        let values = [track.into(), listener.into(), number.into(), day.into()];
        db.run(sql, &values).await.expect("a play");
    }
}

async fn sold(db: &Db, track: i64, buyer: i64, at: DateTime<Utc>, price: i64) {
    let sql = "INSERT INTO purchases (user_id, track_id, price_cents, status, paid_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    // It was begun long before: a sale is of the day on which it was paid.
    let begun = at - Days::new(100);
    let values = [
        buyer.into(),
        track.into(),
        price.into(),
        "paid".into(),
        at.into(),
        begun.into(),
    ];
    db.run(sql, &values).await.expect("a purchase");
}

/// BP-09
#[tokio::test]
async fn the_dashboard_counts_a_period_and_compares_it() {
    let (host, ana) = logged_in().await;
    let (first, second) = (upload(&ana, "First").await, upload(&ana, "Second").await);
    let ben = member(&host, "Ben").await;
    let bens = upload(&ben, "Ben's").await;
    let db = host.database.connect().await;
    let today = Clock::system().now();
    let ago = |days: u64| today - Days::new(days);
    played(&db, first, today, 3).await;
    played(&db, first, ago(2), 5).await;
    played(&db, second, ago(6), 2).await;
    played(&db, second, ago(7), 4).await;
    played(&db, first, ago(14), 9).await;
    played(&db, bens, today, 7).await;
    sold(&db, first, 1001, today, 2500).await;
    sold(&db, first, 1002, ago(2), 2000).await;
    sold(&db, second, 1001, ago(8), 1000).await;
    sold(&db, bens, 1001, today, 9000).await;

    let week = ana
        .send("GET /producer-intelligence/dashboard?period=7d")
        .await;
    let week = week.assert_status(200).json();
    for (name, value) in [
        ("period", json!("7d")),
        ("to", json!(today.format("%Y-%m-%d").to_string())),
        ("plays", json!(10)),
        ("sales", json!(2)),
        ("revenue_cents", json!(4500)),
        ("conversion", json!(0.2)),
        (
            "previous",
            json!({ "plays": 4, "sales": 1, "revenue_cents": 1000 }),
        ),
    ] {
        assert_eq!(week[name], value, "{name}");
    }
    let series = week["series"].as_array().expect("a list");
    assert_eq!(series.len(), 7);
    let plays: Vec<_> = series
        .iter()
        .map(|day| day["plays"].as_i64().unwrap_or(-1))
        .collect();
    assert_eq!(plays, [2, 0, 0, 0, 5, 0, 3]);
    let date = ago(2).format("%Y-%m-%d").to_string();
    assert_eq!(
        series[4],
        json!({ "date": date, "plays": 5, "sales": 1, "revenue_cents": 2000 })
    );
    assert_eq!(
        week["tracks"],
        json!([
            { "id": first, "title": "First", "plays": 8, "sales": 2, "revenue_cents": 4500, "conversion": 0.25 },
            { "id": second, "title": "Second", "plays": 2, "sales": 0, "revenue_cents": 0, "conversion": 0.0 },
        ])
    );
    let year = ana
        .send("GET /producer-intelligence/dashboard?period=12m")
        .await
        .json();
    assert_eq!(year["series"].as_array().map(Vec::len), Some(12));
    assert_eq!((&year["plays"], &year["sales"]), (&json!(23), &json!(3)));
    let usual = ana
        .send("GET /producer-intelligence/dashboard")
        .await
        .json();
    assert_eq!(
        (&usual["period"], &usual["plays"]),
        (&json!("30d"), &json!(23))
    );
    let wrong = ana
        .send("GET /producer-intelligence/dashboard?period=1d")
        .await;
    assert!(wrong.assert_status(422).json()["errors"]["period"].is_array());
}
