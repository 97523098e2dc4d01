//! Requests that arrive at one moment: all but their last bytes are sent before, and those go
//! together.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

use crate::Answer;
use crate::wire::parse;

pub(crate) async fn run(router: Router, requests: Vec<String>) -> Vec<Answer> {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async { axum::serve(listener, service).await });
    let ready = Arc::new(Barrier::new(requests.len()));
    let mut sent = Vec::with_capacity(requests.len());
    for request in requests {
        let ready = Arc::clone(&ready);
        sent.push(tokio::spawn(send(address, request, ready)));
    }
    let mut answers = Vec::with_capacity(sent.len());
    for answer in sent {
        answers.push(answer.await.expect("each is answered"));
    }
    server.abort();
    answers
}

async fn send(address: SocketAddr, request: String, ready: Arc<Barrier>) -> Answer {
    let (last, rest) = request.as_bytes().split_last().expect("a request");
    let stream = TcpStream::connect(address).await;
    let mut stream = stream.expect("the server takes connections");
    stream.set_nodelay(true).expect("it is a socket");
    stream.write_all(rest).await.expect("it is read");
    ready.wait().await;
    stream.write_all(&[*last]).await.expect("it is read");
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes).await;
    read.expect("the server answers");
    parse(&String::from_utf8(bytes).expect("the answer is UTF-8"))
}
