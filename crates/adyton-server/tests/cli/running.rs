//! A server that runs: what it prints, and how it is ended.

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::place::Place;

const PATIENCE: Duration = Duration::from_secs(30);

/// A process of `adyton dev` or `adyton serve`.
pub struct Running {
    pub address: SocketAddr,
    /// What was printed by the time it listened.
    pub out: String,
    child: Child,
    err: Receiver<String>,
}

impl Running {
    /// `adyton dev` on a free port.
    pub fn dev(place: &Place) -> Self {
        let mut child = start(place, &["dev", "--listen", "127.0.0.1:0"]);
        let (out, err) = streams(&mut child);
        let out = until(&out, &err, &mut child, "Ctrl-C");
        let address = after(&out, "http://127")
            .split('/')
            .next()
            .map(|rest: &str| format!("127{rest}").parse());
        Self {
            address: address.expect("an address").expect("a port"),
            out,
            child,
            err,
        }
    }

    /// `adyton serve` on a free port.
    pub fn serve(place: &Place, flags: &[&str]) -> Self {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0"];
        arguments.extend(flags);
        let mut child = start(place, &arguments);
        let (_, err) = streams(&mut child);
        let out = until(&err, &err, &mut child, "listening");
        let said = out.replace('"', "");
        let rest = match said.contains("address=") {
            true => after(&said, "address="),
            false => after(&said, "address:"),
        };
        let address: String = rest
            .chars()
            .take_while(|c| c.is_ascii_digit() || ".:".contains(*c))
            .collect();
        Self {
            address: address.parse().expect("an address and a port"),
            out,
            child,
            err,
        }
    }

    /// Asks it to end, by a signal such as `INT`.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([format!("-{signal}"), self.child.id().to_string()])
            .status();
        assert!(sent.expect("`kill` is there").success());
    }

    /// Waits for a word on standard error.
    pub fn hear(&self, word: &str) {
        let deadline = Instant::now() + PATIENCE;
        while let Ok(line) = self
            .err
            .recv_timeout(deadline.saturating_duration_since(Instant::now()))
        {
            if line.contains(word) {
                return;
            }
        }
        panic!("{word:?} was not said");
    }

    /// Waits for its end: the exit code.
    pub fn ended(mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code();
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("it does not end");
    }

    /// SIGKILL: it can do nothing more.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(place: &Place, arguments: &[&str]) -> Child {
    let child = place.command(arguments).spawn();
    child.expect("the binary can be run")
}

fn streams(child: &mut Child) -> (Receiver<String>, Receiver<String>) {
    let out = child.stdout.take().expect("standard output is piped");
    let err = child.stderr.take().expect("standard error is piped");
    (lines(out), lines(err))
}

/// Reads on, whether anybody listens or not: a full pipe would stop the server.
fn lines(from: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    receiver
}

fn until(
    lines: &Receiver<String>,
    err: &Receiver<String>,
    child: &mut Child,
    last: &str,
) -> String {
    let mut text = String::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        text += &line;
        text += "\n";
        if line.contains(last) {
            return text;
        }
    }
    let _ = child.kill();
    let said: Vec<String> = err.try_iter().collect();
    panic!("it does not start: {text}{}", said.join("\n"));
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    let found = text.split_once(mark);
    found.unwrap_or_else(|| panic!("{mark:?} in {text}")).1
}
