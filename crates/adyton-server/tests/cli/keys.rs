//! The key of an installation: what is refused, and the way from one key to the next.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use adyton::Db;
use adyton::db::Value;
use serde_json::{Value as Json, json};

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;
use crate::serve::production;

const PASSWORD: &str = "correct horse battery";

/// Mails that wait while the key is changed.
const MAILS: i64 = 1500;

/// A mail server that nobody runs.
fn with_mail(place: Place) -> Place {
    place.with("ADYTON_MAIL_URL", "smtp://127.0.0.1:9")
}

fn generated(place: &Place) -> String {
    place.run("key generate").succeeded().out.trim().to_owned()
}

/// What the database notes of its key, if it does.
async fn canary(db: &Db) -> Option<String> {
    let sql = "SELECT value FROM adyton_state WHERE name = 'canary'";
    let row = db.one(sql, &[]).await.expect("read");
    row.map(|row| row.get("value").expect("a text"))
}

async fn number(db: &Db, sql: &str, values: &[Value]) -> i64 {
    let row = db.one(sql, values).await.expect("read");
    row.expect("a count").get("total").expect("a number")
}

/// How much is sealed with a key, by `adyton key status`.
fn values(status: &Json, is: &str) -> i64 {
    let keys = status["keys"].as_array().expect("a list");
    let key = keys.iter().find(|key| key["is"] == is);
    key.map_or(0, |key| key["values"].as_i64().expect("a number"))
}

/// A user, and mails for them that wait.
async fn with_waiting_mails(place: &Place, db: &Db, mails: i64) {
    let create = "user create --name Ana --email ana@example.com --verified --password-stdin";
    let words: Vec<&str> = create.split_whitespace().collect();
    place.run_with(&words, Some(PASSWORD)).succeeded();
    place
        .run("token issue --user ana@example.com --name x --ability user")
        .succeeded();
    let waiting = "SELECT COUNT(*) AS total FROM mail_outbox";
    assert_eq!(number(db, waiting, &[]).await, 1, "the notice of the token");
    // Far away: nobody tries to send them.
    let later = "UPDATE mail_outbox SET next_attempt_at = '2037-01-01 00:00:00'";
    db.run(later, &[]).await.expect("updated");
    let columns = "kind, payload, attempts, next_attempt_at, created_at";
    let copy = format!(
        "INSERT INTO mail_outbox ({columns}) SELECT {columns} FROM mail_outbox ORDER BY id LIMIT 1"
    );
    let mut tx = db.begin().await.expect("begun");
    for _ in 1..mails {
        tx.run(&copy, &[]).await.expect("copied");
    }
    tx.commit().await.expect("committed");
}

#[tokio::test]
async fn the_wrong_key_is_refused_at_once_and_the_database_stays_as_it_is() {
    let mut place = production(Place::migrated().await);
    let db = place.connect().await;
    drop(Running::serve(&place, &[]));
    let before = canary(&db).await.expect("served once");
    place.set("ADYTON_KEY", &generated(&place));
    let refused = ["serve", "serve --migrate", "dev", "user list", "key rotate"];
    for command in refused {
        let begun = Instant::now();
        let ran = place.run(command);
        assert!(begun.elapsed() < Duration::from_secs(2), "{command}");
        let ran = ran.refused(2, "ADYTON_PREVIOUS_KEYS");
        assert!(
            ran.err.contains("was not touched"),
            "{command}: {}",
            ran.err
        );
        assert!(!ran.err.contains("base64:"), "{command}: {}", ran.err);
    }
    assert_eq!(canary(&db).await, Some(before), "nobody wrote another");
    let users = "SELECT COUNT(*) AS total FROM users";
    assert_eq!(number(&db, users, &[]).await, 0, "no demo user either");
    db.close().await;
}

#[tokio::test]
async fn a_key_that_is_missing_or_broken_is_refused_at_once() {
    let place = Place::migrated()
        .await
        .with("ADYTON_PUBLIC_URL", "http://localhost:8000");
    let begun = Instant::now();
    place.run("serve").refused(2, "there is no key");
    place.run("key rotate").refused(2, "no key is set");
    place.run("key status").refused(2, "no key is set");
    let mut place = production(place);
    let mut key = generated(&place);
    key.truncate(key.len() - 9);
    place.set("ADYTON_KEY", &key);
    let ran = place.run("serve");
    assert_eq!((ran.code, &*ran.out), (Some(2), ""), "{ran:?}");
    assert!(begun.elapsed() < Duration::from_secs(8), "four commands");
    let db = place.connect().await;
    assert_eq!(canary(&db).await, None);
    db.close().await;
}

#[tokio::test]
async fn one_changed_byte_keeps_the_server_from_starting() {
    let place = production(Place::migrated().await);
    drop(Running::serve(&place, &[]));
    let db = place.connect().await;
    let mut changed = canary(&db).await.expect("served once");
    let last = match changed.pop() {
        Some('A') => 'Q',
        _ => 'A',
    };
    changed.push(last);
    let sql = "UPDATE adyton_state SET value = $1";
    db.run(sql, &[changed.as_str().into()])
        .await
        .expect("updated");
    place.run("serve").refused(2, "adyton_state");
    let status = place.run("key status --json");
    assert_eq!(status.code, Some(1), "{status:?}");
    assert_eq!(status.json()["unopened"][0]["id"], "canary");
    assert_eq!(canary(&db).await, Some(changed));
    db.close().await;
}

#[tokio::test]
async fn a_command_without_a_key_writes_no_mail_and_says_so() {
    let place = with_mail(Place::migrated().await);
    let create = "user create --name Ana --email ana@example.com";
    place.run(create).succeeded();
    let issue = "token issue --user ana@example.com --name x --ability user";
    let ran = place.run(issue).succeeded();
    assert!(ran.err.contains("ADYTON_KEY"), "{}", ran.err);
    let db = place.connect().await;
    let waiting = "SELECT COUNT(*) AS total FROM mail_outbox";
    assert_eq!(
        number(&db, waiting, &[]).await,
        0,
        "a server could not open it"
    );
    assert_eq!(canary(&db).await, None);
    db.close().await;
}

#[test]
fn commands_beside_dev_have_its_key() {
    let place = Place::empty();
    drop(Running::dev(&place));
    let status = place.run("key status --json").succeeded().json();
    assert_eq!(status["keys"][0]["id"], status["canary"]);
    place.run("key rotate").succeeded();
}

#[tokio::test]
async fn a_key_is_changed_in_the_steps_of_the_guide() {
    let mut place = with_mail(production(Place::migrated().await));
    let db = place.connect().await;
    let old = generated(&place);
    place.set("ADYTON_KEY", &old);
    with_waiting_mails(&place, &db, 3).await;
    let status = place.run("key status --json").succeeded().json();
    assert_eq!(values(&status, "current"), 3);

    let new = generated(&place);
    place.set("ADYTON_KEY", &new);
    let ran = place.run("key status");
    assert_eq!(ran.code, Some(1), "the old key is nowhere: {ran:?}");
    assert!(ran.out.contains("not configured"), "{}", ran.out);
    place.set("ADYTON_PREVIOUS_KEYS", &old);
    let ran = place.run("key status").succeeded();
    assert!(
        ran.out.contains("no: run `adyton key rotate`"),
        "{}",
        ran.out
    );

    let ran = place.run("key rotate").succeeded();
    assert_eq!(ran.out, "3 re-sealed, 0 current already\n");
    let again = place.run("key rotate --json").succeeded().json();
    assert_eq!(
        again,
        json!({ "resealed": 0, "current": 3, "unopened": [] })
    );
    let status = place.run("key status --json").succeeded().json();
    assert_eq!(status["keys"][1]["can_be_dropped"], true, "{status}");

    place.set("ADYTON_PREVIOUS_KEYS", "");
    drop(Running::serve(&place, &[]));
    place.run("key status").succeeded();

    let spoil = "UPDATE mail_outbox SET payload = 'spoilt words' WHERE id = $1";
    db.run(spoil, &[2_i64.into()]).await.expect("updated");
    let ran = place.run("key rotate");
    assert_eq!(
        (ran.code, &*ran.out),
        (Some(1), "0 re-sealed, 2 current already\n")
    );
    assert!(
        ran.err.contains("mail_outbox.payload, row 2"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains("spoilt words"), "{}", ran.err);
    db.close().await;
}

/// `kill -9` while it re-seals, again and again, beside a server that goes on.
#[tokio::test]
async fn a_rotation_that_is_killed_loses_nothing_and_goes_on() {
    let mut place = with_mail(production(Place::migrated().await));
    place.set("ADYTON_THROTTLE_ENABLED", "false");
    let db = place.connect().await;
    let old = generated(&place);
    place.set("ADYTON_KEY", &old);
    with_waiting_mails(&place, &db, MAILS).await;
    let current = place.run("key status --json").succeeded().json();
    let moved = "SELECT COUNT(*) AS total FROM mail_outbox WHERE payload NOT LIKE $1";
    let of_old = format!("v1.{}.%", current["canary"].as_str().expect("an id"));
    place.set("ADYTON_KEY", &generated(&place));
    place.set("ADYTON_PREVIOUS_KEYS", &old);
    let server = Running::serve(&place, &[]);
    let log_in = || {
        let body = json!({ "email": "ana@example.com", "password": PASSWORD });
        let login = Request::new("POST", "/api/v1/auth/login").json(&body);
        assert_eq!(login.send(server.address).expect("an answer").status, 200);
    };

    let (mut last, mut killed) = (0, 0);
    for _ in 0..6 {
        let mut rotating = place.command(&["key", "rotate"]).spawn().expect("it runs");
        let moment =
            last + 1 + i64::try_from(RandomState::new().hash_one(last) % 150).expect("small");
        let mut now = last;
        while now < moment && rotating.try_wait().expect("waited").is_none() {
            now = number(&db, moved, &[of_old.as_str().into()]).await;
        }
        killed += i32::from(rotating.try_wait().expect("waited").is_none());
        let _ = rotating.kill();
        rotating.wait().expect("it ends");
        log_in();
        let status = place.run("key status --json").succeeded().json();
        last = values(&status, "current");
        assert!(last >= now, "what was re-sealed stays so");
        // The login's own notice may be among them.
        assert!(
            last + values(&status, "previous") >= MAILS,
            "none is lost: {status}"
        );
    }
    assert!(killed >= 4, "it was killed at work {killed} times only");

    let ran = place.run("key rotate").succeeded();
    assert!(ran.out.ends_with("current already\n"), "{}", ran.out);
    let status = place.run("key status --json").succeeded().json();
    assert_eq!(values(&status, "previous"), 0);
    assert_eq!(status["keys"][1]["can_be_dropped"], true);
    log_in();
    drop(server);
    place.set("ADYTON_PREVIOUS_KEYS", "");
    let status = place.run("key status --json").succeeded().json();
    assert!(values(&status, "current") >= MAILS, "{status}");
    db.close().await;
}
