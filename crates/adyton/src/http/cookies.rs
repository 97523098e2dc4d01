//! The `Cookie` header, read byte by byte, and `Set-Cookie` as Laravel writes it.
//!
//! Reading is deliberately stricter than PHP and the usual Rust jars. Those decode percent signs in
//! names, so that `%5F%5FHost-x` passes for `__Host-x` (CVE-2020-8184, CVE-2020-7070); trim Unicode
//! spaces, which do the same; take one of two cookies of a name, which may be the one a sibling
//! subdomain has set; or drop a whole header for one foreign byte. See RFC 6265, section 5.4.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::header::{COOKIE, HeaderMap, HeaderValue};

/// Headers with more are treated as if they had none.
const MAX_COOKIES: usize = 64;
/// Of all `Cookie` headers together.
const MAX_BYTES: usize = 8 * 1024;
/// Browsers cap lifetimes at 400 days (RFC 6265bis, section 5.5).
const MAX_LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// What Symfony goes back by to delete a cookie: a year and a second.
const LONG_AGO: TimeDelta = TimeDelta::seconds(31_536_001);

/// What the request's cookies say about one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// There is no such cookie.
    None,
    /// Its value, exactly as it was sent.
    One(&'a [u8]),
    /// The name occurs more than once, even if with one value. One of them is not ours: a cookie
    /// that grants something must then be treated as absent.
    Duplicate,
}

/// Looks for a cookie in all `Cookie` headers. Names are compared as bytes and nothing is decoded.
/// What is not `name=value` is skipped; more than 64 cookies or 8 KiB count as none.
pub fn find<'a>(headers: &'a HeaderMap, name: &str) -> Found<'a> {
    if headers
        .get_all(COOKIE)
        .iter()
        .map(HeaderValue::len)
        .sum::<usize>()
        > MAX_BYTES
    {
        return Found::None;
    }
    let pieces = headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(is_end));
    let mut found = Found::None;
    for (index, (its_name, value)) in pieces.filter_map(pair).enumerate() {
        if index == MAX_COOKIES {
            return Found::None;
        }
        if its_name == name.as_bytes() {
            found = match found {
                Found::None => Found::One(value),
                Found::One(_) | Found::Duplicate => Found::Duplicate,
            };
        }
    }
    found
}

fn is_end(byte: &u8) -> bool {
    *byte == b';'
}

/// One pair. A nameless one is none: `=__Host-x=evil` must not become a cookie `__Host-x`.
fn pair(piece: &[u8]) -> Option<(&[u8], &[u8])> {
    let piece = trim(piece);
    let equals = piece.iter().position(|byte| *byte == b'=')?;
    (equals > 0).then(|| (&piece[..equals], &piece[equals + 1..]))
}

/// Without spaces and tabs at the ends, and those only.
fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// The name by which a browser keeps a cookie to this one host: on https, `__Host-` is put before
/// it. On plain http, where browsers refuse that prefix, it is left out.
pub fn host_prefixed(name: &str, secure: bool) -> String {
    let bare = name.strip_prefix("__Host-").unwrap_or(name);
    if secure {
        format!("__Host-{bare}")
    } else {
        bare.to_owned()
    }
}

/// Which requests from other sites carry the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameSite {
    /// Following a link.
    Lax,
    /// None.
    Strict,
}

/// A cookie to set, on the path `/`.
#[derive(Clone, Copy, Debug)]
pub struct SetCookie<'a> {
    /// Without `domain`, if it begins with `__Host-`.
    pub name: &'a str,
    /// In the clear; it is percent-encoded on the wire.
    pub value: &'a str,
    /// `None` until the browser is closed. At most 400 days.
    pub max_age: Option<Duration>,
    /// `None` for this host only.
    pub domain: Option<&'a str>,
    /// Hidden from scripts.
    pub http_only: bool,
    /// Sent over https only.
    pub secure: bool,
    /// Which requests from other sites carry it.
    pub same_site: SameSite,
}

impl SetCookie<'_> {
    /// The `Set-Cookie` header, in the words and order of Symfony's `Cookie::__toString`, which
    /// Laravel uses.
    pub fn header(&self, now: DateTime<Utc>) -> HeaderValue {
        let mut value = String::with_capacity(self.value.len());
        encode(&mut value, self.value, b"-_.~");
        let lifetime = self.max_age.map(|age| {
            let seconds = i64::try_from(age.min(MAX_LIFETIME).as_secs()).unwrap_or(0);
            (
                now.checked_add_signed(TimeDelta::seconds(seconds))
                    .unwrap_or(now),
                seconds,
            )
        });
        self.write(&value, lifetime)
    }

    /// The `Set-Cookie` header that deletes this cookie. Browsers want its `secure`, path and domain
    /// repeated.
    pub fn expired(&self, now: DateTime<Utc>) -> HeaderValue {
        self.write(
            "deleted",
            Some((now.checked_sub_signed(LONG_AGO).unwrap_or(now), 0)),
        )
    }

    fn write(&self, value: &str, lifetime: Option<(DateTime<Utc>, i64)>) -> HeaderValue {
        let mut text = String::with_capacity(160 + value.len());
        // Settings cannot smuggle in attributes or headers either.
        encode(&mut text, self.name, b"!#$&'*+-.^_`|~");
        let _ = write!(text, "={value}");
        if let Some((expires, seconds)) = lifetime {
            let expires = expires.format("%a, %d %b %Y %H:%M:%S GMT");
            let _ = write!(text, "; expires={expires}; Max-Age={seconds}");
        }
        text.push_str("; path=/");
        if let Some(domain) = self.domain {
            text.push_str("; domain=");
            encode(&mut text, domain, b".-_");
        }
        text.push_str(if self.secure { "; secure" } else { "" });
        text.push_str(if self.http_only { "; httponly" } else { "" });
        text.push_str(match self.same_site {
            SameSite::Lax => "; samesite=lax",
            SameSite::Strict => "; samesite=strict",
        });
        HeaderValue::try_from(text).expect("only visible ASCII and spaces were written")
    }
}

/// Percent-encodes all but letters, digits and the `plain` bytes. With `-_.~` this is PHP's
/// `rawurlencode`.
fn encode(text: &mut String, raw: &str, plain: &[u8]) {
    for byte in raw.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "__Host-adyton_session";

    fn sent(lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                COOKIE,
                HeaderValue::from_bytes(line).expect("a header value"),
            );
        }
        headers
    }

    #[track_caller]
    fn assert_found(line: &[u8], expected: Found<'_>) {
        assert_eq!(
            find(&sent(&[line]), NAME),
            expected,
            "{}",
            String::from_utf8_lossy(line)
        );
    }

    #[test]
    fn a_cookie_is_found_among_others_with_its_value_untouched() {
        assert_found(b"__Host-adyton_session=abc", Found::One(b"abc"));
        assert_found(
            b"a=1; __Host-adyton_session=a=b%3D\"c\"; z=2",
            Found::One(b"a=b%3D\"c\""),
        );
        assert_found(b"a=1;\t__Host-adyton_session=abc \t;z", Found::One(b"abc"));
        assert_found(b"__Host-adyton_session=", Found::One(b""));
        assert_found(b"a=1", Found::None);
        assert_eq!(find(&HeaderMap::new(), NAME), Found::None);
    }

    #[test]
    fn names_that_only_look_alike_are_others() {
        for name in [
            "%5F%5FHost-adyton_session",
            "%5f%5fHost-adyton_session",
            "__host-adyton_session",
            "__HOST-ADYTON_SESSION",
            "\u{2000}__Host-adyton_session",
            "\u{a0}__Host-adyton_session",
            "\u{feff}__Host-adyton_session",
            "\u{85}__Host-adyton_session",
            "__Host-adyton_session\u{3000}",
            "__Host-adyton_session ",
            "__Host-adyton_session[0]",
            "..Host-adyton_session",
            "$__Host-adyton_session",
        ] {
            assert_found(format!("{name}=evil").as_bytes(), Found::None);
            let beside = format!("{name}=evil; __Host-adyton_session=good");
            assert_found(beside.as_bytes(), Found::One(b"good"));
        }
        assert_found(b"\xa0__Host-adyton_session=evil", Found::None);
    }

    #[test]
    fn nameless_pairs_are_no_cookies() {
        assert_found(b"=__Host-adyton_session=evil", Found::None);
        assert_found(b" = __Host-adyton_session=evil", Found::None);
        assert_found(b"__Host-adyton_session", Found::None);
        assert_found(
            b"=__Host-adyton_session=evil; __Host-adyton_session=a",
            Found::One(b"a"),
        );
    }

    #[test]
    fn a_name_that_occurs_twice_is_a_duplicate_even_with_one_value() {
        assert_found(
            b"__Host-adyton_session=a; __Host-adyton_session=b",
            Found::Duplicate,
        );
        assert_found(
            b"__Host-adyton_session=a; x=1; __Host-adyton_session=a",
            Found::Duplicate,
        );
        let lines: [&[u8]; 3] = [
            b"__Host-adyton_session=a",
            b"b=1",
            b"__Host-adyton_session=a",
        ];
        assert_eq!(find(&sent(&lines), NAME), Found::Duplicate);
        assert_eq!(find(&sent(&lines[..2]), NAME), Found::One(b"a"));
    }

    #[test]
    fn foreign_bytes_and_junk_in_neighbours_do_no_harm() {
        assert_found(b"x=\xff; __Host-adyton_session=abc", Found::One(b"abc"));
        assert_found(
            "ü=ß; __Host-adyton_session=abc; ✓".as_bytes(),
            Found::One(b"abc"),
        );
        assert_found(
            b";;= ; ;==;\"; __Host-adyton_session=abc;,",
            Found::One(b"abc"),
        );
    }

    #[test]
    fn lines_of_set_cookie_sent_back_whole_are_understood() {
        let line = b"XSRF-TOKEN=abc; expires=Tue, 21 Jan 2025 12:00:00 GMT; Max-Age=7200; path=/; \
            samesite=lax; __Host-adyton_session=id; expires=Tue, 21 Jan 2025 12:00:00 GMT; \
            Max-Age=7200; path=/; secure; httponly; samesite=lax";
        assert_found(line, Found::One(b"id"));
        assert_eq!(find(&sent(&[line]), "XSRF-TOKEN"), Found::One(b"abc"));
        assert_eq!(find(&sent(&[line]), "secure"), Found::None);
    }

    #[test]
    fn too_many_cookies_or_bytes_count_as_none() {
        let mut line = b"__Host-adyton_session=a".to_vec();
        line.extend(b"; x=1".repeat(63));
        assert_found(&line, Found::One(b"a"));
        line.extend(b"; x=1");
        assert_found(&line, Found::None);

        let mut line = b"__Host-adyton_session=a; x=".to_vec();
        line.resize(8 * 1024, b'y');
        assert_found(&line, Found::One(b"a"));
        assert_eq!(find(&sent(&[&line, b"z"]), NAME), Found::None);
    }

    fn noon() -> DateTime<Utc> {
        "2025-01-21T10:00:00Z".parse().expect("a date")
    }

    const COOKIE_TO_SET: SetCookie<'_> = SetCookie {
        name: "XSRF-TOKEN",
        value: "v1.a b=+/|~",
        max_age: Some(Duration::from_secs(7200)),
        domain: Some(".example.com"),
        http_only: true,
        secure: true,
        same_site: SameSite::Lax,
    };

    #[test]
    fn a_cookie_is_set_in_laravels_words() {
        assert_eq!(
            COOKIE_TO_SET.header(noon()),
            "XSRF-TOKEN=v1.a%20b%3D%2B%2F%7C~; expires=Tue, 21 Jan 2025 12:00:00 GMT; \
             Max-Age=7200; path=/; domain=.example.com; secure; httponly; samesite=lax"
        );
        let plain = SetCookie {
            max_age: None,
            domain: None,
            http_only: false,
            secure: false,
            same_site: SameSite::Strict,
            ..COOKIE_TO_SET
        };
        let expected = "XSRF-TOKEN=v1.a%20b%3D%2B%2F%7C~; path=/; samesite=strict";
        assert_eq!(plain.header(noon()), expected);
    }

    #[test]
    fn a_deleted_cookie_keeps_its_attributes() {
        assert_eq!(
            COOKIE_TO_SET.expired(noon()),
            "XSRF-TOKEN=deleted; expires=Mon, 22 Jan 2024 09:59:59 GMT; Max-Age=0; path=/; \
             domain=.example.com; secure; httponly; samesite=lax"
        );
    }

    #[test]
    fn nothing_can_be_smuggled_into_a_header() {
        let evil = "a\r\nSet-Cookie: b=c; domain=évil";
        let cookie = SetCookie {
            name: evil,
            value: evil,
            domain: Some(evil),
            max_age: Some(Duration::MAX),
            ..COOKIE_TO_SET
        };
        let header = cookie.header(DateTime::<Utc>::MAX_UTC);
        let header = header.to_str().expect("visible ASCII");
        assert_eq!(header.matches("; ").count(), 7);
        assert!(header.contains("; Max-Age=34560000;"));
    }

    #[test]
    fn the_host_prefix_is_for_https_only() {
        assert_eq!(
            host_prefixed("laravel_session", true),
            "__Host-laravel_session"
        );
        assert_eq!(
            host_prefixed("__Host-laravel_session", true),
            "__Host-laravel_session"
        );
        assert_eq!(
            host_prefixed("__Host-laravel_session", false),
            "laravel_session"
        );
        assert_eq!(host_prefixed("laravel_session", false), "laravel_session");
    }
}
