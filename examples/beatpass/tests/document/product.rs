//! The product behind it: what everybody may see, what members may do, what is not theirs.

use serde_json::json;

use crate::{api, logged_in, member, upload};

/// BP-08
#[tokio::test]
async fn visitors_browse_and_members_see_more() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;

    let visitor = host.client();
    let list = visitor.send("GET /tracks").await.assert_status(200).json();
    assert_eq!(list["data"][0]["title"], "Night Drive");
    let path = format!("GET /tracks/{track}");
    let shown = visitor.send(&path).await.assert_status(200).json();
    assert_eq!(shown.get("purchased"), None);
    let shown = ben.send(&path).await.assert_status(200).json();
    assert_eq!(
        (&shown["purchased"], &shown["purchase_status"]),
        (&json!(false), &json!(null))
    );

    let begin = format!("POST /tracks/{track}/purchase/initiate");
    api(&ben, &begin, "").await.assert_status(201);
    let shown = ben.send(&path).await.json();
    assert_eq!(
        (&shown["purchased"], &shown["purchase_status"]),
        (&json!(false), &json!("pending"))
    );
    // What the payment will do.
    let db = host.database.connect().await;
    db.run(
        "UPDATE purchases SET status = 'paid', paid_at = created_at",
        &[],
    )
    .await
    .expect("it is paid");
    let shown = ben.send(&path).await.json();
    assert_eq!(
        (&shown["purchased"], &shown["purchase_status"]),
        (&json!(true), &json!("paid"))
    );

    let artist = shown["artist"]["id"].clone();
    let path = format!("GET /artists/{artist}");
    assert_eq!(
        visitor
            .send(&path)
            .await
            .assert_status(200)
            .json()
            .get("followed"),
        None
    );
    assert_eq!(ben.send(&path).await.json()["followed"], false);
    api(&ben, &format!("PUT /artists/{artist}/follow"), "")
        .await
        .assert_status(200);
    assert_eq!(ben.send(&path).await.json()["followed"], true);

    let found = visitor
        .send("GET /search?q=NIGHT")
        .await
        .assert_status(200)
        .json();
    assert_eq!(found["tracks"][0]["id"], track);
    let found = visitor.send("GET /search?q=an").await.json();
    assert_eq!(
        found["artists"],
        json!([{ "id": artist, "name": "Ana", "followers": 1, "tracks_count": 1 }])
    );
    assert_eq!(
        visitor.send("GET /search?q=%25").await.json()["tracks"],
        json!([])
    );
    // The document's placeholder, at the path that it writes out.
    let shown = visitor.send(&format!("GET /api/v1/tracks/{track}")).await;
    assert_eq!(shown.assert_status(200).json()["title"], "Night Drive");
}

/// BP-09
#[tokio::test]
async fn strangers_are_refused_where_a_session_is_required() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    for request in [
        "POST /tracks".to_owned(),
        format!("PUT /tracks/{track}"),
        format!("POST /tracks/{track}/purchase/initiate"),
        "GET /purchases".to_owned(),
        "GET /messaging/conversations".to_owned(),
        "POST /beat-requests".to_owned(),
        "GET /producer-intelligence/dashboard".to_owned(),
    ] {
        let refused = host.client().send(&request).await;
        assert_eq!(
            refused.assert_status(401).body,
            r#"{"message":"Unauthenticated."}"#
        );
    }
}

/// BP-09
#[tokio::test]
async fn members_sell_buy_write_and_look_at_their_numbers() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;
    let named = "GET /api/user
Origin: http://localhost:5173";
    let ben_id = ben.send(named).await.json()["id"].clone();

    let begin = format!("POST /tracks/{track}/purchase/initiate");
    let begun = api(&ben, &begin, "").await.assert_status(201).json();
    let again = api(&ben, &begin, "").await.assert_status(200).json();
    assert_eq!(begun["id"], again["id"]);
    let own = api(&ana, &begin, "").await;
    own.assert_status(422);
    let bought = ben.send("GET /purchases").await.json();
    assert_eq!(bought["data"][0]["status"], "pending");
    assert_eq!(ana.send("GET /purchases").await.json()["data"], json!([]));
    let db = host.database.connect().await;
    db.run(
        "UPDATE purchases SET status = 'paid', paid_at = created_at",
        &[],
    )
    .await
    .expect("it is paid");

    let body = format!(r#"{{"user_id": {ben_id}, "body": "Thank you!"}}"#);
    api(&ana, "POST /messaging/conversations", &body)
        .await
        .assert_status(201);
    let read = ben
        .send("GET /messaging/conversations")
        .await
        .assert_status(200)
        .json();
    assert_eq!(read["data"][0]["with"]["name"], "Ana");
    assert_eq!(read["data"][0]["last_message"]["body"], "Thank you!");
    let nobody = r#"{"user_id": 999999, "body": "Hello"}"#;
    api(&ana, "POST /messaging/conversations", nobody)
        .await
        .assert_status(422);

    let wanted = r#"{"title": "Slow and dark", "budget_cents": 9000}"#;
    let made = api(&ben, "POST /beat-requests", wanted).await;
    assert_eq!(made.assert_status(201).json()["budget_cents"], 9000);

    let numbers = ana.send("GET /producer-intelligence/dashboard").await;
    let numbers = numbers.assert_status(200).json();
    for (name, value) in [("followers", 0), ("sales", 1), ("revenue_cents", 2500)] {
        assert_eq!(numbers[name], value, "{name}");
    }
    assert_eq!(
        numbers["tracks"],
        json!([{
            "id": track, "title": "Night Drive", "plays": 0, "sales": 1, "revenue_cents": 2500,
            "conversion": 0.0,
        }])
    );
}

/// BP-10
#[tokio::test]
async fn a_track_is_changed_by_its_artist_alone() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;
    let change = r#"{"title": "Stolen", "price_cents": 100}"#;
    let refused = api(&ben, &format!("PUT /tracks/{track}"), change).await;
    assert_eq!(
        refused.assert_status(403).json(),
        json!({ "message": "This action is unauthorized." })
    );
    let shown = host.client().send(&format!("GET /tracks/{track}")).await;
    assert_eq!(shown.json()["title"], "Night Drive");
    assert!(
        host.says("NOT_YOURS").await,
        "the refusal is logged: {}",
        host.said()
    );
}

/// BP-18
#[tokio::test]
async fn no_text_of_ours_names_a_real_row() {
    for text in [
        include_str!("../../src/try_it.txt"),
        include_str!("../../README.md"),
    ] {
        for path in ["tracks", "artists", "users", "albums"] {
            for rest in text.split(&format!("/{path}/")).skip(1) {
                assert!(
                    rest.starts_with('{'),
                    "/{path}/{}",
                    &rest[..rest.len().min(20)]
                );
            }
        }
    }
}

/// What was acknowledged is there at the next start.
#[tokio::test]
async fn it_ends_when_it_is_asked_and_keeps_what_it_acknowledged() {
    let (mut host, browser) = logged_in().await;
    upload(&browser, "Night Drive").await;
    assert!(host.end().success());
    assert!(host.said().contains("Try it."), "{}", host.said());
    let db = host.database.connect().await;
    let row = db
        .one("SELECT title FROM tracks", &[])
        .await
        .expect("a read")
        .expect("a row");
    assert_eq!(row.get::<String>("title").expect("a text"), "Night Drive");
}
