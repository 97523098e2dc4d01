//! A dialect laid over another: other words, other names, other bodies, where a product has its
//! own.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Response;
use http::StatusCode;
use serde_json::Value as Json;

use super::laravel::{json, message};
use super::{Ask, Dialect, Reply};
use crate::error::Error;
use crate::validate::Invalid;

type ReplyBody = Box<dyn Fn(&Reply, &Ask) -> Option<(StatusCode, Json)> + Send + Sync>;
type ErrorBody = Box<dyn Fn(&Error, &Ask) -> Option<(StatusCode, Json)> + Send + Sync>;

/// A dialect over another one.
///
/// ```
/// use adyton::{Laravel, Overlay};
/// use http::StatusCode;
/// use serde_json::json;
///
/// let spanish = Overlay::new(Laravel)
///     .text("auth.failed", "Las credenciales no coinciden con nuestros registros.")
///     .rename("role", "rol")
///     .on_error(|error, ask| match error {
///         adyton::Error::WrongCredentials => Some((
///             StatusCode::UNAUTHORIZED,
///             json!({ "status": "error", "message": ask.text("auth.failed", &[]) }),
///         )),
///         _ => None,
///     });
/// ```
pub struct Overlay<D> {
    under: D,
    texts: Arc<HashMap<String, String>>,
    names: HashMap<String, String>,
    replies: Vec<(&'static str, ReplyBody)>,
    errors: Vec<ErrorBody>,
}

impl<D: Dialect> Overlay<D> {
    /// Nothing changed yet.
    pub fn new(under: D) -> Self {
        Self {
            under,
            texts: Arc::default(),
            names: HashMap::new(),
            replies: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Other words for a sentence, by its key in the language files.
    #[must_use]
    pub fn text(mut self, key: &str, sentence: &str) -> Self {
        Arc::make_mut(&mut self.texts).insert(key.to_owned(), sentence.to_owned());
        self
    }

    /// Another name on the wire for one of our fields, in what is sent and in what is answered.
    #[must_use]
    pub fn rename(mut self, name: &str, on_the_wire: &str) -> Self {
        self.names.insert(name.to_owned(), on_the_wire.to_owned());
        self
    }

    /// Another body for the replies of one route, by its name; `None` leaves a reply as it is.
    #[must_use]
    pub fn on_reply(
        mut self,
        operation: &'static str,
        body: impl Fn(&Reply, &Ask) -> Option<(StatusCode, Json)> + Send + Sync + 'static,
    ) -> Self {
        self.replies.push((operation, Box::new(body)));
        self
    }

    /// Another body for errors; `None` leaves an error as it is.
    #[must_use]
    pub fn on_error(
        mut self,
        body: impl Fn(&Error, &Ask) -> Option<(StatusCode, Json)> + Send + Sync + 'static,
    ) -> Self {
        self.errors.push(Box::new(body));
        self
    }

    fn overlaid(&self, ask: &Ask) -> Ask {
        let mut ask = ask.clone();
        if !self.names.is_empty() {
            let own = self.names.iter();
            let own = own.map(|(name, wire)| (name.clone(), ask.field(wire).to_owned()));
            let own: Vec<_> = own.collect();
            Arc::make_mut(&mut ask.names).extend(own);
        }
        if !self.texts.is_empty() {
            ask.texts = Arc::new(ask.texts.with(Arc::clone(&self.texts)));
        }
        ask
    }

    /// The reply with the names of the wire in whatever object it shows.
    fn renamed(&self, reply: &Reply) -> Reply {
        let mut reply = reply.clone();
        match &mut reply {
            Reply::Admitted(admitted) => {
                let fields = std::mem::take(&mut admitted.user);
                admitted.user = fields
                    .into_iter()
                    .map(|(name, value)| (self.field(&name).to_owned(), value))
                    .collect();
            }
            Reply::Data(value) | Reply::Created(value, _) => self.rename_object(value),
            Reply::Page(page) => page
                .items
                .iter_mut()
                .for_each(|item| self.rename_object(item)),
            Reply::Empty
            | Reply::Challenged(_)
            | Reply::Landing(_)
            | Reply::Redirect(_)
            | Reply::Message(_)
            | Reply::Accepted(_) => {}
        }
        reply
    }

    fn rename_object(&self, value: &mut Json) {
        if let Json::Object(fields) = value {
            let fields = std::mem::take(fields);
            *value = fields
                .into_iter()
                .map(|(name, value)| (self.field(&name).to_owned(), value))
                .collect();
        }
    }

    /// The error with the names of the wire for its fields.
    fn renamed_error(&self, error: &Error) -> Error {
        match error {
            Error::Invalid(invalid) if !self.names.is_empty() => {
                let mut renamed = Invalid::none();
                for (name, rule) in invalid.problems() {
                    renamed.add(self.field(name), rule.clone());
                }
                Error::Invalid(renamed)
            }
            other => other.clone(),
        }
    }
}

impl<D: Dialect> Dialect for Overlay<D> {
    fn field<'a>(&'a self, name: &'a str) -> &'a str {
        let name = self.under.field(name);
        self.names.get(name).map_or(name, String::as_str)
    }

    fn reply(&self, reply: &Reply, ask: &Ask) -> Response {
        let (reply, ask) = (self.renamed(reply), self.overlaid(ask));
        let own = self
            .replies
            .iter()
            .filter(|(operation, _)| Some(*operation) == ask.operation);
        match own.filter_map(|(_, body)| body(&reply, &ask)).next() {
            Some((status, body)) => json(status, &body),
            None => self.under.reply(&reply, &ask),
        }
    }

    fn error(&self, error: &Error, ask: &Ask) -> Response {
        let (error, ask) = (self.renamed_error(error), self.overlaid(ask));
        match self
            .errors
            .iter()
            .filter_map(|body| body(&error, &ask))
            .next()
        {
            Some((status, body)) => json(status, &body),
            None => self.under.error(&error, &ask),
        }
    }
}

impl Ask {
    /// The sentence that the Laravel dialect says for an error: for overlays that lay it into a
    /// body of their own.
    pub fn message(&self, error: &Error) -> String {
        message(error, self, |name| name)
    }
}
