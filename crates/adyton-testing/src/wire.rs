//! Requests as a document writes them, over a real socket: nothing is added but what a connection
//! needs.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Answer;

/// Sends requests as text. Clones share their cookies.
#[derive(Clone, Debug)]
pub struct Wire {
    address: SocketAddr,
    cookies: Option<Arc<Mutex<BTreeMap<String, String>>>>,
    headers: Vec<(String, String)>,
}

impl Wire {
    /// A program that keeps no cookies.
    pub fn to(address: SocketAddr) -> Self {
        Self {
            address,
            cookies: None,
            headers: Vec::new(),
        }
    }

    /// Keeps cookies and sends them back, whatever their attributes say.
    #[must_use]
    pub fn keeping_cookies(mut self) -> Self {
        self.cookies = Some(Arc::default());
        self
    }

    /// Adds a header to every request, as a browser or a proxy does.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a request as a document shows it: `POST /login`, its headers, an empty line, its
    /// body. `Host`, `Content-Length` and the kept cookies are added.
    ///
    /// # Panics
    /// When the text is no request, or the answer no HTTP.
    pub async fn send(&self, request: &str) -> Answer {
        let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
        let (answer, bytes) = self.deliver(head, body.as_bytes()).await;
        assert!(std::str::from_utf8(&bytes).is_ok(), "the answer is UTF-8");
        answer
    }

    /// Sends a request whose body, or whose answer's, may be no text: its line and headers as
    /// [`send`](Wire::send) takes them, and the body apart. Gives the answer's body as it came.
    ///
    /// # Panics
    /// As [`send`](Wire::send).
    pub async fn deliver(&self, head: &str, body: &[u8]) -> (Answer, Vec<u8>) {
        let mut lines = head.trim().lines().map(str::trim);
        let first = lines.next().expect("a request line");
        let mut text = format!("{first} HTTP/1.1\r\nHost: {}\r\n", self.address);
        for line in lines {
            text += &format!("{line}\r\n");
        }
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        if let Some(cookies) = self.cookie_header() {
            text += &format!("Cookie: {cookies}\r\n");
        }
        if !body.is_empty()
            || !["GET", "HEAD"]
                .iter()
                .any(|method| first.starts_with(method))
        {
            text += &format!("Content-Length: {}\r\n", body.len());
        }
        text += "Connection: close\r\n\r\n";
        let came = self.exchange(&[text.as_bytes(), body].concat()).await;
        let answer = parse(&String::from_utf8_lossy(&came));
        self.keep(&answer);
        let end = came.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        (answer, came[end.expect("a head and a body") + 4..].to_vec())
    }

    /// Sends what a `curl` command line of a document sends: `-X`, `-H`, `-d` and an address, of
    /// which the path counts. As curl does, it takes anything (`Accept: */*`) and calls a body a
    /// form unless a header says otherwise.
    ///
    /// # Panics
    /// For flags that the documents do not use.
    pub async fn curl(&self, command: &str) -> Answer {
        let mut words = shell_words(command).into_iter();
        assert_eq!(words.next().as_deref(), Some("curl"));
        let (mut method, mut path, mut body) = (None, None, None);
        let mut headers: Vec<String> = Vec::new();
        while let Some(word) = words.next() {
            match word.as_str() {
                "-X" => method = words.next(),
                "-H" => headers.extend(words.next()),
                "-d" => body = words.next(),
                flag if flag.starts_with('-') => panic!("curl's {flag} is not in the documents"),
                address => path = Some(path_of(address).to_owned()),
            }
        }
        let names = |name: &str| {
            let start = format!("{name}:");
            headers
                .iter()
                .any(|line| line.to_ascii_lowercase().starts_with(&start))
        };
        let mut added = vec!["User-Agent: curl/7.88.1".to_owned()];
        if !names("accept") {
            added.push("Accept: */*".to_owned());
        }
        if body.is_some() && !names("content-type") {
            added.push("Content-Type: application/x-www-form-urlencoded".to_owned());
        }
        let method = method.unwrap_or_else(|| body.as_ref().map_or("GET", |_| "POST").to_owned());
        let path = path.expect("an address");
        let headers = [added, headers].concat().join("\n");
        let body = body.unwrap_or_default();
        self.send(&format!("{method} {path}\n{headers}\n\n{body}"))
            .await
    }

    /// A kept cookie as it was set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar()?.get(name).cloned()
    }

    /// What the documents' `getCsrfToken` gives: the cookie `XSRF-TOKEN`, decoded.
    ///
    /// # Panics
    /// When there is no such cookie.
    pub fn csrf_token(&self) -> String {
        decoded(&self.cookie("XSRF-TOKEN").expect("an XSRF-TOKEN cookie"))
    }

    /// Takes a cookie away, or sets it.
    pub fn set_cookie(&self, name: &str, value: Option<&str>) {
        if let Some(mut jar) = self.jar() {
            match value {
                Some(value) => drop(jar.insert(name.to_owned(), value.to_owned())),
                None => drop(jar.remove(name)),
            }
        }
    }

    fn jar(&self) -> Option<MutexGuard<'_, BTreeMap<String, String>>> {
        let cookies = self.cookies.as_ref()?;
        Some(cookies.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn cookie_header(&self) -> Option<String> {
        let jar = self.jar()?;
        let pairs = jar.iter().map(|(name, value)| format!("{name}={value}"));
        Some(pairs.collect::<Vec<_>>().join("; ")).filter(|pairs| !pairs.is_empty())
    }

    fn keep(&self, answer: &Answer) {
        for line in answer.set_cookies() {
            let (pair, attributes) = line.split_once(';').unwrap_or((&line, ""));
            if let Some((name, value)) = pair.split_once('=') {
                let is_over = attributes.to_ascii_lowercase().contains("max-age=0");
                self.set_cookie(name, (!is_over).then_some(value));
            }
        }
    }

    async fn exchange(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address)
            .await
            .expect("the server takes connections");
        stream
            .write_all(request)
            .await
            .expect("the server reads the request");
        let mut bytes = Vec::new();
        stream
            .read_to_end(&mut bytes)
            .await
            .expect("the server answers");
        bytes
    }
}

pub(crate) fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.and_then(|code| code.parse::<StatusCode>().ok());
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').expect("a header");
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_str(value.trim()).expect("a header's value");
        headers.append(name, value);
    }
    assert!(
        !headers.contains_key("transfer-encoding"),
        "answers of the documents come whole"
    );
    Answer {
        status: status.expect("a status"),
        headers,
        body: body.to_owned(),
    }
}

/// The words of a command line: quotes, and a backslash at the end of a line.
fn shell_words(command: &str) -> Vec<String> {
    let joined = command.replace("\\\n", " ");
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for character in joined.chars() {
        match (quote, character) {
            (Some(open), end) if open == end => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

/// What follows the host of an address.
fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// JavaScript's `decodeURIComponent`.
fn decoded(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).expect("UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_documents_command_line_is_read_as_a_shell_does() {
        let words = shell_words(
            "curl -X POST https://a.example/x \\\n  -H \"A: b c\" \\\n  -d '{\n  \"e\": \"\"\n}'",
        );
        assert_eq!(
            words,
            [
                "curl",
                "-X",
                "POST",
                "https://a.example/x",
                "-H",
                "A: b c",
                "-d",
                "{\n  \"e\": \"\"\n}"
            ]
        );
        assert_eq!(path_of(&words[3]), "/x");
        assert_eq!(path_of("https://a.example"), "/");
    }

    #[test]
    fn a_cookie_is_decoded_as_scripts_do() {
        assert_eq!(decoded("a%3D%3d%2Bb%"), "a==+b%");
    }
}
