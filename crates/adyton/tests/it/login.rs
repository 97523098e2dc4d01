//! Logging in by cookie.

use adyton_testing::TestApp;
use serde_json::json;

#[tokio::test]
async fn a_user_logs_in_and_is_known() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let credentials = json!({ "email": "ana@example.com", "password": "password" });
    let answer = browser.post("/login", credentials).await;
    assert_eq!(
        answer.assert_status(200).json(),
        json!({ "two_factor": false })
    );
    let me = browser.get("/api/user").await;
    assert_eq!(me.assert_status(200).json()["email"], "ana@example.com");
}
