//! Where a request came from when proxies stand before us.
//!
//! `X-Forwarded-For` grows to the right: what a trusted proxy has added is true, all that stands to
//! the left of it may be invented by whoever sent it. Deliberately stricter than Laravel's
//! `TrustProxies`: no proxy is trusted by default, and `Forwarded` and `X-Forwarded-Host` are not read.

use std::net::{IpAddr, SocketAddr};

use http::header::HeaderMap;
use ipnet::IpNet;

/// The address of whoever sent this request: the right-most hop that is not one of our proxies.
/// IPv4 addresses written as IPv6 become IPv4.
///
/// If the connection itself does not come from a trusted proxy, its address is the answer. A hop
/// that is no address ends the walk at the hop before.
pub fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut client = peer.to_canonical();
    let mut hops = values(headers, "x-forwarded-for").rev();
    while is_trusted(client, trusted) {
        let Some(hop) = hops.next().and_then(address) else {
            break;
        };
        client = hop;
    }
    client
}

/// Whether whoever sent this request used https. `direct` says whether this very connection does;
/// only a trusted proxy may say otherwise, and of several `X-Forwarded-Proto` the right-most counts.
pub fn is_https(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet], direct: bool) -> bool {
    if !is_trusted(peer.to_canonical(), trusted) {
        return direct;
    }
    match values(headers, "x-forwarded-proto").next_back() {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"https") => true,
        Some(scheme) if scheme.eq_ignore_ascii_case(b"http") => false,
        _ => direct,
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// The comma-separated values of all headers of this name, trimmed. As bytes, because one foreign
/// byte far to the left must not hide what our proxy has added.
fn values<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> impl DoubleEndedIterator<Item = &'a [u8]> {
    let lines = headers.get_all(name).iter();
    lines
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(<[u8]>::trim_ascii)
}

/// An address, with or without port and, for IPv6, brackets.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = std::str::from_utf8(hop).ok()?;
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address = hop
        .parse()
        .ok()
        .or_else(|| hop.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address
        .or_else(in_brackets)
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.1";

    fn trusted() -> Vec<IpNet> {
        ["10.0.0.0/8", "fd00::/8"]
            .map(|net| net.parse().expect("a network"))
            .to_vec()
    }

    fn sent(name: &'static str, lines: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(
                name,
                http::HeaderValue::from_bytes(line).expect("a header value"),
            );
        }
        headers
    }

    #[track_caller]
    fn assert_client(peer: &str, lines: &[&[u8]], expected: &str) {
        let headers = sent("x-forwarded-for", lines);
        let peer = peer.parse().expect("an address");
        let client = client_address(peer, &headers, &trusted());
        assert_eq!(client.to_string(), expected);
    }

    #[test]
    fn a_stranger_cannot_say_where_he_comes_from() {
        assert_client("203.0.113.9", &[b"192.0.2.1"], "203.0.113.9");
        assert_client("203.0.113.9", &[b"10.0.0.2"], "203.0.113.9");
        assert_client("::ffff:203.0.113.9", &[b"192.0.2.1"], "203.0.113.9");
        assert_client("203.0.113.9", &[], "203.0.113.9");
        let headers = sent("x-forwarded-for", &[b"192.0.2.1"]);
        let peer = PROXY.parse().expect("an address");
        assert_eq!(client_address(peer, &headers, &[]), peer);
    }

    #[test]
    fn what_stands_left_of_the_first_stranger_is_invented() {
        assert_client(PROXY, &[b"192.0.2.1"], "192.0.2.1");
        assert_client(PROXY, &[b"1.1.1.1, 192.0.2.1"], "192.0.2.1");
        assert_client(PROXY, &[b"127.0.0.1, 10.0.0.9, 192.0.2.1"], "192.0.2.1");
        assert_client(
            PROXY,
            &[b"1.1.1.1,192.0.2.1 ,\t10.0.0.2, fd00::1"],
            "192.0.2.1",
        );
        assert_client(
            "fd00::7",
            &[b"1.1.1.1", b"192.0.2.1", b"10.0.0.2"],
            "192.0.2.1",
        );
        assert_client("::ffff:10.0.0.1", &[b"1.1.1.1, 192.0.2.1"], "192.0.2.1");
    }

    #[test]
    fn a_chain_of_our_own_proxies_ends_at_the_outermost() {
        assert_client(PROXY, &[b"10.0.0.3, 10.0.0.2"], "10.0.0.3");
        assert_client(PROXY, &[], PROXY);
    }

    #[test]
    fn a_hop_that_is_no_address_ends_the_walk() {
        let junk: [&[u8]; 14] = [
            b"unknown",
            b"",
            b"_hidden",
            b"192.0.2.1.evil",
            b"192.0.2.01",
            b"0x7f.1",
            b"192.0.2.1:",
            b"192.0.2.1:99999",
            b"[::1",
            b"::1]",
            b"[192.0.2.1]x",
            b"\xff\xfe",
            b"\"192.0.2.1\"",
            b"192.0.2.1 10.0.0.5",
        ];
        for hop in junk {
            assert_client(
                PROXY,
                &[&[b"192.0.2.1, ", hop, b", 10.0.0.2"].concat()],
                "10.0.0.2",
            );
            assert_client(PROXY, &[&[hop, b", 192.0.2.1"].concat()], "192.0.2.1");
            assert_client(PROXY, &[hop], PROXY);
        }
    }

    #[test]
    fn ports_and_brackets_are_tolerated_and_ipv4_is_ipv4() {
        assert_client(PROXY, &[b"192.0.2.1:4711"], "192.0.2.1");
        assert_client(PROXY, &[b"2001:DB8::1"], "2001:db8::1");
        assert_client(PROXY, &[b"[2001:db8::1]"], "2001:db8::1");
        assert_client(PROXY, &[b"[2001:db8::1]:4711"], "2001:db8::1");
        assert_client(PROXY, &[b"::ffff:192.0.2.1"], "192.0.2.1");
        assert_client(PROXY, &[b"192.0.2.1, [::ffff:10.0.0.2]:443"], "192.0.2.1");
    }

    #[test]
    fn https_is_what_our_nearest_proxy_says() {
        let asked = |peer: &str, lines: &[&[u8]], direct| {
            let headers = sent("x-forwarded-proto", lines);
            is_https(
                peer.parse().expect("an address"),
                &headers,
                &trusted(),
                direct,
            )
        };
        assert!(asked(PROXY, &[b"https"], false));
        assert!(asked("::ffff:10.0.0.1", &[b"HTTPS"], false));
        assert!(asked(PROXY, &[b"http, https"], false));
        assert!(!asked(PROXY, &[b"https, http"], false));
        assert!(!asked(PROXY, &[b"https", b"http"], true));
        for direct in [true, false] {
            assert_eq!(asked("203.0.113.9", &[b"https"], direct), direct);
            assert_eq!(asked("203.0.113.9", &[b"http"], direct), direct);
            assert_eq!(asked(PROXY, &[b"https, on"], direct), direct);
            assert_eq!(asked(PROXY, &[], direct), direct);
        }
    }
}
