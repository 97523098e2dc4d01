//! Bad input gets a clear 4xx in the route's dialect: never a 5xx, a hang or a panic.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use adyton::config::Config;
use adyton_testing::{Answer, Browser, TestApp};
use axum::body::Body;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use http_body::Frame;
use serde_json::{Value as Json, json};

const LOGIN: &str = "/api/v1/auth/login";
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

fn unlimited(config: &mut Config) {
    config.throttle.enabled = false;
}

/// Every route that reads fields, with a body that it takes.
fn routes() -> [(&'static str, Json); 5] {
    let ana = json!({ "email": "ana@example.com", "password": "password" });
    let with = |more: Json| {
        let mut fields = ana.clone();
        for (name, value) in more.as_object().expect("fields") {
            fields[name] = value.clone();
        }
        fields
    };
    let eva =
        json!({ "name": "Eva", "email": "eva@example.com", "password_confirmation": "password" });
    let program = json!({ "device_name": "phone", "abilities": ["user"] });
    [
        ("/login", with(json!({ "remember": true }))),
        ("/register", with(eva.clone())),
        (LOGIN, with(program.clone())),
        ("/api/v1/auth/register", {
            let mut fields = with(eva);
            fields["device_name"] = json!("phone");
            fields
        }),
        (
            "/api/v1/me/tokens",
            json!({ "name": "blog", "abilities": ["user"], "expires_at": "2037-01-01" }),
        ),
    ]
}

/// Values that belong in no field, or in few, as JSON text.
fn values() -> Vec<String> {
    let long = |count: usize| format!("\"{}\"", "x".repeat(count));
    let odd = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.5",
        "-1",
        "1e400",
        "99999999999999999999999",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "[\"\"]",
        "[0]",
        "{\"a\":1}",
        "{\"email\":\"x\"}",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u202e\"",
        "\"\\ufeff\"",
        "\"\\ufffe\"",
        "\"\\u200b\"",
        "\"\\r\\n\"",
        "\"😀\"",
        "\"a@b@c\"",
        "\"a@b\\r\\nBcc: c@d\"",
        "\"${jndi:x}\"",
        "\"%s%n\"",
        "\"' OR 1=1 --\"",
        "\"<script>\"",
        "\"../../x\"",
        "\"\\\\\"",
        "\"{{7*7}}\"",
        "\"=1+1\"",
        "\"NaN\"",
        "NaN",
        "Infinity",
        "undefined",
        "'x'",
        "0x10",
        "01",
        "+1",
        ".5",
        "\"",
        "[",
        "{",
        "",
        "nul",
    ];
    let mut all: Vec<String> = odd.map(str::to_owned).to_vec();
    all.extend([
        long(255),
        long(256),
        long(1_024),
        long(1_025),
        long(60_000),
        long(70_000),
    ]);
    all.push(format!("[{}]", vec!["\"user\""; 51].join(",")));
    all.push("[".repeat(10_000) + &"]".repeat(10_000));
    all.push("{\"a\":".repeat(5_000) + "1" + &"}".repeat(5_000));
    all
}

/// What every refusal looks like, whichever it is.
#[track_caller]
fn assert_worded(answer: &Answer, path: &str, what: &str) {
    let status = answer.status.as_u16();
    assert!((200..500).contains(&status), "{path} {what}: {answer:#?}");
    if status < 400 {
        return;
    }
    assert!(!answer.code().is_empty(), "{path} {what}: {answer:#?}");
    let body = answer.json();
    assert!(
        body["message"]
            .as_str()
            .is_some_and(|said| !said.is_empty()),
        "{path} {what}: {body}"
    );
    let is_envelope = path.starts_with("/api/v1/");
    assert_eq!(
        body.get("success"),
        is_envelope.then_some(&json!(false)),
        "{path} {what}"
    );
    assert_eq!(
        body["errors"]["code"].is_string(),
        is_envelope,
        "{path} {what}"
    );
    if status == 422 {
        assert!(
            body["errors"]
                .as_object()
                .is_some_and(|errors| errors.len() > usize::from(is_envelope))
        );
    }
}

struct Senders {
    app: TestApp,
    token: String,
}

impl Senders {
    async fn new() -> Self {
        let app = TestApp::with(unlimited).await;
        let user = app.user("ana@example.com").await;
        let token = app.token(&user, &["user"]).await;
        Self { app, token }
    }

    async fn to(&self, path: &str) -> Browser {
        if path.starts_with("/api/v1/auth/") {
            return self.app.anonymous();
        }
        if path.starts_with("/api/") {
            return self.app.bearer(&self.token);
        }
        let browser = self.app.browser();
        browser.get("/sanctum/csrf-cookie").await.assert_status(204);
        browser
    }

    async fn post(&self, path: &str, kind: &str, body: impl Into<Body>) -> Answer {
        self.to(path)
            .await
            .raw(Method::POST, path, kind, body)
            .await
    }
}

#[tokio::test]
async fn every_field_of_every_route_takes_any_value_calmly() {
    let senders = Senders::new().await;
    for (path, fields) in routes() {
        for name in fields.as_object().expect("fields").keys() {
            for value in values() {
                let mut others = fields.clone();
                others.as_object_mut().expect("fields").remove(name);
                let others = others.to_string();
                let body = format!("{{\"{name}\":{value},{}", &others[1..]);
                let answer = senders.post(path, JSON, body).await;
                let shown: String = value.chars().take(40).collect();
                assert_worded(&answer, path, &format!("{name}={shown}"));
                let is_needed = ["email", "password"].contains(&name.as_str());
                if is_needed && !value.starts_with("\"x") {
                    assert!(
                        answer.status.is_client_error(),
                        "{path} {name}={shown}: {answer:#?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn every_field_of_every_form_takes_any_text_calmly() {
    let senders = Senders::new().await;
    let texts = [
        "",
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "%E2%80%AE",
        "%",
        "%zz",
        "+",
        "a=b",
        "on",
        "[]",
        "%F0%9F%98%80",
    ];
    for (path, fields) in routes() {
        for name in fields.as_object().expect("fields").keys() {
            for (text, suffix) in texts
                .iter()
                .flat_map(|text| ["", "[]", "[x]", "[0][y]"].map(|end| (text, end)))
            {
                let mut body = format!("{name}{suffix}={text}");
                for (other, value) in fields.as_object().expect("fields") {
                    if other != name
                        && let Some(value) = value.as_str()
                    {
                        body += &format!("&{other}={}", value.replace('@', "%40"));
                    }
                }
                let answer = senders.post(path, FORM, body.clone()).await;
                assert_worded(&answer, path, &body);
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_json_object_is_a_400_that_says_where() {
    let senders = Senders::new().await;
    let deep = "[".repeat(10_000);
    let bomb = format!("{{\"a\":{deep}");
    let huge = format!("{{\"a\":{}}}", "9".repeat(5_000));
    let not_utf8 = b"{\"email\":\"\xff\xfe\"}";
    let overlong = b"{\"email\":\"\xc0\xaf\"}";
    let bodies: Vec<(&[u8], &str)> = vec![
        (b"{", "not valid JSON"),
        (b"{\"a\"", "not valid JSON"),
        (b"{\"a\":1,}", "not valid JSON"),
        (b"{'a':1}", "not valid JSON"),
        (b"{a:1}", "not valid JSON"),
        (b"{\"a\":NaN}", "not valid JSON"),
        (b"{\"a\":1} x", "not valid JSON"),
        (b"{}{}", "not valid JSON"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b"{\"a\":\"\\ud800\"}", "not valid JSON"),
        (b"{\"a\":\"\t\"}", "not valid JSON"),
        (b" ", "not valid JSON"),
        (b"{\"a\":1e999}", "not valid JSON"),
        (b"// x\n{}", "not valid JSON"),
        (b"\0", "not valid JSON"),
        (bomb.as_bytes(), "not valid JSON"),
        (huge.as_bytes(), "not valid JSON"),
        (deep.as_bytes(), "must be a JSON object"),
        (b"[]", "must be a JSON object"),
        (b"null", "must be a JSON object"),
        (b"true", "must be a JSON object"),
        (b"\"x\"", "must be a JSON object"),
        (b"7", "must be a JSON object"),
        (not_utf8, "not valid UTF-8"),
        (overlong, "not valid UTF-8"),
        (
            b"{\"email\":1,\"email\":2}",
            "The name email stands more than once",
        ),
        (
            b"{\"email\":1,\"em\\u0061il\":2}",
            "The name email stands more than once",
        ),
        (
            b"{\"a`b\\u0000\":1,\"a`b\\u0000\":2}",
            "The name ab stands more than once",
        ),
    ];
    for (path, _) in routes() {
        for (body, said) in &bodies {
            let what = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            let answer = senders.post(path, JSON, body.to_vec()).await;
            assert_worded(answer.assert_status(400), path, &what);
            assert_eq!(answer.code(), "MALFORMED");
            let message = answer.json()["message"].as_str().expect("words").to_owned();
            assert!(message.contains(said), "{what}: {message}");
        }
    }
    let answer = senders.post(LOGIN, JSON, "{\n  \"email\": x\n}").await;
    assert_eq!(
        answer.json()["message"],
        "The request body is not valid JSON (line 2, column 12)."
    );
}

#[tokio::test]
async fn a_body_may_be_as_large_as_the_limit_and_no_larger() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.http.body_limit = 1_000;
    })
    .await;
    app.user("ana@example.com").await;
    let padded = |size: usize| {
        let body = "{\"email\":\"ana@example.com\",\"password\":\"password\"";
        format!("{body}{}}}", " ".repeat(size - body.len() - 1))
    };
    let program = app.anonymous();
    program
        .raw(Method::POST, LOGIN, JSON, padded(1_000))
        .await
        .assert_status(200);
    let refused = program.raw(Method::POST, LOGIN, JSON, padded(1_001)).await;
    assert_eq!(refused.assert_status(413).code(), "BODY_TOO_LARGE");
    assert_eq!(
        refused.json()["message"],
        "The request body must not be larger than 1000 bytes."
    );
    assert_worded(&refused, LOGIN, "too large");
    // Of unknown length, as chunks come.
    let unknown = |size| Body::new(Chunks(vec![Some(b"{".repeat(100)); size]));
    program
        .raw(Method::POST, LOGIN, JSON, unknown(11))
        .await
        .assert_status(413);
    program
        .raw(Method::POST, LOGIN, JSON, unknown(9))
        .await
        .assert_status(400);
    for kind in [FORM, "multipart/form-data; boundary=x"] {
        program
            .raw(Method::POST, LOGIN, kind, padded(1_001))
            .await
            .assert_status(413);
    }
    program
        .raw(Method::DELETE, "/api/v1/me/tokens/1", JSON, padded(1_001))
        .await
        .assert_status(401);
}

/// Chunks of a body; `None` breaks it off.
struct Chunks(Vec<Option<Vec<u8>>>);

impl http_body::Body for Chunks {
    type Data = axum::body::Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Poll::Ready(self.0.pop().map(|chunk| match chunk {
            Some(bytes) => Ok(Frame::data(bytes.into())),
            None => Err(std::io::Error::other("the connection broke")),
        }))
    }
}

/// A body whose end never comes.
struct Never;

impl http_body::Body for Never {
    type Data = axum::body::Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Infallible>>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_or_never_ends_is_a_400() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.http.body_timeout = Duration::from_millis(20);
    })
    .await;
    for kind in [JSON, FORM, "multipart/form-data; boundary=x", "text/plain"] {
        for body in [
            Body::new(Chunks(vec![None, Some(b"{".to_vec())])),
            Body::new(Never),
        ] {
            let answer = app.anonymous().raw(Method::POST, LOGIN, kind, body).await;
            assert_eq!(
                answer.assert_status(400).json()["message"],
                "The request body could not be read."
            );
        }
    }
}

#[tokio::test]
async fn a_body_of_another_kind_is_a_415() {
    let senders = Senders::new().await;
    let body = "{\"email\":\"ana@example.com\",\"password\":\"password\"}";
    for (path, _) in routes() {
        for kind in [
            "",
            "text/plain",
            "text/json",
            "application/xml",
            "application/jsonp",
            "application/x-json",
            "json",
            "text/plain; application/json",
            "text/plain;charset=application/json",
            "application/",
            "/",
            ";",
            "application/json, text/plain",
            "application/octet-stream",
            "image/svg+xml",
            "\u{e9}",
            "*/*",
        ] {
            let answer = senders.post(path, kind, body).await;
            assert_worded(answer.assert_status(415), path, kind);
            assert_eq!(answer.code(), "BODY_UNSUPPORTED", "{kind}");
        }
        for encoding in [
            "gzip",
            "br",
            "deflate",
            "zstd",
            "x-gzip",
            "gzip, identity",
            "",
            "chunked",
            "Identity",
        ] {
            let sender = senders.to(path).await;
            let request = Request::post(path).header("content-encoding", encoding);
            let request = request.header("content-type", JSON).header("accept", JSON);
            let mut request = request.header("origin", "http://localhost:3000");
            if let Some(cookie) = sender.cookie("adyton_session") {
                request = request.header("cookie", format!("adyton_session={cookie}"));
                request = request.header(
                    "x-xsrf-token",
                    sender.cookie("XSRF-TOKEN").expect("a cookie"),
                );
            }
            if path.starts_with("/api/v1/me") {
                request = request.header("authorization", format!("Bearer {}", senders.token));
            }
            let answer = senders
                .app
                .send(request.body(Body::from(body)).expect("a request"))
                .await;
            assert_worded(answer.assert_status(415), path, encoding);
        }
    }
    for kind in [
        "application/json",
        "APPLICATION/JSON; charset=utf-8",
        "application/vnd.api+json",
    ] {
        senders.post(LOGIN, kind, body).await.assert_status(200);
    }
}

#[tokio::test]
async fn a_form_is_read_as_php_reads_it_and_says_each_field_once() {
    let senders = Senders::new().await;
    let good = "email=ana%40example.com&password=password";
    senders.post(LOGIN, FORM, good).await.assert_status(200);
    senders
        .post(
            LOGIN,
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
            good,
        )
        .await
        .assert_status(200);
    for (twice, field) in [
        (
            "email=ana%40example.com&password=password&email=eva%40example.com",
            "email",
        ),
        (
            "email=ana%40example.com&password=password&password=x",
            "password",
        ),
        (
            "email=ana%40example.com&password=password&%70assword=x",
            "password",
        ),
        (
            "email=ana%40example.com&password=password&device_name=a&device_name=a",
            "device_name",
        ),
        (
            "email[]=ana%40example.com&password=password&email=ana%40example.com",
            "email",
        ),
        (
            "email=ana%40example.com&password=password&password[]=x",
            "password",
        ),
    ] {
        let answer = senders.post(LOGIN, FORM, twice).await;
        let errors = answer.assert_status(422).json();
        let said = format!(
            "The {} field stands more than once in the request.",
            field.replace('_', " ")
        );
        assert_eq!(errors["errors"][field][0], json!(said), "{twice}: {errors}");
    }
    for broken in [
        "email=%ff&password=password",
        "%ff=x",
        "email=a\u{0}b",
        "a=%c0%af",
    ] {
        let answer = senders.post(LOGIN, FORM, broken).await;
        assert!(answer.status.is_client_error(), "{broken}");
        assert_worded(&answer, LOGIN, broken);
    }
    let many: String = (0..6_000).map(|at| format!("f{at}=&")).collect();
    senders
        .post(LOGIN, FORM, many + good)
        .await
        .assert_status(200);
    let same = "abilities[]=x&".repeat(4_000);
    senders
        .post("/api/v1/me/tokens", FORM, same + "name=x")
        .await
        .assert_status(422);
}

#[tokio::test]
async fn multipart_is_read_or_refused_whole() {
    let senders = Senders::new().await;
    let part = |name: &str, text: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let good = part("email", "ana@example.com") + &part("password", "password") + "--x--\r\n";
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", good.clone())
        .await
        .assert_status(200);
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
    ] {
        let answer = senders.post(LOGIN, kind, good.clone()).await;
        assert_worded(answer.assert_status(400), LOGIN, kind);
    }
    let twice = part("email", "a@b.c") + &good;
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", twice)
        .await
        .assert_status(422);
    let file = good.replace("name=\"password\"", "name=\"password\"; filename=\"x.txt\"");
    let answer = senders
        .post(LOGIN, "multipart/form-data; boundary=x", file)
        .await;
    assert_worded(&answer, LOGIN, "a file");
    for broken in [
        "--x",
        "--x\r\n",
        "--x\r\n\r\n",
        &good[..60],
        "--x\r\nContent-Disposition: x\r\n\r\ny\r\n--x--",
        "\0",
    ] {
        let answer = senders
            .post(LOGIN, "multipart/form-data; boundary=x", broken.to_owned())
            .await;
        assert!(answer.status.is_client_error(), "{broken}");
        assert_worded(&answer, LOGIN, broken);
    }
    let mut bytes = part("email", "").into_bytes();
    bytes.extend(
        b"--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n\xff\xfe\r\n--x--\r\n",
    );
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", bytes)
        .await
        .assert_status(400);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_a_405_with_those_it_has() {
    let app = TestApp::with(unlimited).await;
    for route in app.adyton.route_table() {
        let path = route.path.replace("{token_id}", "1");
        let methods = [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE", "get",
        ];
        for method in methods {
            let request = Request::builder()
                .method(method)
                .uri(&path)
                .header("accept", JSON);
            let answer = app
                .send(request.body(Body::empty()).expect("a request"))
                .await;
            if answer.status != 405 {
                continue;
            }
            let mut allowed: Vec<&str> = answer.header("allow").split(',').collect();
            allowed.sort_unstable();
            assert!(
                allowed.contains(&&*route.method),
                "{method} {path}: {allowed:?}"
            );
            assert!(!allowed.contains(&method), "{method} {path}");
            if method != "HEAD" {
                assert_worded(&answer, &path, method);
                let methods = answer.header("allow").replace(',', ", ");
                let words = format!(
                    "The {method} method is not supported for route {}. Supported methods: {methods}.",
                    &path[1..]
                );
                assert_eq!(answer.json()["message"], words);
            }
        }
        let unknown = Request::builder()
            .method("PURGE")
            .uri(&path)
            .body(Body::empty());
        assert_eq!(
            app.send(unknown.expect("a request")).await.status,
            405,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_path_that_is_none_is_a_404_in_the_words_of_its_place() {
    let app = TestApp::new().await;
    for path in [
        "/nowhere",
        "/",
        "/api/nowhere",
        "/api/v1/nowhere",
        "/api/v1/",
        "/apis",
        "/%00",
        "/%ff",
        "/a/../b",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
            let answer = app.anonymous().json(method, path, json!({})).await;
            assert_worded(answer.assert_status(404), path, "no route");
            let words = format!("The route {} could not be found.", &path[1..]);
            assert_eq!(answer.json()["message"], words);
        }
    }
    let longest = format!("/{}", "x".repeat(60_000));
    app.anonymous().get(&longest).await.assert_status(404);
    let page = app
        .anonymous()
        .with("accept", "text/html")
        .get("/\"&amp;x")
        .await;
    assert!(page.assert_status(404).body.starts_with("<!doctype html>"));
    assert!(
        page.body.contains("The route &quot;&amp;amp;x could"),
        "{}",
        page.body
    );
}

/// Headers as anybody may send them: nothing in them is a fault of ours.
#[tokio::test]
async fn headers_of_any_kind_are_taken_calmly() {
    let senders = Senders::new().await;
    let token = &senders.token;
    let long = "x".repeat(60_000);
    let cookies = vec!["a=b"; 5_000].join("; ");
    let bearer = |text: &str| text.replace("TOKEN", token);
    let corpus: Vec<(&str, Vec<String>)> = vec![
        (
            "authorization",
            [
                "",
                "Bearer",
                "Bearer ",
                "Bearer %",
                "Bearer  TOKEN",
                "Bearer\tTOKEN",
                "BearerTOKEN",
                "Bearer TOKEN ",
                "Bearer TOKEN,x",
                "Bearer TOKEN TOKEN",
                "Basic TOKEN",
                "Token TOKEN",
                "xBearer TOKEN",
                "Bearer 1|",
                "Bearer |x",
                "Bearer 0|0",
                "Bearer -1|x",
                "Bearer 99999999999999999999|x",
                "Bearer 1||",
                "Bearer null",
                "Bearer undefined",
                "Bearer 1|\u{e9}",
                "Bearer '--",
                "Bearer TOKEN\u{a0}",
                "Digest a=b",
                "Bearer \u{feff}TOKEN",
                "Bearer 1e0|x",
                "Bearer 0x1|x",
                "Bearer \u{661}|x",
                &long,
            ]
            .iter()
            .map(|text| bearer(text))
            .collect(),
        ),
        (
            "cookie",
            [
                "",
                ";",
                "=",
                "==",
                "; ;",
                "a",
                "adyton_session",
                "adyton_session=",
                "adyton_session=\"x\"",
                "adyton_session=a; adyton_session=b",
                "%61dyton_session=x",
                "adyton_session=%00",
                " adyton_session =x",
                "__Host-adyton_session=x",
                "adyton_remember=x",
                "adyton_remember=.",
                "adyton_remember=a.b.c",
                "XSRF-TOKEN=x",
                "\u{e9}=\u{e9}",
                "$Version=1; a=b",
                "a=b, c=d",
                &cookies,
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "origin",
            [
                "",
                "null",
                "http://",
                "://",
                "http://localhost:3000/",
                "http://localhost:3000, x",
                "localhost",
                "http://localhost:99999",
                "http://[::1",
                "http://\u{e9}",
                "file://",
                "data:,",
                "http://a@localhost:3000",
                "HTTP://LOCALHOST:3000",
                "http://localhost:3000#",
                "http://localhost:3000\\.evil.example",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "referer",
            [
                "",
                "x",
                "http://",
                "http://localhost:3000/%ff",
                "about:blank",
                "javascript:alert(1)",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "host",
            [
                "",
                ":",
                "a:b",
                "[",
                "[::1]:x",
                "evil.example, localhost",
                "\u{e9}",
                "a b",
                "a/b",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "accept",
            [
                "",
                ",",
                ";",
                "*",
                "q=",
                "a/b;q=",
                "text/html;q=nan",
                "text/html;q=inf",
                "*/*;q=-1",
                "\"",
                "\"\\",
                "text/html;q=999999999999999999999999999999",
                "application/json;q=1e9",
                "\u{e9}",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "content-type",
            [
                "",
                ";",
                "application/json;",
                "application/json; charset=\u{e9}",
                "multipart/form-data;",
                "multipart/form-data; boundary=\"",
                "multipart/form-data; boundary=\u{e9}",
                "a/b/c",
                &long,
            ]
            .map(str::to_owned)
            .to_vec(),
        ),
        (
            "content-length",
            vec![
                "-1".to_owned(),
                "x".to_owned(),
                "99999999999999999999".to_owned(),
            ],
        ),
        (
            "sec-fetch-site",
            vec![
                "".to_owned(),
                "x".to_owned(),
                "cross-site".to_owned(),
                "Same-Origin".to_owned(),
            ],
        ),
        (
            "x-xsrf-token",
            vec![
                "".to_owned(),
                "v1".to_owned(),
                "v1..".to_owned(),
                "v1.a.b".to_owned(),
                long.clone(),
            ],
        ),
        (
            "x-forwarded-for",
            vec![",".to_owned(), ",".repeat(60_000), "::".to_owned()],
        ),
        (
            "x-http-method-override",
            vec![
                "".to_owned(),
                "DELETE".to_owned(),
                "\u{e9}".to_owned(),
                long.clone(),
            ],
        ),
        (
            "user-agent",
            vec!["".to_owned(), "\u{e9}".to_owned(), long.clone()],
        ),
    ];
    let body = "{\"email\":\"ana@example.com\",\"password\":\"password\"}";
    for (name, lines) in &corpus {
        for line in lines {
            for (method, path) in [
                (Method::GET, "/api/user"),
                (Method::POST, "/login"),
                (Method::POST, LOGIN),
                (Method::GET, "/sanctum/csrf-cookie"),
                (Method::POST, "/api/v1/me/tokens/1"),
                (Method::OPTIONS, "/login"),
            ] {
                for repeated in [false, true] {
                    let value = HeaderValue::from_bytes(line.as_bytes()).expect("a header's bytes");
                    let mut request = Request::builder().method(&method).uri(path);
                    if *name != "content-type" {
                        request = request.header("content-type", JSON);
                    }
                    request = request.header(*name, value.clone());
                    if repeated {
                        request = request.header(*name, value);
                    }
                    let answer = senders
                        .app
                        .send(request.body(Body::from(body)).expect("a request"))
                        .await;
                    let shown: String = line.chars().take(40).collect();
                    assert!(
                        !answer.status.is_server_error(),
                        "{path} {name}: {shown}: {answer:#?}"
                    );
                    if *name == "authorization" && path == "/api/user" {
                        answer.assert_status(401);
                    }
                }
            }
        }
    }
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        let request =
            Request::get("/api/user").header("authorization", format!("{scheme} {token}"));
        let request = request.body(Body::empty()).expect("a request");
        senders.app.send(request).await.assert_status(200);
    }
}

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
