//! Telling the shop what happened, by a signed request as Stripe's.

use std::io;
use std::time::Duration;

use adyton::Secret;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::Practice;
use crate::money::signature;

/// How often it is tried.
const TRIES: u64 = 3;

/// How long the shop may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends an event, again if the shop does not take it.
pub fn send(practice: &Practice, mut event: Json) {
    let practice = practice.clone();
    event["id"] = format!("evt_practice{}", Secret::random(20).expose()).into();
    event["object"] = json!("event");
    event["livemode"] = json!(false);
    tokio::spawn(async move {
        for delay in 0..TRIES {
            sleep(Duration::from_secs(delay)).await;
            let delivered = timeout(PATIENCE, deliver(&practice, event.to_string())).await;
            if matches!(delivered, Ok(Ok(true))) {
                return;
            }
        }
        tracing::warn!("the shop did not take an event of the practice Stripe");
    });
}

/// By hand: one request to our own address needs no client.
async fn deliver(practice: &Practice, body: String) -> io::Result<bool> {
    let time = practice.clock.now().timestamp().to_string();
    let signature = signature::signed(&practice.webhook, &time, body.as_bytes());
    let request = format!(
        "POST /stripe/webhook HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Stripe-Signature: t={time},v1={signature}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        practice.shop,
        body.len()
    );
    let mut stream = TcpStream::connect(practice.shop).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}
