//! While all threads hash.

use adyton_testing::TestApp;
use serde_json::json;

use super::visitor;
use crate::support::{ANA, credentials};

#[tokio::test]
async fn while_all_threads_hash_a_login_is_a_503() {
    let app = TestApp::with(|config| {
        config.hashing.memory_kib = 65_536;
        config.hashing.iterations = 4;
        config.hashing.threads = 1;
        config.hashing.queue = 0;
    })
    .await;
    app.user(ANA).await;
    let (first, second) = (visitor(&app).await, visitor(&app).await);
    let answers = tokio::join!(
        first.post("/login", credentials(ANA)),
        second.post("/login", credentials(ANA)),
    );
    let busy = if answers.0.status == 503 {
        answers.0
    } else {
        answers.1
    };
    assert_eq!(
        busy.assert_status(503).json(),
        json!({ "message": "Service Unavailable" })
    );
    assert_eq!((busy.code(), busy.header("retry-after")), ("BUSY", "1"));
    assert_eq!(busy.set_cookies(), Vec::<String>::new());
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn an_attempt_that_was_never_checked_does_not_count_against_the_account() {
    let app = TestApp::with(|config| {
        config.hashing.memory_kib = 65_536;
        config.hashing.iterations = 4;
        config.hashing.threads = 1;
        config.hashing.queue = 0;
        config.throttle.account.max = 2;
    })
    .await;
    app.user(ANA).await;
    let wrong = json!({ "email": ANA, "password": "wrong" });
    let (first, second) = (visitor(&app).await, visitor(&app).await);
    let answers = tokio::join!(
        first.post("/login", wrong.clone()),
        second.post("/login", wrong.clone()),
    );
    let mut statuses = [answers.0.status.as_u16(), answers.1.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [422, 503]);
    for status in [422, 429] {
        let answer = first.post("/login", wrong.clone()).await;
        assert_eq!(answer.status, status);
    }
}
