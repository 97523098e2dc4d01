//! A closed loop of keep-alive connections: each asks, waits for the answer, asks again.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What a run of load saw.
pub(crate) struct Seen {
    pub answers: u64,
    pub p50: Duration,
    pub p99: Duration,
}

/// Sends these requests in turn over `connections`, for `time`. Every answer must be a 200.
pub(crate) async fn run(
    address: &str,
    requests: &[String],
    connections: usize,
    time: Duration,
) -> Result<Seen> {
    let end = Instant::now() + time;
    let mut conversations = JoinSet::new();
    for at in 0..connections {
        let mut turn: Vec<Vec<u8>> = requests
            .iter()
            .map(|text| text.clone().into_bytes())
            .collect();
        let first = at * 7 % turn.len();
        turn.rotate_left(first);
        let address = address.to_owned();
        conversations.spawn(async move { converse(&address, &turn, end).await });
    }
    let mut times = Vec::new();
    while let Some(conversation) = conversations.join_next().await {
        times.extend(conversation??);
    }
    times.sort_unstable();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    Ok(Seen {
        answers: times.len() as u64,
        p50: at(50),
        p99: at(99),
    })
}

async fn converse(address: &str, requests: &[Vec<u8>], end: Instant) -> Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut buffer) = (Vec::new(), Vec::with_capacity(4096));
    for request in requests.iter().cycle() {
        let begun = Instant::now();
        if begun >= end {
            return Ok(times);
        }
        stream.write_all(request).await?;
        read_answer(&mut stream, &mut buffer).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// One request by itself; gives the head of its answer.
pub(crate) async fn once(address: &str, request: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut buffer = Vec::new();
    read_answer(&mut stream, &mut buffer).await?;
    Ok(String::from_utf8_lossy(&buffer).into_owned())
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<()> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        let Some(head) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let text = std::str::from_utf8(&buffer[..head]).context("an answer's head is not text")?;
        if !(text.starts_with("HTTP/1.1 200") || text.starts_with("HTTP/1.1 204")) {
            bail!("not the answer that was to be measured:\n{text}");
        }
        if buffer.len() >= head + 4 + content_length(text) {
            return Ok(());
        }
    }
}

fn content_length(head: &str) -> usize {
    let line = head.lines().find_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")
            .map(str::to_owned)
    });
    line.and_then(|value| value.trim().parse().ok())
        .unwrap_or(0)
}
