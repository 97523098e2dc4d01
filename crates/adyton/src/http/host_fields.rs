//! Reading the fields that a host added to its users, by their settings.

use serde_json::Value as Json;

use super::reader::Reader;
use crate::config::{Field, FieldKind};
use crate::user::Fields;

impl Reader<'_> {
    /// A field of somebody who is new.
    pub(crate) fn host_field(&mut self, name: &str, field: &Field, into: &mut Fields) {
        let value = match field.kind {
            FieldKind::Text if field.required => Some(self.text(name, field.max).into()),
            FieldKind::Text => self.optional_text(name, field.max).map(Into::into),
            FieldKind::Integer => self.optional_integer(name).map(Into::into),
            FieldKind::Boolean if field.required && !self.has(name) => None,
            FieldKind::Boolean => Some(self.boolean(name).into()),
        };
        match value {
            Some(value) => drop(into.insert(name.to_owned(), value)),
            None if field.required => self.missing(name),
            None => {}
        }
    }

    /// A field of somebody who has it already: what is not sent stays, and what is sent empty goes.
    pub(crate) fn changed_host_field(&mut self, name: &str, field: &Field, into: &mut Fields) {
        if !self.is_sent(name) {
            return;
        }
        match (self.has(name), field.required) {
            (true, _) => self.host_field(name, field, into),
            (false, true) => self.missing(name),
            (false, false) => drop(into.insert(name.to_owned(), Json::Null)),
        }
    }
}
