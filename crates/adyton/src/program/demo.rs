//! A database that looks as if people used it, for whoever wants to see the product at work.

use std::fmt;
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
        match config.public_url.as_deref() {
            Some(url) => Err(format!(
                "{FLAG} makes users whose passwords everybody knows, and `public_url` is {url}; \
                 leave one of them out"
            )),
            None => Ok(()),
        }
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

impl fmt::Debug for Demo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Demo").finish_non_exhaustive()
    }
}
