//! Headers of any kind.

use axum::body::Body;
use http::{HeaderValue, Method, Request};

use super::{JSON, LOGIN, Senders};

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
