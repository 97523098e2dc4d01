//! Gates before a host's routes: abilities, roles and limits.

use serde_json::json;

use super::shop_app;

#[tokio::test]
async fn gates_ask_for_abilities_by_their_exact_names() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    for (abilities, tickets, any, power) in [
        (&["tickets:write"][..], 200, 403, 403),
        (&["comments:write"], 403, 200, 403),
        (&["*"], 200, 200, 403),
        (&["admin"], 403, 403, 200),
        (
            &[
                "tickets",
                "tickets:*",
                "tickets:write2",
                "Tickets:write",
                "tickets:write ",
            ],
            403,
            403,
            403,
        ),
        (&[], 403, 403, 403),
    ] {
        let program = app.bearer(&app.token(&user, abilities).await);
        program
            .post("/tickets", json!({}))
            .await
            .assert_status(tickets);
        program.get("/any").await.assert_status(any);
        program.get("/power").await.assert_status(power);
    }
    let browser = app.logged_in("ana@example.com").await;
    browser.get("/any").await.assert_status(200);
    let answer = browser.get("/power").await;
    assert_eq!(
        answer.assert_status(403).json(),
        json!({ "message": "Invalid ability provided." })
    );
}

#[tokio::test]
async fn a_gate_asks_for_a_role_and_a_change_counts_at_once() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    let program = app.bearer(&app.token(&user, &["user"]).await);
    let refused = program.get("/owner").await;
    assert_eq!(refused.assert_status(403).code(), "ROLE_MISSING");
    for (role, status) in [(Some("owner"), 200), (Some("customer"), 403), (None, 403)] {
        app.adyton
            .set_role(&user, role.map(str::to_owned))
            .await
            .expect("a role");
        program.get("/owner").await.assert_status(status);
    }
    assert!(
        app.adyton
            .set_role(&user, Some("boss".to_owned()))
            .await
            .is_err(),
        "not configured"
    );
}

#[tokio::test]
async fn a_hosts_route_is_limited_by_name() {
    let app = shop_app().await;
    for left in ["1", "0"] {
        let answer = app.anonymous().get("/public").await;
        assert_eq!(
            answer.assert_status(200).header("x-ratelimit-remaining"),
            left
        );
    }
    app.anonymous().get("/public").await.assert_status(429);
    app.anonymous()
        .from("192.0.2.9")
        .get("/public")
        .await
        .assert_status(200);
}

#[tokio::test]
#[should_panic(expected = "there is no limit `lunch`; there are login, register")]
async fn a_misspelt_limit_is_found_at_the_start() {
    let _ = shop_app().await.adyton.throttle("lunch");
}

#[tokio::test]
async fn a_route_that_asks_nothing_costs_no_query() {
    let app = shop_app().await;
    let user = app.user("ana@example.com").await;
    let token = app.token(&user, &["user"]).await;
    let browser = app
        .logged_in("ana@example.com")
        .await
        .with("authorization", &format!("Bearer {token}"));
    app.adyton.db().close().await;
    browser.get("/open").await.assert_status(200);
    browser.get("/public").await.assert_status(200);
    app.clock.advance(chrono::TimeDelta::minutes(1));
    for path in ["/who", "/auth", "/maybe", "/any"] {
        let answer = browser.get(path).await;
        assert_eq!(
            answer.assert_status(503).code(),
            "UNAVAILABLE",
            "never an answer about the caller"
        );
    }
}
