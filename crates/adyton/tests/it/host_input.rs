//! What is sent to a host's own routes, read by Adyton's rules.

use adyton::db::{Listing, Migration, Value};
use adyton::{Adyton, ClientAddress, Input, Query, Reply, Result};
use adyton_testing::TestApp;
use axum::Router;
use axum::routing::post;
use serde_json::json;

async fn store(input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let title = read.text("title", 10);
    let price = read.integer("price", 1..=100);
    read.finish()?;
    Ok(Reply::data(json!({ "title": title, "price": price })))
}

async fn rearrange(ClientAddress(address): ClientAddress, input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let tracks = read.integers("track_ids", 3);
    let is_titled = read.is_sent("title");
    read.finish()?;
    Ok(Reply::data(
        json!({ "tracks": tracks, "is_titled": is_titled, "from": address }),
    ))
}

async fn search(query: Query) -> Result<Reply> {
    let paging = query.paging()?;
    Ok(Reply::data(
        json!({ "q": query.text("q")?, "before": paging.offset() }),
    ))
}

fn routes(adyton: &Adyton) -> Router {
    Router::new()
        .route("/tracks", post(store).get(search).patch(rearrange))
        .route_layer(adyton.throttle("public"))
}

#[tokio::test]
async fn a_host_reads_what_is_sent_by_adytons_rules() {
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    let client = app.anonymous();
    let made = client
        .post("/tracks", json!({ "title": " Night ", "price": "7" }))
        .await;
    assert_eq!(
        made.assert_status(200).json(),
        json!({ "title": "Night", "price": 7 })
    );
    let form = client
        .form("/tracks", &[("title", "Night"), ("price", "7")])
        .await;
    form.assert_status(200);
    let refused = client
        .post("/tracks", json!({ "title": ["x"], "price": 101 }))
        .await;
    assert_eq!(
        refused.assert_status(422).json()["errors"],
        json!({
            "title": ["The title field must be a string."],
            "price": ["The price field must not be greater than 100."],
        })
    );
    let absent = client.post("/tracks", json!({ "title": "x" })).await;
    assert_eq!(
        absent.assert_status(422).json()["errors"],
        json!({ "price": ["The price field is required."] })
    );
    let broken = client
        .raw(
            http::Method::POST,
            "/tracks",
            "application/json",
            "{\"title\":",
        )
        .await;
    assert_eq!(broken.assert_status(400).code(), "MALFORMED");
    let found = client.get("/tracks?q=%20night%20&page=3&per_page=5").await;
    assert_eq!(found.json(), json!({ "q": "night", "before": 10 }));
    client.get("/tracks?page=none").await.assert_status(422);
}

#[tokio::test]
async fn a_gate_of_a_host_asks_for_https_where_the_public_address_is_that() {
    let public = |config: &mut adyton::Config| {
        config.public_url = Some("https://app.example.com".to_owned());
        config.http.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
    };
    let app = TestApp::host(public, |builder| builder, routes).await;
    let refused = app.anonymous().get("/tracks").await;
    assert_eq!(refused.assert_status(403).code(), "HTTPS_REQUIRED");
    let over_https = app.anonymous().with("x-forwarded-proto", "https");
    over_https.get("/tracks").await.assert_status(200);
}

/// A sum of whole numbers is a whole number, whatever the database makes of it.
#[tokio::test]
async fn a_sum_is_read_as_a_number() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let sql = "SELECT SUM(two_factor_tries + 7) AS some, SUM(two_factor_step) AS none \
               FROM user_security WHERE two_factor_tries < $1";
    for (most, some) in [(1_i64, Some(7_i64)), (0, None)] {
        let row = app.adyton.db().one(sql, &[most.into()]).await;
        let row = row.expect("read").expect("one row");
        assert_eq!(row.get::<Option<i64>>("some").expect("a number"), some);
    }
}

async fn order(input: Input) -> Result<Reply> {
    let mut read = input.reader();
    let lines = read.each("lines", 2, |line| {
        (line.integer("id", 1..=9), line.optional_text("note", 3))
    });
    read.text("name", 9);
    read.finish()?;
    Ok(Reply::data(json!({ "lines": lines })))
}

#[tokio::test]
async fn a_list_of_objects_is_read_one_by_one() {
    let routes = |_: &Adyton| Router::new().route("/orders", post(order));
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    let client = app.anonymous();
    let lines = json!([{ "id": 7, "note": "big" }, { "id": "8" }]);
    let made = client
        .post("/orders", json!({ "name": "Ana", "lines": lines }))
        .await;
    assert_eq!(
        made.assert_status(200).json(),
        json!({ "lines": [[7, "big"], [8, null]] })
    );
    for (lines, errors) in [
        (
            json!([{ "id": 10 }, { "note": "huge" }]),
            json!({
                "lines.0.id": ["The lines.0.id field must not be greater than 9."],
                "lines.1.id": ["The lines.1.id field is required."],
                "lines.1.note": ["The lines.1.note field must not be greater than 3 characters."],
                "name": ["The name field is required."],
            }),
        ),
        (
            json!([1]),
            json!({ "lines.0": ["The lines.0 field must be an array."], "name": ["The name field is required."] }),
        ),
        (
            json!({ "id": 1 }),
            json!({ "lines": ["The lines field must be an array."], "name": ["The name field is required."] }),
        ),
        (
            json!([{}, {}, {}]),
            json!({ "lines": ["The lines field must not have more than 2 items."], "name": ["The name field is required."] }),
        ),
    ] {
        let refused = client.post("/orders", json!({ "lines": lines })).await;
        assert_eq!(refused.assert_status(422).json()["errors"], errors);
    }
}

/// What a host asks of a list is the same on every database, whatever its own step for it was.
#[tokio::test]
async fn a_list_is_narrowed_ordered_and_counted() {
    const BEATS: Migration = Migration {
        name: "test/beats",
        sql: "CREATE TABLE beats (id {id}, genre varchar(16) NOT NULL, price {int} NOT NULL) {charset};
-- when: on SQLite
INSERT INTO beats (genre, price) VALUES ('SQLite', 1);
-- when: on PostgreSQL
INSERT INTO beats (genre, price) VALUES ('PostgreSQL', 1);
-- when: on MySQL
INSERT INTO beats (genre, price) VALUES ('MySQL', 1);
",
    };
    let app = TestApp::new().await;
    let db = app.adyton.db();
    app.adyton.migrate_host(&[BEATS]).await.expect("a table");
    for (genre, price) in [("trap", 3_i64), ("house", 2), ("trap", 5), ("trap", 4)] {
        let sql = "INSERT INTO beats (genre, price) VALUES ($1, $2)";
        db.run(sql, &[genre.into(), price.into()])
            .await
            .expect("a row");
    }
    let own = db.one("SELECT genre FROM beats WHERE price = 1", &[]).await;
    let own = own.expect("read").expect("one of the three");
    assert_eq!(own.get::<String>("genre").expect("a text"), db.kind());

    let mut trap = Listing::new("price", "beats");
    trap.only(
        "genre = ? AND price > ?",
        [Value::from("trap"), 1_i64.into()],
    );
    trap.only("price < 9", [] as [Value; 0]);
    let (rows, total) = trap
        .page(db, "price DESC", [2_i64.into(), 1_i64.into()])
        .await
        .expect("read");
    let prices: Vec<i64> = rows
        .iter()
        .map(|row| row.get("price").expect("a number"))
        .collect();
    assert_eq!((prices, total), (vec![4, 3], 3));
}

#[tokio::test]
async fn lists_of_numbers_and_what_was_not_sent_are_told_apart() {
    let app = TestApp::host(|_| {}, |builder| builder, routes).await;
    let client = app.anonymous();
    let sent = json!({ "track_ids": [3, "1", 3], "title": null });
    let read = client.json(http::Method::PATCH, "/tracks", sent).await;
    let read = read.assert_status(200).json();
    assert_eq!(read["tracks"], json!([3, 1]));
    assert_eq!(read["is_titled"], true);
    let address: std::net::IpAddr = read["from"]
        .as_str()
        .expect("a text")
        .parse()
        .expect("an address");
    assert!(address.is_loopback(), "{address}");
    let absent = client
        .json(http::Method::PATCH, "/tracks", json!({}))
        .await
        .json();
    assert_eq!(
        (&absent["tracks"], &absent["is_titled"]),
        (&json!(null), &json!(false))
    );
    for (wrong, field) in [
        (json!("1"), "track_ids"),
        (json!([1, 2, 3, 4]), "track_ids"),
        (json!([1, "x"]), "track_ids.1"),
    ] {
        let refused = client
            .json(
                http::Method::PATCH,
                "/tracks",
                json!({ "track_ids": wrong }),
            )
            .await;
        let errors = refused.assert_status(422).json()["errors"].clone();
        assert!(errors.get(field).is_some(), "{errors}");
    }
}
