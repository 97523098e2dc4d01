//! A look-up at a service that learns five of the forty digits of the hash, which hundreds of
//! passwords have in common, and answers with all that begin so.

use std::sync::{Arc, LazyLock};

use reqwest::{Client, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::{Unknown, line};

/// Digits that are sent.
const SENT: usize = 5;

/// Digits that stay here.
const KEPT: usize = 35;

/// An answer has some forty kilobytes.
const LONGEST: usize = 1024 * 1024;

/// One for the process, made when it is first needed. A connection is not kept for the next
/// password: those are far between, and it would belong to a runtime that may have ended.
static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(client);

fn client() -> Result<Client, String> {
    // Of this client alone: what the whole process uses is the host's to choose.
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        })
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(concat!("adyton/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|error| error.to_string())
}

/// Whether a service knows a hash.
pub(super) async fn knows(url: &str, hash: &str) -> Result<bool, Unknown> {
    let (sent, kept) = hash.split_at(SENT);
    let client = CLIENT
        .as_ref()
        .map_err(|why| Unknown::Broken(why.clone()))?;
    // Padded, the length of the answer does not tell who listens what was asked.
    let asked = client
        .get(format!("{url}{sent}"))
        .header("add-padding", "true");
    let mut answer = asked.send().await?;
    if answer.status() != http::StatusCode::OK {
        return Err(Unknown::Status(answer.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST {
            return Err(Unknown::Rubbish);
        }
    }
    holds(&body, kept)
}

/// Whether an answer has these last digits.
fn holds(body: &[u8], kept: &str) -> Result<bool, Unknown> {
    let body = std::str::from_utf8(body).map_err(|_| Unknown::Rubbish)?;
    // Five digits that no password has do not exist: an empty answer is none.
    if body.is_empty() {
        return Err(Unknown::Rubbish);
    }
    let mut has_leaked = false;
    for text in body.lines() {
        let (digits, count) = line(text, KEPT)?;
        has_leaked |= count > 0 && digits.eq_ignore_ascii_case(kept);
    }
    Ok(has_leaked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_failed_is_told_without_a_digit_of_the_hash() {
        let hash = "ABCDE".repeat(8);
        // Nothing listens there.
        let error = knows("http://127.0.0.1:1/range/", &hash).await;
        let error = error.expect_err("a refusal");
        assert!(matches!(error, Unknown::Service(_)));
        let told = format!("{error} {error:?}");
        assert!(told.contains("passwords.breach_url"), "{told}");
        assert!(!told.contains("ABCDE"), "{told}");
    }

    #[test]
    fn https_can_be_spoken() {
        client().expect("a client with ring behind it");
    }
}
