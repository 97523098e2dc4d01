//! `[mail]`: which server takes our mail, who it is from, and how long is tried.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use http::Uri;
use percent_encoding::percent_decode_str;

use super::Config;
use super::adapters::{Concealed, at_least, checked};
use super::setting::Visit;
use crate::crypto::secret::Secret;
use crate::email;

/// What `mail.url` may be.
pub(crate) const URLS: &str = "smtp://user:password@host:587, smtps://user:password@host:465, or \
    smtp://127.0.0.1:1025 for a server on this machine";

/// What `app_name` may be.
pub(super) const NAME: &str = "a name in one line, without < > @ and quotes";

/// The longest name that mail is from.
const MAX_NAME: usize = 128;

/// `[mail]`: how mail leaves.
#[derive(Clone)]
#[non_exhaustive]
pub struct Mail {
    /// The SMTP server, for instance `smtp://user:password@mail.example.com:587`; without one, no
    /// mail is sent.
    pub url: Option<String>,
    /// Who mail is from, for instance `Adyton <no-reply@example.com>`.
    pub from: Option<String>,
    /// How long a mail is tried that the server does not take.
    pub give_up_after: Duration,
    /// How long one attempt may take.
    pub timeout: Duration,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            url: None,
            from: None,
            give_up_after: Duration::from_secs(24 * 60 * 60),
            timeout: Duration::from_secs(30),
        }
    }
}

impl Mail {
    pub(super) fn visit(&mut self, v: &mut dyn Visit) {
        let is_server =
            |url: &Option<String>| url.as_deref().is_none_or(|url| server(url).is_some());
        let url = &mut checked(&mut self.url, is_server, URLS);
        let help = "The SMTP server; without one, no mail is sent. TLS is required, by STARTTLS \
                    for `smtp://`, unless the server is on this machine.";
        v.setting("url", &mut Concealed(url), help);
        let is_sender =
            |from: &Option<String>| from.as_deref().is_none_or(|from| sender(from).is_some());
        let expects = "an address such as no-reply@example.com or Adyton <no-reply@example.com>";
        let from = &mut checked(&mut self.from, is_sender, expects);
        let help = "Who mail is from; if none, `app_name` and no-reply at the host of \
                    `public_url`.";
        v.setting("from", from, help);
        let give_up_after = &mut at_least(Duration::from_secs(60), &mut self.give_up_after);
        let help = "How long a mail is tried that the server does not take.";
        v.setting("give_up_after", give_up_after, help);
        let timeout = &mut at_least(Duration::from_millis(1), &mut self.timeout);
        v.setting("timeout", timeout, "How long one attempt may take.");
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.url.as_deref().map(|url| match server(url) {
            Some(server) => server.to_string(),
            None => "…".to_owned(),
        });
        f.debug_struct("Mail")
            .field("url", &shown)
            .field("from", &self.from)
            .field("give_up_after", &self.give_up_after)
            .field("timeout", &self.timeout)
            .finish()
    }
}

impl Config {
    /// Who mail is from; `None` where `mail.from` is no address.
    pub(crate) fn mail_sender(&self) -> Option<Sender> {
        if let Some(from) = &self.mail.from {
            return sender(from);
        }
        let url = self.public_url.as_deref().unwrap_or_default();
        let host = url
            .parse::<Uri>()
            .ok()
            .and_then(|url| url.host().map(str::to_owned));
        let at = |host: &str| email::canonical(&format!("no-reply@{host}")).ok();
        let address = host
            .and_then(|host| at(&host))
            .or_else(|| at("localhost"))
            .expect("no-reply@localhost is an address");
        let name = Some(self.app_name.clone()).filter(|name| is_name(name));
        Some(Sender { name, address })
    }
}

/// How the way to the server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    /// It does not leave this machine.
    Loopback,
    /// TLS is asked for after the greeting, and nothing is said without it.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// A server that takes mail.
pub(crate) struct Server {
    pub host: String,
    pub port: u16,
    pub credentials: Option<(String, Secret<String>)>,
    pub protection: Protection,
}

/// Without the user and the password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.protection {
            Protection::Tls => "smtps",
            _ => "smtp",
        };
        let bracketed = self.host.contains(':').then(|| format!("[{}]", self.host));
        let host = bracketed.as_deref().unwrap_or(&self.host);
        write!(f, "{scheme}://{host}:{}", self.port)
    }
}

/// Reads the address of a server. No address leads to plain text on a network.
pub(crate) fn server(url: &str) -> Option<Server> {
    let uri: Uri = url.trim().parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return None;
    }
    let (user, place) = match authority.as_str().rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, authority.as_str()),
    };
    let host = authority.host().trim_matches(['[', ']']).to_owned();
    let port = place
        .get(authority.host().len()..)?
        .strip_prefix(':')
        .map(str::parse);
    let port: Option<u16> = port.transpose().ok()?;
    if host.is_empty() || port == Some(0) {
        return None;
    }
    let protection = match scheme {
        "smtps" => Protection::Tls,
        "smtp" if is_loopback(&host) => Protection::Loopback,
        "smtp" => Protection::StartTls,
        _ => return None,
    };
    let usual = match protection {
        Protection::Tls => 465,
        Protection::StartTls => 587,
        Protection::Loopback => 25,
    };
    Some(Server {
        credentials: user.map(credentials).transpose().ok()?,
        port: port.unwrap_or(usual),
        host,
        protection,
    })
}

fn credentials(userinfo: &str) -> Result<(String, Secret<String>), ()> {
    let (user, password) = userinfo.split_once(':').ok_or(())?;
    let read = |text: &str| {
        let text = percent_decode_str(text).decode_utf8().map_err(drop)?;
        match text.is_empty() || text.contains(char::is_control) {
            true => Err(()),
            false => Ok(text.into_owned()),
        }
    };
    Ok((read(user)?, Secret::new(read(password)?)))
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Who mail is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sender {
    pub name: Option<String>,
    pub address: String,
}

impl Sender {
    /// What follows the `@`.
    pub(crate) fn domain(&self) -> &str {
        let domain = self.address.rsplit_once('@');
        domain.map_or("localhost", |(_, domain)| domain)
    }
}

/// Reads `no-reply@example.com` or `Adyton <no-reply@example.com>`.
fn sender(text: &str) -> Option<Sender> {
    let text = text.trim();
    let (name, address) = match text.strip_suffix('>') {
        Some(rest) => {
            let (name, address) = rest.rsplit_once('<')?;
            (name.trim().trim_matches('"').trim(), address)
        }
        None => ("", text),
    };
    let address = email::canonical(address).ok()?;
    let name = Some(name.to_owned()).filter(|name| !name.is_empty());
    if !name.as_deref().is_none_or(is_name) {
        return None;
    }
    Some(Sender { name, address })
}

/// One line that is no address of its own.
pub(super) fn is_name(name: &str) -> bool {
    !name.trim().is_empty()
        && name.chars().count() <= MAX_NAME
        && !name.contains(|c: char| c.is_control() || "<>@\"".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load::loaded;

    #[test]
    fn plain_text_is_for_this_machine_alone() {
        for (url, protection, port) in [
            ("smtp://127.0.0.1:1025", Protection::Loopback, 1025),
            ("smtp://localhost", Protection::Loopback, 25),
            ("smtp://[::1]:1025", Protection::Loopback, 1025),
            ("smtp://127.9.9.9:26/", Protection::Loopback, 26),
            ("smtp://mail.example.com", Protection::StartTls, 587),
            ("smtp://mail.example.com:25", Protection::StartTls, 25),
            ("smtp://0.0.0.0:25", Protection::StartTls, 25),
            ("smtp://localhost.example.com:25", Protection::StartTls, 25),
            ("smtp://127.0.0.1.example.com", Protection::StartTls, 587),
            ("smtps://mail.example.com", Protection::Tls, 465),
            ("smtps://127.0.0.1:465", Protection::Tls, 465),
        ] {
            let server = server(url).expect(url);
            assert_eq!(
                (server.protection, server.port),
                (protection, port),
                "{url}"
            );
        }
    }

    #[test]
    fn user_and_password_may_be_percent_encoded() {
        let server = server("smtps://ana%40example.com:p%3Aa%2Fb@mail.example.com").expect("read");
        let (user, password) = server.credentials.as_ref().expect("both");
        assert_eq!(user, "ana@example.com");
        assert_eq!(password.expose(), "p:a/b");
        assert_eq!(server.to_string(), "smtps://mail.example.com:465");
    }

    #[test]
    fn a_wrong_address_is_refused_with_what_to_write_and_not_shown() {
        for url in [
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtp://mail.example.com:port",
            "smtp://mail.example.com:99999",
            "smtp://mail.example.com:0",
            "smtp://hunter2@mail.example.com",
            "smtp://ana:hunter2@mail.example.com/path",
            "smtp://ana:hunter2@mail.example.com?tls=none",
            "smtp://ana:hunter%0a2@mail.example.com",
        ] {
            let problem = loaded("", &[("ADYTON_MAIL_URL", url)]).expect_err(url);
            assert!(problem.contains(URLS), "{problem}");
            assert!(!problem.contains("hunter"), "{problem}");
        }
        let right = "smtp://ana:hunter2@mail.example.com";
        let config = loaded("", &[("ADYTON_MAIL_URL", right)]).expect("right");
        assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
    }

    #[test]
    fn who_mail_is_from_is_one_address_in_one_line() {
        let read = |from: &str| sender(from).map(|from| (from.name, from.address));
        let address = "no-reply@example.com".to_owned();
        let name = Some("Café Ltd".to_owned());
        assert_eq!(read("No-Reply@example.com"), Some((None, address.clone())));
        assert_eq!(
            read("Café Ltd <no-reply@example.com>"),
            Some((name.clone(), address.clone()))
        );
        assert_eq!(
            read("\"Café Ltd\" <no-reply@example.com>"),
            Some((name, address))
        );
        for wrong in [
            "",
            "Adyton",
            "a@b.example, c@d.example",
            "A <a@b.example> <c@d.example>",
            "A\r\nBcc: x@y.example <a@b.example>",
            "a@b.example\nBcc: x@y.example",
        ] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn without_a_sender_it_is_no_reply_at_the_public_address() {
        let sender = |url: Option<&str>| {
            let config = Config {
                public_url: url.map(str::to_owned),
                app_name: "Shop".to_owned(),
                ..Config::default()
            };
            let sender = config.mail_sender().expect("a sender");
            assert_eq!(sender.name.as_deref(), Some("Shop"));
            sender.address
        };
        assert_eq!(
            sender(Some("https://app.example.com:8443/base")),
            "no-reply@app.example.com"
        );
        assert_eq!(sender(Some("http://[::1]:8000")), "no-reply@localhost");
        assert_eq!(sender(None), "no-reply@localhost");
    }
}
