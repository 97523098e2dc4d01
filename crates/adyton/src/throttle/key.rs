//! What is counted, and whom a limit counts.

use std::net::{IpAddr, Ipv6Addr};

/// What is counted: a limit's name and whom it counts. Without `Debug`, because it may hold an
/// email address.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    limit: String,
    by: By,
}

/// Whom a limit counts. An address stands for all that one customer can choose from: an IPv6
/// address for its /64, an IPv4 address written as IPv6 for itself.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum By {
    /// One address.
    Address(IpAddr),
    /// One user who is known, by id.
    User(String),
    /// One account that is being tried, by what was canonically entered, whether or not it exists.
    Account(String),
    /// One browser of one user, by an id that only it brings.
    Browser(String),
}

impl Key {
    /// A counter of this limit. Two limits never share a counter, nor do two kinds of [`By`].
    pub fn new(limit: &str, by: By) -> Self {
        let by = match by {
            By::Address(address) => By::Address(fold(address)),
            by => by,
        };
        Self {
            limit: limit.to_owned(),
            by,
        }
    }
}

/// The part of an address that its holder cannot vary at will.
fn fold(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn addresses_of_one_customer_are_one_key() {
        let same = |one, other| {
            let by = |address| Key::new("login", By::Address(at(address)));
            by(one) == by(other)
        };
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(same("2001:0DB8:0001:0002::", "2001:db8:1:2::1"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
        assert!(!same("::ffff:192.0.2.1", "::ffff:192.0.2.2"));
    }

    #[test]
    fn limits_and_kinds_of_keys_are_apart() {
        let kinds = [
            By::Address(at("192.0.2.1")),
            By::User("1".to_owned()),
            By::Account("1".to_owned()),
            By::Browser("1".to_owned()),
        ];
        let limits = ["login", "forgot"];
        let key = |limit: &str, kind: &By| Key::new(limit, kind.clone());
        let keys: Vec<_> = limits
            .iter()
            .flat_map(|limit| kinds.iter().map(|kind| key(limit, kind)))
            .collect();
        let different: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(different.len(), 8);
    }
}
