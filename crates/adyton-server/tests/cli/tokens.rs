//! `adyton token`.

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;

async fn place() -> Place {
    let place = Place::migrated().await;
    place
        .run("user create --name Owner --email owner@example.com")
        .succeeded();
    place
}

#[tokio::test]
async fn a_token_is_printed_alone_and_opens_what_no_request_can_give() {
    let place = place().await;
    let line = "token issue --user owner@example.com --name my-integration --ability admin";
    let ran = place.run(line).succeeded();
    let token = ran.out.trim_end();
    assert!(
        ran.out.lines().count() == 1 && token.contains('|'),
        "{}",
        ran.out
    );
    assert!(!ran.err.contains(token) && ran.err.contains("my-integration"));
    let running = Running::dev(&place);
    let status = |path: &str| {
        let request = Request::new("GET", path).bearer(token);
        request.send(running.address).expect("an answer").status
    };
    assert_eq!(status("/api/v1/admin/users"), 200);
    assert_eq!(
        status("/api/v1/me"),
        403,
        "it was not given the ability `user`"
    );
    let id = token.split('|').next().expect("an id");
    place.run(&format!("token revoke {id}")).succeeded();
    assert_eq!(status("/api/v1/admin/users"), 401);
    place
        .run(&format!("token revoke {id}"))
        .refused(1, "there is no token");
}

#[tokio::test]
async fn tokens_are_listed_without_their_secrets() {
    let place = place().await;
    let line = "token issue --user owner@example.com --name ci --ability a:read --ability a:write \
                --expires 90d --json";
    let issued = place.run(line).succeeded().json();
    assert_eq!(
        issued["abilities"],
        serde_json::json!(["a:read", "a:write"])
    );
    assert!(issued["expires_at"].is_string());
    let text = issued["token"].as_str().expect("a token");
    let secret = text.split('|').nth(1).expect("a secret");
    let listed = place.run("token list --user owner@example.com").succeeded();
    assert!(listed.out.contains("a:read, a:write") && !listed.out.contains(secret));
    let listed = place
        .run("token list --user owner@example.com --json")
        .succeeded();
    assert_eq!(listed.json()[0]["id"], issued["id"]);
    assert!(!listed.out.contains(secret));
}

#[tokio::test]
async fn a_token_ends_when_it_was_told_to() {
    let place = place().await;
    let issue = |when: &str| {
        let line = "token issue --user owner@example.com --name x --ability a --json --expires";
        place.run(&format!("{line} {when}"))
    };
    for (when, end) in [
        ("2037-12-31", "2037-12-31T00:00:00.000000Z"),
        ("2037-12-31T13:00:00+01:00", "2037-12-31T12:00:00.000000Z"),
    ] {
        assert_eq!(issue(when).succeeded().json()["expires_at"], end);
    }
    for when in ["soon", "-1d", "0", "2037-13-01"] {
        let ran = issue(when);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{when}: {ran:?}"
        );
    }
    issue("2020-01-01").refused(1, "--expires must be in the future");
    issue("9999-12-31").refused(1, "this database has no later dates");
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_said_in_words() {
    let place = place().await;
    let issue = |name: &str, ability: &str| {
        let user = "owner@example.com";
        let line = [
            "token",
            "issue",
            "--user",
            user,
            "--name",
            name,
            "--ability",
            ability,
        ];
        place.run_with(&line, None)
    };
    issue("", "a").refused(1, "--name must not be empty");
    issue(&"x".repeat(256), "a").refused(1, "--name must have at most 255 characters");
    issue("x", "").refused(2, "--ability");
    place.run("token revoke nonsense").refused(2, "nonsense");
}

#[tokio::test]
async fn a_token_of_a_disabled_user_comes_with_a_warning() {
    let place = place().await;
    place.run("user disable owner@example.com").succeeded();
    let ran = place
        .run("token issue --user owner@example.com --name x --ability a")
        .succeeded();
    assert!(ran.err.contains("is disabled"), "{}", ran.err);
}

#[tokio::test]
async fn tokens_that_ended_are_pruned() {
    let place = place().await;
    let line = "token issue --user owner@example.com --name x --ability a --expires";
    place.run(&format!("{line} 1ms")).succeeded();
    place.run(&format!("{line} 1h")).succeeded();
    assert_eq!(
        place.run("token prune --json").succeeded().json()["pruned"],
        0
    );
    // A date is kept in whole seconds: it is not over at once.
    let is_pruned = || {
        let ran = place.run("token prune --hours 0 --json").succeeded();
        ran.json()["pruned"] == 1
    };
    assert!((0..500).any(|_| is_pruned()));
    let ran = place.run("token prune --hours 0").succeeded();
    assert!(
        ran.out.is_empty() && ran.err.starts_with("0 tokens deleted"),
        "{ran:?}"
    );
}
