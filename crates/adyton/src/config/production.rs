//! What must not be set so where strangers can reach us.

use std::net::IpAddr;

use http::Uri;

use super::{Config, RegistrationMode};

/// A setting that is unsafe, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The setting's key.
    pub key: &'static str,
    /// What is wrong with it.
    pub problem: String,
    /// What to do.
    pub mend: String,
}

impl Refusal {
    fn new(key: &'static str, problem: impl Into<String>, mend: &str) -> Self {
        Self {
            key,
            problem: problem.into(),
            mend: mend.to_owned(),
        }
    }
}

impl Config {
    /// Why a server for strangers must not start with these settings.
    pub fn unsafe_for_production(&self) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        if self.key.as_ref().is_none_or(|key| key.expose().is_empty()) {
            let mend = "run `adyton key generate` and set ADYTON_KEY to what it prints";
            refusals.push(Refusal::new("key", "there is no key", mend));
        }
        let mend = "set ADYTON_PUBLIC_URL to the https:// address that browsers use";
        match self.public_url.as_deref() {
            None => refusals.push(Refusal::new(
                "public_url",
                "there is no public address",
                mend,
            )),
            Some(url) if !is_safe_url(url) => {
                let problem = format!("{url:?} is not an https:// address");
                refusals.push(Refusal::new("public_url", problem, mend));
            }
            Some(_) => {}
        }
        if self.debug {
            let mend = "set ADYTON_DEBUG=false";
            refusals.push(Refusal::new(
                "debug",
                "answers describe what went wrong inside",
                mend,
            ));
        }
        if self.refuses_everybody() {
            let problem = "public_url is https, and no proxy is named that ends TLS: every request \
                           would be refused as plain HTTP";
            let mend = "set ADYTON_HTTP_TRUSTED_PROXIES to its address, for instance 127.0.0.1/32";
            refusals.push(Refusal::new("http.trusted_proxies", problem, mend));
        }
        refusals
    }

    /// HTTPS is asked for, and nobody is believed who says that a request came over it.
    fn refuses_everybody(&self) -> bool {
        let origin = self.public_origin();
        let is_https = origin.is_some_and(|origin| origin.starts_with("https://"));
        is_https && self.http.require_https && self.http.trusted_proxies.is_empty()
    }

    /// What is worth a word when the server starts, but may be meant.
    pub fn warnings(&self) -> Vec<Refusal> {
        let mut warnings = Vec::new();
        if !self.throttle.enabled {
            let mend = "set ADYTON_THROTTLE_ENABLED=true, unless something before us limits";
            warnings.push(Refusal::new(
                "throttle.enabled",
                "passwords can be guessed freely",
                mend,
            ));
        }
        if self
            .http
            .trusted_proxies
            .iter()
            .any(|network| network.prefix_len() == 0)
        {
            let problem = "every caller can claim any address";
            let mend = "name the networks of your own proxies";
            warnings.push(Refusal::new("http.trusted_proxies", problem, mend));
        }
        let by_mail = self.registration.mode == RegistrationMode::VerifyFirst;
        if by_mail && self.mail.url.is_none() {
            let problem = "nobody can register: a link is to be mailed, and no mail is sent";
            let mend = "set ADYTON_MAIL_URL, or ADYTON_REGISTRATION_MODE to open or closed";
            warnings.push(Refusal::new("registration.mode", problem, mend));
        }
        let origin = self.public_origin();
        if origin.is_some_and(|origin| origin.starts_with("https://")) && self.mail.url.is_none() {
            let problem = "no mail is sent: nobody can prove an address or recover an account";
            let mend = "set ADYTON_MAIL_URL, for instance to smtp://user:password@host:587";
            warnings.push(Refusal::new("mail.url", problem, mend));
        }
        warnings
    }
}

/// Encrypted on the way, or never leaving this machine.
fn is_safe_url(url: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else {
        return false;
    };
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => uri.host().is_some_and(is_loopback),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// The origin of an `http` or `https` address, as browsers write it.
pub(super) fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let scheme = uri.scheme_str()?.to_ascii_lowercase();
    let host = uri
        .host()
        .filter(|host| !host.is_empty())?
        .to_ascii_lowercase();
    let default = match scheme.as_str() {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    Some(match uri.port_u16().filter(|port| *port != default) {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::secret::Secret;

    fn safe() -> Config {
        let mut config = Config {
            key: Some(Secret::new("base64:AAAA".to_owned())),
            public_url: Some("https://app.example.com".to_owned()),
            ..Config::default()
        };
        config.http.trusted_proxies = vec!["127.0.0.1/32".parse().expect("a network")];
        config.mail.url = Some("smtp://127.0.0.1:25".to_owned());
        config
    }

    fn keys(refusals: &[Refusal]) -> Vec<&'static str> {
        refusals.iter().map(|refusal| refusal.key).collect()
    }

    #[test]
    fn the_defaults_are_not_for_strangers() {
        let config = Config {
            debug: true,
            ..Config::default()
        };
        assert_eq!(
            keys(&config.unsafe_for_production()),
            ["key", "public_url", "debug"]
        );
        assert!(safe().unsafe_for_production().is_empty());
    }

    #[test]
    fn plain_http_is_safe_on_loopback_alone() {
        for (url, is_safe) in [
            ("http://app.example.com", false),
            ("http://localhost:8000", true),
            ("HTTP://LOCALHOST", true),
            ("http://127.0.0.1:8000", true),
            ("http://[::1]:8000", true),
            ("http://beatpass.localhost", true),
            ("http://localhost.example.com", false),
            ("http://localhost@example.com", false),
        ] {
            let config = Config {
                public_url: Some(url.to_owned()),
                ..safe()
            };
            assert_eq!(config.unsafe_for_production().is_empty(), is_safe, "{url}");
        }
    }

    #[test]
    fn https_without_a_proxy_that_says_so_would_refuse_everybody() {
        let mut config = safe();
        config.http.trusted_proxies.clear();
        assert_eq!(
            keys(&config.unsafe_for_production()),
            ["http.trusted_proxies"]
        );
        config.http.require_https = false;
        assert!(config.unsafe_for_production().is_empty());
    }

    #[test]
    fn what_may_be_meant_is_a_warning() {
        let mut config = safe();
        config.throttle.enabled = false;
        config.http.trusted_proxies = vec!["0.0.0.0/0".parse().expect("a network")];
        config.mail.url = None;
        assert!(config.unsafe_for_production().is_empty());
        assert_eq!(
            keys(&config.warnings()),
            [
                "throttle.enabled",
                "http.trusted_proxies",
                "registration.mode",
                "mail.url"
            ]
        );
        assert!(safe().warnings().is_empty());
    }

    #[test]
    fn the_public_origin_is_written_as_browsers_do() {
        for (url, expected) in [
            (
                "https://App.Example.com:443/base/",
                Some("https://app.example.com"),
            ),
            ("http://app.example.com:80", Some("http://app.example.com")),
            (
                "https://app.example.com:8443",
                Some("https://app.example.com:8443"),
            ),
            ("http://[::1]:8000", Some("http://[::1]:8000")),
            ("app.example.com", None),
            ("localhost:8000", None),
            ("ftp://app.example.com", None),
            ("https://", None),
        ] {
            let config = Config {
                public_url: Some(url.to_owned()),
                ..Config::default()
            };
            assert_eq!(config.public_origin().as_deref(), expected, "{url}");
        }
    }
}
