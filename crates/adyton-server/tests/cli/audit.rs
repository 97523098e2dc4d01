//! `adyton audit`.

use adyton::db::Value;
use serde_json::Value as Json;

use crate::place::Place;

/// Three users, and so three events.
async fn place() -> Place {
    let place = Place::migrated().await;
    for name in ["ana", "bo", "cy"] {
        let line = format!("user create --name {name} --email {name}@example.com");
        place.run(&line).succeeded();
    }
    place
}

async fn run(place: &Place, sql: &str, values: &[Value]) {
    let db = place.database().connect().await;
    let changed = db.run(sql, values).await.expect("changed");
    assert!(changed > 0, "{sql}");
}

#[tokio::test]
async fn a_whole_log_is_one_line_that_can_be_kept_and_handed_in() {
    let place = place().await;
    let said = place.run("audit verify").succeeded().out;
    assert!(said.starts_with("3 events, whole."), "{said}");
    assert_eq!(said.trim().lines().count(), 1);
    let kept = said.trim().rsplit(' ').next().expect("a word").to_owned();
    place
        .run("user create --name Di --email di@example.com")
        .succeeded();
    place
        .run(&format!("audit verify --expect {kept}"))
        .succeeded();
    let other = format!("3:{}", "0".repeat(64));
    let line = format!("audit verify --expect {other}");
    place.run(&line).refused(1, "broken at event 3");
    let longer = format!("9:{}", "0".repeat(64));
    let line = format!("audit verify --expect {longer}");
    place.run(&line).refused(1, "broken at event 5: it is gone");
    place
        .run("audit verify --expect nonsense")
        .refused(2, "NUMBER:HASH");
    let json = place.run("audit verify --json").succeeded().json();
    assert_eq!(json["number"], 4);
}

#[tokio::test]
async fn a_log_that_was_changed_names_the_first_number() {
    let place = place().await;
    run(
        &place,
        "UPDATE security_events SET user_id = 3 WHERE number = 2",
        &[],
    )
    .await;
    let words = "broken at event 2: it is not what was written";
    place.run("audit verify").refused(1, words);
    run(&place, "DELETE FROM security_events WHERE number = 1", &[]).await;
    place
        .run("audit verify")
        .refused(1, "broken at event 1: it is gone");
}

#[tokio::test]
async fn the_log_is_listed_the_newest_first() {
    let place = place().await;
    let listed = place.run("audit list --limit 2").succeeded();
    let lines: Vec<&str> = listed.out.trim().lines().collect();
    assert_eq!(lines.len(), 3, "{}", listed.out);
    assert!(
        lines[0].starts_with("NUMBER") && lines[1].starts_with('3'),
        "{lines:?}"
    );
    assert!(listed.err.contains("2 events"), "{}", listed.err);
    let hers = place
        .run("audit list --user bo@example.com --json")
        .succeeded();
    let hers = hers.json();
    assert_eq!(hers.as_array().map(Vec::len), Some(1));
    assert_eq!(hers[0]["number"], 2);
    place
        .run("audit list --user no@example.com")
        .refused(1, "there is no user");
    place
        .run("audit list --user nonsense")
        .refused(1, "neither an address nor an id");
    place.run("audit list --limit 0").refused(2, "--limit");
}

#[tokio::test]
async fn the_export_is_one_event_a_line_whatever_stands_in_it() {
    let place = place().await;
    let exported = place.run("audit export").succeeded().out;
    let numbers = |text: &str| -> Vec<i64> {
        let lines = text
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        lines
            .map(|entry: Json| entry["number"].as_i64().expect("a number"))
            .collect()
    };
    assert_eq!(numbers(&exported), [1, 2, 3]);
    let rest = place.run("audit export --after 2").succeeded().out;
    assert_eq!(numbers(&rest), [3]);
    assert_eq!(place.run("audit export --after 3").succeeded().out, "");
    let agent = "a\n\u{1b}[2Jb";
    let sql = "UPDATE security_events SET user_agent = $1";
    run(&place, sql, &[agent.into()]).await;
    let exported = place.run("audit export").succeeded().out;
    assert_eq!(numbers(&exported), [1, 2, 3]);
    let listed = place.run("audit list").succeeded().out;
    assert_eq!(listed.trim().lines().count(), 4);
    assert!(!exported.contains('\u{1b}') && !listed.contains('\u{1b}'));
}
