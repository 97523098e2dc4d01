//! Whether an event comes from Stripe: `Stripe-Signature: t=…,v1=…`, an HMAC over the time and the
//! body as it came.

use adyton::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Seconds that an event may be old: an older one may be a recording.
const TOLERANCE: i64 = 300;

/// Whether one of the header's signatures is right, and of about `now`, in Unix time.
pub fn is_good(secret: &Secret<String>, header: &str, body: &[u8], now: i64) -> bool {
    let pairs = || {
        header
            .split(',')
            .filter_map(|pair| pair.trim().split_once('='))
    };
    let time = pairs().find(|(name, _)| *name == "t");
    let Some((text, time)) = time.and_then(|(_, text)| Some((text, text.parse::<i64>().ok()?)))
    else {
        return false;
    };
    if now.abs_diff(time) > TOLERANCE.unsigned_abs() {
        return false;
    }
    let expected = signed(secret, text, body);
    let mut given = pairs().filter(|(name, _)| *name == "v1");
    given.any(|(_, given)| bool::from(given.as_bytes().ct_eq(expected.as_bytes())))
}

/// The signature of a body at a time, in lower-case hex.
pub fn signed(secret: &Secret<String>, time: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;

    fn header(secret: &str, time: i64) -> String {
        let time = time.to_string();
        format!("t={time},v0=old,v1={}", signed(&secret.into(), &time, BODY))
    }

    /// Computed by `printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_a`.
    #[test]
    fn the_signature_is_the_one_that_openssl_computes() {
        assert_eq!(
            signed(&"whsec_a".into(), "1700000000", BODY),
            "97ea69f91fd566038386bacf87292eb0d73a8207414ee62ed313d49996fe0639"
        );
    }

    #[test]
    fn forged_stale_and_altered_events_are_refused() {
        let now = 1_700_000_000;
        let secret: Secret<String> = "whsec_a".into();
        assert!(is_good(&secret, &header("whsec_a", now), BODY, now));
        assert!(is_good(&secret, &header("whsec_a", now - 300), BODY, now));
        for (header, body) in [
            (header("whsec_b", now), BODY),
            (header("whsec_a", now - 301), BODY),
            (header("whsec_a", now + 301), BODY),
            (header("whsec_a", now), &b"{}"[..]),
            ("t=1700000000".to_owned(), BODY),
            ("v1=00".to_owned(), BODY),
            (String::new(), BODY),
        ] {
            assert!(!is_good(&secret, &header, body, now), "{header}");
        }
    }
}
