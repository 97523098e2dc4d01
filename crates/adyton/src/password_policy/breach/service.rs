//! A look-up at a service that learns five of the forty digits of the hash, which hundreds of
//! passwords have in common, and answers with all that begin so.

use super::{Unknown, line};
use crate::outbound;

/// Digits that are sent.
const SENT: usize = 5;

/// Digits that stay here.
const KEPT: usize = 35;

/// An answer has some forty kilobytes.
const LONGEST: usize = 1024 * 1024;

/// Whether a service knows a hash.
pub(super) async fn knows(url: &str, hash: &str) -> Result<bool, Unknown> {
    let (sent, kept) = hash.split_at(SENT);
    let client = outbound::client().map_err(Unknown::Broken)?;
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
}
