//! Confirmations whose last bytes arrive together with others', or with the end of the session.

use adyton_testing::{Answer, Browser, PASSWORD, TestApp};
use http::Method;
use serde_json::json;

use super::PATH;
use crate::support::ANA;

async fn app() -> TestApp {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    app
}

fn confirmation(browser: &Browser) -> String {
    let body = json!({ "password": PASSWORD });
    browser.written(Method::POST, PATH, &body)
}

/// The session that an answer gives, in a browser of its own.
fn given(app: &TestApp, answer: &Answer) -> Option<Browser> {
    let line = answer.set_cookie("adyton_session")?;
    let value = line.strip_prefix("adyton_session=")?.split(';').next()?;
    let browser = app.browser();
    browser.set_cookie("adyton_session", Some(value));
    Some(browser)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_in_flight_does_not_bring_an_ended_session_back() {
    let app = app().await;
    for round in 0..8 {
        let browser = app.logged_in(ANA).await;
        let logout = browser.written(Method::POST, "/logout", &json!({}));
        let answers = app.race(vec![confirmation(&browser), logout]).await;
        let (confirmed, left) = (&answers[0], &answers[1]);
        let rows = app.count("sessions").await;
        // One of them was first. After a logout nobody confirms; after a confirmation the logout
        // came with an id that names nothing any more, and ends nothing.
        match confirmed.status.as_u16() {
            201 => {
                let after = given(&app, confirmed).expect("a new session");
                after.get("/api/user").await.assert_status(200);
                assert_eq!(rows, 1, "round {round}: {answers:#?}");
                let sql = "DELETE FROM sessions";
                app.adyton.db().run(sql, &[]).await.expect("deleted");
            }
            401 | 419 => {
                left.assert_status(204);
                assert_eq!(rows, 0, "round {round}: {answers:#?}");
            }
            other => panic!("round {round}: {other}: {answers:#?}"),
        }
        browser.get("/api/user").await.assert_status(401);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_and_the_end_of_all_sessions_leave_none() {
    let app = app().await;
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    for round in 0..6 {
        let browser = app.logged_in(ANA).await;
        let sent = vec![confirmation(&browser)];
        let (answers, ended) = tokio::join!(app.race(sent), app.adyton.end_sessions(&ana));
        // Under its old id or its new one, the session is among those that end.
        let rows = app.count("sessions").await;
        assert_eq!((ended.expect("ended"), rows), (1, 0), "round {round}");
        if let Some(after) = given(&app, &answers[0]) {
            after.get("/api/user").await.assert_status(401);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_confirmations_at_once_one_has_the_session() {
    let app = app().await;
    for round in 0..4 {
        let browser = app.logged_in(ANA).await;
        let answers = app.race(vec![confirmation(&browser); 6]).await;
        let right = answers.iter().filter(|answer| answer.status == 201);
        assert_eq!(right.count(), 1, "round {round}: {answers:#?}");
        let is_known = |answer: &Answer| [201, 401, 419].contains(&answer.status.as_u16());
        assert!(answers.iter().all(is_known), "round {round}: {answers:#?}");
        assert_eq!(app.count("sessions").await, 1 + round);
    }
}
