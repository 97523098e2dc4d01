//! What `--demo` shows: a shop that can be heard, seen and logged in to.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use adyton_testing::HostProcess;
use serde_json::json;

use crate::{BEATPASS, api};

/// Both starts are of one installation.
const KEY: (&str, &str) = (
    "ADYTON_KEY",
    "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
);

/// The first lines that a program says on the way, up to one that has these words.
fn said_until(words: &str, arguments: &[&str]) -> String {
    let folder = std::env::temp_dir().join(format!("beatpass-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    let mut child = Command::new(BEATPASS)
        .args(arguments)
        .env(KEY.0, KEY.1)
        .current_dir(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let lines = BufReader::new(child.stderr.take().expect("it is piped")).lines();
    let mut said = String::new();
    for line in lines.map_while(Result::ok) {
        said.push_str(&line);
        said.push('\n');
        if line.contains(words) {
            break;
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    let _ = std::fs::remove_dir_all(&folder);
    said
}

#[tokio::test]
async fn the_demo_fills_an_empty_database_once() {
    let host = HostProcess::told(BEATPASS, &["--demo"], &[KEY]).await;
    let visitor = host.client();
    let tracks = visitor.send("GET /tracks?per_page=100").await;
    let tracks = tracks.assert_status(200).json();
    assert_eq!(tracks["total"], 32);
    for track in tracks["data"].as_array().expect("a list") {
        assert!(
            track["audio_url"].is_string() && track["cover_url"].is_string(),
            "{track}"
        );
    }
    let audio = tracks["data"][0]["audio_url"].as_str().expect("an address");
    let (heard, wav) = visitor.deliver(&format!("GET {audio}"), b"").await;
    assert_eq!(heard.assert_status(200).header("content-type"), "audio/wav");
    assert!(wav.iter().skip(44).any(|byte| *byte != 0), "it is silent");
    assert_eq!(visitor.send("GET /albums").await.json()["total"], 6);
    assert!(host.says("ana@example.com").await, "{}", host.said());

    for (email, role) in [("ana", "member"), ("ben", "member"), ("admin", "admin")] {
        let browser = host.browser();
        browser.send("GET /sanctum/csrf-cookie").await;
        let email = format!("{email}@example.com");
        let login = json!({ "email": email, "password": "night drive 2026" });
        api(&browser, "POST /login", &login.to_string())
            .await
            .assert_status(200);
        let db = host.database.connect().await;
        let row = db
            .one("SELECT role FROM users WHERE email = $1", &[email.into()])
            .await;
        let row = row.expect("a read").expect("a user");
        assert_eq!(row.get::<String>("role").expect("a role"), role);
        if role == "member" {
            let numbers = browser
                .send("GET /producer-intelligence/dashboard?period=12m")
                .await;
            let is_artist = numbers.json()["sales"].as_i64() > Some(20);
            let bought = browser.send("GET /purchases").await.json();
            let has_bought = bought["data"].as_array().is_some_and(|all| !all.is_empty());
            assert!(is_artist || has_bought, "nothing to see");
        }
    }

    let arguments = [
        "--demo",
        "--listen",
        "127.0.0.1:0",
        "--database",
        &host.database.url,
    ];
    let said = said_until("All with", &arguments);
    assert!(said.contains("nothing was added"), "{said}");
    assert_eq!(visitor.send("GET /tracks").await.json()["total"], 32);
}
