//! How many sessions one user has at most.

use adyton_testing::TestApp;
use chrono::TimeDelta;

use crate::support::ANA;

#[tokio::test]
async fn the_login_after_the_last_that_there_is_room_for_ends_the_longest_idle() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let (first, idle) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
    for _ in 0..98 {
        app.clock.advance(TimeDelta::seconds(1));
        app.logged_in(ANA).await;
    }
    assert_eq!(app.count("sessions").await, 100);
    first.get("/api/user").await.assert_status(200);
    app.adyton.flush().await.expect("written");
    idle.get("/api/user").await.assert_status(200);
    // Without the flush the database does not know yet that this one was used.
    let last = app.logged_in(ANA).await;
    assert_eq!(app.count("sessions").await, 100);
    idle.get("/api/user").await.assert_status(401);
    for going_on in [&first, &last] {
        going_on.get("/api/user").await.assert_status(200);
    }
}

#[tokio::test]
async fn a_limit_that_was_lowered_ends_all_that_are_over_it() {
    let app = TestApp::with(|config| {
        config.session.max_per_user = 2;
        config.throttle.enabled = false;
    })
    .await;
    app.user(ANA).await;
    app.user("bo@example.com").await;
    let anothers = app.logged_in("bo@example.com").await;
    let first = app.logged_in(ANA).await;
    for _ in 0..2 {
        app.clock.advance(TimeDelta::seconds(2));
        app.logged_in(ANA).await.get("/api/user").await;
    }
    first.get("/api/user").await.assert_status(401);
    anothers.get("/api/user").await.assert_status(200);
    assert_eq!(app.count("sessions").await, 3);
}
