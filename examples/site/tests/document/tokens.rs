//! Getting a token, using it, revoking it, letting it grow old.

use serde_json::{Value as Json, json};

use crate::{
    LOGIN, LOGOUT, ME, NEW_TOKEN, SITE, assert_refused, send, text, token, with_token, with_you,
};
use adyton_testing::HostProcess;

/// ST-02
#[tokio::test]
async fn a_login_answers_as_the_document_shows_it() {
    let host = with_you(&[]).await;
    let answer = host.client().curl(LOGIN).await;
    let body = answer.assert_status(200).json();
    let token = text(&body["data"]["token"]);
    let (id, secret) = token.split_once('|').expect("id|secret");
    assert!(id.parse::<u64>().is_ok() && secret.len() >= 40, "{token}");
    let user = &body["data"]["user"]["id"];
    let documented = format!(
        r#"{{"success":true,"message":"Logged in successfully","data":{{"token":"{token}","token_type":"Bearer","user":{{"id":{user},"name":"You","email":"you@example.com","email_verified":true}}}}}}"#
    );
    assert_eq!(answer.body, documented);
    let tokens = send(&host, "GET /api/v1/me/tokens", &token, &Json::Null)
        .await
        .json();
    assert_eq!(tokens["data"][0]["name"], "my-mobile-app");
}

/// ST-03
#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_mailed_link() {
    let host = with_you(&[]).await;
    for email in ["you@example.com", "nobody@example.com"] {
        let body = json!({ "email": email });
        let path = "/api/v1/auth/forgot-password";
        let request = format!("POST {path}\nContent-Type: application/json\n\n{body}");
        let answer = host.client().send(&request).await;
        let said = "We have emailed your password reset link.";
        let expected = json!({ "success": true, "message": said });
        assert_eq!(answer.assert_status(200).json(), expected);
    }
    let link = mailed_link(&host).await;
    let request = format!("GET {link}\nAccept: text/html");
    let page = host.client().send(&request).await;
    assert!(page.assert_status(200).body.contains("new-password"));
    let token = link.split(['/', '?']).nth(2).expect("a token");
    let body = json!({
        "token": token, "email": "you@example.com", "password": "another night",
    });
    let path = "/api/v1/auth/reset-password";
    let request = format!("POST {path}\nContent-Type: application/json\n\n{body}");
    host.client().send(&request).await.assert_status(200);
    let login = LOGIN.replace("your-password", "another night");
    host.client().curl(&login).await.assert_status(200);
}

/// The path and query of the one link that was mailed.
async fn mailed_link(host: &HostProcess) -> String {
    for _ in 0..200 {
        let request = "GET /_dev/mail\nAccept: application/json";
        let kept = host.client().send(request).await.json();
        let links = kept["mails"].as_array().into_iter().flatten();
        let mut links = links.filter_map(|mail| mail["links"][0].as_str());
        if let Some(link) = links.find(|link| link.contains("/reset-password/")) {
            let host = link.match_indices('/').nth(2).expect("a path").0;
            return link[host..].to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no mail came");
}

/// ST-03
#[tokio::test]
async fn a_registration_makes_an_account_and_issues_a_token() {
    let host = HostProcess::start(SITE).await;
    let account = json!({
        "name": "Ana", "email": "ana@example.com", "password": "night reader",
        "device_name": "phone", "abilities": ["user"],
    });
    let request =
        format!("POST /api/v1/auth/register\nContent-Type: application/json\n\n{account}");
    let body = host.client().send(&request).await.assert_status(201).json();
    assert_eq!(body["success"], true);
    assert_eq!(body["data"]["token_type"], "Bearer");
    assert_eq!(body["data"]["user"]["email_verified"], false);
    let token = text(&body["data"]["token"]);
    with_token(&host, ME, &token).await.assert_status(200);
    assert_refused(
        &host.client().send(&request).await,
        422,
        "VALIDATION_FAILED",
    );
}

/// ST-04
#[tokio::test]
async fn the_profile_needs_a_token() {
    let host = with_you(&[]).await;
    let answer = with_token(&host, ME, &token(&host).await).await;
    let profile = answer.assert_status(200).json()["data"].clone();
    assert_eq!(profile["email"], "you@example.com");
    assert_eq!(profile["email_verified"], true);
    assert_eq!(profile.get("password"), None);
    for wrong in ["1|abc123XYZ...", "999|abc", "abc"] {
        assert_refused(&with_token(&host, ME, wrong).await, 401, "UNAUTHENTICATED");
    }
    for path in [
        "/api/v1/me",
        "/api/v1/me/tokens",
        "/api/v1/me/tickets",
        "/api/v1/me/newsletter",
    ] {
        let answer = host.client().send(&format!("GET {path}")).await;
        assert_refused(&answer, 401, "UNAUTHENTICATED");
    }
}

/// ST-05
#[tokio::test]
async fn a_logout_deletes_the_token_on_the_server() {
    let host = with_you(&[]).await;
    let (phone, laptop) = (token(&host).await, token(&host).await);
    with_token(&host, ME, &phone).await.assert_status(200);
    let answer = with_token(&host, LOGOUT, &phone)
        .await
        .assert_status(200)
        .json();
    assert_eq!(answer["success"], true);
    assert_refused(&with_token(&host, ME, &phone).await, 401, "UNAUTHENTICATED");
    assert_refused(
        &with_token(&host, LOGOUT, &phone).await,
        401,
        "UNAUTHENTICATED",
    );
    with_token(&host, ME, &laptop).await.assert_status(200);
    let db = host.database.connect().await;
    let rows = db.all("SELECT id FROM personal_access_tokens", &[]).await;
    assert_eq!(rows.expect("a read").len(), 1);
}

/// ST-07
#[tokio::test]
async fn a_user_issues_lists_and_revokes_tokens() {
    let host = with_you(&[]).await;
    let first = token(&host).await;
    let made = with_token(&host, NEW_TOKEN, &first)
        .await
        .assert_status(201)
        .json();
    assert_eq!(made["data"]["name"], "Read-only mobile app");
    assert_eq!(made["data"]["abilities"], json!(["user"]));
    let (id, second) = (made["data"]["id"].clone(), text(&made["data"]["token"]));
    with_token(&host, ME, &second).await.assert_status(200);
    let listed = send(&host, "GET /api/v1/me/tokens", &first, &Json::Null).await;
    assert_eq!(
        listed.assert_status(200).json()["data"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let secret = second.split_once('|').expect("id|secret").1;
    assert!(!listed.body.contains(secret), "a token is shown once");
    let revoke = format!("DELETE /api/v1/me/tokens/{id}");
    send(&host, &revoke, &first, &Json::Null)
        .await
        .assert_status(200);
    assert_refused(
        &with_token(&host, ME, &second).await,
        401,
        "UNAUTHENTICATED",
    );
    with_token(&host, ME, &first).await.assert_status(200);
}

/// ST-11
#[tokio::test]
async fn tokens_do_not_expire_unless_a_setting_says_so() {
    for (setting, status) in [("", 200), ("43200", 401)] {
        let host = with_you(&[("ADYTON_TOKENS_EXPIRATION", setting)]).await;
        let (old, young) = (token(&host).await, token(&host).await);
        let db = host.database.connect().await;
        let days = |days: u64| {
            adyton::Clock::system().now() - std::time::Duration::from_secs(days * 24 * 60 * 60)
        };
        for (token, age) in [(&old, days(31)), (&young, days(29))] {
            let id: i64 = token
                .split('|')
                .next()
                .and_then(|id| id.parse().ok())
                .expect("an id");
            let sql = "UPDATE personal_access_tokens SET created_at = $1 WHERE id = $2";
            db.run(sql, &[age.into(), id.into()])
                .await
                .expect("it is older now");
        }
        with_token(&host, ME, &old).await.assert_status(status);
        with_token(&host, ME, &young).await.assert_status(200);
    }
}

/// ST-13
#[tokio::test]
async fn a_token_in_the_query_is_never_read() {
    let host = with_you(&[]).await;
    let token = token(&host).await.replace('|', "%7C");
    for name in [
        "token",
        "access_token",
        "api_token",
        "bearer",
        "Authorization",
    ] {
        let answer = host
            .client()
            .send(&format!("GET /api/v1/me?{name}={token}"))
            .await;
        assert_refused(&answer, 401, "UNAUTHENTICATED");
    }
}
