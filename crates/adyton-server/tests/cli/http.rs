//! As much of an HTTP client as the tests need. An answer that breaks off is an error.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value as Json;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A whole answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Request {
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: Vec::new(),
            body: String::new(),
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub fn json(mut self, body: &Json) -> Self {
        self.body = body.to_string();
        self.header("Content-Type", "application/json")
    }

    /// The request that a printed `curl` line makes, and where it goes.
    pub fn of_curl(line: &str) -> (SocketAddr, Self) {
        let words = words(line);
        let mut words = words.iter().map(String::as_str);
        assert_eq!((words.next(), words.next()), (Some("curl"), Some("-s")));
        let url = words.next().expect("an address");
        let url = url.strip_prefix("http://").expect("plain HTTP");
        let (address, path) = url.split_once('/').expect("a path");
        let mut request = Self::new("GET", &format!("/{path}"));
        while let Some(flag) = words.next() {
            let value = words.next().expect("a value");
            match flag {
                "-H" => {
                    let (name, value) = value.split_once(": ").expect("a header");
                    request = request.header(name, value);
                }
                "-d" => {
                    request.method = "POST".to_owned();
                    request.body = value.to_owned();
                }
                other => panic!("curl {other}"),
            }
        }
        (address.parse().expect("an address and a port"), request)
    }

    /// Sends it and reads the whole answer.
    pub fn send(&self, to: SocketAddr) -> io::Result<Answer> {
        let mut stream = connect(to)?;
        stream.write_all(self.head().as_bytes())?;
        stream.write_all(self.body.as_bytes())?;
        answer(&mut stream)
    }

    /// What precedes the body.
    pub fn head(&self) -> String {
        let (method, path, length) = (&self.method, &self.path, self.body.len());
        let headers: String = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n"
        )
    }
}

impl Answer {
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The cookies that it sets, as a browser sends them back.
    pub fn cookies(&self) -> Vec<(String, String)> {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next()?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }
}

pub fn connect(to: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

/// Reads to the end of the connection.
pub fn answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let text = String::from_utf8(bytes).map_err(|_| broken())?;
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|status| status.parse().ok());
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, length)| length.parse().ok());
    if length.unwrap_or(0) != body.len() {
        return Err(broken());
    }
    Ok(Answer {
        status: status.ok_or_else(broken)?,
        headers,
        body: body.to_owned(),
    })
}

/// A line's words as a shell reads them: single quotes keep spaces.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for c in line.trim().chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words
}
