//! Mail from the outside: what is to be sent outlives the process, and a mail server that hangs
//! holds up nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use adyton_testing::SmtpServer;
use serde_json::json;

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;
use crate::serve::production;

const ROUNDS: usize = 5;
const WORKERS: usize = 3;

/// What a worker asks for in a round at most.
const TOKENS: usize = 40;

/// How many mails arrive in a round before something dies.
const ARRIVED: usize = 4;

/// Rows of a process that died are out of its hands after 11 s, and what failed is tried again
/// after 10 s and 30 s.
const PATIENCE: Duration = Duration::from_secs(90);

const PASSWORD: &str = "correct horse battery";

async fn sending_to(url: &str) -> Place {
    let place = production(Place::migrated().await);
    place
        .with("ADYTON_THROTTLE_ENABLED", "false")
        .with("ADYTON_MAIL_URL", url)
        .with("ADYTON_REGISTRATION_MODE", "open")
}

/// A token of somebody who registers.
fn registered(address: SocketAddr, email: &str) -> String {
    let register = Request::new("POST", "/api/v1/auth/register");
    let body = json!({ "name": "Ana", "email": email, "password": PASSWORD });
    let answer = register.json(&body).send(address).expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
    let token = &answer.json()["data"]["token"];
    token.as_str().expect("a token").to_owned()
}

/// Has a token made, which is told by mail; nothing when the server died.
fn issue(address: SocketAddr, token: &str, name: &str) -> Option<()> {
    let issue = Request::new("POST", "/api/v1/me/tokens").bearer(token);
    let answer = issue.json(&json!({ "name": name })).send(address).ok()?;
    assert_eq!(answer.status, 201, "{answer:?}");
    Some(())
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The Message-IDs of what arrived, by the name of the token that it tells of.
fn arrived(smtp: &SmtpServer) -> BTreeMap<String, BTreeSet<String>> {
    let mut arrived: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for message in smtp.messages() {
        assert_eq!(message["to"].as_array().map(Vec::len), Some(1), "{message}");
        let text = message["text"].as_str().expect("a text");
        // Whoever registered is asked to prove the address: that tells of no token.
        let Some((_, name)) = text.split_once('“') else {
            continue;
        };
        let (name, _) = name.split_once('”').expect("a name");
        let headers = message["headers"].as_array().expect("headers");
        let id = headers.iter().find(|header| header[0] == "Message-ID");
        let id = id.expect("a Message-ID")[1].to_string();
        arrived.entry(name.to_owned()).or_default().insert(id);
    }
    arrived
}

/// Tokens are asked for while mails leave; then the mail server dies, or not, and then the process.
fn round(number: usize, running: &mut Running, smtp: &mut SmtpServer) -> Vec<String> {
    let address = running.address;
    let before = smtp.messages().len();
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            thread::spawn(move || {
                let token = registered(address, &format!("r{number}w{worker}@example.com"));
                let names = (0..TOKENS).map(|token| format!("r{number}w{worker}n{token}"));
                let issued = names.map_while(|name| {
                    thread::sleep(Duration::from_millis(10));
                    issue(address, &token, &name).map(|()| name)
                });
                issued.collect::<Vec<_>>()
            })
        })
        .collect();
    until("mails leave", || smtp.messages().len() >= before + ARRIVED);
    if number % 2 == 1 {
        smtp.kill();
        thread::sleep(Duration::from_millis(30));
    }
    running.kill();
    if number % 2 == 1 {
        smtp.start_again();
    }
    let told = workers.into_iter().map(|worker| worker.join());
    told.flat_map(|told| told.expect("no panic")).collect()
}

#[tokio::test]
async fn no_mail_is_lost_when_the_process_or_the_mail_server_is_killed() {
    let Some(mut smtp) = SmtpServer::start() else {
        return;
    };
    smtp.be("slow");
    let place = sending_to(&smtp.url()).await;
    let place = place.with("ADYTON_MAIL_TIMEOUT", "1s");
    let mut acknowledged = Vec::new();
    for number in 0..ROUNDS {
        let mut running = Running::serve(&place, &[]);
        acknowledged.extend(round(number, &mut running, &mut smtp));
    }
    smtp.be("");
    let sent = arrived(&smtp);
    let is_waiting = |name: &&String| !sent.contains_key(*name);
    assert!(
        acknowledged.iter().any(|name| is_waiting(&name)),
        "killed too late"
    );
    let _running = Running::serve(&place, &[]);
    until("all mails arrive", || {
        let arrived = arrived(&smtp);
        acknowledged.iter().all(|name| arrived.contains_key(name))
    });
    for (name, ids) in arrived(&smtp) {
        assert_eq!(ids.len(), 1, "two different mails tell of {name}");
    }
}

#[tokio::test]
async fn a_mail_server_that_says_nothing_holds_up_neither_a_request_nor_the_end() {
    let mute = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let port = mute.local_addr().expect("an address").port();
    let place = sending_to(&format!("smtp://127.0.0.1:{port}")).await;
    let running = Running::serve(&place, &[]);
    let token = registered(running.address, "ana@example.com");
    issue(running.address, &token, "one").expect("an answer");
    // The courier has rung, and waits for a greeting.
    let (_connection, _) = mute.accept().expect("the courier comes");
    let begun = Instant::now();
    for number in 0..20 {
        issue(running.address, &token, &format!("n{number}")).expect("an answer");
    }
    running.signal("TERM");
    assert_eq!(running.ended(), Some(0));
    let took = begun.elapsed();
    assert!(
        took < Duration::from_secs(10),
        "{took:?}: mail.timeout is 30 s"
    );
}

#[test]
fn in_development_mail_is_on_a_page_and_on_the_log() {
    let place = Place::empty();
    let running = Running::dev(&place);
    let page = format!("http://{}/_dev/mail", running.address);
    assert!(running.out.contains(&page), "{}", running.out);
    let token = registered(running.address, "ana@example.com");
    issue(running.address, &token, "my laptop").expect("an answer");
    let list = Request::new("GET", "/_dev/mail").header("Accept", "application/json");
    let mails = || {
        let answer = list.send(running.address).expect("an answer");
        answer.json()["mails"].as_array().expect("a list").clone()
    };
    until("the mail is there", || !mails().is_empty());
    assert_eq!(mails()[0]["to"], "ana@example.com");
    // Port 0 was asked for, and a link leads to the one that was taken.
    let links = mails()[0]["links"].to_string();
    let page = format!("http://localhost:{}/", running.address.port());
    assert!(links.contains(&page), "{links}");
    running.hear("kept for development");
}

#[tokio::test]
async fn in_production_there_is_no_such_page_and_a_warning_without_mail() {
    let place = production(Place::migrated().await);
    let place = place
        .with("ADYTON_PUBLIC_URL", "https://app.example.com")
        .with("ADYTON_HTTP_TRUSTED_PROXIES", "127.0.0.1/32");
    let running = Running::serve(&place, &[]);
    assert!(running.out.contains("mail.url"), "{}", running.out);
    let page = Request::new("GET", "/_dev/mail").header("X-Forwarded-Proto", "https");
    let page = page.send(running.address).expect("an answer");
    assert_eq!(page.status, 404);
}

#[tokio::test]
async fn what_a_command_tells_by_mail_is_sent_by_the_server() {
    let Some(smtp) = SmtpServer::start() else {
        return;
    };
    let place = sending_to(&smtp.url()).await;
    let create = "user create --name Ana --email ana@example.com --verified";
    place.run(create).succeeded();
    let issue = "token issue --user ana@example.com --name mine --ability user";
    place.run(issue).succeeded();
    assert!(smtp.messages().is_empty());
    let _running = Running::serve(&place, &[]);
    until("the mail arrives", || arrived(&smtp).contains_key("mine"));
}

#[test]
fn a_wrong_mail_server_is_refused_with_what_to_write() {
    let place = Place::empty().with("ADYTON_MAIL_URL", "mail.example.com:587");
    let ran = place.run("dev").refused(2, "ADYTON_MAIL_URL");
    assert!(
        ran.err.contains("smtp://user:password@host:587"),
        "{}",
        ran.err
    );
}
