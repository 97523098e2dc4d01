//! A folder and a database for one test, and the command that is run in them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use adyton_testing::TestDatabase;
use serde_json::Value as Json;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Hashes that cost nothing, and answers that do not wait.
const CHEAP: [(&str, &str); 5] = [
    ("ADYTON_HASHING_MEMORY_KIB", "64"),
    ("ADYTON_HASHING_ITERATIONS", "1"),
    ("ADYTON_HASHING_FAILURE_FLOOR", "0"),
    ("ADYTON_DATABASE_MAX_CONNECTIONS", "4"),
    ("ADYTON_GUARD_MEMORY", "0"),
];

/// Where commands are run.
pub struct Place {
    pub folder: PathBuf,
    database: Option<TestDatabase>,
    environment: Vec<(String, String)>,
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Place {
    /// An empty folder, and no database that is named.
    pub fn empty() -> Self {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("adyton-cli-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        let environment = CHEAP.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            folder,
            database: None,
            environment: environment.to_vec(),
        }
    }

    /// With a fresh database that `ADYTON_DATABASE_URL` names.
    pub async fn with_database() -> Self {
        let database = TestDatabase::fresh().await;
        let mut place = Self::empty().with("ADYTON_DATABASE_URL", &database.url);
        place.database = Some(database);
        place
    }

    /// With a fresh database whose tables are made.
    pub async fn migrated() -> Self {
        let place = Self::with_database().await;
        place.run("migrate").succeeded();
        place
    }

    /// Its database.
    pub async fn connect(&self) -> adyton::Db {
        let database = self.database.as_ref();
        database.expect("it has a database").connect().await
    }

    /// With one more variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// Another value from now on.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// With an `adyton.toml`.
    pub fn with_file(self, text: &str) -> Self {
        std::fs::write(self.folder.join("adyton.toml"), text).expect("the file can be written");
        self
    }

    /// The binary here, with no variables but these.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_adyton"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(self.environment.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command whose arguments have no spaces.
    pub fn run(&self, line: &str) -> Ran {
        self.run_with(&line.split_whitespace().collect::<Vec<_>>(), None)
    }

    /// Runs a command, and writes to its standard input.
    pub fn run_with(&self, arguments: &[&str], input: Option<&str>) -> Ran {
        let mut command = self.command(arguments);
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().expect("the binary can be run");
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            stdin.write_all(input.as_bytes()).expect("it reads");
        }
        let output = child.wait_with_output().expect("it ends");
        let ran = Ran::from(output);
        assert!(!ran.err.contains("panicked"), "{arguments:?}: {ran:?}");
        ran
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }
}

impl Ran {
    /// Exit code 0.
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:?}");
        self
    }

    /// This exit code, nothing on standard output, and this among the words.
    pub fn refused(self, code: i32, words: &str) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.out, "", "{self:?}");
        assert!(self.err.contains(words), "{words:?} in {}", self.err);
        self
    }

    /// What was printed, as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
