//! The catalogue: what is said of tracks, how they are found, and what belongs to whom.

use adyton::Clock;
use adyton_testing::Wire;
use serde_json::{Value as Json, json};

use crate::{api, logged_in, member, upload, user};

async fn made(browser: &Wire, request: &str, body: Json) -> Json {
    let made = api(browser, request, &body.to_string()).await;
    made.assert_status(201).json()
}

async fn titles(browser: &Wire, request: &str) -> Vec<String> {
    let list = browser.send(request).await.assert_status(200).json();
    let entries = list["data"].as_array().expect("a list").iter();
    entries
        .map(|entry| entry["title"].as_str().expect("a title").to_owned())
        .collect()
}

/// BP-09, BP-11
#[tokio::test]
async fn a_track_is_described_and_a_patch_leaves_what_it_does_not_send() {
    let (_host, ana) = logged_in().await;
    let said = json!({
        "title": "Night Drive", "genre": "Trap", "mood": "Dark", "bpm": 140, "key": "A minor",
        "tags": ["808", "bells"], "description": "Late.", "price_cents": 2500,
    });
    let track = made(&ana, "POST /tracks", said.clone()).await;
    for (name, value) in said.as_object().expect("an object") {
        assert_eq!(&track[name], value, "{name}");
    }
    assert_eq!(
        (&track["plays"], &track["album"], &track["audio_url"]),
        (&json!(0), &json!(null), &json!(null))
    );
    let path = format!("/tracks/{}", track["id"]);
    let patched = api(
        &ana,
        &format!("PATCH {path}"),
        r#"{"bpm": 90, "mood": null}"#,
    )
    .await;
    let patched = patched.assert_status(200).json();
    assert_eq!(
        (&patched["bpm"], &patched["mood"], &patched["genre"]),
        (&json!(90), &json!(null), &json!("Trap"))
    );
    let whole = r#"{"title": "Day Drive", "price_cents": 0}"#;
    let put = api(&ana, &format!("PUT {path}"), whole)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&put["title"], &put["genre"], &put["tags"]),
        (&json!("Day Drive"), &json!(null), &json!([]))
    );

    let wrong = json!({
        "title": "x", "price_cents": 200_001, "bpm": 19, "key": "k".repeat(33),
        "tags": ["t".repeat(33)], "is_published": "perhaps", "description": "d".repeat(4001),
    });
    let refused = api(&ana, "POST /tracks", &wrong.to_string()).await;
    let errors = refused.assert_status(422).json()["errors"].clone();
    for field in [
        "price_cents",
        "bpm",
        "key",
        "tags.0",
        "is_published",
        "description",
    ] {
        assert!(errors.get(field).is_some(), "{field}: {errors}");
    }
}

/// BP-08
#[tokio::test]
async fn lists_are_paged_sorted_and_filtered() {
    let (host, ana) = logged_in().await;
    for (title, genre, price, bpm) in [
        ("Alba", "Trap", 900, 140),
        ("Brisa", "House", 700, 122),
        ("Cielo", "Trap", 800, 150),
    ] {
        let body = json!({ "title": title, "genre": genre, "price_cents": price, "bpm": bpm });
        made(&ana, "POST /tracks", body).await;
    }
    let hidden = json!({ "title": "Draft", "price_cents": 100, "is_published": false });
    made(&ana, "POST /tracks", hidden).await;
    let visitor = host.client();
    for (query, expected) in [
        ("", vec!["Cielo", "Brisa", "Alba"]),
        ("?sort=price", vec!["Brisa", "Cielo", "Alba"]),
        ("?sort=-bpm", vec!["Cielo", "Alba", "Brisa"]),
        ("?filter[genre]=trap&sort=title", vec!["Alba", "Cielo"]),
        ("?filter[min_price]=750&filter[max_bpm]=145", vec!["Alba"]),
        ("?filter[artist]=999999", vec![]),
        ("?per_page=2&page=2", vec!["Alba"]),
    ] {
        let query = query.replace('[', "%5B").replace(']', "%5D");
        let found = titles(&visitor, &format!("GET /tracks{query}")).await;
        assert_eq!(found, expected, "{query}");
    }
    for wrong in [
        "sort=secret",
        "filter%5Bsecret%5D=1",
        "filter%5Bmin_price%5D=cheap",
        "per_page=101",
        "page=0",
    ] {
        let refused = visitor.send(&format!("GET /tracks?{wrong}")).await;
        refused.assert_status(422);
    }
    let own = titles(&ana, "GET /me/tracks?sort=title").await;
    assert_eq!(own, ["Alba", "Brisa", "Cielo", "Draft"]);
    let genres = visitor.send("GET /genres").await.assert_status(200).json();
    assert_eq!(
        genres["data"],
        json!([{ "name": "Trap", "tracks_count": 2 }, { "name": "House", "tracks_count": 1 }])
    );
}

/// BP-08: on each database the same is found.
#[tokio::test]
async fn search_finds_every_word_in_any_order_whatever_its_case_and_accents() {
    let (host, ana) = logged_in().await;
    let body = json!({ "title": "Café on the Moon", "genre": "Lo-fi", "tags": ["rainy night"], "price_cents": 100 });
    let first = made(&ana, "POST /tracks", body).await["id"].clone();
    let body = json!({ "title": "Moonlight", "mood": "Dark", "price_cents": 100 });
    let second = made(&ana, "POST /tracks", body).await["id"].clone();
    let hidden = json!({ "title": "Moon Draft", "price_cents": 100, "is_published": false });
    made(&ana, "POST /tracks", hidden).await;
    let album = json!({ "title": "Harbour", "track_ids": [second] });
    let album = made(&ana, "POST /albums", album).await["id"].clone();
    let visitor = host.client();
    let (both, one, other) = (vec![&second, &first], vec![&first], vec![&second]);
    for (wanted, expected) in [
        ("moon", &both),
        ("MOON+cafe", &one),
        ("CAF%C3%89", &one),
        ("the", &one),
        ("the+caf", &one),
        ("on+moon", &one),
        ("o", &one),
        ("night", &one),
        ("ana+moonl", &other),
        ("dark+ana", &other),
        ("harb", &other),
        ("moon+dark", &vec![]),
        ("%25", &vec![]),
        ("%22%29*%3A%27%7C%26-", &vec![]),
    ] {
        let found = visitor.send(&format!("GET /search?q={wanted}")).await;
        let found = found.assert_status(200).json();
        let tracks = found["tracks"].as_array().expect("a list");
        let ids: Vec<&Json> = tracks.iter().map(|track| &track["id"]).collect();
        assert_eq!(&ids, expected, "{wanted}");
    }
    let found = visitor.send("GET /search?q=HARBOUR").await.json();
    assert_eq!(found["albums"][0]["id"], album);
    assert_eq!(found["total"], 2);

    // A new name is found at once, the old one no more; an album's title likewise.
    let renamed = r#"{"name": "Beatriz", "email": "ana@example.com"}"#;
    let answer = api(&ana, "PUT /user/profile-information", renamed).await;
    assert!(answer.status.is_success(), "{answer:?}");
    let count = async |wanted: &str| {
        let found = visitor
            .send(&format!("GET /search?q={wanted}"))
            .await
            .json();
        found["tracks"].as_array().expect("a list").len()
    };
    assert_eq!((count("beatr").await, count("ana").await), (2, 0));
    let path = format!("PUT /albums/{album}");
    api(&ana, &path, r#"{"title": "Lighthouse"}"#)
        .await
        .assert_status(200);
    assert_eq!((count("lighthouse").await, count("harbour").await), (1, 0));
    api(&ana, &format!("DELETE /albums/{album}"), "")
        .await
        .assert_status(200);
    assert_eq!(count("lighthouse").await, 0);
}

/// BP-10
#[tokio::test]
async fn an_album_holds_its_artists_own_tracks() {
    let (host, ana) = logged_in().await;
    let (one, other) = (upload(&ana, "One").await, upload(&ana, "Other").await);
    let ben = member(&host, "Ben").await;
    let bens = upload(&ben, "Ben's").await;
    let album = json!({ "title": "Both", "track_ids": [one, other] });
    let album = made(&ana, "POST /albums", album).await;
    assert_eq!(
        (&album["price_cents"], &album["tracks_count"]),
        (&json!(5000), &json!(2))
    );
    assert_eq!(
        album["tracks"][0]["album"],
        json!({ "id": album["id"], "title": "Both" })
    );
    let path = format!("/albums/{}", album["id"]);
    let change = json!({ "title": "Mine", "track_ids": [one, bens] }).to_string();
    let stolen = api(&ana, &format!("PUT {path}"), &change).await;
    let errors = stolen.assert_status(422).json()["errors"].clone();
    assert!(errors.get("track_ids.1").is_some(), "{errors}");
    for request in [format!("PUT {path}"), format!("DELETE {path}")] {
        let refused = api(&ben, &request, r#"{"title": "Mine"}"#).await;
        assert_eq!(refused.assert_status(403).code(), "NOT_YOURS");
    }
    let body = json!({ "title": "x", "price_cents": 100, "album_id": album["id"] }).to_string();
    let refused = api(&ben, "POST /tracks", &body).await;
    assert!(refused.assert_status(422).json()["errors"]["album_id"].is_array());
    // What was refused changed nothing.
    let visitor = host.client();
    let shown = visitor
        .send(&format!("GET {path}"))
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&shown["title"], &shown["tracks_count"]),
        (&json!("Both"), &json!(2))
    );
    let fewer = json!({ "title": "Less", "track_ids": [other] }).to_string();
    let fewer = api(&ana, &format!("PUT {path}"), &fewer)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&fewer["tracks_count"], &fewer["tracks"][0]["id"]),
        (&json!(1), &json!(other))
    );
    let listed = titles(&visitor, "GET /albums").await;
    assert_eq!(listed, ["Less"]);
    api(&ana, &format!("DELETE {path}"), "")
        .await
        .assert_status(200);
    visitor
        .send(&format!("GET {path}"))
        .await
        .assert_status(404);
    let track = visitor.send(&format!("GET /tracks/{other}")).await.json();
    assert_eq!(track["album"], json!(null));
}

/// A listener counts once an hour for a track, known or not.
#[tokio::test]
async fn a_listener_is_counted_once() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;
    let play = format!("POST /tracks/{track}/plays");
    let visitor = host.client();
    for (wire, plays) in [(&visitor, 1), (&visitor, 1)] {
        let counted = wire.send(&play).await.assert_status(200).json();
        assert_eq!(counted, json!({ "plays": plays }));
    }
    for _ in 0..2 {
        let counted = api(&ben, &play, "").await.assert_status(200).json();
        assert_eq!(counted, json!({ "plays": 2 }));
    }
    let parallel: Vec<_> = (0..4)
        .map(|_| {
            let (ana, play) = (ana.clone(), play.clone());
            tokio::spawn(async move { api(&ana, &play, "").await.assert_status(200).json() })
        })
        .collect();
    for counted in parallel {
        assert_eq!(counted.await.expect("an answer"), json!({ "plays": 3 }));
    }
    // Nothing that tells an address is kept.
    let db = host.database.connect().await;
    let kept = db
        .all("SELECT listener FROM plays", &[])
        .await
        .expect("a read");
    let kept: Vec<String> = kept
        .iter()
        .map(|row| row.get("listener").expect("a text"))
        .collect();
    assert_eq!(kept.len(), 3);
    assert!(
        kept.iter().all(|listener| !listener.contains("127.0.0.1")),
        "{kept:?}"
    );
    visitor
        .send("POST /tracks/999999/plays")
        .await
        .assert_status(404);
}

/// BP-08
#[tokio::test]
async fn artists_are_followed_and_say_something_of_themselves() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;
    let said = api(
        &ana,
        "PUT /me/artist",
        r#"{"bio": "From a room above a bakery."}"#,
    )
    .await;
    let artist = said.assert_status(200).json()["id"].clone();
    api(&ana, "PUT /me/artist", r#"{"bio": "Moved."}"#)
        .await
        .assert_status(200);
    let follow = format!("/artists/{artist}/follow");
    for _ in 0..2 {
        let followed = api(&ben, &format!("PUT {follow}"), "").await;
        assert_eq!(
            followed.assert_status(200).json(),
            json!({ "followed": true, "followers": 1 })
        );
    }
    let own = api(&ana, &format!("PUT {follow}"), "").await;
    assert_eq!(own.assert_status(422).code(), "OWN_ARTIST");
    let following = ben
        .send("GET /me/following")
        .await
        .assert_status(200)
        .json();
    assert_eq!(following["data"][0]["id"], artist);
    // Who has nothing to hear is no artist.
    let listed = host
        .client()
        .send("GET /artists?sort=-followers")
        .await
        .json();
    assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
    for (name, value) in [
        ("bio", json!("Moved.")),
        ("followers", json!(1)),
        ("tracks_count", json!(1)),
        ("plays", json!(0)),
    ] {
        assert_eq!(listed["data"][0][name], value, "{name}");
    }
    let shown = host
        .client()
        .send(&format!("GET /artists/{artist}"))
        .await
        .json();
    assert_eq!(shown["tracks"][0]["id"], track);
    assert_eq!(shown["albums"], json!([]));
    let unfollowed = api(&ben, &format!("DELETE {follow}"), "").await.json();
    assert_eq!(unfollowed, json!({ "followed": false, "followers": 0 }));
}

/// BP-10: of what is not for all, others do not learn that it is there.
#[tokio::test]
async fn what_is_not_for_all_is_not_there_for_others() {
    let (host, ana) = logged_in().await;
    let visitor = host.client();
    let body = json!({ "title": "Día", "genre": "Électro", "price_cents": 100 });
    let track = made(&ana, "POST /tracks", body).await;
    for (query, count) in [
        ("genre%5D=%C3%A9lectro", 1),
        ("genre%5D=%C3%89LECTRO", 1),
        ("artist%5D=9999999999", 0),
    ] {
        let found = titles(&visitor, &format!("GET /tracks?filter%5B{query}")).await;
        assert_eq!(found.len(), count, "{query}");
    }
    let draft = json!({ "title": "Draft", "price_cents": 100, "is_published": false });
    let draft = made(&ana, "POST /tracks", draft).await["id"].clone();
    let album = json!({ "title": "Soon", "track_ids": [draft] });
    let album = format!("/albums/{}", made(&ana, "POST /albums", album).await["id"]);
    for path in ["", "/cover"] {
        let path = format!("GET {album}{path}");
        visitor.send(&path).await.assert_status(404);
    }
    let own = ana.send(&format!("GET {album}")).await;
    let own = own.assert_status(200).json();
    assert_eq!(own["tracks"][0]["id"], draft);
    let ben = user(&host, "Ben", "ben@example.com").await;
    let ben = format!("GET /artists/{ben}");
    visitor.send(&ben).await.assert_status(404);
    ana.send(&ben).await.assert_status(200);

    let db = host.database.connect().await;
    let disable = "UPDATE users SET disabled_at = $1 WHERE email = 'ana@example.com'";
    let now = Clock::system().now();
    db.run(disable, &[now.into()]).await.expect("an update");
    for request in ["GET /tracks/{}", "POST /tracks/{}/plays"] {
        let request = request.replace("{}", &track["id"].to_string());
        visitor.send(&request).await.assert_status(404);
    }
}

/// A purchase that reached Stripe keeps a track; one that nobody can be charged for does not.
#[tokio::test]
async fn a_track_goes_unless_somebody_may_be_charged_for_it() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let db = host.database.connect().await;
    let now = Clock::system().now();
    let begin = "INSERT INTO purchases (user_id, track_id, price_cents, status, created_at) \
                 VALUES (1001, $1, 2500, 'pending', $2)";
    let values = [track.into(), now.into()];
    let purchase = db.insert(begin, &values).await.expect("a purchase");
    let attempt = "INSERT INTO purchase_attempts (purchase_id, open_purchase_id, \
                   idempotency_key, intent, created_at) VALUES ($1, $2, 'key', 'pi_1', $3)";
    let values = [purchase.into(), purchase.into(), now.into()];
    db.run(attempt, &values).await.expect("an attempt");
    let delete = format!("DELETE /tracks/{track}");
    let kept = api(&ana, &delete, "").await;
    assert_eq!(kept.assert_status(422).code(), "TRACK_SOLD");
    let left = "UPDATE purchase_attempts SET intent = NULL";
    db.run(left, &[]).await.expect("an update");
    api(&ana, &delete, "").await.assert_status(200);
    for table in ["purchases", "purchase_attempts"] {
        let rows = db.all(&format!("SELECT id FROM {table}"), &[]).await;
        assert!(rows.expect("a read").is_empty(), "{table}");
    }
}
