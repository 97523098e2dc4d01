//! Whoever changes the log in the database is found out.

use adyton::{AuditFault, AuditHead, AuditVerdict};
use adyton_testing::{Browser, PASSWORD, TestApp};
use serde_json::json;

use super::{all, head, verdict};
use crate::support::{ANA, credentials};

/// Nine events.
async fn nine() -> TestApp {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    for _ in 0..4 {
        let browser = app.logged_in(ANA).await;
        browser.post_nothing("/logout").await.assert_status(204);
    }
    assert_eq!(head(&app).await.number, 9);
    app
}

async fn run(app: &TestApp, sql: &str) {
    let db = app.adyton.db();
    let changed = db
        .run(sql, &[])
        .await
        .unwrap_or_else(|error| panic!("{error} in {sql}"));
    assert!(changed > 0, "{sql}");
}

fn broken(number: i64, fault: AuditFault) -> AuditVerdict {
    AuditVerdict::Broken { number, fault }
}

#[tokio::test]
async fn an_empty_log_is_whole() {
    let app = TestApp::new().await;
    let head = head(&app).await;
    assert_eq!((head.number, head.hash.as_str()), (0, ""));
}

#[tokio::test]
async fn each_column_of_a_row_is_covered_by_its_hash() {
    for change in [
        "event = 'logged_out'",
        "outcome = 'refused'",
        "user_id = 2",
        "user_id = NULL",
        "actor = 'operator'",
        "ip_address = '203.0.113.9'",
        "ip_address = NULL",
        "user_agent = 'another'",
        "facts = '{}'",
        "at = '2020-01-01T00:00:00.000000Z'",
        "hash = 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'",
    ] {
        let app = nine().await;
        run(
            &app,
            &format!("UPDATE security_events SET {change} WHERE number = 4"),
        )
        .await;
        let found = verdict(&app).await;
        assert_eq!(found, broken(4, AuditFault::Altered), "{change}");
    }
}

#[tokio::test]
async fn a_row_that_was_taken_out_is_missed() {
    for number in [1, 5] {
        let app = nine().await;
        let sql = format!("DELETE FROM security_events WHERE number = {number}");
        run(&app, &sql).await;
        assert_eq!(verdict(&app).await, broken(number, AuditFault::Missing));
    }
}

#[tokio::test]
async fn rows_that_were_exchanged_are_noticed() {
    let app = nine().await;
    for (old, new) in [(3, 1000), (6, 3), (1000, 6)] {
        let sql = format!("UPDATE security_events SET number = {new} WHERE number = {old}");
        run(&app, &sql).await;
    }
    assert_eq!(verdict(&app).await, broken(3, AuditFault::Altered));
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_missed() {
    let app = nine().await;
    run(&app, "DELETE FROM security_events WHERE number > 6").await;
    assert_eq!(verdict(&app).await, broken(7, AuditFault::Missing));
    // What is appended afterwards does not cover it.
    app.logged_in(ANA).await;
    assert_eq!(verdict(&app).await, broken(7, AuditFault::Missing));
}

#[tokio::test]
async fn a_row_that_was_put_in_is_noticed() {
    let app = nine().await;
    let copy = |number: i64| {
        format!(
            "INSERT INTO security_events (number, at, event, outcome, user_id, actor, facts, hash) \
             SELECT {number}, at, event, outcome, user_id, actor, facts, hash \
             FROM security_events WHERE number = 4"
        )
    };
    run(&app, &copy(0)).await;
    assert_eq!(verdict(&app).await, broken(0, AuditFault::Unexpected));
    run(&app, "DELETE FROM security_events WHERE number = 0").await;
    run(&app, &copy(10)).await;
    assert_eq!(verdict(&app).await, broken(10, AuditFault::Altered));
}

#[tokio::test]
async fn an_end_that_differs_from_the_rows_is_noticed() {
    let app = nine().await;
    run(&app, "UPDATE security_log SET length = 8").await;
    assert_eq!(verdict(&app).await, broken(9, AuditFault::Unexpected));
    run(&app, "UPDATE security_log SET length = 9, hash = 'x'").await;
    assert_eq!(verdict(&app).await, broken(9, AuditFault::Altered));
}

#[tokio::test]
async fn a_log_that_was_cut_and_its_end_with_it_shows_against_what_was_kept_elsewhere() {
    let app = nine().await;
    let kept = head(&app).await;
    let expect = |kept: &AuditHead| {
        let (adyton, kept) = (app.adyton.clone(), kept.clone());
        async move { adyton.audit_verify(Some(&kept)).await.expect("read") }
    };
    assert_eq!(expect(&kept).await, AuditVerdict::Whole(kept.clone()));
    let sixth = all(&app).await[5].hash.clone();
    run(&app, "DELETE FROM security_events WHERE number > 6").await;
    let sql = format!("UPDATE security_log SET length = 6, hash = '{sixth}'");
    run(&app, &sql).await;
    assert!(matches!(verdict(&app).await, AuditVerdict::Whole(_)));
    assert_eq!(expect(&kept).await, broken(7, AuditFault::Missing));
    // Filled up again with other events, computed as they should be.
    for _ in 0..3 {
        app.logged_in(ANA).await;
    }
    assert!(matches!(verdict(&app).await, AuditVerdict::Whole(_)));
    assert_eq!(expect(&kept).await, broken(9, AuditFault::Rewritten));
}

#[test]
fn what_was_kept_is_read_as_it_is_printed() {
    let hash = "a".repeat(64);
    let head: AuditHead = format!("7:{hash}").parse().expect("it is one");
    assert_eq!(head.to_string(), format!("7:{hash}"));
    for wrong in ["", "7", "7:", "x:aa", ":aa", "0:", "-1:aa", "7:zz"] {
        assert!(wrong.parse::<AuditHead>().is_err(), "{wrong}");
    }
}

async fn visitor(app: &TestApp) -> Browser {
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_logins_at_once_keep_the_chain_whole() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    for round in 1..=4 {
        let mut logins = Vec::new();
        for at in 0..20 {
            let browser = visitor(&app).await;
            let password = if at % 4 == 0 { "another" } else { PASSWORD };
            let body = match at % 2 {
                0 => json!({ "email": ANA, "password": password }),
                _ => credentials(ANA),
            };
            logins.push(tokio::spawn(
                async move { browser.post("/login", body).await },
            ));
        }
        for login in logins {
            let status = login.await.expect("an answer").status.as_u16();
            assert!([200, 422].contains(&status), "{status}");
        }
        assert_eq!(head(&app).await.number, 1 + 20 * round);
    }
}

#[tokio::test]
async fn a_log_longer_than_what_is_read_at_once_is_walked_to_its_end() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    let ana = app.user(ANA).await;
    for _ in 0..1010 {
        app.adyton.enable_user(&ana).await.expect("enabled");
    }
    assert_eq!(head(&app).await.number, 1011);
    let first = app.adyton.audit_after(0).await.expect("read");
    assert_eq!(first.len(), 1000);
    let rest = app.adyton.audit_after(1000).await.expect("read");
    assert_eq!(rest.len(), 11);
    run(
        &app,
        "UPDATE security_events SET actor = 'system' WHERE number = 1005",
    )
    .await;
    assert_eq!(verdict(&app).await, broken(1005, AuditFault::Altered));
}
