//! Who asks for passkeys: the domain that they belong to, and the pages that may use them.

use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use crate::config::Config;
use crate::core::Core;
use crate::error::{BuildError, Error, Result};

/// The two ceremonies by the settings.
///
/// # Errors
/// [`Error::PasskeysUnconfigured`] where they name no domain: an IP address is none.
pub(super) fn relying_party(core: &Core) -> Result<Webauthn> {
    from_settings(&core.config).ok_or(Error::PasskeysUnconfigured)
}

/// What is set for passkeys can work. Where nothing is set, the public address may still be none that
/// can have passkeys: then the routes say so.
///
/// # Errors
/// A domain that is none; an origin that is none, or whose host is not of the domain.
pub(crate) fn check_settings(config: &Config) -> Result<(), BuildError> {
    let (set, origins) = (config.passkeys.rp_id.as_deref(), &config.passkeys.origins);
    if set.is_some_and(|id| !is_domain(id)) {
        let problem = "is no domain such as example.com, without scheme, port and path";
        return Err(BuildError::new("passkeys.rp_id", problem));
    }
    let public = config.public_origin();
    let host = public.as_deref().and_then(host_of);
    if let (Some(id), [], Some(host)) = (set, origins.as_slice(), &host)
        && !is_within(host, id)
    {
        let problem = format!(
            "{id} is neither public_url's host, {host}, nor a domain above it: see passkeys.origins"
        );
        return Err(BuildError::new("passkeys.rp_id", problem));
    }
    let id = set.map(str::to_owned).or(host);
    let unfit = |origin: &String| match (host_of(origin), &id) {
        (None, _) => Some(format!("{origin} is none such as https://app.example.com")),
        (Some(host), Some(id)) if !is_within(&host, id) => Some(format!(
            "{origin} is not of {id}, to which passkeys belong: see passkeys.rp_id"
        )),
        _ => None,
    };
    match origins.iter().find_map(unfit) {
        Some(problem) => Err(BuildError::new("passkeys.origins", problem)),
        None => Ok(()),
    }
}

/// The host of a page that has a name.
fn host_of(origin: &str) -> Option<String> {
    let url = Url::parse(origin).ok()?;
    url.domain().map(str::to_owned)
}

fn is_domain(id: &str) -> bool {
    host_of(&format!("https://{id}")).is_some_and(|host| host == id)
}

fn is_within(host: &str, id: &str) -> bool {
    let before = host.strip_suffix(id);
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

fn from_settings(config: &Config) -> Option<Webauthn> {
    let public = config.public_origin();
    let of_public = || Url::parse(public.as_deref()?).ok();
    let id = match &config.passkeys.rp_id {
        Some(id) => id.clone(),
        None => of_public()?.domain()?.to_owned(),
    };
    let origins: Option<Vec<Url>> = match config.passkeys.origins.as_slice() {
        [] => of_public().map(|origin| vec![origin]),
        origins => origins
            .iter()
            .map(|origin| Url::parse(origin).ok())
            .collect(),
    };
    let origins = origins?;
    // Each is to be of the domain, not the first alone: a browser would refuse the others.
    let builders = origins
        .iter()
        .map(|origin| WebauthnBuilder::new(&id, origin));
    let mut builders: Vec<_> = builders.collect::<Result<_, _>>().ok()?;
    let builder = builders.drain(..).next()?;
    let builder = builder
        .rp_name(&config.app_name)
        .timeout(config.passkeys.timeout)
        .allow_subdomains(false)
        .allow_any_port(false);
    let with_all = |builder: WebauthnBuilder<'_>| {
        let others = origins.iter().skip(1);
        let builder = others.fold(builder, |builder, origin| {
            builder.append_allowed_origin(origin)
        });
        builder.build().ok()
    };
    with_all(builder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(public: Option<&str>, id: Option<&str>, origins: &[&str]) -> Config {
        let mut config = Config {
            public_url: public.map(str::to_owned),
            ..Config::default()
        };
        config.passkeys.rp_id = id.map(str::to_owned);
        config.passkeys.origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
        config
    }

    #[test]
    fn the_public_address_will_do_unless_it_is_an_ip_address() {
        for public in ["http://localhost:8000", "https://app.example.com/deep"] {
            assert!(
                from_settings(&config(Some(public), None, &[])).is_some(),
                "{public}"
            );
        }
        for public in ["http://127.0.0.1:8000", "https://[::1]"] {
            assert!(
                from_settings(&config(Some(public), None, &[])).is_none(),
                "{public}"
            );
        }
        assert!(from_settings(&config(None, None, &[])).is_none());
    }

    #[test]
    fn what_is_set_and_cannot_work_is_refused_with_the_name_of_the_setting() {
        let public = Some("https://app.example.com");
        let refused = |id, origins: &[&str]| {
            let checked = check_settings(&config(public, id, origins));
            checked.map_err(|error| error.to_string())
        };
        for good in [None, Some("example.com"), Some("app.example.com")] {
            assert_eq!(refused(good, &[]), Ok(()));
            assert_eq!(refused(good, &["https://app.example.com"]), Ok(()));
        }
        for id in [
            "https://example.com",
            "example.com:8000",
            "127.0.0.1",
            "Example.com",
            "",
        ] {
            let problem = refused(Some(id), &[]).expect_err(id);
            assert!(
                problem.contains("passkeys.rp_id") && problem.contains("no domain"),
                "{problem}"
            );
        }
        for id in ["example.org", "ple.com"] {
            let problem = refused(Some(id), &[]).expect_err(id);
            assert!(problem.contains("public_url's host"), "{problem}");
        }
        for origin in ["app.example.com", "localhost:5173", "https://127.0.0.1"] {
            let problem = refused(None, &[origin]).expect_err(origin);
            assert!(
                problem.contains("passkeys.origins") && problem.contains(origin),
                "{problem}"
            );
        }
        let problem = refused(Some("example.com"), &["https://evilexample.com"]);
        assert!(
            problem
                .expect_err("it is foreign")
                .contains("not of example.com")
        );
        // A number has no passkeys, and a server by a number starts all the same.
        assert!(check_settings(&config(Some("http://127.0.0.1:8000"), None, &[])).is_ok());
        assert!(check_settings(&config(None, Some("localhost"), &[])).is_ok());
    }

    #[test]
    fn every_origin_is_of_the_domain() {
        let good = ["https://app.example.com", "https://example.com"];
        let foreign = ["https://app.example.com", "https://evilexample.com"];
        let public = Some("https://api.example.com");
        assert!(from_settings(&config(public, Some("example.com"), &good)).is_some());
        assert!(from_settings(&config(public, Some("example.com"), &foreign)).is_none());
        assert!(from_settings(&config(public, Some("example.com"), &["nonsense"])).is_none());
    }
}
