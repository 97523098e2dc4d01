//! A browser, or a program that may be one: it keeps cookies, says where it is, and sends the
//! CSRF cookie back as scripts do.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::request::Builder;
use http::{Method, Request};
use serde_json::Value as Json;

use crate::Answer;
use crate::app::send;

/// Keeps cookies. Clones share them: they are tabs of one browser.
#[derive(Clone, Debug)]
pub struct Browser {
    router: Router,
    cookies: Option<Arc<Mutex<BTreeMap<String, String>>>>,
    headers: BTreeMap<String, String>,
    peer: SocketAddr,
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        let headers = [
            ("accept", "application/json"),
            ("origin", "http://localhost:3000"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self {
            router,
            cookies: Some(Arc::default()),
            headers: headers.into(),
            peer: SocketAddr::from(([127, 0, 0, 1], 40_000)),
        }
    }

    /// With this header on every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .insert(name.to_ascii_lowercase(), value.to_owned());
        self
    }

    /// Without a header that it would send.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(&name.to_ascii_lowercase());
        self
    }

    /// Keeping no cookies.
    #[must_use]
    pub fn without_cookies(mut self) -> Self {
        self.cookies = None;
        self
    }

    /// Another browser that has copies of this one's cookies: a thief's.
    #[must_use]
    pub fn copied(&self) -> Self {
        let jar = self.jar().map(|jar| jar.clone());
        Self {
            cookies: jar.map(|jar| Arc::new(Mutex::new(jar))),
            ..self.clone()
        }
    }

    /// Connecting from this address.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn from(mut self, address: &str) -> Self {
        self.peer = SocketAddr::new(address.parse().expect("an address"), 40_000);
        self
    }

    /// Without the CSRF header that scripts would send.
    #[must_use]
    pub fn without_csrf_header(self) -> Self {
        self.with("x-xsrf-token", "")
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path), Body::empty())
            .await
    }

    /// `POST` with JSON.
    pub async fn post(&self, path: &str, body: Json) -> Answer {
        self.json(Method::POST, path, body).await
    }

    /// `POST` without a body and its type.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.raw(Method::POST, path, "", "").await
    }

    /// A preflight as browsers send it before a request with this method and these headers.
    pub async fn preflight(&self, path: &str, method: &str, headers: &str) -> Answer {
        let request = self
            .request(Method::OPTIONS, path)
            .header("access-control-request-method", method)
            .header("access-control-request-headers", headers);
        self.send(request, Body::empty()).await
    }

    /// `DELETE` without a body.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path), Body::empty())
            .await
    }

    /// Any method with JSON.
    pub async fn json(&self, method: Method, path: &str, body: Json) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// A request with JSON as it would go over a socket, for [`TestApp::race`](crate::TestApp::race).
    ///
    /// # Panics
    /// When these are no parts of a request.
    pub fn written(&self, method: Method, path: &str, body: &Json) -> String {
        let request = self.request(method, path).body(());
        let request = request.expect("a request of these parts");
        let mut text = format!(
            "{} {path} HTTP/1.1\r\nhost: localhost\r\n",
            request.method()
        );
        for (name, value) in request.headers() {
            text += &format!("{name}: {}\r\n", value.to_str().expect("headers of a test"));
        }
        let body = body.to_string();
        let length = body.len();
        text + &format!(
            "content-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
        )
    }

    /// `POST` with a form.
    pub async fn form(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let body = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let request = self.request(Method::POST, path);
        self.send(
            request.header("content-type", "application/x-www-form-urlencoded"),
            Body::from(body),
        )
        .await
    }

    /// Any method with a body of any type.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        kind: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = self.request(method, path);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        self.send(request, body.into()).await
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.jar()?.get(name).cloned()
    }

    /// Sets a cookie, or takes it away.
    pub fn set_cookie(&self, name: &str, value: Option<&str>) {
        if let Some(mut jar) = self.jar() {
            match value {
                Some(value) => drop(jar.insert(name.to_owned(), value.to_owned())),
                None => drop(jar.remove(name)),
            }
        }
    }

    fn jar(&self) -> Option<MutexGuard<'_, BTreeMap<String, String>>> {
        self.cookies
            .as_ref()
            .map(|jar| jar.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        let mut request = Request::builder().method(method).uri(path);
        let csrf = self
            .cookie("XSRF-TOKEN")
            .filter(|_| !self.headers.contains_key("x-xsrf-token"));
        if let Some(token) = csrf {
            request = request.header("x-xsrf-token", token);
        }
        for (name, value) in self.headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(name, value);
        }
        let pairs = self.jar().map(|jar| {
            jar.iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        });
        match pairs {
            Some(pairs) if !pairs.is_empty() => request.header("cookie", pairs.join("; ")),
            _ => request,
        }
    }

    async fn send(&self, request: Builder, body: Body) -> Answer {
        let mut request = request.body(body).expect("a request of these parts");
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let answer = send(&self.router, request).await;
        self.keep(&answer);
        answer
    }

    fn keep(&self, answer: &Answer) {
        for line in answer.set_cookies() {
            let (pair, attributes) = line.split_once(';').unwrap_or((&line, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let is_over = attributes.contains("Max-Age=0");
            self.set_cookie(name, (!is_over).then_some(value));
        }
    }
}

fn escaped(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |escaped, byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped + &char::from(byte).to_string()
            }
            byte => escaped + &format!("%{byte:02X}"),
        })
}
