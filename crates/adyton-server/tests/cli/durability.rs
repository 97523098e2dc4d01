//! `kill -9` at any moment: what was acknowledged is there after the restart.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::SocketAddr;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use serde_json::{Value as Json, json};

use crate::http::{Answer, Request};
use crate::place::Place;
use crate::running::Running;
use crate::serve::production;

const ROUNDS: u64 = 12;
const WORKERS: u64 = 6;
const PASSWORD: &str = "correct horse battery";

/// What one client was told.
#[derive(Debug, Default)]
struct Acknowledged {
    registered: Vec<String>,
    /// Nobody asked for their end.
    live: Vec<String>,
    revoked: Vec<String>,
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost() {
    let place = production(Place::migrated().await)
        .with("ADYTON_THROTTLE_ENABLED", "false")
        .with("ADYTON_REGISTRATION_MODE", "open");
    let mut rounds = Vec::new();
    for round in 0..ROUNDS {
        let mut running = Running::serve(&place, &[]);
        rounds
            .last()
            .into_iter()
            .for_each(|last| verify(running.address, last));
        let moment = 1 + RandomState::new().build_hasher().finish() % 60;
        let told = killed_after(moment, round, &mut running);
        assert!(
            told.iter().any(|told| !told.live.is_empty()),
            "round {round}"
        );
        rounds.push(told);
    }
    // What is lost is not always the youngest.
    let running = Running::serve(&place, &[]);
    rounds
        .iter()
        .for_each(|round| verify(running.address, round));
    let counted =
        |count: fn(&Acknowledged) -> usize| rounds.iter().flatten().map(count).sum::<usize>();
    assert!(counted(|told| told.registered.len()) >= 10);
    assert!(counted(|told| told.revoked.len()) >= 10);
}

/// Clients at work until the server has acknowledged so many operations and is killed.
fn killed_after(moment: u64, round: u64, running: &mut Running) -> Vec<Acknowledged> {
    let (sender, told) = channel();
    let address = running.address;
    let workers: Vec<_> = (0..WORKERS)
        .map(|worker| {
            let sender = sender.clone();
            thread::spawn(move || work(address, &format!("r{round}w{worker}"), &sender))
        })
        .collect();
    drop(sender);
    told.iter()
        .take(usize::try_from(moment).expect("small"))
        .for_each(drop);
    running.kill();
    workers
        .into_iter()
        .map(|worker| worker.join().expect("no panic"))
        .collect()
}

/// Registers, issues and revokes, until nobody answers.
fn work(address: SocketAddr, name: &str, told: &Sender<()>) -> Acknowledged {
    let mut known = Acknowledged::default();
    for number in 0.. {
        let email = format!("{name}n{number}@example.com");
        if live_through(address, email, &mut known, told).is_none() {
            break;
        }
    }
    known
}

/// A life of one user; nothing when the server died in it.
fn live_through(
    address: SocketAddr,
    email: String,
    known: &mut Acknowledged,
    told: &Sender<()>,
) -> Option<()> {
    let acknowledged = |answer: Answer, status: u16| {
        assert_eq!(answer.status, status, "{answer:?}");
        // Whoever counts may have heard enough.
        let _ = told.send(());
        answer.json()
    };
    let register = Request::new("POST", "/api/v1/auth/register");
    let body = json!({ "name": "Ana", "email": email, "password": PASSWORD });
    let body = acknowledged(register.json(&body).send(address).ok()?, 201);
    known.registered.push(email);
    let first = text(&body["data"]["token"]);
    known.live.push(first.clone());
    for is_to_go in [false, true] {
        let issue = Request::new("POST", "/api/v1/me/tokens").bearer(&first);
        let issue = issue.json(&json!({ "name": "x" })).send(address).ok()?;
        let token = text(&acknowledged(issue, 201)["data"]["token"]);
        if !is_to_go {
            known.live.push(token);
            continue;
        }
        let id = token.split('|').next().expect("an id");
        let revoke = Request::new("DELETE", &format!("/api/v1/me/tokens/{id}"));
        acknowledged(revoke.bearer(&first).send(address).ok()?, 200);
        known.revoked.push(token);
    }
    Some(())
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

/// Whoever registered logs in, every token works, every revoked one is refused.
fn verify(address: SocketAddr, round: &Vec<Acknowledged>) {
    let me = |token: &str| {
        let me = Request::new("GET", "/api/v1/me").bearer(token);
        me.send(address).expect("an answer").status
    };
    for told in round {
        for email in &told.registered {
            let login = Request::new("POST", "/api/v1/auth/login");
            let login = login.json(&json!({ "email": email, "password": PASSWORD }));
            assert_eq!(
                login.send(address).expect("an answer").status,
                200,
                "{email}"
            );
        }
        for token in &told.live {
            assert_eq!(me(token), 200, "an acknowledged token is gone");
        }
        for token in &told.revoked {
            assert_eq!(me(token), 401, "a revoked token is back");
        }
    }
}
