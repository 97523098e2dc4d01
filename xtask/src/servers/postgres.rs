//! PostgreSQL with one superuser, `adyton`, who needs no password on the loopback interface.

use std::fs::DirBuilder;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::account::Account;
use super::ground::Ground;
use super::obtain::obtain;
use super::process::{self, Server};
use super::program::{Program, Wanted};
use crate::shell;

const WANTED: Wanted = Wanted {
    name: "PostgreSQL",
    programs: &["postgres"],
    beside: &["initdb"],
    says: &["(PostgreSQL)"],
    packages: &["postgresql"],
    advice: "apt-get install postgresql (Debian, Ubuntu), dnf install postgresql-server (Fedora), \
             brew install postgresql (macOS)",
};

const SERVER: Server = Server {
    name: "PostgreSQL",
    ready: "database system is ready to accept connections",
    // An immediate shutdown. After a KILL its shared memory would stay behind.
    stop: "QUIT",
};

/// No test pulls the plug of the machine, so nothing has to reach the disk. What a killed Adyton
/// was told is committed, is committed: that takes a living server, not a patient one.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
];

pub(super) fn start(ground: &mut Ground) -> Result<String> {
    let account = Account::unprivileged(ground)?;
    let program = obtain(&WANTED, account, ground)?;
    let data = ground.folder().join("postgres");
    DirBuilder::new().mode(0o700).create(&data)?;
    if let Some(account) = account {
        account.own(&data)?;
    }
    let cluster = Cluster {
        program,
        account,
        data: &data,
    };
    cluster.initialise()?;
    let port = process::start(ground, &SERVER, |port| cluster.server(port))?;
    Ok(format!("postgres://adyton@127.0.0.1:{port}/adyton"))
}

struct Cluster<'a> {
    program: Program,
    account: Option<Account>,
    data: &'a Path,
}

impl Cluster<'_> {
    fn initialise(&self) -> Result<()> {
        let mut initdb = self.program.sibling("initdb");
        initdb.args([
            "--auth=trust",
            "--username=adyton",
            "--encoding=UTF8",
            "--locale=C",
        ]);
        shell::capture(self.ours(initdb.args(["--no-sync", "--pgdata"]).arg(self.data)))?;

        // Alone, without a network: so no client program is needed to make the database.
        let mut single = self.program.command();
        single
            .arg("--single")
            .arg("-D")
            .arg(self.data)
            .args(["-c", "fsync=off", "postgres"]);
        let said = feed(self.ours(&mut single), "CREATE DATABASE adyton\n")?;
        if said.contains("ERROR") {
            bail!("cannot make the database:\n{said}");
        }
        Ok(())
    }

    fn server(&self, port: u16) -> Command {
        let mut command = self.program.command();
        command
            .arg("-D")
            .arg(self.data)
            .args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        self.ours(&mut command);
        command
    }

    fn ours<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        if let Some(account) = self.account {
            account.run(command);
        }
        // The folder we are called in may be closed to the account.
        command.env("LC_ALL", "C").current_dir(self.data)
    }
}

/// Runs a command with words on its stdin and gives all it said.
fn feed(command: &mut Command, words: &str) -> Result<String> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start PostgreSQL")?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(words.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let said = shell::finish(command, &output)?;
    Ok(said + &String::from_utf8_lossy(&output.stderr))
}
