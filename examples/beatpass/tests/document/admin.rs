//! BP-10: the administration, and that nobody else gets in.

use adyton_testing::{HostProcess, Wire};
use serde_json::json;

use crate::{BEATPASS, api, logged_in, login, member, upload};

/// Somebody with the role, by the operator's hand.
pub async fn administrator(host: &HostProcess) -> Wire {
    let browser = member(host, "Root").await;
    let operator = host.operator(|_| {}).await;
    let user = operator
        .find_user("root@example.com")
        .await
        .expect("there is one");
    operator
        .set_role(&user, Some("admin".to_owned()))
        .await
        .expect("it is set");
    // A change of role ends the sessions that were opened before.
    log_in_as(&browser, "root").await;
    browser
}

async fn log_in_as(browser: &Wire, name: &str) {
    browser.send("GET /sanctum/csrf-cookie").await;
    let request = login(&browser.csrf_token());
    let request = request.replace("ana@example.com", &format!("{name}@example.com"));
    browser.send(&request).await.assert_status(200);
}

/// BP-10
#[tokio::test]
async fn members_are_refused_by_role_and_the_refusal_is_logged() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    for request in [
        "GET /admin/users".to_owned(),
        "PUT /admin/users/1".to_owned(),
        "GET /admin/tracks".to_owned(),
        format!("PUT /admin/tracks/{track}"),
        "GET /admin/purchases".to_owned(),
        "POST /admin/purchases/1/refund".to_owned(),
        "GET /admin/refusals".to_owned(),
    ] {
        host.client().send(&request).await.assert_status(401);
        let refused = api(&ana, &request, "{}").await;
        assert_eq!(
            refused.assert_status(403).json(),
            json!({ "message": "This action is unauthorized." })
        );
        assert_eq!(refused.code(), "ROLE_MISSING");
    }
    let root = administrator(&host).await;
    let refusals = root
        .send("GET /admin/refusals?per_page=5")
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (
            &refusals["total"],
            refusals["data"].as_array().map(Vec::len)
        ),
        (&json!(7), Some(5))
    );
    let first = &refusals["data"][0];
    assert_eq!(
        (&first["event"], &first["code"]),
        (&json!("access_refused"), &json!("ROLE_MISSING"))
    );
    assert!(first["user"].is_number() && first["at"].is_string() && first["address"].is_string());
    let operator = host.operator(|_| {}).await;
    let log = operator.audit_list(None, 100).await.expect("the log");
    let kept = log
        .iter()
        .filter(|entry| entry.event == "access_refused")
        .count();
    assert_eq!(kept, 7);
}

/// BP-10
#[tokio::test]
async fn an_administrator_gives_roles_and_shuts_out_and_is_not_locked_out() {
    // More logins than an address has in a minute.
    let host = HostProcess::with(BEATPASS, &[("ADYTON_THROTTLE_ENABLED", "false")]).await;
    let ben = member(&host, "Ben").await;
    let root = administrator(&host).await;
    let list = root
        .send("GET /admin/users?search=BEN")
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&list["total"], &list["data"][0]["role"]),
        (&json!(1), &json!("member"))
    );
    assert_eq!(
        root.send("GET /admin/users?search=%25").await.json()["total"],
        0
    );
    let ben_id = list["data"][0]["id"].clone();
    let path = format!("PUT /admin/users/{ben_id}");

    let made = api(&root, &path, r#"{"role": "admin"}"#)
        .await
        .assert_status(200)
        .json();
    assert_eq!(made["role"], "admin");
    log_in_as(&ben, "ben").await;
    ben.send("GET /admin/users").await.assert_status(200);
    assert_eq!(
        root.send("GET /admin/users?filter[role]=admin")
            .await
            .json()["total"],
        2
    );
    api(&root, &path, r#"{"role": "member"}"#)
        .await
        .assert_status(200);
    log_in_as(&ben, "ben").await;
    ben.send("GET /admin/users").await.assert_status(403);
    api(&root, &path, r#"{"role": "owner"}"#)
        .await
        .assert_status(422);

    let shut = api(&root, &path, r#"{"disabled": true}"#)
        .await
        .assert_status(200)
        .json();
    assert_eq!(shut["disabled"], true);
    ben.send("GET /purchases").await.assert_status(401);
    api(&root, &path, r#"{"disabled": false}"#)
        .await
        .assert_status(200);
    log_in_as(&ben, "ben").await;

    let root_id = root.send("GET /admin/users?search=root").await.json()["data"][0]["id"].clone();
    let own = format!("PUT /admin/users/{root_id}");
    for (body, code) in [
        (r#"{"role": "member"}"#, "OWN_ROLE"),
        (r#"{"disabled": true}"#, "OWN_ACCOUNT"),
    ] {
        assert_eq!(api(&root, &own, body).await.assert_status(422).code(), code);
    }
    root.send("GET /admin/users").await.assert_status(200);
}

/// BP-10
#[tokio::test]
async fn an_administrator_takes_a_track_out_of_the_shop() {
    let (host, ana) = logged_in().await;
    let track = upload(&ana, "Night Drive").await;
    let root = administrator(&host).await;
    let path = format!("PUT /admin/tracks/{track}");
    let hidden = api(&root, &path, r#"{"is_published": false}"#)
        .await
        .assert_status(200)
        .json();
    assert_eq!(hidden["is_published"], false);
    host.client()
        .send(&format!("GET /tracks/{track}"))
        .await
        .assert_status(404);
    let list = root
        .send("GET /admin/tracks?filter[published]=no")
        .await
        .assert_status(200)
        .json();
    assert_eq!(list["data"][0]["id"], track);
    api(&root, &path, "{}").await.assert_status(422);
    api(
        &root,
        "PUT /admin/tracks/999999",
        r#"{"is_published": true}"#,
    )
    .await
    .assert_status(404);
    let none = api(&root, "POST /admin/purchases/999999/refund", "{}").await;
    none.assert_status(404);
}
