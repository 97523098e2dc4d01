//! Good requests that something happened to, by the thousand.

use axum::body::Body;
use http::{HeaderName, HeaderValue, Request, Uri};
use serde_json::json;

use super::{FORM, JSON, LOGIN, Senders};

/// A generator that gives the same numbers at every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }

    /// Some bytes changed, taken out, doubled, or put in from a list of troublemakers.
    fn mutated(&mut self, bytes: &mut Vec<u8>) {
        const TROUBLE: [&[u8]; 24] = [
            b"\0",
            b"\xff",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\"",
            b"{",
            b"}",
            b"[",
            b"]",
            b",",
            b":",
            b"null",
            b"1e999",
            b"\\u0000",
            b"\\ud800",
            b"%00",
            b"%ff",
            b"&",
            b"=",
            b"|",
            b"\r\n",
            b"--x\r\n",
            b";",
            b"..",
        ];
        let at = self.below(bytes.len() + 1);
        let end = (at + self.below(8)).min(bytes.len());
        match self.below(5) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => bytes.truncate(at),
            _ => drop(bytes.splice(at..at, self.of(&TROUBLE).iter().copied())),
        }
    }
}

/// Twenty thousand requests, each a good one that something happened to.
#[tokio::test]
async fn no_mutated_request_is_ever_a_fault_of_ours() {
    let senders = Senders::new().await;
    let mut random = Random(0x5eed_0fad_d170_0011);
    let paths = [
        "/login",
        "/logout",
        "/register",
        "/sanctum/csrf-cookie",
        "/api/user",
        LOGIN,
        "/api/v1/auth/register",
        "/api/v1/auth/logout",
        "/api/v1/me",
        "/api/v1/me/tokens",
        "/api/v1/me/tokens/1",
        "/api/v1/admin/users?page=2&per_page=3&search=ana",
    ];
    let kinds = [JSON, FORM, "multipart/form-data; boundary=x", "text/plain"];
    let names = [
        "authorization",
        "cookie",
        "origin",
        "referer",
        "accept",
        "content-type",
        "x-xsrf-token",
        "x-http-method-override",
        "sec-fetch-site",
        "host",
        "content-encoding",
        "x-forwarded-for",
    ];
    let bodies = [
        json!({ "email": "ana@example.com", "password": "password", "remember": true, "device_name": "x" }).to_string(),
        json!({ "name": "Eva", "email": "eva@example.com", "password": "password", "password_confirmation": "password" })
            .to_string(),
        json!({ "name": "x", "abilities": ["user", "comments:write"], "expires_at": "2037-01-01 00:00:00" }).to_string(),
        "email=ana%40example.com&password=password&abilities[]=user&_method=DELETE&_token=x".to_owned(),
        "--x\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nana@example.com\r\n--x--\r\n".to_owned(),
    ];
    let user = senders
        .app
        .adyton
        .find_user("ana@example.com")
        .await
        .expect("there");
    let (mut sent, mut cookie, mut csrf, mut bearer) =
        (0, String::new(), String::new(), String::new());
    let mut statuses = std::collections::BTreeMap::<u16, u32>::new();
    while sent < 20_000 {
        if sent % 250 == 0 && cookie.is_empty() | (sent % 500 == 0) {
            let browser = senders.app.logged_in("ana@example.com").await;
            cookie = format!(
                "adyton_session={}",
                browser.cookie("adyton_session").expect("a cookie")
            );
            csrf = browser.cookie("XSRF-TOKEN").expect("a cookie");
            bearer = format!(
                "Bearer {}",
                senders.app.token(&user, &["user", "admin"]).await
            );
        }
        let method = random.of(&[
            "GET", "POST", "POST", "POST", "DELETE", "PUT", "HEAD", "OPTIONS",
        ]);
        let mut path = random.of(&paths).as_bytes().to_vec();
        let mut body = bodies[random.below(bodies.len())].clone().into_bytes();
        let mut headers: Vec<(&str, Vec<u8>)> = vec![
            (
                "content-type",
                kinds[random.below(kinds.len() * 2) % 4].into(),
            ),
            ("origin", b"http://localhost:3000".to_vec()),
            (
                "accept",
                random
                    .of(&["application/json", "text/html", "*/*", ""])
                    .into(),
            ),
        ];
        match random.below(3) {
            0 => headers.push(("authorization", bearer.clone().into_bytes())),
            1 => headers.extend([
                ("cookie", cookie.clone().into_bytes()),
                ("x-xsrf-token", csrf.clone().into_bytes()),
            ]),
            _ => {}
        }
        for _ in 0..=random.below(4) {
            match random.below(8) {
                0 => random.mutated(&mut path),
                1 => headers.push((
                    random.of(&names),
                    random.of(&["x", "null", "", "DELETE", "gzip"]).into(),
                )),
                2 => {
                    let at = random.below(headers.len());
                    random.mutated(&mut headers[at].1);
                }
                _ => random.mutated(&mut body),
            }
        }
        let Some(request) = built(method, &path, &headers, &body) else {
            continue;
        };
        sent += 1;
        let answer = senders.app.send(request).await;
        *statuses.entry(answer.status.as_u16()).or_default() += 1;
        let what = || {
            let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let headers: Vec<_> = headers
                .iter()
                .map(|(name, value)| format!("{name}: {}", shown(value)))
                .collect();
            format!(
                "request {sent}: {method} {} {headers:?}\n{}\n{answer:#?}",
                shown(&path),
                shown(&body)
            )
        };
        assert!(!answer.status.is_server_error(), "{}", what());
        assert!(
            !answer.status.is_client_error() || !answer.code().is_empty(),
            "{}",
            what()
        );
    }
    // The fuzz is worth something only where requests come through as well.
    for status in [200, 201, 204, 400, 401, 404, 405, 415, 419, 422] {
        assert!(statuses.contains_key(&status), "{statuses:?}");
    }
}

/// `None` where the bytes are no request that a server would hand on.
fn built(
    method: &str,
    path: &[u8],
    headers: &[(&str, Vec<u8>)],
    body: &[u8],
) -> Option<Request<Body>> {
    let uri = Uri::try_from(path).ok()?;
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        request = request.header(name, HeaderValue::from_bytes(value).ok()?);
    }
    request.body(Body::from(body.to_vec())).ok()
}
