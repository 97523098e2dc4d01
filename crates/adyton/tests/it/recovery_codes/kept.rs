//! What the table holds of recovery codes.

use adyton_testing::TestApp;
use serde_json::{Value as Json, json};

use super::column;
use crate::authenticator::{CODES, OWN, confirmed, enrolled, shown_codes};
use crate::support::ANA;
use crate::two_factor::sealed::opened_codes;

#[tokio::test]
async fn they_are_a_sealed_list_until_they_were_shown() {
    let app = TestApp::with(crate::two_factor::sealed::with_key).await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let sealed = column(&app).await;
    assert!(sealed.starts_with("v1."), "{sealed}");
    let opened = opened_codes(&app, 1).await;
    assert_eq!(shown_codes(&browser).await, opened);
    for code in &opened {
        assert!(!sealed.contains(code));
    }
}

#[tokio::test]
async fn once_shown_they_are_hashed() {
    let app = TestApp::new().await;
    let (_, _, browser) = enrolled(&app, ANA).await;
    let codes = shown_codes(&browser).await;
    let set: Json = serde_json::from_str(&column(&app).await).expect("JSON");
    assert_eq!(set["codes"].as_array().map(Vec::len), Some(8));
    for code in &codes {
        assert!(!set.to_string().contains(code));
    }
}

#[tokio::test]
async fn a_sealed_text_of_another_row_does_not_open() {
    let app = TestApp::new().await;
    enrolled(&app, ANA).await;
    let (other, _, browser) = enrolled(&app, "other@example.com").await;
    let stolen = column(&app).await;
    let sql = "UPDATE users SET two_factor_recovery_codes = $1 WHERE id = $2";
    let params = [stolen.into(), (&other.id).into()];
    app.adyton.db().run(sql, &params).await.expect("written");
    browser.get(CODES).await.assert_status(500);
}

#[tokio::test]
async fn taking_the_factor_away_takes_them_too() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = confirmed(&app, ANA).await;
    browser.post(OWN, json!({})).await.assert_status(200);
    browser.delete(OWN).await.assert_status(200);
    assert_eq!(shown_codes(&browser).await, Vec::<String>::new());
}
