//! What of an event's fields the security log keeps.

use std::net::IpAddr;

use serde_json::Value as Json;

use super::Via;
use crate::user::UserId;

/// Whom an event is about.
pub(super) trait Whom {
    fn whom(&self) -> Option<&UserId>;
}

impl Whom for UserId {
    fn whom(&self) -> Option<&UserId> {
        Some(self)
    }
}

impl Whom for Option<UserId> {
    fn whom(&self) -> Option<&UserId> {
        self.as_ref()
    }
}

/// A field as the security log keeps it beside the user and the address, which have columns.
pub(super) trait Fact {
    fn fact(&self) -> Option<Json> {
        None
    }
}

impl Fact for UserId {}
impl Fact for Option<UserId> {}
impl Fact for IpAddr {}

impl Fact for Via {
    fn fact(&self) -> Option<Json> {
        Some(self.as_str().into())
    }
}

impl Fact for String {
    fn fact(&self) -> Option<Json> {
        Some(self.as_str().into())
    }
}

impl Fact for i64 {
    fn fact(&self) -> Option<Json> {
        Some((*self).into())
    }
}

impl Fact for usize {
    fn fact(&self) -> Option<Json> {
        Some((*self).into())
    }
}

impl Fact for &'static str {
    fn fact(&self) -> Option<Json> {
        Some((*self).into())
    }
}

pub(super) fn fact(facts: &mut Json, name: &str, value: Option<Json>) {
    if let Some(value) = value {
        facts[name] = value;
    }
}
