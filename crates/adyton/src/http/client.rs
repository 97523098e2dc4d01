//! Where a request came from, for a host that asks.

use std::convert::Infallible;
use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::caller::Caller;

/// The address of whoever sent the request, through trusted proxies only (`http.trusted_proxies`):
/// the one that Adyton's own limits count. An extractor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let caller = Caller::in_request(parts);
        Ok(Self(caller.context.address(parts)))
    }
}
