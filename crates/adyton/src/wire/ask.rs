//! What a dialect is told of the request it answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use http::Method;

use super::Texts;
use crate::validate::{Invalid, Rule};

/// How a request wants to be answered, read from its headers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manners {
    /// Laravel's `wantsJson`: the first type that `Accept` names is JSON.
    pub wants_json: bool,
    /// Laravel's `expectsJson`: that, or a script's request that accepts anything.
    pub expects_json: bool,
    /// The body is JSON.
    pub sends_json: bool,
    /// The body is a form.
    pub sends_form: bool,
    /// `Accept` names HTML: a person's browser is loading a page.
    pub names_html: bool,
}

/// What is being answered: the request's facts that wording depends on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ask {
    /// The route's name, such as `login.store`; `None` for a host's own route.
    pub operation: Option<&'static str>,
    /// The request's method.
    pub method: Method,
    /// The request's path.
    pub path: String,
    /// Development: refusals may say why.
    pub debug: bool,
    /// `wire.json_bodies`: a JSON request never gets an empty answer.
    pub json_bodies: bool,
    /// `wire.home`: where a form post is sent after login.
    pub home: Arc<str>,
    /// `wire.guest_redirect`: a script that is logged in is sent on from a route for guests.
    pub guest_redirect: bool,
    /// `two_factor.message`: a challenge says in words, too, that it is one.
    pub two_factor_message: bool,
    /// `[redirects]`: where forms are sent on, by route name.
    pub redirects: Arc<BTreeMap<String, String>>,
    /// The page that a form came from, if it is one of ours.
    pub back: Option<String>,
    /// The wire's names of fields, where an overlay has its own.
    pub(crate) names: Arc<HashMap<String, String>>,
    pub(crate) manners: Manners,
    pub(crate) texts: Arc<Texts>,
}

impl Ask {
    /// Whether a success is answered in JSON: always, but to a person's browser and to a form
    /// post that does not ask for JSON, which Fortify sends on.
    ///
    /// Deliberately kinder than Laravel: a request that sends JSON and names no `Accept` gets
    /// JSON, not a redirect.
    pub fn json_reply(&self) -> bool {
        let manners = &self.manners;
        manners.wants_json
            || manners.sends_json
            || self.is_api()
            || !(manners.sends_form || manners.names_html)
    }

    /// Whether an error is answered in JSON: always, but to a person's browser.
    pub fn json_error(&self) -> bool {
        let manners = &self.manners;
        manners.expects_json || manners.sends_json || self.is_api() || !manners.names_html
    }

    /// Below `/api/` there are no pages.
    fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// The wire's name of a field.
    pub(crate) fn field<'a>(&'a self, name: &'a str) -> &'a str {
        self.names.get(name).map_or(name, String::as_str)
    }

    /// A sentence in the request's language, by its key; `:name` in it is replaced by each pair.
    pub fn text(&self, key: &str, params: &[(&str, &str)]) -> String {
        self.texts.say(key, params)
    }

    /// The sentence for a broken rule. `name` is the field's name on the wire.
    pub fn broken(&self, name: &str, rule: &Rule) -> String {
        self.texts.broken(name, rule)
    }

    /// All sentences for broken rules by field, in order. `field` gives a field's name on the
    /// wire.
    pub fn broken_by_field<'a>(
        &self,
        invalid: &'a Invalid,
        field: impl Fn(&'a str) -> &'a str,
    ) -> Vec<(&'a str, Vec<String>)> {
        let mut by_field: Vec<(&str, Vec<String>)> = Vec::new();
        for (name, rule) in invalid.problems() {
            let name = field(name);
            let sentence = self.broken(name, rule);
            match by_field.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sentences)) => sentences.push(sentence),
                None => by_field.push((name, vec![sentence])),
            }
        }
        by_field
    }
}
