//! What a page of the front end may load and do, as its Content-Security-Policy.

use axum::http::{HeaderValue, Uri};

/// What Stripe's own script needs beside the place that it comes from: the frames in which a card
/// is typed and a bank asks, and the API.
const STRIPE: &str = " https://js.stripe.com";
const STRIPES_FRAMES: &str = " https://hooks.stripe.com";
const STRIPES_API: &str = " https://api.stripe.com";

/// Its own scripts, styles and sounds, the payment script with its frames, and nothing else. A cover
/// and a beat that are about to be uploaded are shown from the browser's memory (`blob:`), a QR code
/// from the page itself (`data:`).
pub fn for_pages(payment_script: Option<&str>) -> HeaderValue {
    let payments = payment_script.and_then(origin).unwrap_or_default();
    let (frames, api) = match payments.as_str() {
        STRIPE => (STRIPES_FRAMES, STRIPES_API),
        _ => ("", ""),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'{payments}; style-src 'self'; font-src 'self'; \
         img-src 'self' blob: data:; media-src 'self' blob:; manifest-src 'self'; \
         connect-src 'self'{payments}{api}; frame-src 'self'{payments}{frames}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    // An address that is no header's value names no script either.
    let allowed = HeaderValue::try_from(policy);
    allowed.unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// ` https://js.stripe.com` of `https://js.stripe.com/v3/`; none of a path of ours, which is allowed
/// anyway.
fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    Some(format!(" {scheme}://{authority}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(script: &str) -> String {
        let policy = for_pages(Some(script));
        policy.to_str().expect("it is text").to_owned()
    }

    #[test]
    fn stripes_script_may_show_its_frames_and_ask_its_api() {
        let policy = policy("https://js.stripe.com/v3/");
        assert!(
            policy.contains("script-src 'self' https://js.stripe.com;"),
            "{policy}"
        );
        assert!(
            policy.contains("connect-src 'self' https://js.stripe.com https://api.stripe.com;")
        );
        assert!(
            policy.contains("frame-src 'self' https://js.stripe.com https://hooks.stripe.com;")
        );
    }

    #[test]
    fn another_script_may_ask_the_place_that_it_comes_from() {
        let policy = policy("http://localhost:12111/script.js");
        assert!(
            policy.contains("script-src 'self' http://localhost:12111;"),
            "{policy}"
        );
        assert!(!policy.contains("stripe.com"), "{policy}");
    }

    #[test]
    fn a_script_of_our_own_needs_no_other_place() {
        let policy = policy("/practice/script.js");
        assert!(policy.contains("frame-src 'self';"), "{policy}");
        assert!(!policy.contains("://"), "{policy}");
    }

    #[test]
    fn an_address_adds_no_rule() {
        let policy = policy("https://example.com; script-src *");
        assert!(!policy.contains('*'), "{policy}");
    }
}
