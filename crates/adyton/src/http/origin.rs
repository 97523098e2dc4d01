//! Which pages are our own front end: the origins in the settings, and the one a request names.
//!
//! Deliberately stricter than Sanctum: an origin is taken apart and compared by scheme, host and
//! port. Sanctum compares text without the scheme, and its `*` also matches slashes, so that for it
//! `https://evil.example/x.example.com/` belongs to `*.example.com`.
//! (`EnsureFrontendRequestsAreStateful::fromFrontend`; origins are those of RFC 6454.)

mod pattern;

use std::fmt;
use std::net::Ipv6Addr;

use http::HeaderValue;

pub use self::pattern::{OriginPattern, OriginPatternError};

/// The scheme, host and port of a page. Two are equal if they are the same origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Lower case. `None` if the request did not say.
    scheme: Option<String>,
    /// Lower case; IPv6 in brackets.
    host: String,
    /// `None` for the scheme's default port.
    port: Option<u16>,
}

impl Origin {
    /// Reads an origin, or the origin of an address: what follows the port is left out.
    pub fn parse(address: &str) -> Option<Self> {
        let (scheme, rest) = split_scheme(address)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = split_port(authority)?;
        let port = match port {
            Some(port) => Some(parse_port(port)?),
            None => None,
        };
        let default = scheme.as_deref().and_then(default_port);
        Some(Self {
            host: parse_host(host)?,
            port: port.filter(|_| port != default),
            scheme,
        })
    }

    /// Whether one of these patterns includes this origin.
    pub fn matches(&self, patterns: &[OriginPattern]) -> bool {
        patterns.iter().any(|pattern| pattern.includes(self))
    }

    /// Whether a `Host` header names this origin's host and port. It has no scheme: this origin's
    /// is taken to be meant.
    pub fn is_at(&self, host: &str) -> bool {
        let scheme = self.scheme.as_deref();
        let scheme = scheme.map_or(String::new(), |scheme| format!("{scheme}://"));
        // A path or a query in it would be cut off, not compared.
        let is_bare = !host.contains(['/', '?', '#']);
        is_bare && Self::parse(&format!("{scheme}{host}")).is_some_and(|at| at == *self)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = &self.scheme {
            write!(f, "{scheme}://")?;
        }
        f.write_str(&self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// The origin an `Origin` header names, with or without a scheme.
///
/// `None` means one that is never ours: `null`, as sent by sandboxed frames and local files, or
/// what cannot be read. It does not mean that the header is absent; whoever decides by it must not
/// go on to `Referer` then.
pub fn of_header(value: &HeaderValue) -> Option<Origin> {
    let text = value.to_str().ok()?;
    let origin = text.strip_suffix('/').unwrap_or(text);
    let (_, authority) = split_scheme(origin)?;
    (!authority.contains(['/', '?', '#'])).then(|| Origin::parse(origin))?
}

/// The origin of the page a `Referer` header names: a full address, an origin without a slash, or
/// `host:port` without a scheme, as Nuxt 2 sends from its server.
pub fn of_referer(value: &HeaderValue) -> Option<Origin> {
    Origin::parse(value.to_str().ok()?)
}

/// The scheme in lower case, if there is one, and the rest. `None` if what stands there is none.
fn split_scheme(text: &str) -> Option<(Option<String>, &str)> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some((None, text));
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    is_scheme.then(|| (Some(scheme.to_ascii_lowercase()), rest))
}

/// The host and what stands after its colon. `None` if there are several colons outside brackets.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    let end = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    match authority[end..].split_once(':') {
        None => Some((authority, None)),
        Some((before, port)) => {
            (!port.contains(':')).then(|| (&authority[..end + before.len()], Some(port)))
        }
    }
}

fn parse_port(text: &str) -> Option<u16> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| is_number && *port > 0)
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// A host name in lower case or an IP address. A dot at the end makes another origin for browsers,
/// and is nobody's; `null` is what they send for no origin at all.
fn parse_host(text: &str) -> Option<String> {
    if let Some(address) = text.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    let is_null = text.eq_ignore_ascii_case("null");
    (!is_null && text.len() <= 253 && text.split('.').all(is_label))
        .then(|| text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_what_is_no_origin_match_nothing() {
        for text in [
            "null",
            "NULL",
            "null:80",
            "https://null",
            "",
            "about:blank",
            "data:,x",
            "a b",
        ] {
            let value = HeaderValue::from_static(text);
            assert_eq!(
                (of_header(&value), of_referer(&value)),
                (None, None),
                "{text}"
            );
        }
        let page = HeaderValue::from_static("https://app.example.com/x");
        assert_eq!(of_header(&page), None);
        let foreign = HeaderValue::from_bytes("https://exämple.com".as_bytes());
        assert_eq!(of_referer(&foreign.expect("a header value")), None);
    }

    #[test]
    fn one_origin_has_one_text() {
        let text = |address| Origin::parse(address).map(|origin| origin.to_string());
        for address in [
            "HTTPS://A.example:443/x",
            "https://a.example?x",
            "https://A.EXAMPLE",
        ] {
            assert_eq!(text(address).as_deref(), Some("https://a.example"));
            assert_eq!(Origin::parse(address), Origin::parse("https://a.example"));
        }
        assert_eq!(
            text("http://[::0:1]:81/").as_deref(),
            Some("http://[::1]:81")
        );
        assert_eq!(text("a.example:443").as_deref(), Some("a.example:443"));
    }

    #[test]
    fn an_origin_is_at_the_host_that_a_request_is_sent_to() {
        let is_at = |origin, host| Origin::parse(origin).is_some_and(|origin| origin.is_at(host));
        assert!(is_at("https://a.example", "A.example"));
        assert!(is_at("https://a.example", "a.example:443"));
        assert!(is_at("http://[::1]:8000", "[0::1]:8000"));
        assert!(is_at("a.example:81", "a.example:81"));
        for host in [
            "a.example:80",
            "b.example",
            "a.example.",
            "a.example/x",
            "x@a.example",
            "",
        ] {
            assert!(!is_at("https://a.example", host), "{host}");
        }
    }

    #[test]
    fn sanctums_own_list_of_cases_holds() {
        // Sanctum's EnsureFrontendRequestsAreStatefulTest, with the list [test.com, *.test.com].
        let list = ["test.com", "*.test.com"].map(|text| text.parse().expect("a pattern"));
        let is_ours = |origin: Option<Origin>| origin.is_some_and(|origin| origin.matches(&list));
        let referer = |text| is_ours(of_referer(&HeaderValue::from_static(text)));
        let header = |text| is_ours(of_header(&HeaderValue::from_static(text)));
        assert!(referer("https://test.com"));
        assert!(referer("https://test.com/foo"));
        assert!(referer("https://foobar.test.com/"));
        assert!(!referer("https://wrong.com"));
        assert!(!referer("https://test.com.x"));
        assert!(!referer(""));
        assert!(header("https://test.com"));
        assert!(header("test.com"));
        assert!(header("https://foobar.test.com/"));
        assert!(!header("https://wrong.com"));
        assert!(!header(""));
    }
}
