//! What members say to each other, and what they look for.

use adyton::Clock;
use adyton::chrono::Days;
use adyton_testing::{HostProcess, Wire};
use serde_json::{Value as Json, json};

use crate::{api, logged_in, member, upload};

async fn number_of(browser: &Wire) -> Json {
    let named = "GET /api/user\nOrigin: http://localhost:5173";
    browser.send(named).await.assert_status(200).json()["id"].clone()
}

async fn unread(browser: &Wire) -> Json {
    browser
        .send("GET /messaging/unread")
        .await
        .assert_status(200)
        .json()["unread"]
        .clone()
}

async fn three() -> (HostProcess, Wire, Wire, Wire) {
    let (host, ana) = logged_in().await;
    let ben = member(&host, "Ben").await;
    let cleo = member(&host, "Cleo").await;
    (host, ana, ben, cleo)
}

/// BP-09
#[tokio::test]
async fn members_write_read_and_are_told_what_is_new() {
    let (host, ana, ben, cleo) = three().await;
    let ben_id = number_of(&ben).await;
    let first = json!({ "user_id": ben_id, "body": "Thank you!" }).to_string();
    let opened = api(&ana, "POST /messaging/conversations", &first).await;
    let conversation = opened.assert_status(201).json()["id"].clone();
    let path = format!("/messaging/conversations/{conversation}");
    let answer = api(
        &ana,
        &format!("POST {path}/messages"),
        r#"{"body": "One more."}"#,
    )
    .await;
    assert_eq!(answer.assert_status(201).json()["body"], "One more.");

    assert_eq!(
        (unread(&ben).await, unread(&ana).await),
        (json!(2), json!(0))
    );
    let list = ben
        .send("GET /messaging/conversations")
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&list["total"], &list["data"][0]["unread"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(list["data"][0]["last_message"]["body"], "One more.");

    let read = ben
        .send(&format!("GET {path}?per_page=1"))
        .await
        .assert_status(200)
        .json();
    assert_eq!(read["with"]["name"], "Ana");
    assert_eq!(read["messages"]["data"][0]["body"], "One more.");
    assert_eq!(
        (&read["messages"]["total"], &read["messages"]["last_page"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(unread(&ben).await, 0);
    // An older page does not make the newer ones new again.
    ben.send(&format!("GET {path}?per_page=1&page=2"))
        .await
        .assert_status(200);
    assert_eq!(unread(&ben).await, 0);

    // For all others it is not there.
    cleo.send(&format!("GET {path}")).await.assert_status(404);
    api(
        &cleo,
        &format!("POST {path}/messages"),
        r#"{"body": "Me too"}"#,
    )
    .await
    .assert_status(404);
    let long = json!({ "body": "a".repeat(4001) }).to_string();
    api(&ana, &format!("POST {path}/messages"), &long)
        .await
        .assert_status(422);
    let nobody = api(
        &ana,
        "POST /messaging/conversations",
        r#"{"user_id": 999999, "body": "A"}"#,
    );
    assert_eq!(nobody.await.assert_status(422).code(), "RECIPIENT_UNKNOWN");

    // What somebody wrote is read when their account is gone, and not answered.
    let db = host.database.connect().await;
    let gone = "DELETE FROM users WHERE email = 'ana@example.com'";
    db.run(gone, &[]).await.expect("the account goes");
    let list = ben.send("GET /messaging/conversations").await.json();
    assert_eq!(list["data"][0]["with"]["name"], "Somebody who left");
    let read = ben.send(&format!("GET {path}")).await;
    let read = read.assert_status(200).json();
    assert_eq!(read["messages"]["total"], 2);
    let answer = api(&ben, &format!("POST {path}/messages"), r#"{"body": "?"}"#).await;
    assert_eq!(answer.assert_status(422).code(), "RECIPIENT_UNKNOWN");
}

/// BP-09
#[tokio::test]
async fn producers_look_through_requests_and_offer_once() {
    let (host, ana, ben, cleo) = three().await;
    let wanted = json!({
        "title": "Slow and dark", "genre": "Trap", "budget_cents": 9000, "deadline": "2027-06-01"
    });
    // The clock of the test is the real one: a deadline far enough ahead of it.
    let made = api(&ben, "POST /beat-requests", &wanted.to_string()).await;
    let made = made.assert_status(201).json();
    assert_eq!(
        (&made["status"], &made["is_mine"]),
        (&json!("open"), &json!(true))
    );
    let cheap = r#"{"title": "Anything", "budget_cents": 100}"#;
    api(&cleo, "POST /beat-requests", cheap)
        .await
        .assert_status(201);

    let list = ana
        .send("GET /beat-requests?sort=-budget")
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&list["total"], &list["data"][0]["title"]),
        (&json!(2), &json!("Slow and dark"))
    );
    let trap = ana
        .send("GET /beat-requests?filter[genre]=trap")
        .await
        .json();
    assert_eq!(trap["total"], 1);
    let mine = ben.send("GET /beat-requests?filter[mine]=1").await.json();
    assert_eq!(mine["total"], 1);
    ana.send("GET /beat-requests?filter[secret]=1")
        .await
        .assert_status(422);

    let path = format!("/beat-requests/{}", made["id"]);
    let track = upload(&ana, "Night Drive").await;
    let offer = json!({ "track_id": track, "price_cents": 8000, "message": "This one?" });
    let offered = api(&ana, &format!("POST {path}/offers"), &offer.to_string()).await;
    assert_eq!(
        offered.assert_status(201).json()["track"]["title"],
        "Night Drive"
    );
    for (who, body, code) in [
        (&ana, offer.clone(), "OFFERED_ALREADY"),
        (&cleo, offer.clone(), "TRACK_NOT_YOURS"),
        (
            &ben,
            json!({ "price_cents": 1, "message": "Mine" }),
            "OWN_REQUEST",
        ),
    ] {
        let refused = api(who, &format!("POST {path}/offers"), &body.to_string()).await;
        assert_eq!(refused.assert_status(422).code(), code);
    }
    let offers = async |who: &Wire| {
        let shown = who
            .send(&format!("GET {path}"))
            .await
            .assert_status(200)
            .json();
        (
            shown["offers"].as_array().map(Vec::len),
            shown["offers_count"].clone(),
        )
    };
    assert_eq!(offers(&ben).await, (Some(1), json!(1)));
    assert_eq!(offers(&ana).await, (Some(1), json!(1)));
    assert_eq!(offers(&cleo).await, (Some(0), json!(1)));

    // What is offered after the deadline is too late, though nobody closed the request.
    let db = host.database.connect().await;
    let past = "UPDATE beat_requests SET deadline = $1 WHERE title = 'Slow and dark'";
    let yesterday = Clock::system().now() - Days::new(1);
    db.run(past, &[yesterday.into()]).await.expect("it is over");
    let late = json!({ "price_cents": 1, "message": "Late" }).to_string();
    let refused = api(&cleo, &format!("POST {path}/offers"), &late).await;
    assert_eq!(refused.assert_status(422).code(), "REQUEST_CLOSED");
    let ahead = Clock::system().now() + Days::new(1);
    db.run(past, &[ahead.into()]).await.expect("it goes on");

    let close = r#"{"status": "closed"}"#;
    api(&ana, &format!("PUT {path}"), close)
        .await
        .assert_status(403);
    let closed = api(&ben, &format!("PUT {path}"), close)
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&closed["status"], &closed["title"]),
        (&json!("closed"), &json!("Slow and dark"))
    );
    let late = api(&cleo, &format!("POST {path}/offers"), &late).await;
    assert_eq!(late.assert_status(422).code(), "REQUEST_CLOSED");
    assert_eq!(ana.send("GET /beat-requests").await.json()["total"], 1);
}
