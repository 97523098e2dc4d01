//! Bodies as a whole: no JSON, too large, broken off, endless or of another kind.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use adyton_testing::TestApp;
use axum::body::Body;
use http::{Method, Request};
use http_body::Frame;

use super::{FORM, JSON, LOGIN, Senders, assert_worded, routes, unlimited};

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
