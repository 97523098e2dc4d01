//! How other servers are asked: over TLS of our own choice, and without being sent on elsewhere.

use std::sync::{Arc, LazyLock};

use reqwest::{Client, redirect};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// One for the process, made when it is first needed. A connection is not kept for the next time:
/// that may be far off, and it would belong to a runtime that may have ended.
static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(made);

/// What asks.
///
/// # Errors
/// When TLS cannot be spoken; it says why.
pub(crate) fn client() -> Result<&'static Client, String> {
    CLIENT.as_ref().map_err(String::clone)
}

fn made() -> Result<Client, String> {
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

/// An error and what it came of, without the address, whose query may hold a secret.
pub(crate) fn told(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn https_can_be_spoken() {
        super::client().expect("a client with ring behind it");
    }
}
