//! A host's real program, started for one test: on a free port, with a database and a folder of
//! its own, ended with the test.

use std::io::{BufRead as _, BufReader, Read};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adyton::Adyton;
use adyton::config::Config;

use crate::{TestApp, TestDatabase, Wire};

/// How long a program may take until it says where it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// Cheap hashes and no pause after a failed login; a test may set them otherwise.
const QUICK: [(&str, &str); 3] = [
    ("ADYTON_HASHING_MEMORY_KIB", "64"),
    ("ADYTON_HASHING_ITERATIONS", "1"),
    ("ADYTON_HASHING_FAILURE_FLOOR", "0"),
];

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A running program. It is killed when this value goes.
#[derive(Debug)]
pub struct HostProcess {
    /// Its database.
    pub database: TestDatabase,
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
    folder: PathBuf,
    said: Arc<Mutex<String>>,
}

impl HostProcess {
    /// Starts a program, `env!("CARGO_BIN_EXE_…")`, with `--listen` and `--database`.
    ///
    /// # Panics
    /// When it does not say where it listens; what it said instead is shown.
    pub async fn start(program: &str) -> Self {
        Self::with(program, &[]).await
    }

    /// Starts it with some variables. The test's own `ADYTON_…` are not passed on.
    ///
    /// # Panics
    /// As [`HostProcess::start`].
    pub async fn with(program: &str, variables: &[(&str, &str)]) -> Self {
        Self::told(program, &[], variables).await
    }

    /// Starts it with further words, such as `--demo`, and some variables.
    ///
    /// # Panics
    /// As [`HostProcess::start`].
    pub async fn told(program: &str, words: &[&str], variables: &[(&str, &str)]) -> Self {
        let database = TestDatabase::fresh().await;
        let name = format!(
            "adyton-host-{}-{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let mut child = command(program)
            .args(["--listen", "127.0.0.1:0", "--database", &database.url])
            .args(words)
            .envs(QUICK)
            .envs(variables.iter().copied())
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let (sender, heard) = channel();
        let said: Arc<Mutex<String>> = Arc::default();
        listen(child.stdout.take(), &said, sender.clone());
        listen(child.stderr.take(), &said, sender);
        let Some(address) = wait_for_address(&heard) else {
            let _ = child.kill();
            let status = child.wait();
            panic!("{program} said no address ({status:?}): {}", text(&said));
        };
        Self {
            database,
            address,
            child,
            folder,
            said,
        }
    }

    /// A program that talks to it.
    pub fn client(&self) -> Wire {
        Wire::to(self.address)
    }

    /// A browser that talks to it: it keeps cookies and sends them back.
    pub fn browser(&self) -> Wire {
        self.client().keeping_cookies()
    }

    /// An operator's powers over its database, as the command line has them.
    ///
    /// # Panics
    /// When the settings are wrong.
    pub async fn operator(&self, change: impl FnOnce(&mut Config)) -> Adyton {
        let mut config = TestApp::config();
        change(&mut config);
        let builder = Adyton::builder(self.database.connect().await).config(config);
        builder.build().expect("the settings are right")
    }

    /// Everything it has said so far, on both streams.
    pub fn said(&self) -> String {
        text(&self.said)
    }

    /// Whether it says this, now or soon: what it logs comes by a pipe.
    pub async fn says(&self, wanted: &str) -> bool {
        for _ in 0..100 {
            if self.said().contains(wanted) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        false
    }

    /// Asks it to end, as Ctrl-C and `systemctl stop` do, and waits for that.
    ///
    /// # Panics
    /// When it cannot be asked.
    pub fn end(&mut self) -> ExitStatus {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.is_ok_and(|status| status.success()), "kill -TERM");
        self.child.wait().expect("the process can be waited for")
    }
}

impl Drop for HostProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A program without this test's own settings.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ADYTON_") {
            command.env_remove(name);
        }
    }
    command
}

/// Keeps what the program says, and hands the lines on. A pipe that nobody empties would stop it.
fn listen<R: Read + Send + 'static>(
    stream: Option<R>,
    said: &Arc<Mutex<String>>,
    lines: Sender<String>,
) {
    let (stream, said) = (stream.expect("the stream is piped"), Arc::clone(said));
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let mut all = said.lock().unwrap_or_else(PoisonError::into_inner);
            all.push_str(&line);
            all.push('\n');
            // Nobody listens any more once the address is known.
            let _ = lines.send(line);
        }
    });
}

/// The first `http://ADDRESS:PORT` that is said; `None` when the program ends or is silent.
fn wait_for_address(heard: &Receiver<String>) -> Option<SocketAddr> {
    loop {
        let line = heard.recv_timeout(PATIENCE).ok()?;
        let Some((_, rest)) = line.split_once("http://") else {
            continue;
        };
        let end = rest
            .find(|c: char| !(c.is_ascii_hexdigit() || ".:[]".contains(c)))
            .unwrap_or(rest.len());
        if let Ok(address) = rest[..end].parse() {
            return Some(address);
        }
    }
}

fn text(said: &Mutex<String>) -> String {
    said.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
