//! Clients that were written for Laravel, as they are: the scripts in `tests/clients`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::place::Place;
use crate::running::Running;

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clients");
/// Where the front end's pages are, for a browser: nothing has to listen there.
const PAGE: &str = "http://localhost:3000";

#[tokio::test]
async fn axios_in_a_browser_walks_through_an_accounts_life() {
    run(
        "walk.mjs",
        "browser",
        front_end(Place::with_database().await),
    );
}

#[tokio::test]
async fn axios_in_node_walks_through_an_accounts_life() {
    run("walk.mjs", "node", front_end(Place::with_database().await));
}

#[tokio::test]
async fn axios_registers_where_the_address_is_proved_first() {
    let place = front_end(Place::with_database().await);
    let place = place.with("ADYTON_REGISTRATION_MODE", "verify_first");
    run("verify-first.mjs", "browser", place);
}

fn run(script: &str, kind: &str, place: Place) {
    let Some(modules) = installed() else {
        eprintln!("its modules are not installed, so no client was run: `cargo xtask test` does");
        return;
    };
    let running = Running::dev(&place);
    let walked = Command::new("node")
        .arg(Path::new(SCRIPTS).join(script))
        .arg(kind)
        .arg(format!("http://localhost:{}", running.address.port()))
        .arg(PAGE)
        .env("NODE_PATH", modules)
        .output();
    let walked = walked.expect("what npm installed, node runs");
    let out = String::from_utf8_lossy(&walked.stdout);
    let err = String::from_utf8_lossy(&walked.stderr);
    assert!(walked.status.success(), "\n{out}{err}");
    assert!(out.contains(" steps done"), "\n{out}{err}");
}

/// With one front end, whose page a mailed link leads to, and which is faster than people are.
fn front_end(place: Place) -> Place {
    let reset = format!("{PAGE}/password-reset/{{token}}?email={{email}}");
    let place = place
        .with("ADYTON_STATEFUL_ORIGINS", PAGE)
        .with("ADYTON_LINKS_PASSWORD_RESET", &reset);
    let limits = [
        "LOGIN",
        "REGISTER",
        "FORGOT_PASSWORD",
        "RESET_PASSWORD",
        "TWO_FACTOR",
        "VERIFICATION",
        "CONFIRM",
    ];
    limits.iter().fold(place, |place, limit| {
        place.with(&format!("ADYTON_THROTTLE_{limit}"), "100/1m")
    })
}

/// The modules that the lock file names, where `cargo xtask test` puts them.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-clients");
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    let is_current = lock(&folder).is_some_and(|of| Some(of) == lock(Path::new(SCRIPTS)));
    is_current.then(|| folder.join("node_modules"))
}
