//! The date at which a token ends.

use adyton_testing::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use super::{OWN, ana, unlimited};

#[tokio::test]
async fn a_token_ends_at_its_date() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    let end = app.clock.now() + TimeDelta::hours(1);
    for written in [
        end.format("%Y-%m-%d %H:%M:%S").to_string(),
        end.to_rfc3339(),
        end.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
    ] {
        let new = json!({ "name": "x", "expires_at": written });
        let body = program.post(OWN, new).await.assert_status(201).json();
        let shown = end.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string();
        assert_eq!(body["data"]["expires_at"], shown, "{written}");
        let listed = program.get(OWN).await.json();
        assert_eq!(listed["data"][0]["expires_at"], shown, "{written}");
    }
    let new = json!({ "name": "x", "expires_at": end.to_rfc3339() });
    let token = program.post(OWN, new).await.json()["data"]["token"].clone();
    let short = app.bearer(token.as_str().expect("a token"));
    short.get("/api/user").await.assert_status(200);
    app.clock.advance(TimeDelta::minutes(59));
    short.get("/api/user").await.assert_status(200);
    app.clock
        .advance(TimeDelta::minutes(1) + TimeDelta::seconds(1));
    short.get("/api/user").await.assert_status(401);
    program.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_date_that_is_none_or_has_passed_is_refused() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for wrong in [
        json!("2020-01-01"),
        json!("yesterday"),
        json!("2030-13-01"),
        json!("2030-02-30"),
        json!("1"),
        json!("2030-01-01T00:00"),
        json!("-1"),
        json!("0000-00-00 00:00:00"),
        json!("+1 year"),
        json!("not 2030-01-01"),
        json!("2030-01-01'; --"),
        json!(4_102_444_800_u64),
        json!([]),
        json!(true),
        // Beyond what a column keeps: read back, none of them would be a date.
        json!("10000-01-01"),
        json!("+10000-01-01"),
        json!("99999-12-31 00:00:00"),
        json!("+262142-12-31"),
        json!("-0001-01-01"),
        json!("2030-12-31T23:59:60Z"),
    ] {
        let new = json!({ "name": "x", "expires_at": wrong });
        let answer = program.post(OWN, new).await;
        let errors = answer.assert_status(422).json();
        assert!(errors["errors"]["expires_at"].is_array(), "{wrong}");
    }
    program.get(OWN).await.assert_status(200);
}

/// MySQL's TIMESTAMP ends in 2038; the others keep any year of four digits.
#[tokio::test]
async fn a_date_far_away_is_kept_or_refused_but_never_a_fault() {
    let app = TestApp::with(unlimited).await;
    let program = ana(&app).await;
    for (written, is_late) in [
        ("2037-12-31", false),
        ("2050-01-01", true),
        ("9999-12-30", true),
    ] {
        let answer = program
            .post(OWN, json!({ "name": "x", "expires_at": written }))
            .await;
        let expected = if is_late && app.adyton.db().kind() == "MySQL" {
            422
        } else {
            201
        };
        answer.assert_status(expected);
        program.get(OWN).await.assert_status(200);
    }
}
