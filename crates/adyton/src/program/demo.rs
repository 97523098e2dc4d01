//! A database that looks as if people used it, for whoever wants to see the product at work.

use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;

use crate::adyton::Adyton;
use crate::config::Config;
use crate::error::Result;
use crate::user::UserQuery;

/// What asks for it.
pub(super) const FLAG: &str = "--demo";

type Filling = Pin<Box<dyn Future<Output = Result<()>> + Send>>;

pub(super) struct Demo {
    words: &'static str,
    seed: Box<dyn FnOnce(Adyton) -> Filling + Send>,
}

impl Demo {
    pub(super) fn new<F>(
        words: &'static str,
        seed: impl FnOnce(Adyton) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        Self {
            words,
            seed: Box::new(|adyton| Box::pin(seed(adyton))),
        }
    }

    /// Refuses known passwords where strangers come.
    pub(super) fn check(&self, config: &Config) -> std::result::Result<(), String> {
        let open = match config.public_url.as_deref() {
            Some(url) => format!("`public_url` is {url}"),
            None if is_local(&config.listen) => return Ok(()),
            None => format!("`listen` is {}", config.listen),
        };
        Err(format!(
            "{FLAG} makes users whose passwords everybody knows, and {open}; leave one of them out"
        ))
    }

    /// Fills a database that has no users, and tells what to print.
    pub(super) async fn fill(self, adyton: &Adyton) -> Result<String> {
        let (users, _) = adyton.users().list(&UserQuery::first(1)).await?;
        let filled = match users.is_empty() {
            true => {
                (self.seed)(adyton.clone()).await?;
                ""
            }
            false => "(The database has users: nothing was added to it.)\n\n",
        };
        let address = adyton.config().public_url.clone().unwrap_or_default();
        Ok(format!(
            "{filled}{}",
            self.words.replace("ADDRESS", &address)
        ))
    }
}

/// Whether only this machine gets there.
fn is_local(listen: &str) -> bool {
    match listen.parse::<SocketAddr>() {
        Ok(address) => address.ip().is_loopback(),
        Err(_) => listen.starts_with("localhost:"),
    }
}

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demo").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_passwords_are_for_this_machine() {
        let demo = || Demo::new("", |_| async { Ok(()) });
        let mut config = Config::default();
        for (listen, is_local) in [
            ("127.0.0.1:8000", true),
            ("[::1]:0", true),
            ("localhost:8000", true),
            ("0.0.0.0:8000", false),
            ("[::]:8000", false),
            ("192.0.2.7:8000", false),
            ("shop.example.com:8000", false),
        ] {
            config.listen = listen.to_owned();
            assert_eq!(demo().check(&config).is_ok(), is_local, "{listen}");
        }
        config.listen = "127.0.0.1:8000".to_owned();
        config.public_url = Some("https://shop.example.com".to_owned());
        let refusal = demo().check(&config).expect_err("strangers come there");
        assert!(refusal.contains("https://shop.example.com"), "{refusal}");
    }
}
