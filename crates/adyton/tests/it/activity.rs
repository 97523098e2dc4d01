//! What happened to a user's own account, for that user.

use adyton_testing::{Browser, PASSWORD, TestApp};
use serde_json::{Value as Json, json};

use crate::support::{ANA, credentials};

const PATH: &str = "/user/activity";
const BO: &str = "bo@example.com";

async fn activity(browser: &Browser, query: &str) -> Json {
    let answer = browser.get(&format!("{PATH}{query}")).await;
    answer.assert_status(200).json()
}

fn names(page: &Json) -> Vec<&str> {
    let data = page["data"].as_array().expect("a list");
    data.iter()
        .map(|entry| entry["event"].as_str().expect("a name"))
        .collect()
}

#[tokio::test]
async fn ones_own_events_are_told_the_newest_first_failures_too() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    let stranger = app
        .browser()
        .from("203.0.113.7")
        .with("user-agent", "curl/8.5.0 (Linux)");
    stranger.get("/sanctum/csrf-cookie").await;
    let guess = json!({ "email": ANA, "password": "a guess" });
    stranger.post("/login", guess).await.assert_status(422);
    let browser = app.logged_in(ANA).await;
    let page = activity(&browser, "").await;
    assert_eq!(names(&page), ["logged_in", "login_failed", "user_created"]);
    let failed = &page["data"][1];
    assert_eq!(failed["outcome"], "refused");
    assert_eq!(failed["ip_address"], "203.0.113.7");
    assert_eq!(failed["device"], "curl, Linux");
    let agent = json!({ "is_desktop": true, "platform": "Linux", "browser": "curl" });
    assert_eq!(failed["agent"], agent);
    assert_eq!(failed["actor"], "client");
    assert_eq!(failed["id"], 2);
    assert!(failed["at"].as_str().is_some_and(|at| at.ends_with('Z')));
    assert_eq!(page["data"][0]["facts"], json!({ "via": "password" }));
    assert_eq!(page["data"][2]["actor"], "operator");
    assert_eq!(failed.get("hash"), None);
}

#[tokio::test]
async fn nobody_elses_events_are_told() {
    let app = TestApp::new().await;
    app.user(ANA).await;
    app.user(BO).await;
    let (hers, his) = (app.logged_in(ANA).await, app.logged_in(BO).await);
    his.post_nothing("/logout").await.assert_status(204);
    let unknown = json!({ "email": "nobody@example.com", "password": PASSWORD });
    app.bearer("1|x").post("/api/v1/auth/login", unknown).await;
    let page = activity(&hers, "").await;
    assert_eq!(names(&page), ["logged_in", "user_created"]);
    assert_eq!(page["total"], 2);
    let other = activity(&hers, "?user=2&user_id=2").await;
    assert_eq!(names(&other), names(&page));
}

#[tokio::test]
async fn it_is_paged() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let mut browser = app.logged_in(ANA).await;
    for _ in 0..3 {
        browser = app.logged_in(ANA).await;
    }
    let page = activity(&browser, "?page=2&per_page=2").await;
    assert_eq!(names(&page), ["logged_in", "logged_in"]);
    assert_eq!((&page["total"], &page["last_page"]), (&json!(5), &json!(3)));
    let last = activity(&browser, "?page=3&per_page=2").await;
    assert_eq!(names(&last), ["user_created"]);
    for wrong in ["?page=0", "?per_page=1000", "?page=x"] {
        let answer = browser.get(&format!("{PATH}{wrong}")).await;
        answer.assert_status(422);
    }
}

#[tokio::test]
async fn a_token_reads_it_with_the_ability() {
    let app = TestApp::new().await;
    let ana = app.user(ANA).await;
    let strong = app.bearer(&app.token(&ana, &["user"]).await);
    let page = activity(&strong, "").await;
    assert_eq!(names(&page), ["token_issued", "user_created"]);
    assert_eq!(page["data"][0]["facts"], json!({ "token": 1 }));
    let weak = app.bearer(&app.token(&ana, &["comments:write"]).await);
    weak.get(PATH).await.assert_status(403);
    app.anonymous().get(PATH).await.assert_status(401);
}

#[tokio::test]
async fn who_logs_in_anew_under_an_old_address_does_not_inherit() {
    let app = TestApp::new().await;
    let old = app.user(ANA).await;
    app.adyton.delete_user(&old).await.expect("deleted");
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let page = activity(&browser, "").await;
    assert_eq!(names(&page), ["logged_in", "user_created"]);
    let login = app.browser();
    login.get("/sanctum/csrf-cookie").await;
    login.post("/login", credentials(ANA)).await;
}
