//! `adyton session`.

use std::net::SocketAddr;

use serde_json::json;

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;

const PASSWORD: &str = "correct horse battery";

async fn place() -> Place {
    let place = Place::migrated().await;
    let line = "user create --name Ana --email ana@example.com --password-stdin";
    let arguments: Vec<&str> = line.split_whitespace().collect();
    place.run_with(&arguments, Some(PASSWORD)).succeeded();
    place
}

/// Logs in as a browser does; the cookies it then sends.
fn logged_in(address: SocketAddr) -> String {
    let pairs = |cookies: &[(String, String)]| {
        let pairs: Vec<String> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    };
    let from_page = |method: &str, path: &str| {
        Request::new(method, path).header("Origin", "http://localhost:3000")
    };
    let first = from_page("GET", "/sanctum/csrf-cookie").send(address);
    let cookies = first.expect("an answer").cookies();
    let csrf = cookies.iter().find(|(name, _)| name == "XSRF-TOKEN");
    let login = from_page("POST", "/login")
        .header("Cookie", &pairs(&cookies))
        .header("X-XSRF-TOKEN", &csrf.expect("a CSRF cookie").1)
        .header("User-Agent", "A browser")
        .json(&json!({ "email": "ana@example.com", "password": PASSWORD }));
    let answered = login.send(address).expect("an answer");
    assert_eq!(answered.status, 200, "{answered:?}");
    pairs(&answered.cookies())
}

fn status(address: SocketAddr, cookies: &str) -> u16 {
    let request = Request::new("GET", "/api/user")
        .header("Origin", "http://localhost:3000")
        .header("Cookie", cookies);
    request.send(address).expect("an answer").status
}

#[tokio::test]
async fn a_session_is_listed_and_ended() {
    let place = place().await;
    let running = Running::dev(&place);
    let (first, second) = (logged_in(running.address), logged_in(running.address));
    let listed = place
        .run("session list --user ana@example.com --json")
        .succeeded();
    let sessions = listed.json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(2));
    assert_eq!(sessions[0]["user_agent"], "A browser");
    assert!(!first.contains(sessions[0]["id"].as_str().expect("an id")));
    let table = place.run("session list --user 1").succeeded().out;
    assert!(
        table.contains("127.0.0.1") && table.contains("A browser"),
        "{table}"
    );
    let id = sessions[0]["id"].as_str().expect("an id");
    let ended = place
        .run(&format!("session end {id} --json"))
        .succeeded()
        .json();
    assert_eq!(ended["ended"], 1);
    let left = [&first, &second].map(|cookies| status(running.address, cookies));
    assert!(left.contains(&200) && left.contains(&401), "{left:?}");
    place
        .run(&format!("session end {id}"))
        .refused(1, "there is no such session");
}

#[tokio::test]
async fn all_sessions_of_a_user_end_at_once() {
    let place = place().await;
    let running = Running::dev(&place);
    let cookies = [logged_in(running.address), logged_in(running.address)];
    place
        .run("session end --user ana@example.com")
        .refused(2, "--all");
    let ran = place
        .run("session end --user ana@example.com --all")
        .succeeded();
    assert!(ran.err.starts_with("2 sessions ended"), "{}", ran.err);
    for cookies in cookies {
        assert_eq!(status(running.address, &cookies), 401);
    }
    assert_eq!(place.run("session list --user 1").succeeded().out, "");
}

#[tokio::test]
async fn a_new_password_ends_the_sessions() {
    let place = place().await;
    let running = Running::dev(&place);
    let cookies = logged_in(running.address);
    let line = ["user", "password", "ana@example.com", "--password-stdin"];
    place
        .run_with(&line, Some("another good password"))
        .succeeded();
    assert_eq!(status(running.address, &cookies), 401);
}

#[tokio::test]
async fn sessions_whose_time_is_over_are_pruned() {
    let place = place().await;
    let running = Running::dev(&place);
    logged_in(running.address);
    assert_eq!(
        place.run("session prune --json").succeeded().json()["pruned"],
        0
    );
    let place = place.with("ADYTON_SESSION_LIFETIME", "1s");
    let is_pruned = || place.run("session prune --json").succeeded().json()["pruned"] == 1;
    assert!((0..500).any(|_| is_pruned()));
}
