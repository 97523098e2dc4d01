//! A real SMTP server in a process of its own, to be killed: Python's aiosmtpd, which
//! `cargo xtask test` fetches.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value as Json;

const SCRIPT: &str = include_str!("smtp.py");

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A server that keeps what it accepts, and ends with this value.
#[derive(Debug)]
pub struct SmtpServer {
    /// Its port on this machine.
    pub port: u16,
    folder: PathBuf,
    child: Child,
}

impl SmtpServer {
    /// Starts one; `None` where there is no aiosmtpd, as when the tests are not run by
    /// `cargo xtask test`, or on SQLite alone.
    ///
    /// # Panics
    /// When there is one, and it does not start.
    pub fn start() -> Option<Self> {
        if std::env::var_os("ADYTON_TEST_PYTHON").is_none() {
            eprintln!("not tested: an SMTP server is started by `cargo xtask test` only");
            return None;
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("adyton-smtp-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        std::fs::write(folder.join("mood"), "").expect("the folder can be written");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|any| any.local_addr());
        let port = free.expect("a port is free").port();
        let child = spawn(port, &folder);
        Some(Self {
            port,
            folder,
            child,
        })
    }

    /// Its address, as `mail.url` takes it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// How it treats mail from now on: `refuse` for good (550), `greylist` whom it does not know
    /// (451), `slow`; anything else accepts.
    ///
    /// # Panics
    /// When its folder cannot be written.
    pub fn be(&self, mood: &str) {
        let next = self.folder.join("next");
        std::fs::write(&next, mood).expect("the folder can be written");
        std::fs::rename(next, self.folder.join("mood")).expect("the folder can be written");
    }

    /// SIGKILL: it can do nothing more.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Starts it again after [`SmtpServer::kill`], on the same port and with what it kept.
    pub fn start_again(&mut self) {
        self.child = spawn(self.port, &self.folder);
    }

    /// What it accepted, in no order: `from`, `to`, `headers`, `text`, `html`.
    ///
    /// # Panics
    /// When its folder cannot be read.
    pub fn messages(&self) -> Vec<Json> {
        let files = std::fs::read_dir(&self.folder).expect("the folder can be read");
        let paths = files.map(|file| file.expect("a file").path());
        let kept = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
        kept.map(|path| {
            let text = std::fs::read_to_string(path).expect("the file can be read");
            serde_json::from_str(&text).expect("the server writes JSON")
        })
        .collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(port: u16, folder: &PathBuf) -> Child {
    let python = std::env::var("ADYTON_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let modules = std::env::var_os("ADYTON_TEST_PYTHONPATH").unwrap_or_default();
    let mut child = Command::new(python)
        .args(["-c", SCRIPT, &port.to_string()])
        .arg(folder)
        .env("PYTHONPATH", modules)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python can be started");
    let out = child.stdout.take().expect("standard output is piped");
    let mut said = String::new();
    let heard = BufReader::new(out).read_line(&mut said);
    assert!(heard.is_ok() && said.trim() == "ready", "{said}");
    child
}
