//! Limits behind the login: by user.

use adyton::Event;
use adyton::config::Limit;
use adyton_testing::TestApp;

use super::{MINUTE, limits};

#[tokio::test]
async fn a_users_own_routes_are_counted_by_user() {
    let app = TestApp::with(|config| config.throttle.me = Limit::new(3, MINUTE)).await;
    let user = app.user("ana@example.com").await;
    let eva = app.user("eva@example.com").await;
    let tokens = [
        app.token(&user, &["user"]).await,
        app.token(&user, &["user"]).await,
    ];
    for (at, (path, left)) in [
        ("/api/v1/me", "2"),
        ("/api/v1/me/tokens", "1"),
        ("/api/v1/me", "0"),
    ]
    .into_iter()
    .enumerate()
    {
        let program = app.bearer(&tokens[at % 2]).from(&format!("192.0.2.{at}"));
        let answer = program.get(path).await;
        assert_eq!(limits(answer.assert_status(200)), ["3", left, "", ""]);
    }
    app.bearer(&tokens[0])
        .get("/api/v1/me")
        .await
        .assert_status(429);
    app.bearer(&app.token(&eva, &["user"]).await)
        .get("/api/v1/me")
        .await
        .assert_status(200);
    app.anonymous().get("/api/v1/me").await.assert_status(401);
}

/// Who may not is limited as well: each refusal is an event that somebody's log has to keep.
#[tokio::test]
async fn those_who_may_not_are_counted_too() {
    let app = TestApp::with(|config| config.throttle.admin = Limit::new(2, MINUTE)).await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    app.events();
    for left in ["1", "0"] {
        let answer = program.get("/api/v1/admin/users").await;
        assert_eq!(limits(answer.assert_status(403)), ["2", left, "", ""]);
    }
    program.get("/api/v1/admin/users").await.assert_status(429);
    let refusals = app.events();
    assert!(matches!(
        refusals[..],
        [Event::AccessRefused { .. }, Event::AccessRefused { .. }]
    ));
}
