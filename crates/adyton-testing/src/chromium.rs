//! A real browser: Chromium, driven by its chromedriver, with an authenticator of its own.
//!
//! What scripts of a page see of us, and what a browser makes of our options, only a browser tells.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};

use crate::process::command;

/// How long a command may take, of a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(90);

/// What the driver says when it listens, before the port.
const STARTED: &str = "started successfully on port ";

/// A browser with one window. It is closed when this value goes.
#[derive(Debug)]
pub struct Chromium {
    driver: Child,
    address: SocketAddr,
    /// The path of its session at the driver.
    session: String,
}

impl Chromium {
    /// Starts one; `None` where there is no chromedriver, which `cargo xtask test` sees to.
    ///
    /// # Panics
    /// When there is one, and it does not start.
    pub async fn start() -> Option<Self> {
        let Some((driver, port)) = start_driver() else {
            eprintln!("SKIPPED: there is no chromedriver; `cargo xtask test` installs it");
            return None;
        };
        let mut browser = Self {
            driver,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            session: String::new(),
        };
        let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu"];
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": { "args": arguments },
        }}});
        let made = browser.ask("POST", "/session", &wanted).await;
        let id = made["sessionId"].as_str().expect("a session's id");
        browser.session = format!("/session/{id}");
        Some(browser)
    }

    /// Goes to an address.
    ///
    /// # Panics
    /// When it cannot be loaded.
    pub async fn open(&self, address: &str) {
        self.command("POST", "/url", &json!({ "url": address }))
            .await;
    }

    /// What a JavaScript expression comes to, awaited: `{"error": name}` where it throws.
    ///
    /// # Panics
    /// When it is no expression.
    pub async fn run(&self, expression: &str) -> Json {
        let script = format!(
            "const done = arguments[arguments.length - 1]; \
             (async () => {expression})().then(done, (error) => done({{ error: error.name }}));"
        );
        let body = json!({ "script": script, "args": [] });
        self.command("POST", "/execute/async", &body).await
    }

    /// Gives it a device of its own with room for passkeys, whose user is always there and verified,
    /// and tells the device's id.
    ///
    /// # Panics
    /// When it refuses.
    pub async fn add_authenticator(&self) -> String {
        let device = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserConsenting": true,
            "isUserVerified": true,
        });
        let id = self
            .command("POST", "/webauthn/authenticator", &device)
            .await;
        id.as_str().expect("an id").to_owned()
    }

    /// From now on a device verifies its user, or does not.
    ///
    /// # Panics
    /// When there is no such device.
    pub async fn verify_user(&self, authenticator: &str, is_verified: bool) {
        let path = format!("/webauthn/authenticator/{authenticator}/uv");
        let body = json!({ "isUserVerified": is_verified });
        self.command("POST", &path, &body).await;
    }

    /// The passkeys on a device.
    ///
    /// # Panics
    /// When there is no such device.
    pub async fn credentials(&self, authenticator: &str) -> Vec<Json> {
        let path = format!("/webauthn/authenticator/{authenticator}/credentials");
        let credentials = self.command("GET", &path, &Json::Null).await;
        credentials.as_array().expect("a list").clone()
    }

    /// What the window shows, as a PNG in base64.
    ///
    /// # Panics
    /// When it refuses.
    pub async fn screenshot(&self) -> String {
        let picture = self.command("GET", "/screenshot", &Json::Null).await;
        picture.as_str().expect("a text").to_owned()
    }

    async fn command(&self, method: &str, path: &str, body: &Json) -> Json {
        let path = format!("{}{path}", self.session);
        self.ask(method, &path, body).await
    }

    async fn ask(&self, method: &str, path: &str, body: &Json) -> Json {
        let asked = tokio::time::timeout(PATIENCE, exchange(self.address, method, path, body));
        let (status, said) = asked
            .await
            .unwrap_or_else(|_| panic!("{method} {path}: no answer in {PATIENCE:?}"))
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        assert_eq!(status, "200", "{method} {path}: {said:#}");
        said["value"].clone()
    }

    /// Closes the window: the driver's end alone would leave the browser behind.
    fn close(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let (session, address) = (&self.session, self.address);
        write!(
            stream,
            "DELETE {session} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        // It answers when the window is closed.
        stream.read_exact(&mut [0; 1])?;
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Where it cannot be closed any more there is nothing to close.
        let _ = self.close();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Sends a request and reads the answer to the end of its body: the driver keeps the connection
/// open, whatever it is asked.
async fn exchange(
    address: SocketAddr,
    method: &str,
    path: &str,
    body: &Json,
) -> std::io::Result<(String, Json)> {
    let body = match body {
        Json::Null => String::new(),
        body => body.to_string(),
    };
    let length = body.len();
    let mut stream = tokio::net::TcpStream::connect(address).await?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut reader = tokio::io::BufReader::new(stream);
    let (mut status, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).await?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if status.is_empty() {
            status = line.split(' ').nth(1).unwrap_or_default().to_owned();
        } else if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or_default();
        }
    }
    let mut said = vec![0; length];
    reader.read_exact(&mut said).await?;
    Ok((status, serde_json::from_slice(&said)?))
}

/// A driver and its port; `None` when there is none on the `PATH`.
fn start_driver() -> Option<(Child, u16)> {
    let mut driver: Command = command("chromedriver");
    let started = driver
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = match started {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        started => started.expect("chromedriver can be started"),
    };
    let stdout = child.stdout.take().expect("the stream is piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let port = lines.find_map(|line| {
        let (_, port) = line.split_once(STARTED)?;
        port.trim_end_matches('.').parse().ok()
    });
    // It says little more; what it does say must not stop it.
    std::thread::spawn(move || lines.for_each(drop));
    Some((child, port.expect("chromedriver says its port")))
}
