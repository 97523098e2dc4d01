//! `adyton dev`: from nothing to a login, again and again, and a clean end.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt as _;

use crate::http::{Request, answer, connect};
use crate::place::Place;
use crate::running::Running;

fn curl_line(out: &str) -> &str {
    let line = out.lines().find(|line| line.trim().starts_with("curl "));
    line.expect("a curl line").trim()
}

/// Does what the printed line does: the token that comes back opens `/api/v1/me`.
fn assert_line_works(out: &str) {
    let (address, login) = Request::of_curl(curl_line(out));
    let answered = login.send(address).expect("an answer");
    assert_eq!(answered.status, 200, "{answered:?}");
    let token = answered.json()["data"]["token"].clone();
    let me = Request::new("GET", "/api/v1/me").bearer(token.as_str().expect("a token"));
    let answered = me.send(address).expect("an answer");
    assert_eq!(answered.status, 200, "{answered:?}");
    assert_eq!(answered.json()["data"]["email"], "ada@example.com");
}

#[test]
fn nothing_is_needed_and_the_printed_line_works_every_time() {
    let place = Place::empty();
    let kept = |name: &str| std::fs::read_to_string(place.folder.join(".adyton").join(name));
    let first = Running::dev(&place);
    assert_line_works(&first.out);
    assert_line_works(&first.out);
    let key = kept("key").expect("a key");
    first.signal("INT");
    assert_eq!(first.ended(), Some(0));
    let second = Running::dev(&place);
    assert_line_works(&second.out);
    assert_eq!(kept("key").expect("a key"), key);
    assert!(!second.out.contains(key.trim()));
    second.signal("TERM");
    assert_eq!(second.ended(), Some(0));
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_only() {
    let place = Place::empty();
    let _running = Running::dev(&place);
    let mode = |path: &str| {
        let data = std::fs::metadata(place.folder.join(path)).expect("it is there");
        data.permissions().mode() & 0o777
    };
    assert_eq!(mode(".adyton"), 0o700);
    assert_eq!(mode(".adyton/key"), 0o600);
    assert_eq!(mode(".adyton/demo-password"), 0o600);
    let ignored = std::fs::read_to_string(place.folder.join(".adyton/.gitignore"));
    assert_eq!(ignored.expect("it is there"), "*\n");
}

#[tokio::test]
async fn a_database_that_is_named_is_set_up_and_used() {
    let place = Place::with_database().await;
    let running = Running::dev(&place);
    assert_line_works(&running.out);
    assert!(!place.folder.join(".adyton/adyton.db").exists());
    let listed = place.run("user list --json").succeeded().json();
    assert_eq!(listed["data"][0]["email"], "ada@example.com");
}

#[tokio::test]
async fn a_database_with_users_gets_no_demo_user() {
    let place = Place::migrated().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    let running = Running::dev(&place);
    let (address, up) = Request::of_curl(curl_line(&running.out));
    assert_eq!(up.send(address).expect("an answer").body, "ok");
    let listed = place.run("user list --json").succeeded().json();
    assert_eq!(listed["total"], 1);
}

#[test]
fn a_demo_user_with_another_password_is_not_offered() {
    let place = Place::empty();
    drop(Running::dev(&place));
    let arguments = ["user", "password", "ada@example.com", "--password-stdin"];
    let ran = place.run_with(&arguments, Some("a password of my own\n"));
    ran.succeeded();
    let running = Running::dev(&place);
    assert!(curl_line(&running.out).ends_with("/up"));
}

#[test]
fn every_printed_address_answers() {
    let place = Place::empty();
    let running = Running::dev(&place);
    let printed: Vec<&str> = running
        .out
        .split_whitespace()
        .filter(|word| word.starts_with(&format!("http://{}", running.address)))
        .collect();
    assert!(printed.len() > 4, "{printed:?}");
    for url in printed {
        let path = url.splitn(4, '/').nth(3).expect("a path");
        let answered = Request::new("GET", &format!("/{path}")).send(running.address);
        let status = answered.expect("an answer").status;
        assert!([200, 204, 401, 405].contains(&status), "{url}: {status}");
    }
    let up = Request::new("GET", "/up").send(running.address);
    let up = up.expect("an answer");
    assert_eq!((up.status, up.body.as_str()), (200, "ok"));
    let unknown = Request::new("GET", "/nowhere").send(running.address);
    assert_eq!(unknown.expect("an answer").status, 404);
}

/// The page that a newcomer opens is where a browser is sent that got in, and asks for nothing from
/// elsewhere.
#[test]
fn there_is_a_page_to_try_it_with() {
    let place = Place::empty();
    let running = Running::dev(&place);
    let printed = format!("http://localhost:{}/ ", running.address.port());
    assert!(running.out.contains(&printed), "{}", running.out);
    let get = |path: &str| {
        let answered = Request::new("GET", path).send(running.address);
        answered.expect("an answer")
    };
    let page = get("/");
    assert_eq!((page.status, &page.body), (200, &get("/home").body));
    for file in ["/_dev/try.js", "/_dev/try.css"] {
        assert!(page.body.contains(&format!("\"{file}\"")), "{file}");
        assert_eq!(get(file).status, 200, "{file}");
    }
    let from_elsewhere = ["src=\"http", "href=\"http", "style=", "onclick="];
    let found = from_elsewhere
        .iter()
        .find(|text| page.body.contains(**text));
    assert_eq!(found, None);
}

/// A route of Adyton's that is moved there takes the page's place.
#[test]
fn a_route_in_the_pages_place_wins() {
    let place = Place::empty();
    let settings = "[routes]\n\"user.show\" = \"/home\"\n";
    std::fs::write(place.folder.join("adyton.toml"), settings).expect("the folder is ours");
    let running = Running::dev(&place);
    let answered = Request::new("GET", "/home").send(running.address);
    assert_eq!(answered.expect("an answer").status, 401);
    let page = Request::new("GET", "/").send(running.address);
    assert_eq!(page.expect("an answer").status, 200);
}

#[test]
fn settings_apply_over_the_defaults_of_dev() {
    let place = Place::empty()
        .with_file("debug = false\n[routes]\n\"token.login\" = \"/api/v1/enter\"\n")
        .with("ADYTON_STATEFUL_ORIGINS", "http://localhost:3000");
    let running = Running::dev(&place);
    assert!(running.out.contains("Front end  http://localhost:3000"));
    assert!(curl_line(&running.out).contains("/api/v1/enter "));
    assert_line_works(&running.out);
    let me = Request::new("GET", "/api/v1/me").send(running.address);
    let reason = me.expect("an answer");
    let reason = reason
        .headers
        .iter()
        .find(|(name, _)| name == "x-adyton-reason");
    assert_eq!(reason, None, "debug is off");
}

#[test]
fn a_port_that_is_taken_is_told_with_the_flag_that_chooses_another() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("an address").to_string();
    let place = Place::empty();
    let ran = place.run(&format!("dev --listen {address}"));
    ran.refused(1, "another program listens there")
        .refused(1, "adyton dev --listen 127.0.0.1:");
    assert!(!place.folder.join(".adyton/adyton.db").exists());
    place
        .run("dev --listen nonsense")
        .refused(2, "--listen: `listen` is \"nonsense\"");
}

#[test]
fn a_damaged_key_is_told_and_not_shown() {
    let place = Place::empty();
    std::fs::create_dir(place.folder.join(".adyton")).expect("a folder");
    std::fs::write(place.folder.join(".adyton/key"), "base64:AAEC\n").expect("a file");
    let ran = place.run("dev").refused(2, ".adyton/key: ");
    assert!(!ran.err.contains("AAEC"), "{}", ran.err);
}

#[test]
fn what_is_in_flight_is_answered_before_the_end() {
    let place = Place::empty();
    let running = Running::dev(&place);
    let (address, login) = Request::of_curl(curl_line(&running.out));
    let mut stream = connect(address).expect("a connection");
    let asked = login.clone().header("Expect", "100-continue");
    stream.write_all(asked.head().as_bytes()).expect("it reads");
    // The server says so when the handler waits for the body: the request is in flight.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).expect("it answers");
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    running.signal("INT");
    running.hear("Ending");
    stream.write_all(login.body.as_bytes()).expect("it reads");
    let answered = answer(&mut stream).expect("a whole answer");
    assert_eq!(answered.status, 200, "{answered:?}");
    assert_eq!(running.ended(), Some(0));
}
