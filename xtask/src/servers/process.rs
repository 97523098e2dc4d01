//! Starting a server process and waiting until it says that it is ready.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::ground::Ground;
use crate::{ports, shell};

/// What differs between one server and another.
pub(super) struct Server {
    pub(super) name: &'static str,
    /// What it logs when it takes connections. Its own log, and not an open port, tells that it is
    /// this server and not another program that was quicker to take the port.
    pub(super) ready: &'static str,
    /// The signal that ends it at once.
    pub(super) stop: &'static str,
}

/// Starts a server on a free port and gives the port once it is ready.
pub(super) fn start(
    ground: &mut Ground,
    server: &Server,
    command_for: impl Fn(u16) -> Command,
) -> Result<u16> {
    let log = ground.folder().join(format!("{}.log", server.name));
    let mut reason = String::new();
    for _ in 0..3 {
        let port = ports::free()?;
        spawn(ground, server, &mut command_for(port), &log)?;
        let Some(status) = wait_until_ready(ground, server, &log)? else {
            return Ok(port);
        };
        ground.forget_newest()?;
        reason = format!("{} ended with {status}:\n{}", server.name, last_words(&log));
        // Another program took the port between our finding it free and the server's start.
        if !reason.to_lowercase().contains("already in use") {
            break;
        }
    }
    bail!(reason)
}

fn spawn(ground: &mut Ground, server: &Server, command: &mut Command, log: &Path) -> Result<()> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    // Away from Ctrl-C at the terminal: the tests go first (`ground`).
    command.process_group(0);
    let child = command
        .spawn()
        .with_context(|| format!("cannot start {}", server.name))?;
    ground.keep(server.stop, child)
}

/// `None` when the server is ready; how it ended when it did not get that far.
fn wait_until_ready(
    ground: &mut Ground,
    server: &Server,
    log: &Path,
) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        let ended = ground
            .newest()
            .map(|child| child.try_wait())
            .transpose()?
            .flatten();
        if ended.is_some() {
            return Ok(ended);
        }
        if read(log).contains(server.ready) {
            return Ok(None);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    bail!(
        "{} was not ready after a minute:\n{}",
        server.name,
        last_words(log)
    )
}

fn read(log: &Path) -> String {
    std::fs::read(log)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

fn last_words(log: &Path) -> String {
    shell::last_lines(&read(log), 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: Server = Server {
        name: "a-server",
        ready: "ready",
        stop: "KILL",
    };

    fn shell(script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_server_is_up_when_its_log_says_so() {
        let mut ground = Ground::prepare().expect("a temporary folder");
        let port = start(&mut ground, &SERVER, |_| {
            shell("echo ready; exec sleep 600")
        });
        assert!(port.expect("it is ready") > 0);
    }

    #[test]
    fn a_taken_port_is_tried_again_with_another() {
        let mut ground = Ground::prepare().expect("a temporary folder");
        let marker = ground.folder().join("tried");
        let script = format!(
            "test -e {0} && echo ready && exec sleep 600; touch {0}; echo Address already in use",
            marker.display()
        );
        start(&mut ground, &SERVER, |_| shell(&script)).expect("the second port is free");
    }

    #[test]
    fn a_server_that_ends_is_reported_with_its_last_words() {
        let mut ground = Ground::prepare().expect("a temporary folder");
        let error = start(&mut ground, &SERVER, |_| {
            shell("echo no space left; exit 4")
        });
        let error = error.expect_err("it ended").to_string();
        assert!(
            error.contains("no space left") && error.contains('4'),
            "{error}"
        );
    }
}
