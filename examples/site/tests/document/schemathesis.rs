//! The running Site against its own description, by somebody else's program: whatever it sends, no
//! answer is a 5xx, and none is of a kind that is not described.

use std::path::{Path, PathBuf};
use std::process::Command;

use adyton_testing::HostProcess;

use crate::{SITE, token_of};

const SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis");

/// They end the token that all others are sent with, or mail to whoever is made up.
const LEFT_OUT: [&str; 4] = [
    "logout",
    "browser_logout",
    "revoke_token",
    "forgot_password",
];

/// All that a token may do.
const EVERYTHING: [&str; 5] = [
    "user",
    "comments:write",
    "tickets:write",
    "newsletter:manage",
    "admin",
];

/// ST-14, and every endpoint's answers.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_sent_every_answer_is_as_described() {
    let database = std::env::var("ADYTON_TEST_DATABASE").unwrap_or_default();
    let is_sqlite = matches!(database.as_str(), "" | "sqlite");
    let Some(program) = installed().filter(|_| is_sqlite) else {
        eprintln!(
            "SKIPPED: schemathesis is not installed, or this is not SQLite: `cargo xtask test` installs it"
        );
        return;
    };
    // Without limits: thousands of requests come within a minute.
    let quick = [("ADYTON_THROTTLE_ENABLED", "false")];
    let host = HostProcess::told(SITE, &["--demo"], &quick).await;
    // It listens before it is filled, and answers after.
    host.client().send("GET /up").await;
    let owner = token_of(&host, "owner@example.com", &EVERYTHING).await;
    let ana = token_of(&host, "ana@example.com", &EVERYTHING[..4]).await;
    // The owner's last: it takes posts away.
    for (who, token, examples) in [
        ("nobody", None, 1),
        ("Ana", Some(ana), 2),
        ("owner", Some(owner), 4),
    ] {
        let mut command = Command::new(&program);
        command.args([
            "--config-file",
            &format!("{SETTINGS}/schemathesis.toml"),
            "run",
        ]);
        command.arg(format!("http://{}/api/v1/openapi.json", host.address));
        command.args([
            "--workers",
            "2",
            "--suppress-health-check",
            "all",
            "--no-color",
        ]);
        command.args(["--max-examples", &examples.to_string()]);
        if let Some(token) = token {
            command.args(["--header", &format!("Authorization: Bearer {token}")]);
        }
        if who != "owner" {
            command.args(["--phases", "examples,fuzzing"]);
        }
        for operation in LEFT_OUT {
            command.args(["--exclude-operation-id", operation]);
        }
        // It keeps what it learned in the folder that it runs in.
        let folder = tempfolder(who);
        let ran = command
            .current_dir(&folder)
            .output()
            .expect("it can be started");
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "as {who}:\n{said}");
        // It did ask: every operation but those that were left out.
        let asked = said.lines().find(|line| line.contains("Tested:"));
        assert!(asked.is_some_and(|line| !line.contains(": 0")), "{said}");
    }
}

/// What `cargo xtask test` installed.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-servers");
    let folder = folder.join("schemathesis");
    let versions = |folder: &Path| std::fs::read(folder.join("requirements.txt")).ok();
    let is_current = versions(&folder).is_some_and(|of| Some(of) == versions(Path::new(SETTINGS)));
    is_current.then(|| folder.join("bin/schemathesis"))
}

fn tempfolder(name: &str) -> PathBuf {
    let name = format!("site-schemathesis-{}-{name}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
    folder
}
