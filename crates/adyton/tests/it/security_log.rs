//! The security log: what is kept of what happened, and that nobody can change it unseen.

mod chain;
mod export;

use std::collections::BTreeSet;
use std::path::Path;

use adyton::{AuditEntry, AuditHead, AuditVerdict, Event, Paging};
use adyton_testing::{PASSWORD, TestApp};
use http::Method;
use serde_json::json;

use crate::support::{ANA, credentials};

/// All of it, the oldest first.
async fn all(app: &TestApp) -> Vec<AuditEntry> {
    app.adyton.audit_after(0).await.expect("it can be read")
}

async fn verdict(app: &TestApp) -> AuditVerdict {
    let verdict = app.adyton.audit_verify(None).await;
    verdict.expect("it can be read")
}

async fn head(app: &TestApp) -> AuditHead {
    match verdict(app).await {
        AuditVerdict::Whole(head) => head,
        broken => panic!("{broken:?}"),
    }
}

#[tokio::test]
async fn each_event_is_kept_with_who_what_where_and_how_it_ended() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app
        .browser()
        .from("203.0.113.7")
        .with("user-agent", "Example/1.0");
    browser.get("/sanctum/csrf-cookie").await;
    let wrong = json!({ "email": ANA, "password": "another" });
    browser.post("/login", wrong).await.assert_status(422);
    browser.post("/login", credentials(ANA)).await;
    let entries = all(&app).await;
    let [created, failed, logged_in] = entries.as_slice() else {
        panic!("{entries:#?}");
    };
    assert_eq!(
        (created.number, created.event.as_str()),
        (1, "user_created")
    );
    assert_eq!(
        (created.actor.as_str(), &created.address),
        ("operator", &None)
    );
    assert_eq!((failed.number, failed.event.as_str()), (2, "login_failed"));
    assert_eq!(failed.outcome, "refused");
    assert_eq!(failed.user, Some(ana.id.clone()));
    assert_eq!(failed.actor, "client");
    assert_eq!(failed.address.as_deref(), Some("203.0.113.7"));
    assert_eq!(failed.user_agent.as_deref(), Some("Example/1.0"));
    assert_eq!((logged_in.number, logged_in.outcome.as_str()), (3, "done"));
    assert_eq!(logged_in.facts, json!({ "via": "password" }));
    let at = chrono::DateTime::parse_from_rfc3339(&logged_in.at).expect("RFC 3339");
    assert!((app.clock.now() - at.to_utc()).num_seconds() < 60);
    assert_eq!(logged_in.hash.len(), 64);
}

#[tokio::test]
async fn the_life_of_an_account_is_kept_from_its_beginning_to_its_end() {
    let app = TestApp::with(|config| {
        config.throttle.enabled = false;
        config.users.roles = vec!["admin".to_owned()];
    })
    .await;
    let body = json!({
        "name": "Ana", "email": ANA, "password": "a long enough one",
        "password_confirmation": "a long enough one",
    });
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    browser.post("/register", body).await.assert_status(201);
    let ana = app.adyton.find_user(ANA).await.expect("she is there");
    let adyton = &app.adyton;
    browser.post_nothing("/logout").await.assert_status(204);
    adyton
        .set_role(&ana, Some("admin".to_owned()))
        .await
        .expect("set");
    adyton
        .set_password(&ana, PASSWORD.into())
        .await
        .expect("set");
    adyton.disable_user(&ana).await.expect("disabled");
    adyton.enable_user(&ana).await.expect("enabled");
    let browser = app.logged_in(ANA).await;
    let password = |text: &str| json!({ "password": text });
    browser
        .post("/user/confirm-password", password("wrong one"))
        .await;
    browser
        .post("/user/confirm-password", password(PASSWORD))
        .await;
    let token = app.token(&ana, &["comments:write"]).await;
    app.bearer(&token)
        .get("/api/v1/me")
        .await
        .assert_status(403);
    app.bearer(&token).post_nothing("/api/v1/auth/logout").await;
    app.logged_in(ANA).await;
    let list = browser.get("/user/sessions").await.json();
    let id = list["sessions"][1]["id"]
        .as_str()
        .expect("another")
        .to_owned();
    browser
        .delete(&format!("/user/sessions/{id}"))
        .await
        .assert_status(200);
    let others = "/user/other-browser-sessions";
    browser
        .json(Method::DELETE, others, json!({}))
        .await
        .assert_status(204);
    let mut remembered = credentials(ANA);
    remembered["remember"] = true.into();
    let second = app.browser();
    second.get("/sanctum/csrf-cookie").await;
    second.post("/login", remembered).await.assert_status(200);
    let cookie = second.cookie("adyton_remember").expect("it is set");
    let forged = format!(
        "{}.{}",
        cookie.split('.').next().unwrap_or_default(),
        "x".repeat(43)
    );
    let thief = app.browser();
    thief.set_cookie("adyton_remember", Some(&forged));
    thief.get("/api/user").await.assert_status(401);
    adyton.end_sessions(&ana).await.expect("ended");
    let last = app.logged_in(ANA).await;
    last.json(Method::DELETE, "/user", password(PASSWORD))
        .await
        .assert_status(204);
    let entries = all(&app).await;
    let names: Vec<&str> = entries.iter().map(|entry| entry.event.as_str()).collect();
    let expected = [
        "registered",
        "logged_in",
        "logged_out",
        "role_changed",
        "password_changed",
        "user_disabled",
        "user_enabled",
        "logged_in",
        "confirmation_failed",
        "confirmed",
        "token_issued",
        "access_refused",
        "token_revoked",
        "logged_in",
        "session_ended",
        "other_sessions_ended",
        "logged_in",
        "remember_cookie_reused",
        "sessions_ended",
        "logged_in",
        "user_deleted",
    ];
    assert_eq!(names, expected);
    assert!(
        entries
            .iter()
            .all(|entry| entry.user.as_ref() == Some(&ana.id))
    );
    for entry in &entries {
        let by_operator = [
            "role_changed",
            "password_changed",
            "user_disabled",
            "user_enabled",
            "token_issued",
            "sessions_ended",
        ];
        let actor = if by_operator.contains(&entry.event.as_str()) {
            "operator"
        } else {
            "client"
        };
        assert_eq!(entry.actor, actor, "{entry:?}");
        assert_eq!(entry.address.is_some(), actor == "client", "{entry:?}");
        let is_refused = [
            "confirmation_failed",
            "access_refused",
            "remember_cookie_reused",
        ]
        .contains(&entry.event.as_str());
        assert_eq!(entry.outcome == "refused", is_refused, "{entry:?}");
    }
    let heard: Vec<&str> = app.events().iter().map(Event::name).collect();
    assert_eq!(heard, names, "the host is told what is kept, in its order");
    assert_eq!(head(&app).await.number, 21);
}

#[tokio::test]
async fn no_secret_is_kept() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let token = app.token(&ana, &["user"]).await;
    browser
        .post(
            "/user/confirm-password",
            json!({ "password": "a wrong one" }),
        )
        .await;
    let kept: Vec<String> = all(&app)
        .await
        .iter()
        .map(|entry| entry.to_json().to_string())
        .collect();
    let kept = kept.join("\n");
    let secret = token.split('|').nth(1).expect("a secret").to_owned();
    let session = browser.cookie("adyton_session").expect("a session");
    for secret in [PASSWORD, "a wrong one", "$argon2", &secret, &session, ANA] {
        let said = kept.replace("\"via\":\"password\"", "");
        assert!(
            !said.replace("password_", "").contains(secret),
            "{secret} in {kept}"
        );
    }
}

#[tokio::test]
async fn what_was_rolled_back_leaves_no_gap() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    // The user is gone for the table, so that the deletion finds none and everything is undone.
    let sql = "DELETE FROM users";
    app.adyton.db().run(sql, &[]).await.expect("deleted");
    let refused = app.adyton.delete_user(&ana).await;
    assert!(refused.is_err());
    app.user("bo@example.com").await;
    app.logged_in("bo@example.com").await;
    browser.get("/api/user").await.assert_status(401);
    let numbers: Vec<i64> = all(&app).await.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    head(&app).await;
}

#[test]
fn the_guide_tells_of_every_event() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = folder.join("../../docs/guides/security-log.md");
    let guide = std::fs::read_to_string(guide).expect("the guide");
    let rows = guide.lines().filter_map(|line| line.strip_prefix("| `"));
    let told: Vec<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    let missing: Vec<_> = Event::NAMES
        .iter()
        .filter(|name| !told.contains(name))
        .collect();
    assert!(missing.is_empty(), "the guide lacks {missing:?}");
    let distinct: BTreeSet<_> = Event::NAMES.iter().collect();
    assert_eq!(distinct.len(), Event::NAMES.len());
}

#[tokio::test]
async fn what_was_refused_is_listed_by_itself() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    for _ in 0..3 {
        let wrong = json!({ "email": ANA, "password": "another" });
        browser.post("/login", wrong).await.assert_status(422);
    }
    browser.post("/login", credentials(ANA)).await;
    let paging = Paging::new(2, 2);
    let (refused, total) = app.adyton.audit_refused(paging).await.expect("it is read");
    assert_eq!(total, 3);
    let told: Vec<_> = refused.iter().map(|entry| entry.event.as_str()).collect();
    assert_eq!(told, ["login_failed"]);
}
