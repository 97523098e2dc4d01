//! A bucket: Amazon's or of whatever else speaks S3, by the usual `AWS_…` variables.

use std::sync::Arc;
use std::time::Duration;

use object_store::ClientOptions;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::client::{HttpClient, HttpConnector};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

/// How long the bucket may take to answer, and to go on with an answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The bucket of this name.
///
/// # Errors
/// When the variables are wrong.
pub fn bucket(name: &str) -> object_store::Result<AmazonS3> {
    AmazonS3Builder::from_env()
        .with_bucket_name(name)
        .with_http_connector(OverRing)
        .build()
}

/// Speaks TLS by ring and the roots that Adyton uses.
#[derive(Debug)]
struct OverRing;

impl HttpConnector for OverRing {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = client().map_err(|source| object_store::Error::Generic {
            store: "S3",
            source,
        })?;
        Ok(HttpClient::new(client))
    }
}

fn client() -> Result<reqwest::Client, Box<dyn std::error::Error + Send + Sync>> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(PATIENCE)
        .read_timeout(PATIENCE)
        .build()?;
    Ok(client)
}
