//! Who asks for passkeys: the domain that they belong to, and the pages that may use them.

use url::Url;
use webauthn_rs::prelude::{Webauthn, WebauthnBuilder};

use crate::config::Config;
use crate::core::Core;
use crate::error::{Error, Result};

/// The two ceremonies by the settings.
///
/// # Errors
/// [`Error::PasskeysUnconfigured`] where they name no domain: an IP address is none.
pub(super) fn relying_party(core: &Core) -> Result<Webauthn> {
    from_settings(&core.config).ok_or(Error::PasskeysUnconfigured)
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
    fn every_origin_is_of_the_domain() {
        let good = ["https://app.example.com", "https://example.com"];
        let foreign = ["https://app.example.com", "https://evilexample.com"];
        let public = Some("https://api.example.com");
        assert!(from_settings(&config(public, Some("example.com"), &good)).is_some());
        assert!(from_settings(&config(public, Some("example.com"), &foreign)).is_none());
        assert!(from_settings(&config(public, Some("example.com"), &["nonsense"])).is_none());
    }
}
