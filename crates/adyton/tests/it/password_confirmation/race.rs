//! Requests whose last bytes arrive together.

use std::net::SocketAddr;

use adyton_testing::{Browser, PASSWORD, TestApp};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::ANA;

/// Serves an application on a socket.
async fn served(app: &TestApp) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let service = app
        .router()
        .into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// A request as this browser sends it.
fn request(browser: &Browser, first_line: &str, body: &str) -> String {
    let session = browser.cookie("adyton_session").expect("a session");
    let token = browser.cookie("XSRF-TOKEN").expect("a token");
    let length = body.len();
    format!(
        "{first_line} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
         Origin: http://localhost:3000\r\nCookie: adyton_session={session}\r\n\
         X-XSRF-TOKEN: {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// All but the last byte of each, then the last bytes together: the statuses and the answers.
async fn together(address: SocketAddr, requests: &[String]) -> Vec<(u16, String)> {
    let mut streams = Vec::new();
    for request in requests {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let bytes = request.as_bytes();
        let but_last = &bytes[..bytes.len() - 1];
        stream.write_all(but_last).await.expect("it is read");
        streams.push((stream, bytes[bytes.len() - 1]));
    }
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    for (stream, last) in &mut streams {
        stream.write_all(&[*last]).await.expect("it is read");
    }
    let mut answers = Vec::new();
    for (mut stream, _) in streams {
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("an answer");
        let status = text.get(9..12).and_then(|code| code.parse().ok());
        answers.push((status.expect("a status"), text));
    }
    answers
}

/// The session that an answer gives, in a browser of its own.
fn given(app: &TestApp, answer: &str) -> Option<Browser> {
    let line = answer
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: adyton_session="))?;
    let browser = app.browser();
    browser.set_cookie("adyton_session", line.split(';').next());
    Some(browser)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_in_flight_does_not_bring_an_ended_session_back() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let address = served(&app).await;
    let body = json!({ "password": PASSWORD }).to_string();
    for round in 0..8 {
        let browser = app.logged_in(ANA).await;
        let confirm = request(&browser, "POST /user/confirm-password", &body);
        let logout = request(&browser, "POST /logout", "{}");
        let requests = match round % 2 {
            0 => [confirm, logout],
            _ => [logout, confirm],
        };
        let answers = together(address, &requests).await;
        let of = |at: usize| &answers[if round % 2 == 0 { at } else { 1 - at }];
        let ((confirmed, text), (left, _)) = (of(0), of(1));
        // One of them was first. After a logout nobody confirms. After a confirmation the logout
        // came with an id that is dead: either it finds nobody, or it was known a moment before
        // and ends what is left of it, which is nothing.
        let rows = app.count("sessions").await;
        match confirmed {
            201 => {
                let after = given(&app, text).expect("a new session");
                let is_in = after.get("/api/user").await.status == 200;
                assert_eq!(rows, i64::from(is_in), "round {round}: {answers:#?}");
                assert!(is_in, "round {round}: {answers:#?}");
            }
            401 | 419 => {
                assert_eq!(*left, 204, "round {round}: {answers:#?}");
                assert_eq!(rows, 0, "round {round}: {answers:#?}");
            }
            other => panic!("round {round}: {other}: {answers:#?}"),
        }
        browser.get("/api/user").await.assert_status(401);
        let sql = "DELETE FROM sessions";
        app.adyton.db().run(sql, &[]).await.expect("deleted");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_confirmation_and_the_end_of_all_sessions_leave_none() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    let ana = app.user(ANA).await;
    let address = served(&app).await;
    let body = json!({ "password": PASSWORD }).to_string();
    for round in 0..6 {
        let browser = app.logged_in(ANA).await;
        let confirm = request(&browser, "POST /user/confirm-password", &body);
        let sent = [confirm];
        let (answers, ended) =
            tokio::join!(together(address, &sent), app.adyton.end_sessions(&ana));
        // Whichever was first: the end covers the session under its old or its new id, or found
        // it gone already and its confirmation came after, which is then the epoch's to refuse.
        let ended = ended.expect("ended");
        let rows = app.count("sessions").await;
        assert_eq!((ended, rows), (1, 0), "round {round}: {answers:#?}");
        if let Some(after) = given(&app, &answers[0].1) {
            after.get("/api/user").await.assert_status(401);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_confirmations_at_once_one_has_the_session() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    let address = served(&app).await;
    let body = json!({ "password": PASSWORD }).to_string();
    for round in 0..4 {
        let browser = app.logged_in(ANA).await;
        let requests: Vec<String> = (0..6)
            .map(|_| request(&browser, "POST /user/confirm-password", &body))
            .collect();
        let answers = together(address, &requests).await;
        let right = answers.iter().filter(|(status, _)| *status == 201);
        assert_eq!(right.count(), 1, "round {round}: {answers:#?}");
        assert!(
            answers
                .iter()
                .all(|(status, _)| [201, 401].contains(status))
        );
        assert_eq!(app.count("sessions").await, 1 + round);
    }
}
