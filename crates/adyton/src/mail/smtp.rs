//! Mail by SMTP: one connection, one recipient and one message at a time.

use std::error::Error as _;
use std::time::Duration;

use async_trait::async_trait;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{Mail, MailError, Mailer};
use crate::config::mail::{Protection, Sender, Server};

/// Replies that speak of our own user and password, not of the mail: whoever mends the setting
/// wants the mail sent then.
const OURS: [u16; 5] = [530, 534, 535, 538, 454];

/// A [`Mailer`] over SMTP.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// A mailer to this server. Nothing is said to the server yet.
    ///
    /// # Errors
    /// A server name that no certificate could bear, or a sender that is no address.
    pub(crate) fn new(server: Server, from: &Sender, timeout: Duration) -> Result<Self, String> {
        let shown = server.to_string();
        let tls = || {
            let parameters = TlsParameters::new(server.host.clone());
            parameters.map_err(|error| format!("{shown}: {error}"))
        };
        let tls = match server.protection {
            Protection::Loopback => Tls::None,
            Protection::StartTls => Tls::Required(tls()?),
            Protection::Tls => Tls::Wrapper(tls()?),
        };
        let address: Address = from.address.parse().map_err(|error| format!("{error}"))?;
        // "Dangerous" is lettre's word for a builder that leaves TLS to the line below.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host)
            .port(server.port)
            .hello_name(ClientId::Domain(from.domain().to_owned()))
            .timeout(Some(timeout))
            .tls(tls);
        if let Some((user, password)) = server.credentials {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        Ok(Self {
            transport: builder.build(),
            from: Mailbox::new(from.name.clone(), address),
        })
    }

    /// The message as it goes over the wire, and its one recipient.
    fn message(&self, mail: &Mail) -> Result<(Envelope, Vec<u8>), MailError> {
        // The address is canonical: no quotes, no line breaks, one `@`. A name or a subject with a
        // line break is encoded by the library, so that no header can be added by one.
        let to: Address = mail
            .to
            .parse()
            .map_err(|_| MailError::Final("the recipient is no address".to_owned()))?;
        let unbuildable = |error: lettre::error::Error| MailError::Final(error.to_string());
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![to.clone()]);
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .message_id(Some(format!("<{}>", mail.message_id)))
            .date(mail.date.into())
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(
                mail.text.clone(),
                mail.html.clone(),
            ))
            .map_err(unbuildable)?;
        Ok((envelope.map_err(unbuildable)?, message.formatted()))
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let (envelope, message) = self.message(mail)?;
        let sent = self.transport.send_raw(&envelope, &message).await;
        sent.map(drop).map_err(|error| refusal(&error))
    }
}

/// Whether it is worth another attempt, and why it failed: the server's code, never its words,
/// which may quote the address or a link.
fn refusal(error: &SmtpError) -> MailError {
    let Some(code) = error.status().map(u16::from) else {
        let mut reason = error.to_string();
        if let Some(cause) = error.source().map(ToString::to_string)
            && !reason.contains(&cause)
        {
            reason = format!("{reason}: {cause}");
        }
        return MailError::Passing(reason);
    };
    if OURS.contains(&code) {
        let reason = format!("the server answered {code}; see user and password in mail.url");
        return MailError::Passing(reason);
    }
    let said = error.source().map(ToString::to_string).unwrap_or_default();
    let enhanced = said.split_whitespace().find(|word| is_enhanced(word));
    let reason = match enhanced {
        Some(enhanced) => format!("the server answered {code} {enhanced}"),
        None => format!("the server answered {code}"),
    };
    match error.is_permanent() {
        true => MailError::Final(reason),
        false => MailError::Passing(reason),
    }
}

/// A code of RFC 3463, such as `5.1.1`.
fn is_enhanced(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let is_number =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::config::mail::server;

    fn smtp(name: &str) -> Smtp {
        let from = Sender {
            name: Some(name.to_owned()),
            address: "no-reply@example.com".to_owned(),
        };
        let server = server("smtp://127.0.0.1:25").expect("an address");
        Smtp::new(server, &from, Duration::from_secs(1)).expect("a mailer")
    }

    fn sent(smtp: &Smtp, mail: &Mail) -> (Envelope, String) {
        let (envelope, message) = smtp.message(mail).expect("a message");
        (envelope, String::from_utf8(message).expect("ASCII"))
    }

    /// The names of a message's headers.
    fn headers(message: &str) -> Vec<&str> {
        let head = message.split("\r\n\r\n").next().expect("a head");
        let lines = head.split("\r\n").filter(|line| !line.starts_with(' '));
        lines
            .map(|line| line.split(':').next().expect("a name"))
            .collect()
    }

    #[test]
    fn a_subject_or_a_name_adds_no_header() {
        let mut mail = Mail::new(
            "ana@example.com",
            "Hi\r\nBcc: x@evil.example\n\nHello",
            "Hello",
        );
        mail.message_id = "1@example.com".to_owned();
        mail.date = DateTime::UNIX_EPOCH;
        let (envelope, message) = sent(&smtp("Café, Söhne: (Ltd)"), &mail);
        let mut names = headers(&message);
        names.sort_unstable();
        assert_eq!(
            names,
            [
                "Auto-Submitted",
                "Content-Type",
                "Date",
                "From",
                "MIME-Version",
                "Message-ID",
                "Subject",
                "To"
            ],
            "{message}"
        );
        assert_eq!(envelope.to().len(), 1);
        assert!(message.contains("Message-ID: <1@example.com>\r\n"));
        assert!(message.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"));
    }

    #[test]
    fn there_is_one_recipient_or_none_at_all() {
        let smtp = smtp("Adyton");
        for to in [
            "ana@example.com, eve@evil.example",
            "ana@example.com\r\nRCPT TO:<eve@evil.example>",
            "Ana <ana@example.com>",
            "ana@example.com>\r\n",
        ] {
            let refused = smtp.message(&Mail::new(to, "Hello", "Hello"));
            assert!(matches!(refused, Err(MailError::Final(_))), "{to:?}");
        }
    }

    #[test]
    fn only_the_codes_of_a_reply_are_told() {
        assert!(is_enhanced("5.1.1") && is_enhanced("4.7.0"));
        for word in ["5.1", "5.1.1.1", "5..1", "a.b.c", "192.0.2.1", "2026.1.1"] {
            assert!(!is_enhanced(word), "{word}");
        }
    }
}
